//! From a program's name to a running call: which release the customer gets, under which name the program knows them,
//! and everything that the sandbox is told about where it runs.

use super::catalog::Catalog;
use super::ctx::{Caller, Ctx};
use super::session::{Open, ProgramLine, line_of};
use super::{App, damage, publisher_key};
use crate::http::problem::Problem;
use crate::zone::Zone;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::sync::Arc;
use xitai_model::claims::Known;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::content::search::fold;
use xitai_model::identity::Level;
use xitai_model::ids::{BranchId, CustomerId, PlaceId, ProgramId};
use xitai_model::limits::PROGRAMS_LISTED_MAX;
use xitai_model::manifest::{Manifest, SharedScope};
use xitai_model::place::{PlaceKind, Role, Staff};
use xitai_model::program::{Actor, Channel};
use xitai_model::release::{Release, ReleaseState};
use xitai_model::rollout::Asker;
use xitai_model::services::SharedKey;
use xitai_model::session::{Opening, Standing};
use xitai_model::setting;
use xitai_runtime::call::Scope;
use xitai_runtime::ports::Listing;
use xitai_runtime::{LoadFault, Loaded};

pub const LOCALE_DEFAULT: &str = "zh-CN";

/// Names that this host understands wherever the contract has an `other` case or a registry string.
pub const SUPPORTS: &[&str] =
    &["effect:toast", "effect:celebrate", "effect:open-page", "effect:close", "prop:autofocus"];

/// What a launch comes to before anything runs.
#[derive(Clone)]
pub struct Admitted {
    pub release: Release,
    pub branch: BranchId,
    pub customer: CustomerId,
    pub actor: Actor,
    pub page: String,
    pub locale: String,
    pub zone: Zone,
    pub elder_mode: bool,
}

/// Whether the caller may open this, and as what. Cheap questions first; nothing is read from the database.
pub fn admit(catalog: &Catalog, ctx: &Ctx, open: &Open, bank_zone: Zone) -> Result<Admitted, Problem> {
    catalog.program(&open.program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let branch = branch_of(catalog, &ctx.actor, open.branch.as_ref())?;
    let (customer, actor) = actor_of(catalog, &ctx.actor, &branch)?;
    if catalog.is_retired(&open.program) && !matches!(actor, Actor::Staff(_)) {
        return Err(Problem::new(code::PROGRAM_RETIRED));
    }
    let known = facts_of(ctx);
    let asker = asker(ctx.now_ms, bank_zone, &branch, open.channel, &customer, known.as_ref());
    let release = match open.practice {
        true => tried(catalog, &open.program, &customer, ctx.now_ms)?,
        false => chosen(catalog, &open.program, &asker)?,
    };
    if let Some(publisher) = catalog.publisher(&release.publisher) {
        publisher.check_opening(ctx.now_ms)?;
    }
    if let Some(stop) = catalog.stop_at(release, &branch) {
        return Err(Problem::new(code::PROGRAM_STOPPED).because(&stop.id));
    }
    let page = page_of(&release.manifest, open.page.as_deref())?;
    let profile = ctx.customer().map(|customer| &customer.profile);
    let text = |asked: &Option<String>, own: Option<&String>, default: &str| {
        let own = own.filter(|own| !own.is_empty());
        asked.as_ref().or(own).map_or_else(|| default.to_owned(), |text| text.chars().take(64).collect())
    };
    Ok(Admitted {
        release: release.clone(),
        branch,
        customer,
        actor,
        page,
        locale: text(&open.locale, profile.map(|profile| &profile.locale), LOCALE_DEFAULT),
        zone: match &open.zone {
            Some(asked) => asked.parse().map_err(|unknown| Problem::malformed(format!("zone: {unknown}")))?,
            None => profile.and_then(|profile| profile.zone.parse().ok()).unwrap_or(bank_zone),
        },
        elder_mode: open.elder_mode.unwrap_or_else(|| profile.is_some_and(|profile| profile.elder_mode)),
    })
}

/// The branch that was asked for, or the caller's own.
fn branch_of(catalog: &Catalog, caller: &Caller, asked: Option<&BranchId>) -> Result<BranchId, Problem> {
    let own = match caller {
        Caller::Customer(customer) => Some(customer.branch.clone()),
        Caller::Staff(staff) => own_branch(catalog, staff),
        Caller::Anonymous | Caller::Host => None,
    };
    let branch = asked.cloned().or(own).ok_or_else(|| Problem::malformed("branch: say which"))?;
    match catalog.serving_branch(&branch) {
        Err(refusal) if refusal.code == code::PLACE_NOT_FOUND.code => {
            Err(Problem::malformed("branch: there is none of this name"))
        }
        served => Ok(served?),
    }
}

/// The branch at which somebody on the staff works, where it is one.
pub fn own_branch(catalog: &Catalog, staff: &Staff) -> Option<BranchId> {
    let mut places = staff.roles.iter().map(|(_, place)| place);
    places.find(|place| catalog.place(place).is_some_and(|place| place.kind == PlaceKind::Branch)).cloned()
}

/// A customer as a customer; staff by their role in the branch, on their own customer record.
pub(super) fn actor_of(catalog: &Catalog, caller: &Caller, branch: &BranchId) -> Result<(CustomerId, Actor), Problem> {
    match caller {
        Caller::Customer(customer) => Ok((customer.id.clone(), Actor::Customer)),
        Caller::Staff(staff) => {
            let role = [Role::Manager, Role::Clerk].into_iter().find(|role| holds(catalog, staff, *role, branch));
            let role = role.ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
            Ok((staff.customer.clone(), Actor::Staff(super::role_name(role))))
        }
        Caller::Anonymous | Caller::Host => Err(Problem::new(code::AUTH_REQUIRED)),
    }
}

/// Whether somebody holds a role at a place or above it.
fn holds(catalog: &Catalog, staff: &Staff, role: Role, place: &PlaceId) -> bool {
    staff.roles.iter().any(|(held, at)| *held == role && catalog.is_within(place, at))
}

/// What the bank knows of a customer who asks for themselves. Staff are in nobody's segment.
pub(super) fn facts_of(ctx: &Ctx) -> Option<Known> {
    ctx.customer().map(|customer| Known::of(customer, None))
}

pub fn asker<'a>(
    now_ms: i64,
    bank_zone: Zone,
    branch: &'a BranchId,
    channel: Channel,
    customer: &'a CustomerId,
    known: Option<&'a Known>,
) -> Asker<'a> {
    Asker { branch, channel, customer, known, now_ms, today: bank_zone.day(now_ms) }
}

