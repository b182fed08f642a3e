//! The customer's agreements.

use super::content::entry_id;
use crate::app::ctx::Ctx;
use crate::app::{App, agreement, library};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn agreement_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::AGREEMENT_NOT_FOUND))
}

/// `GET /api/v1/me/agreements?after=`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx, Query(query): Query<wire::After>) -> Answer<wire::Agreements> {
    let (page, next) = agreement::own(&app, &ctx, query.after.as_deref()).await?;
    let agreements = page.iter().map(wire::Agreement::from).collect();
    Ok(axum::Json(wire::Agreements { agreements, next }))
}

/// `GET /api/v1/me/agreements/{id}`
pub async fn one(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Agreement> {
    let found = agreement::own_one(&app, &ctx, &agreement_id(&id)?).await?;
    Ok(axum::Json(wire::Agreement::from(&found)))
}

/// `POST /api/v1/me/agreements/{id}/withdraw`
pub async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Agreement> {
    let found = agreement::withdraw(&app, &ctx, &agreement_id(&id)?).await?;
    Ok(axum::Json(wire::Agreement::from(&found)))
}

/// `POST /api/v1/me/agreements/{id}/documents/{entry}`
pub async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, entry)): Path<(String, String)>,
) -> Answer<wire::LibraryEntry> {
    let (id, entry) = (agreement_id(&id)?, entry_id(&entry)?);
    let read = library::get(&app, &ctx, &entry, None)?;
    agreement::open(&app, &ctx, &id, &entry).await?;
    Ok(axum::Json(wire::LibraryEntry { entry: read }))
}
