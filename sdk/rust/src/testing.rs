//! Programs on the developer's own machine, without a host.
//!
//! A [`Bank`] keeps in memory what the host keeps: storage, counters, payments, time, the pages that are open.
//! Events go through the program's own code, then everything they set off (watches, wake-ups, sheets) is delivered
//! until the bank is still. The rules that the host enforces are enforced here too, so that a test fails where the
//! host would refuse: the armed amount, unknown or disabled nodes, ids used twice, the limits of the contract.
//!
//! Not simulated: several hosts and lost races, limits of computing and memory, rollouts and stops.

mod checks;
mod drawing;
#[doc(hidden)]
pub mod host_calls;
mod page;
mod world;

pub use page::{Page, PartnerCall, Visit};

use crate::bindings::xitai::content::library::Entry;
use crate::{Money, Surface};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;
use world::World;

/// Noon in Suzhou on Monday, 2 March 2026: where the clock of every bank begins.
pub const NOON_MS: i64 = 1_772_424_000_000;

/// A bank in memory, with one branch in which one program is tried.
#[derive(Clone)]
pub struct Bank {
    world: Rc<RefCell<World>>,
}

impl Default for Bank {
    fn default() -> Self {
        Self::new()
    }
}

impl Bank {
    /// A new bank, at [`NOON_MS`], whose customers have 1,000.00 CNY each.
    pub fn new() -> Self {
        Self { world: Rc::new(RefCell::new(World::new(NOON_MS))) }
    }
    /// A customer who reads Chinese, about to open the program.
    pub fn customer(&self, subject: &str) -> Visit {
        Visit::new(self.world.clone(), subject, crate::Actor::Customer)
    }
    /// A member of the branch's staff in a role, such as `manager`, about to open the program.
    pub fn staff(&self, subject: &str, role: &str) -> Visit {
        Visit::new(self.world.clone(), subject, crate::Actor::Staff(role.to_owned()))
    }
    /// The session without a customer that every enabled program has in a branch.
    pub fn background(&self) -> Visit {
        Visit::new(self.world.clone(), "", crate::Actor::Nobody).surface(Surface::Background)
    }
    /// Sets a value of the branch, declared in the manifest's `config`.
    pub fn set_config(&self, name: &str, value: &str) {
        self.world.borrow_mut().config.insert(name.to_owned(), value.to_owned());
    }
    /// Says how much money a customer has.
    pub fn set_balance(&self, subject: &str, balance: Money) {
        self.world.borrow_mut().kept.balances.insert(subject.to_owned(), balance.minor);
    }
    /// How much money a customer has.
    pub fn balance(&self, subject: &str) -> Money {
        Money::cny(self.world.borrow().kept.balance(subject))
    }
    /// Says what the bank knows about a customer, such as their `legal-name`.
    pub fn knows(&self, subject: &str, claim: &str, value: &str) {
        self.world.borrow_mut().facts.insert((subject.to_owned(), claim.to_owned()), value.to_owned());
    }
    /// Says that a question about a customer is answered with yes, such as `over-age` of `18`; all others with no.
    pub fn proves(&self, subject: &str, kind: &str, value: &str) {
        self.world.borrow_mut().proofs.insert((subject.to_owned(), kind.to_owned(), value.to_owned()));
    }
    /// The customer takes back all consents; programs can't read under them any more.
    pub fn withdraw_consents(&self, subject: &str) {
        let mut world = self.world.borrow_mut();
        let own = world.kept.consents.iter_mut().filter(|given| given.subject == subject);
        own.for_each(|given| given.withdrawn = true);
    }
    /// Adds a reviewed entry to the library.
    pub fn add_entry(&self, entry: Entry) {
        self.world.borrow_mut().library.push(entry);
    }
    /// Says how much the program may pay out.
    pub fn set_budget(&self, budget: Money) {
        self.world.borrow_mut().kept.budget = budget.minor;
    }
    /// Opens a campaign to every customer of the branch; `codes` are its one-time codes, where it gives coupons for those.
    pub fn open_campaign(&self, offer: &crate::payments::coupons::Offer, codes: &[&str]) {
        let offer = crate::bindings::xitai::payments::coupons::Offer {
            campaign: offer.campaign.clone(),
            title: offer.title.clone(),
            worth: offer.worth.into(),
            basis_points: offer.basis_points,
            minimum_spend: offer.minimum_spend.into(),
            price: offer.price.map(Into::into),
            until: offer.until_ms,
            by_code: offer.by_code,
        };
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        self.world.borrow_mut().campaigns.push(host_calls::coupons::Campaign { offer, codes });
    }
    /// Reviewers decide on what the program put forward under `id`: approved, it is in the library.
    pub fn decide_draft(&self, id: &str, approve: bool, note: &str) {
        use crate::bindings::xitai::content::authoring::Stage;
        let mut world = self.world.borrow_mut();
        let now_ms = world.now_ms;
        let found = world.kept.proposals.iter_mut().find(|proposal| proposal.id == id);
        let proposal = found.unwrap_or_else(|| panic!("nothing was put forward as {id}"));
        proposal.review.stage = if approve { Stage::Approved } else { Stage::Returned };
        if !approve {
            proposal.review.findings.push(note.to_owned());
            return;
        }
        let draft = proposal.draft.clone();
        let entry = Entry {
            id: id.to_owned(),
            kind: draft.kind,
            title: draft.title,
            summary: draft.summary,
            body: draft.body,
            image: draft.image,
            price: draft.price,
            published: now_ms,
            tags: draft.tags,
            opens: None,
            details: draft.details,
            documents: Vec::new(),
        };
        world.library.push(entry);
    }
    /// What customers complained about: the program's name for it, and their words. No program sees them.
    pub fn complaints(&self) -> Vec<(String, String)> {
        let world = self.world.borrow();
        world.kept.complaints.iter().map(|complaint| (complaint.about.clone(), complaint.text.clone())).collect()
    }
    /// What a counter stands at.
    pub fn counter(&self, name: &str) -> i64 {
        self.world.borrow().kept.counters.get(name).copied().unwrap_or_default()
    }
    /// A value of the branch, as the program keeps it.
    pub fn shared<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let world = self.world.borrow();
        let (value, _) = world.kept.shared.get(key)?;
        Some(serde_json::from_slice(value.as_ref()?).expect("a shared value of the type that the test names"))
    }
    /// Lines of the publisher's log so far.
    pub fn log(&self) -> Vec<String> {
        self.world.borrow().log.clone()
    }
    /// What the clock shows.
    pub fn now_ms(&self) -> i64 {
        self.world.borrow().now_ms
    }
    /// Lets time pass: payments and sheets expire, wake-ups come due, and all that follows is delivered.
    pub fn advance_ms(&self, ms: i64) {
        world::advance(&self.world, ms);
    }
}
