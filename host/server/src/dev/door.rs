//! The door of `xitai dev`: its own page at `/` and `/dev/…`, and everything else of the host on the stage, as its own
//! router answers it. Requests that change something are looked at on the way, one after the other.
//!
//! It is for the developer's own browser alone: it listens on loopback, and answers nobody who comes by another name.

use super::act::Asked;
use super::observe;
use super::stage::{Look, Stage, kiosk_token};
use super::{Dev, page, save, show, view};
use crate::app::App;
use crate::http;
use crate::http::extract::COOKIE;
use crate::http::problem::Problem;
use crate::package::Package;
use crate::pages::app::files::kind;
use crate::pages::look::{ELDER_COOKIE, LOCALE_COOKIE};
use crate::scene::Unplayed;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;
use tower::ServiceExt;
use xitai_model::code;
use xitai_model::ids::SessionId;
use xitai_model::program::Channel;

/// A body of the host's own pages at most.
const BODY_BYTES_MAX: usize = 64 << 20;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The bank on the stage, for requests.
#[derive(Clone)]
pub struct Open {
    app: Arc<App>,
    router: Router,
    cookies: String,
    package: Arc<Package>,
    /// The page of a kiosk, where somebody stands at one.
    kiosk: Option<String>,
}

impl Open {
    /// `before` is the one that was open until now: its router serves on, where its bank does.
    pub fn of(stage: &Stage, before: Option<&Open>) -> Option<Self> {
        let play = stage.play.as_ref()?;
        let app = play.bank.app.clone();
        let same = before.filter(|before| Arc::ptr_eq(&before.app, &app));
        let locale = stage.look.locale.as_ref().unwrap_or(&play.ground.given.locale);
        let is_kiosk = stage.look.channel == Some(Channel::Kiosk);
        let token = if is_kiosk { kiosk_token(&play.who) } else { play.who.clone() };
        let page = play.pages.get(&play.who);
        let large = if stage.look.large { "on" } else { "off" };
        Some(Self {
            router: same.map_or_else(|| http::router(app.clone()), |same| same.router.clone()),
            app,
            cookies: format!("{COOKIE}={token}; {LOCALE_COOKIE}={locale}; {ELDER_COOKIE}={large}"),
            kiosk: page.filter(|_| is_kiosk).map(|page| format!("/kiosk/sessions/{}", page.session)),
            package: play.rehearsal.package().clone(),
        })
    }
}

pub fn router(dev: Arc<Dev>, port: u16) -> Router {
    let own = Router::new()
        .route("/", get(page::whole))
        .route("/dev/{asset}", get(page::asset))
        .route("/dev/view", get(seen))
        .route("/dev/stream", get(stream))
        .route("/dev/act", post(act))
        .route("/dev/go/{id}", post(go))
        .route("/dev/state", post(state))
        .route("/dev/look", post(look))
        .route("/dev/who", post(who))
        .route("/dev/again", post(again))
        .route("/dev/afresh", post(afresh))
        .route("/dev/scene", post(scene))
        .route("/app/files/{program}/{version}/{*path}", get(picture))
        .fallback(pass);
    own.layer(middleware::from_fn_with_state(port, at_home)).with_state(dev)
}

/// Whoever comes by another name than this machine's own was led here by somebody else's page.
async fn at_home(State(port): State<u16>, request: Request, next: Next) -> Response {
    let from_top = request.method() == Method::GET && request.uri().path() == "/";
    if is_home(port, request.headers(), from_top) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// A link from elsewhere may lead to the page itself; nothing else may come from there.
fn is_home(port: u16, headers: &HeaderMap, to_page: bool) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let host = text("host");
    let is_own = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host == format!("{name}:{port}"));
    let is_foreign = matches!(text("sec-fetch-site"), "cross-site" | "same-site")
        || !text("origin").is_empty() && text("origin") != format!("http://{host}");
    is_own && (!is_foreign || to_page)
}

