//! Matters as a call sees them: what is kept, and what the call itself has made of it. The interfaces whose nouns are
//! matters do their reading and writing here.

use super::Collected;
use crate::call::Fault;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::MattersOf;
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::ids::{MatterId, TicketId};
use xitai_model::limits::{TICKET_MS_MAX, TICKETS_MAX};
use xitai_model::matter::{Matter, MatterBody, MatterKey};
use xitai_model::partner::PartnerCall;
use xitai_model::refusal::Refusal;
use xitai_model::sheet::Arms;

/// Matters made or moved in this call, as they are now.
#[derive(Default)]
pub(crate) struct Written {
    matters: BTreeMap<MatterId, Own>,
}

struct Own {
    matter: Matter,
    /// The revision that the commit must find; 0 for one that this call made.
    from_revision: u64,
}

impl Written {
    pub(super) fn collect(self, collected: &mut Collected) {
        collected.partner_calls_made = self.made::<PartnerCall>();
        for own in self.matters.into_values() {
            let id = own.matter.id.clone();
            let made = own.from_revision == 0;
            collected.tickets_made += u32::from(made && own.matter.ticket.is_some());
            collected.guards.push(Guard::MatterAt { matter: id, revision: own.from_revision });
            if let (true, Some(key)) = (made, own.matter.keyed()) {
                collected.guards.push(Guard::MatterKeyFree(key));
            }
            collected.changes.push(Change::Matter(Box::new(own.matter)));
        }
    }

    /// What customers are told also of a call that came to nothing.
    pub(super) fn into_reads(self) -> impl Iterator<Item = Matter> {
        self.matters.into_values().map(|own| own.matter).filter(|matter| matter.kind.tells_of_reading())
    }

    fn tickets_made(&self) -> u32 {
        let made = self.matters.values().filter(|own| own.from_revision == 0 && own.matter.ticket.is_some()).count();
        u32::try_from(made).unwrap_or(u32::MAX)
    }

    /// How many of a kind this call has made.
    pub(super) fn made<T: MatterBody>(&self) -> u32 {
        let made = self.matters.values().filter(|own| own.from_revision == 0 && own.matter.kind == T::KIND).count();
        u32::try_from(made).unwrap_or(u32::MAX)
    }

    fn of<T: MatterBody>(&self) -> impl DoubleEndedIterator<Item = &Matter> {
        self.matters.values().map(|own| &own.matter).filter(|matter| matter.kind == T::KIND)
    }
}

/// A matter with its body read.
pub(super) type Read<T> = (Matter, T);

/// What the store holds under a kind is of its type: this crate or its forebears wrote it.
fn read<T: MatterBody>(matter: Matter) -> Result<Read<T>, Halt> {
    match matter.read() {
        Ok(body) => Ok((matter, body)),
        Err(error) => Err(Halt::Ended(Fault::Host(format!("matter {}: {error}", matter.id)))),
    }
}

impl CallState {
    /// A matter by its id, as this call sees it. Whose it is, its caller asks: see [`Self::is_mine`].
    pub(super) fn matter<T: MatterBody>(&self, reads: &Reads<'_>, id: &str) -> Result<Option<Read<T>>, Halt> {
        let Ok(id) = MatterId::parse(id) else { return Ok(None) };
        let found = match self.pending.matters.matters.get(&id) {
            Some(own) => Some(own.matter.clone()),
            None => reads.ports.matter(&id, reads.within)?,
        };
        found.filter(|matter| matter.kind == T::KIND).map(read).transpose()
    }

    /// Whether a matter is this program's, of this session's customer.
    pub(super) fn is_mine(&self, matter: &Matter) -> bool {
        let scope = &self.scope;
        matter.program.as_ref() == Some(&scope.program)
            && matter.customer.is_some()
            && matter.customer == scope.customer
    }

    /// Whether a matter is this program's in this branch, and the call acts for the merchant.
    pub(super) fn is_own_branchs_matter(&self, matter: &Matter) -> bool {
        let scope = &self.scope;
        scope.acts_for_merchant && matter.program.as_ref() == Some(&scope.program) && matter.branch == scope.branch
    }

    /// Where the program's key lies for this customer, or for the branch where there is none.
    pub(super) fn matter_key<T: MatterBody>(&self, key: &str) -> MatterKey {
        let scope = &self.scope;
        let owner = scope.customer.as_ref().map_or(scope.branch.as_str(), |customer| customer.as_str());
        let program = Some(scope.program.clone());
        MatterKey { kind: T::KIND, program, owner: owner.to_owned(), key: key.to_owned() }
    }

