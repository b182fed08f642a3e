//! The bank's own chat page: a channel like any bot's, to try what a chat is like. Its user is a browser.

use super::shell::Shell;
use super::{Look, page, see};
use crate::app::ctx::Ctx;
use crate::app::rate::{Counted, Guesses};
use crate::app::{App, chat};
use crate::config::chat::PAGE;
use crate::http::extract::FormPairs;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::render::web::calendar;
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;
use xitai_egress::signature::{self, Direction, Secret};
use xitai_model::chat::{Line, about, is_code};
use xitai_model::code;

/// The cookie that names the browser among chat users.
const USER: &str = "xitai_chat";
/// The one that names it once the code that it has typed makes the chat a customer's.
const LINKED: &str = "xitai_chat_linked";
const USER_S: i64 = 30 * 86_400;
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After which a browser asks for the stream again.
const COMES_AGAIN: Duration = Duration::from_millis(300);

pub fn routes() -> Vec<Route> {
    let (get, post, anyone) = (Method::GET, Method::POST, Access::Anyone);
    vec![
        row(get.clone(), "/chat", anyone, "page.chat", show),
        row(get.clone(), "/chat/fragment", anyone, "page.chat", fragment),
        row(post, "/chat", anyone, "chat.taken", say),
        row(get, "/chat/stream", anyone, "page.chat", stream),
    ]
}

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage {
    shell: Shell,
    part: ChatPart,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "chat_part.html")]
struct ChatPart {
    words: Words,
    lines: Vec<Bubble>,
    /// The newest number to type, for a thumb.
    choices: Vec<String>,
}
impl askama::filters::HtmlSafe for ChatPart {}

struct Bubble {
    /// The same each time that it is drawn, so that what is read or focused stays.
    key: String,
    by_customer: bool,
    /// The bank's own message, which no program can write.
    is_banks: bool,
    text: String,
    when: String,
}

fn is_served(app: &App) -> Result<(), Problem> {
    if app.chats.page.is_some() { Ok(()) } else { Err(Problem::new(code::REQUEST_NOT_FOUND)) }
}

/// Who the browser is: whom it was named, or whom it goes on as since its code made the chat a customer's.
async fn user(app: &App, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    match named_in(app, headers, LINKED) {
        Some(linked) if chat::is_begun(app, PAGE, &linked).await? => Ok(Some(linked)),
        _ => Ok(named_in(app, headers, USER)),
    }
}

/// A name that this bank gave: one that anybody may choose would be new for each guess of a code.
fn named_in(app: &App, headers: &HeaderMap, cookie: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, text) = pairs.find(|(name, _)| *name == cookie)?;
    let (user, tag) = text.split_once('.')?;
    signature::fits(&[secret(app)], user, tag).then(|| user.to_owned())
}

fn secret(app: &App) -> Secret {
    Secret::derive(&app.keys.master, "chat-page", Direction::Inbound, 0)
}

/// A name for a browser that has none, and the cookie that says it again. Each makes a customer's record as soon as it
/// says something, so they are counted as visitors are.
fn named(app: &App, ctx: &Ctx) -> Result<(String, String), Problem> {
    app.rates.guess_from(Guesses::Visitor, ctx)?;
    let name = xitai_model::ids::timed(ctx.now_ms, app.clock.random());
    let cookie = cookie(app, USER, &name);
    Ok((name, cookie))
}

fn cookie(app: &App, cookie: &str, name: &str) -> String {
    let tag = signature::tag(&secret(app), name);
    format!("{cookie}={name}.{tag}; Path=/chat; HttpOnly; SameSite=Strict; Max-Age={USER_S}")
}

