//! What all applications at head office share: they are matters of their applicant, moved by the rules of
//! [`xitai_model::application`], and each change is one commit.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::me::customer_id;
use crate::http::problem::Problem;
use serde_json::Value;
use xitai_model::application::{self, Application, Command, Offered};
use xitai_model::code::{self, Code};
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::MatterId;
use xitai_model::matter::{Matter, MatterBody};
use xitai_model::proposal::By;

/// Applications of one page.
const PAGE: usize = 100;

/// What is applied for.
pub trait Kind: Offered {
    /// As audit records name it.
    const SUBJECT: &'static str;
    const NOT_FOUND: &'static Code;
}

pub fn not_found<O: Kind>() -> Problem {
    Problem::new(O::NOT_FOUND)
}

/// The caller's own, newest first.
pub async fn own_list<O: Kind>(app: &App, ctx: &Ctx) -> Result<Vec<Read<Application<O>>>, Problem>
where
    Application<O>: MatterBody,
{
    let kind = <Application<O> as MatterBody>::KIND;
    let (page, _) = app.store.matters_of(kind, customer_id(ctx)?, None, None, PAGE).await?;
    page.into_iter().map(read).collect()
}

/// All of them, newest first.
pub async fn all<O: Kind>(app: &App) -> Result<Vec<Read<Application<O>>>, Problem>
where
    Application<O>: MatterBody,
{
    let (page, _) = app.store.matters(<Application<O> as MatterBody>::KIND, None, PAGE).await?;
    page.into_iter().map(read).collect()
}

pub async fn find<O: Kind>(app: &App, id: &MatterId) -> Result<Read<Application<O>>, Problem>
where
    Application<O>: MatterBody,
{
    let kind = <Application<O> as MatterBody>::KIND;
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == kind);
    read(found.ok_or_else(not_found::<O>)?)
}

/// Whether it is the caller's.
pub fn is_own<O>(ctx: &Ctx, found: &Read<Application<O>>) -> bool {
    customer_id(ctx).is_ok_and(|own| found.matter.customer.as_ref() == Some(own))
}

/// Moves it, with nothing else in the commit.
pub async fn step<O: Kind>(
    app: &App,
    ctx: &Ctx,
    found: Read<Application<O>>,
    command: Command<O>,
    by: Option<&By>,
    action: &str,
    detail: Value,
) -> Result<Read<Application<O>>, Problem>
where
    Application<O>: MatterBody,
{
    let body = application::apply(&found.body, command, by, ctx.now_ms)?;
    let matter = found.matter.moved(&body, ctx.now_ms);
    keep::<O>(app, ctx, &matter, Vec::new(), Vec::new(), action, detail).await?;
    Ok(Read { matter, body })
}

/// Commits it as it is now, with what else changes.
pub async fn keep<O: Kind>(
    app: &App,
    ctx: &Ctx,
    matter: &Matter,
    mut guards: Vec<Guard>,
    more: Vec<Change>,
    action: &str,
    detail: Value,
) -> Result<(), Problem> {
    guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 });
    let mut changes = vec![Change::Matter(Box::new(matter.clone()))];
    changes.extend(more);
    let audit = ctx.did(action, format!("{}:{}", O::SUBJECT, matter.id), detail);
    match app.store.commit(Commit { guards, changes, audit }).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done.map(|_| ())?),
    }
}
