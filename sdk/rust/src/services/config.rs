//! Values that each branch sets for itself; the manifest declares them with their defaults.

use crate::host::config as host;

/// The value of `name`: the branch's own, else the manifest's default. Empty where neither says anything.
pub fn text(name: &str) -> String {
    host::get(name).unwrap_or_default()
}
/// The value of `name` as a whole number.
pub fn number(name: &str) -> Option<i64> {
    host::get(name)?.trim().parse().ok()
}
