//! Waiting for something that another process does.

use std::time::{Duration, Instant};

/// Asks until there is an answer. Panics with `what` when none came in time: the limit is generous, since a test
/// must not measure the machine.
pub fn eventually<T>(what: &str, within: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + within;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what}: not within {within:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
