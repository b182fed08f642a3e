//! `shared-storage`: values of the program in one branch, changed by compare-and-swap.

use super::{Collected, EntriesPage, check_cursor, check_key, check_prefix, overlay_keys, shared_key};
use crate::bindings::xitai::services::shared_storage as wit;
use crate::bindings::xitai::types::values;
use crate::call::Scope;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::Page;
use serde::Serialize;
use std::collections::BTreeMap;
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::limits::STORAGE_VALUE_BYTES_MAX;
use xitai_model::refusal::Refusal;
use xitai_model::services::Versioned;

/// Values swapped in this call. Several swaps of one key are one write, so they count as one version.
#[derive(Default)]
pub(crate) struct Written {
    values: BTreeMap<String, Swapped>,
}

struct Swapped {
    /// The version that the commit must find.
    from_version: u64,
    value: Bytes,
}

impl Swapped {
    fn version(&self) -> u64 {
        self.from_version + 1
    }
}

impl Written {
    pub(super) fn collect(self, scope: &Scope, collected: &mut Collected) {
        for (name, swapped) in self.values {
            let key = shared_key(scope, name);
            collected.guards.push(Guard::SharedAt { key: key.clone(), version: swapped.from_version });
            collected.changes.push(Change::SharedSet { key, value: swapped.value.0 });
        }
    }
}

#[derive(Serialize)]
struct Remove {
    key: String,
    expected: u64,
}
#[derive(Serialize)]
struct Get {
    key: String,
}
#[derive(Serialize)]
struct Swap {
    key: String,
    expected: Option<u64>,
    value: Bytes,
}
#[derive(Serialize)]
struct Keys {
    prefix: String,
    after: Option<String>,
}

impl CallState {
    fn shared_get(&mut self, reads: &Reads<'_>, key: String) -> Result<Option<Versioned>, Halt> {
        check_key(&key)?;
        if let Some(own) = self.pending.shared.values.get(&key) {
            return Ok(Some(Versioned { value: own.value.clone(), version: own.version() }));
        }
        Ok(reads.ports.shared(&shared_key(&self.scope, key), reads.within)?)
    }

    fn shared_swap(&mut self, reads: &Reads<'_>, swap: Swap) -> Result<(), Halt> {
        check_key(&swap.key)?;
        if swap.value.0.len() > STORAGE_VALUE_BYTES_MAX {
            return Err(Refusal::of(code::LIMIT_STORAGE_VALUE, format!("{} bytes", swap.value.0.len())).into());
        }
        let own = self.pending.shared.values.get(&swap.key);
        let (from_version, standing) = match own {
            Some(own) => (own.from_version, Some(own.version())),
            None => {
                let key = shared_key(&self.scope, swap.key.clone());
                let version = reads.ports.shared(&key, reads.within)?.map(|found| found.version);
                (version.unwrap_or(0), version)
            }
        };
        if swap.expected != standing {
            let version = standing.map_or_else(|| "no value".to_owned(), |version| format!("version {version}"));
            return Err(Refusal::of(code::STORAGE_CONFLICT, format!("{} has {version}", swap.key)).into());
        }
        self.pending.shared.values.insert(swap.key, Swapped { from_version, value: swap.value });
        Ok(())
    }

    fn shared_keys(&mut self, reads: &Reads<'_>, ask: &Keys) -> Result<(Vec<String>, Option<String>), Halt> {
        check_prefix(&ask.prefix)?;
        let after = ask.after.as_deref();
        check_cursor(after)?;
        let page = reads.ports.shared_keys(&shared_key(&self.scope, ask.prefix.clone()), after, reads.within)?;
        let written = self.pending.shared.values.keys().map(|key| (key, true));
        Ok(overlay_keys(page, &ask.prefix, after, written))
    }

    /// Keys with their values: as many as one host call may bring over.
    fn shared_entries(&mut self, reads: &Reads<'_>, ask: &Keys) -> Result<Page<(String, Versioned)>, Halt> {
        let (keys, cursor) = self.shared_keys(reads, ask)?;
        let mut page = EntriesPage::new(cursor);
        for key in keys {
            let Some(found) = self.shared_get(reads, key.clone())? else { continue };
            let bytes = found.value.0.len();
            if !page.takes(key, found, bytes) {
                break;
            }
        }
        Ok(page.done())
    }
}

impl wit::Host for CallState {
    fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<wit::Versioned>, values::Refusal>> {
        let answer =
            self.answer("shared-storage.get", Get { key }, |state, reads, ask| state.shared_get(reads, ask.key))?;
        let versioned = |it: Versioned| wit::Versioned { value: it.value.0, version: it.version };
        Ok(answer.map(|value| value.map(versioned)).map_err(Into::into))
    }

    fn swap(
        &mut self,
        key: String,
        expected: Option<u64>,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), values::Refusal>> {
        let swap = Swap { key, expected, value: value.into() };
        Ok(self.answer("shared-storage.swap", swap, Self::shared_swap)?.map_err(Into::into))
    }

    fn keys(
        &mut self,
        prefix: String,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<String>, Option<String>), values::Refusal>> {
        let ask = Keys { prefix, after };
        let answer = self.answer("shared-storage.keys", ask, |state, reads, ask| state.shared_keys(reads, &ask))?;
        Ok(answer.map_err(Into::into))
    }

    fn entries(
        &mut self,
        prefix: String,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<(String, wit::Versioned)>, Option<String>), values::Refusal>> {
        let ask = Keys { prefix, after };
        let answer =
            self.answer("shared-storage.entries", ask, |state, reads, ask| state.shared_entries(reads, &ask))?;
        let versioned =
            |(key, it): (String, Versioned)| (key, wit::Versioned { value: it.value.0, version: it.version });
        let plain = |(page, cursor): Page<(String, Versioned)>| (page.into_iter().map(versioned).collect(), cursor);
        Ok(answer.map(plain).map_err(Into::into))
    }

    fn remove(&mut self, key: String, expected: u64) -> wasmtime::Result<Result<(), values::Refusal>> {
        let answer = self.answer("shared-storage.remove", Remove { key, expected }, |_, _, ask| {
            Err::<(), Halt>(Refusal::of(code::STORAGE_CONFLICT, format!("{} can't be removed yet", ask.key)).into())
        })?;
        Ok(answer.map_err(Into::into))
    }
}