/// The release that a customer gets.
fn chosen<'a>(catalog: &'a Catalog, program: &ProgramId, asker: &Asker<'_>) -> Result<&'a Release, Problem> {
    let rollout = catalog.rollout(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_ENABLED))?;
    let is_within = |place: &PlaceId, above: &PlaceId| catalog.is_within(place, above);
    let version = rollout.choose(asker, &is_within).map_err(Problem::new)?;
    let id = xitai_model::ids::ReleaseId { program: program.clone(), version: version.clone() };
    catalog.release(&id).ok_or_else(|| Problem::internal(format!("rollout names {id}, which is not in the catalog")))
}

/// The release that is on trial with a customer.
fn tried<'a>(
    catalog: &'a Catalog,
    program: &ProgramId,
    customer: &CustomerId,
    now_ms: i64,
) -> Result<&'a Release, Problem> {
    let closed = || Problem::new(code::SESSION_PRACTICE_CLOSED);
    let trial = catalog.trial_for(program, customer, now_ms).ok_or_else(closed)?;
    catalog.release(&trial.release).ok_or_else(closed)
}

/// The interfaces that a release is linked to: what was granted, or, on trial, what its manifest asks for. What reaches
/// past the trial is refused at the call.
fn linked(release: &Release) -> Cow<'_, [String]> {
    match release.state {
        ReleaseState::Approved => Cow::Borrowed(release.granted.as_slice()),
        _ => Cow::Owned(release.manifest.permissions()),
    }
}

/// One of the manifest's pages; the first where none is named.
fn page_of(manifest: &Manifest, asked: Option<&str>) -> Result<String, Problem> {
    let page = match asked {
        Some(asked) => manifest.pages.iter().find(|page| *page == asked),
        None => manifest.pages.first(),
    };
    page.cloned().ok_or_else(|| Problem::new(code::PROGRAM_PAGE_NOT_FOUND))
}

/// The pairwise id of a customer in a program, and the row of it where it is new.
pub struct Subject {
    pub text: String,
    pub new: Option<Change>,
}

pub async fn subject(app: &App, program: &ProgramId, customer: &CustomerId) -> Result<Subject, Problem> {
    if let Some(text) = app.store.subject(program, customer).await? {
        return Ok(Subject { text, new: None });
    }
    let text = format!("s{}", data_encoding::BASE32_NOPAD.encode(&app.clock.random::<15>()).to_lowercase());
    let new = Change::Subject { program: program.clone(), customer: customer.clone(), subject: text.clone() };
    Ok(Subject { text, new: Some(new) })
}

