//! A branch's own values for a program.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, setting};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::ids::{BranchId, ProgramId};

type Answer = Result<axum::Json<wire::SettingsRecord>, Problem>;

fn place(path: (String, String)) -> Result<(ProgramId, BranchId), Problem> {
    Ok((program_id(&path.0)?, BranchId::parse(&path.1)?))
}

/// `GET /api/v1/programs/{id}/settings/{branch}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(path): Path<(String, String)>) -> Answer {
    let (program, branch) = place(path)?;
    Ok(axum::Json(setting::view(&app, &ctx, &program, &branch)?.into()))
}

/// `PUT /api/v1/programs/{id}/settings/{branch}`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(path): Path<(String, String)>,
    Json(body): Json<wire::ProposeSettings>,
) -> Answer {
    let (program, branch) = place(path)?;
    Ok(axum::Json(setting::propose(&app, &ctx, &program, &branch, body.values).await?.into()))
}

/// `POST /api/v1/programs/{id}/settings/{branch}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(path): Path<(String, String)>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer {
    let (program, branch) = place(path)?;
    Ok(axum::Json(setting::decide(&app, &ctx, &program, &branch, body.parsed()?).await?.into()))
}
