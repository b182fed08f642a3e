//! Drawing the cards of zone pages: each program is asked for a glance, as an opening that nobody keeps.
//!
//! A card has no effect. Whatever its program asks for beside reading is refused with the whole card; what it reads of
//! the customer's facts is written down as everywhere, and what falls leaves its log line. A card that is not there in
//! time is left out, goes on being drawn, and is there at the next look.

use super::attempt::{self, Attempt, Happened};
use super::catalog::Catalog;
use super::cost::Heard;
use super::ctx::{Caller, Ctx};
use super::launch::{self, Admitted};
use super::publish::commit;
use super::session::{self, Open};
use super::{App, zone_page};
use crate::http::problem::{Problem, fault_code};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use xitai_model::bytes::Bytes;
use xitai_model::code::{self, Code};
use xitai_model::commit::{Change, Commit};
use xitai_model::identity::{Customer, Level, Profile};
use xitai_model::ids::{BranchId, CustomerId, PlaceId, ProgramId, ReleaseId, SessionId, StaffId};
use xitai_model::journey::Origin;
use xitai_model::limits::{BUNDLE_CARDS_MIN, ZONE_CARD_KEPT_MS, ZONE_CARDS_KEPT_MAX, ZONE_CARDS_WAIT_MS};
use xitai_model::policy::Action;
use xitai_model::program::{Channel, Launch, Surface};
use xitai_model::proposal::Wanted;
use xitai_model::release::Release;
use xitai_model::rollout::Audience;
use xitai_model::screen::Screen;
use xitai_model::session::{Opening, Standing};
use xitai_model::zone_page::{Bundle, ZonePage, bundled, together};
use xitai_runtime::call::{Fallen, Fault, Performance};

/// A card that somebody sees.
#[derive(Debug, Clone)]
pub struct Card {
    pub release: Release,
    pub screen: Arc<Screen>,
}

/// What came of drawing one: a falling card is not asked again at once.
type Drawn = Result<Arc<Screen>, &'static Code>;

/// A card on its way, whether or not anybody waits for it.
type Drawing = JoinHandle<Option<Arc<Screen>>>;

/// Cards drawn of late, each for its customer.
#[derive(Default)]
pub struct Cards {
    kept: Mutex<HashMap<Asked, Kept>>,
}

/// Everything that a card may look different for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Asked {
    release: ReleaseId,
    customer: CustomerId,
    staff: Option<StaffId>,
    branch: BranchId,
    locale: String,
    zone: &'static str,
    elder_mode: bool,
}

struct Kept {
    since_ms: i64,
    drawn: Arc<OnceCell<Drawn>>,
}

impl Cards {
    /// Where the card is, or will be. Several who ask for it at once have it drawn once.
    fn of(&self, asked: Asked, now_ms: i64) -> Arc<OnceCell<Drawn>> {
        let mut kept = self.kept.lock().expect("no holder of the lock panics");
        let is_fresh = |kept: &Kept| (0..ZONE_CARD_KEPT_MS).contains(&(now_ms - kept.since_ms));
        if let Some(fresh) = kept.get(&asked).filter(|kept| is_fresh(kept)) {
            return fresh.drawn.clone();
        }
        if kept.len() >= ZONE_CARDS_KEPT_MAX {
            kept.retain(|_, kept| is_fresh(kept));
        }
        let drawn = Arc::default();
        if kept.len() < ZONE_CARDS_KEPT_MAX {
            kept.insert(asked, Kept { since_ms: now_ms, drawn: Arc::clone(&drawn) });
        }
        drawn
    }
}

/// Whose pages are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// Head office's, and below it those of the branch.
    Launcher,
    /// Those of the branch and its region alone.
    Zone,
}

/// A bundle that somebody sees, with those of its cards that are there.
#[derive(Debug, Clone)]
pub struct Bundled {
    pub bundle: Bundle,
    pub cards: Vec<Card>,
}

