//! Endpoints of partners: proposing, reviewing, withdrawing, secrets, and what was delivered.

use crate::app::ctx::Ctx;
use crate::app::{App, endpoint, partner};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

type Asked = Path<(String, String)>;

/// `GET /api/v1/endpoints`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Endpoints>, Problem> {
    let endpoints = endpoint::list(&app, &ctx);
    let shown = endpoints.iter().map(|endpoint| wire::Endpoint::of(endpoint, &app.partners.breakers));
    Ok(axum::Json(wire::Endpoints { endpoints: shown.collect() }))
}

/// `POST /api/v1/programs/{id}/endpoints`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeEndpoint>,
) -> Result<axum::Json<wire::EndpointSecrets>, Problem> {
    let id = endpoint::parse_id(&id, &body.name, body.branch.as_deref())?;
    let (endpoint, secrets) = endpoint::propose(&app, &ctx, id, body.terms()?).await?;
    Ok(axum::Json(wire::EndpointSecrets::of(&endpoint, secrets, &app.partners.breakers)))
}

/// `GET /api/v1/programs/{id}/endpoints/{name}?branch=`
pub async fn view(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Asked,
    Query(query): Query<wire::EndpointQuery>,
) -> Result<axum::Json<wire::Endpoint>, Problem> {
    let endpoint = endpoint::view(&app, &ctx, &endpoint::parse_id(&id, &name, query.branch.as_deref())?)?;
    Ok(axum::Json(wire::Endpoint::of(&endpoint, &app.partners.breakers)))
}

/// `POST /api/v1/programs/{id}/endpoints/{name}/decisions?branch=`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Asked,
    Query(query): Query<wire::EndpointQuery>,
    Json(body): Json<wire::DecideEndpoint>,
) -> Result<axum::Json<wire::Endpoint>, Problem> {
    let id = endpoint::parse_id(&id, &name, query.branch.as_deref())?;
    let (verdict, terms, note) = body.parsed()?;
    let endpoint = endpoint::decide(&app, &ctx, &id, verdict, terms, note).await?;
    Ok(axum::Json(wire::Endpoint::of(&endpoint, &app.partners.breakers)))
}

/// `DELETE /api/v1/programs/{id}/endpoints/{name}?branch=`
pub async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Asked,
    Query(query): Query<wire::EndpointQuery>,
    Json(body): Json<wire::WithdrawEndpoint>,
) -> Result<axum::Json<wire::Endpoint>, Problem> {
    let id = endpoint::parse_id(&id, &name, query.branch.as_deref())?;
    let endpoint = endpoint::withdraw(&app, &ctx, &id, body.note).await?;
    Ok(axum::Json(wire::Endpoint::of(&endpoint, &app.partners.breakers)))
}

/// `POST /api/v1/programs/{id}/endpoints/{name}/secret?branch=`
pub async fn rotate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Asked,
    Query(query): Query<wire::EndpointQuery>,
    Json(wire::RotateSecret {}): Json<wire::RotateSecret>,
) -> Result<axum::Json<wire::EndpointSecrets>, Problem> {
    let id = endpoint::parse_id(&id, &name, query.branch.as_deref())?;
    let (endpoint, secrets) = endpoint::rotate(&app, &ctx, &id).await?;
    Ok(axum::Json(wire::EndpointSecrets::of(&endpoint, Some(secrets), &app.partners.breakers)))
}

/// `GET /api/v1/programs/{id}/endpoints/{name}/deliveries?branch=`
pub async fn deliveries(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Asked,
    Query(query): Query<wire::EndpointQuery>,
) -> Result<axum::Json<wire::Deliveries>, Problem> {
    let endpoint = endpoint::view(&app, &ctx, &endpoint::parse_id(&id, &name, query.branch.as_deref())?)?;
    Ok(axum::Json(wire::Deliveries { deliveries: partner::deliveries(&app, &endpoint.id).await? }))
}
