//! Launch codes: making, revoking and renewing them, and what a scanned one opens.
//!
//! Every opening reads the row: a code that was revoked or renewed a moment ago opens nothing, on whichever host.

use super::catalog::Catalog;
use super::ctx::{Caller, Ctx};
use super::feedback::{Read, read};
use super::session::Open;
use super::{App, books, publish};
use crate::http::extract::pairs;
use crate::http::problem::Problem;
use crate::words::Locale;
use serde_json::json;
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{BranchId, MatterId, ProgramId, SessionId};
use xitai_model::journey::Origin;
use xitai_model::launch_code::{KEY, LaunchCode, Standing, Token, Wish, about, is_token};
use xitai_model::limits::LAUNCH_CODES_MAX;
use xitai_model::manifest::Manifest;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::merchant::Merchant;
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::program::{Channel, Surface};
use xitai_model::rollout::Rollout;

/// Times that a change is decided again when another one came first.
const DECISIONS_MAX: u32 = 3;

/// A set as somebody who may make them sees it.
pub struct Set {
    pub id: MatterId,
    pub program: ProgramId,
    pub code: LaunchCode,
    pub made_ms: i64,
    /// Address and label of each copy, while it is in use.
    pub copies: Vec<Copy>,
}

/// One copy, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    pub number: u32,
    pub label: String,
    pub address: String,
}

/// Somebody who may make codes of a program for a branch; for no branch in particular where none is named.
fn maker<'a>(
    catalog: &Catalog,
    ctx: &'a Ctx,
    program: &ProgramId,
    branch: Option<&BranchId>,
) -> Result<&'a Staff, Problem> {
    let known = catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let place = branch.or_else(|| catalog.bank().map(|bank| &bank.id));
    let resource = Resource { place, publisher: Some(&known.publisher), ..Resource::default() };
    publish::may(catalog, ctx, Action::MakeCodes, resource)
}

/// Whether the caller may make codes of a program for a branch.
pub fn may_make(catalog: &Catalog, ctx: &Ctx, program: &ProgramId, branch: Option<&BranchId>) -> bool {
    maker(catalog, ctx, program, branch).is_ok()
}

/// The branches for which the caller may make codes of a program: where it is switched on.
pub fn branches<'a>(catalog: &'a Catalog, ctx: &'a Ctx, program: &'a ProgramId) -> impl Iterator<Item = BranchId> + 'a {
    let enabled = catalog.rollout(program).into_iter().flat_map(|rollout| rollout.enabled.iter());
    enabled.filter(move |branch| may_make(catalog, ctx, program, Some(branch))).cloned()
}

/// Programs that the caller may make codes of: a publisher its own, a branch those that it has switched on.
pub fn programs(app: &App, ctx: &Ctx) -> Vec<ProgramId> {
    let catalog = app.catalog();
    let may = |program: &&ProgramId| {
        may_make(&catalog, ctx, program, None) || branches(&catalog, ctx, program).next().is_some()
    };
    catalog.programs.keys().filter(may).cloned().collect()
}

/// The manifest whose pages a code may open: of the newest release that people get.
pub fn manifest<'a>(catalog: &'a Catalog, program: &ProgramId) -> Option<&'a Manifest> {
    let rollout: &Rollout = catalog.rollout(program)?;
    let stage = rollout.stages.last()?;
    let id = xitai_model::ids::ReleaseId { program: program.clone(), version: stage.version.clone() };
    catalog.release(&id).map(|release| &release.manifest)
}

/// The merchants that codes of a program may name: those of its publisher that are in business.
pub fn merchants<'a>(catalog: &'a Catalog, program: &ProgramId) -> impl Iterator<Item = &'a Merchant> {
    let publisher = catalog.program(program).map(|program| &program.publisher);
    let all = catalog.merchants.values().map(|kept| &kept.value);
    all.filter(move |it| publisher.is_some_and(|publisher| it.is_open_for(publisher)))
}

/// Makes a set.
pub async fn make(app: &App, ctx: &Ctx, program: &ProgramId, mut wish: Wish) -> Result<Set, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = maker(&catalog, ctx, program, wish.branch.as_ref())?;
    // Where no page is named it is the program's first.
    if let (true, Some(manifest)) = (wish.page.is_empty(), manifest(&catalog, program)) {
        wish.page = manifest.pages.first().cloned().unwrap_or_default();
    }
    let wish = wish.checked(ctx.now_ms)?;
    check(&catalog, program, &wish)?;
    let bank = books::bank(app)?;
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let body = LaunchCode::new(wish, staff.id.clone());
    let branch = body.what.branch.clone().unwrap_or(bank);
    let mut matter = Matter::new(id.clone(), Some(program.clone()), branch, None, &body, ctx.now_ms);
    matter.about = Some(about(program, true));
    matter.seal(KEY, &Bytes(app.clock.random::<32>().to_vec()));
    let (guards, mut changes) = room(app, ctx, program).await?;
    changes.push(Change::Matter(Box::new(matter.clone())));
    keep(app, ctx, &matter, guards, changes, "launch-code.made").await?;
    set_with_copies(app, Read { matter, body }, ctx.now_ms)
}

