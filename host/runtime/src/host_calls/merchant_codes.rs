//! `merchant-codes`: EMVCo merchant-presented codes of the program's own merchant, and what others' say.

use crate::bindings::xitai::payments::merchant_codes as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadMoney;
use serde::Serialize;
use xitai_model::money::Money;
use xitai_model::refusal::Refusal;
use xitai_model::{code, emvco};

#[derive(Serialize)]
struct Make {
    /// A currency that is none is journalled as the refusal that it gets.
    amount: Result<Option<Money>, Refusal>,
    reference: String,
}
#[derive(Serialize)]
struct Read {
    text: String,
}

impl CallState {
    fn merchant_code_make(&mut self, reads: &Reads<'_>, ask: Make) -> Result<String, Halt> {
        let amount = ask.amount?;
        let id = self.scope.merchant.clone();
        let id = id.ok_or_else(|| Refusal::of(code::MERCHANT_CODE_NO_MERCHANT, ""))?;
        let merchant = reads.ports.merchant(&id, reads.within)?;
        let merchant = merchant.ok_or_else(|| Refusal::of(code::PAYMENT_PAYEE_UNKNOWN, id.as_str()))?;
        Ok(emvco::make(&merchant, amount, &ask.reference).map_err(|code| Refusal::of(code, ""))?)
    }
}

/// Merchant and amount. A code of another bank is readable, but nobody here could be paid with it.
fn read(text: &str) -> Result<(String, Option<Money>), Halt> {
    let read = emvco::read(text).map_err(|code| Refusal::of(code, ""))?;
    let merchant = read.merchant.ok_or_else(|| Refusal::of(code::MERCHANT_CODE_FOREIGN, ""))?;
    Ok((merchant.into(), read.amount))
}

impl wit::Host for CallState {
    fn make(
        &mut self,
        amount: Option<values::Money>,
        reference: String,
    ) -> wasmtime::Result<Result<String, values::Refusal>> {
        let amount = amount.map(Money::try_from).transpose();
        let amount = amount
            .map_err(|BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency)));
        let ask = Make { amount, reference };
        Ok(self.answer("merchant-codes.make", ask, Self::merchant_code_make)?.map_err(Into::into))
    }

    fn read(&mut self, text: String) -> wasmtime::Result<Result<(String, Option<values::Money>), values::Refusal>> {
        let answer = self.answer("merchant-codes.read", Read { text }, |_, _, ask| read(&ask.text))?;
        Ok(answer.map(|(merchant, amount)| (merchant, amount.map(Into::into))).map_err(Into::into))
    }
}
