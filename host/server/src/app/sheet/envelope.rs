//! The sheet on which a red envelope is paid for.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::envelope::{Envelope, State, filled};
use xitai_model::identity::{Act, may};
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::Part;

fn envelope(matter: &Matter) -> Result<Envelope, Problem> {
    matter.read().map_err(Problem::internal)
}

pub(super) fn face(session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let words = words_of(session);
    let envelope = envelope(matter)?;
    let way = if envelope.equal { "envelope-equal" } else { "envelope-random" };
    let hours = envelope.ttl_s.div_ceil(3_600);
    let facts = vec![
        (words.say("envelope-count"), envelope.shares.len().to_string()),
        (words.say("envelope-way"), words.say(way)),
        (words.say("envelope-back"), words.say1("envelope-back-after", "n", hours)),
    ];
    Ok(Face {
        title: words.say("sheet-envelope"),
        parts: vec![
            Part::Amount { label: words.say("envelope-total"), money: envelope.total },
            Part::Facts { facts },
            Part::Text { text: words.say("sheet-envelope-explained") },
        ],
        confirm: words.say1("sheet-confirm", "amount", crate::render::web::money::text_in(&words, &envelope.total)),
        then: None,
    })
}

pub(super) fn agree(ctx: &Ctx, matter: &Matter, evidence: &Evidence) -> Result<Agreed, Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::PAYMENT_NO_CUSTOMER))?;
    may(customer.level, Act::PayFromAccount).map_err(Problem::new)?;
    let envelope = envelope(matter)?;
    let chain = filled(&matter.id, &envelope, &customer.id);
    Ok(Agreed {
        matter: matter.agreed(&envelope.opened(ctx.now_ms), evidence, ctx.now_ms),
        guards: Vec::new(),
        changes: vec![Change::Transfers { chain, holds_of: None }],
        text: Some(matter.id.to_string()),
        proves: false,
    })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    let left = Envelope { state: State::Left, ..envelope(matter)? };
    Ok(matter.over(&left, outcome, now_ms))
}
