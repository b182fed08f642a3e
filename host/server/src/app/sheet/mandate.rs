//! The sheet that asks for a mandate: who may take how much, how often, until when.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::mandate::{caps, told};
use crate::http::problem::Problem;
use crate::render::web::calendar;
use xitai_model::identity::{Act, may};
use xitai_model::mandate::{Command, Mandate, Status};
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::Part;

fn mandate(matter: &Matter) -> Result<Mandate, Problem> {
    matter.read().map_err(Problem::internal)
}

pub(super) fn face(session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let words = words_of(session);
    let Mandate { terms, legal_name, .. } = mandate(matter)?;
    let mut facts =
        vec![(words.say("mandate-payee"), legal_name), (words.say("mandate-purpose"), terms.purpose.clone())];
    facts.extend(caps(&terms, &words));
    facts.push((words.say("mandate-until"), calendar::date(&words, terms.until_ms)));
    Ok(Face {
        title: words.say("sheet-mandate"),
        parts: vec![
            Part::Amount {
                label: words.name("mandate-cap", &crate::app::me::word(&terms.period)),
                money: terms.period_at_most,
            },
            Part::Facts { facts },
            Part::Text { text: words.say("sheet-mandate-explained") },
            Part::Warning { text: words.say("sheet-mandate-warning") },
        ],
        confirm: words.say("sheet-mandate-confirm"),
        then: None,
    })
}

/// The program is told by its sheet; its background hears nothing before there is something to charge.
pub(super) async fn agree(app: &App, ctx: &Ctx, matter: &Matter, evidence: &Evidence) -> Result<Agreed, Problem> {
    if let Some(customer) = ctx.customer() {
        may(customer.level, Act::PayFromAccount).map_err(Problem::new)?;
    }
    let active = mandate(matter)?.apply(Command::Agree, ctx.now_ms)?;
    let next = matter.agreed(&active, evidence, ctx.now_ms);
    let changes = told(app, ctx, &next, &active, false).await?;
    Ok(Agreed { matter: next, guards: Vec::new(), changes, text: Some(matter.id.to_string()), proves: false })
}

/// One that the program took back meanwhile stays as it is.
pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    let before = mandate(matter)?;
    let command = if outcome == Outcome::Expired { Command::Lapse } else { Command::Decline };
    let next = match before.status {
        Status::Proposed => before.apply(command, now_ms)?,
        _ => before,
    };
    Ok(matter.over(&next, outcome, now_ms))
}
