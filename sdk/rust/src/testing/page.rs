//! A page that somebody has open.

use super::world::{self, Armed, Call, Session, World};
use super::{checks, drawing};
use crate::bindings::exports::xitai::program::program as contract;
use crate::bindings::xitai::payments::payments::Status;
use crate::bindings::xitai::program::screen::{Element, Screen};
use crate::{
    Actor, Channel, Context, Effect, Event, Failure, Money, Outcome, Program, Reply, Response, Submission, Surface,
    Tap, program,
};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Somebody who is about to open the program.
pub struct Visit {
    world: Rc<RefCell<World>>,
    subject: String,
    roles: Vec<String>,
    surface: Surface,
    query: Vec<(String, String)>,
    ctx: Context,
}

impl Visit {
    pub(super) fn new(world: Rc<RefCell<World>>, subject: &str, actor: Actor) -> Self {
        let roles = match &actor {
            Actor::Staff(role) => vec![role.clone()],
            _ => Vec::new(),
        };
        let ctx = Context {
            now: world.borrow().now_ms,
            channel: Channel::Phone,
            locale: "zh-CN".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            utc_offset_minutes: 480,
            elder_mode: false,
            branch: "suzhou".to_owned(),
            actor,
            practice: false,
            supports: Vec::new(),
            seed: Vec::new(),
        };
        Self { world, subject: subject.to_owned(), roles, surface: Surface::Page, query: Vec::new(), ctx }
    }
    /// The customer's language, such as `en`.
    pub fn locale(mut self, locale: &str) -> Self {
        self.ctx.locale = locale.to_owned();
        self
    }
    /// The channel, a phone unless said otherwise.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.ctx.channel = channel;
        self
    }
    /// Whether the customer asked for large type and fewer steps.
    pub fn elder_mode(mut self) -> Self {
        self.ctx.elder_mode = true;
        self
    }
    /// The surface, a page unless said otherwise.
    pub fn surface(mut self, surface: Surface) -> Self {
        self.surface = surface;
        self
    }
    /// A parameter of the link.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }
    /// Opens the program on one of its pages. A failure of the program fails the test.
    pub fn open<P: Program>(self, page: &str) -> Page {
        self.try_open::<P>(page).unwrap_or_else(|failure| panic!("the program failed to open: {failure:?}"))
    }
    /// Opens the program, or says how it failed.
    pub fn try_open<P: Program>(self, page: &str) -> Result<Page, Failure> {
        let world = self.world.clone();
        let session = world.borrow().sessions.len();
        let mut ctx = self.ctx;
        ctx.now = world.borrow().now_ms;
        ctx.seed = world::seed_of(session, 1);
        let launch =
            contract::Launch { page: page.to_owned(), query: self.query, signed: Vec::new(), surface: self.surface };
        let call = Call {
            world: world.clone(),
            session,
            subject: self.subject.clone(),
            roles: self.roles.clone(),
            acts_for_merchant: !ctx.is_customer(),
            chain: None,
            host_calls: 0,
        };
        let open: world::Open = program::open::<P>;
        let opening = ctx.clone();
        let step = world::perform(&world, call, move || open(opening, launch))?;
        world.borrow_mut().sessions.push(Session {
            ctx,
            subject: self.subject,
            surface: self.surface,
            roles: self.roles,
            update: program::update::<P>,
            effects: step.effects.clone(),
            step,
            sheet: None,
            inbox: VecDeque::new(),
            position: 1,
            armed: None,
        });
        world::settle(&world);
        Ok(Page { world, session })
    }
}

/// A call to a partner, as a test sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerCall {
    /// What [`crate::services::partner::Call::send`] gave.
    pub id: String,
    /// As the manifest names it.
    pub endpoint: String,
    /// Such as `POST`.
    pub method: String,
    /// Below the endpoint's own address.
    pub path: String,
    /// As the program made it.
    pub body: Vec<u8>,
    /// Places in the body, and the values that the host puts there.
    pub sealed: Vec<(String, String)>,
}

/// A page that somebody has open. Every action delivers all that follows from it before it returns.
pub struct Page {
    world: Rc<RefCell<World>>,
    session: usize,
}

