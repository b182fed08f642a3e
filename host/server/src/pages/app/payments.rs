//! Payments and receipts.

use super::view::{Day, PaymentRow, Payments, RateForm, Receipt, ReceiptLeg, ReceiptLine};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, dispute, feedback, me};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::html::Html;
use crate::render::web::sheet::tender_name;
use crate::render::web::{calendar, money, qr, sheet};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::dispute::may_open;
use xitai_model::feedback::rating::{TEXT, may_rate};
use xitai_model::ids::{PaymentId, ProgramId};
use xitai_model::limits::RATING_EDIT_MS_MAX;
use xitai_model::money::Money;
use xitai_model::tender::Tender;

/// `GET /app/payments?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(query): Query<wire::After>,
) -> Result<Response, Problem> {
    let (payments, next) = me::payments(&app, &ctx, query.after.as_deref()).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut days: Vec<Day> = Vec::new();
    // A draft that nobody was shown is no payment in anybody's eyes.
    for line in payments.iter().filter(|line| line.status != "draft") {
        let name = calendar::day(&words, line.made_ms, ctx.now_ms);
        if days.last().is_none_or(|day| day.name != name) {
            days.push(Day { name, rows: Vec::new() });
        }
        if let Some(day) = days.last_mut() {
            day.rows.push(row(&catalog, line, &words));
        }
    }
    page(&look, &Payments { shell: look.shell(Some(&catalog), "payments"), days, next })
}

fn card(catalog: &Catalog, line: &wire::PaymentLine, words: &Words) -> ProgramCard {
    let id = ProgramId::parse(&line.program_id).ok();
    let card = id.and_then(|id| card_of_program(catalog, &id, words));
    card.unwrap_or_else(|| ProgramCard::of_payee(&line.program_id, &line.program))
}

fn row(catalog: &Catalog, line: &wire::PaymentLine, words: &Words) -> PaymentRow {
    let (status, tone) = status(line, words);
    PaymentRow {
        id: line.id.clone(),
        card: card(catalog, line, words),
        purpose: line.purpose.clone(),
        time: calendar::clock(words.zone(), line.made_ms),
        payable: money::drawn_in(words, &line.payable),
        status,
        tone,
    }
}

fn status(line: &wire::PaymentLine, words: &Words) -> (String, &'static str) {
    let name = match line.refunded.minor {
        0 => line.status.as_str(),
        all if all >= line.captured.minor => "refunded",
        _ => "part-refunded",
    };
    let tone = match name {
        "settled" | "authorised" | "partly-captured" => "success",
        "awaiting-confirmation" | "held" | "on-its-way" | "cash-due" | "unknown" | "draft" => "warning",
        "declined" => "danger",
        _ => "",
    };
    (words.name("status", name), tone)
}

/// `GET /app/payments/{id}`
pub async fn receipt(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id = PaymentId::parse(&id).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))?;
    let payment = me::payment(&app, &ctx, &id).await?;
    let rate = rate_form(&app, &ctx, &id, &asked, &look.words()).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let (status, tone) = status(&payment.line, &words);
    let confirmed_ms = payment.confirmed_ms.unwrap_or(payment.line.made_ms);
    let view = Receipt {
        card: card(&catalog, &payment.line, &words),
        purpose: payment.line.purpose.clone(),
        payable: money::drawn_in(&words, &payment.line.payable),
        paid: matches!(payment.line.status.as_str(), "settled" | "authorised" | "partly-captured")
            && payment.line.refunded.minor == 0,
        stamp_day: calendar::date(&words, confirmed_ms),
        practice: payment.line.practice,
        legs: payment
            .legs
            .iter()
            .map(|leg| ReceiptLeg {
                legal_name: leg.legal_name.clone(),
                role: words.name("role", &leg.role),
                amount: money::drawn_in(&words, &leg.amount),
            })
            .collect(),
        lines: payment
            .lines
            .iter()
            .map(|line| ReceiptLine {
                text: line.text.clone(),
                quantity: line.quantity,
                amount: money::drawn_in(&words, &line.amount),
            })
            .collect(),
        discount: unless_zero(&words, Money::new(-payment.discount.minor, payment.discount.currency)),
        refunded: unless_zero(&words, payment.line.refunded),
        explained: explained(&payment, &words),
        since: since(&payment, &words, ctx.now_ms),
        dispute: disputed(&app, &ctx, &id, &words).await?,
        facts: facts(&payment, &words),
        code: code(&payment.line.id, &words),
        mark: payment.evidence.as_deref().map(verification),
        id: payment.line.id.clone(),
        opens: catalog_has(&catalog, &payment.line.program_id),
        rate,
        shell: look.shell(Some(&catalog), "payments"),
        status,
        tone,
    };
    page(&look, &view)
}

/// Whether there is a program to go back to.
fn catalog_has(catalog: &Catalog, program: &str) -> bool {
    ProgramId::parse(program).is_ok_and(|id| catalog.program(&id).is_some())
}

/// What the address says about the last rating.
#[derive(Deserialize)]
pub struct Asked {
    said: Option<String>,
    refused: Option<String>,
}

