//! What the customer has signed, and taking it back while that is possible.

use super::view::{AgreementRow, MyAgreements};
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, agreement, me};
use crate::http::extract::{Path, Query};
use crate::http::handlers::agreements::agreement_id;
use crate::http::problem::Problem;
use crate::pages::{Look, page, to};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::agreement::{Agreement, Status};

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
    refused: Option<String>,
}

/// `GET /app/agreements?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let words = look.words();
    let (found, next) = agreement::own(&app, &ctx, asked.after.as_deref()).await?;
    let view = MyAgreements {
        shell: look.shell(Some(&app.catalog()), "me"),
        rows: found.iter().map(|read| row(read, &words, ctx.now_ms)).collect(),
        next: next.map(|after| format!("/app/agreements?after={after}")),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

fn row(read: &Read<Agreement>, words: &Words, now_ms: i64) -> AgreementRow {
    let (matter, body) = (&read.matter, &read.body);
    let until = body.until_ms.map(|until_ms| calendar::short(words, until_ms, now_ms));
    let line = match (body.status, until) {
        (Status::CoolingOff, Some(until)) => words.say1("agreement-back-until", "when", until),
        (Status::InForce, Some(until)) => words.say1("agreement-until", "when", until),
        (Status::Unsuitable, _) => body.reasons.join(" "),
        _ => calendar::short(words, body.ended_ms.or(body.signed_ms).unwrap_or(matter.made_ms), now_ms),
    };
    AgreementRow {
        id: matter.id.to_string(),
        title: body.product.title.clone(),
        amount: body.amount.map(|amount| money::drawn_in(words, &amount)),
        status: words.name("agreement", &me::word(&body.status)),
        tone: match body.status {
            Status::InForce => "success",
            Status::CoolingOff | Status::Proposed => "warning",
            _ => "",
        },
        line,
        documents: body.product.papers.iter().map(|paper| (paper.entry.to_string(), paper.title.clone())).collect(),
        may_withdraw: body.status == Status::CoolingOff && body.until_ms.is_some_and(|until_ms| now_ms < until_ms),
    }
}

/// `POST /app/agreements/{id}/withdraw`
pub async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    Ok(to("/app/agreements", agreement::withdraw(&app, &ctx, &agreement_id(&id)?).await))
}
