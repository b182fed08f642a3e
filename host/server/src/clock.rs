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
