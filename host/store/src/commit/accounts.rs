//! Accounts as the writer's last batch left them.
//!
//! Whether they still are so, the head says: whoever else commits moves the chain of audit records on. So a host that
//! is alone reads each account once, and hosts that take turns read them again.

use super::needs::Needs;
use super::overlay::{AccountNow, Overlay};
use crate::head::Head;
use lru::LruCache;
use std::num::NonZeroUsize;
use xitai_model::ledger::AccountKey;

/// An account takes about 150 bytes.
const HELD_MAX: NonZeroUsize = NonZeroUsize::new(200_000).expect("not zero");

pub(crate) struct HeldAccounts {
    as_of: Option<Head>,
    held: LruCache<AccountKey, AccountNow>,
}

impl HeldAccounts {
    pub(crate) fn new() -> Self {
        Self { as_of: None, held: LruCache::new(HELD_MAX) }
    }

    /// Gives what is held and still so, and takes it from what must be read.
    pub(crate) fn give(&mut self, head: &Head, needs: &mut Needs) -> Vec<(AccountKey, AccountNow)> {
        if self.as_of.as_ref() != Some(head) {
            self.forget();
            return Vec::new();
        }
        let held = &mut self.held;
        let known = needs.accounts.iter().filter_map(|key| held.get(key).map(|now| (key.clone(), *now)));
        let known: Vec<_> = known.collect();
        for (key, _) in &known {
            needs.accounts.remove(key);
        }
        known
    }

    /// The batch is through.
    pub(crate) fn take(&mut self, head: &Head, overlay: &Overlay) {
        self.as_of = Some(head.clone());
        for (key, now) in overlay.accounts.rows() {
            self.held.put(key.clone(), *now);
        }
    }

    pub(crate) fn forget(&mut self) {
        self.as_of = None;
        self.held.clear();
    }
}
