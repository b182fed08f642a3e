//! Time zones by their IANA names, from the register that the binary carries.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{LazyLock, Mutex, PoisonError};
use xitai_model::day::Day;

/// A time zone. Cheap to copy: the register has some hundred, and each is loaded at most once.
#[derive(Clone, Copy)]
pub struct Zone {
    name: &'static str,
    rules: &'static TimeZone,
}

/// There is no zone of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone(String);

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no time zone of the IANA register, such as Asia/Shanghai", self.0)
    }
}
impl std::error::Error for UnknownZone {}

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        static REGISTER: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
        static LOADED: Mutex<BTreeMap<&'static str, &'static TimeZone>> = Mutex::new(BTreeMap::new());
        let unknown = || UnknownZone(name.chars().take(64).collect());
        let rules = REGISTER.get(name).map_err(|_| unknown())?;
        // By the register's own spelling, so that nobody's capitals make another one.
        let name = rules.iana_name().ok_or_else(unknown)?.to_owned();
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let held = loaded.get_key_value(name.as_str()).map(|(name, rules)| (*name, *rules));
        let (name, rules) = held.unwrap_or_else(|| (name.leak(), Box::leak(Box::new(rules))));
        loaded.insert(name, rules);
        Ok(Self { name, rules })
    }
}

impl Zone {
    pub fn utc() -> Self {
        static UTC: TimeZone = TimeZone::UTC;
        Self { name: "UTC", rules: &UTC }
    }
    pub fn name(self) -> &'static str {
        self.name
    }
    /// The instant at which its clocks show `wall`; the earlier of two where they are set back.
    pub fn instant_ms(self, wall: jiff::civil::DateTime) -> Option<i64> {
        self.rules.to_timestamp(wall).ok().map(|at| at.as_millisecond())
    }
    /// What its clocks show at an instant. At one that is out of all calendars it is their beginning.
    pub fn civil(self, at_ms: i64) -> jiff::civil::DateTime {
        Timestamp::from_millisecond(at_ms).map_or(jiff::civil::DateTime::MIN, |at| self.rules.to_datetime(at))
    }
    /// Which day its calendars show at an instant.
    pub fn day(self, at_ms: i64) -> Day {
        Day::of(at_ms, self.ahead_s(at_ms))
    }
    /// How far its clocks are ahead of UTC at an instant. At one that is out of all calendars it is 0.
    pub fn ahead_s(self, at_ms: i64) -> i64 {
        Timestamp::from_millisecond(at_ms).map_or(0, |at| i64::from(self.rules.to_offset(at).seconds()))
    }
}

/// How far a zone is ahead of UTC at an instant, for programs; 0 for one that nobody knows.
pub fn ahead_minutes(name: &str, at_ms: i64) -> i32 {
    name.parse::<Zone>().map_or(0, |zone| (zone.ahead_s(at_ms) / 60) as i32)
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_knows_its_summers() {
        let (winter, summer) = (1_767_225_600_000, 1_782_864_000_000);
        for (name, in_winter, in_summer) in [
            ("Asia/Shanghai", 480, 480),
            ("asia/shanghai", 480, 480),
            ("UTC", 0, 0),
            ("Europe/Berlin", 60, 120),
            ("Asia/Tehran", 210, 210),
            ("America/New_York", -300, -240),
        ] {
            let zone: Zone = name.parse().unwrap();
            assert_eq!((zone.ahead_s(winter), zone.ahead_s(summer)), (60 * in_winter, 60 * in_summer), "{name}");
        }
        assert_eq!("asia/shanghai".parse::<Zone>().unwrap().name(), "Asia/Shanghai");
        assert_eq!("UTC".parse::<Zone>().unwrap().ahead_s(i64::MAX), 0);
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for name in ["", "Mars/Olympus", "../etc/passwd", "CST+8", "+08:00", &"x".repeat(100_000)] {
            assert!(name.parse::<Zone>().is_err(), "{name:.20}");
        }
    }
}
