//! Payments without a program: the customer's code, what they scan, and the till's side.

use super::merchants::merchant_id;
use crate::app::ctx::Ctx;
use crate::app::{App, direct, media, pay_code};
use crate::http::extract::{Json, Path, Raw};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::direct::Ask;
use xitai_model::ids::PaymentId;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// A customer's own payment.
pub fn payment_id(text: &str) -> Result<PaymentId, Problem> {
    PaymentId::parse(text).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))
}
/// A merchant's.
pub fn merchant_payment_id(text: &str) -> Result<PaymentId, Problem> {
    PaymentId::parse(text).map_err(|_| Problem::new(code::DIRECT_NOT_FOUND))
}

/// `GET /api/v1/me/pay-code`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::PayCodeRecord> {
    Ok(axum::Json((&pay_code::own(&app, &ctx).await?).into()))
}

/// `POST /api/v1/me/pay-code`
pub async fn show(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::PayCodeRecord> {
    Ok(axum::Json((&pay_code::show(&app, &ctx).await?).into()))
}

/// `PUT /api/v1/me/pay-code/unasked`
pub async fn set_unasked(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::SetUnasked>,
) -> Answer<wire::PayCodeRecord> {
    Ok(axum::Json((&pay_code::set_unasked(&app, &ctx, body.at_most).await?).into()))
}

/// `POST /api/v1/me/scans`: for browsers that read no codes themselves.
pub async fn codes_in(Raw(bytes): Raw) -> Answer<wire::ReadCodes> {
    Ok(axum::Json(wire::ReadCodes { texts: media::codes_in(bytes.to_vec()).await? }))
}

/// `POST /api/v1/me/direct-payments`
pub async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::PayMerchant>,
) -> Answer<wire::DirectPayment> {
    let ask = ask_of(&app, &body)?;
    Ok(axum::Json((&direct::begin(&app, &ctx, ask).await?).into()))
}

/// What a scanned code asks for. Where it names an amount, nothing else may be paid.
pub fn ask_of(app: &App, body: &wire::PayMerchant) -> Result<Ask, Problem> {
    let scanned = direct::scanned(app, &body.code)?;
    let amount = match (scanned.amount, body.amount) {
        (Some(asked), Some(said)) if asked != said => {
            return Err(Problem::malformed("amount: the code names another"));
        }
        (Some(amount), _) | (None, Some(amount)) => amount,
        (None, None) => return Err(Problem::malformed("amount: the code names none")),
    };
    let said = body.purpose.clone().filter(|purpose| !purpose.trim().is_empty());
    let purpose = said.or(scanned.reference).unwrap_or(scanned.legal_name);
    Ok(Ask { merchant: scanned.merchant, amount, purpose, key: format!("scan:{}", body.key) })
}

/// `GET /api/v1/me/direct-payments/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::DirectPayment> {
    Ok(axum::Json((&direct::own(&app, &ctx, &payment_id(&id)?).await?).into()))
}

/// `POST /api/v1/me/direct-payments/{id}/decision`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideDirect>,
) -> Answer<wire::DirectPayment> {
    let named = body.parsed()?;
    Ok(axum::Json((&direct::decide(&app, &ctx, &payment_id(&id)?, named.as_ref()).await?).into()))
}

/// `POST /api/v1/pay-codes/{merchant}`
pub async fn ask(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(merchant): Path<String>,
    Json(body): Json<wire::AskByPayCode>,
) -> Answer<wire::MerchantPayment> {
    let (text, ask) = body.parsed(merchant_id(&merchant)?);
    Ok(axum::Json((&pay_code::ask(&app, &ctx, &text, ask).await?).into()))
}

/// `GET /api/v1/pay-codes/{merchant}/{payment}`
pub async fn asked(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((merchant, id)): Path<(String, String)>,
) -> Answer<wire::MerchantPayment> {
    let found = direct::of_merchant(&app, &ctx, &merchant_id(&merchant)?, &merchant_payment_id(&id)?).await?;
    Ok(axum::Json((&found.0).into()))
}

/// `DELETE /api/v1/pay-codes/{merchant}/{payment}`
pub async fn cancel(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((merchant, id)): Path<(String, String)>,
) -> Answer<wire::MerchantPayment> {
    let payment = direct::cancel(&app, &ctx, &merchant_id(&merchant)?, &merchant_payment_id(&id)?).await?;
    Ok(axum::Json((&payment).into()))
}

/// `POST /api/v1/pay-codes/{merchant}/{payment}/refunds`
pub async fn refund(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((merchant, id)): Path<(String, String)>,
    Json(body): Json<wire::RefundDirect>,
) -> Answer<wire::MerchantPayment> {
    let what = (body.amount, body.reason, body.key);
    let payment = direct::refund(&app, &ctx, &merchant_id(&merchant)?, &merchant_payment_id(&id)?, what).await?;
    Ok(axum::Json((&payment).into()))
}