async fn seen(State(dev): State<Arc<Dev>>) -> Json<Value> {
    Json(view::document(&dev).await)
}

async fn stream(State(dev): State<Arc<Dev>>) -> Response {
    let news = WatchStream::new(dev.news.subscribe());
    let events = news.map(|number| Ok::<_, Infallible>(Event::default().event("news").data(number.to_string())));
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// What came of something that the panel asked for.
async fn answered(dev: &Dev, stage: &Stage, done: Result<(), Unplayed>) -> Response {
    dev.show(stage);
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(fault) => refused(fault.told()),
    }
}

fn refused(told: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "told": told }))).into_response()
}

async fn act(State(dev): State<Arc<Dev>>, Json(asked): Json<Asked>) -> Response {
    let mut stage = dev.stage.lock().await;
    let done = stage.asked(asked).await;
    answered(&dev, &stage, done).await
}

async fn go(State(dev): State<Arc<Dev>>, Path(id): Path<usize>) -> Response {
    let mut stage = dev.stage.lock().await;
    let done = stage.go(id).await;
    answered(&dev, &stage, done).await
}

async fn again(State(dev): State<Arc<Dev>>) -> Response {
    let mut stage = dev.stage.lock().await;
    let look = stage.look.clone();
    let done = stage.again(look).await;
    answered(&dev, &stage, done).await
}

async fn afresh(State(dev): State<Arc<Dev>>) -> Response {
    let mut stage = dev.stage.lock().await;
    let done = stage.afresh().await;
    answered(&dev, &stage, done).await
}

/// Pages are opened otherwise from here on: what happened happens again with it.
async fn look(State(dev): State<Arc<Dev>>, Json(look): Json<Look>) -> Response {
    let mut stage = dev.stage.lock().await;
    let done = stage.again(look).await;
    answered(&dev, &stage, done).await
}

#[derive(Deserialize)]
struct Whose {
    who: String,
}

async fn who(State(dev): State<Arc<Dev>>, Json(body): Json<Whose>) -> Response {
    let mut stage = dev.stage.lock().await;
    let done = stage.become_somebody(&body.who).await;
    answered(&dev, &stage, done).await
}

#[derive(Deserialize)]
struct Written {
    text: String,
}

async fn state(State(dev): State<Arc<Dev>>, Json(body): Json<Written>) -> Response {
    let mut stage = dev.stage.lock().await;
    let Some(play) = &mut stage.play else { return refused("Nothing is on the stage yet.") };
    let Some(page) = play.pages.get(&play.who) else { return refused("Nobody has a page open.") };
    let held = match play.bank.app.store.session_fresh(&page.session).await {
        Ok(held) => held.map(|session| session.state).unwrap_or_default(),
        Err(fault) => return refused(&fault.to_string()),
    };
    let bytes = match show::read(show::show(&held).form, &body.text) {
        Ok(bytes) => bytes,
        Err(told) => return refused(&told),
    };
    let done = play.set_state(bytes).await;
    answered(&dev, &stage, done).await
}

#[derive(Deserialize)]
struct SaveScene {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    over: bool,
}

async fn scene(State(dev): State<Arc<Dev>>, Json(body): Json<SaveScene>) -> Response {
    let stage = dev.stage.lock().await;
    let Some(play) = &stage.play else { return refused("Nothing is on the stage yet.") };
    match save::save(play, &dev.folder, body.name.trim(), &body.title, body.over).await {
        Ok(saved) => {
            println!("[dev] saved {} ({} turns); `xitai test` plays it", saved.file, saved.turns);
            Json(json!(saved)).into_response()
        }
        Err(told) => refused(&told),
    }
}

