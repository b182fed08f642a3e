//! The calendar: days, and the periods that they lie in. A day begins at midnight of somebody's clocks, the bank's or a
//! customer's; how far those are ahead of UTC is an argument, since nothing here knows a zone.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::fmt;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// Reads `2026-11-27`: a day that the calendar has, written as it is written here.
    pub fn parse(text: &str) -> Option<Self> {
        let day = text.parse::<Date>().ok().filter(|date| date.year() >= 1).map(Self)?;
        (day.to_string() == text).then_some(day)
    }
    /// The day of an instant on clocks that are so far ahead of UTC. What is out of all calendars is their first day or
    /// their last.
    pub fn of(at_ms: i64, ahead_s: i64) -> Self {
        let wall = SignedDuration::from_millis(at_ms).saturating_add(SignedDuration::from_secs(ahead_s));
        Self(EPOCH.saturating_add(wall).date())
    }
    /// When it begins, on clocks that are so far ahead of UTC then.
    pub fn begins_ms(self, ahead_s: i64) -> i64 {
        let wall = EPOCH.duration_until(self.date().to_datetime(jiff::civil::Time::midnight()));
        (wall.as_secs() - ahead_s) * 1_000
    }
    pub fn date(self) -> Date {
        self.0
    }
    pub fn next(self) -> Self {
        self.0.tomorrow().map_or(self, Self)
    }
    pub fn before(self) -> Self {
        self.0.yesterday().map_or(self, Self)
    }
    /// How many days it is after another one.
    pub fn days_since(self, other: Self) -> i64 {
        self.0.duration_since(other.0).as_hours() / 24
    }
    /// The birthday on which somebody born on this day reaches an age. Whoever was born on 29 February has it on 1 March
    /// where there is no such day: nobody is a day older than they are.
    pub fn birthday(self, age: u16) -> Self {
        let year = i16::try_from(i32::from(self.0.year()) + i32::from(age)).unwrap_or(i16::MAX);
        let date = Date::new(year, self.0.month(), self.0.day()).or_else(|_| Date::new(year, 3, 1));
        Self(date.unwrap_or(Date::MAX))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl TryFrom<String> for Day {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a day of the calendar, such as 2026-11-27")
    }
}
impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

/// What a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    Day,
    /// From Monday on, as ISO 8601 counts them.
    Week,
    Month,
    Year,
}

impl Period {
    pub const ALL: [Period; 4] = [Period::Day, Period::Week, Period::Month, Period::Year];

    /// The name of the period that a day falls in: `2026-11-27`, `2026-W48`, `2026-11` or `2026`. Names are a part of
    /// accounts' names, so they never change.
    pub fn name(self, day: Day) -> String {
        let date = day.date();
        match self {
            Period::Day => day.to_string(),
            Period::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Period::Month => format!("{:04}-{:02}", date.year(), date.month()),
            Period::Year => format!("{:04}", date.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY_MS: i64 = 24 * 3_600_000;
    const SHANGHAI_S: i64 = 8 * 3_600;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap_or_else(|| panic!("{text} is a day"))
    }

    #[test]
    fn days_are_of_the_calendar() {
        for text in ["2000-02-29", "2024-02-29", "1999-12-31", "0001-01-01", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in [
            "1900-02-29",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "2024-1-01",
            "2024-1-1",
            "24-01-01",
            "0000-01-01",
            "-000001-01-01",
            "20240101",
            "2024-01-01T00:00",
            "2024-01-01 ",
            "",
            "2024-01-+1",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert!(serde_json::from_str::<Day>("\"2026-02-30\"").is_err());
    }

    #[test]
    fn an_instant_is_another_day_elsewhere() {
        assert_eq!(Day::of(0, 0), day("1970-01-01"));
        assert_eq!(Day::of(-1, 0), day("1969-12-31"));
        // 2024-02-28T16:00Z is midnight of the 29th in Suzhou.
        let midnight = 1_709_136_000_000;
        assert_eq!(Day::of(midnight, SHANGHAI_S), day("2024-02-29"));
        assert_eq!(Day::of(midnight - 1, SHANGHAI_S), day("2024-02-28"));
        assert!(Day::of(i64::MIN, 0) < day("0001-01-01") && Day::of(i64::MAX, i64::MAX) == day("9999-12-31"));
        assert_eq!(day("9999-12-31").next(), day("9999-12-31"), "nothing is after the calendar");
    }

    #[test]
    fn a_day_ends_at_its_clocks_midnight() {
        // 2026-11-27 23:59:59.999 in Shanghai.
        let last_ms = 1_795_795_199_999;
        assert_eq!(Day::of(last_ms, SHANGHAI_S), day("2026-11-27"));
        assert_eq!(Day::of(last_ms + 1, SHANGHAI_S), day("2026-11-28"));
        assert_eq!(Day::of(last_ms + 1, 0), day("2026-11-27"), "in UTC it is still the day before");
        assert_eq!(day("2026-11-28").begins_ms(SHANGHAI_S), last_ms + 1);
        assert_eq!(Day::of(16 * 3_600_000 - 1, SHANGHAI_S).next().begins_ms(SHANGHAI_S), 16 * 3_600_000);
        assert_eq!(day("2026-12-01").days_since(day("2026-11-27")), 4);
    }

    #[test]
    fn periods_have_the_names_of_the_calendar() {
        let cases = [
            ("2026-11-27", "2026-W48", "2026-11", "2026"),
            ("2026-01-01", "2026-W01", "2026-01", "2026"),
            ("2027-01-01", "2026-W53", "2027-01", "2027"),
            ("2024-12-30", "2025-W01", "2024-12", "2024"),
            ("2024-02-29", "2024-W09", "2024-02", "2024"),
        ];
        for (text, week, month, year) in cases {
            let names = Period::ALL.map(|period| period.name(day(text)));
            assert_eq!(names, [text, week, month, year].map(str::to_owned));
        }
    }

    #[test]
    fn a_leap_days_child_is_not_older_than_they_are() {
        let born = day("2004-02-29");
        assert_eq!(born.birthday(18), day("2022-03-01"));
        assert_eq!(born.birthday(20), day("2024-02-29"));
        assert_eq!(day("2004-12-31").birthday(18), day("2022-12-31"));
        assert_eq!(day("1896-02-29").birthday(4), day("1900-03-01"), "1900 was no leap year");
        assert_eq!(day("9999-01-01").birthday(1), day("9999-12-31"));
    }

    proptest! {
        #[test]
        fn every_day_follows_the_one_before(days in -700_000_i64..2_900_000) {
            let (one, next) = (Day::of(days * DAY_MS, 0), Day::of((days + 1) * DAY_MS, 0));
            prop_assert_eq!((one.next(), next.before(), next.days_since(one)), (next, one, 1));
            prop_assert!(one < next);
        }
        #[test]
        fn a_day_is_read_as_it_is_written(at_ms in 50_400_000..253_402_300_000_000_i64 - 50_400_000, ahead_s in -50_400..50_400_i64) {
            let day = Day::of(at_ms, ahead_s);
            prop_assert_eq!(Day::parse(&day.to_string()), Some(day));
            prop_assert!(day.begins_ms(ahead_s) <= at_ms && at_ms < day.next().begins_ms(ahead_s));
        }
    }
}