/// Whom the chat goes on as, where this message links it: nobody's name until then. A message that is sent twice has one.
fn linked_as(app: &App, user: &str, message: &str) -> String {
    signature::tag(&secret(app), &format!("linked {user} {message}"))
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Result<Response, Problem> {
    for cookie in cookies {
        let cookie = HeaderValue::from_str(cookie).map_err(Problem::internal)?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn part(app: &App, ctx: &Ctx, look: &Look, user: &str) -> Result<ChatPart, Problem> {
    let words = look.words();
    let lines = chat::lines(app, PAGE, user).await?;
    let choices = lines.iter().rev().find(|line| !line.by_customer).map(choices).unwrap_or_default();
    let bubble = |(place, line): (usize, &Line)| Bubble {
        key: format!("{}-{}", line.at_ms, lines[..place].iter().filter(|it| it.at_ms == line.at_ms).count()),
        by_customer: line.by_customer,
        is_banks: line.is_banks,
        when: calendar::short(&words, line.at_ms, ctx.now_ms),
        text: line.text.clone(),
    };
    Ok(ChatPart { words, lines: lines.iter().enumerate().map(bubble).collect(), choices })
}

/// Numbers that the newest message offers, each once.
fn choices(line: &Line) -> Vec<String> {
    let number = |line: &str| {
        let (number, rest) = line.split_once(". ")?;
        let is_one = !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit());
        (is_one && !rest.is_empty()).then(|| number.to_owned())
    };
    let mut seen = BTreeSet::new();
    line.text.lines().filter_map(number).filter(|number| seen.insert(number.clone())).collect()
}

/// `GET /chat`
async fn show(State(app): State<Arc<App>>, ctx: Ctx, look: Look, headers: HeaderMap) -> Result<Response, Problem> {
    is_served(&app)?;
    let (name, cookies) = match user(&app, &headers).await? {
        Some(name) => (name, Vec::new()),
        None => named(&app, &ctx).map(|(name, cookie)| (name, vec![cookie]))?,
    };
    let part = part(&app, &ctx, &look, &name).await?;
    let view = ChatPage { shell: look.shell(Some(&app.catalog()), ""), part, problem: None };
    with_cookies(page(&look, &view)?, &cookies)
}

/// `GET /chat/fragment`
async fn fragment(State(app): State<Arc<App>>, ctx: Ctx, look: Look, headers: HeaderMap) -> Result<Response, Problem> {
    is_served(&app)?;
    let user = user(&app, &headers).await?.ok_or_else(|| Problem::new(code::REQUEST_NOT_FOUND))?;
    page(&look, &part(&app, &ctx, &look, &user).await?)
}

/// `POST /chat`
async fn say(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    is_served(&app)?;
    let Some(user) = user(&app, &headers).await? else { return Ok(see("/chat")) };
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    // Sent twice is taken once: the page numbers its messages. Without its script each is another.
    let id = Some(value("id")).filter(|id| (1..=64).contains(&id.len())).unwrap_or(&ctx.request_id);
    // What may be somebody's code is a guess, and this browser has no name of its own to be counted by.
    // Where it is right, the chat is a customer's: under a name that nobody has seen before.
    let mut linked = None;
    if is_code(value("text")) {
        app.rates.guess_from(Guesses::HandOver, &ctx)?;
        linked = Some(linked_as(&app, &user, id));
    }
    let words = look.words();
    let said = chat::Said {
        channel: PAGE,
        user: &user,
        id,
        text: value("text"),
        locale: Some(words.tag()),
        linked_as: linked.as_deref(),
    };
    chat::receive(&app, &ctx, &said).await?;
    let cookies = linked.map(|linked| [cookie(&app, USER, &user), cookie(&app, LINKED, &linked)]);
    with_cookies(see("/chat"), cookies.as_ref().map_or(&[], |cookies| cookies))
}

/// `GET /chat/stream`: `said` whenever there is something new to read. It ends where the chat goes on under another name,
/// which the browser has by then: it comes again by itself.
async fn stream(State(app): State<Arc<App>>, ctx: Ctx, headers: HeaderMap) -> Result<Response, Problem> {
    is_served(&app)?;
    let user = user(&app, &headers).await?.ok_or_else(|| Problem::new(code::REQUEST_NOT_FOUND))?;
    let counted = ctx.address.map_or(Counted::Nobody, Counted::Address);
    let permit = app.rates.stream(counted).ok_or_else(|| Problem::new(code::REQUEST_STREAMS))?;
    let told = WatchStream::new(app.chats.follow(&about(PAGE, &user)));
    let told = told.map(|said| if said == chat::MOVED { vec![Some(said), None] } else { vec![Some(said)] });
    let told = told.flat_map(stream::iter);
    let until = stream::once(async move { app.closing().await }).map(|()| None);
    let events =
        stream::select(told, until).take_while(|said| std::future::ready(said.is_some())).filter_map(move |said| {
            let _open = &permit;
            std::future::ready(said.map(|said| {
                let event = Event::default().event("said").data(said.to_string());
                Ok::<_, Infallible>(event.retry(COMES_AGAIN))
            }))
        });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    Ok(response)
}