/// The customer's word about what they paid for, where they have one.
async fn rate_form(
    app: &App,
    ctx: &Ctx,
    id: &PaymentId,
    asked: &Asked,
    words: &Words,
) -> Result<Option<RateForm>, Problem> {
    let Some(customer) = ctx.customer() else { return Ok(None) };
    let Some(payment) = app.store.payment(id).await? else { return Ok(None) };
    let held = feedback::own_rating(app, ctx, &payment.program, id).await?;
    if held.is_none() && may_rate(&payment, &payment.program, &customer.id).is_err() {
        return Ok(None);
    }
    let edit_over = |first_ms: i64| ctx.now_ms >= first_ms.saturating_add(RATING_EDIT_MS_MAX);
    Ok(Some(RateForm {
        stars: held.as_ref().map_or(0, |held| held.body.stars),
        text: held.as_ref().and_then(|held| held.matter.unsealed(TEXT)).unwrap_or_default(),
        key: xitai_model::ids::timed(ctx.now_ms, app.clock.random()),
        closed: held.as_ref().is_some_and(|held| !held.body.counts() || edit_over(held.body.first_ms)),
        answer: held.and_then(|held| held.body.answer).map(|answer| answer.text),
        said: asked.said.as_deref() == Some("rated"),
        problem: words.refused(asked.refused.as_deref()),
    }))
}

/// In words, where the status alone leaves somebody wondering. Customers are charged nothing for paying.
fn explained(payment: &wire::Payment, words: &Words) -> Option<String> {
    let status = payment.line.status.as_str();
    let declined = payment.decline_code.as_deref().and_then(code::find).filter(|_| status == "declined");
    if let Some(code) = declined {
        let mut text = words.problem(code);
        if let Some(left) = &payment.left {
            text += &format!(" {}", words.say1("payment-left", "amount", money::text_in(words, left)));
        }
        return Some(text);
    }
    match status {
        "held" => Some(words.say("payment-held")),
        "on-its-way" => Some(words.say("payment-on-its-way")),
        "authorised" => Some(words.say("payment-authorised")),
        "partly-captured" => Some(words.say("payment-partly-captured")),
        "settled" if payment.line.tender == Tender::Cash => Some(words.say("payment-in-cash")),
        "settled" => Some(words.say("payment-no-fee")),
        "cash-due" => Some(words.say("payment-cash-due")),
        "expired" => Some(words.say("payment-expired")),
        "cancelled" => Some(words.say("payment-cancelled")),
        "unknown" => Some(words.say("payment-unknown")),
        _ => None,
    }
}

fn since(payment: &wire::Payment, words: &Words, now_ms: i64) -> Vec<(String, String, Html, String)> {
    let line = |it: &wire::Operation| {
        let when = calendar::short(words, it.at_ms, now_ms);
        (when, words.name("operation", &it.kind), money::drawn_in(words, &it.amount), it.reason.clone())
    };
    payment.operations.iter().map(line).collect()
}

/// A dispute that there is, or where one may begin.
async fn disputed(app: &App, ctx: &Ctx, id: &PaymentId, words: &Words) -> Result<Option<(String, String)>, Problem> {
    let Some(customer) = ctx.customer() else { return Ok(None) };
    let Some(payment) = app.store.payment(id).await?.filter(|it| it.customer == customer.id) else { return Ok(None) };
    if let Some(there) = dispute::of_payment(app, &payment).await? {
        return Ok(Some((format!("/app/disputes/{}", there.matter.id), words.say("dispute-see"))));
    }
    let may = may_open(&payment, &customer.id, ctx.now_ms).is_ok();
    Ok(may.then(|| (format!("/app/payments/{id}/dispute"), words.say("dispute-open"))))
}

fn unless_zero(words: &Words, amount: Money) -> Option<Html> {
    (amount.minor != 0).then(|| money::drawn_in(words, &amount))
}

fn facts(payment: &wire::Payment, words: &Words) -> Vec<(String, String)> {
    let mut facts = vec![(words.say("fact-made"), calendar::exact(words.zone(), payment.line.made_ms))];
    if let Some(confirmed_ms) = payment.confirmed_ms {
        facts.push((words.say("fact-confirmed"), calendar::exact(words.zone(), confirmed_ms)));
    }
    facts.push((words.say("sheet-tender"), tender_name(&payment.line.tender, words)));
    // One that no program asked for has neither.
    if !payment.publisher.is_empty() {
        facts.push((words.say("fact-program"), payment.line.program.clone()));
        facts.push((words.say("publisher"), payment.publisher.clone()));
    }
    if let Some(evidence) = &payment.evidence {
        facts.push((words.say("fact-mark"), sheet::mark(evidence)));
    }
    facts.push((words.say("fact-number"), payment.line.id.clone()));
    facts
}

/// The first half of the digest that was confirmed, in groups that one can read out: the signed receipt has the whole.
fn verification(evidence: &str) -> String {
    let hex: Vec<char> = evidence.trim_start_matches("sha256:").chars().take(16).collect();
    hex.chunks(4).map(|group| group.iter().collect::<String>().to_uppercase()).collect::<Vec<_>>().join(" ")
}

fn code(id: &str, words: &Words) -> Html {
    let mut html = Html::new();
    qr::draw(&mut html, id, &words.say("fact-number"));
    html
}
