use crate::bindings::xitai::payments::merchant_codes as wit;
use crate::bindings::xitai::types::values;
use crate::calls::CallState;
impl wit::Host for CallState {
    fn make(&mut self, _: Option<values::Money>, _: String) -> wasmtime::Result<Result<String, values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
    fn read(&mut self, _: String) -> wasmtime::Result<Result<(String, Option<values::Money>), values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
}
