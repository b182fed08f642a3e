//! `shared-storage`: values of the program in one branch, changed by compare-and-swap.

use super::{Collected, check_cursor, check_key, check_prefix, overlay_entries, overlay_keys, shared_key};
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

/// Values written in this call. Several writes of one key are one, so they count as one version.
#[derive(Default)]
pub(crate) struct Written {
    values: BTreeMap<String, Swapped>,
}

struct Swapped {
    /// The version that the commit must find.
    from_version: u64,
    /// `None` removes.
    value: Option<Bytes>,
}

impl Swapped {
    /// What the key is now, as the call sees it.
    fn standing(&self) -> Option<Versioned> {
        self.value.as_ref().map(|value| Versioned { value: value.clone(), version: self.from_version + 1 })
    }
}

impl Written {
    pub(super) fn collect(self, scope: &Scope, collected: &mut Collected) {
        for (name, swapped) in self.values {
            let key = shared_key(scope, name);
            collected.guards.push(Guard::SharedAt { key: key.clone(), version: swapped.from_version });
            collected.changes.push(match swapped.value {
                Some(value) => Change::SharedSet { key, value: value.0 },
                None => Change::SharedRemoved { key },
            });
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
            return Ok(own.standing());
        }
        Ok(reads.ports.shared(&shared_key(&self.scope, key), reads.within)?.0)
    }

    fn shared_swap(&mut self, reads: &Reads<'_>, swap: Swap) -> Result<(), Halt> {
        check_key(&swap.key)?;
        if swap.value.0.len() > STORAGE_VALUE_BYTES_MAX {
            return Err(Refusal::of(code::LIMIT_STORAGE_VALUE, format!("{} bytes", swap.value.0.len())).into());
        }
        self.shared_write(reads, swap.key, swap.expected, Some(swap.value))
    }

    /// Writes or removes a value, if it still has the version that the program expects.
    fn shared_write(
        &mut self,
        reads: &Reads<'_>,
        name: String,
        expected: Option<u64>,
        value: Option<Bytes>,
    ) -> Result<(), Halt> {
        let (from_version, standing) = match self.pending.shared.values.get(&name) {
            Some(own) => (own.from_version, own.standing().map(|standing| standing.version)),
            None => {
                let (found, version) = reads.ports.shared(&shared_key(&self.scope, name.clone()), reads.within)?;
                (version, found.map(|found| found.version))
            }
        };
        if expected != standing {
            let version = standing.map_or_else(|| "no value".to_owned(), |version| format!("version {version}"));
            return Err(Refusal::of(code::STORAGE_CONFLICT, format!("{name} has {version}")).into());
        }
        self.pending.shared.values.insert(name, Swapped { from_version, value });
        Ok(())
    }

    fn shared_keys(&mut self, reads: &Reads<'_>, ask: &Keys) -> Result<(Vec<String>, Option<String>), Halt> {
        check_prefix(&ask.prefix)?;
        let after = ask.after.as_deref();
        check_cursor(after)?;
        let page = reads.ports.shared_keys(&shared_key(&self.scope, ask.prefix.clone()), after, reads.within)?;
        let written = self.pending.shared.values.iter().map(|(key, own)| (key, own.value.is_some()));
        Ok(overlay_keys(page, &ask.prefix, after, written))
    }

    fn shared_entries(&mut self, reads: &Reads<'_>, ask: &Keys) -> Result<Page<(String, Versioned)>, Halt> {
        check_prefix(&ask.prefix)?;
        let after = ask.after.as_deref();
        check_cursor(after)?;
        let page = reads.ports.shared_entries(&shared_key(&self.scope, ask.prefix.clone()), after, reads.within)?;
        let written = self.pending.shared.values.iter().map(|(key, own)| (key.clone(), own.standing()));
        Ok(overlay_entries(page, &ask.prefix, after, written, |entry| entry.value.0.len()))
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
        let remove = Remove { key, expected };
        let answer = self.answer("shared-storage.remove", remove, |state, reads, ask| {
            check_key(&ask.key)?;
            state.shared_write(reads, ask.key, Some(ask.expected), None)
        })?;
        Ok(answer.map_err(Into::into))
    }
}
