//! Performing a scene, turn by turn. Each turn is one second after the one before, and everything that follows from it
//! has happened before the next begins.

use super::bank::Bank;
use super::record::{Played, PlayedTurn, TurnCost, in_words};
use super::{Unplayed, partner, rail};
use crate::app::cost::Heard;
use crate::app::ctx::Ctx;
use crate::app::session::{self, Open, SessionView};
use crate::app::sheet::{self, Decision};
use crate::app::{event, inbox, secure_field};
use crate::http::problem::{Problem, fault_code, fault_text};
use crate::jobs;
use crate::render::{chat, text};
use crate::words::{Locale, Words};
use std::collections::BTreeMap;
use std::time::Duration;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::{DeviceId, SessionId, TicketId};
use xitai_model::journal::HostCall;
use xitai_model::journey::Origin;
use xitai_model::limits::INBOX_MAX;
use xitai_model::program::{Channel, Effect, Event};
use xitai_model::scene::{Act, Came, Given, Opened, Scene, SheetAct, Turn};
use xitai_model::screen::{Element, Screen};
use xitai_model::sheet::Answers;

const TURN_MS: i64 = 1_000;
/// Time passes in at most so many strides, between which everybody hears what happened.
const STRIDES_MAX: i64 = 32;
/// How long a page's own inbox may run: far longer than its calls may take.
const SETTLE: Duration = Duration::from_secs(30);
/// Rounds of what follows from what followed, before it is taken to have no end.
const ROUNDS_MAX: usize = 64;
/// Steps of one turn whose host calls are told.
const STEPS_MAX: usize = 256;

type Done<T> = Result<T, Problem>;

/// Somebody's open page.
#[derive(Debug, Clone)]
pub struct Page {
    pub session: SessionId,
    client_seq: u64,
    channel: Channel,
    locale: String,
}

impl Page {
    pub fn of(session: SessionId, channel: Channel, locale: String) -> Self {
        Self { session, client_seq: 0, channel, locale }
    }
}

pub type Pages = BTreeMap<String, Page>;

pub struct Player<'a> {
    pub bank: &'a Bank,
    given: &'a Given,
    channel: Channel,
    /// The scene's turns may not choose another.
    is_told: bool,
    pub pages: Pages,
    /// The calls of the newest turn.
    pub heard: Vec<Heard>,
}

impl<'a> Player<'a> {
    pub fn new(bank: &'a Bank, given: &'a Given, channel: Option<Channel>) -> Self {
        let (is_told, channel) = (channel.is_some(), channel.unwrap_or(given.channel));
        Self { bank, given, channel, is_told, pages: Pages::new(), heard: Vec::new() }
    }

    pub(super) async fn play(mut self, scene: &Scene) -> Result<Played, Unplayed> {
        let mut turns = Vec::with_capacity(scene.turns.len());
        for (number, turn) in scene.turns.iter().enumerate() {
            turns.push(self.turn(number as u64 + 1, turn).await?);
        }
        Ok(Played { file: scene.file.clone(), title: scene.title.clone(), channel: self.channel, turns })
    }

    /// One turn, and what is to be seen after it. An `Err` is this machine's fault.
    pub async fn turn(&mut self, number: u64, turn: &Turn) -> Result<PlayedTurn, Unplayed> {
        let before = self.begin(number, turn).await;
        let acted = self.act(turn).await;
        self.end(turn, before, acted).await
    }

    /// Lets the second of a turn pass; the position of the page that it is about.
    pub async fn begin(&mut self, number: u64, turn: &Turn) -> u64 {
        self.bank.clock.begin(number);
        self.bank.clock.move_to(self.bank.clock.now_ms() + TURN_MS);
        match (&turn.act, turn.who.as_deref()) {
            (Act::Open(_), _) | (_, None) => 0,
            (_, Some(who)) => self.view(who, None).await.map_or(0, |view| view.position),
        }
    }

