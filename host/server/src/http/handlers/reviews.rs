//! The reviewers' queue and their decisions.

use crate::app::ctx::Ctx;
use crate::app::evidence::{self, Evidence};
use crate::app::{App, review};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::ReviewId;

/// `GET /api/v1/reviews?all=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::ReviewsQuery>,
) -> Result<axum::Json<wire::Reviews>, Problem> {
    let reviews = review::list(&app, &ctx, query.all)?;
    Ok(axum::Json(wire::Reviews { reviews: reviews.iter().map(wire::Release::from).collect() }))
}

/// `GET /api/v1/reviews/{id}`
pub async fn view(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::Release>, Problem> {
    Ok(axum::Json(wire::Release::from(&review::view(&app, &ctx, &review_id(&id)?)?)))
}

/// `POST /api/v1/reviews/{id}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideReview>,
) -> Result<axum::Json<wire::Release>, Problem> {
    let release = review::decide(&app, &ctx, &review_id(&id)?, body.parsed()?).await?;
    Ok(axum::Json(wire::Release::from(&release)))
}

/// `POST /api/v1/reviews/{id}/ticks`
pub async fn tick(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::TickPoints>,
) -> Result<axum::Json<wire::Release>, Problem> {
    Ok(axum::Json(wire::Release::from(&review::tick(&app, &ctx, &review_id(&id)?, body.points).await?)))
}

/// `POST /api/v1/reviews/{id}/acceptances`
pub async fn accept(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::AcceptFinding>,
) -> Result<axum::Json<wire::Release>, Problem> {
    let release = review::accept(&app, &ctx, &review_id(&id)?, body.finding, body.reason).await?;
    Ok(axum::Json(wire::Release::from(&release)))
}

/// `GET /api/v1/reviews/{id}/evidence`
pub async fn evidence(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<Evidence>, Problem> {
    let release = review::view(&app, &ctx, &review_id(&id)?)?;
    let kept = evidence::of(&app, &release).await?;
    Ok(axum::Json(kept.map(|kept| (*kept).clone()).unwrap_or_default()))
}

fn review_id(text: &str) -> Result<ReviewId, Problem> {
    ReviewId::parse(text).map_err(|_| Problem::new(code::REVIEW_NOT_FOUND))
}
