//! Partners' pages that show programs, and servers that draw them.

use crate::app::ctx::Ctx;
use crate::app::{App, embed};
use crate::http::extract::{Json, MaybeJson, Path, preferred_locale};
use crate::http::problem::Problem;
use crate::http::wire;
use crate::words::Locale;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// `GET /api/v1/embeds`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Embeds> {
    let embeds = embed::list(&app, &ctx)?;
    Ok(axum::Json(wire::Embeds { embeds: embeds.iter().map(wire::Embed::from).collect() }))
}

/// `GET /api/v1/embeds/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Embed> {
    Ok(axum::Json((&embed::view(&app, &ctx, &id)?).into()))
}

/// `PUT /api/v1/embeds/{id}`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeEmbed>,
) -> Answer<wire::Embed> {
    Ok(axum::Json(embed::propose(&app, &ctx, &id, body.parsed()?).await?.into()))
}

/// `POST /api/v1/embeds/{id}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::Embed> {
    Ok(axum::Json((&embed::decide(&app, &ctx, &id, body.parsed()?).await?).into()))
}

/// `DELETE /api/v1/embeds/{id}`
pub async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    MaybeJson(body): MaybeJson<wire::WithdrawEmbed>,
) -> Answer<wire::Embed> {
    Ok(axum::Json((&embed::withdraw(&app, &ctx, &id, body.note).await?).into()))
}

/// `POST /api/v1/embeds/{id}/secret`
pub async fn rotate(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Embed> {
    Ok(axum::Json(embed::rotate(&app, &ctx, &id).await?.into()))
}

/// The language that was named, else the one that the caller's browser asks for.
fn locale(named: Option<&str>, headers: &HeaderMap) -> &'static str {
    named.and_then(Locale::of_tag).map_or_else(|| preferred_locale(headers), Locale::tag)
}

/// `POST /api/v1/embeds/{id}/launches`
pub async fn enter(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<wire::EnterEmbed>,
) -> Result<Response, Problem> {
    let locale = locale(body.locale.as_deref(), &headers);
    let entered = embed::enter(&app, &ctx, &id, &body.launch, locale).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::EmbedEntered::from(entered))).into_response())
}

/// `POST /api/v1/embeds/{id}/visitors`
pub async fn serve(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    Path(id): Path<String>,
    MaybeJson(body): MaybeJson<wire::VisitEmbed>,
) -> Result<Response, Problem> {
    let made = embed::serve(&app, &ctx, &id, locale(body.locale.as_deref(), &headers)).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::SignedIn::from(made))).into_response())
}
