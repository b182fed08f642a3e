//! `merchant-payments`: payments of the program in its branch, for staff and background calls only.

use super::payments::not_found;
use crate::bindings::xitai::payments::merchant_payments as wit;
use crate::bindings::xitai::payments::payments;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadMoney;
use crate::ports::Page;
use serde::Serialize;
use xitai_model::code;
use xitai_model::ids::MerchantId;
use xitai_model::ledger::{AccountKey, Movement};
use xitai_model::merchant::advance;
use xitai_model::money::Money;
use xitai_model::payment::{Applied, Command, Fees, Payment, apply};
use xitai_model::refusal::Refusal;
use xitai_model::risk::Moves;
use xitai_model::services::SharedKey;

#[derive(Serialize)]
struct Search {
    since_ms: i64,
    after: Option<String>,
}
#[derive(Serialize)]
struct Capture {
    id: String,
    /// A currency that is none is journalled as the refusal that it gets.
    amount: Result<Money, Refusal>,
    key: String,
}
#[derive(Serialize)]
struct Cancel {
    id: String,
    key: String,
}
#[derive(Serialize)]
struct Refund {
    id: String,
    amount: Result<Money, Refusal>,
    reason: String,
    key: String,
}

fn money(amount: values::Money) -> Result<Money, Refusal> {
    Money::try_from(amount)
        .map_err(|BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency)))
}

impl CallState {
    fn check_acts_for_merchant(&self) -> Result<(), Refusal> {
        if self.scope.acts_for_merchant { Ok(()) } else { Err(Refusal::of(code::PAYMENT_NOT_MERCHANT, "")) }
    }

    fn is_own_branchs(&self, payment: &Payment) -> bool {
        payment.program == self.scope.program && payment.branch == self.scope.branch
    }

    /// Oldest change first; what this call changed comes last, on the last page.
    fn merchant_search(&self, reads: &Reads<'_>, ask: &Search) -> Result<Page<Payment>, Halt> {
        self.check_acts_for_merchant()?;
        super::check_cursor(ask.after.as_deref())?;
        let (program, branch) = (self.scope.program.clone(), self.scope.branch.clone());
        let scope = SharedKey { program, branch, name: String::new() };
        let (mut page, cursor) = reads.ports.payments(&scope, ask.since_ms, ask.after.as_deref(), reads.within)?;
        page.retain(|payment| !self.pending.payments.has(&payment.id));
        if cursor.is_none() {
            let own = self.pending.payments.payments();
            page.extend(own.filter(|own| self.is_own_branchs(own) && own.updated_ms >= ask.since_ms).cloned());
        }
        Ok((page, cursor))
    }

    /// The bank's rules, and what the merchant still has. What was done before is not looked at again.
    fn check_movement(&self, reads: &Reads<'_>, payment: &Payment, command: &Command) -> Result<(), Halt> {
        let (moves, amount, key) = match command {
            Command::Capture { amount, key } => (Moves::Capture, *amount, key),
            Command::Refund { amount, key, .. } => (Moves::Refund, *amount, key),
            _ => return Ok(()),
        };
        if payment.operations.iter().any(|done| done.key == *key) {
            return Ok(());
        }
        match reads.ports.movement_refused(moves, payment, amount, self.now_ms, reads.within)? {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        }
    }

    fn merchant_apply(&mut self, reads: &Reads<'_>, id: &str, command: Command) -> Result<Payment, Halt> {
        self.check_acts_for_merchant()?;
        let payment = self.payment_any(reads, id)?;
        if !self.is_own_branchs(&payment) {
            return Err(not_found().into());
        }
        self.check_movement(reads, &payment, &command)?;
        let fees = Fees::of(&payment, |id| reads.ports.merchant(id, reads.within))?;
        match apply(&payment, command, &fees, self.now_ms)? {
            Applied::Already => Ok(payment),
            Applied::Moved(mut moved) => {
                // Whether the payees still have what a refund gives back, or may owe it: the program hears it here.
                if moved.chain.iter().all(|transfer| transfer.movement == Movement::Post) {
                    let now_ms = self.now_ms;
                    let may_owe = |id: &MerchantId, currency| {
                        let merchant = reads.ports.merchant(id, reads.within)?;
                        Ok::<_, Halt>(merchant.map_or(0, |it| it.may_owe(currency, now_ms)))
                    };
                    let available = |account: &AccountKey| self.available(reads, account);
                    moved.chain = advance::covered(moved.chain, available, may_owe)?;
                    self.book(reads, &moved.chain)?.map_err(|refusal| {
                        Refusal::of(advance::refused(&refusal, code::PAYMENT_REFUND_UNFUNDED), "")
                    })?;
                }
                let payment = moved.payment.clone();
                self.pending.payments.keep_moved(*moved);
                Ok(payment)
            }
        }
    }
}

type Answered = Result<payments::Payment, values::Refusal>;

fn told(answer: Result<Payment, Refusal>) -> Answered {
    answer.map(Into::into).map_err(Into::into)
}

impl wit::Host for CallState {
    fn search(
        &mut self,
        since: i64,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<payments::Payment>, Option<String>), values::Refusal>> {
        let ask = Search { since_ms: since, after };
        let answer =
            self.answer("merchant-payments.search", ask, |state, reads, ask| state.merchant_search(reads, &ask))?;
        let page = |(page, cursor): Page<Payment>| (page.into_iter().map(Into::into).collect(), cursor);
        Ok(answer.map(page).map_err(Into::into))
    }

    fn capture(&mut self, id: String, amount: values::Money, key: String) -> wasmtime::Result<Answered> {
        let ask = Capture { id, amount: money(amount), key };
        let answer = self.answer("merchant-payments.capture", ask, |state, reads, ask| {
            state.merchant_apply(reads, &ask.id, Command::Capture { amount: ask.amount?, key: ask.key })
        })?;
        Ok(told(answer))
    }

    fn cancel(&mut self, id: String, key: String) -> wasmtime::Result<Answered> {
        let ask = Cancel { id, key };
        let answer = self.answer("merchant-payments.cancel", ask, |state, reads, ask| {
            state.merchant_apply(reads, &ask.id, Command::Cancel { key: ask.key })
        })?;
        Ok(told(answer))
    }

    fn refund(&mut self, id: String, amount: values::Money, reason: String, key: String) -> wasmtime::Result<Answered> {
        let ask = Refund { id, amount: money(amount), reason, key };
        let answer = self.answer("merchant-payments.refund", ask, |state, reads, ask| {
            let command = Command::Refund { amount: ask.amount?, reason: ask.reason, key: ask.key };
            state.merchant_apply(reads, &ask.id, command)
        })?;
        Ok(told(answer))
    }
}
