//! The only file that reads the clock and the random source. Everything else is given a time and random bytes, so that
//! a call can be run again and comes out the same.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The host's clock and random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock;

impl Clock {
    /// Milliseconds since the Unix epoch. A clock set before it reads as 0.
    pub fn now_ms(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
    }

    /// For durations only: never goes backwards, says nothing about the date.
    pub fn monotonic(&self) -> Instant {
        Instant::now()
    }

    /// Random bytes from the operating system.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).expect("the operating system's random source is always there");
        bytes
    }
}

/// How far an IANA zone is ahead of UTC at an instant; 0 for a zone that nobody knows.
pub fn utc_offset_minutes(zone: &str, at_ms: i64) -> i32 {
    let (Ok(zone), Ok(at)) = (jiff::tz::TimeZone::get(zone), jiff::Timestamp::from_millisecond(at_ms)) else {
        return 0;
    };
    zone.to_offset(at).seconds() / 60
}
