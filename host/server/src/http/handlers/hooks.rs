//! What comes in for a program while nobody taps: partners' webhooks, and values of secure fields.

use crate::app::ctx::Ctx;
use crate::app::{App, secure_field, webhook};
use crate::http::extract::{Path, Raw};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::sync::Arc;
use xitai_egress::signature::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
use xitai_model::code;
use xitai_model::ids::SessionId;

/// `POST /api/v1/hooks/{program}/{endpoint}/{branch}`
pub async fn take(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((program, endpoint, branch)): Path<(String, String, String)>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let message = webhook::Message {
        program: &program,
        endpoint: &endpoint,
        branch: &branch,
        id: header(ID_HEADER),
        timestamp: header(TIMESTAMP_HEADER),
        signature: header(SIGNATURE_HEADER),
        body: &body,
    };
    webhook::take(&app, &ctx, &message).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `PUT /api/v1/sessions/{id}/secure-fields/{ticket}`. The body is read here and not by the extractor: what it says of
/// a body that doesn't fit quotes it.
pub async fn fill(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, ticket)): Path<(String, String)>,
    Raw(body): Raw,
) -> Result<axum::Json<wire::FilledField>, Problem> {
    let id = SessionId::parse(&id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    let body: wire::FillField = serde_json::from_slice(&body).map_err(|_| Problem::malformed("body: value"))?;
    let masked = secure_field::fill(&app, &ctx, &id, &ticket, body.value()).await?;
    Ok(axum::Json(wire::FilledField { masked }))
}
