//! A kiosk's pages, in the browser of a registered device. The device's own token is a cookie that these pages alone get;
//! whoever is there acts by another one, which ends with their visit.

mod view;

use super::app::view::PrintPage;
use super::app::{prints, stage};
use super::cards::{card_of_program, place_name};
use super::console::content_face;
use super::look::{ELDER_COOKIE, LOCALE_COOKIE, THEME_COOKIE, forgotten, held};
use super::parts::ProgramCard;
use super::{Look, page, refused, see};
use crate::app::ctx::{Caller, Ctx};
use crate::app::launch_code::Said;
use crate::app::{App, handover, kiosk, launch, library};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::content::entry_id;
use crate::http::handlers::tokens::{cleared_cookie, cookie};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::render;
use crate::render::web::{html::Html, qr, query_of};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
pub use view::Idle;
use view::{Attract, Code, Device, Home, KioskPart, KioskStage, Opening, Paper};
use xitai_model::code;
use xitai_model::identity::{How, Level};
use xitai_model::ids::{CustomerId, SessionId};
use xitai_model::kiosk::{Kiosk, Why};
use xitai_model::limits::{KIOSK_IDLE_ELDER_MS, KIOSK_IDLE_MS, KIOSK_WARNS_MS};
use xitai_model::program::Channel;

/// The cookie that the device carries.
const DEVICE: &str = "xitai_kiosk";
/// Ten years: it is revoked, it does not run out.
const DEVICE_S: i64 = 10 * 365 * 86_400;
/// The cookie that says to all pages that the device is a kiosk. It opens nothing.
const MARK: &str = "xitai_at_kiosk";
/// The cookies of what somebody chose about a page's look.
const CHOICES: [&str; 3] = [LOCALE_COOKIE, ELDER_COOKIE, THEME_COOKIE];

const WAY: stage::Way = stage::Way { pages: "/kiosk", screen: render::kiosk::screen };

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (own, anyone) = (Access::SignedIn, Access::Anyone);
    vec![
        row(get.clone(), "/kiosk", anyone, "page.kiosk", front),
        row(post.clone(), "/kiosk/device", anyone, "page.kiosk-device", carry),
        row(post.clone(), "/kiosk/start", anyone, "kiosk.visit-begun", start),
        row(post.clone(), "/kiosk/code", anyone, "kiosk.visit-begun", enter),
        row(post.clone(), "/kiosk/leave", own, "kiosk.left", leave),
        row(get.clone(), "/kiosk/open/{program}", own, "page.opening", open),
        row(get.clone(), "/kiosk/sessions/{id}", own, "page.session", show),
        row(get.clone(), "/kiosk/sessions/{id}/fragment", own, "page.session", fragment),
        row(post, "/kiosk/sessions/{id}/handover", own, "handover.made", hand_over),
        row(get.clone(), "/kiosk/content/{id}", own, "page.content-read", read),
        row(get, "/kiosk/prints/{id}", own, "page.print", print),
    ]
}

/// Whether a request comes from a kiosk's browser: whoever is refused there goes on at its front, and signs in nowhere.
pub fn is_marked(headers: &HeaderMap) -> bool {
    held(headers, MARK).is_some()
}

#[derive(Deserialize)]
pub struct Asked {
    refused: Option<String>,
    /// Nobody touched the front any more: what was chosen there is forgotten.
    fresh: Option<String>,
}

/// With large type there is more time to read, and to answer the warning.
fn idle(look: &Look) -> Idle {
    match look.elder() {
        true => Idle { idle_ms: KIOSK_IDLE_ELDER_MS, warns_ms: 2 * KIOSK_WARNS_MS },
        false => Idle { idle_ms: KIOSK_IDLE_MS, warns_ms: KIOSK_WARNS_MS },
    }
}