/// The program of a release, ready to run: compiled again where this host has no native code of it. What is not in
/// memory yet is checked against the bank's own signature first.
pub async fn load(app: &App, release: &Release) -> Result<Arc<Loaded>, Problem> {
    let catalog = app.catalog();
    publisher_key::check_running(&catalog, release)?;
    let linked = linked(release);
    if let Some(loaded) = app.runtime.loaded(&release.component, &linked) {
        return Ok(loaded);
    }
    // What is on trial nobody has approved yet: it plays with play money, for the testers that were named.
    if release.state == ReleaseState::Approved || catalog.trial(&release.id).is_none() {
        damage::check_approval(app, release).await?;
    }
    let told = |fault: LoadFault| Problem::internal(format!("{}: {fault:?}", release.id));
    match app.runtime.load(&release.component, &linked) {
        Err(LoadFault::NotCompiled | LoadFault::Changed) => {}
        loaded => return loaded.map_err(told),
    }
    super::native::make(app, release).await?;
    app.runtime.load(&release.component, &linked).map_err(told)
}

/// 32 bytes that only this session has at this position, for one purpose.
pub fn derived(seed: &[u8], position: u64, purpose: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed);
    hasher.update(position.to_be_bytes());
    hasher.update(purpose.as_bytes());
    hasher.finalize().into()
}

/// Which call of which session.
#[derive(Clone, Copy)]
pub struct Called<'a> {
    pub opening: &'a Opening,
    pub standing: &'a Standing,
    /// The position that its step will have.
    pub position: u64,
    pub proved_ms: i64,
}

/// Everything that host calls need to know, from the host's own records.
pub async fn scope(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    release: &Release,
    called: &Called<'_>,
) -> Result<Scope, Problem> {
    let Called { opening, standing, position, proved_ms } = *called;
    let config = setting::resolved(&release.manifest, &catalog.config(&release.id.program, &opening.branch));
    let vendor = &release.manifest.xitai;
    let staff = opening.staff.as_ref().and_then(|id| catalog.staff(id));
    let level = match &opening.customer {
        Some(_) if opening.staff.is_some() => Level::Other,
        Some(id) if ctx.customer().is_some_and(|customer| customer.id == *id) => {
            ctx.customer().map_or(Level::Visitor, |customer| customer.level)
        }
        Some(id) => app.store.customer(id).await?.map_or(Level::Visitor, |customer| customer.level),
        None => Level::Other,
    };
    Ok(Scope {
        program: opening.program.clone(),
        release: release.id.clone(),
        branch: opening.branch.clone(),
        bank: bank(catalog, &opening.branch),
        shared_scope: vendor.shared_scope,
        session: opening.id.clone(),
        position,
        customer: opening.customer.clone(),
        subject: opening.subject.clone(),
        level,
        bank_ahead_s: app.config.zone.ahead_s(ctx.now_ms),
        proved_ms: standing.proved_ms.map_or(proved_ms, |on_sheet_ms| on_sheet_ms.max(proved_ms)),
        roles: staff.map(|staff| role_names(catalog, staff, &opening.branch)).unwrap_or_default(),
        acts_for_merchant: opening.staff.is_some() || opening.customer.is_none(),
        merchant: vendor.merchant.clone(),
        payees: release.manifest.payees().into_iter().chain(setting::payees(&release.manifest, &config)).collect(),
        config,
        tickets_open: standing.tickets_open,
        wakeups_pending: standing.wakeups_pending,
        partner_calls_open: standing.partner_calls_open,
        pages: release.manifest.pages.clone(),
        data_purposes: vendor.data_purposes.clone(),
        egress: vendor.egress.clone(),
        withheld: withheld(catalog, release),
        armed_chain: standing.armed.as_ref().map(|armed| armed.chain),
        id_seed: derived(&opening.seed.0, position, "ids"),
        practice: opening.practice,
    })
}

fn withheld(catalog: &Catalog, release: &Release) -> Vec<String> {
    let rollout = catalog.rollout(&release.id.program);
    let held = rollout.map(|rollout| rollout.withheld_of(&release.id.version).map(|held| held.permission.clone()));
    held.map(Iterator::collect).unwrap_or_default()
}

