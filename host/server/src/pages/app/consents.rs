//! The customer's consents: who holds what, who has read what and when, and taking it back.

use super::view::{ConsentRow, DisclosureRow, MyConsents};
use crate::app::catalog::Catalog;
use crate::app::consent::{self, Told};
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::promotion;
use crate::app::{App, me};
use crate::http::extract::{Path, Query};
use crate::http::handlers::consents::consent_id;
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page, refused, see};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::claims::Claim;
use xitai_model::consent::Status;
use xitai_model::ids::ProgramId;
use xitai_model::predicate::Disclosure;

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
    refused: Option<String>,
    said: Option<String>,
}

/// `GET /app/consents?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (found, next) = consent::own(&app, &ctx, asked.after.as_deref()).await?;
    let (told, _) = consent::own_disclosures(&app, &ctx, None).await?;
    let view = MyConsents {
        shell: look.shell(Some(&catalog), "me"),
        rows: found.iter().map(|told| row(&catalog, told, &words, ctx.now_ms)).collect(),
        disclosures: told.iter().map(|it| disclosure_row(&catalog, it, &words, ctx.now_ms)).collect(),
        next: next.map(|after| format!("/app/consents?after={after}")),
        withdrawn: asked.said.as_deref() == Some("withdrawn"),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

/// One consent as a row, for the customer and for head office.
pub fn row(catalog: &Catalog, told: &Told, words: &Words, now_ms: i64) -> ConsentRow {
    let (matter, body) = (&told.consent.matter, &told.consent.body);
    let card = matter.program.as_ref().and_then(|id| card_of_program(catalog, id, words));
    let bare = || ProgramCard::bare(matter.program.as_ref().map_or("bank", ProgramId::as_str), None);
    let holds = body.holds(now_ms);
    let status = if body.status == Status::Granted && !holds { Status::Expired } else { body.status };
    let read = |read: &Read<xitai_model::consent::ClaimRead>| {
        (calendar::short(words, read.matter.made_ms, now_ms), claim_names(&read.body.claims, words))
    };
    let (line, at_ms) = match status {
        Status::Granted => ("consent-holds-until", body.expires_ms),
        Status::Withdrawn => ("consent-withdrawn-at", body.ended_ms),
        Status::Expired => ("consent-over-at", body.ended_ms.or(body.expires_ms)),
        Status::Asked | Status::Declined => ("consent-declined-at", body.decided_ms),
    };
    let mut line = words.say1(line, "day", calendar::day(words, at_ms.unwrap_or(matter.updated_ms), now_ms));
    // Whoever gave it, gave it to somebody else.
    let handed = matter.program.as_ref().and_then(|program| promotion::handed_over(catalog, program));
    if let Some((owner, since_ms)) = handed.filter(|(_, since_ms)| holds && *since_ms > matter.made_ms) {
        let owner = catalog.publisher(owner).map_or_else(|| owner.to_string(), |owner| owner.name.clone());
        let day = calendar::day(words, since_ms, now_ms);
        line += &format!(" · {}", words.say_with("consent-handed-over", &[("owner", &owner), ("day", &day)]));
    }
    ConsentRow {
        id: matter.id.to_string(),
        card: card.unwrap_or_else(bare),
        customer: matter.customer.as_ref().map(ToString::to_string).unwrap_or_default(),
        purpose: body.purpose.clone(),
        claims: claim_names(&body.granted, words),
        status: words.name("consent", &me::word(&status)),
        tone: if holds { "success" } else { "" },
        line,
        holds,
        reads: told.reads.iter().map(read).collect(),
        more: told.more,
    }
}

fn disclosure_row(catalog: &Catalog, read: &Read<Disclosure>, words: &Words, now_ms: i64) -> DisclosureRow {
    let body = &read.body;
    let card = read.matter.program.as_ref().and_then(|id| card_of_program(catalog, id, words));
    let answer = words.say(if body.holds { "answer-yes" } else { "answer-no" });
    // Whose guardian somebody is, is asked by a name that says nothing to people.
    let value = if body.kind == "guardian-of" { String::new() } else { body.value.clone() };
    DisclosureRow {
        program: card.map_or_else(|| body.release.clone(), |card| card.name),
        question: words
            .say_with("disclosure-line", &[("question", &words.name("proof", &body.kind)), ("value", &value)]),
        answer,
        note: format!("{} · {}", body.purpose, calendar::short(words, read.matter.made_ms, now_ms)),
    }
}

fn claim_names(claims: &[Claim], words: &Words) -> String {
    let names: Vec<String> = claims.iter().map(|claim| words.name("claim", claim.as_str())).collect();
    names.join(&words.say("list-comma"))
}

/// `POST /app/consents/{id}/withdraw`
pub async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let done = consent::withdraw(&app, &ctx, &consent_id(&id)?).await;
    Ok(match done {
        Ok(_) => see("/app/consents?said=withdrawn"),
        Err(problem) => refused("/app/consents", &problem),
    })
}
