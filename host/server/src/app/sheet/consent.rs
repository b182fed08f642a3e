//! The sheet of a consent: what the program asks for and why, each fact with a tick of its own. Nothing is ticked before
//! the customer does.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::ctx::Ctx;
use crate::app::{App, claims};
use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::words::Words;
use xitai_model::claims::{Claim, Known};
use xitai_model::code;
use xitai_model::consent::{Command, Consent, apply};
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Field, FieldInput, Part};

fn consent(matter: &Matter) -> Result<Consent, Problem> {
    matter.read().map_err(Problem::internal)
}

pub(super) async fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let (consent, words) = (consent(matter)?, words_of(session));
    let customer = matter.customer.as_ref().ok_or_else(|| Problem::internal("a consent without a customer"))?;
    let known = claims::known(&app.store, &app.catalog(), customer).await?;
    let known = known.ok_or_else(|| Problem::new(code::SHEET_NO_CUSTOMER))?;
    let until = calendar::day(&words, matter.made_ms + i64::from(consent.keep_days) * 24 * 3_600_000, matter.made_ms);
    let mut parts = vec![
        Part::Text { text: words.say("sheet-consent-explained") },
        Part::Facts {
            facts: vec![
                (words.say("consent-purpose"), consent.purpose.clone()),
                (words.say("consent-keep"), words.say1("consent-keep-days", "n", consent.keep_days)),
                (words.say("consent-until"), until),
            ],
        },
    ];
    let required = consent.claims.iter().map(|claim| field(*claim, true, &known, &words));
    let optional = consent.optional.iter().map(|claim| field(*claim, false, &known, &words));
    parts.extend(required.chain(optional));
    parts.push(Part::Text { text: words.say("sheet-consent-withdraw") });
    Ok(Face { title: words.say("sheet-consent"), parts, confirm: words.say("sheet-consent-confirm"), then: None })
}

fn field(claim: Claim, required: bool, known: &Known, words: &Words) -> Part {
    let value = known.value(claim).map(|value| claim.masked(value)).unwrap_or_default();
    let note = words.say(if required { "sheet-consent-required" } else { "sheet-consent-optional" });
    Part::Field(Field {
        name: claim.as_str().to_owned(),
        label: words.name("claim", claim.as_str()),
        hint: format!("{value} · {note}"),
        input: FieldInput::Tick,
        required,
    })
}

/// The text for the program is the consent's id, for `claims.read`.
pub(super) fn agree(ctx: &Ctx, matter: &Matter, answers: &Answers, evidence: &Evidence) -> Result<Agreed, Problem> {
    let consent = consent(matter)?;
    let asked = consent.claims.iter().chain(&consent.optional);
    let granted: Vec<Claim> = asked.copied().filter(|claim| answers.is_ticked(claim.as_str())).collect();
    let next = apply(&consent, Command::Grant(granted), ctx.now_ms)?;
    let text = Some(matter.id.to_string());
    let matter = matter.agreed(&next, evidence, ctx.now_ms);
    Ok(Agreed { text, ..Agreed::of(matter) })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    Ok(matter.over(&apply(&consent(matter)?, Command::Leave, now_ms)?, outcome, now_ms))
}
