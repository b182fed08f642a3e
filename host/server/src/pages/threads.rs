//! Conversations between customers and their customer managers: the customer's pages, and the manager's.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, relationship};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::relationship::{branch_of, thread_id};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::cards::{card_of_program, place_name};
use crate::pages::console::desk;
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::{Desk, Shell};
use crate::pages::{Look, page, see};
use crate::render::web::{calendar, icon};
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::limits::MESSAGE_CHARS_MAX;
use xitai_model::policy::Action;
use xitai_model::relationship::{Author, Thread};

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (own, talks) = (Access::SignedIn, Access::May(Action::TalkToCustomers));
    vec![
        row(get.clone(), "/app/threads", own, "page.threads", own_list),
        row(get.clone(), "/app/threads/{id}", own, "page.thread", own_show),
        row(post.clone(), "/app/threads/{id}", own, "thread.written", own_write),
        row(post.clone(), "/app/threads/{id}/end", own, "thread.ended", own_end),
        row(get.clone(), "/console/threads", talks, "page.threads", list),
        row(get, "/console/threads/{id}", talks, "page.thread", show),
        row(post, "/console/threads/{id}", talks, "thread.answered", answer),
    ]
}

struct ThreadRow {
    id: String,
    card: ProgramCard,
    /// The manager sees the customer's name, the customer what it is about.
    name: String,
    purpose: String,
    when: String,
    unread: bool,
    ended: bool,
}

struct Line {
    author: &'static str,
    name: String,
    text: String,
    when: String,
}

/// What both sides see of a thread.
struct Conversation {
    id: String,
    card: ProgramCard,
    purpose: String,
    ended: bool,
    lines: Vec<Line>,
    earlier: Option<String>,
    /// One form, one message, however often it is sent.
    key: String,
    chars_max: usize,
}

#[derive(Template)]
#[template(path = "app/threads.html")]
struct Threads {
    shell: Shell,
    manager: Option<String>,
    rows: Vec<ThreadRow>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "app/thread.html")]
struct ThreadPage {
    shell: Shell,
    manager: String,
    talk: Conversation,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "console/threads.html")]
struct DeskThreads {
    shell: Desk,
    branch: String,
    rows: Vec<ThreadRow>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "console/thread.html")]
struct DeskThread {
    shell: Desk,
    customer: Option<String>,
    talk: Conversation,
}

#[derive(Default, Deserialize)]
struct Asked {
    after: Option<String>,
    refused: Option<String>,
    branch: Option<String>,
}

fn card(catalog: &Catalog, found: &Read<Thread>, words: &Words) -> ProgramCard {
    let program = found.matter.program.as_ref();
    let known = program.and_then(|id| card_of_program(catalog, id, words));
    known.unwrap_or_else(|| ProgramCard::bare(program.map_or("bank", |id| id.as_str()), None))
}

fn row_of(
    catalog: &Catalog,
    found: &Read<Thread>,
    side: Author,
    name: String,
    words: &Words,
    now_ms: i64,
) -> ThreadRow {
    ThreadRow {
        id: found.matter.id.to_string(),
        card: card(catalog, found, words),
        name,
        purpose: found.body.purpose.clone(),
        when: calendar::short(words, found.body.last_ms, now_ms),
        unread: found.body.is_unread_by(side),
        ended: found.body.ended_ms.is_some(),
    }
}

/// The newest page of what was written, oldest line first, as people read.
async fn conversation(
    app: &App,
    ctx: &Ctx,
    found: &Read<Thread>,
    words: &Words,
    after: Option<&str>,
    base: &str,
) -> Result<Conversation, Problem> {
    let catalog = app.catalog();
    let (messages, earlier) = relationship::messages(app, found, after).await?;
    let card = card(&catalog, found, words);
    let customer = relationship::customer_name(app, found).await?;
    let line = |it: &Read<xitai_model::relationship::Message>| Line {
        author: it.body.author.as_str(),
        name: match it.body.author {
            Author::Customer => customer.clone().unwrap_or_default(),
            Author::Program => card.name.clone(),
            Author::Manager => {
                let by = it.body.by.as_ref().and_then(|id| catalog.staff(id));
                by.map_or_else(|| words.say("customer-manager"), |staff| staff.name.clone())
            }
        },
        text: relationship::text(it).unwrap_or_else(|| words.say("complaint-erased")),
        when: calendar::short(words, it.body.at_ms, ctx.now_ms),
    };
    Ok(Conversation {
        id: found.matter.id.to_string(),
        purpose: found.body.purpose.clone(),
        ended: found.body.ended_ms.is_some(),
        lines: messages.iter().rev().map(line).collect(),
        earlier: earlier.map(|after| format!("{base}/{}?after={after}", found.matter.id)),
        key: xitai_model::ids::timed(ctx.now_ms, app.clock.random()),
        chars_max: MESSAGE_CHARS_MAX,
        card,
    })
}

