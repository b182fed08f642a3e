//! Coupons: a customer's claim to pay less, from being given out to being used or over.
//!
//! A coupon is claimed, then locked by the draft of a payment, and used once that payment is confirmed. Where the
//! payment comes to nothing it is free again, until its own time is over. Which of these it is follows from the coupon
//! and the payment that locked it, see [`standing`]; the host writes it down afterwards, so that a payment's commit
//! never waits for a coupon's row.

mod code;
mod price;
#[cfg(test)]
mod tests;

pub use code::{CouponCode, code_key, made_code, read_code};
pub use price::{Quote, price, unused};

use crate::campaign::{Campaign, Reserve, Worth};
use crate::ids::{CampaignId, MatterId, PaymentId};
use crate::matter::{MatterBody, MatterKind};
use crate::money::Money;
use crate::payment::{Payment, Status};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is to be bought, and its sheet was not agreed to.
    Offered,
    Claimed,
    /// By the draft of a payment, which ends by `until_ms` unless it is confirmed.
    Locked {
        payment: PaymentId,
        until_ms: i64,
    },
    Used {
        payment: PaymentId,
    },
    Expired,
    /// It was not bought.
    Left,
}

/// A coupon as the bank keeps it: what it is worth stays as it was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    pub campaign: CampaignId,
    pub title: String,
    pub worth: Worth,
    pub minimum_spend: Money,
    pub price: Option<Money>,
    pub expires_ms: i64,
    /// What it holds of the funders' budgets.
    pub reserved: Vec<Reserve>,
    pub state: State,
}

impl MatterBody for Coupon {
    const KIND: MatterKind = MatterKind::Coupon;
    fn due_ms(&self) -> Option<i64> {
        match &self.state {
            State::Claimed => Some(self.expires_ms),
            State::Locked { until_ms, .. } => Some(*until_ms),
            State::Offered | State::Used { .. } | State::Expired | State::Left => None,
        }
    }
}

impl Coupon {
    /// One of a campaign, given out now; or offered, where it is to be bought first.
    pub fn of(campaign: &Campaign, now_ms: i64) -> Self {
        Self {
            campaign: campaign.id.clone(),
            title: campaign.title.clone(),
            worth: campaign.rule.worth,
            minimum_spend: campaign.rule.minimum_spend,
            price: campaign.price,
            expires_ms: now_ms.saturating_add(i64::from(campaign.rule.valid_s) * 1_000),
            reserved: campaign.reserve(),
            state: if campaign.price.is_some() { State::Offered } else { State::Claimed },
        }
    }
    /// The payment whose status says how it stands.
    pub fn locked_by(&self) -> Option<&PaymentId> {
        match &self.state {
            State::Locked { payment, .. } => Some(payment),
            _ => None,
        }
    }
    pub fn with(&self, state: State) -> Self {
        Self { state, ..self.clone() }
    }
}

/// How a coupon stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Offered,
    Free,
    Locked,
    Used,
    /// Its time is over, and nobody has written it down yet.
    Over,
    /// Expired or left.
    Gone,
}

/// `payment` is the one that locked it, as it stands now.
pub fn standing(coupon: &Coupon, payment: Option<&Payment>, now_ms: i64) -> Standing {
    let by_time = if now_ms < coupon.expires_ms { Standing::Free } else { Standing::Over };
    match (&coupon.state, payment) {
        (State::Offered, _) => Standing::Offered,
        (State::Expired | State::Left, _) => Standing::Gone,
        (State::Used { .. }, _) => Standing::Used,
        (State::Claimed, _) => by_time,
        // Its draft is not there yet, or was lost with the database: only the one that is kept can be trusted.
        (State::Locked { .. }, None) => Standing::Locked,
        // Another rail has still to say whether it is paid; where that refuses, the coupon comes back.
        (State::Locked { .. }, Some(payment)) if payment.is_undecided_by_rail() => Standing::Locked,
        (State::Locked { .. }, Some(payment)) if payment.gives_coupons_back() => by_time,
        (State::Locked { .. }, Some(payment)) if payment.evidence.is_some() => Standing::Used,
        (State::Locked { .. }, Some(payment)) => match payment.status {
            Status::Declined | Status::Cancelled | Status::Expired => by_time,
            _ => Standing::Locked,
        },
    }
}

/// What the host writes down of a coupon that is due, if anything: its next state, and whether what it holds goes back.
pub fn settled(coupon: &Coupon, payment: Option<&Payment>, now_ms: i64) -> Option<(Coupon, bool)> {
    match (standing(coupon, payment, now_ms), coupon.locked_by()) {
        (Standing::Over, _) => Some((coupon.with(State::Expired), true)),
        (Standing::Used, Some(payment)) => Some((coupon.with(State::Used { payment: payment.clone() }), false)),
        (Standing::Free, Some(_)) => Some((coupon.with(State::Claimed), false)),
        (Standing::Locked, Some(payment)) => {
            // Held up by something else: look again in a while.
            let until_ms = now_ms + 60_000;
            Some((coupon.with(State::Locked { payment: payment.clone(), until_ms }), false))
        }
        _ => None,
    }
}

/// What a coupon took off a payment, of one funder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    pub coupon: MatterId,
    pub campaign: CampaignId,
    pub funder: crate::campaign::Funder,
    pub amount: Money,
    /// What the coupon holds of this funder; the rest of it goes back when the payment is confirmed.
    pub reserved: Money,
}