/// The pages of a branch that are asked for, the bank's first.
fn of_branch(catalog: &Catalog, branch: &BranchId, pages: Pages) -> Vec<ZonePage> {
    let is_banks = |place: &PlaceId| catalog.bank().is_some_and(|bank| bank.id == *place);
    let all = zone_page::pages_of(catalog, branch).into_iter();
    all.filter(|(place, _)| pages == Pages::Launcher || !is_banks(place)).map(|(_, page)| page).collect()
}

/// The cards that the caller sees in a branch, in order.
pub async fn shown(
    app: &App,
    ctx: &Ctx,
    branch: &BranchId,
    pages: Pages,
    locale: Option<&str>,
) -> Result<Vec<Card>, Problem> {
    let catalog = app.catalog();
    let branch = catalog.serving_branch(branch)?;
    let whole = of_branch(&catalog, &branch, pages);
    let mut admitted = BTreeMap::new();
    let chosen = {
        let (customer, _) = launch::actor_of(&catalog, &ctx.actor, &branch)?;
        let known = launch::facts_of(ctx);
        let bank_zone = app.config.zone;
        let asker = launch::asker(ctx.now_ms, bank_zone, &branch, Channel::Phone, &customer, known.as_ref());
        let is_within = |place: &PlaceId, above: &PlaceId| catalog.is_within(place, above);
        let can_open = |program: &ProgramId| {
            let opened = launch::admit(&catalog, ctx, &open(program, &branch, locale), bank_zone);
            opened.is_ok_and(|opened| admitted.insert(program.clone(), opened).is_none())
        };
        together(&whole, &asker, &is_within, can_open).into_iter().cloned().collect::<Vec<_>>()
    };
    let opened = chosen.iter().filter_map(|program| admitted.remove(program)).collect();
    Ok(in_time(app, ctx, opened).await)
}

/// The bundles that the caller sees in a branch, in order. One of which too few cards are there is left out.
pub async fn bundles(
    app: &App,
    ctx: &Ctx,
    branch: &BranchId,
    pages: Pages,
    locale: Option<&str>,
) -> Result<Vec<Bundled>, Problem> {
    let catalog = app.catalog();
    let branch = catalog.serving_branch(branch)?;
    let whole = of_branch(&catalog, &branch, pages);
    let mut admitted: BTreeMap<ProgramId, Admitted> = BTreeMap::new();
    let chosen: Vec<(Bundle, Vec<ProgramId>)> = {
        let (customer, _) = launch::actor_of(&catalog, &ctx.actor, &branch)?;
        let known = launch::facts_of(ctx);
        let bank_zone = app.config.zone;
        let asker = launch::asker(ctx.now_ms, bank_zone, &branch, Channel::Phone, &customer, known.as_ref());
        let is_within = |place: &PlaceId, above: &PlaceId| catalog.is_within(place, above);
        let can_open =
            |program: &ProgramId| match launch::admit(&catalog, ctx, &open(program, &branch, locale), bank_zone) {
                Ok(opened) => {
                    admitted.insert(program.clone(), opened);
                    true
                }
                Err(_) => false,
            };
        let found = bundled(&whole, &asker, &is_within, can_open);
        found.into_iter().map(|(bundle, programs)| (bundle.clone(), programs.into_iter().cloned().collect())).collect()
    };
    // All of them wait for the same moment.
    let opened = chosen.iter().flat_map(|(_, programs)| programs).filter_map(|program| admitted.remove(program));
    let cards = in_time(app, ctx, opened.collect()).await;
    let of = |program: &ProgramId| cards.iter().find(|card| card.release.id.program == *program).cloned();
    let with_cards = chosen.into_iter().map(|(bundle, programs)| {
        let cards: Vec<Card> = programs.iter().filter_map(of).collect();
        Bundled { bundle, cards }
    });
    Ok(with_cards.filter(|it| it.cards.len() >= BUNDLE_CARDS_MIN).collect())
}

fn open(program: &ProgramId, branch: &BranchId, locale: Option<&str>) -> Open {
    Open {
        program: program.clone(),
        page: None,
        query: Vec::new(),
        branch: Some(branch.clone()),
        channel: Channel::Phone,
        locale: locale.map(str::to_owned),
        zone: None,
        elder_mode: None,
        surface: Surface::Card,
        practice: false,
        code: None,
        origin: Origin::Other,
    }
}

