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
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;
use xitai_egress::signature::{self, Direction, Secret};
use xitai_model::chat::{Line, about, is_code};
use xitai_model::code;

/// The cookie that names the browser among chat users.
const USER: &str = "xitai_chat";
const USER_S: i64 = 30 * 86_400;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

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
    by_customer: bool,
    /// The bank's own message, which no program can write.
    is_banks: bool,
    text: String,
    when: String,
}

fn is_served(app: &App) -> Result<(), Problem> {
    if app.chats.page.is_some() { Ok(()) } else { Err(Problem::new(code::REQUEST_NOT_FOUND)) }
}

/// The browser's name, where this bank gave it: a name that anybody may choose would be new for each guess of a code.
fn user(app: &App, headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, text) = pairs.find(|(name, _)| *name == USER)?;
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
    let tag = signature::tag(&secret(app), &name);
    let cookie = format!("{USER}={name}.{tag}; Path=/chat; HttpOnly; SameSite=Strict; Max-Age={USER_S}");
    Ok((name, cookie))
}

async fn part(app: &App, ctx: &Ctx, look: &Look, user: &str) -> Result<ChatPart, Problem> {
    let words = look.words();
    let lines = chat::lines(app, PAGE, user).await?;
    let choices = lines.iter().rev().find(|line| !line.by_customer).map(choices).unwrap_or_default();
    let bubble = |line: Line| Bubble {
        by_customer: line.by_customer,
        is_banks: !line.by_customer && line.text.starts_with('🔒'),
        when: calendar::short(&words, line.at_ms, ctx.now_ms),
        text: line.text,
    };
    Ok(ChatPart { words, lines: lines.into_iter().map(bubble).collect(), choices })
}

/// Numbers that the newest message offers.
fn choices(line: &Line) -> Vec<String> {
    let number = |line: &str| {
        let (number, rest) = line.split_once(". ")?;
        let is_one = !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit());
        (is_one && !rest.is_empty()).then(|| number.to_owned())
    };
    line.text.lines().filter_map(number).collect()
}

/// `GET /chat`
async fn show(State(app): State<Arc<App>>, ctx: Ctx, look: Look, headers: HeaderMap) -> Result<Response, Problem> {
    is_served(&app)?;
    let (name, cookie) = match user(&app, &headers) {
        Some(name) => (name, None),
        None => named(&app, &ctx).map(|(name, cookie)| (name, Some(cookie)))?,
    };
    let part = part(&app, &ctx, &look, &name).await?;
    let view = ChatPage { shell: look.shell(Some(&app.catalog()), ""), part, problem: None };
    let mut response = page(&look, &view)?;
    if let Some(cookie) = cookie {
        let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /chat/fragment`
async fn fragment(State(app): State<Arc<App>>, ctx: Ctx, look: Look, headers: HeaderMap) -> Result<Response, Problem> {
    is_served(&app)?;
    let user = user(&app, &headers).ok_or_else(|| Problem::new(code::REQUEST_NOT_FOUND))?;
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
    let Some(user) = user(&app, &headers) else { return Ok(see("/chat")) };
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    // Sent twice is taken once: the page numbers its messages. Without its script each is another.
    let id = Some(value("id")).filter(|id| (1..=64).contains(&id.len())).unwrap_or(&ctx.request_id);
    // What may be somebody's code is a guess, and this browser has no name of its own to be counted by.
    if is_code(value("text")) {
        app.rates.guess_from(Guesses::HandOver, &ctx)?;
    }
    let words = look.words();
    let said = chat::Said { channel: PAGE, user: &user, id, text: value("text"), locale: Some(words.tag()) };
    chat::receive(&app, &ctx, &said).await?;
    Ok(see("/chat"))
}

/// `GET /chat/stream`: `said` whenever there is something new to read.
async fn stream(State(app): State<Arc<App>>, ctx: Ctx, headers: HeaderMap) -> Result<Response, Problem> {
    is_served(&app)?;
    let user = user(&app, &headers).ok_or_else(|| Problem::new(code::REQUEST_NOT_FOUND))?;
    let counted = ctx.address.map_or(Counted::Nobody, Counted::Address);
    let permit = app.rates.stream(counted).ok_or_else(|| Problem::new(code::REQUEST_STREAMS))?;
    let told = WatchStream::new(app.chats.follow(&about(PAGE, &user)));
    let until = stream::once(async move { app.closing().await }).map(|()| None);
    let events = stream::select(told.map(Some), until)
        .take_while(|said| std::future::ready(said.is_some()))
        .filter_map(move |said| {
            let _open = &permit;
            std::future::ready(
                said.map(|said| Ok::<_, Infallible>(Event::default().event("said").data(said.to_string()))),
            )
        });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    Ok(response)
}
