//! Consents: the customer's own, and head office's view by program.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, consent, me};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn consent_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::CONSENT_NOT_FOUND))
}

fn page(app: &App, ctx: &Ctx, (page, next): (Vec<consent::Told>, Option<String>)) -> axum::Json<wire::Consents> {
    let (catalog, locale) = (app.catalog(), me::locale(ctx));
    let consents = page.iter().map(|told| wire::Consent::of(&catalog, told, locale)).collect();
    axum::Json(wire::Consents { consents, next })
}

/// `GET /api/v1/me/consents?after=`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx, Query(query): Query<wire::After>) -> Answer<wire::Consents> {
    Ok(page(&app, &ctx, consent::own(&app, &ctx, query.after.as_deref()).await?))
}

/// `GET /api/v1/me/consents/{id}?after=`
pub async fn one(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::After>,
) -> Answer<wire::ConsentWithReads> {
    let (told, next) = consent::own_one(&app, &ctx, &consent_id(&id)?, query.after.as_deref()).await?;
    let consent = wire::Consent::of(&app.catalog(), &told, me::locale(&ctx));
    Ok(axum::Json(wire::ConsentWithReads { consent, next }))
}

/// `POST /api/v1/me/consents/{id}/withdraw`
pub async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::ConsentWithReads> {
    let id = consent_id(&id)?;
    consent::withdraw(&app, &ctx, &id).await?;
    let (told, next) = consent::own_one(&app, &ctx, &id, None).await?;
    let consent = wire::Consent::of(&app.catalog(), &told, me::locale(&ctx));
    Ok(axum::Json(wire::ConsentWithReads { consent, next }))
}

/// `GET /api/v1/me/disclosures?after=`
pub async fn disclosures(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::After>,
) -> Answer<wire::Disclosures> {
    let (page, next) = consent::own_disclosures(&app, &ctx, query.after.as_deref()).await?;
    let disclosures = page.iter().map(wire::DisclosureRecord::from).collect();
    Ok(axum::Json(wire::Disclosures { disclosures, next }))
}

/// `GET /api/v1/me/consents/{id}/receipt`
pub async fn receipt(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let signed = consent::receipt(&app, &ctx, &consent_id(&id)?).await?;
    let as_file = format!("attachment; filename=\"consent-{id}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, as_file)], axum::Json(wire::Signed(signed))))
}

/// `GET /api/v1/programs/{id}/consents?after=`
pub async fn of_program(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::After>,
) -> Answer<wire::Consents> {
    let found = consent::of_program(&app, &ctx, &program_id(&id)?, query.after.as_deref()).await?;
    Ok(page(&app, &ctx, found))
}
