//! `payouts`: money from the program's own budget to its customers.

use crate::bindings::xitai::payments::payouts as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadMoney;
use serde::Serialize;
use xitai_model::code;
use xitai_model::ids::MatterId;
use xitai_model::ledger::{AccountKind, LedgerRefusal};
use xitai_model::matter::{MatterKey, MatterKind};
use xitai_model::money::Money;
use xitai_model::payout::{Payout, REASON, checked, named, paid};
use xitai_model::rail::Instruction;
use xitai_model::refusal::Refusal;

#[derive(Serialize)]
struct Pay {
    to: String,
    /// A currency that is none is journalled as the refusal that it gets.
    amount: Result<Money, Refusal>,
    reason: String,
    key: String,
}

impl CallState {
    fn payout_pay(&mut self, reads: &Reads<'_>, ask: Pay) -> Result<MatterId, Halt> {
        super::check_key(&ask.key)?;
        let amount = ask.amount?;
        let reason = checked(amount, ask.reason)?;
        let (program, branch) = (self.scope.program.clone(), self.scope.branch.clone());
        let customer = reads.ports.customer_of_subject(&program, &ask.to, reads.within)?;
        let customer = customer.ok_or_else(|| Refusal::of(code::PAYOUT_NO_CUSTOMER, ""))?;
        let (kind, owner) = (MatterKind::Payout, customer.to_string());
        let key = MatterKey { kind, program: Some(program.clone()), owner, key: ask.key.clone() };
        if let Some((matter, before)) = self.matter_at_key::<Payout>(reads, &key)? {
            let said: Option<String> = matter.unsealed(REASON);
            let same = before.amount == amount && said.is_none_or(|said| said == reason);
            let differs = || Refusal::of(code::PAYOUT_KEY_DIFFERS, ask.key.clone());
            return if same { Ok(matter.id) } else { Err(differs().into()) };
        }
        let rail = reads.ports.account_rail(amount.currency, reads.within)?;
        let chain = paid(&program, &branch, &customer, amount, rail.as_ref());
        self.book(reads, &chain)?.map_err(|refusal| match &refusal {
            LedgerRefusal::InsufficientFunds(account) if account.kind == AccountKind::Budget => {
                Refusal::of(code::PAYOUT_BUDGET, "")
            }
            refusal => Refusal::of(refusal.code(), ""),
        })?;
        let mut matter = self.new_matter(&Payout { amount, returned_ms: None });
        let id = matter.id.clone();
        self.pending.books.keep(named(&id, chain));
        if let Some(rail) = rail {
            let mut told = self.new_matter(&Instruction::pay_out(rail, &id, &customer, amount, self.now_ms));
            told.customer = Some(customer.clone());
            told.session = None;
            self.keep_matter(told);
        }
        matter.customer = Some(customer);
        matter.session = None;
        matter.key = Some(ask.key);
        matter.seal(REASON, &reason);
        self.keep_matter(matter);
        Ok(id)
    }
}

impl wit::Host for CallState {
    fn pay(
        &mut self,
        to: String,
        amount: values::Money,
        reason: String,
        key: String,
    ) -> wasmtime::Result<Result<String, values::Refusal>> {
        let amount = Money::try_from(amount)
            .map_err(|BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency)));
        let answer = self.answer("payouts.pay", Pay { to, amount, reason, key }, Self::payout_pay)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
