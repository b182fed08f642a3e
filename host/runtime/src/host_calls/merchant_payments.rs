use crate::bindings::xitai::payments::merchant_payments as wit;
use crate::bindings::xitai::payments::payments::Payment;
use crate::bindings::xitai::types::values;
use crate::calls::CallState;
impl wit::Host for CallState {
    fn search(
        &mut self,
        _: i64,
        _: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<Payment>, Option<String>), values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
    fn capture(
        &mut self,
        _: String,
        _: values::Money,
        _: String,
    ) -> wasmtime::Result<Result<Payment, values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
    fn cancel(&mut self, _: String, _: String) -> wasmtime::Result<Result<Payment, values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
    fn refund(
        &mut self,
        _: String,
        _: values::Money,
        _: String,
        _: String,
    ) -> wasmtime::Result<Result<Payment, values::Refusal>> {
        Err(wasmtime::Error::msg("unlinked"))
    }
}
