//! Incidents, and what is done about them.

use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::incident::{self, Step, Which};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::IncidentId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn incident_id(text: &str) -> Result<IncidentId, Problem> {
    IncidentId::parse(text).map_err(|_| Problem::new(code::INCIDENT_NOT_FOUND))
}

/// `GET /api/v1/incidents`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Incidents> {
    let incidents = incident::list(&app, &ctx)?;
    Ok(axum::Json(wire::Incidents { incidents: incidents.iter().map(wire::IncidentRecord::from).collect() }))
}

/// `POST /api/v1/incidents`
pub async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::OpenIncident>,
) -> Answer<wire::IncidentRecord> {
    let opened = incident::open(&app, &ctx, body.about()?, &body.title, body.since_ms).await?;
    Ok(axum::Json(wire::IncidentRecord::from(&opened)))
}

/// `GET /api/v1/incidents/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::IncidentRecord> {
    let found = incident::view(&app, &ctx, &incident_id(&id)?)?;
    let affected = Some(incident::affected(&app, &found, ctx.now_ms).await?);
    let timeline = incident::timeline(&app, &found).await?.into_iter().map(wire::TimelineLine::from).collect();
    Ok(axum::Json(wire::IncidentRecord { affected, timeline, ..wire::IncidentRecord::from(&found) }))
}

/// `POST /api/v1/incidents/{id}/steps`
pub async fn step(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::StepIncident>,
) -> Answer<wire::IncidentRecord> {
    let step = match body {
        wire::StepIncident::Note { text } => Step::Note(text),
        wire::StepIncident::Assess { severity, since_ms } => Step::Assess { severity, since_ms },
        wire::StepIncident::Report { reference } => Step::Report(reference),
        wire::StepIncident::Close { note } => Step::Close(note),
    };
    let next = incident::step(&app, &ctx, &incident_id(&id)?, step).await?;
    Ok(axum::Json(wire::IncidentRecord::from(&next)))
}

/// `PUT /api/v1/incidents/{id}/refund`
pub async fn propose_refund(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeRefund>,
) -> Answer<wire::IncidentRecord> {
    let next = incident::propose_refund(&app, &ctx, &incident_id(&id)?, body.into()).await?;
    Ok(axum::Json(wire::IncidentRecord::from(&next)))
}

/// `PUT /api/v1/incidents/{id}/notice`
pub async fn propose_notice(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeIncidentNotice>,
) -> Answer<wire::IncidentRecord> {
    let next = incident::propose_notice(&app, &ctx, &incident_id(&id)?, body.into()).await?;
    Ok(axum::Json(wire::IncidentRecord::from(&next)))
}

/// `POST /api/v1/incidents/{id}/refund/decisions`
pub async fn decide_refund(
    state: State<Arc<App>>,
    ctx: Ctx,
    id: Path<String>,
    body: Json<wire::DecideProposal>,
) -> Answer<wire::IncidentRecord> {
    decide(state, ctx, id, body, Which::Refund).await
}

/// `POST /api/v1/incidents/{id}/notice/decisions`
pub async fn decide_notice(
    state: State<Arc<App>>,
    ctx: Ctx,
    id: Path<String>,
    body: Json<wire::DecideProposal>,
) -> Answer<wire::IncidentRecord> {
    decide(state, ctx, id, body, Which::Notice).await
}

async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
    which: Which,
) -> Answer<wire::IncidentRecord> {
    let next = incident::decide(&app, &ctx, &incident_id(&id)?, which, body.parsed()?).await?;
    Ok(axum::Json(wire::IncidentRecord::from(&next)))
}

/// `GET /api/v1/incidents/{id}/evidence`
pub async fn evidence(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let archive = incident::archive(&app, &ctx, &incident_id(&id)?).await?;
    let name = format!("attachment; filename=\"incident-{id}.zip\"");
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, archive))
}
