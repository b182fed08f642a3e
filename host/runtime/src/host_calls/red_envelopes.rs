//! `red-envelopes`: gifts in shares. The shares are accounts of the ledger, so that none is taken twice.

use super::matters::Read;
use crate::bindings::xitai::payments::red_envelopes as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadMoney;
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use xitai_model::code;
use xitai_model::commit::Guard;
use xitai_model::envelope::{Envelope, Taken, about, offered, taken};
use xitai_model::ids::{CustomerId, MatterId, TicketId};
use xitai_model::ledger::LedgerRefusal;
use xitai_model::matter::{MatterKey, MatterKind};
use xitai_model::money::Money;
use xitai_model::refusal::Refusal;
use xitai_model::sheet::{Arms, Asked};

#[derive(Serialize)]
struct Give {
    /// A currency that is none is journalled as the refusal that it gets.
    total: Result<Money, Refusal>,
    count: u32,
    equal: bool,
    ttl_s: u32,
    key: String,
}
#[derive(Serialize)]
struct Take {
    id: String,
    key: String,
}
#[derive(Serialize)]
struct Get {
    id: String,
}
#[derive(Serialize, Deserialize)]
struct Told {
    id: String,
    ticket: Option<String>,
    left: u32,
}

fn not_found() -> Refusal {
    Refusal::of(code::ENVELOPE_NOT_FOUND, "")
}

impl CallState {
    /// Staff neither give nor take over their counter.
    fn envelope_customer(&self) -> Result<CustomerId, Refusal> {
        let customer = self.scope.customer.clone().filter(|_| !self.scope.acts_for_merchant);
        customer.ok_or_else(|| Refusal::of(code::SHEET_NO_CUSTOMER, ""))
    }

    /// Shares of an envelope that are taken, those of this call among them.
    fn slots_taken(&self, reads: &Reads<'_>, envelope: &MatterId) -> Result<Vec<usize>, Halt> {
        let (takes, _) = self.matters::<Taken>(reads, &MattersOf::About(about(envelope)), None)?;
        Ok(takes.into_iter().map(|(_, taken)| taken.slot).collect())
    }

    fn envelope_told(&self, reads: &Reads<'_>, (matter, envelope): &Read<Envelope>) -> Result<Told, Halt> {
        let taken = self.slots_taken(reads, &matter.id)?.len();
        let waits = matches!(matter.asked, Some(Asked::Waiting { .. }));
        let mine = matter.customer == self.scope.customer;
        Ok(Told {
            id: matter.id.to_string(),
            ticket: matter.ticket.as_ref().filter(|_| waits && mine).map(TicketId::to_string),
            left: u32::try_from(envelope.shares.len().saturating_sub(taken)).unwrap_or(u32::MAX),
        })
    }

    /// An envelope of this program, whoever gave it: whoever holds its id may open it.
    fn envelope_here(&self, reads: &Reads<'_>, id: &str) -> Result<Read<Envelope>, Halt> {
        let found = self.matter::<Envelope>(reads, id)?;
        let here = found.filter(|(matter, _)| matter.program.as_ref() == Some(&self.scope.program));
        Ok(here.ok_or_else(not_found)?)
    }

    fn envelope_give(&mut self, reads: &Reads<'_>, ask: Give) -> Result<Told, Halt> {
        self.envelope_customer()?;
        let total = ask.total?;
        if let Some(before) = self.matter_under_key::<Envelope>(reads, &ask.key)? {
            let held = &before.1;
            let (count, asked) = (held.shares.len(), ask.count as usize);
            let same = (held.total, count, held.equal, held.ttl_s) == (total, asked, ask.equal, ask.ttl_s);
            let differs = || Refusal::of(code::ENVELOPE_KEY_DIFFERS, ask.key.clone());
            return if same { self.envelope_told(reads, &before) } else { Err(differs().into()) };
        }
        // Shares lie in accounts of the ledger here: what a core keeps can't be put there.
        if reads.ports.account_rail(total.currency, reads.within)?.is_some() {
            return Err(Refusal::of(code::ENVELOPE_CARRIED, total.currency.as_str()).into());
        }
        let mut seeds = Seeds { state: self, held: Vec::new() };
        let envelope = offered(total, ask.count, ask.equal, ask.ttl_s, || seeds.next())?;
        let chain = self.scope.armed_chain;
        let mut matter = self.new_asking(&envelope, Some(Arms { money: total, chain }))?;
        matter.key = Some(ask.key);
        self.keep_matter(matter.clone());
        self.envelope_told(reads, &(matter, envelope))
    }

