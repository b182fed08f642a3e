//! What a message comes to: the model says what it means, here it is done.

use super::leads::{self, Leads};
use super::row::Row;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::event::{self, Posted};
use crate::app::handover::{self as handovers, Arrival, Taken};
use crate::app::launch::{self, Listed};
use crate::app::launch_code::{self, Said};
use crate::app::me;
use crate::app::session::{self, Open, SessionView};
use crate::app::sheet::{self, Decision};
use crate::http::problem::Problem;
use crate::render::chat::{self as drawn, Drawing};
use crate::render::web::sheet::BodyFace;
use crate::words::{Locale, Words};
use std::sync::Arc;
use std::time::Duration;
use xitai_model::chat::{
    Decided, Doing, Heard, Incoming, Place, Saying, Standing, confirm_word, decide, hear, still_means,
};
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::handover::{Purpose, Taker};
use xitai_model::identity::Level;
use xitai_model::ids::{DeviceId, ProgramId, TicketId};
use xitai_model::limits::CHAT_PROGRAMS_MAX;
use xitai_model::program::Channel;
use xitai_model::screen::Screen;
use xitai_model::sheet::Answers;

/// The name of a chat among the devices of a session.
const DEVICE: &str = "chat";

/// What a message comes to.
pub(super) enum Came {
    Answer { at: Standing, says: Vec<Saying> },
    Does(Doing),
    Links(Box<Taken>),
}

type Done<T> = Result<T, Problem>;

/// Somebody's talk while a message of theirs is answered.
struct Turn<'a> {
    app: &'a Arc<App>,
    ctx: &'a Ctx,
    row: &'a Row,
    drawing: Drawing,
    at: Standing,
    says: Vec<Saying>,
}

impl<'a> Turn<'a> {
    fn of(app: &'a Arc<App>, ctx: &'a Ctx, row: &'a Row) -> Self {
        let profile = ctx.customer().map(|customer| &customer.profile);
        let locale = profile.and_then(|it| Locale::of_tag(&it.locale)).unwrap_or(Locale::ZhCn);
        let zone = profile.and_then(|it| it.zone.parse().ok()).unwrap_or(app.config.zone);
        let drawing = Drawing { words: Words::of(locale, zone), now_ms: ctx.now_ms };
        Self { app, ctx, row, drawing, at: row.talk.at.clone(), says: Vec::new() }
    }
    fn words(&self) -> Words {
        self.drawing.words
    }
    fn say(&mut self, key: &str) {
        let text = self.words().say(key);
        self.says.push(text.into());
    }
    fn answer(self) -> Came {
        Came::Answer { at: self.at, says: self.says }
    }
    fn is_stranger(&self) -> bool {
        self.ctx.customer().is_none_or(|customer| customer.level == Level::Visitor)
    }
}

/// Finds out what a message means, and does it. A refusal is an answer like any other; an `Err` is this host's trouble.
pub(super) async fn act(app: &Arc<App>, ctx: &Ctx, row: &Row, message: &Incoming) -> Done<Came> {
    let mut turn = Turn::of(app, ctx, row);
    match turn.hears(message).await {
        Ok(Some(came)) => Ok(came),
        Ok(None) => Ok(turn.answer()),
        Err(problem) => {
            turn.refused(problem).await?;
            Ok(turn.answer())
        }
    }
}

/// What is told of a session that moved by itself; nothing where it looks the same.
pub(super) async fn moved(app: &Arc<App>, ctx: &Ctx, row: &Row) -> Done<Option<(Standing, Vec<Saying>)>> {
    let mut turn = Turn::of(app, ctx, row);
    let Some(view) = turn.view().await? else { return Ok(None) };
    // Somebody in the middle of a form is not interrupted, unless it is over here.
    let is_asking = matches!(turn.at.place, Place::Asking { .. });
    if view.position <= turn.at.told || (is_asking && !view.elsewhere) {
        return Ok(None);
    }
    let is_away = turn.at.place == Place::Programs;
    if view.elsewhere {
        if is_away {
            return Ok(None);
        }
        turn.says_where(&view);
        // Until it comes back here, numbers choose from the list, which is told again first.
        let Standing { session, client_seq, .. } = turn.at;
        turn.at = Standing { session, client_seq, told: view.position, ..Standing::default() };
        return Ok(Some((turn.at, turn.says)));
    }
    let told = turn.told(&view).await?;
    if !is_away && told.as_ref() == Some(&view.screen) && view.sheet.is_none() && leads::of(&view.effects).is_none() {
        turn.at.told = view.position;
        turn.says_toasts(&view);
    } else if let Err(problem) = turn.follows(&view).await {
        turn.refused(problem).await?;
    }
    Ok(Some((turn.at, turn.says)))
}