/// Pictures of the package at hand: the bank on the stage has its code alone.
async fn picture(State(dev): State<Arc<Dev>>, Path((_, _, path)): Path<(String, String, String)>) -> Response {
    let found = dev.open().and_then(|open| Some((kind(&path)?, open.package.files.get(&path)?.clone())));
    match found {
        Some((kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Everything else is the host's.
async fn pass(State(dev): State<Arc<Dev>>, request: Request) -> Response {
    // Nobody leaves this kiosk: whoever stood there too long stands there still.
    if matches!(request.uri().path(), "/kiosk" | "/kiosk/leave")
        && let Some(to) = dev.open().and_then(|open| open.kiosk)
    {
        return Redirect::to(&to).into_response();
    }
    if request.uri().path() == "/api/v1/kiosk/touch" {
        return StatusCode::NO_CONTENT.into_response();
    }
    match *request.method() {
        Method::GET | Method::HEAD => {
            let Some(open) = dev.open() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
            framed(answer_of(&open, request).await)
        }
        _ => changes(&dev, request).await,
    }
}

async fn answer_of(open: &Open, mut request: Request) -> Response {
    let theirs = request.headers().get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or("");
    // The first of a name counts.
    let cookies = format!("{}; {theirs}", open.cookies);
    if let Ok(value) = HeaderValue::from_str(&cookies) {
        request.headers_mut().insert(header::COOKIE, value);
    }
    request.headers_mut().remove(header::ACCEPT_ENCODING);
    match open.router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The host's pages let nobody frame them; this page may.
fn framed(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|it| it.to_str().ok()).unwrap_or("");
    let policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

/// A request that changes something: carried to the host, and kept as what happened.
async fn changes(dev: &Dev, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let mut stage = dev.stage.lock().await;
    let Some(open) = dev.open() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let Some(play) = &mut stage.play else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let view = play.view_of(&play.who).await.ok();
    let screen = view.as_ref().map(|view| &*view.screen);
    let seen = observe::read(parts.method.as_str(), parts.uri.path(), &body, screen);
    let opens = parts.uri.path() == "/api/v1/sessions";
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    let doing = async {
        let answered = answer_of(&open, Request::from_parts(parts, Body::from(body))).await;
        let (whole, read) = read(answered, opens).await;
        response = whole;
        read
    };
    if let Err(fault) = play.watched(seen, doing).await {
        eprintln!("[dev] {}", fault.told());
    }
    dev.show(&stage);
    framed(response)
}

/// The answer as it was, and what it says: the session that was opened, or why not.
async fn read(response: Response, opens: bool) -> (Response, Result<Option<SessionId>, Problem>) {
    let (parts, body) = response.into_parts();
    let bytes: Bytes = to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
    let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let read = match parts.status {
        status if status.is_client_error() || status.is_server_error() => {
            let code = said["code"].as_str().and_then(code::find).unwrap_or(code::REQUEST_MALFORMED);
            Err(Problem { detail: said["detail"].as_str().map(str::to_owned), ..Problem::new(code) })
        }
        _ => Ok(said["session"].as_str().filter(|_| opens).and_then(|id| SessionId::parse(id).ok())),
    };
    (Response::from_parts(parts, Body::from(bytes)), read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_developers_own_browser_is_answered() {
        let asks = |pairs: &[(&'static str, &'static str)], to_page: bool| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_home(4000, &headers, to_page)
        };
        let own = ("host", "127.0.0.1:4000");
        assert!(asks(&[own], false));
        assert!(asks(&[("host", "localhost:4000"), ("origin", "http://localhost:4000")], false));
        assert!(asks(&[own, ("sec-fetch-site", "cross-site")], true), "a link may lead here");
        for pairs in [
            &[("host", "evil.example:4000")][..],
            &[("host", "127.0.0.1:4001")],
            &[],
            &[own, ("sec-fetch-site", "cross-site")],
            &[own, ("origin", "http://evil.example")],
            &[own, ("origin", "http://127.0.0.1:4001")],
        ] {
            assert!(!asks(pairs, false), "{pairs:?}");
        }
    }
}
