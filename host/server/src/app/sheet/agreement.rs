//! The sheet of an agreement: the product, its documents with their digests, when it can be taken back, and the proof of
//! presence over all of it.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use super::presence;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use crate::render::web::sheet::mark;
use crate::words::Words;
use xitai_model::agreement::{Agreement, Command, apply};
use xitai_model::code;
use xitai_model::content::Reader;
use xitai_model::identity::Level;
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Field, FieldInput, Part};

fn agreement(matter: &Matter) -> Result<Agreement, Problem> {
    matter.read().map_err(Problem::internal)
}

/// The tick that says that a document was read.
fn read_of(entry: &str) -> String {
    format!("read-{entry}")
}

pub(super) async fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let (agreement, words) = (agreement(matter)?, words_of(session));
    let mut parts = Vec::new();
    if let Some(money) = agreement.amount {
        parts.push(Part::Amount { label: words.say("sheet-agreement-amount"), money });
    }
    parts.push(Part::Facts { facts: facts(&agreement, &words) });
    parts.push(Part::Text { text: words.say("sheet-agreement-documents") });
    for paper in &agreement.product.papers {
        let opens = format!("/app/agreements/{}/documents/{}", matter.id, paper.entry);
        parts.push(Part::Document { title: paper.title.clone(), opens });
        parts.push(Part::Field(Field {
            name: read_of(paper.entry.as_str()),
            label: words.say1("sheet-agreement-read", "title", paper.title.as_str()),
            hint: words.say1("sheet-mark", "mark", mark(paper.digest.as_str())),
            input: FieldInput::Tick,
            required: true,
        }));
    }
    parts.extend(presence::parts_of(presence::factor_of(app, session).await?, &words));
    Ok(Face { title: words.say("sheet-agreement"), parts, confirm: words.say("sheet-agreement-confirm"), then: None })
}

fn facts(agreement: &Agreement, words: &Words) -> Vec<(String, String)> {
    let (product, terms) = (&agreement.product, &agreement.product.terms);
    let cooling = match terms.cooling_off_hours {
        0 => words.say("agreement-no-cooling"),
        hours => words.say1("agreement-hours", "n", hours),
    };
    let term = terms
        .term_days
        .map_or_else(|| words.say("agreement-no-term"), |days| words.say1("consent-keep-days", "n", days));
    // The whole digests are part of what is signed; people compare their first characters.
    let mut facts = vec![
        (words.say("agreement-product"), product.title.clone()),
        (words.say("agreement-risk"), format!("R{}", terms.risk)),
        (words.say("agreement-cooling"), cooling),
        (words.say("agreement-term"), term),
        (words.say("agreement-digest"), product.digest.to_string()),
    ];
    facts.extend(product.papers.iter().map(|paper| (paper.title.clone(), paper.digest.to_string())));
    facts
}

pub(super) async fn agree(
    app: &App,
    ctx: &Ctx,
    session: &Session,
    matter: &Matter,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Agreed, Problem> {
    let agreement = agreement(matter)?;
    must_be_current(app, ctx, session, &agreement)?;
    let evidence = presence::proved(app, ctx, session, answers, evidence).await?;
    let next = apply(&agreement, Command::Sign, ctx.now_ms)?;
    let matter = matter.agreed(&next, &evidence, ctx.now_ms);
    let text = Some(matter.id.to_string());
    Ok(Agreed { proves: true, text, ..Agreed::of(matter) })
}

/// What is signed is what the bank offers now: a document that has a newer version since is not signed any more.
fn must_be_current(app: &App, ctx: &Ctx, session: &Session, agreement: &Agreement) -> Result<(), Problem> {
    let level = ctx.customer().map_or(Level::Other, |customer| customer.level);
    let opening = &session.opening;
    let reader = Reader {
        branch: opening.branch.clone(),
        level: ctx.customer().map(|_| level),
        locale: opening.locale.clone(),
        now_ms: ctx.now_ms,
    };
    match app.catalog().product(agreement.product.entry.as_str(), &reader) {
        Ok(now) if now == agreement.product => Ok(()),
        Ok(_) | Err(_) => Err(Problem::new(code::AGREEMENT_CHANGED)),
    }
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    Ok(matter.over(&apply(&agreement(matter)?, Command::Leave, now_ms)?, outcome, now_ms))
}
