//! The customer's standing permissions: who may charge how much, and the switch for each.

use super::view::{MandateRow, Mandates};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::mandate::{self, Decision, Held, caps};
use crate::app::{App, me};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::mandates::mandate_id;
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page, to};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::mandate::Status;

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
    refused: Option<String>,
}

/// `GET /app/mandates?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (held, next) = mandate::own(&app, &ctx, asked.after.as_deref()).await?;
    let view = Mandates {
        shell: look.shell(Some(&catalog), "me"),
        rows: held.iter().map(|held| row(&catalog, held, &words)).collect(),
        next: next.map(|after| format!("/app/mandates?after={after}")),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

fn row(catalog: &Catalog, held: &Held, words: &Words) -> MandateRow {
    let (mandate, terms) = (&held.mandate, &held.mandate.terms);
    let program = held.matter.program.as_ref();
    let card = program.and_then(|id| card_of_program(catalog, id, words));
    let mut facts = caps(terms, words);
    facts.push((words.say("mandate-used"), money::text_in(words, &held.used)));
    facts.push((words.say("mandate-until"), calendar::date(words, terms.until_ms)));
    let steps: &[&'static str] = match mandate.status {
        Status::Active => &["pause", "revoke"],
        Status::Paused => &["resume", "revoke"],
        Status::Proposed | Status::Revoked | Status::Expired => &[],
    };
    MandateRow {
        id: held.matter.id.to_string(),
        card: card.unwrap_or_else(|| ProgramCard::bare(program.map_or("", |id| id.as_str()), None)),
        payee: mandate.legal_name.clone(),
        purpose: terms.purpose.clone(),
        status: match (mandate.status, held.stopped) {
            (Status::Active, true) => words.say("mandate-stopped"),
            (status, _) => words.name("mandate-status", &me::word(&status)),
        },
        tone: match mandate.status {
            Status::Active if held.stopped => "warning",
            Status::Active => "success",
            Status::Paused | Status::Proposed => "warning",
            Status::Revoked | Status::Expired => "",
        },
        facts,
        steps: steps.iter().map(|step| (*step, words.name("mandate-step", step))).collect(),
    }
}

/// `POST /app/mandates/{id}`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let step = pairs.iter().find(|(key, _)| key == "step").map_or("", |(_, value)| value.as_str());
    let decision = match step {
        "pause" => Decision::Pause,
        "resume" => Decision::Resume,
        _ => Decision::Revoke,
    };
    Ok(to("/app/mandates", mandate::decide(&app, &ctx, &mandate_id(&id)?, decision).await))
}
