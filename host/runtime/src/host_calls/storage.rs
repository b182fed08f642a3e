//! `storage`: values of one customer in the program.

use super::{Collected, check_cursor, check_key, check_prefix, overlay_entries, overlay_keys};
use crate::bindings::xitai::services::storage as wit;
use crate::bindings::xitai::types::values;
use crate::call::Scope;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::Page;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::ids::CustomerId;
use xitai_model::limits::{STORAGE_TOTAL_BYTES_MAX, STORAGE_VALUE_BYTES_MAX};
use xitai_model::refusal::Refusal;
use xitai_model::services::StorageKey;

/// Values touched in this call, and how much the customer's values took before it.
#[derive(Default)]
pub(crate) struct Written {
    values: BTreeMap<String, Value>,
    total_bytes: Option<u64>,
}

#[derive(Default)]
struct Value {
    /// Version and size when the call read it; a value that is only written needs neither.
    read: Option<Read>,
    /// `Some(None)` removes.
    write: Option<Option<Bytes>>,
}

struct Read {
    version: u64,
    value: Option<Bytes>,
}

impl Written {
    pub(super) fn collect(self, scope: &Scope, collected: &mut Collected) {
        let Some(customer) = &scope.customer else { return };
        for (name, value) in self.values {
            let Some(write) = value.write else { continue };
            let key = StorageKey { program: scope.program.clone(), customer: customer.clone(), key: name };
            if let Some(read) = value.read {
                collected.guards.push(Guard::StorageAt { key: key.clone(), version: read.version });
            }
            collected.changes.push(Change::StorageSet { key, value: write.map(|bytes| bytes.0) });
        }
    }
}

#[derive(Serialize)]
struct Get {
    key: String,
}
#[derive(Serialize)]
struct Set {
    key: String,
    value: Bytes,
}
#[derive(Serialize)]
struct Keys {
    prefix: String,
    after: Option<String>,
}

impl CallState {
    fn storage_customer(&self) -> Result<CustomerId, Refusal> {
        self.scope.customer.clone().ok_or_else(|| Refusal::of(code::STORAGE_NO_CUSTOMER, ""))
    }

    fn storage_read(&mut self, reads: &Reads<'_>, customer: &CustomerId, key: &str) -> Result<Option<Bytes>, Halt> {
        if let Some(read) = self.pending.storage.values.get(key).and_then(|value| value.read.as_ref()) {
            return Ok(read.value.clone());
        }
        let name = StorageKey { program: self.scope.program.clone(), customer: customer.clone(), key: key.to_owned() };
        let (found, version) = reads.ports.storage(&name, reads.within)?;
        let value = found.map(|found| found.value);
        self.pending.storage.values.entry(key.to_owned()).or_default().read =
            Some(Read { version, value: value.clone() });
        Ok(value)
    }

    fn storage_get(&mut self, reads: &Reads<'_>, key: &str) -> Result<Option<Bytes>, Halt> {
        check_key(key)?;
        let customer = self.storage_customer()?;
        if let Some(Some(written)) = self.pending.storage.values.get(key).map(|value| &value.write) {
            return Ok(written.clone());
        }
        self.storage_read(reads, &customer, key)
    }

    fn storage_set(&mut self, reads: &Reads<'_>, set: Set) -> Result<(), Halt> {
        check_key(&set.key)?;
        let customer = self.storage_customer()?;
        if set.value.0.len() > STORAGE_VALUE_BYTES_MAX {
            return Err(Refusal::of(code::LIMIT_STORAGE_VALUE, format!("{} bytes", set.value.0.len())).into());
        }
        self.storage_check_total(reads, &customer, &set)?;
        self.pending.storage.values.entry(set.key).or_default().write = Some(Some(set.value));
        Ok(())
    }