fn told(asked: &Asked, words: &Words) -> Option<String> {
    words.refused(asked.refused.as_deref())
}

/// `GET /app/threads?after=`
async fn own_list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (found, next) = relationship::own_threads(&app, &ctx, asked.after.as_deref()).await?;
    let manager = ctx.customer().and_then(|customer| relationship::manager_of(&catalog, &customer.branch));
    let row = |it| {
        let name = card(&catalog, it, &words).name;
        row_of(&catalog, it, Author::Customer, name, &words, ctx.now_ms)
    };
    let view = Threads {
        shell: look.shell(Some(&catalog), "me"),
        manager: manager.map(|staff| staff.name.clone()),
        rows: found.iter().map(row).collect(),
        next: next.map(|after| format!("/app/threads?after={after}")),
    };
    page(&look, &view)
}

/// `GET /app/threads/{id}?after=`
async fn own_show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = relationship::own_thread(&app, &ctx, &thread_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let by = found.body.manager.as_ref().and_then(|id| catalog.staff(id));
    let manager = by.or_else(|| relationship::manager_of(&catalog, &found.matter.branch));
    let view = ThreadPage {
        shell: look.shell(Some(&catalog), "me"),
        manager: manager.map_or_else(|| words.say("customer-manager"), |staff| staff.name.clone()),
        talk: conversation(&app, &ctx, &found, &words, asked.after.as_deref(), "/app/threads").await?,
        problem: told(&asked, &words),
    };
    relationship::mark_read(&app, &ctx, &found, Author::Customer).await?;
    page(&look, &view)
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

/// `POST /app/threads/{id}`
async fn own_write(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let text = value(&pairs, "text").replace("\r\n", "\n");
    let done = relationship::write(&app, &ctx, &thread_id(&id)?, &text, value(&pairs, "key")).await;
    Ok(back(&format!("/app/threads/{id}"), done))
}

/// `POST /app/threads/{id}/end`
async fn own_end(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let done = relationship::set_ended(&app, &ctx, &thread_id(&id)?, value(&pairs, "ended") == "yes").await;
    Ok(back(&format!("/app/threads/{id}"), done))
}

fn back(path: &str, done: Result<(), Problem>) -> Response {
    match done {
        Ok(()) => see(&format!("{path}#end")),
        Err(problem) => see(&format!("{path}?refused={}#end", problem.code.code)),
    }
}

/// `GET /console/threads?branch=&after=`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let branch = branch_of(&app, &ctx, asked.branch.as_deref())?;
    let (found, next) = relationship::threads(&app, &ctx, &branch, asked.after.as_deref()).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut rows = Vec::with_capacity(found.len());
    for it in &found {
        let name = relationship::customer_name(&app, it).await?.unwrap_or_else(|| words.say("complaint-erased"));
        rows.push(row_of(&catalog, it, Author::Manager, name, &words, ctx.now_ms));
    }
    let view = DeskThreads {
        shell: desk::desk(&look, &catalog, staff, "/console/threads", &desk::Asked::default()),
        next: next.map(|after| format!("/console/threads?branch={branch}&after={after}")),
        branch: place_name(&catalog, &branch, &words),
        rows,
    };
    page(&look, &view)
}

/// `GET /console/threads/{id}?after=`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let found = relationship::thread(&app, &ctx, &thread_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let said = desk::Asked { refused: asked.refused.clone(), ..desk::Asked::default() };
    let view = DeskThread {
        shell: desk::desk(&look, &catalog, staff, "/console/threads", &said),
        customer: relationship::customer_name(&app, &found).await?,
        talk: conversation(&app, &ctx, &found, &words, asked.after.as_deref(), "/console/threads").await?,
    };
    relationship::mark_read(&app, &ctx, &found, Author::Manager).await?;
    page(&look, &view)
}

/// `POST /console/threads/{id}`
async fn answer(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let text = value(&pairs, "text").replace("\r\n", "\n");
    let done = relationship::answer(&app, &ctx, &thread_id(&id)?, &text, value(&pairs, "key")).await;
    Ok(back(&format!("/console/threads/{id}"), done))
}
