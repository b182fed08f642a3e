//! The customer's own code: shown for a minute, for one payment.

use super::view::PayCodePage;
use crate::app::ctx::Ctx;
use crate::app::{App, pay_code};
use crate::http::extract::{FormPairs, Query};
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::pages::{Look, looks_again, page, see, to};
use crate::render::web::html::Html;
use crate::render::web::{money, qr};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::limits::{PAY_CODE_UNASKED_DAY_MINOR_MAX, PAY_CODE_UNASKED_MINOR_MAX};
use xitai_model::money::Money;
use xitai_model::payment::Status;

/// What is offered as an amount that needs no asking, in fen. The last is the bank's own limit.
const CHOICES: [i64; 3] = [2_000, 5_000, PAY_CODE_UNASKED_MINOR_MAX];

#[derive(Deserialize)]
pub struct Asked {
    refused: Option<String>,
}

/// `GET /app/pay-code`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let own = pay_code::own(&app, &ctx).await?;
    if let Some(payment) = &own.payment
        && payment.status == Status::AwaitingConfirmation
        && ctx.now_ms < payment.expires_ms
    {
        return Ok(see(&format!("/app/pay/{}", payment.id)));
    }
    let words = look.words();
    let shows = own.text.as_ref().map(|(text, until_ms)| {
        let mut html = Html::new();
        qr::draw(&mut html, text, &words.say("pay-code"));
        (html, (until_ms - ctx.now_ms).div_euclid(1_000).max(0))
    });
    let choice = |minor: i64| {
        let chosen = own.code.unasked.is_some_and(|most| most.minor == minor);
        (minor.to_string(), words.say1("pay-code-up-to", "amount", money::text_in(&words, &Money::cny(minor))), chosen)
    };
    let waits = shows.is_some();
    let view = PayCodePage {
        code: shows,
        paid: own.payment.as_ref().map(|it| {
            let status = words.name("status", &crate::app::me::word(&it.status));
            (it.id.to_string(), it.order.purpose.clone(), money::drawn_in(&words, &it.payable), status)
        }),
        never: own.code.unasked.is_none(),
        choices: CHOICES.into_iter().map(choice).collect(),
        day: money::text_in(&words, &Money::cny(PAY_CODE_UNASKED_DAY_MINOR_MAX)),
        problem: words.refused(asked.refused.as_deref()),
        shell: look.shell(Some(&app.catalog()), "home"),
    };
    let drawn = page(&look, &view)?;
    // Until a till has asked.
    Ok(if waits { looks_again(drawn) } else { drawn })
}

/// `POST /app/pay-code`
pub async fn make(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    Ok(to("/app/pay-code", pay_code::show(&app, &ctx).await))
}

/// `POST /app/pay-code/unasked`
pub async fn unasked(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let most = Posted(pairs).value("at_most").parse().ok().map(Money::cny);
    Ok(to("/app/pay-code", pay_code::set_unasked(&app, &ctx, most).await))
}
