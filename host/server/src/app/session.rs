//! Sessions: opening one, looking at one, and the view that every channel draws.

use super::App;
use super::attempt::{self, Attempt, Happened};
use super::catalog::Catalog;
use super::ctx::{Caller, Ctx};
use super::{launch, launch_code};
use crate::http::problem::Problem;
use serde::Serialize;
use std::sync::Arc;
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::handover;
use xitai_model::identity::How;
use xitai_model::ids::{BranchId, CustomerId, ProgramId, SessionId};
use xitai_model::journal::StepRow;
use xitai_model::journey::{Journey, Origin};
use xitai_model::limits;
use xitai_model::money::Money;
use xitai_model::payment::Line;
use xitai_model::program::{Actor, Channel, Effect, Launch, Surface};
use xitai_model::release::Release;
use xitai_model::rollout::session::Onward;
use xitai_model::screen::{Element, Node, Screen};
use xitai_model::session::{Opening, Session, Standing};
use xitai_model::sheet::Part;
use xitai_model::tender::Tender;
use xitai_model::trial;

/// What a customer asks to open.
#[derive(Debug, Clone)]
pub struct Open {
    pub program: ProgramId,
    /// Absent: the manifest's first.
    pub page: Option<String>,
    pub query: Vec<(String, String)>,
    /// Absent: the customer's own branch.
    pub branch: Option<BranchId>,
    pub channel: Channel,
    pub locale: Option<String>,
    pub zone: Option<String>,
    pub elder_mode: Option<bool>,
    pub surface: Surface,
    pub practice: bool,
    /// What was scanned, as it is printed: see [`launch_code`].
    pub code: Option<String>,
    /// What led here, by the word of whoever asks.
    pub origin: Origin,
}

/// A session as a customer sees it: the wire's JSON and what the pages draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionView {
    pub session: SessionId,
    pub program: ProgramLine,
    pub position: u64,
    pub screen: Arc<Screen>,
    pub sheet: Option<SheetView>,
    pub effects: Vec<Effect>,
    pub practice: bool,
    /// Where its customer is.
    pub channel: Channel,
    /// It went on elsewhere: whoever asks acts in it no more, unless they take it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
    /// Nothing can be sent to it any more.
    pub closed: bool,
    /// The language and the zone that it was opened in, for whoever draws it.
    #[serde(skip)]
    pub locale: String,
    #[serde(skip)]
    pub zone: String,
}

/// Whose program it is, from the host's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramLine {
    pub id: ProgramId,
    pub name: String,
    pub publisher: String,
    pub verified: bool,
    pub version: String,
}

/// The open sheet, all of it from the host's own records.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetView {
    pub ticket: String,
    /// What a confirmation must name.
    pub digest: String,
    /// `pay`, or the name of the matter's kind.
    pub kind: &'static str,
    #[serde(flatten)]
    pub body: SheetBody,
    pub program: String,
    pub publisher: String,
    /// Where the app goes once it was agreed to, such as to what is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    pub expires_ms: i64,
    pub shown_ms: i64,
    /// Confirm is dead before this.
    pub confirm_after_ms: i64,
}

/// What a sheet is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum SheetBody {
    Pay {
        payable: Money,
        amount: Money,
        discount: Money,
        legs: Vec<LegView>,
        lines: Vec<Line>,
        purpose: String,
        /// What it can be paid with.
        tenders: Vec<TenderView>,
    },
    /// Everything else: parts in their order, some of which ask for an answer.
    Ask { title: String, parts: Vec<Part>, confirm: String },
}

/// One way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenderView {
    /// What a choice names.
    pub id: String,
    #[serde(flatten)]
    pub tender: Tender,
    pub chosen: bool,
}

impl TenderView {
    pub fn of(offered: &Tender, chosen: &str) -> Self {
        let id = super::tender::word(offered);
        Self { chosen: id == chosen, tender: offered.clone(), id }
    }
}

/// Who gets how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegView {
    pub legal_name: String,
    pub role: String,
    pub amount: Money,
}

/// Opens a session for the caller and answers with its first screen.
pub async fn open(app: &App, ctx: &Ctx, open: Open) -> Result<SessionView, Problem> {
    match open_once(app, ctx, open.clone()).await {
        // Another first launch at the same time gave the customer their name in the program: with that one it goes.
        Err(problem) if problem.code == code::SESSION_BUSY => open_once(app, ctx, open).await,
        opened => opened,
    }
}

