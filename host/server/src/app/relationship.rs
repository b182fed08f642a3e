//! Threads between customers and their customer managers, as both see them on the host's own pages.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::feedback::{PAGE, Read, read};
use super::publish::may;
use super::visitor;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::identity::Customer;
use xitai_model::ids::{BranchId, MatterId, StaffId};
use xitai_model::matter::{Matter, MatterBody, MatterKey, MatterKind};
use xitai_model::place::{Role, Staff};
use xitai_model::policy::{Action, Resource};
use xitai_model::program::Event;
use xitai_model::relationship::{Author, Command, Message, TEXT, Thread, apply, messages_of, threads_in, written};
use xitai_store::StoreError;

/// What stands before keys of the host's own pages: no program can write it.
const OWN_KEY: &str = "\u{1}page/";
/// The topic under which programs hear of a message.
const TOPIC: &str = "relationship.message";

/// Who is first asked in a branch.
pub fn manager_of<'a>(catalog: &'a Catalog, branch: &BranchId) -> Option<&'a Staff> {
    let looks_after = |staff: &&Staff| {
        staff.roles.iter().any(|(role, at)| *role == Role::CustomerManager && catalog.is_within(branch, at))
    };
    catalog.staff.values().map(|kept| &kept.value).find(looks_after)
}

fn not_found() -> Problem {
    Problem::new(code::THREAD_NOT_FOUND)
}

fn customer(ctx: &Ctx) -> Result<&Customer, Problem> {
    ctx.customer().ok_or_else(|| Problem::new(code::THREAD_NOT_CUSTOMER))
}

/// The caller as a manager of a branch's customers.
fn manager<'a>(app: &App, ctx: &'a Ctx, branch: &BranchId) -> Result<&'a Staff, Problem> {
    let resource = Resource { place: Some(branch), ..Resource::default() };
    may(&app.catalog(), ctx, Action::TalkToCustomers, resource)
}

