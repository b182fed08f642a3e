//! Being called later: the session gets [`crate::Event::Woken`], with or without the customer.

use crate::Refusal;
use crate::host::wakeups as host;

/// Asks to be woken in `ms` milliseconds, under `key`. The same key again moves the wake-up.
pub fn after_ms(ms: u64, key: &str) -> Result<(), Refusal> {
    host::after(ms, key)
}
/// Takes the wake-up under `key` back.
pub fn cancel(key: &str) {
    host::cancel(key);
}