    /// Lets everything happen that follows from a turn, and looks at what came.
    pub async fn end(&mut self, turn: &Turn, before: u64, acted: Done<()>) -> Result<PlayedTurn, Unplayed> {
        let who = turn.who.as_deref();
        let followed = self.follow().await;
        self.heard = self.bank.app.costs.take();
        let heard = &self.heard;
        let fell = heard.iter().find_map(Heard::fell);
        let problem = acted.err().or(followed.err());
        if let Some(broken @ Unplayed::Machine(_)) = problem.as_ref().map(Unplayed::of) {
            return Err(broken);
        }
        let (refused, detail) = match (&problem, fell) {
            // What it fell on says more than what its customer is told.
            (_, Some(fault)) => (Some(fault_code(fault)), fault_text(fault)),
            (Some(problem), None) => (Some(problem.code), problem.detail.clone().unwrap_or_default()),
            (None, None) => (None, String::new()),
        };
        let mut came = Came { refused: refused.map(|code| code.code.to_owned()), detail, ..Came::default() };
        let mut screen = None;
        if let Some(who) = who
            && let Ok(view) = self.view(who, Some(before)).await
        {
            let (channel, drawing) = self.drawing(who);
            came.screen = Some(text::on(channel, &view.screen, &drawing));
            came.sheet = view.sheet.as_ref().map_or_else(String::new, |open| {
                let asks = (open.kind, open.then.as_deref());
                text::sheet_on(channel, asks, &(&open.body).into(), &open.program, &drawing)
            });
            came.effects = view.effects.iter().map(|effect: &Effect| effect.kind.clone()).collect();
            came.asked =
                self.asked(&view.session, before, view.position).await.map_err(|fault| Unplayed::of(&fault))?;
            screen = Some(view.screen);
        }
        let cost = self.heard.iter().fold(TurnCost::default(), |most, heard| {
            most.most(TurnCost { compute_us: heard.cost.compute_us, memory_bytes: heard.cost.memory_bytes })
        });
        let differences = turn.differences(&came);
        Ok(PlayedTurn { line: turn.line, who: turn.who.clone(), act: in_words(turn), came, screen, cost, differences })
    }

    /// Everything that follows from what happened: partners are not asked, they speak when the scene says so.
    pub async fn follow(&self) -> Done<()> {
        let app = &self.bank.app;
        for _ in 0..ROUNDS_MAX {
            jobs::pass(app).await?;
            let waiting = app.store.inbox_sessions(0, INBOX_MAX).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let before = waiting.len();
            for waiting in &waiting {
                inbox::settle(app, &waiting.session, SETTLE).await;
            }
            let after = app.store.inbox_sessions(0, INBOX_MAX).await?;
            // A program that falls on an event is tried again later, as it would be.
            if after.len() == before && after.iter().map(|one| one.oldest).eq(waiting.iter().map(|one| one.oldest)) {
                self.bank.clock.move_to(self.bank.clock.now_ms() + TURN_MS);
            }
        }
        Ok(())
    }

    async fn act(&mut self, turn: &Turn) -> Done<()> {
        let who = turn.who.as_deref().unwrap_or_default();
        match &turn.act {
            Act::Open(opened) => self.open(who, opened).await,
            Act::Tap { node, value } => self.post(who, Event::Tapped { id: node.clone(), value: value.clone() }).await,
            Act::Submit { form, button, values, emptied } => {
                let view = self.view(who, None).await?;
                let values = filled(&view.screen, form, values, emptied);
                self.post(who, Event::Submitted { form: form.clone(), button: button.clone(), values }).await
            }
            Act::Fill { node, value } => self.fill(who, node, value).await,
            Act::Sheet(decided) => self.decide(who, decided).await,
            Act::Look => self.view(who, None).await.map(|_| ()),
            Act::Leave => self.post(who, Event::Hidden).await,
            Act::Resume => self.post(who, Event::Resumed).await,
            Act::Wait { ms } => self.wait(*ms).await,
            Act::Partner { endpoint, answer } => partner::speaks(self.bank, endpoint, answer).await,
            Act::Webhook { endpoint, topic, of_call, body } => {
                partner::tells(self.bank, endpoint, topic, *of_call, body).await
            }
            Act::Core(core) => rail::speaks(self.bank, core).await,
        }
    }

