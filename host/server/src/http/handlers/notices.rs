//! Notices: the customer's own, and the words that programs may send.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, notice, notice_template};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn notice_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::NOTICE_NOT_FOUND))
}

fn words(app: &App, ctx: &Ctx) -> Result<crate::words::Words, Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::NOTICE_NOT_CUSTOMER))?;
    Ok(notice::words_for(app, customer))
}

/// `GET /api/v1/me/notices?after=`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx, Query(query): Query<wire::After>) -> Answer<wire::Notices> {
    let words = words(&app, &ctx)?;
    let (page, next) = notice::list(&app, &ctx, query.after.as_deref()).await?;
    let unread = notice::unread(&app, &ctx).await?;
    let notices = page.iter().map(|it| wire::NoticeRecord::of(it, &words, ctx.now_ms)).collect();
    Ok(axum::Json(wire::Notices { notices, unread, next }))
}

/// `POST /api/v1/me/notices/{id}/read`
pub async fn mark_read(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(wire::Nothing {}): Json<wire::Nothing>,
) -> Answer<wire::NoticeRecord> {
    let words = words(&app, &ctx)?;
    let read = notice::mark_read(&app, &ctx, &notice_id(&id)?).await?;
    Ok(axum::Json(wire::NoticeRecord::of(&read, &words, ctx.now_ms)))
}

/// `GET /api/v1/me/notice-settings`
pub async fn settings(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::NoticeSettings> {
    Ok(axum::Json(wire::NoticeSettings::from(&notice::chosen(&app, &ctx).await?)))
}

/// `PUT /api/v1/me/notice-settings`
pub async fn set_quiet(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::ChangeNoticeSettings>,
) -> Answer<wire::NoticeSettings> {
    notice::set_quiet(&app, &ctx, body.parsed()?).await?;
    settings(State(app), ctx).await
}

/// `PUT /api/v1/me/notice-mail`
pub async fn set_mail(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::ChangeNoticeMail>,
) -> Answer<wire::NoticeSettings> {
    notice::set_mail(&app, &ctx, body.on).await?;
    settings(State(app), ctx).await
}

/// `PUT /api/v1/me/notice-settings/{program}`
pub async fn set_program(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(program): Path<String>,
    Json(body): Json<wire::ChangeProgramNotices>,
) -> Answer<wire::NoticeSettings> {
    let program = program_id(&program)?;
    for (template, given) in body.templates()? {
        notice::set_consent(&app, &ctx, &program, &template, given).await?;
    }
    if let Some(muted) = body.muted {
        notice::mute(&app, &ctx, &program, muted).await?;
    }
    settings(State(app), ctx).await
}

/// `GET /api/v1/notice-templates`
pub async fn templates(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::NoticeTemplates> {
    let templates = notice_template::list(&app, &ctx).iter().map(wire::NoticeTemplate::from).collect();
    Ok(axum::Json(wire::NoticeTemplates { templates }))
}

/// `POST /api/v1/programs/{id}/notice-templates`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeTemplate>,
) -> Answer<wire::NoticeTemplate> {
    let id = notice_template::parse_id(&id, &body.name)?;
    let template = notice_template::propose(&app, &ctx, id, body.wording()?).await?;
    Ok(axum::Json(wire::NoticeTemplate::from(&template)))
}

/// `GET /api/v1/programs/{id}/notice-templates/{name}`
pub async fn template(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Path<(String, String)>,
) -> Answer<wire::NoticeTemplate> {
    let template = notice_template::view(&app, &ctx, &notice_template::parse_id(&id, &name)?)?;
    Ok(axum::Json(wire::NoticeTemplate::from(&template)))
}

/// `POST /api/v1/programs/{id}/notice-templates/{name}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Path<(String, String)>,
    Json(body): Json<wire::DecideTemplate>,
) -> Answer<wire::NoticeTemplate> {
    let (verdict, wording, note) = body.parsed()?;
    let id = notice_template::parse_id(&id, &name)?;
    let template = notice_template::decide(&app, &ctx, &id, verdict, wording, note).await?;
    Ok(axum::Json(wire::NoticeTemplate::from(&template)))
}

/// `DELETE /api/v1/programs/{id}/notice-templates/{name}`
pub async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, name)): Path<(String, String)>,
    Json(body): Json<wire::WithdrawTemplate>,
) -> Answer<wire::NoticeTemplate> {
    let id = notice_template::parse_id(&id, &name)?;
    Ok(axum::Json(wire::NoticeTemplate::from(&notice_template::withdraw(&app, &ctx, &id, body.note).await?)))
}
