//! What a message comes to: the model says what it means, here it is done.

use super::row::Row;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::event::{self, Posted};
use crate::app::handover::{self as handovers, Arrival, Taken};
use crate::app::launch::{self, Listed};
use crate::app::launch_code::{self, Said};
use crate::app::session::{self, Open, SessionView};
use crate::app::sheet::{self, Decision};
use crate::http::problem::Problem;
use crate::render::chat::{self as drawn, Drawing};
use crate::render::web::sheet::BodyFace;
use crate::words::{Locale, Words};
use std::sync::Arc;
use std::time::Duration;
use xitai_model::chat::{Decided, Doing, Heard, Incoming, Place, Standing, confirm_word, decide, hear};
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::handover::{Purpose, Taker};
use xitai_model::identity::Level;
use xitai_model::ids::{DeviceId, ProgramId, TicketId};
use xitai_model::limits::CHAT_PROGRAMS_MAX;
use xitai_model::program::{Channel, Effect};
use xitai_model::screen::Screen;
use xitai_model::sheet::Answers;

/// The name of a chat among the devices of a session.
const DEVICE: &str = "chat";

/// What a message comes to.
pub(super) enum Came {
    Answer { at: Standing, says: Vec<String> },
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
    says: Vec<String>,
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
        self.says.push(text);
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
        Err(problem) if problem.status().is_server_error() => Err(problem),
        Err(problem) => {
            turn.says.push(turn.words().problem(problem.code));
            turn.now().await?;
            Ok(turn.answer())
        }
    }
}

