//! What the bank in memory keeps, and how an event runs through a program.

use super::checks;
use crate::bindings::exports::xitai::program::program as contract;
use crate::bindings::xitai::content::library::Entry;
use crate::bindings::xitai::payments::payments::{Order, Payment, Status};
use crate::{Context, Event, Failure, Outcome, SheetResult};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

pub(super) type Open = fn(Context, contract::Launch) -> Result<contract::Step, Failure>;
pub(super) type Update = fn(Context, Vec<u8>, Event) -> Result<contract::Step, Failure>;

/// Everything that a failed call leaves as it was.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pub storage: BTreeMap<(String, String), Vec<u8>>,
    /// A removed one keeps its version, without a value.
    pub shared: BTreeMap<String, (Option<Vec<u8>>, u64)>,
    pub counters: BTreeMap<String, i64>,
    pub payments: Vec<Bill>,
    pub mandates: Vec<super::host_calls::mandates::Given>,
    pub coupons: Vec<super::host_calls::coupons::Owned>,
    pub payouts: Vec<super::host_calls::payouts::Paid>,
    /// What the program may pay out.
    pub budget: i64,
    pub gifts: Vec<super::host_calls::red_envelopes::Gift>,
    pub proposals: Vec<Proposal>,
    pub ratings: Vec<Rated>,
    pub complaints: Vec<Complaint>,
    pub wakeups: BTreeMap<(usize, String), i64>,
    pub balances: BTreeMap<String, i64>,
    /// Sheets that wait and are no payment's, by ticket.
    pub asks: BTreeMap<String, Ask>,
    /// Calls to partners, in order.
    pub calls: Vec<Asked>,
    /// Notices that were sent, in order, and how many more each subject allows of a template.
    pub notices: Vec<Sent>,
    pub notices_allowed: BTreeMap<(String, String), u32>,
    /// Files that customers gave, by handle: whose, and what.
    pub files: BTreeMap<String, Given>,
    /// What was written for each subject and purpose, in order; keys of the program's own notes stand with them.
    pub threads: BTreeMap<(String, String), Vec<(String, crate::bindings::xitai::services::relationship::Message)>>,
    pub agreements: Vec<Signed>,
    pub consents: Vec<Consented>,
    /// When presence was proved on a sheet, by session.
    pub proved: BTreeMap<usize, i64>,
    /// Values of secure fields by ticket; absent until filled in.
    pub fields: BTreeMap<String, Option<String>>,
}

/// An agreement, and whose.
#[derive(Clone)]
pub(super) struct Signed {
    pub subject: String,
    pub key: String,
    pub agreement: crate::bindings::xitai::identity::agreements::Agreement,
}

/// A consent that somebody gave.
#[derive(Clone)]
pub(super) struct Consented {
    pub subject: String,
    pub consent: crate::bindings::xitai::identity::claims::Consent,
    pub withdrawn: bool,
}

/// A call to a partner.
#[derive(Clone)]
pub(super) struct Asked {
    pub id: String,
    pub session: usize,
    pub subject: String,
    pub request: crate::bindings::xitai::services::partner::Request,
    /// What the host put in: places and values.
    pub sealed: Vec<(String, String)>,
    pub answered: bool,
}