    fn ctx(&self, who: &str) -> Done<Ctx> {
        self.bank.ctx(who).ok_or_else(|| Problem::internal(format!("{who} is nobody")))
    }

    fn page(&self, who: &str) -> Done<&Page> {
        self.pages
            .get(who)
            .ok_or_else(|| Problem::new(code::SESSION_NOT_FOUND).detail(format!("{who} has no page open")))
    }

    /// Where somebody's page is, and what drawing it needs.
    pub fn drawing(&self, who: &str) -> (Channel, chat::Drawing) {
        let page = self.pages.get(who);
        let channel = page.map_or(self.channel, |page| page.channel);
        let locale = page.and_then(|page| Locale::of_tag(&page.locale)).unwrap_or(Locale::ZhCn);
        let zone = self.given.zone.parse().unwrap_or(self.bank.app.config.zone);
        (channel, chat::Drawing { words: Words::of(locale, zone), now_ms: self.bank.clock.now_ms() })
    }

    /// Somebody's page, with the effects since a position.
    pub async fn view(&self, who: &str, after: Option<u64>) -> Done<SessionView> {
        let page = self.page(who)?;
        session::view(&self.bank.app, &self.ctx(who)?, &page.session, after).await
    }

    async fn open(&mut self, who: &str, opened: &Opened) -> Done<()> {
        let given = self.given;
        let channel = opened.channel.filter(|_| !self.is_told).unwrap_or(self.channel);
        let locale = opened.locale.clone().unwrap_or_else(|| given.locale.clone());
        let open = Open {
            program: self.bank.release.id.program.clone(),
            page: Some(opened.page.clone()),
            query: opened.query.clone(),
            branch: Some(self.bank.branch.clone()),
            channel,
            locale: Some(locale.clone()),
            zone: Some(given.zone.clone()),
            elder_mode: Some(opened.elder_mode),
            surface: opened.surface,
            practice: false,
            code: None,
            origin: Origin::Other,
        };
        let view = session::open(&self.bank.app, &self.ctx(who)?, open).await?;
        self.pages.insert(who.to_owned(), Page::of(view.session, channel, locale));
        Ok(())
    }

    async fn post(&mut self, who: &str, event: Event) -> Done<()> {
        let view = self.view(who, None).await?;
        let (ctx, device) = (self.ctx(who)?, DeviceId::parse("scene")?);
        let page = self.pages.get_mut(who).ok_or_else(|| Problem::new(code::SESSION_NOT_FOUND))?;
        let posted = event::Posted { device, client_seq: page.client_seq + 1, seen: view.position, event };
        event::post(&self.bank.app, &ctx, &page.session, posted).await?;
        page.client_seq += 1;
        Ok(())
    }

    async fn fill(&self, who: &str, node: &str, value: &str) -> Done<()> {
        let view = self.view(who, None).await?;
        let ticket = match view.screen.node(node).map(|node| &node.element) {
            Some(Element::SecureField(ticket)) => ticket,
            _ => return Err(Problem::new(code::SECURE_FIELD_NOT_FOUND).detail(node)),
        };
        secure_field::fill(&self.bank.app, &self.ctx(who)?, &view.session, ticket, value).await.map(|_| ())
    }

    async fn decide(&self, who: &str, decided: &SheetAct) -> Done<()> {
        let view = self.view(who, None).await?;
        let open = view.sheet.ok_or_else(|| Problem::new(code::SHEET_NOT_OPEN))?;
        if *decided == SheetAct::Expire {
            self.bank.clock.move_to(open.expires_ms + 1);
            return self.follow().await;
        }
        let ticket = TicketId::parse(&open.ticket)?;
        let decision = match decided {
            SheetAct::Confirm(answers) => {
                let digest = Digest::parse(&open.digest).ok_or_else(|| Problem::internal("a sheet has its digest"))?;
                Decision::Confirm(digest, Answers::of(answers.clone(), None)?)
            }
            _ => Decision::Decline,
        };
        // Nobody confirms what they have only just seen.
        self.bank.clock.move_to(open.confirm_after_ms);
        sheet::decide(&self.bank.app, &self.ctx(who)?, &view.session, &ticket, decision).await.map(|_| ())
    }

