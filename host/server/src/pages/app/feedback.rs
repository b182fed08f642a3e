//! A program's page with its ratings, and the customer's complaints.

use super::launcher::branch_of;
use super::view::{ComplainForm, ComplaintRow, ComplaintThread, MyComplaints, ProgramPage, RatingRow};
use crate::app::ctx::Ctx;
use crate::app::feedback::{self, Complaining};
use crate::app::{App, favourites, me};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::feedback::complaint_id;
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::console::complaints::{said, state_tone};
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page, see, to};
use crate::render::web::calendar;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::feedback::complaint::{Complaint, State as ComplaintState};
use xitai_model::ids::{PaymentId, ProgramId};

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
    program: Option<String>,
    payment: Option<String>,
    refused: Option<String>,
    said: Option<String>,
}

/// `GET /app/programs/{id}?after=`
pub async fn program(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (id, catalog, words) = (program_id(&id)?, app.catalog(), look.words());
    let card = card_of_program(&catalog, &id, &words).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let branch = branch_of(&catalog, &ctx).ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let (stars, count) = feedback::tally_of(&app, &id).await?;
    let (ratings, next) = feedback::ratings(&app, &id, &branch, asked.after.as_deref()).await?;
    let row = |it: &feedback::Read<xitai_model::feedback::rating::Rating>| RatingRow {
        stars: it.body.stars,
        about: it.body.about.clone(),
        text: feedback::text(it).unwrap_or_default(),
        when: calendar::day(&words, it.body.changed_ms, ctx.now_ms),
        answer: it.body.answer.as_ref().map(|answer| answer.text.clone()),
    };
    let view = ProgramPage {
        shell: look.shell(Some(&catalog), ""),
        // Tenths, exactly: 47 of 10 are 4.7 stars.
        average: (count > 0).then(|| {
            let tenths = (stars * 10 + count / 2) / count;
            (format!("{}.{}", tenths / 10, tenths % 10), ((tenths + 5) / 10) as u8)
        }),
        count,
        ratings: ratings.iter().map(row).collect(),
        next: next.map(|after| format!("/app/programs/{id}?after={after}")),
        may_complain: ctx.customer().is_some(),
        kept: favourites::list(&app, &ctx).await?.contains(&id),
        card,
    };
    page(&look, &view)
}

/// `POST /app/payments/{id}/rate`
pub async fn rate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let payment = PaymentId::parse(&id).map_err(|_| Problem::new(code::RATING_NOT_PAID))?;
    let stars = value("stars").parse().unwrap_or(0);
    let text = value("text").replace("\r\n", "\n");
    let done = feedback::rate(&app, &ctx, &payment, stars, &text, value("key")).await;
    Ok(match done {
        Ok(()) => see(&format!("/app/payments/{id}?said=rated#rate")),
        Err(problem) => see(&format!("/app/payments/{id}?refused={}#rate", problem.code.code)),
    })
}

/// `GET /app/complaints?after=`
pub async fn complaints(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (found, next) = feedback::own_complaints(&app, &ctx, asked.after.as_deref()).await?;
    let row = |it: &feedback::Read<Complaint>| ComplaintRow {
        id: it.matter.id.to_string(),
        card: card(&catalog, it.matter.program.as_ref(), &words),
        text: feedback::thread(&it.matter).into_iter().next().map(|said| said.text).unwrap_or_default(),
        state: words.name("complaint", &me::word(&it.body.state)),
        tone: state_tone(it.body.state),
        when: calendar::day(&words, it.body.opened_ms, ctx.now_ms),
    };
    let view = MyComplaints {
        shell: look.shell(Some(&catalog), "me"),
        rows: found.iter().map(row).collect(),
        next: next.map(|after| format!("/app/complaints?after={after}")),
    };
    page(&look, &view)
}

fn card(
    catalog: &crate::app::catalog::Catalog,
    program: Option<&ProgramId>,
    words: &crate::words::Words,
) -> ProgramCard {
    let found = program.and_then(|id| card_of_program(catalog, id, words));
    found.unwrap_or_else(|| ProgramCard::bare(program.map_or("bank", ProgramId::as_str), None))
}

/// `GET /app/complaints/new?program=&payment=`
pub async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let mut program = asked.program.as_deref().and_then(|id| ProgramId::parse(id).ok());
    let payment = asked.payment.as_deref().and_then(|id| PaymentId::parse(id).ok());
    let paid = match &payment {
        Some(id) => Some(me::payment(&app, &ctx, id).await?),
        None => None,
    };
    if let Some(paid) = &paid {
        program = ProgramId::parse(&paid.line.program_id).ok();
    }
    if program.as_ref().is_none_or(|id| catalog.program(id).is_none()) {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    let view = ComplainForm {
        shell: look.shell(Some(&catalog), "me"),
        card: card(&catalog, program.as_ref(), &words),
        payment: payment.map(|id| id.to_string()),
        purpose: paid.map(|paid| paid.line.purpose),
        // One form, one complaint, however often it is sent.
        key: xitai_model::ids::timed(ctx.now_ms, app.clock.random()),
        days: xitai_model::limits::COMPLAINT_ANSWER_MS_MAX / (24 * 3_600_000),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

/// `POST /app/complaints/new`
pub async fn complain(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let ask = Complaining {
        program: ProgramId::parse(value("program")).ok(),
        payment: PaymentId::parse(value("payment")).ok(),
        text: value("text").replace("\r\n", "\n"),
        key: value("key").to_owned(),
    };
    Ok(match feedback::complain(&app, &ctx, ask).await {
        Ok(made) => see(&format!("/app/complaints/{}?said=complained", made.matter.id)),
        Err(problem) => {
            let to = if value("payment").is_empty() { "program" } else { "payment" };
            see(&format!("/app/complaints/new?{to}={}&refused={}", value(to), problem.code.code))
        }
    })
}

/// `GET /app/complaints/{id}`
pub async fn complaint(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = feedback::own_complaint(&app, &ctx, &complaint_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let body = &found.body;
    let view = ComplaintThread {
        shell: look.shell(Some(&catalog), "me"),
        card: card(&catalog, found.matter.program.as_ref(), &words),
        state: words.name("complaint", &me::word(&body.state)),
        tone: state_tone(body.state),
        until: body.is_open().then(|| calendar::day(&words, body.deadline_ms, ctx.now_ms)),
        late: body.late && body.is_open(),
        thread: said(&found, &words, ctx.now_ms),
        joined: body.duplicate_of.as_ref().map(|id| format!("/app/complaints/{id}")),
        may_reply: body.state != ComplaintState::Duplicate && ctx.customer().is_some(),
        made: asked.said.as_deref() == Some("complained"),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

/// `POST /app/complaints/{id}`
pub async fn reply(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let text = pairs.iter().find(|(key, _)| key == "text").map_or("", |(_, value)| value.trim());
    let done = feedback::reply(&app, &ctx, &complaint_id(&id)?, text.replace("\r\n", "\n")).await;
    Ok(to(&format!("/app/complaints/{id}"), done))
}
