//! The sheet on which a coupon is bought: what it costs, what it takes off, and who gets the price.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::App;
use crate::app::coupon::worth;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use crate::render::web::{calendar, money};
use xitai_model::campaign::{Campaign, Funder, promise};
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::coupon::{Coupon, State};
use xitai_model::identity::{Act, may};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::matter::Matter;
use xitai_model::money::{Money, split_by_largest_remainder};
use xitai_model::payment::{Evidence, Leg, Payee};
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::Part;

fn coupon(matter: &Matter) -> Result<Coupon, Problem> {
    matter.read().map_err(Problem::internal)
}

fn campaign(app: &App, coupon: &Coupon) -> Result<Campaign, Problem> {
    let found = app.catalog().campaign(&coupon.campaign).cloned();
    found.ok_or_else(|| Problem::internal(format!("campaign {} of a coupon is missing", coupon.campaign)))
}

/// Who gets how much of the price: the funders, as they bear the cost.
fn legs(app: &App, campaign: &Campaign, price: Money) -> Result<Vec<(Leg, AccountKey)>, Problem> {
    let catalog = app.catalog();
    let weights: Vec<i64> = campaign.shares.iter().map(|share| i64::from(share.basis_points)).collect();
    let shares = split_by_largest_remainder(price.minor, &weights);
    let shares = shares.ok_or_else(|| Problem::internal("a campaign without shares"))?;
    let mut legs = Vec::with_capacity(shares.len());
    for (share, minor) in campaign.shares.iter().zip(shares).filter(|(_, minor)| *minor > 0) {
        let (payee, name) = match &share.funder {
            Funder::Merchant(id) => {
                (Payee::Merchant(id.clone()), catalog.merchant(id).map(|merchant| merchant.legal_name.clone()))
            }
            Funder::Branch(id) => (Payee::Branch(id.clone()), catalog.place(id).map(|place| place.name.clone())),
            Funder::HeadOffice => (Payee::HeadOffice, catalog.bank().map(|place| place.name.clone())),
        };
        let legal_name = name.ok_or_else(|| Problem::new(code::PAYMENT_PAYEE_UNKNOWN))?;
        let amount = Money::new(minor, price.currency);
        legs.push((Leg { payee, legal_name, role: "sale".to_owned(), amount }, share.funder.account(price.currency)));
    }
    Ok(legs)
}

fn price(coupon: &Coupon) -> Result<Money, Problem> {
    coupon.price.ok_or_else(|| Problem::internal("a coupon without a price has no sheet"))
}

pub(super) fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let words = words_of(session);
    let coupon = coupon(matter)?;
    let price = price(&coupon)?;
    let days = (i64::from(campaign(app, &coupon)?.rule.valid_s) + 86_399) / 86_400;
    let legs = legs(app, &campaign(app, &coupon)?, price)?;
    let facts = vec![
        (words.say("coupon-what"), coupon.title.clone()),
        (words.say("coupon-worth"), worth(&coupon.worth, &words)),
        (words.say("coupon-minimum"), money::text_in(&words, &coupon.minimum_spend)),
        (words.say("coupon-until"), calendar::date(&words, matter.made_ms + days * 86_400_000)),
    ];
    Ok(Face {
        title: words.say("sheet-coupon"),
        parts: vec![
            Part::Amount { label: words.say("coupon-price"), money: price },
            Part::Facts { facts },
            Part::Payees { title: words.say("sheet-payees"), legs: legs.into_iter().map(|(leg, _)| leg).collect() },
        ],
        confirm: words.say1("sheet-confirm", "amount", money::text_in(&words, &price)),
        then: None,
    })
}

/// The price and the promise are one chain: who pays has the coupon, and nobody pays for one that is not there.
pub(super) fn agree(app: &App, ctx: &Ctx, matter: &Matter, evidence: &Evidence) -> Result<Agreed, Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::PAYMENT_NO_CUSTOMER))?;
    may(customer.level, Act::PayFromAccount).map_err(Problem::new)?;
    let offered = coupon(matter)?;
    let campaign = campaign(app, &offered)?;
    campaign.gives(customer.level, campaign.rule.by_code, ctx.now_ms)?;
    let price = price(&offered)?;
    let account = AccountKey::new(AccountKind::Customer, customer.id.as_str(), price.currency);
    let pays = legs(app, &campaign, price)?.into_iter().map(|(leg, credit)| Transfer {
        debit: account.clone(),
        credit,
        amount: leg.amount,
        movement: Movement::Post,
        purpose: Purpose::Campaign,
        payment: None,
        ceiling: None,
    });
    let mut chain = promise(&campaign, &customer.id);
    chain.extend(pays);
    let bought = Coupon { state: State::Claimed, ..Coupon::of(&campaign, ctx.now_ms) };
    Ok(Agreed {
        matter: matter.agreed(&bought, evidence, ctx.now_ms),
        guards: Vec::new(),
        changes: vec![Change::Transfers { chain, holds_of: None }],
        text: Some(matter.id.to_string()),
        proves: false,
    })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    let left = coupon(matter)?.with(State::Left);
    Ok(matter.over(&left, outcome, now_ms))
}
