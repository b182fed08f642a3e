//! Content: the staff's entries with their versions, pictures, and the library that customers read.

use crate::app::ctx::Ctx;
use crate::app::{App, content, library, media};
use crate::http::extract::{Json, Path, Query, Raw};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::EntryId;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// Pictures of one answer.
const PICTURES_MAX: usize = 200;

/// The id in the path. One that is malformed names nothing.
pub fn entry_id(text: &str) -> Result<EntryId, Problem> {
    EntryId::parse(text).map_err(|_| Problem::new(code::CONTENT_NOT_FOUND))
}

fn told(ctx: &Ctx, entry: &xitai_model::content::entry::Entry) -> axum::Json<wire::ContentRecord> {
    axum::Json(wire::ContentRecord::of(entry, ctx.now_ms))
}

/// `GET /api/v1/content?q=&kind=&state=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::ContentQuery>,
) -> Answer<wire::ContentRecords> {
    let state = query.state.as_deref().unwrap_or("all");
    let wanted = query.q.as_deref().unwrap_or_default();
    let all = content::list(&app, &ctx)?.into_iter();
    let found = all.filter(|it| content::fits(it, state, query.kind.as_deref(), wanted, ctx.now_ms));
    Ok(axum::Json(wire::ContentRecords { entries: found.map(|it| wire::ContentRecord::of(&it, ctx.now_ms)).collect() }))
}

/// `POST /api/v1/content`
pub async fn create(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::CreateEntry>,
) -> Answer<wire::ContentRecord> {
    let (kind, place, draft) = body.parsed()?;
    Ok(told(&ctx, &content::create(&app, &ctx, kind, &place, draft).await?))
}

/// `GET /api/v1/content/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::view(&app, &ctx, &entry_id(&id)?)?))
}

/// `POST /api/v1/content/{id}/versions`
pub async fn write(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::WriteVersion>,
) -> Answer<wire::ContentRecord> {
    let (entry, _) = content::write(&app, &ctx, &entry_id(&id)?, None, body.draft).await?;
    Ok(told(&ctx, &entry))
}

/// `PUT /api/v1/content/{id}/versions/{number}`
pub async fn rewrite(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, number)): Path<(String, u32)>,
    Json(body): Json<wire::WriteVersion>,
) -> Answer<wire::ContentRecord> {
    let (entry, _) = content::write(&app, &ctx, &entry_id(&id)?, Some(number), body.draft).await?;
    Ok(told(&ctx, &entry))
}

/// `POST /api/v1/content/{id}/versions/{number}/submission`
pub async fn submit(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, number)): Path<(String, u32)>,
    Json(wire::SubmitVersion {}): Json<wire::SubmitVersion>,
) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::submit(&app, &ctx, &entry_id(&id)?, number).await?))
}

/// `POST /api/v1/content/{id}/versions/{number}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, number)): Path<(String, u32)>,
    Json(body): Json<wire::DecideVersion>,
) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::decide(&app, &ctx, &entry_id(&id)?, number, body.parsed()?).await?))
}

/// `DELETE /api/v1/content/{id}/versions/{number}`
pub async fn end(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, number)): Path<(String, u32)>,
) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::end(&app, &ctx, &entry_id(&id)?, number).await?))
}

/// `PUT /api/v1/content/{id}/takedown`
pub async fn take_down(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::TakeDown>,
) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::take_down(&app, &ctx, &entry_id(&id)?, &body.reason).await?))
}

/// `DELETE /api/v1/content/{id}/takedown`
pub async fn restore(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::restore(&app, &ctx, &entry_id(&id)?).await?))
}

/// `PUT /api/v1/content/{id}/stock`
pub async fn stock(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::SetStock>,
) -> Answer<wire::ContentRecord> {
    Ok(told(&ctx, &content::stock(&app, &ctx, &entry_id(&id)?, body.units).await?))
}

/// `POST /api/v1/media`
pub async fn upload(State(app): State<Arc<App>>, ctx: Ctx, Raw(bytes): Raw) -> Answer<wire::Picture> {
    Ok(axum::Json(wire::Picture::from(&media::upload(&app, &ctx, bytes.to_vec()).await?)))
}

/// `GET /api/v1/media`
pub async fn pictures(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Pictures> {
    let pictures = media::list(&app, &ctx, PICTURES_MAX)?.iter().map(wire::Picture::from).collect();
    Ok(axum::Json(wire::Pictures { pictures }))
}

/// `GET /api/v1/library?kind=&tag=&text=&near=&after=`
pub async fn library(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::LibraryQuery>,
) -> Answer<wire::Library> {
    let (query, after) = query.parsed();
    let (entries, next) = library::find(&app, &ctx, &query, after.as_deref())?;
    Ok(axum::Json(wire::Library { entries, next }))
}

/// `GET /api/v1/library/{id}`
pub async fn library_entry(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Answer<wire::LibraryEntry> {
    Ok(axum::Json(wire::LibraryEntry { entry: library::get(&app, &ctx, &entry_id(&id)?, None)? }))
}
