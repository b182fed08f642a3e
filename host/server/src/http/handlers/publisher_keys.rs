//! Keys that publishers sign with.

use crate::app::ctx::Ctx;
use crate::app::{App, publisher_key};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::PublisherId;
use xitai_model::publisher_key::PublisherKey;

/// `GET /api/v1/publisher/keys`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::PublisherKeys>, Problem> {
    Ok(listed(&publisher_key::own(&app, &ctx)?, ctx.now_ms))
}

/// `POST /api/v1/publisher/keys`
pub async fn register(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::RegisterKey>,
) -> Result<axum::Json<wire::PublisherKeyRecord>, Problem> {
    let key = publisher_key::register(&app, &ctx, body.parsed()?).await?;
    Ok(axum::Json(wire::PublisherKeyRecord::of(&key, ctx.now_ms)))
}

/// `GET /api/v1/publishers/{id}/keys`
pub async fn of_publisher(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::PublisherKeys>, Problem> {
    let id = PublisherId::parse(&id).map_err(|_| Problem::new(code::REQUEST_NOT_FOUND))?;
    Ok(listed(&publisher_key::of_publisher(&app, &ctx, &id)?, ctx.now_ms))
}

/// `PUT /api/v1/publisher-keys/{id}/revocation`
pub async fn revoke(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::RevokeKey>,
) -> Result<axum::Json<wire::PublisherKeyRecord>, Problem> {
    let key = publisher_key::revoke(&app, &ctx, &id, &body.reason, body.from_ms).await?;
    Ok(axum::Json(wire::PublisherKeyRecord::of(&key, ctx.now_ms)))
}

fn listed(keys: &[PublisherKey], now_ms: i64) -> axum::Json<wire::PublisherKeys> {
    let keys = keys.iter().map(|key| wire::PublisherKeyRecord::of(key, now_ms)).collect();
    axum::Json(wire::PublisherKeys { keys })
}
