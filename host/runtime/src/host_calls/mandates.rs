//! `mandates`: standing permission to be paid. The rules are the model's; the caps are the ledger's.

use super::payments::party;
use crate::bindings::xitai::payments::mandates as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadMoney;
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use xitai_model::code;
use xitai_model::commit::Guard;
use xitai_model::ids::{PaymentId, TicketId};
use xitai_model::ledger::LedgerRefusal;
use xitai_model::limits::MANDATES_OPEN_MAX;
use xitai_model::mandate::{Command, Mandate, Status, Terms, is_usage, period_of, usage};
use xitai_model::matter::Matter;
use xitai_model::money::Money;
use xitai_model::payment::{Charge, Charged, Evidence, Facts, Fees, Payee, UnderMandate, charge};
use xitai_model::refusal::Refusal;
use xitai_model::risk::Moves;
use xitai_model::sheet::Asked;

#[derive(Serialize)]
struct Propose {
    /// What can't be terms at all is journalled as the refusal that it gets.
    terms: Result<Terms, Refusal>,
    key: String,
}
#[derive(Serialize)]
struct ChargeAsk {
    mandate: String,
    amount: Result<Money, Refusal>,
    key: String,
}
#[derive(Serialize)]
struct Named {
    id: String,
}
#[derive(Serialize, Deserialize)]
struct Told {
    id: String,
    mandate: Mandate,
    used: Money,
    /// While its sheet was not shown.
    ticket: Option<String>,
}

fn not_found() -> Refusal {
    Refusal::of(code::MANDATE_NOT_FOUND, "")
}

impl CallState {
    fn mandate_told(&mut self, reads: &Reads<'_>, matter: &Matter, mandate: Mandate) -> Result<Told, Halt> {
        let currency = mandate.terms.currency();
        let period = period_of(&mandate.terms, self.now_ms, self.scope.bank_ahead_s);
        let under = UnderMandate { id: matter.id.clone(), period };
        let used = Money::new(self.holds(reads, &usage(&under, currency))?, currency);
        let waits = matches!(matter.asked, Some(Asked::Waiting { .. }));
        let ticket = matter.ticket.as_ref().filter(|_| waits).map(TicketId::to_string);
        Ok(Told { id: matter.id.to_string(), mandate, used, ticket })
    }

    /// The customer's own in their session, the branch's where the call acts for the merchant.
    fn mandate_here(&self, reads: &Reads<'_>, id: &str) -> Result<(Matter, Mandate), Halt> {
        let found = self.matter::<Mandate>(reads, id)?;
        let here = found.filter(|(matter, _)| self.is_mine(matter) || self.is_own_branchs_matter(matter));
        Ok(here.ok_or_else(not_found)?)
    }

