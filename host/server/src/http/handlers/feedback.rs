//! Ratings and complaints: the customer's side, and head office's.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::feedback::{self, Read};
use crate::app::{App, library};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::feedback::complaint::Complaint;
use xitai_model::ids::{MatterId, PaymentId};

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn complaint_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::COMPLAINT_NOT_FOUND))
}
pub fn rating_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::RATING_NOT_FOUND))
}

fn told(read: &Read<Complaint>) -> axum::Json<wire::ComplaintRecord> {
    axum::Json(wire::ComplaintRecord::from(read))
}

fn page((page, next): (Vec<Read<Complaint>>, Option<String>)) -> axum::Json<wire::Complaints> {
    axum::Json(wire::Complaints { complaints: page.iter().map(wire::ComplaintRecord::from).collect(), next })
}

/// `GET /api/v1/me/complaints?after=`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx, Query(query): Query<wire::After>) -> Answer<wire::Complaints> {
    Ok(page(feedback::own_complaints(&app, &ctx, query.after.as_deref()).await?))
}

/// `POST /api/v1/me/complaints`
pub async fn complain(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::Complain>,
) -> Answer<wire::ComplaintRecord> {
    Ok(told(&feedback::complain(&app, &ctx, body.parsed()?).await?))
}

/// `POST /api/v1/me/complaints/{id}/replies`
pub async fn reply(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ReplyComplaint>,
) -> Answer<wire::ComplaintRecord> {
    Ok(told(&feedback::reply(&app, &ctx, &complaint_id(&id)?, body.text).await?))
}

/// `GET /api/v1/complaints?after=`
pub async fn complaints(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::After>,
) -> Answer<wire::Complaints> {
    Ok(page(feedback::complaints(&app, &ctx, query.after.as_deref()).await?))
}

/// `POST /api/v1/complaints/{id}/steps`
pub async fn handle(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::HandleComplaint>,
) -> Answer<wire::ComplaintRecord> {
    Ok(told(&feedback::handle(&app, &ctx, &complaint_id(&id)?, body.parsed()?).await?))
}

/// `POST /api/v1/me/payments/{id}/rating`
pub async fn rate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::RatePayment>,
) -> Result<StatusCode, Problem> {
    let id = PaymentId::parse(&id).map_err(|_| Problem::new(code::RATING_NOT_PAID))?;
    feedback::rate(&app, &ctx, &id, body.stars, &body.text, &body.key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/programs/{id}/ratings?after=`
pub async fn ratings(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::After>,
) -> Answer<wire::Ratings> {
    let program = program_id(&id)?;
    app.catalog().program(&program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let branch = library::reader(&app, &ctx, None)?.branch;
    let (stars, count) = feedback::tally_of(&app, &program).await?;
    let (ratings, next) = feedback::ratings(&app, &program, &branch, query.after.as_deref()).await?;
    let ratings = ratings.iter().map(wire::RatingRecord::from).collect();
    Ok(axum::Json(wire::Ratings { stars, count, ratings, next }))
}

/// `PUT /api/v1/ratings/{id}/moderation`
pub async fn moderate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ModerateRating>,
) -> Result<StatusCode, Problem> {
    feedback::moderate(&app, &ctx, &rating_id(&id)?, body.shown, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
