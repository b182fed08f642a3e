//! Paying a merchant without a program: what was scanned, the bank's sheet, and the customer's word.

use super::view::{PayForm, PayPage, Scan};
use crate::app::ctx::Ctx;
use crate::app::identity::{has_passkey, who};
use crate::app::{App, direct, launch_code, me};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::pay_codes::{ask_of, payment_id};
use crate::http::problem::Problem;
use crate::http::wire::PayMerchant;
use crate::pages::board::Posted;
use crate::pages::{Look, page, refused, see};
use crate::render::web::money;
use crate::render::web::sheet::{self, BodyFace, LegFace, PayFace, SheetFace, Signs, TenderFace};
use axum::extract::State;
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::direct::SheetDoc;
use xitai_model::limits::SHEET_DEAD_MS;
use xitai_model::payment::{Payment, Status};

#[derive(Deserialize)]
pub struct Asked {
    code: Option<String>,
    refused: Option<String>,
}

/// `GET /app/scan`
pub async fn scan(State(app): State<Arc<App>>, look: Look, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let words = look.words();
    page(
        &look,
        &Scan { shell: look.shell(Some(&app.catalog()), "home"), problem: words.refused(asked.refused.as_deref()) },
    )
}

/// `POST /app/scan`: what was scanned or typed. A code of a merchant goes on in the address, so that going back comes back to it.
pub async fn scanned(State(app): State<Arc<App>>, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let text = posted.value("code");
    // A link of the bank's own opens its program.
    if let Some(path) = launch_code::own_link(&app, text) {
        return Ok(see(&path));
    }
    Ok(match direct::scanned(&app, text) {
        Ok(_) => see(&format!("/app/pay?code={}", BASE64URL_NOPAD.encode(text.as_bytes()))),
        Err(problem) => refused("/app/scan", &problem),
    })
}

/// What was scanned, out of the address.
fn scanned_text(code: &str) -> Result<String, Problem> {
    let text = BASE64URL_NOPAD.decode(code.as_bytes()).ok().and_then(|text| String::from_utf8(text).ok());
    text.ok_or_else(|| Problem::new(code::MERCHANT_CODE_MALFORMED))
}

/// `GET /app/pay?code=`: whom, and how much.
pub async fn form(State(app): State<Arc<App>>, look: Look, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let code = asked.code.clone().unwrap_or_default();
    let scanned = direct::scanned(&app, &scanned_text(&code)?)?;
    let words = look.words();
    let view = PayForm {
        problem: words.refused(asked.refused.as_deref()),
        payee: scanned.legal_name,
        amount: scanned.amount.map(|amount| money::drawn_in(&words, &amount)),
        currency: scanned.currency.to_string(),
        reference: scanned.reference.unwrap_or_default(),
        key: xitai_model::ids::timed(app.clock.now_ms(), app.clock.random()),
        code,
        shell: look.shell(Some(&app.catalog()), "home"),
    };
    page(&look, &view)
}

/// `POST /app/pay`
pub async fn begin(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let code = posted.value("code").to_owned();
    let body = PayMerchant {
        code: scanned_text(&code)?,
        amount: posted.amount(),
        purpose: posted.filled("purpose").map(str::to_owned),
        key: posted.value("key").to_owned(),
    };
    let begun = match ask_of(&app, &body) {
        Ok(ask) => direct::begin(&app, &ctx, ask).await,
        Err(problem) => Err(problem),
    };
    Ok(match begun {
        Ok(payment) => see(&format!("/app/pay/{}", payment.id)),
        Err(problem) => refused(&format!("/app/pay?code={code}"), &problem),
    })
}

/// `GET /app/pay/{id}`: the bank's sheet. Once it is decided, the receipt says the rest.
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let payment = direct::own(&app, &ctx, &payment_id(&id)?).await?;
    if payment.status != Status::AwaitingConfirmation || ctx.now_ms >= payment.expires_ms {
        return Ok(see(&format!("/app/payments/{}", payment.id)));
    }
    let catalog = app.catalog();
    let (words, bank) = (look.words(), look.bank(Some(&catalog)));
    let wanted = asked.refused.as_deref() == Some(code::RISK_STEP_UP.code);
    let signs = match has_passkey(&app, &who(&ctx)?).await? {
        true if wanted => Signs::Needed,
        true => Signs::Offered,
        false => Signs::No,
    };
    let face = SheetFace { signs, ..face(&payment, words.say("direct-pay"), bank) };
    let mut shell = look.shell(Some(&catalog), "");
    shell.origin.clone_from(&app.identity.origin);
    let view = PayPage {
        sheet: sheet::draw_page(&face, &format!("/app/pay/{}", payment.id), &words),
        problem: words.refused(asked.refused.as_deref()),
        shell,
    };
    page(&look, &view)
}

fn face(payment: &Payment, program: String, publisher: String) -> SheetFace {
    let leg =
        |leg: crate::app::session::LegView| LegFace { legal_name: leg.legal_name, role: leg.role, amount: leg.amount };
    let account = payment.tender.kind().as_str().to_owned();
    let body = BodyFace::Pay(PayFace {
        payable: payment.payable,
        amount: payment.order.amount,
        discount: payment.discount,
        legs: me::legs(payment).into_iter().map(leg).collect(),
        lines: Vec::new(),
        tenders: vec![TenderFace { id: account, tender: payment.tender.clone(), chosen: true }],
        purpose: payment.order.purpose.clone(),
    });
    SheetFace {
        ticket: payment.ticket.to_string(),
        digest: SheetDoc::of(payment).digest().to_string(),
        body,
        program,
        publisher,
        verified: false,
        dead_ms: SHEET_DEAD_MS,
        expires_ms: payment.expires_ms,
        then: None,
        practice: false,
        signs: Signs::No,
        at_kiosk: false,
    }
}

/// `POST /app/pay/{id}`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let confirms = posted.value("do") == "confirm";
    let named = Digest::parse(posted.value("digest")).filter(|_| confirms);
    if confirms && named.is_none() {
        return Err(Problem::new(code::SHEET_DIGEST_DIFFERS));
    }
    let payment = payment_id(&id)?;
    Ok(match direct::decide(&app, &ctx, &payment, named.as_ref()).await {
        Ok(_) => see(&format!("/app/payments/{payment}")),
        Err(problem) if problem.code == code::PAYMENT_NOT_FOUND => return Err(problem),
        Err(problem) => refused(&format!("/app/pay/{payment}"), &problem),
    })
}