    /// Counts first as if every written key were new. Only where that would not fit are the sizes of the values
    /// written over looked up.
    fn storage_check_total(&mut self, reads: &Reads<'_>, customer: &CustomerId, set: &Set) -> Result<(), Halt> {
        let before = match self.pending.storage.total_bytes {
            Some(bytes) => bytes,
            None => reads.ports.storage_bytes(&self.scope.program, customer, reads.within)?,
        };
        self.pending.storage.total_bytes = Some(before);
        let values = &self.pending.storage.values;
        let others = values.iter().filter(|(key, _)| **key != set.key);
        let others = others.filter_map(|(_, value)| value.write.as_ref()?.as_ref()).map(|bytes| bytes.0.len() as u64);
        let after = others.sum::<u64>() + set.value.0.len() as u64;
        if before + after <= STORAGE_TOTAL_BYTES_MAX {
            return Ok(());
        }
        let written = values.iter().filter(|(_, value)| value.write.is_some()).map(|(key, _)| key.clone());
        let written: BTreeSet<String> = written.chain([set.key.clone()]).collect();
        let mut replaced = 0;
        for key in &written {
            replaced += self.storage_read(reads, customer, key)?.map_or(0, |value| value.0.len() as u64);
        }
        let total = (before + after).saturating_sub(replaced);
        if total > STORAGE_TOTAL_BYTES_MAX {
            return Err(Refusal::of(code::LIMIT_STORAGE_TOTAL, format!("{total} bytes")).into());
        }
        Ok(())
    }

    fn storage_keys(&mut self, reads: &Reads<'_>, ask: &Keys) -> Result<(Vec<String>, Option<String>), Halt> {
        check_prefix(&ask.prefix)?;
        let customer = self.storage_customer()?;
        let after = ask.after.as_deref();
        check_cursor(after)?;
        let page = reads.ports.storage_keys(&self.scope.program, &customer, &ask.prefix, after, reads.within)?;
        let written = self.pending.storage.values.iter();
        let written = written.filter_map(|(key, value)| value.write.as_ref().map(|write| (key, write.is_some())));
        Ok(overlay_keys(page, &ask.prefix, after, written))
    }

    /// What the call has read before stays as it was; what it reads here counts as read.
    fn storage_entries(&mut self, reads: &Reads<'_>, ask: &Keys) -> Result<Page<(String, Bytes)>, Halt> {
        check_prefix(&ask.prefix)?;
        let customer = self.storage_customer()?;
        let after = ask.after.as_deref();
        check_cursor(after)?;
        let (page, cursor) =
            reads.ports.storage_entries(&self.scope.program, &customer, &ask.prefix, after, reads.within)?;
        let values = &mut self.pending.storage.values;
        let mut seen = Vec::with_capacity(page.len());
        for (key, found) in page {
            let read = || Read { version: found.version, value: Some(found.value) };
            let read = values.entry(key.clone()).or_default().read.get_or_insert_with(read);
            seen.extend(read.value.clone().map(|value| (key, value)));
        }
        let written = values.iter().filter_map(|(key, value)| Some((key.clone(), value.write.clone()?)));
        Ok(overlay_entries((seen, cursor), &ask.prefix, after, written, |value| value.0.len()))
    }
}

impl wit::Host for CallState {
    fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<Vec<u8>>, values::Refusal>> {
        let answer = self.answer("storage.get", Get { key }, |state, reads, ask| state.storage_get(reads, &ask.key))?;
        Ok(answer.map(|value| value.map(|bytes| bytes.0)).map_err(Into::into))
    }

    fn set(&mut self, key: String, value: Vec<u8>) -> wasmtime::Result<Result<(), values::Refusal>> {
        let set = Set { key, value: value.into() };
        Ok(self.answer("storage.set", set, Self::storage_set)?.map_err(Into::into))
    }

    fn remove(&mut self, key: String) -> wasmtime::Result<Result<(), values::Refusal>> {
        let answer = self.answer("storage.remove", Get { key }, |state, _, ask| {
            check_key(&ask.key)?;
            state.storage_customer()?;
            state.pending.storage.values.entry(ask.key).or_default().write = Some(None);
            Ok(())
        })?;
        Ok(answer.map_err(Into::into))
    }

    fn keys(
        &mut self,
        prefix: String,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<String>, Option<String>), values::Refusal>> {
        let ask = Keys { prefix, after };
        let answer = self.answer("storage.keys", ask, |state, reads, ask| state.storage_keys(reads, &ask))?;
        Ok(answer.map_err(Into::into))
    }

    fn entries(
        &mut self,
        prefix: String,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<(String, Vec<u8>)>, Option<String>), values::Refusal>> {
        let ask = Keys { prefix, after };
        let answer = self.answer("storage.entries", ask, |state, reads, ask| state.storage_entries(reads, &ask))?;
        let plain = |(page, cursor): Page<(String, Bytes)>| {
            (page.into_iter().map(|(key, value)| (key, value.0)).collect(), cursor)
        };
        Ok(answer.map(plain).map_err(Into::into))
    }
}