impl Page {
    /// Taps a node. A button sends its value along and arms its amount.
    pub fn tap(&mut self, id: &str) {
        self.try_tap(id).unwrap_or_else(|failure| panic!("the program failed on a tap of `{id}`: {failure:?}"));
    }
    /// Taps a node, or says how the program failed.
    pub fn try_tap(&mut self, id: &str) -> Result<(), Failure> {
        let screen = self.screen();
        let value = match &checks::node_to_tap(&screen, id).element {
            Element::Button(button) => button.value.clone(),
            _ => None,
        };
        self.send(id, Event::Tapped(Tap { id: id.to_owned(), value }))
    }
    /// Sets a quantity, toggle or choice that stands outside of a form.
    pub fn set(&mut self, id: &str, value: &str) {
        let screen = self.screen();
        let node = checks::node_to_tap(&screen, id);
        if let (Element::Quantity(quantity), Ok(number)) = (&node.element, value.parse::<u32>()) {
            assert!((quantity.minimum..=quantity.maximum).contains(&number), "`{id}` does not go to {number}");
        }
        let event = Event::Tapped(Tap { id: id.to_owned(), value: Some(value.to_owned()) });
        self.send(id, event).unwrap_or_else(|failure| panic!("the program failed on `{id}`: {failure:?}"));
    }
    /// Submits a form by one of its buttons. Fields that `values` leaves out keep what they show.
    pub fn submit(&mut self, form: &str, button: &str, values: &[(&str, &str)]) {
        let values = self.filled(form, values);
        let event = Event::Submitted(Submission { form: form.to_owned(), button: button.to_owned(), values });
        self.send(button, event).unwrap_or_else(|failure| panic!("the program failed on `{form}`: {failure:?}"));
    }
    /// The customer comes back.
    pub fn resume(&mut self) {
        self.deliver(Event::Resumed);
    }
    /// Any event of the host's.
    pub fn deliver(&mut self, event: Event) {
        let text = format!("{event:?}");
        self.run(event).unwrap_or_else(|failure| panic!("the program failed on {text}: {failure:?}"));
    }
    /// Confirms the open sheet: the money moves if there is enough of it.
    pub fn confirm_sheet(&mut self) {
        self.confirm_sheet_with(&[]);
    }
    /// Confirms the open sheet with what it asks for, such as `("answer", "…")` of a scanned code.
    pub fn confirm_sheet_with(&mut self, answers: &[(&str, &str)]) {
        let ticket = self.take_sheet();
        let ask = self.world.borrow_mut().kept.asks.remove(&ticket);
        if let Some(ask) = ask {
            let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let text = (ask.agree)(&mut self.world.borrow_mut().kept, &answers);
            return self.deliver(world::closed(ticket, Outcome::Agreed, text));
        }
        let outcome = {
            let mut world = self.world.borrow_mut();
            let now = world.now_ms;
            let kept = &mut world.kept;
            let bill = kept.payments.iter_mut().find(|bill| bill.payment.ticket.as_ref() == Some(&ticket));
            let bill = bill.expect("an open sheet has its payment");
            let payable = bill.payment.payable.minor;
            let balance = kept.balances.get(&bill.subject).copied().unwrap_or(100_000);
            let enough = balance >= payable;
            bill.payment.ticket = None;
            bill.payment.updated = now;
            bill.payment.status = match (enough, bill.order.capture_later) {
                (false, _) => Status::Declined,
                (true, true) => Status::Authorised,
                (true, false) => Status::Settled,
            };
            if enough {
                kept.balances.insert(bill.subject.clone(), balance - payable);
                if !bill.order.capture_later {
                    bill.payment.captured = bill.payment.payable.clone();
                }
                Outcome::Agreed
            } else {
                bill.payment.decline_code = Some("funds.insufficient".to_owned());
                Outcome::Failed
            }
        };
        self.deliver(world::closed(ticket, outcome, None));
    }
    /// Declines the open sheet.
    pub fn decline_sheet(&mut self) {
        let ticket = self.take_sheet();
        let mut world = self.world.borrow_mut();
        if world.kept.asks.remove(&ticket).is_some() {
            drop(world);
            return self.deliver(world::closed(ticket, Outcome::Declined, None));
        }
        let bill = world.kept.payments.iter_mut().find(|bill| bill.payment.ticket.as_ref() == Some(&ticket));
        let bill = bill.expect("an open sheet has its payment");
        bill.payment.ticket = None;
        bill.payment.status = Status::Cancelled;
        drop(world);
        self.deliver(world::closed(ticket, Outcome::Declined, None));
    }
    /// Fills in a secure field of the page, as the customer does in the host's own input.
    pub fn fill_secure(&mut self, id: &str, value: &str) {
        let screen = self.screen();
        let node = screen.nodes.iter().find(|node| node.id == id).unwrap_or_else(|| panic!("there is no `{id}`"));
        let Element::SecureField(ticket) = &node.element else { panic!("`{id}` is no secure field") };
        let mut world = self.world.borrow_mut();
        let field = world.kept.fields.get_mut(ticket).unwrap_or_else(|| panic!("the field of `{id}` is over"));
        *field = Some(value.to_owned());
    }
    /// The calls to partners of this page that wait for an answer, oldest first: method and path, and the whole body
    /// with the values that the host has put in, as places and values.
    pub fn calls(&self) -> Vec<PartnerCall> {
        let world = self.world.borrow();
        let waiting = world.kept.calls.iter().filter(|asked| asked.session == self.session && !asked.answered);
        waiting
            .map(|asked| PartnerCall {
                id: asked.id.clone(),
                endpoint: asked.request.endpoint.clone(),
                method: asked.request.method.clone(),
                path: asked.request.path.clone(),
                body: asked.request.body.clone(),
                sealed: asked.sealed.clone(),
            })
            .collect()
    }
    /// The partner answers the oldest call that waits.
    pub fn reply(&mut self, status: u16, body: &str) {
        let response = Response { status, body: body.as_bytes().to_vec() };
        self.answer_call(Ok(response));
    }
    /// The host gives up on the oldest call that waits, with a code such as `partner.outcome-unknown`.
    pub fn reply_failed(&mut self, code: &str) {
        self.answer_call(Err(code.to_owned()));
    }
    fn answer_call(&mut self, answer: Result<Response, String>) {
        let call = {
            let (session, mut world) = (self.session, self.world.borrow_mut());
            let waiting = world.kept.calls.iter_mut().find(|asked| asked.session == session && !asked.answered);
            let asked = waiting.expect("a call to a partner waits");
            asked.answered = true;
            asked.id.clone()
        };
        self.deliver(Event::Replied(Reply { call, answer }));
    }
    /// What the open sheet asks for.
    pub fn sheet(&self) -> Option<Money> {
        let world = self.world.borrow();
        let ticket = world.sessions[self.session].sheet.as_ref()?;
        let bill = world.kept.payments.iter().find(|bill| bill.payment.ticket.as_ref() == Some(ticket))?;
        Some(bill.payment.payable.clone().into())
    }
    /// The screen as plain text.
    pub fn drawing(&self) -> String {
        drawing::draw(&self.screen())
    }
    /// Fails the test unless the drawing has every one of `texts` in it.
    #[track_caller]
    pub fn shows(&self, texts: &[&str]) {
        let drawing = self.drawing();
        for text in texts {
            assert!(drawing.contains(text), "`{text}` is not on the screen:\n{drawing}");
        }
    }
    /// Fails the test if the drawing has one of `texts` in it.
    #[track_caller]
    pub fn shows_not(&self, texts: &[&str]) {
        let drawing = self.drawing();
        for text in texts {
            assert!(!drawing.contains(text), "`{text}` is on the screen:\n{drawing}");
        }
    }
    /// The screen itself.
    pub fn screen(&self) -> Screen {
        self.world.borrow().sessions[self.session].step.screen.clone()
    }
    /// What the app did besides drawing since somebody last acted on this page.
    pub fn effects(&self) -> Vec<Effect> {
        self.world.borrow().sessions[self.session].effects.clone()
    }
    /// What the program keeps, as the bytes that the host sees.
    pub fn state(&self) -> Vec<u8> {
        self.world.borrow().sessions[self.session].step.state.clone()
    }

