//! Passkeys and one-time codes.

use crate::app::ctx::Ctx;
use crate::app::{App, passkey, second_factor};
use crate::http::extract::{Json, MaybeJson, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

fn asked(asked: passkey::Asked) -> Response {
    (StatusCode::CREATED, axum::Json(wire::Asked { challenge: asked.id, options: asked.options })).into_response()
}

/// `POST /api/v1/passkeys/challenges`
pub async fn begin_sign_in(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    MaybeJson(_): MaybeJson<wire::Nothing>,
) -> Result<Response, Problem> {
    Ok(asked(passkey::begin_sign_in(&app, &ctx).await?))
}

/// `GET /api/v1/me/passkeys`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Passkeys>, Problem> {
    let passkeys = passkey::list(&app, &ctx).await?;
    Ok(axum::Json(wire::Passkeys { passkeys: passkeys.iter().map(wire::Passkey::from).collect() }))
}

/// `POST /api/v1/me/passkeys/challenges`
pub async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    MaybeJson(body): MaybeJson<wire::Factor>,
) -> Result<Response, Problem> {
    Ok(asked(passkey::begin(&app, &ctx, body.typed().as_ref()).await?))
}

/// `POST /api/v1/me/passkeys`
pub async fn add(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::AddPasskey>,
) -> Result<Response, Problem> {
    let made = passkey::add(&app, &ctx, &body.challenge, &body.name, &body.credential).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::Passkey::from(&made))).into_response())
}

/// `PUT /api/v1/me/passkeys/{passkey}`
pub async fn rename(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::Rename>,
) -> Result<axum::Json<wire::Passkey>, Problem> {
    Ok(axum::Json(wire::Passkey::from(&passkey::rename(&app, &ctx, &id, &body.name).await?)))
}

/// `DELETE /api/v1/me/passkeys/{passkey}`
pub async fn remove(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    MaybeJson(body): MaybeJson<wire::Factor>,
) -> Result<StatusCode, Problem> {
    passkey::remove(&app, &ctx, &id, body.typed().as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/me/codes`
pub async fn send_code(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    MaybeJson(_): MaybeJson<wire::Nothing>,
) -> Result<Response, Problem> {
    let sent = second_factor::send_code(&app, &ctx).await?;
    let body = wire::CodeSent { challenge: sent.id, expires_ms: sent.expires_ms };
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}