/// Page, place, merchant and shop are there.
fn check(catalog: &Catalog, program: &ProgramId, wish: &Wish) -> Result<(), Problem> {
    if catalog.is_retired(program) {
        return Err(Problem::new(code::PROGRAM_RETIRED));
    }
    let manifest = manifest(catalog, program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_ENABLED))?;
    if !manifest.pages.contains(&wish.page) {
        return Err(Problem::new(code::PROGRAM_PAGE_NOT_FOUND).detail(&wish.page));
    }
    let wrong = |what: &str| Err(Problem::new(code::LAUNCH_PLACE).detail(what));
    if let Some(branch) = &wish.branch {
        if catalog.serving_branch(branch).is_err() {
            return wrong(branch.as_str());
        }
        if catalog.rollout(program).is_none_or(|rollout| !rollout.enabled.contains(branch)) {
            return Err(Problem::new(code::PROGRAM_NOT_ENABLED).detail(branch));
        }
    }
    let merchant = wish.merchant.as_ref().map(|id| merchants(catalog, program).find(|it| it.id == *id).ok_or(id));
    match (merchant, &wish.shop) {
        (Some(Err(id)), _) => wrong(id.as_str()),
        (None, Some(shop)) => wrong(shop),
        (Some(Ok(merchant)), Some(shop)) if !merchant.shops.iter().any(|it| it.name == *shop) => wrong(shop),
        _ => Ok(()),
    }
}

/// Room for one more set: where all are taken, one whose time is over makes it.
async fn room(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<(Vec<Guard>, Vec<Change>), Problem> {
    let rows = in_use(app, program).await?;
    if rows.len() < LAUNCH_CODES_MAX {
        return Ok((Vec::new(), Vec::new()));
    }
    let over = rows.into_iter().find(|row| row.body.standing(ctx.now_ms) == Standing::Over);
    let over = over.ok_or_else(|| Problem::new(code::LAUNCH_MANY))?;
    let guard = Guard::MatterAt { matter: over.matter.id.clone(), revision: over.matter.revision };
    let mut past = over.matter.moved(&over.body, ctx.now_ms);
    past.about = Some(about(program, false));
    Ok((vec![guard], vec![Change::Matter(Box::new(past))]))
}

async fn in_use(app: &App, program: &ProgramId) -> Result<Vec<Read<LaunchCode>>, Problem> {
    let about = about(program, true);
    let (rows, _) = app.store.matters_about(MatterKind::LaunchCode, &about, None, LAUNCH_CODES_MAX).await?;
    rows.into_iter().map(read).collect()
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    matter: &Matter,
    mut guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &str,
) -> Result<(), Problem> {
    guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 });
    let detail = json!({ "program": matter.program, "code": matter.body });
    let subject = format!("launch-code:{}", matter.id);
    match publish::commit(app, ctx, guards, changes, action, &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done?),
    }
}

/// The sets of a program that the caller may look after, newest first and without their copies: those in use, or those
/// that are not any more.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    used: bool,
    after: Option<&str>,
) -> Result<(Vec<Set>, Option<String>), Problem> {
    let catalog = app.catalog();
    let may = |row: &Read<LaunchCode>| may_make(&catalog, ctx, program, row.body.what.branch.as_ref());
    if !may_make(&catalog, ctx, program, None) && branches(&catalog, ctx, program).next().is_none() {
        return Err(maker(&catalog, ctx, program, None).err().unwrap_or_else(|| Problem::new(code::AUTH_FORBIDDEN)));
    }
    let about = about(program, used);
    let (rows, next) = app.store.matters_about(MatterKind::LaunchCode, &about, after, LAUNCH_CODES_MAX).await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<Read<LaunchCode>>, _>>()?;
    let sets = rows.into_iter().filter(may).map(set_of).collect::<Result<_, _>>()?;
    Ok((sets, next))
}

/// One set, for somebody who may look after it.
pub async fn view(app: &App, ctx: &Ctx, program: &ProgramId, id: &MatterId) -> Result<Set, Problem> {
    set_with_copies(app, own(app, ctx, program, id).await?.1, ctx.now_ms)
}

/// The label of a set, for somebody who may look after it: without its copies, each of which takes a proof.
pub async fn label(app: &App, ctx: &Ctx, program: &ProgramId, id: &MatterId) -> Result<String, Problem> {
    Ok(own(app, ctx, program, id).await?.1.body.what.label)
}