    /// The matter that the program made under this key before.
    pub(super) fn matter_under_key<T: MatterBody>(
        &self,
        reads: &Reads<'_>,
        key: &str,
    ) -> Result<Option<Read<T>>, Halt> {
        super::check_key(key)?;
        self.matter_at_key(reads, &self.matter_key::<T>(key))
    }

    /// The matter at a key, wherever that lies.
    pub(super) fn matter_at_key<T: MatterBody>(
        &self,
        reads: &Reads<'_>,
        key: &MatterKey,
    ) -> Result<Option<Read<T>>, Halt> {
        let own = self.pending.matters.of::<T>().find(|own| own.keyed().as_ref() == Some(key)).cloned();
        let found = match own {
            Some(own) => Some(own),
            None => reads.ports.matter_by_key(key, reads.within)?,
        };
        found.map(read).transpose()
    }

    /// A page of matters, newest first. What this call made or moved stands as it is now: on the first page what is
    /// new, elsewhere in its place.
    pub(super) fn matters<T: MatterBody>(
        &self,
        reads: &Reads<'_>,
        of: &MattersOf,
        after: Option<&str>,
    ) -> Result<(Vec<Read<T>>, Option<String>), Halt> {
        super::check_cursor(after)?;
        let (mut page, cursor) = reads.ports.matters(T::KIND, of, after, reads.within)?;
        let written = &self.pending.matters.matters;
        for matter in &mut page {
            if let Some(own) = written.get(&matter.id) {
                matter.clone_from(&own.matter);
            }
        }
        if after.is_none() {
            let made = written.values().filter(|own| own.from_revision == 0 && own.matter.kind == T::KIND);
            let made = made.map(|own| &own.matter).filter(|matter| is_of(matter, of));
            page.splice(0..0, made.rev().cloned().collect::<Vec<_>>());
        }
        Ok((page.into_iter().map(read).collect::<Result<_, _>>()?, cursor))
    }

    /// A new matter of this program, customer and session. It is kept by [`Self::keep_matter`].
    pub(super) fn new_matter<T: MatterBody>(&mut self, body: &T) -> Matter {
        let id = MatterId::new(self.now_ms, self.id_bytes());
        let scope = self.scope.clone();
        let program = Some(scope.program.clone());
        let mut matter = Matter::new(id, program, scope.branch.clone(), scope.customer.clone(), body, self.now_ms);
        matter.session = Some(scope.session.clone());
        matter
    }

    /// A new matter with the ticket of its sheet. Needs a customer, who decides.
    pub(super) fn new_asking<T: MatterBody>(&mut self, body: &T, money: Option<Arms>) -> Result<Matter, Refusal> {
        if self.scope.customer.is_none() {
            return Err(Refusal::of(code::SHEET_NO_CUSTOMER, ""));
        }
        if self.tickets_open() >= TICKETS_MAX {
            return Err(Refusal::of(code::LIMIT_TICKETS, format!("{TICKETS_MAX} tickets are open")));
        }
        let ticket = TicketId::new(self.now_ms, self.id_bytes());
        let until_ms = self.now_ms.saturating_add(TICKET_MS_MAX);
        Ok(self.new_matter(body).asks(ticket, until_ms, money))
    }

    /// Tickets of the session that are open, those of this call among them.
    pub(super) fn tickets_open(&self) -> u32 {
        let made = self.pending.payments.made().saturating_add(self.pending.matters.tickets_made());
        self.scope.tickets_open.saturating_add(made)
    }

    /// Has the matter written with the step. A revision that this call made already takes its place: one commit is one
    /// change.
    pub(super) fn keep_matter(&mut self, matter: Matter) {
        let written = &mut self.pending.matters.matters;
        match written.get_mut(&matter.id) {
            Some(own) => own.matter = Matter { revision: own.from_revision + 1, ..matter },
            None => {
                let from_revision = matter.revision - 1;
                written.insert(matter.id.clone(), Own { matter, from_revision });
            }
        }
    }
}

fn is_of(matter: &Matter, of: &MattersOf) -> bool {
    let (customer_is, program_is) = (matter.customer.as_ref(), matter.program.as_ref());
    match of {
        MattersOf::Customer(customer, program) => customer_is == Some(customer) && program_is == Some(program),
        MattersOf::CustomerAll(customer) => customer_is == Some(customer),
        MattersOf::Branch(program, branch) => program_is == Some(program) && matter.branch == *branch,
        MattersOf::About(about) => matter.about.as_ref() == Some(about),
    }
}
