//! Publishers: their files, applications and qualifications.

use crate::app::ctx::Ctx;
use crate::app::{App, advisory, publish, publisher};
use crate::http::extract::{Json, Path, Query, Raw};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{MatterId, PublisherId};
use xitai_model::policy::Action;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn publisher_id(text: &str) -> Result<PublisherId, Problem> {
    PublisherId::parse(text).map_err(|_| Problem::new(code::PUBLISHER_NOT_FOUND))
}
pub fn application_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::PUBLISHER_APPLICATION_NOT_FOUND))
}

/// `GET /api/v1/publishers`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Publishers> {
    let catalog = app.catalog();
    publish::may_for_bank(&catalog, &ctx, Action::ReadPublishers)?;
    let all = catalog.publishers.values().map(|kept| wire::PublisherRecord::of(&kept.value, ctx.now_ms));
    Ok(axum::Json(wire::Publishers { publishers: all.collect() }))
}

/// `GET /api/v1/publishers/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::PublisherRecord> {
    let found = publisher::view(&app, &ctx, &publisher_id(&id)?)?;
    Ok(axum::Json(wire::PublisherRecord::of(&found, ctx.now_ms)))
}

/// `GET /api/v1/publisher/qualification`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::PublisherRecord> {
    Ok(axum::Json(wire::PublisherRecord::of(&publisher::own(&app, &ctx)?, ctx.now_ms)))
}

/// `POST /api/v1/publisher/documents?kind=&number=&issuer=&expires=&name=`
pub async fn upload(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(said): Query<wire::DocumentQuery>,
    Raw(bytes): Raw,
) -> Answer<wire::PublisherDocument> {
    let said = said.parsed(app.config.zone)?;
    Ok(axum::Json((&publisher::upload(&app, &ctx, said, bytes.to_vec()).await?).into()))
}

/// `GET /api/v1/publisher/documents`
pub async fn own_documents(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::PublisherDocuments> {
    let own = publisher::own_documents(&app, &ctx).await?;
    Ok(axum::Json(wire::PublisherDocuments { documents: own.iter().map(Into::into).collect() }))
}

/// `GET /api/v1/publishers/{id}/documents`
pub async fn documents(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Answer<wire::PublisherDocuments> {
    let all = publisher::documents_of(&app, &ctx, &publisher_id(&id)?).await?;
    Ok(axum::Json(wire::PublisherDocuments { documents: all.iter().map(Into::into).collect() }))
}

/// `GET /api/v1/publisher-documents/{id}`: given as a file to keep, so that it opens as no page of the bank's.
pub async fn document(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = MatterId::parse(&id).map_err(|_| Problem::new(code::PUBLISHER_DOCUMENT_NOT_FOUND))?;
    let (document, bytes) = publisher::document(&app, &ctx, &id).await?;
    let kind = HeaderValue::from_str(&document.media_type).map_err(Problem::internal)?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"))];
    Ok((headers, bytes).into_response())
}

/// `POST /api/v1/publisher/qualification`
pub async fn apply(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::ApplyPublisher>,
) -> Answer<wire::PublisherApplication> {
    let made = publisher::apply(&app, &ctx, body.categories, &body.exit_plan, &body.contact).await?;
    Ok(axum::Json((&made).into()))
}

/// `DELETE /api/v1/publisher/applications/{id}`
pub async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Answer<wire::PublisherApplication> {
    Ok(axum::Json((&publisher::withdraw(&app, &ctx, &application_id(&id)?).await?).into()))
}

/// `GET /api/v1/publisher-applications`
pub async fn applications(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::PublisherApplications> {
    let all = publisher::applications(&app, &ctx).await?;
    Ok(axum::Json(wire::PublisherApplications { applications: all.iter().map(Into::into).collect() }))
}

/// `PUT /api/v1/publisher-applications/{id}/offer`
pub async fn offer(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::OfferPublisher>,
) -> Answer<wire::PublisherApplication> {
    let grant = body.parsed(app.config.zone)?;
    Ok(axum::Json((&publisher::offer(&app, &ctx, &application_id(&id)?, grant).await?).into()))
}

/// `POST /api/v1/publisher-applications/{id}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::PublisherApplication> {
    let id = application_id(&id)?;
    let decided = match body.decision.as_str() {
        "turn-down" => publisher::turn_down(&app, &ctx, &id, body.note).await?,
        _ => publisher::decide(&app, &ctx, &id, body.parsed()?).await?,
    };
    Ok(axum::Json((&decided).into()))
}

/// `PUT /api/v1/advisories`
pub async fn load_advisories(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::LoadAdvisories>,
) -> Answer<wire::LoadedAdvisories> {
    let loaded = advisory::load(&app, &ctx, &body.records).await?;
    Ok(axum::Json(wire::LoadedAdvisories { read: loaded.read, changed: loaded.changed }))
}
