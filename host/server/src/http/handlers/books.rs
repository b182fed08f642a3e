//! Statements and closed days.

use super::csv_file;
use super::merchants::merchant_id;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::{books, branch_books};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::code;
use xitai_model::day::Day;
use xitai_model::ids::{BranchId, MerchantId};
use xitai_model::money::Currency;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn bank_day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| Problem::new(code::BOOKS_DAY))
}
pub fn currency(asked: &wire::StatementQuery) -> Result<Option<Currency>, Problem> {
    let parse = |text: &String| Currency::parse(text).ok_or_else(|| Problem::malformed("currency: three letters"));
    asked.currency.as_ref().map(parse).transpose()
}

/// `GET /api/v1/merchants/{id}/statements`
pub async fn statements(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Statements> {
    let all = books::statements(&app, &ctx, &merchant_id(&id)?).await?;
    Ok(axum::Json(wire::Statements { statements: all.into_iter().map(Into::into).collect() }))
}

/// `GET /api/v1/merchants/{id}/statements/{day}`
pub async fn statement(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, day)): Path<(String, String)>,
    Query(asked): Query<wire::StatementQuery>,
) -> Result<impl IntoResponse, Problem> {
    let (id, day) = (merchant_id(&id)?, bank_day(&day)?);
    let given = books::given(&app, &ctx, &id, day, currency(&asked)?).await?;
    let as_file = format!("attachment; filename=\"{id}-{day}-{}.json\"", given.statement.account.currency);
    Ok(([(header::CONTENT_DISPOSITION, as_file)], axum::Json(wire::Signed(books::signed(&app, &given).await?))))
}

/// `GET /api/v1/merchants/{id}/statements/{day}/csv`
pub async fn csv(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, day)): Path<(String, String)>,
    Query(asked): Query<wire::StatementQuery>,
) -> Result<Response, Problem> {
    let (id, day) = (merchant_id(&id)?, bank_day(&day)?);
    table(&app, &ctx, &id, day, currency(&asked)?).await
}

/// The file, for whoever asks for it and by which door.
pub async fn table(
    app: &App,
    ctx: &Ctx,
    id: &MerchantId,
    day: Day,
    currency: Option<Currency>,
) -> Result<Response, Problem> {
    let given = books::given(app, ctx, id, day, currency).await?;
    let name = format!("{id}-{day}-{}", given.statement.account.currency);
    Ok(csv_file(&name, books::csv(app.config.zone, &given)?))
}

pub fn branch_id(text: &str) -> Result<BranchId, Problem> {
    BranchId::parse(text).map_err(|_| Problem::new(code::BOOKS_NOT_FOUND))
}

/// `GET /api/v1/branches/{branch}/statements/{day}`
pub async fn branch_statement(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((branch, day)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let (branch, day) = (branch_id(&branch)?, bank_day(&day)?);
    let given = branch_books::view(&app, &ctx, &branch, day).await?;
    let as_file = format!("attachment; filename=\"{branch}-{day}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, as_file)], axum::Json(wire::Signed(branch_books::signed(&app, &given).await?))))
}

/// `GET /api/v1/branches/{branch}/statements/{day}/csv`
pub async fn branch_csv(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((branch, day)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (branch, day) = (branch_id(&branch)?, bank_day(&day)?);
    let given = branch_books::view(&app, &ctx, &branch, day).await?;
    Ok(csv_file(&format!("{branch}-{day}"), branch_books::csv(&given)?))
}

/// `GET /api/v1/publisher/settlements/{day}`
pub async fn settlements(State(app): State<Arc<App>>, ctx: Ctx, Path(day): Path<String>) -> Answer<wire::Statements> {
    let all = books::settlements(&app, &ctx, bank_day(&day)?).await?;
    Ok(axum::Json(wire::Statements { statements: all.into_iter().map(Into::into).collect() }))
}

/// `GET /api/v1/books/days`
pub async fn days(State(app): State<Arc<App>>, _ctx: Ctx) -> Answer<wire::ClosedDays> {
    let days = books::days(&app).await?;
    Ok(axum::Json(wire::ClosedDays { days: days.into_iter().map(Into::into).collect() }))
}
