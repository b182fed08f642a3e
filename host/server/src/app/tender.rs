//! What a payment can be paid with, and the customer's choice on the sheet.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::{card, publish};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::identity::{Act, may};
use xitai_model::payment::{Applied, Command, Fees, Payee, Payment, apply};
use xitai_model::tender::{Tender, TenderKind};

/// The word by which a sheet's choice is named: `account`, `cash`, or a card's id.
pub fn word(tender: &Tender) -> String {
    match tender {
        Tender::Card(face) => face.card.to_string(),
        Tender::Account | Tender::Cash => tender.kind().as_str().to_owned(),
    }
}

/// What the customer can choose among. One that is chosen already stays, so that it can be seen and left.
pub async fn offered(app: &App, catalog: &Catalog, payment: &Payment) -> Result<Vec<Tender>, Problem> {
    let mut all = vec![Tender::Account];
    if app.rails.of(TenderKind::Card, payment.payable.currency).is_some() && !payment.practice {
        let cards = card::of(app, &payment.customer).await?;
        all.extend(cards.iter().map(|card| Tender::Card(card.body.face(&card.matter.id))));
    }
    if takes_cash(catalog, payment) && is_plain(payment) {
        all.push(Tender::Cash);
    }
    if !all.contains(&payment.tender) {
        all.push(payment.tender.clone());
    }
    Ok(all)
}

/// Whether it is one that cash can pay: the model says by name why another is not.
fn is_plain(payment: &Payment) -> bool {
    let order = &payment.order;
    order.splits.is_empty() && order.coupons.is_empty() && !order.capture_later
}

/// Whether everybody who is paid takes cash, as the contracts say that the payment names.
pub fn takes_cash(catalog: &Catalog, payment: &Payment) -> bool {
    let takes = |(at, leg): (usize, &xitai_model::payment::Leg)| {
        let Payee::Merchant(id) = &leg.payee else { return false };
        let charged = payment.contracts.iter().find(|charged| charged.leg == at);
        let merchant = catalog.merchant(id);
        let terms = merchant.zip(charged).and_then(|(merchant, charged)| merchant.contract(charged.contract));
        terms.is_some_and(|contract| contract.terms.cash.is_some())
    };
    !payment.legs.is_empty() && payment.legs.iter().enumerate().all(takes)
}

/// Reads a choice.
async fn read(app: &App, catalog: &Catalog, payment: &Payment, word: &str) -> Result<Tender, Problem> {
    let unknown = || Problem::new(code::TENDER_UNKNOWN);
    match word {
        "account" => Ok(Tender::Account),
        "cash" if takes_cash(catalog, payment) => Ok(Tender::Cash),
        "cash" => Err(Problem::new(code::TENDER_CASH_NOT_TAKEN)),
        id => {
            app.rails.of(TenderKind::Card, payment.payable.currency).ok_or_else(unknown)?;
            let cards = card::of(app, &payment.customer).await?;
            let found = cards.iter().find(|card| card.matter.id.as_str() == id);
            found.map(|card| Tender::Card(card.body.face(&card.matter.id))).ok_or_else(unknown)
        }
    }
}

/// Takes the choice for a payment whose sheet is open.
pub async fn choose(app: &App, ctx: &Ctx, payment: &Payment, word: &str) -> Result<(), Problem> {
    let catalog = app.catalog();
    let tender = read(app, &catalog, payment, word).await?;
    let kind = tender.kind();
    let Applied::Moved(moved) = apply(payment, Command::Choose(tender), &Fees::none(), ctx.now_ms)? else {
        return Ok(());
    };
    let (guard, changes) = moved.into_commit();
    let (subject, detail) = (format!("payment:{}", payment.id), json!({ "tender": kind }));
    match publish::commit(app, ctx, vec![guard], changes, "payment.tender-chosen", &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done?),
    }
}

/// Whether the customer may pay in this way: from an account only who has one; by a card or in cash whoever can come back.
pub fn check(ctx: &Ctx, tender: &Tender) -> Result<(), Problem> {
    let Some(customer) = ctx.customer() else { return Ok(()) };
    let act = match tender {
        Tender::Account => Act::PayFromAccount,
        Tender::Card(_) | Tender::Cash => Act::SignInAgain,
    };
    may(customer.level, act).map_err(Problem::new)
}
