//! The organisation: places, people, publishers.

use crate::app::ctx::Ctx;
use crate::app::{App, organisation};
use crate::http::extract::{Json, Path};
use crate::http::handlers::tokens::staff_id;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::PlaceId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn place_id(text: &str) -> Result<PlaceId, Problem> {
    PlaceId::parse(text).map_err(|_| Problem::new(code::PLACE_NOT_FOUND))
}

/// `GET /api/v1/organisation`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Organisation> {
    organisation::reader(&app, &ctx)?;
    let catalog = app.catalog();
    Ok(axum::Json(wire::Organisation {
        places: catalog.places.values().map(|kept| (&kept.value).into()).collect(),
        staff: catalog.staff.values().map(|kept| (&kept.value).into()).collect(),
        publishers: catalog.publishers.values().map(|kept| (&kept.value).into()).collect(),
    }))
}

/// `POST /api/v1/places`
pub async fn found(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::FoundPlace>,
) -> Answer<wire::PlaceRecord> {
    let (id, kind, parent, names) = body.parsed()?;
    Ok(axum::Json((&organisation::found(&app, &ctx, id, kind, parent, names).await?).into()))
}

/// `PUT /api/v1/places/{id}`
pub async fn change(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ChangePlace>,
) -> Answer<wire::PlaceRecord> {
    Ok(axum::Json((&organisation::change(&app, &ctx, &place_id(&id)?, body.parsed()?).await?).into()))
}

/// `POST /api/v1/staff`
pub async fn hire(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::HireStaff>,
) -> Answer<wire::StaffRecord> {
    Ok(axum::Json((&organisation::hire(&app, &ctx, body.id()?, &body.name, &body.person).await?).into()))
}

/// `PUT /api/v1/staff/{id}/access`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeAccess>,
) -> Answer<wire::StaffRecord> {
    Ok(axum::Json((&organisation::propose(&app, &ctx, &staff_id(&id)?, body.parsed()?).await?).into()))
}

/// `POST /api/v1/staff/{id}/access/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::StaffRecord> {
    Ok(axum::Json((&organisation::decide(&app, &ctx, &staff_id(&id)?, body.parsed()?).await?).into()))
}

/// `PUT /api/v1/staff/{id}/closure`
pub async fn close(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::CloseStaff>,
) -> Answer<wire::StaffRecord> {
    Ok(axum::Json((&organisation::close(&app, &ctx, &staff_id(&id)?, &body.reason).await?).into()))
}

/// `DELETE /api/v1/staff/{id}/closure`
pub async fn reopen(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::StaffRecord> {
    Ok(axum::Json((&organisation::reopen(&app, &ctx, &staff_id(&id)?).await?).into()))
}

/// `POST /api/v1/publishers`
pub async fn add_publisher(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::AddPublisher>,
) -> Answer<wire::PublisherName> {
    Ok(axum::Json((&organisation::add_publisher(&app, &ctx, body.id()?, &body.name).await?).into()))
}