/// The roles of a staff member that reach the branch.
fn role_names(catalog: &Catalog, staff: &Staff, branch: &BranchId) -> Vec<String> {
    let reaching = staff.roles.iter().filter(|(_, at)| catalog.is_within(branch, at));
    let mut names: Vec<String> = reaching.map(|(role, _)| super::role_name(*role)).collect();
    names.sort();
    names.dedup();
    names
}

fn bank(catalog: &Catalog, branch: &BranchId) -> BranchId {
    catalog.bank().map_or_else(|| branch.clone(), |bank| bank.id.clone())
}

/// Where a shared name of a program lives, for a session in a branch.
pub fn shared_key(catalog: &Catalog, release: &Release, branch: &BranchId, name: &str) -> SharedKey {
    let branch = match release.manifest.xitai.shared_scope {
        SharedScope::Branch => branch.clone(),
        SharedScope::Bank => bank(catalog, branch),
    };
    SharedKey { program: release.id.program.clone(), branch, name: name.to_owned() }
}

/// A program in the list of those that somebody can open.
pub struct Listed {
    pub line: ProgramLine,
    pub description: Option<String>,
    pub category: String,
    pub pages: Vec<String>,
    pub release: Release,
    pub stopped: bool,
}

/// The programs that the caller can open in a branch, whose name, description or publisher holds `text`.
pub fn list(
    app: &App,
    ctx: &Ctx,
    branch: Option<&BranchId>,
    text: Option<&str>,
    channel: Channel,
) -> Result<Vec<Listed>, Problem> {
    let catalog = app.catalog();
    let branch = branch_of(&catalog, &ctx.actor, branch)?;
    let (customer, _) = actor_of(&catalog, &ctx.actor, &branch)?;
    let locale = ctx.customer().map_or(LOCALE_DEFAULT, |customer| customer.profile.locale.as_str());
    let wanted = text.map(str::to_lowercase);
    let known = facts_of(ctx);
    let asker = asker(ctx.now_ms, app.config.zone, &branch, channel, &customer, known.as_ref());
    let offered = catalog.rollouts.keys().filter(|id| !catalog.is_retired(id));
    let releases = offered.filter_map(|id| chosen(&catalog, id, &asker).ok());
    let listed = releases.map(|release| {
        let line = line_of(&catalog, release, locale);
        let manifest = &release.manifest;
        Listed {
            line,
            description: manifest.named(locale).1.map(str::to_owned),
            category: manifest.xitai.category.clone(),
            pages: manifest.pages.clone(),
            release: release.clone(),
            stopped: catalog.stop_at(release, &branch).is_some(),
        }
    });
    Ok(listed.filter(|listed| wanted.as_ref().is_none_or(|text| listed.holds(text))).collect())
}

/// The same for a program that asks: what the customer of a session can open beside it.
pub fn listings(catalog: &Catalog, asker: &Asker<'_>, locale: &str) -> Vec<Listing> {
    let branch = asker.branch;
    let of_customer = |id| chosen(catalog, id, asker).ok();
    let open = catalog.rollouts.keys().filter(|id| !catalog.is_retired(id)).filter_map(of_customer);
    let open = open.filter(|release| catalog.stop_at(release, branch).is_none());
    let listing = |release: &Release| {
        let (name, description) = release.manifest.named(locale);
        Listing {
            program: release.id.program.clone(),
            name: name.to_owned(),
            description: description.unwrap_or_default().to_owned(),
            pages: release.manifest.pages.clone(),
        }
    };
    open.take(PROGRAMS_LISTED_MAX).map(listing).collect()
}

impl Listed {
    /// Whether a customer's search finds it: each of the words, folded as the library folds them, stands somewhere, in
    /// whichever of the manifest's languages.
    pub fn is_found_by(&self, words: &[String]) -> bool {
        let manifest = &self.release.manifest;
        let local = manifest.xitai.locales.values().flat_map(|it| [Some(&it.name), it.description.as_ref()]);
        let own =
            [Some(&manifest.name), manifest.description.as_ref(), Some(&self.line.publisher), Some(&self.category)];
        let texts: Vec<String> = local.chain(own).flatten().map(|text| fold(text)).collect();
        words.iter().all(|word| texts.iter().any(|text| text.contains(word)) || self.line.id.as_str().contains(word))
    }
    fn holds(&self, text: &str) -> bool {
        let names = self.release.manifest.xitai.locales.values().map(|local| local.name.as_str());
        let texts = [self.line.name.as_str(), self.line.id.as_str(), self.line.publisher.as_str(), &self.category];
        let description = self.description.as_deref();
        texts.into_iter().chain(description).chain(names).any(|held| held.to_lowercase().contains(text))
    }
}
