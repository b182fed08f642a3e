//! `payments`: payments of the customer in this session.

use super::Collected;
use crate::bindings::xitai::payments::payments as wit;
use crate::bindings::xitai::types::values;
use crate::calls::CallState;

#[derive(Default)]
pub(crate) struct Written {}

impl Written {
    pub(super) fn collect(self, _collected: &mut Collected) {}
}

impl wit::Host for CallState {
    fn request(&mut self, _order: wit::Order) -> wasmtime::Result<Result<wit::Payment, values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
    fn get(&mut self, _id: String) -> wasmtime::Result<Result<wit::Payment, values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
}
