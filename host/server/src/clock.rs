//! The only file that reads the clock and the random source. Everything else is given a time and random bytes, so that
//! a call can be run again and comes out the same.

use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A host's clock and random source.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// This machine's own.
    #[default]
    Machine,
    /// Moved by hand, and the same bytes for the same seed: for a bank on which a scene is played.
    Held(Arc<Held>),
}

impl Clock {
    /// Milliseconds since the Unix epoch. A clock set before it reads as 0.
    pub fn now_ms(&self) -> i64 {
        match self {
            Clock::Machine => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
            Clock::Held(held) => held.now_ms(),
        }
    }

    /// For durations only: never goes backwards, says nothing about the date.
    pub fn monotonic(&self) -> Instant {
        Instant::now()
    }

    /// Random bytes from the operating system.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Clock::Machine => {
                getrandom::fill(&mut bytes).expect("the operating system's random source is always there")
            }
            Clock::Held(held) => held.fill(&mut bytes),
        }
        bytes
    }

    pub fn is_held(&self) -> bool {
        matches!(self, Clock::Held(_))
    }
}

/// A clock that stands until it is moved, and bytes that follow from a seed.
#[derive(Debug)]
pub struct Held(Mutex<Standing>);

#[derive(Debug)]
struct Standing {
    now_ms: i64,
    seed: u64,
    chapter: u64,
    drawn: u64,
}

impl Held {
    pub fn new(now_ms: i64, seed: u64) -> Self {
        Self(Mutex::new(Standing { now_ms, seed, chapter: 0, drawn: 0 }))
    }

    pub fn now_ms(&self) -> i64 {
        self.standing().now_ms
    }

    /// It never goes back.
    pub fn move_to(&self, now_ms: i64) {
        let mut standing = self.standing();
        standing.now_ms = standing.now_ms.max(now_ms);
    }

    /// What is drawn from here on depends on the seed and this number alone, however much was drawn before: work in the
    /// background of one chapter does not change the next.
    pub fn begin(&self, chapter: u64) {
        let mut standing = self.standing();
        (standing.chapter, standing.drawn) = (chapter, 0);
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        let mut standing = self.standing();
        for block in bytes.chunks_mut(32) {
            let mut hasher = Sha256::new();
            for number in [standing.seed, standing.chapter, standing.drawn] {
                hasher.update(number.to_be_bytes());
            }
            standing.drawn += 1;
            block.copy_from_slice(&hasher.finalize()[..block.len()]);
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_clock_stands_and_never_goes_back() {
        let held = Arc::new(Held::new(1_000, 7));
        let clock = Clock::Held(held.clone());
        assert_eq!(clock.now_ms(), 1_000);
        held.move_to(2_000);
        held.move_to(1_500);
        assert_eq!(clock.now_ms(), 2_000);
    }

    #[test]
    fn what_a_chapter_draws_does_not_depend_on_the_one_before() {
        let draw = |before: usize, seed: u64| {
            let held = Held::new(0, seed);
            held.fill(&mut vec![0; before]);
            held.begin(3);
            let mut bytes = [0; 40];
            held.fill(&mut bytes);
            bytes
        };
        assert_eq!(draw(0, 7), draw(500, 7));
        assert_ne!(draw(0, 7), draw(0, 8));
        let first = draw(0, 7);
        assert_ne!(first[..8], first[32..]);
    }
}