/// A file that a customer gave.
#[derive(Clone)]
pub(super) struct Given {
    pub subject: String,
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// A notice, and whom it reached.
#[derive(Clone)]
pub(super) struct Sent {
    pub id: String,
    pub to: String,
    pub at_ms: i64,
    pub notice: crate::bindings::xitai::services::notices::Notice,
}

/// What a person gives on a sheet: names and values.
pub(super) type Answers = BTreeMap<String, String>;

/// What comes of an agreement, and what the program is told with it.
pub(super) type Agree = Rc<dyn Fn(&mut Kept, &Answers) -> Option<String>>;

/// A sheet that is no payment's: what the customer's agreement makes of the bank, and what the program is told with it.
#[derive(Clone)]
pub(super) struct Ask {
    pub session: usize,
    /// The money that a tap must have armed, and the chain in which the ticket was made.
    pub arms: Option<(crate::bindings::xitai::types::values::Money, Option<u64>)>,
    pub agree: Agree,
}

impl Kept {
    pub fn balance(&self, subject: &str) -> i64 {
        self.balances.get(subject).copied().unwrap_or(100_000)
    }
}

/// A payment with what the bank knows beside it.
#[derive(Clone)]
pub(super) struct Bill {
    pub payment: Payment,
    pub order: Order,
    pub session: usize,
    pub subject: String,
    pub expires_ms: i64,
    pub armed_chain: Option<u64>,
    pub operations: Vec<String>,
}

/// Content that a program put forward.
#[derive(Clone)]
pub(super) struct Proposal {
    pub id: String,
    pub key: String,
    pub draft: crate::bindings::xitai::content::authoring::Draft,
    pub review: crate::bindings::xitai::content::authoring::Review,
}

/// A rating, and what it was paid with.
#[derive(Clone)]
pub(super) struct Rated {
    pub payment: String,
    pub about: String,
    pub key: String,
    pub first_ms: i64,
    pub rating: crate::bindings::xitai::content::feedback::Rating,
}

#[derive(Clone)]
pub(super) struct Complaint {
    pub id: String,
    pub subject: String,
    pub key: String,
    pub about: String,
    pub text: String,
}

pub(super) struct Session {
    pub ctx: Context,
    pub subject: String,
    pub surface: crate::Surface,
    pub roles: Vec<String>,
    pub update: Update,
    pub step: contract::Step,
    pub sheet: Option<String>,
    pub inbox: VecDeque<Event>,
    pub position: u64,
    pub armed: Option<Armed>,
    /// What the app did besides drawing since somebody last acted on this page.
    pub effects: Vec<crate::Effect>,
}

/// The money that a tap agreed to, and the chain in which a ticket may be made for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Armed {
    pub minor: i64,
    pub currency: String,
    pub chain: u64,
}

pub(super) struct World {
    pub now_ms: i64,
    pub kept: Kept,
    pub config: BTreeMap<String, String>,
    pub library: Vec<Entry>,
    pub campaigns: Vec<super::host_calls::coupons::Campaign>,
    /// Questions that are answered with yes, by subject, kind and value.
    pub proofs: std::collections::BTreeSet<(String, String, String)>,
    /// What the bank knows about customers, by subject and claim.
    pub facts: BTreeMap<(String, String), String>,
    pub sessions: Vec<Session>,
    pub log: Vec<String>,
    pub ids_given: u64,
    /// What `counters.next` gave out. A failed call leaves a gap, as on the host.
    pub series: BTreeMap<String, u64>,
}

impl World {
    pub fn new(now_ms: i64) -> Self {
        Self {
            now_ms,
            kept: Kept::default(),
            config: BTreeMap::new(),
            library: Vec::new(),
            campaigns: Vec::new(),
            facts: BTreeMap::new(),
            proofs: Default::default(),
            sessions: Vec::new(),
            log: Vec::new(),
            ids_given: 0,
            series: BTreeMap::new(),
        }
    }
}

/// The call that runs in this thread: what the host functions answer from.
pub(super) struct Call {
    pub world: Rc<RefCell<World>>,
    pub session: usize,
    pub subject: String,
    pub roles: Vec<String>,
    /// Staff or background: may use `merchant-payments`.
    pub acts_for_merchant: bool,
    pub chain: Option<u64>,
    pub host_calls: u32,
}

thread_local! {
    pub(super) static CALL: RefCell<Option<Call>> = const { RefCell::new(None) };
}

/// Runs `call` with the host functions answering from `world`; a failure leaves everything as it was.
pub(super) fn perform(
    world: &Rc<RefCell<World>>,
    call: Call,
    run: impl FnOnce() -> Result<contract::Step, Failure>,
) -> Result<contract::Step, Failure> {
    let session = call.session;
    let chain = call.chain;
    let before = world.borrow().kept.clone();
    CALL.set(Some(call));
    let outcome = run();
    CALL.set(None);
    let step = match outcome {
        Ok(step) => step,
        Err(failure) => {
            world.borrow_mut().kept = before;
            return Err(failure);
        }
    };
    checks::check_step(&step);
    if let Some(ticket) = &step.sheet {
        checks::check_sheet(&world.borrow(), session, chain, ticket);
    }
    tell_watchers(&mut world.borrow_mut(), session, &before);
    Ok(step)
}