    /// A customer's event on a node: arms the amount of the button acted on, or disarms.
    fn send(&mut self, acted_on: &str, event: Event) -> Result<(), Failure> {
        let screen = self.screen();
        let node = checks::node_to_tap(&screen, acted_on);
        {
            let mut world = self.world.borrow_mut();
            let session = &mut world.sessions[self.session];
            assert!(session.sheet.is_none(), "a sheet is open; nothing behind it can be acted on");
            let chain = session.position + 1;
            session.armed = match &node.element {
                Element::Button(button) if session.surface == Surface::Page => button
                    .amount
                    .as_ref()
                    .map(|amount| Armed { minor: amount.minor, currency: amount.currency.clone(), chain }),
                _ => None,
            };
        }
        self.run(event)
    }
    fn run(&mut self, event: Event) -> Result<(), Failure> {
        self.world.borrow_mut().sessions[self.session].effects.clear();
        world::run_event(&self.world, self.session, event)?;
        world::settle(&self.world);
        Ok(())
    }
    fn take_sheet(&mut self) -> String {
        let sheet = self.world.borrow_mut().sessions[self.session].sheet.take();
        sheet.unwrap_or_else(|| panic!("no sheet is open:\n{}", self.drawing()))
    }
    /// What the fields of a form hold once `values` are filled in.
    fn filled(&self, form: &str, values: &[(&str, &str)]) -> Vec<(String, String)> {
        let screen = self.screen();
        let form_node = screen.nodes.iter().find(|node| node.id == form && node.element == Element::Form);
        let form_node = form_node.unwrap_or_else(|| panic!("no form `{form}`:\n{}", drawing::draw(&screen)));
        let mut filled = Vec::new();
        let mut waiting: Vec<u32> = form_node.children.clone();
        let mut known: Vec<&str> = Vec::new();
        while let Some(index) = waiting.pop() {
            let node = &screen.nodes[index as usize];
            waiting.extend(&node.children);
            let shown: Vec<String> = match &node.element {
                Element::TextField(field) => vec![field.value.clone()],
                Element::Choice(choice) => choice.selected.clone(),
                Element::Toggle(toggle) => vec![if toggle.on { "true" } else { "false" }.to_owned()],
                Element::DateField(field) => field.value.iter().cloned().collect(),
                Element::Quantity(quantity) => vec![quantity.value.to_string()],
                _ => continue,
            };
            known.push(&node.id);
            let typed: Vec<&str> = values.iter().filter(|(id, _)| *id == node.id).map(|(_, value)| *value).collect();
            let held = if typed.is_empty() { shown } else { typed.into_iter().map(str::to_owned).collect() };
            filled.extend(held.into_iter().map(|value| (node.id.clone(), value)));
        }
        for (id, _) in values {
            assert!(known.contains(id), "the form `{form}` has no field `{id}`:\n{}", drawing::draw(&screen));
        }
        filled
    }
}
