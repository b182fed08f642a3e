//! What came to the customer without a payment, and the envelopes that they gave.

use super::view::{GiftRow, Gifts};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, gift, me};
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::envelope::State as EnvelopeState;
use xitai_model::ids::ProgramId;

/// `GET /app/gifts`: the newest of each.
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx, look: Look) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (payouts, _) = gift::payouts(&app, &ctx, None).await?;
    let (takes, _) = gift::takes(&app, &ctx, None).await?;
    let (given, _) = gift::envelopes(&app, &ctx, None).await?;
    let mut received: Vec<_> = payouts.into_iter().chain(takes).collect();
    received.sort_by_key(|it| std::cmp::Reverse(it.at_ms));
    let row = |it: &gift::Received| GiftRow {
        card: card(&catalog, it.program.as_ref(), &words),
        text: it.reason.clone().unwrap_or_else(|| words.say("envelope-share")),
        when: calendar::short(&words, it.at_ms, ctx.now_ms),
        amount: money::drawn_in(&words, &it.amount),
        state: if it.returned { words.say("payout-returned") } else { String::new() },
        tone: if it.returned { "warning" } else { "" },
    };
    let gave = |it: &gift::Given| GiftRow {
        card: card(&catalog, it.program.as_ref(), &words),
        text: words.say_with(
            "envelope-taken",
            &[("taken", &it.taken.to_string()), ("count", &it.envelope.shares.len().to_string())],
        ),
        when: calendar::short(&words, it.at_ms, ctx.now_ms),
        amount: money::drawn_in(&words, &it.envelope.total),
        state: words.name("envelope-state", &me::word(&it.envelope.state)),
        tone: if it.envelope.state == EnvelopeState::Open { "success" } else { "" },
    };
    let view = Gifts {
        shell: look.shell(Some(&catalog), "me"),
        received: received.iter().map(row).collect(),
        given: given.iter().map(gave).collect(),
    };
    page(&look, &view)
}

fn card(catalog: &Catalog, program: Option<&ProgramId>, words: &Words) -> ProgramCard {
    let found = program.and_then(|id| card_of_program(catalog, id, words));
    found.unwrap_or_else(|| ProgramCard::bare(program.map_or("bank", ProgramId::as_str), None))
}
