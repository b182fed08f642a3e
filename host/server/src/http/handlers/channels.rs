//! Going on elsewhere, kiosks, and what chats' channels send.

use crate::app::ctx::Ctx;
use crate::app::session::SessionView;
use crate::app::{App, chat, handover, kiosk, me};
use crate::http::extract::{Json, MaybeJson, Path, Raw};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_egress::signature::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
use xitai_model::code;
use xitai_model::handover::{Purpose, State as HandOverState};
use xitai_model::ids::{BranchId, MatterId, SessionId};
use xitai_model::kiosk::Command;
use xitai_model::matter::MatterBody;
use xitai_model::program::Channel;

type Answer<T> = Result<axum::Json<T>, Problem>;

fn session_id(text: &str) -> Result<SessionId, Problem> {
    SessionId::parse(text).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))
}

/// Where somebody with a browser is. The others come in by doors of their own.
fn channel(text: Option<&str>) -> Result<Channel, Problem> {
    match text.unwrap_or("web") {
        "phone" => Ok(Channel::Phone),
        "web" => Ok(Channel::Web),
        _ => Err(Problem::malformed("channel: phone or web")),
    }
}

/// `POST /api/v1/sessions/{id}/handover`
pub async fn make(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let made = handover::make(&app, &ctx, &session_id(&id)?).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::HandOver::of(made, &app.identity.origin))).into_response())
}

/// `PUT /api/v1/sessions/{id}/handover`
pub async fn take_back(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    MaybeJson(body): MaybeJson<wire::TakeBack>,
) -> Answer<SessionView> {
    let channel = channel(body.channel.as_deref())?;
    Ok(axum::Json(handover::take_back(&app, &ctx, &session_id(&id)?, channel).await?))
}

/// `POST /api/v1/handovers`
pub async fn take(State(app): State<Arc<App>>, ctx: Ctx, Json(body): Json<wire::TakeHandOver>) -> Answer<SessionView> {
    Ok(axum::Json(handover::take(&app, &ctx, &body.code, channel(body.channel.as_deref())?).await?))
}

/// `GET /api/v1/handovers/{id}`
pub async fn state(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::HandOverState> {
    let id = MatterId::parse(&id).map_err(|_| Problem::new(code::HANDOVER_CODE))?;
    Ok(axum::Json(match handover::state(&app, &ctx, &id).await? {
        HandOverState::Open { .. } => wire::HandOverState { state: "open", channel: None },
        HandOverState::Taken { channel, .. } => {
            wire::HandOverState { state: "taken", channel: Some(me::word(&channel)) }
        }
        HandOverState::Over => wire::HandOverState { state: "over", channel: None },
    }))
}

/// `POST /api/v1/me/lent-codes`
pub async fn lend(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::LendSignIn>,
) -> Result<Response, Problem> {
    let purpose = match body.to.as_str() {
        "kiosk" => Purpose::SignIn,
        "chat" => Purpose::Link,
        _ => return Err(Problem::malformed("to: kiosk or chat")),
    };
    let made = handover::lend(&app, &ctx, purpose).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::HandOver::of(made, &app.identity.origin))).into_response())
}

/// `GET /api/v1/kiosks`
pub async fn kiosks(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Kiosks> {
    let kiosks = kiosk::list(&app, &ctx)?;
    Ok(axum::Json(wire::Kiosks { kiosks: kiosks.iter().map(wire::Kiosk::from).collect() }))
}

/// `POST /api/v1/kiosks`
pub async fn register(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::RegisterKiosk>,
) -> Result<Response, Problem> {
    let made = kiosk::register(&app, &ctx, &BranchId::parse(&body.branch)?, &body.name).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::RegisteredKiosk::from(made))).into_response())
}

/// `DELETE /api/v1/kiosks/{id}`
pub async fn revoke(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Kiosk> {
    Ok(axum::Json(wire::Kiosk::from(&kiosk::revoke(&app, &ctx, &id).await?)))
}

/// `POST /api/v1/kiosk/touch`
pub async fn touch(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::KioskVisit> {
    let visit = kiosk::go_on(&app, &ctx, Command::Touch).await?;
    Ok(axum::Json(wire::KioskVisit { until_ms: visit.due_ms() }))
}

/// `POST /api/v1/chat/{channel}`
pub async fn chat(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(channel): Path<String>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let message = chat::Signed {
        channel: &channel,
        id: header(ID_HEADER),
        timestamp: header(TIMESTAMP_HEADER),
        signature: header(SIGNATURE_HEADER),
        body: &body,
    };
    chat::take(&app, &ctx, &message).await?;
    Ok(StatusCode::ACCEPTED)
}