fn page<T: MatterBody>((page, next): (Vec<Matter>, Option<String>)) -> Result<(Vec<Read<T>>, Option<String>), Problem> {
    Ok((page.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

/// The caller's threads, the newest first.
pub async fn own_threads(
    app: &App,
    ctx: &Ctx,
    after: Option<&str>,
) -> Result<(Vec<Read<Thread>>, Option<String>), Problem> {
    page(visitor::matters(app, MatterKind::Thread, &customer(ctx)?.id, after, PAGE).await?)
}

async fn find(app: &App, id: &MatterId) -> Result<Read<Thread>, Problem> {
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Thread);
    read(found.ok_or_else(not_found)?)
}

pub async fn own_thread(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Thread>, Problem> {
    let found = find(app, id).await?;
    let own = &customer(ctx)?.id;
    if visitor::is_own(app, found.matter.customer.as_ref(), own).await? { Ok(found) } else { Err(not_found()) }
}

/// Threads of a branch, for its managers: a page of the newest, those first that wait for an answer.
pub async fn threads(
    app: &App,
    ctx: &Ctx,
    branch: &BranchId,
    after: Option<&str>,
) -> Result<(Vec<Read<Thread>>, Option<String>), Problem> {
    manager(app, ctx, branch)?;
    let found = app.store.matters_about(MatterKind::Thread, &threads_in(branch), after, PAGE).await?;
    let (mut found, next) = page::<Thread>(found)?;
    found.sort_by_key(|it| (!it.body.is_unread_by(Author::Manager), -it.body.last_ms));
    Ok((found, next))
}

/// One of a branch that the caller looks after.
pub async fn thread(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Thread>, Problem> {
    let found = find(app, id).await?;
    manager(app, ctx, &found.matter.branch).map_err(|_| not_found())?;
    Ok(found)
}

/// A page of a thread's messages, newest first. Who may see the thread has been asked.
pub async fn messages(
    app: &App,
    thread: &Read<Thread>,
    after: Option<&str>,
) -> Result<(Vec<Read<Message>>, Option<String>), Problem> {
    page(app.store.matters_about(MatterKind::Message, &messages_of(&thread.matter.id), after, PAGE).await?)
}

/// What a message says; absent once its customer was erased.
pub fn text(message: &Read<Message>) -> Option<String> {
    message.matter.unsealed(TEXT)
}

/// The name by which a manager's customers know them.
pub async fn customer_name(app: &App, thread: &Read<Thread>) -> Result<Option<String>, Problem> {
    let Some(id) = &thread.matter.customer else { return Ok(None) };
    match app.store.customer(id).await {
        Ok(customer) => Ok(customer.map(|customer| customer.profile.display_name)),
        Err(StoreError::Withheld) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The customer writes to their manager.
pub async fn write(app: &App, ctx: &Ctx, id: &MatterId, text: &str, key: &str) -> Result<(), Problem> {
    let thread = own_thread(app, ctx, id).await?;
    append(app, ctx, thread, Author::Customer, None, text, key).await
}

/// The manager answers.
pub async fn answer(app: &App, ctx: &Ctx, id: &MatterId, text: &str, key: &str) -> Result<(), Problem> {
    let found = thread(app, ctx, id).await?;
    let by = manager(app, ctx, &found.matter.branch)?.id.clone();
    // What an erased customer wrote is gone, and nobody is left to read an answer.
    customer_name(app, &found).await?.ok_or_else(not_found)?;
    append(app, ctx, found, Author::Manager, Some(by), text, key).await
}

async fn append(
    app: &App,
    ctx: &Ctx,
    thread: Read<Thread>,
    author: Author,
    by: Option<StaffId>,
    text: &str,
    key: &str,
) -> Result<(), Problem> {
    let text = written(text)?;
    let before = &thread.matter;
    let (owner, key) = (before.owner().to_owned(), own_key(author, key));
    let keyed = MatterKey { kind: MatterKind::Message, program: before.program.clone(), owner, key };
    // One form, one message, however often it is sent.
    if let Some(there) = app.store.matter_by_key(&keyed).await? {
        let same = there.unsealed::<String>(TEXT).is_none_or(|held| held == text);
        return if same { Ok(()) } else { Err(Problem::new(code::THREAD_KEY_REUSED)) };
    }
    let next = apply(&thread.body, Command::Write { author, by: by.clone() }, ctx.now_ms)?;
    let message = Message { author, by, at_ms: ctx.now_ms };
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let (program, customer) = (before.program.clone(), before.customer.clone());
    let mut matter = Matter::new(id.clone(), program, before.branch.clone(), customer, &message, ctx.now_ms);
    (matter.key, matter.about) = (Some(keyed.key.clone()), Some(messages_of(&before.id)));
    matter.seal(TEXT, &text);
    let guards = vec![Guard::MatterAt { matter: id, revision: 0 }, Guard::MatterKeyFree(keyed)];
    let mut changes = vec![Change::Matter(Box::new(matter))];
    changes.extend(happened(app, ctx, &thread, author).await?);
    keep(app, ctx, &thread.matter, &next, guards, changes, "thread.written", json!({ "author": author })).await
}

/// A key of the host's pages, apart for both sides.
fn own_key(author: Author, key: &str) -> String {
    let plain: String = key.chars().filter(|c| !c.is_control()).take(64).collect();
    format!("{OWN_KEY}{}/{plain}", author.as_str())
}

/// What the program hears, if anybody is left to hear it: that there is something new, and not what it says.
async fn happened(app: &App, ctx: &Ctx, thread: &Read<Thread>, author: Author) -> Result<Option<Change>, Problem> {
    let Some(session) = &thread.matter.session else { return Ok(None) };
    match app.store.session_fresh(session).await {
        Ok(Some(_)) => {}
        Ok(None) | Err(StoreError::Withheld) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let body = json!({ "author": author }).to_string().into_bytes();
    let event = Event::Happened { topic: TOPIC.to_owned(), key: thread.body.purpose.clone(), body: Bytes(body) };
    Ok(Some(Change::Inbox {
        session: session.clone(),
        event,
        coalesce: Some(format!("thread:{}:{}", thread.matter.id, author.as_str())),
        at_ms: ctx.now_ms,
    }))
}

/// One side has read what there is.
pub async fn mark_read(app: &App, ctx: &Ctx, thread: &Read<Thread>, author: Author) -> Result<(), Problem> {
    if !thread.body.is_unread_by(author) {
        return Ok(());
    }
    let next = apply(&thread.body, Command::Read { author }, ctx.now_ms)?;
    let read =
        keep(app, ctx, &thread.matter, &next, Vec::new(), Vec::new(), "thread.read", json!({ "by": author })).await;
    match read {
        // Something was written at the same time: it is read the next time.
        Err(problem) if problem.code == code::REQUEST_CONFLICT => Ok(()),
        done => done,
    }
}

/// The customer ends a conversation, for the program and the manager, or opens it again.
pub async fn set_ended(app: &App, ctx: &Ctx, id: &MatterId, ended: bool) -> Result<(), Problem> {
    let thread = own_thread(app, ctx, id).await?;
    if thread.body.ended_ms.is_some() == ended {
        return Ok(());
    }
    let (command, action) = if ended { (Command::End, "thread.ended") } else { (Command::Resume, "thread.resumed") };
    let next = apply(&thread.body, command, ctx.now_ms)?;
    keep(app, ctx, &thread.matter, &next, Vec::new(), Vec::new(), action, json!({})).await
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one commit")]
async fn keep(
    app: &App,
    ctx: &Ctx,
    before: &Matter,
    next: &Thread,
    mut guards: Vec<Guard>,
    mut changes: Vec<Change>,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    guards.push(Guard::MatterAt { matter: before.id.clone(), revision: before.revision });
    changes.insert(0, Change::Matter(Box::new(before.moved(next, ctx.now_ms))));
    let audit = ctx.did(action, format!("thread:{}", before.id), detail);
    match app.store.commit(Commit { guards, changes, audit }).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done.map(|_| ())?),
    }
}