impl Turn<'_> {
    /// The session as it stands; none where there is none any more.
    async fn view(&mut self) -> Done<Option<SessionView>> {
        let Some(id) = self.at.session.clone() else { return Ok(None) };
        match session::view(self.app, self.ctx, &id, Some(self.at.told)).await {
            Ok(view) if !view.closed => Ok(Some(view)),
            Ok(_) => Ok(None),
            Err(problem) if problem.code == code::SESSION_NOT_FOUND => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// The screen that was told last; none where nothing of it is kept any more.
    async fn told(&self, view: &SessionView) -> Done<Option<Arc<Screen>>> {
        if view.position <= self.at.told {
            return Ok(Some(view.screen.clone()));
        }
        let step = self.app.store.step(&view.session, self.at.told).await?;
        Ok(step.map(|step| session::shown(self.app, &step.body.screen)))
    }

    /// Answers with how things stand now.
    async fn now(&mut self) -> Done<()> {
        match self.view().await? {
            Some(view) if view.elsewhere => self.gone(&view),
            Some(view) => {
                self.shows(&view);
                Ok(())
            }
            None => self.programs(),
        }
    }

    /// Says that the session went on elsewhere, unless that was said, and what there is here.
    fn gone(&mut self, view: &SessionView) -> Done<()> {
        if self.at.place != Place::Programs {
            self.says_where(view);
        }
        self.programs()
    }

    /// A refusal is an answer like any other; this host's trouble is none.
    async fn refused(&mut self, problem: Problem) -> Done<()> {
        if problem.status().is_server_error() {
            return Err(problem);
        }
        let text = self.words().problem(problem.code);
        self.says.push(text.into());
        self.now().await
    }

    /// `None`: what was said so far is the answer.
    async fn hears(&mut self, message: &Incoming) -> Done<Option<Came>> {
        let view = self.view().await?;
        if let Some(doing) = self.row.talk.doing.clone() {
            let id = self.at.session.clone().ok_or_else(|| Problem::new(code::SESSION_NOT_FOUND))?;
            let (device, client_seq) = (DeviceId::parse(DEVICE)?, self.at.client_seq + 1);
            let posted = Posted { device, client_seq, seen: doing.seen, event: doing.event };
            let view = event::post(self.app, self.ctx, &id, posted).await?;
            self.at.client_seq += 1;
            self.follows(&view).await?;
            return Ok(None);
        }
        // A link of the bank's own, where nothing is being answered.
        if let (Place::Programs | Place::Screen { .. }, Some(link)) =
            (&self.at.place, launch_code::link(self.app, &message.text))
        {
            self.opens(link.program, link.said).await?;
            return Ok(None);
        }
        if message.too_long {
            self.say("chat-too-long");
            return Ok(None);
        }
        if let (Some(view), Place::Confirming { missed }) = (&view, self.at.place.clone()) {
            return self.decides(view, missed, &message.text).await.map(|()| None);
        }
        let told = match &view {
            Some(view) => self.told(view).await?,
            None => None,
        };
        // It was written under what was told, and not under what has become of that since.
        let screen = told.clone().or_else(|| view.as_ref().map(|view| view.screen.clone()));
        let parts = screen.as_ref().map_or(0, |screen| drawn::parts(screen, &self.drawing).len()) as u32;
        let heard = hear(&self.at.place, screen.as_deref(), parts, &message.text);
        if let Some(view) = view.as_ref().filter(|view| view.elsewhere && !matches!(heard, Heard::Code(_))) {
            return self.gone(view).map(|()| None);
        }
        if let Some(view) = view.as_ref().filter(|it| !still_means(&heard, &self.at.place, told.as_deref(), &it.screen))
        {
            self.say("chat-changed");
            return self.follows(view).await.map(|()| None);
        }
        self.does(heard, view, screen.as_deref()).await
    }

    /// Does what a message means on the screen that its writer was told.
    async fn does(&mut self, heard: Heard, view: Option<SessionView>, screen: Option<&Screen>) -> Done<Option<Came>> {
        match heard {
            Heard::Goes(place) => {
                self.at.place = place;
                self.says_place(screen);
            }
            Heard::Posts(event) => {
                let seen = view.map_or(0, |view| view.position);
                return Ok(Some(Came::Does(Doing { event, seen })));
            }
            Heard::Opens(page) => {
                let program = view.map(|view| view.program.id).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
                self.opens(program, Said::of([("page".to_owned(), page)])).await?;
            }
            // A number is of the list where the list was told last, and not where a session has ended since.
            Heard::Program(number) if self.at.place == Place::Programs => match self.at.menu.get(number - 1).cloned() {
                Some(program) => self.opens(program, Said::default()).await?,
                None => self.programs()?,
            },
            Heard::Program(_) | Heard::Programs => self.programs()?,
            Heard::Elsewhere => self.goes_elsewhere().await?,
            Heard::Code(code) => return self.types(&code).await,
            Heard::NotUnderstood => {
                self.say("chat-not-understood");
                self.says_place(screen);
            }
            Heard::Unfit => {
                self.say("chat-unfit");
                self.says_place(screen);
            }
        }
        Ok(None)
    }

    /// How a session stands after something was done in it, or where its program leads instead. A page that leads on as
    /// soon as it is opened is shown itself: it could lead on without end.
    async fn follows(&mut self, view: &SessionView) -> Done<()> {
        let leads = leads::of(&view.effects).filter(|_| view.sheet.is_none());
        if leads.is_some() {
            self.says_toasts(view);
        }
        match leads {
            Some(Leads::Page(page)) => self.opens(view.program.id.clone(), Said::of([("page".to_owned(), page)])).await,
            Some(Leads::Home) => self.programs(),
            None => {
                self.shows(view);
                Ok(())
            }
        }
    }

    /// The screen at its first part, or the bank's own message that waits.
    fn shows(&mut self, view: &SessionView) {
        self.at.session = Some(view.session.clone());
        self.at.told = view.position;
        self.says_toasts(view);
        if view.sheet.is_some() {
            return self.asks(view);
        }
        self.at.confirming = None;
        self.at.place = Place::Screen { part: 0 };
        self.says_place(Some(&view.screen));
    }

    fn says_toasts(&mut self, view: &SessionView) {
        let toasts = view.effects.iter().filter_map(leads::toast);
        self.says.extend(toasts.filter_map(|text| drawn::toast(&view.screen, &text)).map(Saying::from));
    }

    fn says_where(&mut self, view: &SessionView) {
        let words = self.words();
        let place = words.name("audience", &me::word(&view.channel));
        self.says.push(words.say1("handover-away", "place", place).into());
    }

    fn says_place(&mut self, screen: Option<&Screen>) {
        let Some(screen) = screen else { return };
        match &self.at.place {
            Place::Asking { node, at, values } => {
                self.says.push(drawn::question(screen, node, *at, values, &self.drawing).into());
            }
            Place::Screen { part } => {
                let parts = drawn::parts(screen, &self.drawing);
                self.says.extend(parts.into_iter().nth(*part as usize).map(Saying::from));
            }
            Place::Programs | Place::Confirming { .. } => {}
        }
    }

    /// The bank's own message.
    fn asks(&mut self, view: &SessionView) {
        let Some(open) = &view.sheet else { return };
        let (body, digest) = (BodyFace::from(&open.body), Digest::parse(&open.digest));
        let is_here = drawn::is_confirmed_here(open.kind, &body, open.then.as_deref());
        let word = digest.as_ref().filter(|_| is_here).map(confirm_word);
        let asked_by = format!("{} · {}", open.program, open.publisher);
        self.says.push(Saying::banks(drawn::sheet(&body, &asked_by, word.as_deref(), &self.words())));
        self.at.confirming = digest;
        self.at.place = Place::Confirming { missed: 0 };
    }

    /// A message under the bank's own message.
    async fn decides(&mut self, view: &SessionView, missed: u32, text: &str) -> Done<()> {
        let Some(open) = view.sheet.clone().filter(|_| !view.elsewhere) else { return self.now().await };
        let (body, digest) = (BodyFace::from(&open.body), Digest::parse(&open.digest));
        // What was shown is what counts: where it says something else by now, it is said again.
        let Some(digest) = digest.filter(|digest| self.at.confirming.as_ref() == Some(digest)) else {
            self.asks(view);
            return Ok(());
        };
        let decided = decide(&digest, missed, text);
        let decision = match decided {
            Decided::Elsewhere => return self.goes_elsewhere().await,
            Decided::Wrong(missed) => {
                self.at.place = Place::Confirming { missed };
                self.say("chat-wrong-number");
                return Ok(());
            }
            Decided::Declines => Decision::Decline,
            Decided::Confirms if drawn::is_confirmed_here(open.kind, &body, open.then.as_deref()) => {
                let alive_ms = open.confirm_after_ms - self.app.clock.now_ms();
                tokio::time::sleep(Duration::from_millis(alive_ms.clamp(0, 1_000) as u64)).await;
                Decision::Confirm(digest, Answers::of(Vec::new(), None)?)
            }
            Decided::Confirms => return self.goes_elsewhere().await,
        };
        let is_agreed = matches!(decision, Decision::Confirm(..));
        let opened = open.then.as_deref().filter(|_| is_agreed).and_then(leads::opened_by);
        let now_ms = self.app.clock.now_ms();
        let ctx = Ctx { now_ms, ..self.ctx.clone() };
        let ticket = TicketId::parse(&open.ticket)?;
        let view = sheet::decide(self.app, &ctx, &view.session, &ticket, decision).await;
        let view = match view {
            // Beyond what a word may confirm: the bank wants a passkey.
            Err(problem) if problem.code == code::RISK_STEP_UP => return self.goes_elsewhere().await,
            decided => decided?,
        };
        let Some(link) = opened else { return self.follows(&view).await };
        self.says_toasts(&view);
        self.opens(link.program, link.said).await
    }

    async fn opens(&mut self, program: ProgramId, said: Said) -> Done<()> {
        self.at.leave();
        // Testers try a program on its pages, which say that its money is play money.
        let open = Open { practice: false, ..said.open(program, Channel::Chat) };
        let opened = match session::open(self.app, self.ctx, open.clone()).await {
            // A page that there is no more leads to the first one, as it does on the pages.
            Err(problem) if problem.code == code::PROGRAM_PAGE_NOT_FOUND && open.code.is_none() => {
                session::open(self.app, self.ctx, Open { page: None, ..open }).await
            }
            opened => opened,
        };
        self.shows(&opened?);
        Ok(())
    }

    fn programs(&mut self) -> Done<()> {
        self.at.leave();
        let listed = launch::list(self.app, self.ctx, None, None, Channel::Chat)?;
        let listed: Vec<Listed> = listed.into_iter().filter(|it| !it.stopped).take(CHAT_PROGRAMS_MAX).collect();
        let names: Vec<String> = listed.iter().map(|it| it.line.name.clone()).collect();
        self.at.menu = listed.into_iter().map(|it| it.line.id).collect();
        self.says.push(drawn::programs(&names, !self.is_stranger(), &self.words()).into());
        Ok(())
    }

    /// The session goes on at the phone or a kiosk, by a code.
    async fn goes_elsewhere(&mut self) -> Done<()> {
        let Some(id) = self.at.session.clone() else { return self.programs() };
        let made = handovers::make(self.app, self.ctx, &id).await?;
        let address = format!("{}/app/continue?code={}", self.app.identity.origin, made.code);
        let words = self.words();
        let text = match self.is_stranger() {
            // Nobody's phone would know them.
            true => words.say1("chat-elsewhere-kiosk", "code", made.code.as_str()),
            false => drawn::elsewhere(&made.code, &address, &words),
        };
        self.says.push(text.into());
        Ok(())
    }

    /// A code that was made elsewhere: for a session of theirs, or to link this chat.
    async fn types(&mut self, code: &str) -> Done<Option<Came>> {
        let own = self.ctx.customer().map(|customer| customer.id.clone()).filter(|_| !self.is_stranger());
        let taker = Taker::Chat { linked: own.as_ref() };
        let taken = handovers::find(self.app, self.ctx, code, taker, self.row.about()).await?;
        let Purpose::Session(id) = taken.purpose().clone() else { return Ok(Some(Came::Links(Box::new(taken)))) };
        let hand = self.ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
        let (guard, change) = taken.used(self.ctx.now_ms);
        let arrival = Arrival { channel: Channel::Chat, hand, guards: vec![guard], changes: vec![change] };
        let view = handovers::arrive(self.app, self.ctx, &id, arrival).await?;
        let menu = std::mem::take(&mut self.at.menu);
        let client_seq = sent_before(self.app, &id).await?;
        self.at = Standing { menu, client_seq, ..Standing::default() };
        self.shows(&view);
        Ok(None)
    }
}

/// The events that a chat sent in this session before.
async fn sent_before(app: &App, id: &xitai_model::ids::SessionId) -> Done<u64> {
    let device = DeviceId::parse(DEVICE)?;
    Ok(app.store.device(id, &device).await?.map_or(0, |mark| mark.client_seq))
}