async fn open_once(app: &App, ctx: &Ctx, open: Open) -> Result<SessionView, Problem> {
    let open = Open { channel: lent_channel(ctx.how).unwrap_or(open.channel), ..open };
    let (open, scanned) = launch_code::resolve(app, ctx, open).await?;
    let catalog = app.catalog();
    super::embed::may_open(&catalog, ctx, &open.program)?;
    let admitted = launch::admit(&catalog, ctx, &open, app.config.zone);
    let admitted =
        admitted.map_err(|problem| if scanned.is_some() { launch_code::told(ctx, problem) } else { problem })?;
    // A program keeps one store of orders and stock: play money in it would be taken for real money. So what testers do
    // is kept under an id of its own.
    let program = match open.practice {
        true => trial::practice_id(&open.program).ok_or_else(|| Problem::new(code::SESSION_PRACTICE_CLOSED))?,
        false => open.program,
    };
    let subject = launch::subject(app, &program, &admitted.customer).await?;
    let opening = Opening {
        id: SessionId::new(ctx.now_ms, app.clock.random()),
        program,
        release: admitted.release.id.clone(),
        branch: admitted.branch,
        customer: Some(admitted.customer),
        staff: ctx.staff().map(|staff| staff.id.clone()),
        subject: subject.text.clone(),
        actor: admitted.actor,
        surface: open.surface,
        channel: open.channel,
        locale: admitted.locale,
        zone: admitted.zone.name().to_owned(),
        elder_mode: admitted.elder_mode,
        practice: open.practice,
        seed: Bytes(app.clock.random::<32>().to_vec()),
        opened_ms: ctx.now_ms,
    };
    // Play money says nothing of how people come, and a card is no visit.
    let journey = (!open.practice && open.surface == Surface::Page).then(|| {
        let origin = open.origin.counted(scanned.is_some(), open.channel);
        let code = scanned.as_ref().map(|scanned| scanned.code.clone());
        Journey::begins(open.channel, origin, admitted.page.clone(), code)
    });
    let signed = scanned.map(|scanned| scanned.signed).unwrap_or_default();
    let launch = Launch { page: admitted.page, query: open.query, signed, surface: open.surface };
    let standing = Standing { journey, ..Standing::default() };
    let (mut guards, mut changes) = (Vec::new(), Vec::from_iter(subject.new));
    if ctx.how == How::Kiosk {
        let (guard, change) = super::kiosk::opens(app, ctx, &opening.id).await?;
        guards.push(guard);
        changes.push(change);
    }
    start(app, ctx, opening, launch, standing, guards, changes).await
}

/// A sign-in that was lent to a kiosk or a chat is there and nowhere else, as a partner's visitor is on its page; the
/// bank's app is on a phone.
fn lent_channel(how: How) -> Option<Channel> {
    match how {
        How::Kiosk => Some(Channel::Kiosk),
        How::Chat => Some(Channel::Chat),
        How::App => Some(Channel::Phone),
        How::Embed => Some(Channel::Embed),
        _ => None,
    }
}

/// Opens the background session of a program in a branch, where there is none yet. Called at enabling.
pub async fn open_background(app: &App, ctx: &Ctx, release: &Release, branch: &BranchId) -> Result<(), Problem> {
    if app.store.background_session(&release.id.program, branch).await?.is_some() {
        return Ok(());
    }
    let page = release.manifest.pages.first().cloned().unwrap_or_default();
    let opening = Opening {
        id: SessionId::new(ctx.now_ms, app.clock.random()),
        program: release.id.program.clone(),
        release: release.id.clone(),
        branch: branch.clone(),
        customer: None,
        staff: None,
        subject: String::new(),
        actor: Actor::Nobody,
        surface: Surface::Background,
        channel: Channel::Other,
        locale: launch::LOCALE_DEFAULT.to_owned(),
        zone: app.config.zone.name().to_owned(),
        elder_mode: false,
        practice: false,
        seed: Bytes(app.clock.random::<32>().to_vec()),
        opened_ms: ctx.now_ms,
    };
    let launch = Launch { page, query: Vec::new(), signed: Vec::new(), surface: Surface::Background };
    start(app, ctx, opening, launch, Standing::default(), Vec::new(), Vec::new()).await.map(|_| ())
}

/// A session before its first step.
pub fn unopened(opening: Opening, now_ms: i64) -> Session {
    Session {
        opening: Arc::new(opening),
        position: 0,
        state: Vec::new(),
        screen: Arc::new(Screen { title: String::new(), nodes: Vec::new(), root: 0 }),
        standing: Standing::default(),
        updated_ms: now_ms,
    }
}