    fn envelope_take(&mut self, reads: &Reads<'_>, ask: &Take) -> Result<Money, Halt> {
        super::check_key(&ask.key)?;
        let customer = self.envelope_customer()?;
        let (matter, envelope) = self.envelope_here(reads, &ask.id)?;
        let key = MatterKey {
            kind: MatterKind::EnvelopeTake,
            program: Some(self.scope.program.clone()),
            owner: customer.to_string(),
            key: matter.id.to_string(),
        };
        if let Some((_, before)) = self.matter_at_key::<Taken>(reads, &key)? {
            return Ok(before.amount);
        }
        if !envelope.is_open(self.now_ms) {
            return Err(Refusal::of(code::ENVELOPE_NOT_OPEN, "").into());
        }
        let gone = self.slots_taken(reads, &matter.id)?;
        let start = Seeds { state: self, held: Vec::new() }.next();
        let empty = || Refusal::of(code::ENVELOPE_EMPTY, "");
        let slot = envelope.free_slot(&gone, start).ok_or_else(empty)?;
        let amount = envelope.share(slot).ok_or_else(empty)?;
        let chain = taken(&matter.id, slot, amount, &customer);
        self.book(reads, &chain)?.map_err(|refusal| match refusal {
            // Somebody was faster than the list of takes.
            LedgerRefusal::InsufficientFunds(_) => empty(),
            refusal => Refusal::of(refusal.code(), ""),
        })?;
        self.pending.books.keep(chain);
        self.pending.books.rests_on(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision });
        let mut take = self.new_matter(&Taken { envelope: matter.id.clone(), slot, amount });
        take.session = None;
        take.key = Some(key.key);
        take.about = Some(about(&matter.id));
        self.keep_matter(take);
        Ok(amount)
    }
}

/// Numbers that nobody guesses, drawn as ids are: the same when the call is run again.
struct Seeds<'a> {
    state: &'a mut CallState,
    held: Vec<u8>,
}

impl Seeds<'_> {
    fn next(&mut self) -> u64 {
        while self.held.len() < 8 {
            self.held.extend(self.state.id_bytes());
        }
        self.held.drain(..8).fold(0, |number, byte| number << 8 | u64::from(byte))
    }
}

type Answered = wasmtime::Result<Result<wit::Envelope, values::Refusal>>;

fn told(answer: Result<Told, Refusal>) -> Result<wit::Envelope, values::Refusal> {
    let envelope = |it: Told| wit::Envelope { id: it.id, ticket: it.ticket, left: it.left };
    answer.map(envelope).map_err(Into::into)
}

impl wit::Host for CallState {
    fn give(&mut self, total: values::Money, count: u32, equal: bool, ttl_s: u32, key: String) -> Answered {
        let total = Money::try_from(total)
            .map_err(|BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency)));
        let ask = Give { total, count, equal, ttl_s, key };
        Ok(told(self.answer("red-envelopes.give", ask, Self::envelope_give)?))
    }

    fn take(&mut self, id: String, key: String) -> wasmtime::Result<Result<values::Money, values::Refusal>> {
        let ask = Take { id, key };
        let answer = self.answer("red-envelopes.take", ask, |state, reads, ask| state.envelope_take(reads, &ask))?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }

    fn get(&mut self, id: String) -> Answered {
        let answer = self.answer("red-envelopes.get", Get { id }, |state, reads, ask| {
            let envelope = state.envelope_here(reads, &ask.id)?;
            state.envelope_told(reads, &envelope)
        })?;
        Ok(told(answer))
    }
}
