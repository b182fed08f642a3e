//! The one gate: who asks, may they, how often, how much; request id, span and log; and the one place where a problem
//! becomes an answer.

use super::extract::{Presented, preferred_locale, presented, token_digest};
use super::problem::Problem;
use super::routes::{Access, Face, Facts};
use crate::app::ctx::Ctx;
use crate::app::rate::{Counted, RateClass};
use crate::app::{self, App, sign_in};
use crate::pages::look::Look;
use crate::traces;
use crate::zone::Zone;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;
use xitai_model::identity::How;
use xitai_model::{code, embed, kiosk};

/// What the gate of one route knows.
#[derive(Clone)]
pub struct Entrance {
    pub app: Arc<App>,
    pub route: Arc<Facts>,
}

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub async fn pass(State(entrance): State<Entrance>, mut request: Request, next: Next) -> Response {
    let Entrance { app, route } = entrance;
    let began = app.clock.monotonic();
    let now_ms = app.clock.now_ms();
    let request_id = xitai_model::ids::timed(now_ms, app.clock.random());
    let locale = preferred_locale(request.headers());
    // Where there is nothing, a person still gets a page.
    let face = if route.path.is_empty() { Face::of_path(request.uri().path()) } else { route.face() };
    // The page of a problem is drawn in the asker's language and look; events, which are many, need neither.
    let asked = if face == Face::Page { request.headers().clone() } else { HeaderMap::new() };
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let outside_is_tls = request.headers().get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let span = tracing::info_span!("request", id = %request_id, does = route.audit, path = route.path);
    if app.config.traces.is_some() {
        traces::goes_on(&span, request.headers());
    }
    let from = address(&request, &app.config.proxies).map(subscriber);
    let step_up = step_up_of(&request);
    let admitted =
        admit(&app, &route, request.headers(), from, now_ms, &request_id, step_up).instrument(span.clone()).await;
    let mut response = match admitted {
        Ok(ctx) => {
            request.extensions_mut().insert(ctx);
            next.run(request).instrument(span.clone()).await
        }
        Err(problem) => {
            drain(request.into_body()).await;
            problem.into_response()
        }
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let _in = span.enter();
        log(&problem);
        response = answer(&problem, face, &path, &request_id, locale, &asked);
    }
    let status = response.status().as_u16().to_string();
    metrics::histogram!("xitai_request_seconds", "route" => route.path, "method" => route.method.to_string(), "status" => status)
        .record(app.clock.monotonic().duration_since(began).as_secs_f64());
    add_headers(&mut response, face, &request_id);
    if outside_is_tls {
        keep_to_tls(response.headers_mut());
    }
    response
}

/// What is taken in of a refused request at most, and for how long.
const DRAINED_BYTES_MAX: usize = 1 << 20;
const DRAIN: Duration = Duration::from_secs(1);

/// Takes in what a refused client is still sending, so that it reads the refusal instead of finding the line broken.
async fn drain(body: Body) {
    let mut left = DRAINED_BYTES_MAX;
    let mut chunks = body.into_data_stream();
    let rest = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN, rest).await;
}

/// Decides whether the request may go on, cheapest question first.
async fn admit(
    app: &App,
    route: &Facts,
    headers: &HeaderMap,
    from: Option<IpAddr>,
    now_ms: i64,
    request_id: &str,
    step_up: Option<String>,
) -> Result<Ctx, Problem> {
    let presented = presented(headers);
    if changes_something(&route.method) {
        let by_cookie = matches!(&presented, Some(Presented { by_cookie: true, .. }));
        // A page's form without a cookie is the sign-in: another site must not sign somebody in as somebody else.
        if by_cookie && !is_same_origin(headers) || route.face() == Face::Page && is_foreign(headers) {
            return Err(Problem::new(code::AUTH_ORIGIN));
        }
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > route.body_bytes_max) {
        return Err(Problem::new(code::REQUEST_TOO_LARGE));
    }
    let mut ctx = Ctx { address: from, step_up, ..Ctx::of_nobody(now_ms, request_id.to_owned()) };
    let too_many = |ms| Problem::new(code::REQUEST_TOO_MANY).retry_after_ms(ms);
    let address = from.map_or(Counted::Nobody, Counted::Address);
    let counted = match presented.as_ref().map(|presented| token_digest(&presented.token)) {
        None => address,
        Some(digest) => match sign_in::caller(app, &digest, now_ms).await? {
            Some(signed_in) => {
                ctx.actor = signed_in.caller.clone();
                ctx.proved_ms = signed_in.proved_ms;
                ctx.how = signed_in.how;
                ctx.scopes = signed_in.scopes.clone();
                ctx.token = Some(digest.clone());
                Counted::Token(digest)
            }
            // A guess counts for its address: else each would begin a count of its own.
            None => address,
        },
    };
    if route.rate != RateClass::Free {
        app.rates.request(counted, now_ms).map_err(too_many)?;
    }
    if presented.is_some() && ctx.token.is_none() && !matches!(route.access, Access::Anyone) {
        return Err(Problem::new(code::AUTH_EXPIRED));
    }
    route.access.check(&ctx, &app.catalog())?;
    if ctx.how == How::Kiosk && !matches!(route.access, Access::Anyone) && !kiosk::reaches(route.path) {
        return Err(Problem::new(code::KIOSK_NOT_HERE));
    }
    if ctx.how == How::Embed && !matches!(route.access, Access::Anyone) {
        app::embed::check(&app.catalog(), &ctx)?;
        let reaches = if app::embed::has_gone_on(&ctx) { embed::reaches_gone_on } else { embed::reaches };
        if !reaches(route.method.as_str(), route.path) {
            return Err(Problem::new(code::EMBED_NOT_HERE));
        }
    }
    Ok(ctx)
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser says itself where a request comes from; one that says nothing about it must name our own origin.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
            _ => false,
        },
    }
}