/// Draws all at once and waits for them together: a slow one keeps the page waiting no longer than the limit.
async fn in_time(app: &App, ctx: &Ctx, opened: Vec<Admitted>) -> Vec<Card> {
    let deadline = tokio::time::Instant::now() + Duration::from_millis(ZONE_CARDS_WAIT_MS);
    let drawing: Vec<(Release, Option<Drawing>)> =
        opened.into_iter().map(|opened| (opened.release.clone(), begin(app, ctx, opened))).collect();
    let mut cards = Vec::with_capacity(drawing.len());
    for (release, drawing) in drawing {
        let Some(drawing) = drawing else { continue };
        let outcome = match tokio::time::timeout_at(deadline, drawing).await {
            Ok(Ok(Some(screen))) => {
                cards.push(Card { release, screen });
                "shown"
            }
            Ok(_) => "none",
            Err(_) => "slow",
        };
        metrics::counter!("xitai_cards_total", "outcome" => outcome).increment(1);
    }
    cards
}

/// Goes on being drawn when nobody waits any more.
fn begin(app: &App, ctx: &Ctx, opened: Admitted) -> Option<Drawing> {
    let app = app.me.upgrade()?;
    let asked = Asked {
        release: opened.release.id.clone(),
        customer: opened.customer.clone(),
        staff: ctx.staff().map(|staff| staff.id.clone()),
        branch: opened.branch.clone(),
        locale: opened.locale.clone(),
        zone: opened.zone.name(),
        elder_mode: opened.elder_mode,
    };
    let (kept, ctx) = (app.zone_cards.of(asked, ctx.now_ms), ctx.clone());
    Some(tokio::spawn(async move {
        let drawn = kept.get_or_try_init(|| async {
            let subject = launch::subject(&app, &opened.release.id.program, &opened.customer).await?.text;
            drawn(&app, &ctx, opened, subject, Evidence::Kept).await
        });
        // What the host could not do is tried again at the next look.
        drawn.await.inspect_err(|problem| tracing::debug!(%problem, "a card was not drawn")).ok()?.clone().ok()
    }))
}

/// Whether what a card reads and how it falls is written down. Of a preview nothing is: no customer looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Kept,
    Dropped,
}

/// Draws a card, or says with its code why there is none. What is no fault of the program's is a problem.
async fn drawn(app: &App, ctx: &Ctx, opened: Admitted, subject: String, evidence: Evidence) -> Result<Drawn, Problem> {
    let launch = Launch { page: opened.page.clone(), query: Vec::new(), signed: Vec::new(), surface: Surface::Card };
    let session = session::unopened(opening(app, ctx, opened, subject), ctx.now_ms);
    let attempt = Attempt {
        session: &session,
        standing: Standing::default(),
        happened: Happened::Opened(launch),
        sent: None,
        proved_ms: 0,
        guards: Vec::new(),
        changes: Vec::new(),
        action: "zone.card-drawn",
        first: false,
    };
    let catalog = app.catalog();
    let release = session::release_of(app, &catalog, &session).await?;
    let (performed, _) = attempt::perform(app, ctx, &catalog, &release, &attempt).await?;
    app.costs.note(|| Heard::of(&attempt, &performed));
    match performed.and_then(glance) {
        Ok((screen, reads)) => {
            if evidence == Evidence::Kept && !reads.is_empty() {
                let audit = attempt::audit(ctx, &session, attempt.action, 1);
                app.store.commit(Commit { guards: Vec::new(), changes: reads, audit }).await?;
            }
            Ok(Ok(screen))
        }
        Err(fallen) if attempt::is_programs(&fallen.fault) && !attempt::was_starved(&fallen) => {
            let told = fault_code(&fallen.fault);
            if evidence == Evidence::Kept {
                attempt::fell(app, ctx, &session, fallen).await;
            }
            Ok(Err(told))
        }
        Err(fallen) => Err(Problem::from(&fallen)),
    }
}

