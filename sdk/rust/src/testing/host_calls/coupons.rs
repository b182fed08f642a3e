//! Coupons of the campaigns that a test opened with [`crate::testing::Bank::open_campaign`]. Their funders have money
//! without end.

use super::super::world::{Call, World};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::payments::coupons::{Coupon, Offer, Quote};
use crate::bindings::xitai::payments::payments::Status;
use crate::bindings::xitai::types::values::Money;

/// A campaign: what it offers, and the one-time codes that are good for it.
pub(crate) struct Campaign {
    pub(crate) offer: Offer,
    pub(crate) codes: Vec<String>,
}

/// A coupon and whose it is.
#[derive(Clone)]
pub(crate) struct Owned {
    pub(crate) coupon: Coupon,
    pub(crate) campaign: String,
    pub(crate) subject: String,
    pub(crate) key: String,
    pub(crate) code: Option<String>,
}

fn not_found(id: &str) -> Refusal {
    refusal(RefusalKind::NotFound, "coupon.not-found", id)
}

pub fn offers() -> Result<Vec<Offer>, Refusal> {
    answer(|_, world| {
        let open = world.campaigns.iter().filter(|campaign| world.now_ms < campaign.offer.until);
        Ok(open.map(|campaign| campaign.offer.clone()).collect())
    })
}

pub fn eligible() -> Result<Vec<Coupon>, Refusal> {
    answer(|call, world| {
        let mine = world.kept.coupons.iter().filter(|owned| owned.subject == call.subject);
        Ok(mine.filter(|owned| is_free(world, owned)).map(|owned| owned.coupon.clone()).collect())
    })
}

/// No payment has it that is open or paid, and its time is not over.
fn is_free(world: &World, owned: &Owned) -> bool {
    let dead = |status: Status| matches!(status, Status::Declined | Status::Cancelled | Status::Expired);
    let mut bills = world.kept.payments.iter().filter(|bill| bill.order.coupons.contains(&owned.coupon.id));
    world.now_ms < owned.coupon.expires && bills.all(|bill| dead(bill.payment.status))
}

pub fn price(amount: &Money, ids: &[String]) -> Result<Quote, Refusal> {
    answer(|call, world| {
        let discount = discount(call, world, amount, ids)?;
        let money = |minor| Money { minor, currency: amount.currency.clone() };
        let funded_by = if discount == 0 { Vec::new() } else { vec![("head-office".to_owned(), money(discount))] };
        Ok(Quote { discount: money(discount), payable: money(amount.minor - discount), funded_by })
    })
}

/// What coupons take off, in their order; one minor unit stays to be paid.
pub(super) fn discount(call: &Call, world: &World, amount: &Money, ids: &[String]) -> Result<i64, Refusal> {
    let mut rest = amount.minor;
    for id in ids {
        let owned = world.kept.coupons.iter().find(|it| it.coupon.id == *id && it.subject == call.subject);
        let owned = owned.ok_or_else(|| not_found(id))?;
        if !is_free(world, owned) {
            return Err(refusal(RefusalKind::Conflict, "coupon.not-usable", id));
        }
        if owned.coupon.minimum_spend.minor > amount.minor {
            return Err(refusal(RefusalKind::Invalid, "coupon.minimum", id));
        }
        let part = owned.coupon.basis_points.map_or(i64::MAX, |points| {
            i64::try_from(i128::from(rest) * i128::from(points) / 10_000).unwrap_or(i64::MAX)
        });
        rest -= part.min(owned.coupon.worth.minor).min(rest - 1);
    }
    Ok(amount.minor - rest)
}

pub fn claim(campaign: &str, key: &str) -> Result<Coupon, Refusal> {
    answer(|call, world| {
        let found = world.campaigns.iter().find(|it| it.offer.campaign == campaign && !it.offer.by_code);
        let offer = found.map(|it| it.offer.clone());
        let offer = offer.ok_or_else(|| refusal(RefusalKind::NotFound, "campaign.not-found", campaign))?;
        given(call, world, &offer, None, key)
    })
}

pub fn redeem_code(code: &str, key: &str) -> Result<Coupon, Refusal> {
    answer(|call, world| {
        let wrong = || refusal(RefusalKind::NotFound, "coupon.code-wrong", code);
        let found = world.campaigns.iter().find(|it| it.codes.iter().any(|good| good == code));
        let offer = found.map(|it| it.offer.clone()).ok_or_else(wrong)?;
        let used = world.kept.coupons.iter().any(|it| it.code.as_deref() == Some(code) && it.key != key);
        if used { Err(wrong()) } else { given(call, world, &offer, Some(code.to_owned()), key) }
    })
}

fn given(call: &Call, world: &mut World, offer: &Offer, code: Option<String>, key: &str) -> Result<Coupon, Refusal> {
    if let Some(before) = world.kept.coupons.iter().find(|it| it.subject == call.subject && it.key == key) {
        let differs = || refusal(RefusalKind::Conflict, "coupon.key-differs", key);
        return if before.campaign == offer.campaign { Ok(before.coupon.clone()) } else { Err(differs()) };
    }
    world.ids_given += 1;
    let coupon = Coupon {
        id: format!("coupon-{}", world.ids_given),
        title: offer.title.clone(),
        worth: offer.worth.clone(),
        basis_points: offer.basis_points,
        minimum_spend: offer.minimum_spend.clone(),
        expires: offer.until,
        ticket: None,
    };
    let (campaign, subject) = (offer.campaign.clone(), call.subject.clone());
    world.kept.coupons.push(Owned { coupon: coupon.clone(), campaign, subject, key: key.to_owned(), code });
    Ok(coupon)
}
