//! `agreements`: regulated products of the bank that the customer signs on the host's sheet.

use super::matters::Read;
use crate::bindings::xitai::identity::agreements as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::same_cases;
use serde::{Deserialize, Serialize};
use xitai_model::agreement::{Agreement, Command, Status, apply, proposed};
use xitai_model::code;
use xitai_model::ids::TicketId;
use xitai_model::matter::Matter;
use xitai_model::money::{Currency, Money};
use xitai_model::refusal::Refusal;
use xitai_model::sheet::Arms;

same_cases!(Status => wit::Status: Proposed, Unsuitable, CoolingOff, InForce, Withdrawn, Ended, Other);

#[derive(Serialize)]
struct Propose {
    product: String,
    /// As the program wrote it.
    amount: Option<(i64, String)>,
    key: String,
}

#[derive(Serialize, Deserialize)]
struct Told {
    id: String,
    product: String,
    status: Status,
    amount: Option<Money>,
    until_ms: Option<i64>,
    reasons: Vec<String>,
    ticket: Option<TicketId>,
}

fn told((matter, agreement): Read<Agreement>) -> Told {
    let waits = agreement.status == Status::Proposed && matter.is_undecided();
    Told {
        id: matter.id.to_string(),
        product: agreement.product.entry.to_string(),
        status: agreement.status,
        amount: agreement.amount,
        until_ms: agreement.until_ms,
        reasons: agreement.reasons,
        ticket: matter.ticket.filter(|_| waits),
    }
}

fn money(amount: Option<&(i64, String)>) -> Result<Option<Money>, Refusal> {
    let Some((minor, currency)) = amount else { return Ok(None) };
    let currency = Currency::parse(currency).ok_or_else(|| Refusal::of(code::AGREEMENT_AMOUNT, "currency"))?;
    Ok(Some(Money::new(*minor, currency)))
}

impl CallState {
    fn agreement_propose(&mut self, reads: &Reads<'_>, ask: Propose) -> Result<Told, Halt> {
        let amount = money(ask.amount.as_ref())?;
        if let Some((matter, agreement)) = self.matter_under_key::<Agreement>(reads, &ask.key)? {
            let same = agreement.product.entry.as_str() == ask.product && agreement.amount == amount;
            if !same {
                return Err(Refusal::of(code::AGREEMENT_KEY_REUSED, super::shortened(&ask.key)).into());
            }
            return Ok(told((matter, agreement)));
        }
        let known = self.known(reads)?;
        let product = reads.ports.product(&ask.product, &self.reader(), reads.within)??;
        let agreement = proposed(product, amount, &known, &self.locale, self.now_ms)?;
        let mut matter = self.agreement_matter(&agreement)?;
        matter.key = Some(ask.key);
        matter.about = Some(self.scope.program.to_string());
        self.keep_matter(matter.clone());
        Ok(told((matter, agreement)))
    }

    /// With a sheet, unless there is nothing to sign. An amount is agreed to as a payment's is: by a tap that names it.
    fn agreement_matter(&mut self, agreement: &Agreement) -> Result<Matter, Refusal> {
        if agreement.status == Status::Unsuitable {
            return Ok(self.new_matter(agreement));
        }
        let arms = agreement.amount.map(|money| Arms { money, chain: self.scope.armed_chain });
        self.new_asking(agreement, arms)
    }

    fn own_agreement(&self, reads: &Reads<'_>, id: &str) -> Result<Read<Agreement>, Halt> {
        let found = self.matter::<Agreement>(reads, id)?.filter(|(matter, _)| self.is_mine(matter));
        Ok(found.ok_or_else(|| Refusal::of(code::AGREEMENT_NOT_FOUND, ""))?)
    }

    fn agreement_get(&mut self, reads: &Reads<'_>, id: String) -> Result<Told, Halt> {
        Ok(told(self.own_agreement(reads, &id)?))
    }

    fn agreement_withdraw(&mut self, reads: &Reads<'_>, (id, key): (String, String)) -> Result<Told, Halt> {
        super::check_key(&key)?;
        let (matter, agreement) = self.own_agreement(reads, &id)?;
        let next = apply(&agreement, Command::Withdraw, self.now_ms)?;
        if next == agreement {
            return Ok(told((matter, agreement)));
        }
        let matter = matter.moved(&next, self.now_ms);
        self.keep_matter(matter.clone());
        Ok(told((matter, next)))
    }
}

fn answer(told: Told) -> wit::Agreement {
    wit::Agreement {
        id: told.id,
        product: told.product,
        status: told.status.into(),
        amount: told.amount.map(Into::into),
        until: told.until_ms,
        reasons: told.reasons,
        ticket: told.ticket.map(String::from),
    }
}

impl wit::Host for CallState {
    fn propose(
        &mut self,
        product: String,
        amount: Option<values::Money>,
        key: String,
    ) -> wasmtime::Result<Result<wit::Agreement, values::Refusal>> {
        let ask = Propose { product, amount: amount.map(|money| (money.minor, money.currency)), key };
        let told = self.answer("agreements.propose", ask, Self::agreement_propose)?;
        Ok(told.map(answer).map_err(Into::into))
    }

    fn get(&mut self, id: String) -> wasmtime::Result<Result<wit::Agreement, values::Refusal>> {
        let told = self.answer("agreements.get", id, Self::agreement_get)?;
        Ok(told.map(answer).map_err(Into::into))
    }

    fn withdraw(&mut self, id: String, key: String) -> wasmtime::Result<Result<wit::Agreement, values::Refusal>> {
        let told = self.answer("agreements.withdraw", (id, key), Self::agreement_withdraw)?;
        Ok(told.map(answer).map_err(Into::into))
    }
}