/// The kiosk that a request comes from.
fn device(app: &App, headers: &HeaderMap) -> Result<Kiosk, Problem> {
    kiosk::of_token(app, held(headers, DEVICE).ok_or_else(|| Problem::new(code::KIOSK_UNKNOWN))?)
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

/// `GET /kiosk`
async fn front(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let problem = words.refused(asked.refused.as_deref());
    let shell = look.shell(Some(&catalog), "");
    let Ok(kiosk) = device(&app, &headers) else {
        let mut response = page(&look, &Device { shell, problem })?;
        if is_marked(&headers) {
            response.headers_mut().append(header::SET_COOKIE, forgotten(MARK));
        }
        return Ok(response);
    };
    if ctx.how == How::Kiosk
        && let Some(customer) = ctx.customer()
    {
        let listed = launch::list(&app, &ctx, None, None, Channel::Kiosk)?;
        let programs = listed.iter().filter(|it| !it.stopped);
        let card = |it: &launch::Listed| ProgramCard::of(&it.release, catalog.publisher(&it.release.publisher), &words);
        let name = (customer.level > Level::Visitor).then(|| customer.profile.display_name.clone());
        let programs = programs.map(card).collect();
        return page(&look, &Home { shell, idle: idle(&look), name, programs });
    }
    if asked.fresh.is_some() {
        let mut response = see("/kiosk");
        forget_choices(&mut response);
        return Ok(response);
    }
    // Whoever comes gets what everybody gets: nobody is known yet.
    let nobody = CustomerId::new(0, [0; 10]);
    let asker = launch::asker(ctx.now_ms, app.config.zone, &kiosk.branch, Channel::Kiosk, &nobody, None);
    let listed = launch::listings(&catalog, &asker, words.tag());
    // A program's own picture is for whoever is signed in; its letter is for all.
    let plain = |card: ProgramCard| ProgramCard { icon: None, ..card };
    let programs = listed.iter().filter_map(|it| card_of_program(&catalog, &it.program, &words)).map(plain).collect();
    let branch = place_name(&catalog, &kiosk.branch, &words);
    // Who chose something and went away without another touch is waited for as well.
    let chosen = CHOICES.iter().any(|name| held(&headers, name).is_some()) || look.kept().next().is_some();
    let fresh_ms = idle(&look).idle_ms;
    let mut response = page(&look, &Attract { shell, kiosk: kiosk.name, branch, programs, problem, chosen, fresh_ms })?;
    set(&mut response, &format!("{MARK}=1; Path=/; HttpOnly; SameSite=Lax; Max-Age={DEVICE_S}"))?;
    Ok(response)
}

/// Language, size of type and theme are those of whoever comes next.
fn forget_choices(response: &mut Response) {
    for name in CHOICES {
        response.headers_mut().append(header::SET_COOKIE, forgotten(name));
    }
}

/// `POST /kiosk/device`: the device gets its token from somebody of the branch.
async fn carry(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let token = value(&pairs, "token").trim();
    app.rates.guess_from(crate::app::rate::Guesses::HandOver, &ctx)?;
    if let Err(problem) = kiosk::of_token(&app, token) {
        return Ok(refused("/kiosk", &problem));
    }
    let mut response = see("/kiosk");
    let text = format!("{DEVICE}={token}; Path=/kiosk; HttpOnly; SameSite=Strict; Max-Age={DEVICE_S}");
    set(&mut response, &text)?;
    Ok(response)
}

fn set(response: &mut Response, cookie: &str) -> Result<(), Problem> {
    let cookie = HeaderValue::from_str(cookie).map_err(|_| Problem::new(code::KIOSK_UNKNOWN))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// `POST /kiosk/start`: somebody begins without an account.
async fn start(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let kiosk = device(&app, &headers)?;
    let made = kiosk::begin(&app, &ctx, &kiosk, look.words().tag()).await?;
    let program = value(&pairs, "program");
    let mut response = see(&if program.is_empty() { "/kiosk".to_owned() } else { format!("/kiosk/open/{program}") });
    set(&mut response, &cookie(&made.token, (made.expires_ms - ctx.now_ms) / 1_000))?;
    Ok(response)
}

/// `POST /kiosk/code`: a code from somebody's own phone.
async fn enter(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let kiosk = device(&app, &headers)?;
    let came = match kiosk::enter(&app, &ctx, &kiosk, value(&pairs, "code")).await {
        Err(problem) if problem.status().is_client_error() => return Ok(refused("/kiosk", &problem)),
        came => came?,
    };
    let to = came.session.map_or_else(|| "/kiosk".to_owned(), |session| format!("/kiosk/sessions/{session}"));
    let mut response = see(&to);
    set(&mut response, &cookie(&came.made.token, (came.made.expires_ms - ctx.now_ms) / 1_000))?;
    Ok(response)
}

/// `POST /kiosk/leave`: nothing stays behind, in this browser neither.
async fn leave(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let why = if value(&pairs, "why") == "idle" { Why::Idle } else { Why::Left };
    match kiosk::leave(&app, &ctx, why).await {
        Err(problem) if problem.code == code::KIOSK_VISIT_OVER => {}
        left => left?,
    }
    let mut response = see("/kiosk");
    set(&mut response, &cleared_cookie())?;
    forget_choices(&mut response);
    let site = HeaderName::from_static("clear-site-data");
    response.headers_mut().insert(site, HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// `GET /kiosk/open/{program}?page=&…`
async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(program): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    here(&ctx)?;
    let id = crate::http::handlers::publisher::program_id(&program)?;
    let catalog = app.catalog();
    let card = card_of_program(&catalog, &id, &look.words()).unwrap_or_else(|| ProgramCard::bare(&program, None));
    let said = Said::of(query);
    let view = Opening {
        shell: look.shell(Some(&catalog), ""),
        idle: idle(&look),
        card,
        query: query_of(&said.query),
        page: said.page.unwrap_or_default(),
    };
    page(&look, &view)
}

/// Whoever is at a kiosk. Others have pages of their own.
fn here(ctx: &Ctx) -> Result<(), Problem> {
    let is_here = ctx.how == How::Kiosk && matches!(ctx.actor, Caller::Customer(_));
    if is_here { Ok(()) } else { Err(Problem::new(code::KIOSK_UNKNOWN)) }
}

async fn part(app: &App, ctx: &Ctx, look: &Look, id: &str) -> Result<(bool, KioskPart), Problem> {
    here(ctx)?;
    let (view, stage) = stage::stage(app, ctx, look, id, WAY).await?;
    Ok((view.practice, KioskPart { words: look.words(), stage }))
}

/// `GET /kiosk/sessions/{id}`
async fn show(State(app): State<Arc<App>>, ctx: Ctx, look: Look, Path(id): Path<String>) -> Result<Response, Problem> {
    let (practice, part) = part(&app, &ctx, &look, &id).await?;
    let mut shell = look.shell(Some(&app.catalog()), "");
    shell.practice = practice;
    page(&look, &KioskStage { shell, idle: idle(&look), part })
}

/// `GET /kiosk/sessions/{id}/fragment`
async fn fragment(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&look, &part(&app, &ctx, &look, &id).await?.1)
}

/// `POST /kiosk/sessions/{id}/handover`: a code and its picture, for the phone.
async fn hand_over(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    here(&ctx)?;
    let session = SessionId::parse(&id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    let made = handover::make(&app, &ctx, &session).await?;
    let mut picture = Html::new();
    let address = format!("{}/app/continue?code={}", app.identity.origin, made.code);
    qr::draw(&mut picture, &address, &look.words().say("qr-code"));
    let view = Code {
        shell: look.shell(Some(&app.catalog()), ""),
        idle: idle(&look),
        code: format!("{} {}", &made.code[..3], &made.code[3..]),
        qr: picture,
        back: format!("/kiosk/sessions/{session}"),
    };
    page(&look, &view)
}

/// `GET /kiosk/content/{id}`: a document that a screen names. It leads to others, to its program, and back.
async fn read(State(app): State<Arc<App>>, ctx: Ctx, look: Look, Path(id): Path<String>) -> Result<Response, Problem> {
    here(&ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let found = library::get(&app, &ctx, &entry_id(&id)?, Some(words.tag()))?;
    let mut entry = content_face(&catalog, &found, words.tag(), &words, ctx.now_ms);
    let documents = entry.documents.iter_mut().map(|(_, address)| address);
    for address in documents.chain(entry.opens.iter_mut().map(|(address, _)| address)) {
        *address = address.replacen("/app/", "/kiosk/", 1);
    }
    page(&look, &Paper { shell: look.shell(Some(&catalog), ""), idle: idle(&look), entry })
}

/// `GET /kiosk/prints/{id}`
async fn print(State(app): State<Arc<App>>, ctx: Ctx, look: Look, Path(id): Path<String>) -> Result<Response, Problem> {
    here(&ctx)?;
    let sheet = prints::sheet(&app, &ctx, &look, &id, "/kiosk").await?;
    page(&look, &PrintPage { idle: Some(idle(&look)), ..sheet })
}
