//! The sheets that ask the customer's device for something: reading a code.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use xitai_model::errand::{Errand, SCANNED_CHARS_MAX};
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Field, FieldInput, Part};

/// The name of the one answer.
const ANSWER: &str = "answer";

fn errand(matter: &Matter) -> Result<Errand, Problem> {
    matter.read().map_err(Problem::internal)
}

pub(super) fn face(_app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let words = words_of(session);
    let Errand::Scan = errand(matter)?;
    let field = Field {
        name: ANSWER.to_owned(),
        label: words.say("sheet-scan-label"),
        hint: words.say("sheet-scan-hint"),
        input: FieldInput::Scan { chars_max: SCANNED_CHARS_MAX },
        required: true,
    };
    Ok(Face {
        title: words.say("sheet-scan"),
        parts: vec![Part::Text { text: words.say("sheet-scan-explained") }, Part::Field(field)],
        confirm: words.say("sheet-scan-confirm"),
    })
}

pub(super) fn agree(ctx: &Ctx, matter: &Matter, answers: &Answers, evidence: &Evidence) -> Result<Agreed, Problem> {
    let errand = errand(matter)?;
    let matter = matter.agreed(&errand, evidence, ctx.now_ms);
    let text = answers.get(ANSWER).map(str::to_owned);
    Ok(Agreed { matter, guards: Vec::new(), changes: Vec::new(), text })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    Ok(matter.over(&errand(matter)?, outcome, now_ms))
}
