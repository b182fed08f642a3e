//! `counters`: shared numbers. A delta is applied at the commit to what the counter is then, so that a rush on one
//! counter makes nobody run again unless its bounds are met.

use super::{Collected, check_key, shared_key};
use crate::bindings::xitai::services::counters as wit;
use crate::bindings::xitai::types::values;
use crate::call::Scope;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::refusal::Refusal;

/// Deltas of this call in their order, and the values that it read.
#[derive(Default)]
pub(crate) struct Deltas {
    adds: Vec<Add>,
    read: BTreeMap<String, i64>,
}

#[derive(Serialize, Clone)]
struct Add {
    name: String,
    delta: i64,
    at_least: i64,
    at_most: i64,
}

#[derive(Serialize)]
struct Named {
    name: String,
}

impl Deltas {
    pub(super) fn collect(self, scope: &Scope, collected: &mut Collected) {
        for add in self.adds {
            collected.changes.push(Change::CounterAdd {
                key: shared_key(scope, add.name),
                delta: add.delta,
                at_least: add.at_least,
                at_most: add.at_most,
            });
        }
    }
}

impl CallState {
    /// The counter as the program sees it: what was read once, and its own deltas.
    fn counter_value(&mut self, reads: &Reads<'_>, name: &str) -> Result<i64, Halt> {
        let base = match self.pending.counters.read.get(name) {
            Some(base) => *base,
            None => {
                let base = reads.ports.counter(&shared_key(&self.scope, name.to_owned()), reads.within)?;
                self.pending.counters.read.insert(name.to_owned(), base);
                base
            }
        };
        let own = self.pending.counters.adds.iter().filter(|add| add.name == name);
        Ok(own.fold(base, |value, add| value.saturating_add(add.delta)))
    }

    fn counter_add(&mut self, reads: &Reads<'_>, add: Add) -> Result<(), Halt> {
        check_key(&add.name)?;
        if add.at_least > add.at_most {
            return Err(Refusal::of(code::COUNTER_BOUNDS_INVALID, add.name).into());
        }
        let value = self.counter_value(reads, &add.name)?;
        let sum = value.checked_add(add.delta);
        if !sum.is_some_and(|sum| (add.at_least..=add.at_most).contains(&sum)) {
            return Err(Refusal::of(code::COUNTER_BOUNDS, format!("{} stands at {value}", add.name)).into());
        }
        self.pending.counters.adds.push(add);
        Ok(())
    }
}

impl wit::Host for CallState {
    fn read(&mut self, name: String) -> wasmtime::Result<Result<i64, values::Refusal>> {
        let answer = self.answer("counters.read", Named { name }, |state, reads, ask| {
            check_key(&ask.name)?;
            state.counter_value(reads, &ask.name)
        })?;
        Ok(answer.map_err(Into::into))
    }

    fn add(
        &mut self,
        name: String,
        delta: i64,
        at_least: i64,
        at_most: i64,
    ) -> wasmtime::Result<Result<(), values::Refusal>> {
        let add = Add { name, delta, at_least, at_most };
        Ok(self.answer("counters.add", add, Self::counter_add)?.map_err(Into::into))
    }

    fn next(&mut self, name: String) -> wasmtime::Result<Result<u64, values::Refusal>> {
        let answer = self.answer("counters.next", Named { name }, |state, reads, ask| {
            check_key(&ask.name)?;
            Ok(reads.ports.counter_next(&shared_key(&state.scope, ask.name), reads.within)?)
        })?;
        Ok(answer.map_err(Into::into))
    }

    fn last(&mut self, name: String) -> wasmtime::Result<Result<u64, values::Refusal>> {
        let answer = self.answer("counters.last", Named { name }, |state, reads, ask| {
            check_key(&ask.name)?;
            Ok(reads.ports.counter_last(&shared_key(&state.scope, ask.name), reads.within)?)
        })?;
        Ok(answer.map_err(Into::into))
    }
}
