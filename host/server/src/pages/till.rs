//! A merchant's till: its people scan the code that a customer shows, say how much, and see what became of it.

use crate::app::ctx::Ctx;
use crate::app::me::word;
use crate::app::{App, direct, merchant, pay_code};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::merchants::merchant_id;
use crate::http::handlers::pay_codes::merchant_payment_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{AppAsked, AppBoard, Badge, Body, Button, Facts, Field, Form, Posted};
use crate::pages::{Look, looks_again, page, refused, see, to};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::direct::Ask;
use xitai_model::merchant::{Merchant, PersonRole};
use xitai_model::money::{Currency, Money};
use xitai_model::payment::{Payment, Status};

pub fn routes() -> Vec<Route> {
    let (get, post, own) = (Method::GET, Method::POST, Access::SignedIn);
    let (till, one) = ("/publisher/merchants/{id}/till", "/publisher/merchants/{id}/till/{payment}");
    vec![
        row(get.clone(), till, own, "page.till", show),
        row(post.clone(), till, own, "direct.asked", ask),
        row(get, one, own, "page.till-payment", show_one),
        row(post, one, own, "direct.undone", undo),
    ]
}

/// `GET /publisher/merchants/{id}/till`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<AppAsked>,
) -> Result<Response, Problem> {
    let id = merchant_id(&id)?;
    direct::speaks_for(&app, &ctx, &id)?;
    let it = merchant::view(&app, &ctx, &id)?;
    let words = look.words();
    let mut body = Body::default();
    body.notices.extend(asked.notice(&words));
    body.forms.push(Form {
        title: String::new(),
        text: words.say("till-text"),
        action: format!("/publisher/merchants/{id}/till"),
        fields: vec![
            Field::amount("amount", words.say("till-amount"), "12.00"),
            currency(&it, &words, ctx.now_ms),
            Field::text("purpose", words.say("till-purpose")).optional(),
            Field::text("code", words.say("till-code")),
            Field::hidden("key", xitai_model::ids::timed(ctx.now_ms, app.clock.random())),
        ],
        buttons: vec![Button::new("ask", words.say("till-ask"), "primary")],
    });
    let shell = look.shell(Some(&app.catalog()), "");
    let (title, back) = (words.say1("till-of", "name", it.legal_name.as_str()), format!("/publisher/merchants/{id}"));
    page(&look, &AppBoard { shell, title, back, badge: None, body })
}

/// What the merchant's contract has a rate for: nothing to choose where that is one currency.
fn currency(it: &Merchant, words: &Words, now_ms: i64) -> Field {
    let rates = it.contract_at(now_ms).map(|contract| contract.terms.rates.keys().map(ToString::to_string));
    let mut all: Vec<String> = rates.into_iter().flatten().collect();
    match all.len() {
        0 | 1 => Field::hidden("currency", all.pop().unwrap_or_else(|| Currency::CNY.to_string())),
        _ => {
            // Most of what is sold here is sold for yuan.
            all.sort_by_key(|it| it != Currency::CNY.as_str());
            Field::choice("currency", words.say("currency"), all.into_iter().map(|it| (it.clone(), it)).collect())
        }
    }
}

/// `POST /publisher/merchants/{id}/till`
async fn ask(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (id, posted) = (merchant_id(&id)?, Posted(pairs));
    let till = format!("/publisher/merchants/{id}/till");
    let Some(amount) = posted.amount() else {
        return Ok(refused(&till, &Problem::new(code::PAYMENT_AMOUNT_NOT_POSITIVE)));
    };
    let named = || merchant::view(&app, &ctx, &id).map(|it| it.legal_name);
    let purpose = match posted.filled("purpose") {
        Some(purpose) => purpose.to_owned(),
        None => named()?,
    };
    let ask = Ask { merchant: id, amount, purpose, key: posted.value("key").to_owned() };
    Ok(match pay_code::ask(&app, &ctx, posted.value("code"), ask).await {
        Ok(payment) => see(&format!("{till}/{}", payment.id)),
        Err(problem) => refused(&till, &problem),
    })
}

/// `GET /publisher/merchants/{id}/till/{payment}`
async fn show_one(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, payment)): Path<(String, String)>,
    Query(asked): Query<AppAsked>,
) -> Result<Response, Problem> {
    let id = merchant_id(&id)?;
    let (payment, role) = direct::of_merchant(&app, &ctx, &id, &merchant_payment_id(&payment)?).await?;
    let words = look.words();
    let mut body = Body::default();
    body.notices.extend(asked.notice(&words));
    body.facts.push(Facts {
        title: String::new(),
        rows: vec![
            (words.say("till-amount"), money::text(&payment.order.amount)),
            (words.say("till-purpose"), payment.order.purpose.clone()),
            (words.say("fact-made"), calendar::exact(words.zone(), payment.made_ms)),
            (words.say("refunded"), money::text(&payment.refunded)),
            (words.say("fact-number"), payment.id.to_string()),
        ],
    });
    let waits = payment.status == Status::AwaitingConfirmation && ctx.now_ms < payment.expires_ms;
    let mut form = |title: String, fields: Vec<Field>, button: Button| {
        let action = format!("/publisher/merchants/{id}/till/{}", payment.id);
        body.forms.push(Form { title, text: String::new(), action, fields, buttons: vec![button] });
    };
    if waits {
        form(words.say("till-waits"), Vec::new(), Button::new("cancel", words.say("till-cancel"), "danger"));
    }
    if role == PersonRole::Owner && payment.refunded.minor < payment.captured.minor {
        let key = xitai_model::ids::timed(ctx.now_ms, app.clock.random());
        let fields = vec![
            Field::amount("amount", words.say("till-refund-amount"), "").value(left(&payment).digits()),
            Field::hidden("currency", payment.captured.currency.to_string()),
            Field::text("reason", words.say("till-reason")),
            Field::hidden("key", key),
        ];
        form(words.say("till-refund"), fields, Button::new("refund", words.say("till-refund"), "danger"));
    }
    body.links.push((words.say("till-next"), format!("/publisher/merchants/{id}/till")));
    let shell = look.shell(Some(&app.catalog()), "");
    let badge = Some(Badge::new(words.name("status", &word(&payment.status)), tone(payment.status)));
    let (title, back) = (words.say("till-payment"), format!("/publisher/merchants/{id}/till"));
    let drawn = page(&look, &AppBoard { shell, title, back, badge, body })?;
    // Until the customer has decided.
    Ok(if waits { looks_again(drawn) } else { drawn })
}

fn left(payment: &Payment) -> Money {
    Money::new(payment.captured.minor - payment.refunded.minor, payment.captured.currency)
}

fn tone(status: Status) -> &'static str {
    match status {
        Status::Settled => "success",
        Status::AwaitingConfirmation | Status::Held | Status::OnItsWay | Status::Unknown => "warning",
        Status::Declined => "danger",
        _ => "",
    }
}

/// `POST /publisher/merchants/{id}/till/{payment}`
async fn undo(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, payment)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (id, payment, posted) = (merchant_id(&id)?, merchant_payment_id(&payment)?, Posted(pairs));
    let done = match (posted.value("do"), posted.amount()) {
        ("cancel", _) => direct::cancel(&app, &ctx, &id, &payment).await,
        (_, None) => Err(Problem::new(code::PAYMENT_AMOUNT_NOT_POSITIVE)),
        (_, Some(amount)) => {
            let what = (amount, posted.value("reason").to_owned(), posted.value("key").to_owned());
            direct::refund(&app, &ctx, &id, &payment, what).await
        }
    };
    Ok(to(&format!("/publisher/merchants/{id}/till/{payment}"), done))
}