/// What of a call may be shown, and what it has read of the customer's facts.
fn glance(performed: Performance) -> Result<(Arc<Screen>, Vec<Change>), Fallen> {
    let Performance { step, changes, calls, logs, cost, tickets_made, partner_calls_made, wakeups_delta, .. } =
        performed;
    let (reads, others): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(attempt::is_read);
    let asks = tickets_made > 0 || partner_calls_made > 0 || wakeups_delta != 0;
    let refused = match step.screen.glance() {
        _ if step.sheet.is_some() || asks || !others.is_empty() => code::CARD_EFFECT,
        Some(screen) => return Ok((Arc::new(screen), reads)),
        None => code::CARD_LARGE,
    };
    let fault = Fault::BadStep { code: refused.code.to_owned(), detail: "surface card".to_owned() };
    Err(Fallen { fault, calls: Arc::new(calls), logs, reads, cost: Box::new(cost) })
}

fn opening(app: &App, ctx: &Ctx, opened: Admitted, subject: String) -> Opening {
    Opening {
        id: SessionId::new(ctx.now_ms, app.clock.random()),
        program: opened.release.id.program.clone(),
        release: opened.release.id.clone(),
        branch: opened.branch,
        customer: Some(opened.customer),
        staff: ctx.staff().map(|staff| staff.id.clone()),
        subject,
        actor: opened.actor,
        surface: Surface::Card,
        channel: Channel::Phone,
        locale: opened.locale,
        zone: opened.zone.name().to_owned(),
        elder_mode: opened.elder_mode,
        practice: false,
        seed: Bytes(app.clock.random::<32>().to_vec()),
        opened_ms: ctx.now_ms,
    }
}

/// Through whose eyes a page is looked at before it is published.
#[derive(Debug, Clone)]
pub struct Eyes {
    pub who: Who,
    pub locale: String,
    pub elder_mode: bool,
    pub at_ms: i64,
}

#[derive(Debug, Clone)]
pub enum Who {
    /// A customer, by their sign-in name.
    Login(String),
    /// A kind of customer, of a branch.
    Kind { level: Level, branch: BranchId },
}

