//! The first list: what the bank's documents say has moved since an instant. And of cash, which no account and no rail
//! carries, the third: what those have counted who took it.

use super::RAIL_DAYS_MAX;
use crate::app::App;
use crate::app::feedback::read;
use crate::http::problem::Problem;
use crate::zone::Zone;
use xitai_model::books::Statement;
use xitai_model::cash::CashDue;
use xitai_model::envelope::{self, Envelope, State, Taken};
use xitai_model::ids::MatterId;
use xitai_model::limits::{ENVELOPE_S_MAX, ENVELOPE_SHARES_MAX, RECONCILE_PAGE_MAX};
use xitai_model::matter::{Matter, MatterBody};
use xitai_model::payment::Payment;
use xitai_model::payout::Payout;
use xitai_model::reconciliation::{List, of_cash, of_envelope, of_payment, of_payout, of_statement, of_take};

/// Matters of a page.
const PAGE: usize = 200;
const DAY_MS: i64 = 24 * 3_600_000;
/// A merchant's day goes out the morning after it, or not much later.
const PAID_LATE_MS: i64 = 7 * DAY_MS;
/// From when an envelope is offered until what nobody took is back, with a day to spare.
const ENVELOPE_MS: i64 = ENVELOPE_S_MAX as i64 * 1_000 + DAY_MS;
/// Cash is counted while its payment lives.
const CASH_MS: i64 = RAIL_DAYS_MAX as i64 * DAY_MS;

/// Everything that documents say has moved since then.
pub(super) async fn since(app: &App, since_ms: i64) -> Result<List, Problem> {
    let zone = app.config.zone;
    let day = |at_ms: i64| zone.day(at_ms);
    let mut list = payments(app, since_ms).await?;
    each::<Statement>(app, since_ms - PAID_LATE_MS, |_, body| list.extend(of_statement(&body, day))).await?;
    each::<Payout>(app, since_ms, |matter, body| list.extend(of_payout(&matter.id, &body, matter.made_ms, day)))
        .await?;
    each::<Taken>(app, since_ms, |matter, body| list.push(of_take(&body, matter.made_ms, day))).await?;
    let mut envelopes = Vec::new();
    each::<Envelope>(app, since_ms - ENVELOPE_MS, |matter, body| envelopes.push((matter, body))).await?;
    for (matter, body) in envelopes.iter().filter(|(matter, _)| matter.updated_ms >= since_ms) {
        list.extend(of_one(app, zone, matter, body).await?);
    }
    Ok(list)
}

/// What was counted in cash since then.
pub(super) async fn cash_since(app: &App, since_ms: i64) -> Result<List, Problem> {
    let (zone, mut list) = (app.config.zone, List::new());
    let day = |at_ms: i64| zone.day(at_ms);
    each::<CashDue>(app, since_ms - CASH_MS, |_, body| list.extend(of_cash(&body, day))).await?;
    Ok(list)
}

/// What an envelope says of itself. Who took its shares is looked up where the others have gone back.
pub(super) async fn of_one(app: &App, zone: Zone, matter: &Matter, envelope: &Envelope) -> Result<List, Problem> {
    let taken = match envelope.state {
        State::Over => takes(app, &matter.id).await?.iter().map(|(_, taken)| taken.slot).collect(),
        _ => Vec::new(),
    };
    Ok(of_envelope(&matter.id, envelope, &taken, matter.updated_ms, |at_ms| zone.day(at_ms)))
}

/// The shares that people took out of an envelope.
pub(super) async fn takes(app: &App, envelope: &MatterId) -> Result<Vec<(Matter, Taken)>, Problem> {
    let about = envelope::about(envelope);
    let (page, _) = app.store.matters_about(Taken::KIND, &about, None, ENVELOPE_SHARES_MAX).await?;
    page.into_iter().map(|matter| read::<Taken>(matter).map(|found| (found.matter, found.body))).collect()
}

async fn payments(app: &App, since_ms: i64) -> Result<List, Problem> {
    let zone = app.config.zone;
    let (mut list, mut last) = (List::new(), None::<Payment>);
    loop {
        let page = app.store.payments_since(since_ms, last.as_ref(), RECONCILE_PAGE_MAX).await?;
        list.extend(page.iter().flat_map(|payment| of_payment(payment, |at_ms| zone.day(at_ms))));
        match page.len() < RECONCILE_PAGE_MAX {
            true => return Ok(list),
            false => last = page.into_iter().next_back(),
        }
    }
}

/// Each matter of a kind that was made since then, newest first.
async fn each<T: MatterBody>(app: &App, since_ms: i64, mut take: impl FnMut(Matter, T)) -> Result<(), Problem> {
    let mut after = None::<String>;
    loop {
        let (page, next) = app.store.matters(T::KIND, after.as_deref(), PAGE).await?;
        let is_old = page.last().is_none_or(|oldest| oldest.made_ms < since_ms);
        for matter in page {
            let found = read::<T>(matter)?;
            take(found.matter, found.body);
        }
        match next {
            Some(next) if !is_old => after = Some(next),
            _ => return Ok(()),
        }
    }
}