async fn own<'a>(
    app: &App,
    ctx: &'a Ctx,
    program: &ProgramId,
    id: &MatterId,
) -> Result<(&'a Staff, Read<LaunchCode>), Problem> {
    let row = row(app, id).await?.filter(|row| row.matter.program.as_ref() == Some(program));
    let row = row.ok_or_else(|| Problem::new(code::LAUNCH_NOT_FOUND))?;
    let staff = maker(&app.catalog(), ctx, program, row.body.what.branch.as_ref())?;
    Ok((staff, row))
}

async fn row(app: &App, id: &MatterId) -> Result<Option<Read<LaunchCode>>, Problem> {
    let matter = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::LaunchCode);
    matter.map(read).transpose()
}

/// Takes a set out of use at once.
pub async fn revoke(app: &App, ctx: &Ctx, program: &ProgramId, id: &MatterId) -> Result<Set, Problem> {
    for _ in 0..DECISIONS_MAX {
        let (staff, row) = own(app, ctx, program, id).await?;
        let body = row.body.revoke(staff.id.clone(), ctx.now_ms)?;
        let mut matter = row.matter.moved(&body, ctx.now_ms);
        matter.about = Some(about(program, false));
        let changes = vec![Change::Matter(Box::new(matter.clone()))];
        match keep(app, ctx, &matter, Vec::new(), changes, "launch-code.revoked").await {
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            done => return done.and_then(|()| set_of(Read { matter, body })),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// Puts a set under a new key: what was printed before opens nothing any more.
pub async fn rotate(app: &App, ctx: &Ctx, program: &ProgramId, id: &MatterId) -> Result<Set, Problem> {
    let (_, row) = own(app, ctx, program, id).await?;
    let body = row.body.rotate(ctx.now_ms)?;
    let mut matter = row.matter.moved(&body, ctx.now_ms);
    matter.seal(KEY, &Bytes(app.clock.random::<32>().to_vec()));
    let changes = vec![Change::Matter(Box::new(matter.clone()))];
    keep(app, ctx, &matter, Vec::new(), changes, "launch-code.rotated").await?;
    set_with_copies(app, Read { matter, body }, ctx.now_ms)
}

fn key_of(matter: &Matter) -> Result<[u8; 32], Problem> {
    let key = matter.unsealed::<Bytes>(KEY).and_then(|key| key.0.try_into().ok());
    key.ok_or_else(|| Problem::new(code::HOST_WITHHELD))
}

fn set_of(row: Read<LaunchCode>) -> Result<Set, Problem> {
    let program = row.matter.program.ok_or_else(|| Problem::internal("a code of no program"))?;
    Ok(Set { id: row.matter.id, program, code: row.body, made_ms: row.matter.made_ms, copies: Vec::new() })
}

fn set_with_copies(app: &App, row: Read<LaunchCode>, now_ms: i64) -> Result<Set, Problem> {
    let program = row.matter.program.clone().ok_or_else(|| Problem::internal("a code of no program"))?;
    let numbers = if row.body.standing(now_ms) == Standing::InUse { row.body.what.numbers() } else { 0..0 };
    let key = key_of(&row.matter)?;
    let copy = |number: u32| {
        let (page, generation) = (row.body.what.page.as_str(), row.body.generation);
        let token = Token::of(&key, &program, page, row.matter.id.clone(), generation, number);
        let address = format!("{}/miniapp/{program}/{page}?t={token}", app.identity.origin);
        Copy { number, label: row.body.what.label(number), address }
    };
    let copies = numbers.map(copy).collect();
    Ok(Set { copies, ..set_of(row)? })
}

/// What a code that somebody scanned comes to.
pub struct Scanned {
    pub code: MatterId,
    pub page: String,
    /// Where it opens; absent: with whoever scanned it.
    pub branch: Option<BranchId>,
    pub signed: Vec<(String, String)>,
}

/// Reads a scanned code. `page` is the one of the link that it came with.
pub async fn scanned(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    page: Option<&str>,
    text: &str,
) -> Result<Scanned, Problem> {
    let forged = || Problem::new(code::LAUNCH_FORGED);
    let token = Token::parse(text).ok_or_else(forged)?;
    let row = row(app, &token.code).await?.ok_or_else(forged)?;
    let what = &row.body.what;
    if token.generation == row.body.generation {
        let is_of_page = page.is_none_or(|page| page == what.page);
        if !is_of_page || !token.holds(&key_of(&row.matter)?, program, &what.page) {
            return Err(forged());
        }
    } else if row.matter.program.as_ref() != Some(program) || token.generation > row.body.generation {
        // The key of an older print is gone, and with it what could tell it from a made-up one.
        return Err(forged());
    }
    row.body.opens(&token, ctx.now_ms)?;
    Ok(Scanned {
        page: what.page.clone(),
        branch: what.branch.clone(),
        signed: what.signed(token.number),
        code: token.code,
    })
}

/// The opening that a scanned code leads to; nothing of it may be said otherwise.
pub async fn resolve(app: &App, ctx: &Ctx, open: Open) -> Result<(Open, Option<Scanned>), Problem> {
    let Some(text) = open.code.clone() else { return Ok((open, None)) };
    let scanned = scanned(app, ctx, &open.program, open.page.as_deref(), &text).await?;
    let branch = scanned.branch.clone().or(open.branch);
    Ok((Open { page: Some(scanned.page.clone()), branch, ..open }, Some(scanned)))
}

/// Staff of another branch have no role where the code leads: said so, instead of that something is forbidden.
pub fn told(ctx: &Ctx, problem: Problem) -> Problem {
    match (&ctx.actor, problem.code) {
        (Caller::Staff(_), refused) if refused == code::AUTH_FORBIDDEN => Problem::new(code::LAUNCH_ELSEWHERE),
        _ => problem,
    }
}

/// The address within the bank's pages that a scanned text names, where it is the bank's own link.
pub fn own_link(app: &App, text: &str) -> Option<String> {
    own_path(&app.identity.origin, text)
}

/// A link may come with the bank's origin, with the app's own scheme, or as programs write it: from `/miniapp/` on.
fn own_path(origin: &str, text: &str) -> Option<String> {
    let text = text.trim();
    let path = match text.strip_prefix("xitai://") {
        Some(rest) => format!("/{rest}"),
        None => text.strip_prefix(origin).unwrap_or(text).to_owned(),
    };
    let rest = path.strip_prefix("/miniapp/")?;
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    (is_plain && !rest.is_empty()).then_some(path)
}

/// What an address says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub page: Option<String>,
    /// What was scanned.
    pub code: Option<String>,
    pub origin: Origin,
    pub practice: bool,
    pub version: Option<String>,
    /// The session that it was opened from, to which back leads.
    pub from: Option<SessionId>,
    /// All else: the program's own.
    pub query: Vec<(String, String)>,
}

impl Said {
    /// A name is the host's where its value is of the host's form: programs have parameters of the same names. Of pages
    /// the first is the host's, even where it names none.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut said = Self::default();
        let mut names_page = false;
        for (name, value) in pairs {
            match name.as_str() {
                "page" if !std::mem::replace(&mut names_page, true) => {
                    let (page, query) = parted(Some(value));
                    said.page = page.filter(|it| !it.is_empty());
                    said.query.extend(query);
                }
                "lang" if Locale::of_tag(&value).is_some() => {}
                "practice" if value == "1" => said.practice = true,
                "version" if semver::Version::parse(&value).is_ok() => said.version = Some(value),
                "t" if is_token(&value) => said.code = Some(value),
                "via" if Origin::parse(&value).is_some() => said.origin = Origin::parse(&value).unwrap_or_default(),
                "from" if SessionId::parse(&value).is_ok() => {
                    said.origin = Origin::Program;
                    said.from = SessionId::parse(&value).ok();
                }
                _ => said.query.push((name, value)),
            }
        }
        said
    }

    /// What opens it.
    pub fn open(&self, program: ProgramId, channel: Channel) -> Open {
        Open {
            program,
            page: self.page.clone(),
            query: self.query.clone(),
            branch: None,
            channel,
            locale: None,
            zone: None,
            elder_mode: None,
            surface: Surface::Page,
            practice: self.practice,
            code: self.code.clone(),
            origin: self.origin,
        }
    }
}

/// A page as programs name it, perhaps with a query behind it (`pages/dish?id=7`), apart from that query: all of it is
/// the program's.
pub fn parted(asked: Option<String>) -> (Option<String>, Vec<(String, String)>) {
    match asked.as_deref().and_then(|page| page.split_once('?')) {
        Some((page, query)) => (Some(page.to_owned()), pairs(query)),
        None => (asked, Vec::new()),
    }
}

/// A link of the bank's own, as somebody sends it.
pub struct Link {
    pub program: ProgramId,
    pub said: Said,
}

/// Reads a link of the bank's own.
pub fn link(app: &App, text: &str) -> Option<Link> {
    let path = own_link(app, text)?;
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    let rest = path.strip_prefix("/miniapp/")?;
    let (id, page) = rest.split_once('/').unwrap_or((rest, ""));
    let id = id.split(';').next().unwrap_or_default().to_ascii_lowercase();
    // The path's page comes first: a `page` behind it is the program's.
    let page = ("page".to_owned(), page.to_owned());
    Some(Link { program: ProgramId::parse(&id).ok()?, said: Said::of(std::iter::once(page).chain(pairs(query))) })
}

#[cfg(test)]
mod tests;