/// Runs one event of a session that is open.
pub(super) fn run_event(world: &Rc<RefCell<World>>, index: usize, event: Event) -> Result<(), Failure> {
    let (ctx, state, update, call) = {
        let mut borrowed = world.borrow_mut();
        let now = borrowed.now_ms;
        let session = &mut borrowed.sessions[index];
        session.ctx.now = now;
        session.ctx.seed = seed_of(index, session.position + 1);
        let call = Call {
            world: world.clone(),
            session: index,
            subject: session.subject.clone(),
            roles: session.roles.clone(),
            acts_for_merchant: !session.ctx.is_customer(),
            chain: session.armed.as_ref().map(|armed| armed.chain),
            host_calls: 0,
        };
        (session.ctx.clone(), session.step.state.clone(), session.update, call)
    };
    let step = perform(world, call, move || update(ctx, state, event))?;
    let mut borrowed = world.borrow_mut();
    let session = &mut borrowed.sessions[index];
    session.position += 1;
    session.effects.extend(step.effects.iter().cloned());
    if step.sheet.is_some() {
        session.sheet.clone_from(&step.sheet);
        session.armed = None;
    }
    session.step = step;
    Ok(())
}

pub(super) fn seed_of(session: usize, position: u64) -> Vec<u8> {
    (0..32)
        .map(|byte| (position as u8).wrapping_mul(31).wrapping_add((session as u8).wrapping_mul(7)).wrapping_add(byte))
        .collect()
}

/// Puts `noticed` into the inbox of each session that watches what has changed, but not of the one that changed it.
fn tell_watchers(world: &mut World, changed_by: usize, before: &Kept) {
    let shared = world.kept.shared.iter().filter(|(key, value)| before.shared.get(*key) != Some(value));
    let counters = world.kept.counters.iter().filter(|(name, value)| before.counters.get(*name) != Some(value));
    let changed: Vec<String> =
        shared.map(|(key, _)| key.clone()).chain(counters.map(|(name, _)| name.clone())).collect();
    for (index, session) in world.sessions.iter_mut().enumerate() {
        for name in changed.iter().filter(|name| index != changed_by && session.step.watch.contains(name)) {
            let event = Event::Noticed(name.clone());
            if !session.inbox.contains(&event) {
                session.inbox.push_back(event);
            }
        }
    }
    // A refund or capture by staff is told to the session that made the payment.
    for bill in &world.kept.payments {
        let was = before.payments.iter().find(|old| old.payment.id == bill.payment.id);
        if was.is_some_and(|old| old.payment != bill.payment) && bill.session != changed_by {
            world.sessions[bill.session].inbox.push_back(Event::Changed(bill.payment.id.clone()));
        }
    }
}

/// Delivers what waits in inboxes until the bank is still.
pub(super) fn settle(world: &Rc<RefCell<World>>) {
    for _ in 0..10_000 {
        let next = {
            let mut borrowed = world.borrow_mut();
            let waiting = borrowed.sessions.iter_mut().enumerate().find(|(_, session)| !session.inbox.is_empty());
            waiting.and_then(|(index, session)| session.inbox.pop_front().map(|event| (index, event)))
        };
        let Some((index, event)) = next else { return };
        if let Err(failure) = run_event(world, index, event.clone()) {
            panic!("the program failed on {event:?}: {failure:?}");
        }
    }
    panic!("the sessions keep waking each other: 10,000 events and no end");
}

/// Moves the clock and lets everything that comes due happen.
pub(super) fn advance(world: &Rc<RefCell<World>>, ms: i64) {
    {
        let mut borrowed = world.borrow_mut();
        borrowed.now_ms += ms;
        super::host_calls::red_envelopes::give_back(&mut borrowed);
        let now = borrowed.now_ms;
        let World { kept, sessions, .. } = &mut *borrowed;
        for bill in kept.payments.iter_mut().filter(|bill| bill.expires_ms <= now) {
            if !matches!(bill.payment.status, Status::Draft | Status::AwaitingConfirmation) {
                continue;
            }
            bill.payment.status = Status::Expired;
            bill.payment.updated = now;
            let session = &mut sessions[bill.session];
            let ticket = bill.payment.ticket.take();
            match ticket {
                Some(ticket) if session.sheet.as_ref() == Some(&ticket) => {
                    session.sheet = None;
                    session.inbox.push_back(closed(ticket, Outcome::Expired, None));
                }
                _ => session.inbox.push_back(Event::Changed(bill.payment.id.clone())),
            }
        }
        let due: Vec<(usize, String)> =
            kept.wakeups.iter().filter(|(_, at)| **at <= now).map(|(key, _)| key.clone()).collect();
        for (session, key) in due {
            kept.wakeups.remove(&(session, key.clone()));
            sessions[session].inbox.push_back(Event::Woken(key));
        }
    }
    settle(world);
}

pub(super) fn closed(ticket: String, outcome: Outcome, text: Option<String>) -> Event {
    Event::SheetClosed(SheetResult { ticket, outcome, text })
}
