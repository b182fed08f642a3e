//! Threads between customers and their customer managers.

use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, launch, relationship};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{BranchId, MatterId};
use xitai_model::relationship::{Author, Thread};

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn thread_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::THREAD_NOT_FOUND))
}

/// The branch that a manager asks for, or their own.
pub fn branch_of(app: &App, ctx: &Ctx, asked: Option<&str>) -> Result<BranchId, Problem> {
    let own = || ctx.staff().and_then(|staff| launch::own_branch(&app.catalog(), staff));
    let asked = asked.map(BranchId::parse).transpose()?;
    asked.or_else(own).ok_or_else(|| Problem::malformed("branch: say which"))
}

fn list_of((found, next): (Vec<Read<Thread>>, Option<String>), side: Author) -> axum::Json<wire::Threads> {
    axum::Json(wire::Threads { threads: found.iter().map(|it| wire::ThreadLine::of(it, side)).collect(), next })
}

async fn whole(app: &App, found: &Read<Thread>, side: Author, after: Option<&str>) -> Answer<wire::Thread> {
    let (messages, next) = relationship::messages(app, found, after).await?;
    Ok(axum::Json(wire::Thread {
        line: wire::ThreadLine::of(found, side),
        customer: relationship::customer_name(app, found).await?,
        written: messages.iter().map(wire::Written::from).collect(),
        next,
    }))
}

/// `GET /api/v1/me/threads?after=`
pub async fn own_list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::After>,
) -> Answer<wire::Threads> {
    Ok(list_of(relationship::own_threads(&app, &ctx, query.after.as_deref()).await?, Author::Customer))
}

/// `GET /api/v1/me/threads/{id}?after=`
pub async fn own(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::After>,
) -> Answer<wire::Thread> {
    let found = relationship::own_thread(&app, &ctx, &thread_id(&id)?).await?;
    whole(&app, &found, Author::Customer, query.after.as_deref()).await
}

/// `POST /api/v1/me/threads/{id}/messages`
pub async fn write(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::WriteMessage>,
) -> Answer<wire::Thread> {
    let id = thread_id(&id)?;
    relationship::write(&app, &ctx, &id, &body.text, &body.key).await?;
    whole(&app, &relationship::own_thread(&app, &ctx, &id).await?, Author::Customer, None).await
}

/// `PUT /api/v1/me/threads/{id}`
pub async fn set_ended(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::EndThread>,
) -> Answer<wire::Thread> {
    let id = thread_id(&id)?;
    relationship::set_ended(&app, &ctx, &id, body.ended).await?;
    whole(&app, &relationship::own_thread(&app, &ctx, &id).await?, Author::Customer, None).await
}

/// `GET /api/v1/threads?branch=&after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::ThreadsQuery>,
) -> Answer<wire::Threads> {
    let branch = branch_of(&app, &ctx, query.branch.as_deref())?;
    Ok(list_of(relationship::threads(&app, &ctx, &branch, query.after.as_deref()).await?, Author::Manager))
}

/// `GET /api/v1/threads/{id}?after=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::After>,
) -> Answer<wire::Thread> {
    let found = relationship::thread(&app, &ctx, &thread_id(&id)?).await?;
    whole(&app, &found, Author::Manager, query.after.as_deref()).await
}

/// `POST /api/v1/threads/{id}/messages`
pub async fn answer(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::WriteMessage>,
) -> Answer<wire::Thread> {
    let id = thread_id(&id)?;
    relationship::answer(&app, &ctx, &id, &body.text, &body.key).await?;
    whole(&app, &relationship::thread(&app, &ctx, &id).await?, Author::Manager, None).await
}
