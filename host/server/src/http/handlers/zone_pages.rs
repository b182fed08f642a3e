//! Zone pages: arranging them, and the cards that customers see.

use crate::app::ctx::Ctx;
use crate::app::zone_card::Pages;
use crate::app::{App, me, zone_card, zone_page};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::PlaceId;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// The place in the path. One that is malformed names nothing.
pub fn place_id(text: &str) -> Result<PlaceId, Problem> {
    PlaceId::parse(text).map_err(|_| Problem::new(code::ZONE_NOT_FOUND))
}

/// `GET /api/v1/zone-pages`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::ZonePages> {
    let pages = zone_page::list(&app, &ctx);
    Ok(axum::Json(wire::ZonePages { pages: pages.iter().map(|(_, seen)| seen.into()).collect() }))
}

/// `GET /api/v1/zone-pages/{place}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(place): Path<String>) -> Answer<wire::ZonePageRecord> {
    Ok(axum::Json((&zone_page::view(&app, &ctx, &place_id(&place)?)?).into()))
}

/// `PUT /api/v1/zone-pages/{place}`
pub async fn arrange(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(place): Path<String>,
    Json(body): Json<wire::ArrangeZone>,
) -> Answer<wire::ZonePageRecord> {
    let revision = body.revision;
    let seen = zone_page::propose(&app, &ctx, &place_id(&place)?, body.parsed()?, revision).await?;
    Ok(axum::Json((&seen).into()))
}

/// `POST /api/v1/zone-pages/{place}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(place): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::ZonePageRecord> {
    Ok(axum::Json((&zone_page::decide(&app, &ctx, &place_id(&place)?, body.parsed()?).await?).into()))
}

/// `GET /api/v1/zones/{branch}`
pub async fn cards(State(app): State<Arc<App>>, ctx: Ctx, Path(branch): Path<String>) -> Answer<wire::ZoneCards> {
    let branch = place_id(&branch)?;
    let cards = zone_card::shown(&app, &ctx, &branch, Pages::Launcher, None);
    let bundles = zone_card::bundles(&app, &ctx, &branch, Pages::Launcher, None);
    let (cards, bundles) = tokio::try_join!(cards, bundles)?;
    Ok(axum::Json(wire::ZoneCards {
        cards: cards.into_iter().map(Into::into).collect(),
        bundles: bundles.into_iter().map(|it| wire::BundleShown::of(it, me::locale(&ctx))).collect(),
    }))
}
