//! The contract's imports, a file each. Every one goes the same way: limits, the call's own writes, the port, then
//! what the commit must find unchanged (guards) and what it shall write (changes).

mod agreements;
mod attachments;
mod authoring;
mod books;
mod claims;
mod config;
mod counters;
mod coupons;
mod customer;
mod feedback;
mod library;
mod locator;
pub(crate) mod log;
mod mandates;
mod matters;
mod merchant_codes;
mod merchant_payments;
mod notices;
mod partner;
mod payments;
mod payouts;
mod presence;
mod printer;
mod programs;
mod proofs;
mod red_envelopes;
mod relationship;
mod scanner;
mod secure_fields;
mod shared_storage;
mod sharing;
mod storage;
mod wakeups;

use crate::calls::CallState;
use crate::ports::Page;
use std::collections::BTreeMap;
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
    books: books::Books,
    matters: matters::Written,
    authoring: authoring::Written,
    read_under: claims::ReadUnder,
    tallies: feedback::Tallies,
    notices: notices::Counted,
}

/// The same as guards and changes of a commit.
pub(crate) struct Collected {
    pub(crate) guards: Vec<Guard>,
    pub(crate) changes: Vec<Change>,
    pub(crate) tickets_made: u32,
    pub(crate) partner_calls_made: u32,
    pub(crate) wakeups_delta: i32,
}

impl Pending {
    /// What is written also where the call came to nothing: that it has read something.
    pub(crate) fn collect_read(self) -> Vec<Change> {
        self.matters.into_reads().map(|matter| Change::Matter(Box::new(matter))).collect()
    }

    pub(crate) fn collect(self, scope: &crate::call::Scope) -> Collected {
        let mut collected = Collected {
            guards: Vec::new(),
            changes: Vec::new(),
            tickets_made: 0,
            partner_calls_made: 0,
            wakeups_delta: 0,
        };
        self.storage.collect(scope, &mut collected);
        self.shared.collect(scope, &mut collected);
        self.counters.collect(scope, &mut collected);
        self.wakeups.collect(scope, &mut collected);
        self.books.collect(&mut collected);
        self.payments.collect(scope, &mut collected);
        self.matters.collect(&mut collected);
        self.authoring.collect(&mut collected);
        self.read_under.collect(&mut collected);
        self.tallies.collect(&mut collected);
        self.notices.collect(&mut collected);
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

/// The same for keys with their values. What would weigh more than a host call should bring over is on the next page;
/// one entry always fits.
fn overlay_entries<T>(
    page: Page<(String, T)>,
    prefix: &str,
    after: Option<&str>,
    written: impl Iterator<Item = (String, Option<T>)>,
    weight: impl Fn(&T) -> usize,
) -> Page<(String, T)> {
    let (entries, mut cursor) = page;
    let mut entries: BTreeMap<String, T> = entries.into_iter().collect();
    for (key, value) in written {
        let in_page = key.starts_with(prefix)
            && after.is_none_or(|after| key.as_str() > after)
            && cursor.as_deref().is_none_or(|last| key.as_str() <= last);
        match value {
            Some(value) if in_page => drop(entries.insert(key, value)),
            Some(_) => {}
            None => drop(entries.remove(&key)),
        }
    }
    let (mut fitting, mut bytes) = (Vec::new(), 0);
    for (key, value) in entries {
        bytes += weight(&value);
        if !fitting.is_empty() && bytes > STORAGE_VALUE_BYTES_MAX {
            cursor = fitting.last().map(|(key, _): &(String, T)| key.clone());
            break;
        }
        fitting.push((key, value));
    }
    (fitting, cursor)
}

/// Types without functions of their own.
impl crate::bindings::xitai::types::values::Host for CallState {}
impl crate::bindings::xitai::program::screen::Host for CallState {}

#[cfg(test)]
mod tests {
    use super::{STORAGE_VALUE_BYTES_MAX, overlay_entries, overlay_keys};

    fn entries(
        page: &[(&str, usize)],
        cursor: Option<&str>,
        written: &[(&str, Option<usize>)],
    ) -> (Vec<(String, usize)>, Option<String>) {
        let page = page.iter().map(|(key, bytes)| ((*key).to_owned(), *bytes)).collect();
        let written = written.iter().map(|(key, bytes)| ((*key).to_owned(), *bytes));
        overlay_entries((page, cursor.map(str::to_owned)), "", None, written, |bytes| *bytes)
    }

    #[test]
    fn a_page_of_entries_shows_the_calls_own_writes() {
        let page = [("a", 1), ("c", 3), ("e", 5)];
        let written = [("b", Some(20)), ("c", None), ("e", Some(50)), ("f", Some(60))];
        let (found, cursor) = entries(&page, Some("e"), &written);
        let names: Vec<(&str, usize)> = found.iter().map(|(key, bytes)| (key.as_str(), *bytes)).collect();
        assert_eq!((names.as_slice(), cursor.as_deref()), ([("a", 1), ("b", 20), ("e", 50)].as_slice(), Some("e")));
    }

    #[test]
    fn a_page_of_entries_ends_where_it_grows_too_heavy() {
        let (found, cursor) = entries(&[("a", STORAGE_VALUE_BYTES_MAX), ("b", 1)], None, &[]);
        assert_eq!((found.len(), cursor.as_deref()), (1, Some("a")));
        let (found, cursor) = entries(&[("b", 1)], None, &[("a", Some(STORAGE_VALUE_BYTES_MAX + 1))]);
        assert_eq!((found.len(), cursor.as_deref()), (1, Some("a")), "one always fits");
    }

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