/// What is told of a session that moved by itself; nothing where it looks the same.
pub(super) async fn moved(app: &Arc<App>, ctx: &Ctx, row: &Row) -> Done<Option<(Standing, Vec<String>)>> {
    let mut turn = Turn::of(app, ctx, row);
    let told = turn.at.told;
    let Some(view) = turn.view().await? else { return Ok(None) };
    // Somebody in the middle of a form is not interrupted.
    if view.position <= told || view.elsewhere || matches!(turn.at.place, Place::Asking { .. }) {
        return Ok(None);
    }
    let before = app.store.step(&view.session, told).await?.map(|step| step.body.screen.clone());
    let same = before.is_some_and(|before| before == view.screen) && view.sheet.is_none();
    match same {
        true => {
            turn.at.told = view.position;
            Ok(Some((turn.at, Vec::new())))
        }
        false => {
            turn.shows(&view);
            Ok(Some((turn.at, turn.says)))
        }
    }
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

    /// Answers with how things stand now.
    async fn now(&mut self) -> Done<()> {
        match self.view().await? {
            Some(view) if !view.elsewhere => self.shows(&view),
            _ => self.programs()?,
        }
        Ok(())
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
            self.shows(&view);
            return Ok(None);
        }
        // A link of the bank's own, where nothing is being answered.
        if let (Place::Programs | Place::Screen { .. }, Some(link)) =
            (&self.at.place, launch_code::link(self.app, &message.text))
        {
            self.opens(link.program, link.said).await?;
            return Ok(None);
        }
        let screen = view.as_ref().map(|view| view.screen.clone());
        if message.too_long {
            self.say("chat-too-long");
            return Ok(None);
        }
        if let (Some(view), Place::Confirming { missed }) = (&view, self.at.place.clone()) {
            return self.decides(view, missed, &message.text).await.map(|()| None);
        }
        let parts = screen.as_ref().map_or(0, |screen| drawn::parts(screen, &self.drawing).len()) as u32;
        match hear(&self.at.place, screen.as_deref(), parts, &message.text) {
            Heard::Goes(place) => {
                self.at.place = place;
                if let Some(screen) = &screen {
                    self.says_place(screen);
                }
            }
            Heard::Posts(event) => {
                let seen = view.map_or(0, |view| view.position);
                return Ok(Some(Came::Does(Doing { event, seen })));
            }
            Heard::Opens(page) => {
                let program = view.map(|view| view.program.id).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
                self.opens(program, Said { page: Some(page), ..Said::default() }).await?;
            }
            Heard::Program(number) => match self.at.menu.get(number - 1).cloned() {
                Some(program) => self.opens(program, Said::default()).await?,
                None => self.programs()?,
            },
            Heard::Programs => self.programs()?,
            Heard::Elsewhere => self.goes_elsewhere().await?,
            Heard::Code(code) => return self.types(&code).await,
            Heard::NotUnderstood => {
                self.say("chat-not-understood");
                if let Some(screen) = &screen {
                    self.says_place(screen);
                }
            }
            Heard::Unfit => {
                self.say("chat-unfit");
                if let Some(screen) = &screen {
                    self.says_place(screen);
                }
            }
        }
        Ok(None)
    }

    /// The screen at its first part, or the bank's own message that waits.
    fn shows(&mut self, view: &SessionView) {
        self.at.session = Some(view.session.clone());
        self.at.told = view.position;
        self.says.extend(view.effects.iter().filter_map(toast));
        if view.sheet.is_some() {
            return self.asks(view);
        }
        self.at.confirming = None;
        self.at.place = Place::Screen { part: 0 };
        self.says_place(&view.screen);
    }

    fn says_place(&mut self, screen: &Screen) {
        match &self.at.place {
            Place::Asking { node, at, values } => {
                self.says.push(drawn::question(screen, node, *at, values, &self.drawing));
            }
            Place::Screen { part } => {
                let parts = drawn::parts(screen, &self.drawing);
                self.says.extend(parts.into_iter().nth(*part as usize));
            }
            Place::Programs | Place::Confirming { .. } => {}
        }
    }

    /// The bank's own message.
    fn asks(&mut self, view: &SessionView) {
        let Some(open) = &view.sheet else { return };
        let (body, digest) = (BodyFace::from(&open.body), Digest::parse(&open.digest));
        let word = digest.as_ref().filter(|_| drawn::is_confirmed_here(open.kind, &body)).map(confirm_word);
        let asked_by = format!("{} · {}", open.program, open.publisher);
        self.says.push(drawn::sheet(&body, &asked_by, word.as_deref(), &self.words()));
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
            Decided::Confirms if drawn::is_confirmed_here(open.kind, &body) => {
                let alive_ms = open.confirm_after_ms - self.app.clock.now_ms();
                tokio::time::sleep(Duration::from_millis(alive_ms.clamp(0, 1_000) as u64)).await;
                Decision::Confirm(digest, Answers::of(Vec::new(), None)?)
            }
            Decided::Confirms => return self.goes_elsewhere().await,
        };
        let now_ms = self.app.clock.now_ms();
        let ctx = Ctx { now_ms, ..self.ctx.clone() };
        let ticket = TicketId::parse(&open.ticket)?;
        let view = sheet::decide(self.app, &ctx, &view.session, &ticket, decision).await;
        let view = match view {
            // Beyond what a word may confirm: the bank wants a passkey.
            Err(problem) if problem.code == code::RISK_STEP_UP => return self.goes_elsewhere().await,
            decided => decided?,
        };
        self.shows(&view);
        Ok(())
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
        self.says.push(drawn::programs(&names, !self.is_stranger(), &self.words()));
        Ok(())
    }

    /// The session goes on at the phone or a kiosk, by a code.
    async fn goes_elsewhere(&mut self) -> Done<()> {
        let Some(id) = self.at.session.clone() else { return self.programs() };
        let made = handovers::make(self.app, self.ctx, &id).await?;
        let address = format!("{}/app/continue?code={}", self.app.identity.origin, made.code);
        let words = self.words();
        self.says.push(match self.is_stranger() {
            // Nobody's phone would know them.
            true => words.say1("chat-elsewhere-kiosk", "code", made.code.as_str()),
            false => drawn::elsewhere(&made.code, &address, &words),
        });
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

/// A toast is a sentence, and may be said.
fn toast(effect: &Effect) -> Option<String> {
    let said: serde_json::Value = serde_json::from_str(&effect.json).ok()?;
    let text = said.get("text")?.as_str()?.trim().to_owned();
    (effect.kind == "toast" && !text.is_empty()).then_some(text)
}
