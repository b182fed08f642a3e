//! Shared numbers, such as stock. Deltas are applied at the commit, so that a rush on one never makes anybody wait.

use crate::host::counters as host;
use crate::{Refusal, RefusalKind};

/// What the counter is now; 0 where it was never moved.
pub fn read(name: &str) -> Result<i64, Refusal> {
    host::read(name)
}
/// Moves the counter by `delta`, at the commit.
pub fn add(name: &str, delta: i64) -> Result<(), Refusal> {
    host::add(name, delta, i64::MIN, i64::MAX)
}
/// Takes `count` if so many are left, and says whether it did.
///
/// If others take the last ones between this call and its commit, the host runs the call again and it sees `false`.
pub fn take(name: &str, count: u32) -> Result<bool, Refusal> {
    match host::add(name, -i64::from(count), 0, i64::MAX) {
        Ok(()) => Ok(true),
        Err(refusal) if matches!(refusal.kind, RefusalKind::Conflict) => Ok(false),
        Err(refusal) => Err(refusal),
    }
}
/// Gives `count` back.
pub fn give_back(name: &str, count: u32) -> Result<(), Refusal> {
    add(name, i64::from(count))
}
/// Moves the counter within bounds, refused where it would leave them.
pub fn add_within(name: &str, delta: i64, at_least: i64, at_most: i64) -> Result<(), Refusal> {
    host::add(name, delta, at_least, at_most)
}
/// A number that no other call gets: 1 first. Gaps stay where a call failed after drawing one. The series is apart
/// from the counter of the same name: [`last`] tells how far it is, [`read`] does not.
pub fn next(name: &str) -> Result<u64, Refusal> {
    host::next(name)
}
/// The newest number that [`next`] gave to anyone; 0 before the first.
pub fn last(name: &str) -> Result<u64, Refusal> {
    host::last(name)
}