/// Whether a browser says that the request comes from elsewhere.
fn is_foreign(headers: &HeaderMap) -> bool {
    let says = ["sec-fetch-site", "origin"].iter().any(|name| headers.contains_key(*name));
    says && !is_same_origin(headers)
}

/// The name of the proof of presence that came along: in a header, or in the address where a form was sent.
fn step_up_of(request: &Request) -> Option<String> {
    let header = request.headers().get("x-step-up").and_then(|value| value.to_str().ok());
    let pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let name = header.or_else(|| pairs.filter(|(name, _)| *name == "step_up").map(|(_, value)| value).next())?;
    Some(name.chars().take(STEP_UP_CHARS_MAX).collect())
}

/// A proof's name has 32.
const STEP_UP_CHARS_MAX: usize = 64;

/// Where a request comes from: who connects, and behind a proxy of the bank's own the last address that it did not
/// make up itself. What a stranger writes into that header is not believed.
fn address(request: &Request, proxies: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let is_proxy = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let mut from = peer.ip().to_canonical();
    let lines = request.headers().get_all("x-forwarded-for").into_iter().rev().filter_map(|line| line.to_str().ok());
    let mut said = lines.flat_map(|line| line.rsplit(',')).map(str::trim);
    while is_proxy(&from) {
        // Some proxies add the port.
        let before = said.next().and_then(|it| it.parse().or_else(|_| it.parse().map(|it: SocketAddr| it.ip())).ok());
        let Some(before) = before else { break };
        from = IpAddr::to_canonical(&before);
    }
    Some(from)
}

/// Whom an address is counted for: who has one of the sixth version has as many as the network's second half.
fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
    }
}

fn log(problem: &Problem) {
    let internal = problem.internal.as_deref().unwrap_or_default();
    match problem.code {
        code if code == code::HOST_INTERNAL => tracing::error!(code = code.code, internal, "refused"),
        code if code.code.starts_with("host.") => tracing::warn!(code = code.code, internal, "refused"),
        code if matches!(code.http, 401 | 403) => tracing::info!(code = code.code, internal, "refused"),
        code => tracing::debug!(code = code.code, internal, "refused"),
    }
}

/// The language that an address chose, for the address that follows it.
fn chosen_language(path: &str) -> String {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let look = Look::of(&HeaderMap::new(), Zone::utc()).chosen_by(query);
    if look.is_chosen() { format!("&lang={}", look.words().tag()) } else { String::new() }
}

/// Whether a kiosk's front is where the asker goes on: nobody is at the kiosk any more, or what they ask for is none of
/// its pages. What is refused on its pages is said there.
fn goes_on_at_kiosk(problem: &Problem, path: &str, asked: &HeaderMap) -> bool {
    match problem.code.http {
        401 => path.starts_with("/kiosk") || crate::pages::is_kiosk(asked),
        403 if path.starts_with("/kiosk") => false,
        403 => problem.code == code::KIOSK_NOT_HERE || crate::pages::is_kiosk(asked),
        _ => false,
    }
}

/// A problem in the form that the asker reads: a document, a page, or the way to the sign-in.
fn answer(problem: &Problem, face: Face, path: &str, request_id: &str, locale: &str, asked: &HeaderMap) -> Response {
    let mut response = match face {
        Face::Document => return problem.json_response(request_id, locale),
        Face::Page if goes_on_at_kiosk(problem, path, asked) => Redirect::to("/kiosk").into_response(),
        // Whoever brings a ticket is about to be signed in by it.
        Face::Page if problem.status() == axum::http::StatusCode::UNAUTHORIZED && path.starts_with("/app?ticket=") => {
            Redirect::to(&path.replacen("/app?", "/app/ticket?", 1)).into_response()
        }
        Face::Page if problem.status() == axum::http::StatusCode::UNAUTHORIZED && !path.ends_with("/fragment") => {
            let next = data_encoding::BASE64URL_NOPAD.encode(path.as_bytes());
            Redirect::to(&format!("/app/sign-in?next={next}{}", chosen_language(path))).into_response()
        }
        Face::Page => {
            let page = crate::pages::problem_page(problem, request_id, path, asked);
            (problem.status(), axum::response::Html(page)).into_response()
        }
    };
    problem.add_headers(&mut response);
    response
}

/// What the pages may load: their own style and script, nothing inline, nothing foreign.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Behind a door that speaks TLS a browser sends its cookies nowhere else, and comes back by no other way.
fn keep_to_tls(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let secured = HeaderValue::from_bytes(&[cookie.as_bytes(), b"; Secure"].concat()).unwrap_or(cookie);
        headers.append(header::SET_COOKIE, secured);
    }
    headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
}

const DOCUMENT_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

fn add_headers(response: &mut Response, face: Face, request_id: &str) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    let policy = if face == Face::Page { PAGE_POLICY } else { DOCUMENT_POLICY };
    // A frame within a partner's page has one of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