/// Runs `open` and commits the session with its first step.
async fn start(
    app: &App,
    ctx: &Ctx,
    opening: Opening,
    launch: Launch,
    standing: Standing,
    guards: Vec<Guard>,
    changes: Vec<Change>,
) -> Result<SessionView, Problem> {
    let session = unopened(opening, ctx.now_ms);
    let attempt = Attempt {
        session: &session,
        standing,
        happened: Happened::Opened(launch),
        sent: None,
        proved_ms: ctx.proved_ms,
        guards,
        changes,
        action: "session.opened",
        first: true,
    };
    let done = attempt::attempt(app, ctx, attempt).await?;
    view_of_step(app, &done.session, &done.step).await
}

/// The session as it stands, for one whose it is, with the effects that a page has not shown yet which knows of those
/// up to `after`.
pub async fn view(app: &App, ctx: &Ctx, id: &SessionId, after: Option<u64>) -> Result<SessionView, Problem> {
    let session = own(app, ctx, id).await?;
    let effects = match after {
        Some(after) if after < session.position => effects_after(app, ctx, &session, after).await?,
        _ => Vec::new(),
    };
    let elsewhere = handover::acts(&session.standing, ctx.token.as_ref()).is_err() || super::embed::has_gone_on(ctx);
    if elsewhere && ctx.how == How::Embed {
        // What goes on in the bank's own window is none of the partner's affair.
        let screen = Arc::new(Screen { title: String::new(), nodes: vec![blank()], root: 0 });
        let view = view_of(app, &session, Vec::new()).await?;
        return Ok(SessionView { elsewhere, screen, sheet: None, ..view });
    }
    Ok(SessionView { elsewhere, ..view_of(app, &session, effects).await? })
}

/// A partner's page reads nothing of a session that went on in the bank's own window: neither in what a repeated request
/// is answered, nor in what a refused one is told.
pub fn may_read(ctx: &Ctx, session: &Session) -> Result<(), Problem> {
    match ctx.how {
        How::Embed => Ok(handover::acts(&session.standing, ctx.token.as_ref())?),
        _ => Ok(()),
    }
}

fn blank() -> Node {
    let (element, children, label, props) = (Element::Column, Vec::new(), None, Vec::new());
    Node { id: "elsewhere".to_owned(), element, children, label, props }
}

/// Effects of the steps after a position, in order. Steps that the host made have no answer that would carry them.
async fn effects_after(app: &App, ctx: &Ctx, session: &Session, after: u64) -> Result<Vec<Effect>, Problem> {
    let oldest = session.position.saturating_sub(limits::EFFECTS_CAUGHT_UP_POSITIONS_MAX);
    let from = after.max(oldest) + 1;
    let wanted = (session.position + 1 - from) as usize;
    let since_ms = ctx.now_ms - limits::EFFECTS_CAUGHT_UP_MS_MAX;
    let mut steps = app.store.steps(&session.opening.id, from, wanted).await?;
    steps.retain(|step| step.position <= session.position && step.at_ms >= since_ms);
    let mut effects: Vec<Effect> = steps.into_iter().flat_map(|step| step.body.effects).collect();
    let past = effects.len().saturating_sub(limits::EFFECTS_CAUGHT_UP_MAX);
    Ok(effects.split_off(past))
}

/// The session, if it is the caller's. Somebody else's is not found: whether it exists is nobody's business.
pub async fn own(app: &App, ctx: &Ctx, id: &SessionId) -> Result<Session, Problem> {
    let missing = || Problem::new(code::SESSION_NOT_FOUND);
    let session = app.store.session(id).await?.ok_or_else(missing)?;
    let caller: Option<&CustomerId> = match &ctx.actor {
        Caller::Customer(customer) => Some(&customer.id),
        Caller::Staff(staff) => Some(&staff.customer),
        Caller::Anonymous | Caller::Host => None,
    };
    if caller.is_none() || session.opening.customer.as_ref() != caller || !still_serves(app, ctx, &session.opening) {
        return Err(missing());
    }
    Ok(session)
}

/// A session that somebody opened on duty is that account's, and only while its role reaches the branch: who has moved
/// on, or signs in as a customer on the same record, acts for no merchant any more.
fn still_serves(app: &App, ctx: &Ctx, opening: &Opening) -> bool {
    let staff = ctx.staff();
    if opening.staff.as_ref() != staff.map(|staff| &staff.id) {
        return false;
    }
    let Actor::Staff(role) = &opening.actor else { return staff.is_none() };
    let catalog = app.catalog();
    staff.is_some_and(|staff| {
        let mut roles = staff.roles.iter().filter(|(_, at)| catalog.is_within(&opening.branch, at));
        roles.any(|(held, _)| super::role_name(*held) == *role)
    })
}

