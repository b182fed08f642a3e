//! The contract's imports, a file each. Every one goes the same way: limits, the call's own writes, the port, then
//! what the commit must find unchanged (guards) and what it shall write (changes).

mod config;
mod counters;
mod customer;
mod library;
pub(crate) mod log;
mod matters;
mod merchant_codes;
mod merchant_payments;
mod payments;
mod scanner;
mod shared_storage;
mod storage;
mod wakeups;

use crate::calls::CallState;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::ids::BranchId;
use xitai_model::limits::{STORAGE_KEY_BYTES_MAX, STORAGE_VALUE_BYTES_MAX};
use xitai_model::manifest::SharedScope;
use xitai_model::refusal::Refusal;
use xitai_model::services::SharedKey;

/// The longest cursor: a key, or a time and an id.
const CURSOR_BYTES_MAX: usize = 2 * STORAGE_KEY_BYTES_MAX;

/// What a call has asked to be written, interface by interface.
#[derive(Default)]
pub(crate) struct Pending {
    storage: storage::Written,
    shared: shared_storage::Written,
    counters: counters::Deltas,
    wakeups: wakeups::Written,
    payments: payments::Written,
    matters: matters::Written,
}

/// The same as guards and changes of a commit.
pub(crate) struct Collected {
    pub(crate) guards: Vec<Guard>,
    pub(crate) changes: Vec<Change>,
    pub(crate) tickets_made: u32,
    pub(crate) wakeups_delta: i32,
}

impl Pending {
    pub(crate) fn collect(self, scope: &crate::call::Scope) -> Collected {
        let mut collected = Collected { guards: Vec::new(), changes: Vec::new(), tickets_made: 0, wakeups_delta: 0 };
        self.storage.collect(scope, &mut collected);
        self.shared.collect(scope, &mut collected);
        self.counters.collect(scope, &mut collected);
        self.wakeups.collect(scope, &mut collected);
        self.payments.collect(scope, &mut collected);
        self.matters.collect(&mut collected);
        collected
    }
}

/// The branch under which shared values and counters are kept.
fn shared_branch(scope: &crate::call::Scope) -> &BranchId {
    match scope.shared_scope {
        SharedScope::Branch => &scope.branch,
        SharedScope::Bank => &scope.bank,
    }
}

fn shared_key(scope: &crate::call::Scope, name: String) -> SharedKey {
    SharedKey { program: scope.program.clone(), branch: shared_branch(scope).clone(), name }
}

/// A key or name that programs choose: shown in logs and lists, so it is plain text of a bounded length.
fn check_key(key: &str) -> Result<(), Refusal> {
    if key.len() > STORAGE_KEY_BYTES_MAX {
        return Err(Refusal::of(code::LIMIT_STORAGE_KEY, format!("{} bytes", key.len())));
    }
    if key.is_empty() || key.chars().any(char::is_control) {
        return Err(Refusal::of(code::STORAGE_KEY_INVALID, ""));
    }
    Ok(())
}

/// A prefix may be empty.
fn check_prefix(prefix: &str) -> Result<(), Refusal> {
    if prefix.is_empty() { Ok(()) } else { check_key(prefix) }
}

/// A cursor is opaque to programs, so that one that no page gave is refused before a port sees it.
fn check_cursor(after: Option<&str>) -> Result<(), Refusal> {
    match after {
        Some(cursor) if cursor.is_empty() || cursor.len() > CURSOR_BYTES_MAX => {
            Err(Refusal::of(code::STORAGE_CURSOR_INVALID, format!("{} bytes", cursor.len())))
        }
        _ => Ok(()),
    }
}

/// What a program wrote, short enough for a refusal's detail.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Puts the call's own writes into a page that a port gave: without what was removed, with what is new. A cursor is
/// the last key of its page, so that what is new after it belongs to a later page.
fn overlay_keys<'a>(
    page: (Vec<String>, Option<String>),
    prefix: &str,
    after: Option<&str>,
    written: impl Iterator<Item = (&'a String, bool)>,
) -> (Vec<String>, Option<String>) {
    let (mut keys, cursor) = page;
    for (key, exists) in written {
        let in_page = key.starts_with(prefix)
            && after.is_none_or(|after| key.as_str() > after)
            && cursor.as_deref().is_none_or(|last| key.as_str() <= last);
        match keys.binary_search(key) {
            Ok(at) if !exists => {
                keys.remove(at);
            }
            Err(at) if exists && in_page => keys.insert(at, key.clone()),
            Ok(_) | Err(_) => {}
        }
    }
    (keys, cursor)
}

/// A page of keys with values, which ends where it would weigh more than a host call should bring over.
struct EntriesPage<T> {
    entries: Vec<(String, T)>,
    bytes: usize,
    cursor: Option<String>,
}

impl<T> EntriesPage<T> {
    /// `cursor` is the one after all keys of the page.
    fn new(cursor: Option<String>) -> Self {
        Self { entries: Vec::new(), bytes: 0, cursor }
    }
    /// Whether it fits. What does not is on the next page; the first always fits.
    fn takes(&mut self, key: String, value: T, bytes: usize) -> bool {
        if !self.entries.is_empty() && self.bytes + bytes > STORAGE_VALUE_BYTES_MAX {
            self.cursor = self.entries.last().map(|(key, _)| key.clone());
            return false;
        }
        self.bytes += bytes;
        self.entries.push((key, value));
        true
    }
    fn done(self) -> crate::ports::Page<(String, T)> {
        (self.entries, self.cursor)
    }
}

/// Types without functions of their own.
impl crate::bindings::xitai::types::values::Host for CallState {}
impl crate::bindings::xitai::program::screen::Host for CallState {}

#[cfg(test)]
mod tests {
    use super::overlay_keys;

    #[test]
    fn a_page_shows_the_calls_own_writes() {
        let page = (vec!["a".to_owned(), "c".to_owned(), "e".to_owned()], Some("e".to_owned()));
        let written = [("b".to_owned(), true), ("c".to_owned(), false), ("f".to_owned(), true), ("e".to_owned(), true)];
        let (keys, cursor) = overlay_keys(page, "", None, written.iter().map(|(key, exists)| (key, *exists)));
        assert_eq!(keys, ["a", "b", "e"]);
        assert_eq!(cursor.as_deref(), Some("e"));
    }

    #[test]
    fn a_later_page_leaves_out_what_came_before() {
        let page = (vec!["d".to_owned()], None);
        let written = [("b".to_owned(), true), ("x".to_owned(), true)];
        let (keys, _) = overlay_keys(page, "", Some("c"), written.iter().map(|(key, exists)| (key, *exists)));
        assert_eq!(keys, ["d", "x"]);
    }
}