    fn mandate_propose(&mut self, reads: &Reads<'_>, ask: Propose) -> Result<Told, Halt> {
        let customer = self.scope.customer.clone().filter(|_| !self.scope.acts_for_merchant);
        let customer = customer.ok_or_else(|| Refusal::of(code::SHEET_NO_CUSTOMER, ""))?;
        let terms = ask.terms?.cleaned()?;
        if let Some((matter, mandate)) = self.matter_under_key::<Mandate>(reads, &ask.key)? {
            let same = mandate.terms == terms;
            let differs = || Refusal::of(code::MANDATE_KEY_DIFFERS, ask.key.clone());
            return if same { self.mandate_told(reads, &matter, mandate) } else { Err(differs().into()) };
        }
        terms.check(self.now_ms)?;
        let payee = self.scope.merchant.clone().ok_or_else(|| Refusal::of(code::PAYMENT_NO_MERCHANT, ""))?;
        let name = reads.ports.legal_name(&Payee::Merchant(payee.clone()), reads.within)?;
        let name = name.filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| Refusal::of(code::PAYMENT_PAYEE_UNKNOWN, payee.as_str()))?;
        let of = MattersOf::Customer(customer, self.scope.program.clone());
        let (newest, _) = self.matters::<Mandate>(reads, &of, None)?;
        if newest.iter().filter(|(_, mandate)| mandate.is_open()).count() >= MANDATES_OPEN_MAX {
            return Err(Refusal::of(code::MANDATE_TOO_MANY, format!("{MANDATES_OPEN_MAX} are open")).into());
        }
        let mandate = Mandate::proposed(terms, payee, name, self.scope.practice);
        let mut matter = self.new_asking(&mandate, None)?;
        matter.key = Some(ask.key);
        let told = self.mandate_told(reads, &matter, mandate)?;
        self.keep_matter(matter);
        Ok(told)
    }

    fn mandate_charge(&mut self, reads: &Reads<'_>, ask: ChargeAsk) -> Result<PaymentId, Halt> {
        let amount = ask.amount?;
        let (matter, mandate) = self.mandate_here(reads, &ask.mandate)?;
        let customer = matter.customer.clone().ok_or_else(not_found)?;
        if mandate.practice != self.scope.practice {
            return Err(Refusal::of(code::PAYMENT_PRACTICE, "").into());
        }
        let existing = self.payment_under_key(reads, &customer, &ask.key)?;
        let no_evidence = || Refusal::of(code::MANDATE_NOT_ACTIVE, "nothing shows that the customer agreed");
        let agreed = match mandate.status {
            Status::Active => matter.unsealed::<Evidence>("evidence").ok_or_else(no_evidence)?,
            _ if existing.is_none() => {
                return Err(mandate.allows(amount, self.now_ms).err().ok_or_else(not_found)?.into());
            }
            // The same charge again, after the customer ended the mandate: the answer is the same.
            _ => existing.as_ref().and_then(|payment| payment.evidence.clone()).ok_or_else(no_evidence)?,
        };
        let period = period_of(&mandate.terms, self.now_ms, self.scope.bank_ahead_s);
        let asked = Charge {
            mandate: &mandate,
            under: UnderMandate { id: matter.id.clone(), period },
            evidence: Evidence { proof: "mandate".to_owned(), ..agreed },
            amount,
            key: ask.key,
            rail: reads.ports.account_rail(amount.currency, reads.within)?,
        };
        let (id, ticket) = (self.id_bytes(), self.id_bytes());
        let scope = self.scope.clone();
        let facts = Facts {
            id: PaymentId::new(self.now_ms, id),
            ticket: TicketId::new(self.now_ms, ticket),
            session: &scope.session,
            program: &scope.program,
            release: &scope.release,
            branch: &scope.branch,
            customer: Some(&customer),
            existing: existing.as_ref(),
            merchant: Some(&mandate.payee),
            payees: &scope.payees,
            discounts: &[],
            armed_chain: None,
            // It has no sheet.
            tickets_open: 0,
            practice: scope.practice,
            now_ms: self.now_ms,
        };
        let (currency, now_ms) = (amount.currency, self.now_ms);
        let charged = charge(
            asked,
            facts,
            |payee| party(reads, payee, currency, now_ms),
            |payment| {
                let fees = Fees::of(payment, |id| reads.ports.merchant(id, reads.within))?;
                Ok((reads.ports.counted(payment, now_ms, reads.within)?, fees))
            },
        )??;
        let Charged::New(moved) = charged else {
            return Ok(existing.ok_or_else(not_found)?.id);
        };
        if let Some(refusal) =
            reads.ports.movement_refused(Moves::Sale, &moved.payment, amount, self.now_ms, reads.within)?
        {
            return Err(refusal.into());
        }
        let limits = reads.ports.counted(&moved.payment, self.now_ms, reads.within)?;
        self.book(reads, &moved.chain)?.map_err(|refusal| match &refusal {
            LedgerRefusal::CeilingReached(account) if is_usage(account, &matter.id) => {
                Refusal::of(code::MANDATE_PERIOD_EXCEEDED, mandate.terms.period_at_most.to_string())
            }
            LedgerRefusal::CeilingReached(account) => {
                let limit = limits.iter().find(|counted| counted.claim.account == *account);
                Refusal::of(limit.map_or(refusal.code(), |limit| limit.code), "")
            }
            refusal => Refusal::of(refusal.code(), ""),
        })?;
        // Whoever pauses it in this moment is either before the charge or after it.
        self.pending.books.rests_on(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision });
        let id = moved.payment.id.clone();
        self.pending.payments.keep_made(*moved);
        Ok(id)
    }

    fn mandate_get(&mut self, reads: &Reads<'_>, id: &str) -> Result<Told, Halt> {
        let (matter, mandate) = self.mandate_here(reads, id)?;
        self.mandate_told(reads, &matter, mandate)
    }

    /// Ending it twice is ending it once.
    fn mandate_revoke(&mut self, reads: &Reads<'_>, id: &str) -> Result<Told, Halt> {
        let (matter, mandate) = self.mandate_here(reads, id)?;
        if mandate.status == Status::Revoked {
            return self.mandate_told(reads, &matter, mandate);
        }
        let revoked = mandate.apply(Command::Revoke, self.now_ms)?;
        let next = matter.moved(&revoked, self.now_ms);
        self.keep_matter(next.clone());
        self.mandate_told(reads, &next, revoked)
    }
}

fn money(amount: values::Money) -> Result<Money, Refusal> {
    Money::try_from(amount)
        .map_err(|BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency)))
}

type Answered = wasmtime::Result<Result<wit::Mandate, values::Refusal>>;

fn told(answer: Result<Told, Refusal>) -> Result<wit::Mandate, values::Refusal> {
    let mandate = |it: Told| wit::Mandate {
        id: it.id,
        terms: it.mandate.terms.into(),
        status: it.mandate.status.into(),
        used_in_period: it.used.into(),
        ticket: it.ticket,
    };
    answer.map(mandate).map_err(Into::into)
}

impl wit::Host for CallState {
    fn propose(&mut self, terms: wit::Terms, key: String) -> Answered {
        let ask = Propose { terms: Terms::try_from(terms), key };
        Ok(told(self.answer("mandates.propose", ask, Self::mandate_propose)?))
    }

    fn charge(
        &mut self,
        mandate: String,
        amount: values::Money,
        key: String,
    ) -> wasmtime::Result<Result<String, values::Refusal>> {
        let ask = ChargeAsk { mandate, amount: money(amount), key };
        let answer = self.answer("mandates.charge", ask, Self::mandate_charge)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }

    fn get(&mut self, id: String) -> Answered {
        Ok(told(self.answer("mandates.get", Named { id }, |state, reads, ask| state.mandate_get(reads, &ask.id))?))
    }

    fn revoke(&mut self, id: String) -> Answered {
        Ok(told(
            self.answer("mandates.revoke", Named { id }, |state, reads, ask| state.mandate_revoke(reads, &ask.id))?,
        ))
    }
}