/// A card of a page as it was looked at: drawn, or why it is not there.
#[derive(Debug)]
pub struct Previewed {
    pub program: ProgramId,
    pub drawn: Result<Card, Missing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is for others, or for another time.
    NotMeant,
    /// They could not open the program, or the card fell.
    Refused(&'static Code),
}

/// A place's page as a customer would see it: the one that waits for a second person, or the one that is live.
///
/// The customer decides which cards stand there and of which release they are. Each is then drawn as for somebody who
/// has never opened its program: what a program tells a customer is not for the bank's people.
pub async fn preview(
    app: &App,
    ctx: &Ctx,
    place: &PlaceId,
    waiting: bool,
    eyes: Eyes,
) -> Result<Vec<Previewed>, Problem> {
    let catalog = app.catalog();
    let rule = zone_page::view(app, ctx, place)?.rule;
    let proposed = rule.proposed.filter(|proposal| waiting && proposal.is_waiting()).map(|proposal| proposal.what);
    let page = match proposed {
        Some(Wanted::Set(page)) => page,
        Some(Wanted::Remove) => ZonePage::default(),
        None => rule.live.unwrap_or_default(),
    };
    let customer = whose(app, ctx, &catalog, place, &eyes).await?;
    let as_they = |customer: Customer| Ctx {
        actor: Caller::Customer(Arc::new(customer)),
        now_ms: eyes.at_ms,
        proved_ms: 0,
        scopes: None,
        step_up: None,
        ..ctx.clone()
    };
    let (theirs, stranger) = (as_they(customer.clone()), as_they(stranger(&customer)));
    let mut previewed = Vec::with_capacity(page.cards.len());
    for (program, meant) in meant(app, &catalog, &theirs, &customer, &page) {
        let drawn = match meant {
            false => Err(Missing::NotMeant),
            true => look(app, &catalog, &theirs, &stranger, &program, &customer.branch).await?,
        };
        previewed.push(Previewed { program, drawn });
    }
    Ok(previewed)
}

/// All cards of a page, those of its bundles after the single ones, and whether somebody is meant to see them.
fn meant(app: &App, catalog: &Catalog, ctx: &Ctx, customer: &Customer, page: &ZonePage) -> Vec<(ProgramId, bool)> {
    let known = launch::facts_of(ctx);
    let (branch, id) = (&customer.branch, &customer.id);
    let asker = launch::asker(ctx.now_ms, app.config.zone, branch, Channel::Phone, id, known.as_ref());
    let is_within = |place: &PlaceId, above: &PlaceId| catalog.is_within(place, above);
    let of = |audience: &Audience| audience.admits(&asker, &is_within);
    let mut all: Vec<(ProgramId, bool)> =
        page.cards.iter().map(|card| (card.program.clone(), of(&card.audience))).collect();
    for bundle in &page.bundles {
        let is_meant = of(&bundle.audience);
        for program in &bundle.programs {
            match all.iter_mut().find(|(there, _)| there == program) {
                Some((_, meant)) => *meant |= is_meant,
                None => all.push((program.clone(), is_meant)),
            }
        }
    }
    all
}

async fn look(
    app: &App,
    catalog: &Catalog,
    theirs: &Ctx,
    stranger: &Ctx,
    program: &ProgramId,
    branch: &BranchId,
) -> Result<Result<Card, Missing>, Problem> {
    let opened = match launch::admit(catalog, theirs, &open(program, branch, None), app.config.zone) {
        Ok(opened) => opened,
        Err(problem) => return Ok(Err(Missing::Refused(problem.code))),
    };
    let customer = stranger.customer().map_or_else(|| opened.customer.clone(), |customer| customer.id.clone());
    let (opened, release) = (Admitted { customer, ..opened.clone() }, opened.release);
    let subject = format!("s{}", data_encoding::BASE32_NOPAD.encode(&app.clock.random::<15>()).to_lowercase());
    let screen = drawn(app, stranger, opened, subject, Evidence::Dropped).await?;
    Ok(screen.map(|screen| Card { release, screen }).map_err(Missing::Refused))
}

/// The customer whose eyes are borrowed. By name only those of places that one decides for, and it is written down.
async fn whose(app: &App, ctx: &Ctx, catalog: &Catalog, place: &PlaceId, eyes: &Eyes) -> Result<Customer, Problem> {
    let profile = Profile { locale: eyes.locale.clone(), elder_mode: eyes.elder_mode, ..Profile::default() };
    match &eyes.who {
        Who::Kind { level, branch } => {
            let branch = catalog.serving_branch(branch)?;
            Ok(Customer { level: *level, branch, profile, ..nobody() })
        }
        Who::Login(login) => {
            let named = app.store.customer_by_login(&login.trim().to_lowercase()).await?;
            let known = named.filter(|it| zone_page::allows(catalog, ctx, Action::DecideZone, &it.branch));
            let known = known.ok_or_else(|| Problem::new(code::ZONE_CUSTOMER))?;
            let subject = format!("customer:{}", known.id);
            commit(app, ctx, Vec::new(), Vec::new(), "zone.previewed", &subject, json!({ "place": place })).await?;
            let profile = Profile { facts: known.profile.facts.clone(), ..profile };
            Ok(Customer { profile, ..known })
        }
    }
}

/// Somebody of the same kind of whom nobody knows anything.
fn stranger(customer: &Customer) -> Customer {
    let profile = Profile { facts: Default::default(), display_name: String::new(), ..customer.profile.clone() };
    Customer { level: customer.level, branch: customer.branch.clone(), profile, ..nobody() }
}

/// Of a page that nobody in particular looks at.
fn nobody() -> Customer {
    Customer {
        id: CustomerId::new(0, [0; 10]),
        login: String::new(),
        password_hash: String::new(),
        level: Level::Visitor,
        branch: BranchId::parse("nowhere").expect("a lower-case word"),
        profile: Profile::default(),
    }
}