    async fn wait(&self, ms: i64) -> Done<()> {
        let begun_ms = self.bank.clock.now_ms();
        let strides = (ms / TURN_MS).clamp(1, STRIDES_MAX);
        for stride in 1..=strides {
            self.bank.clock.move_to(begun_ms + ms * stride / strides);
            self.follow().await?;
        }
        Ok(())
    }

    /// The host's functions that the steps of a turn called, in order; repeats in a row are counted.
    async fn asked(&self, session: &SessionId, before: u64, after: u64) -> Done<Vec<String>> {
        if after == before {
            return Ok(Vec::new());
        }
        let steps = self.bank.app.store.steps(session, before + 1, STEPS_MAX).await?;
        let calls = steps.iter().flat_map(|step| &step.body.calls);
        let mut asked: Vec<(String, u32)> = Vec::new();
        for HostCall { function, .. } in calls {
            match asked.last_mut().filter(|(last, _)| last == function) {
                Some((_, count)) => *count += 1,
                None => asked.push((function.clone(), 1)),
            }
        }
        let one = |(function, count)| if count == 1 { function } else { format!("{function} ×{count}") };
        Ok(asked.into_iter().map(one).collect())
    }
}

/// What the fields of a form hold once these values are entered: those that are left out keep what they show, as in a
/// browser, and those that are emptied send nothing.
fn filled(screen: &Screen, form: &str, values: &[(String, String)], emptied: &[String]) -> Vec<(String, String)> {
    let fields = screen.below_id(form);
    // The host refuses what names no field of the form, so that a slip in a name is found.
    let unknown = emptied.iter().filter(|name| !fields.iter().any(|node| node.id == **name));
    let mut all: Vec<(String, String)> = values.to_vec();
    all.extend(unknown.map(|name| (name.clone(), String::new())));
    for node in fields.iter().filter(|node| !emptied.contains(&node.id)) {
        if values.iter().any(|(name, _)| *name == node.id) {
            continue;
        }
        let shown: Vec<String> = match &node.element {
            Element::TextField(field) => vec![field.value.clone()],
            Element::Choice(choice) => choice.selected.clone(),
            Element::Toggle(toggle) => vec![toggle.on.to_string()],
            Element::DateField(field) => field.value.iter().cloned().collect(),
            Element::Quantity(quantity) => vec![quantity.value.to_string()],
            _ => Vec::new(),
        };
        all.extend(shown.into_iter().map(|value| (node.id.clone(), value)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use xitai_model::screen::{Choice, Node};

    fn node(id: &str, element: Element, children: &[u32]) -> Node {
        Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    /// A form with a choice of many, of which two are chosen.
    fn form() -> Screen {
        let choice = Choice {
            options: vec![pair("a", "A"), pair("b", "B"), pair("c", "C")],
            selected: vec!["a".to_owned(), "b".to_owned()],
            many: true,
            required: false,
        };
        let nodes = vec![node("sides", Element::Choice(choice), &[]), node("form", Element::Form, &[0])];
        Screen { title: String::new(), nodes, root: 1 }
    }

    #[test]
    fn a_choice_that_is_left_out_keeps_what_it_shows_and_an_emptied_one_sends_nothing() {
        let filled = |values: &[(String, String)], emptied: &[&str]| {
            let emptied: Vec<String> = emptied.iter().map(|name| (*name).to_owned()).collect();
            super::filled(&form(), "form", values, &emptied)
        };
        assert_eq!(filled(&[], &[]), [pair("sides", "a"), pair("sides", "b")]);
        assert_eq!(filled(&[pair("sides", "c")], &[]), [pair("sides", "c")]);
        assert!(filled(&[], &["sides"]).is_empty());
        // What is no field is sent, so that the host says so.
        assert_eq!(filled(&[], &["sides", "side"]), [pair("side", "")]);
    }
}