/// A screen as it is looked at: a program's links begin with the bank's origin, as a camera needs them.
pub fn shown(app: &App, screen: &Arc<Screen>) -> Arc<Screen> {
    screen.with_origin(&app.identity.origin).map_or_else(|| screen.clone(), Arc::new)
}

/// The view of a session at its newest position.
pub async fn view_of(app: &App, session: &Session, effects: Vec<Effect>) -> Result<SessionView, Problem> {
    let catalog = app.catalog();
    let program = program_line(&catalog, session)?;
    let closed = is_closed(&catalog, session, app.clock.now_ms());
    let sheet = match &session.standing.sheet {
        Some(open) if !closed => Some(super::sheet::view(app, &catalog, session, open).await?),
        _ => None,
    };
    Ok(SessionView {
        session: session.opening.id.clone(),
        program,
        position: session.position,
        screen: shown(app, &session.screen),
        sheet,
        effects,
        practice: session.opening.practice,
        channel: session.channel(),
        elsewhere: false,
        closed,
        locale: session.opening.locale.clone(),
        zone: session.opening.zone.clone(),
    })
}

/// The view that a step gave: the recorded answer, also where the session has gone on since.
pub async fn view_of_step(app: &App, session: &Session, step: &StepRow) -> Result<SessionView, Problem> {
    let effects = step.body.effects.clone();
    if step.position == session.position {
        return view_of(app, session, effects).await;
    }
    let mut past = session.clone();
    past.position = step.position;
    past.screen = step.body.screen.clone();
    past.standing.sheet = None;
    view_of(app, &past, effects).await
}

fn program_line(catalog: &Catalog, session: &Session) -> Result<ProgramLine, Problem> {
    let id = session.release();
    let release =
        catalog.release(id).ok_or_else(|| Problem::internal(format!("release {id} is not in the catalog")))?;
    Ok(line_of(catalog, release, &session.opening.locale))
}

/// Whose program a release is, in the customer's language.
pub fn line_of(catalog: &Catalog, release: &Release, locale: &str) -> ProgramLine {
    // Who answers for the program now, which is not who published this release once it was handed over.
    let owner = catalog.program(&release.id.program).map_or(&release.publisher, |program| &program.publisher);
    let publisher = catalog.publisher(owner);
    ProgramLine {
        id: release.id.program.clone(),
        name: release.manifest.named(locale).0.to_owned(),
        publisher: publisher.map_or_else(|| owner.to_string(), |publisher| publisher.name.clone()),
        verified: publisher.is_some_and(|publisher| publisher.verified),
        version: release.id.version.to_string(),
    }
}

/// Stopped, retired, left alone for too long, or of a release that was rolled back and whose state nothing else reads.
pub fn is_closed(catalog: &Catalog, session: &Session, now_ms: i64) -> bool {
    is_over(catalog, session, now_ms)
        || is_gone(catalog, session)
        || stop_of(catalog, session).is_some()
        || super::onward::of(catalog, session) == Onward::Afresh
}

/// Left alone for too long, or of a trial that no longer admits its tester.
pub fn is_over(catalog: &Catalog, session: &Session, now_ms: i64) -> bool {
    let idle_ms = now_ms - session.updated_ms;
    idle_ms > xitai_model::limits::SESSION_IDLE_MS_MAX || trial_is_over(catalog, session, now_ms)
}

/// Whether a session is of a trial that no longer admits its tester.
fn trial_is_over(catalog: &Catalog, session: &Session, now_ms: i64) -> bool {
    let opening = &session.opening;
    let admits = |customer| catalog.trial(&opening.release).is_some_and(|trial| trial.admits(customer, now_ms));
    opening.practice && !opening.customer.as_ref().is_some_and(admits)
}

/// Whether its program is retired. Staff go on: they finish what is open.
pub fn is_gone(catalog: &Catalog, session: &Session) -> bool {
    let is_staff = matches!(session.opening.actor, Actor::Staff(_));
    !is_staff && catalog.is_retired(&session.release().program)
}

/// The stop that covers a session, if any.
pub fn stop_of<'a>(catalog: &'a Catalog, session: &Session) -> Option<&'a xitai_model::stop::Stop> {
    let release = catalog.release(session.release())?;
    catalog.stop_at(release, &session.opening.branch)
}

/// The release of a session and its loaded program.
pub async fn release_of(
    app: &App,
    catalog: &Arc<Catalog>,
    session: &Session,
) -> Result<Arc<super::catalog::Kept<Release>>, Problem> {
    let id = session.release();
    if let Some(kept) = catalog.releases.get(id) {
        return Ok(kept.clone());
    }
    let newer = app.refresh_catalog().await?;
    newer.releases.get(id).cloned().ok_or_else(|| Problem::internal(format!("release {id} is not in the catalog")))
}
