//! Terms of mandates come in and go out.

use super::{BadMoney, same_cases};
use crate::bindings::xitai::payments::mandates as wit;
use xitai_model::code;
use xitai_model::day::Period;
use xitai_model::mandate::{Status, Terms};
use xitai_model::money::Money;
use xitai_model::refusal::Refusal;

same_cases!(Status => wit::Status: Proposed, Active, Paused, Revoked, Expired);
same_cases!(Period => wit::Period: Day, Week, Month, Year);

impl TryFrom<wit::Terms> for Terms {
    type Error = Refusal;
    fn try_from(it: wit::Terms) -> Result<Self, Refusal> {
        let money =
            |money| Money::try_from(money).map_err(|BadMoney(_)| Refusal::of(code::MANDATE_TERMS_INVALID, "currency"));
        let period = match it.period {
            wit::Period::Day => Period::Day,
            wit::Period::Week => Period::Week,
            wit::Period::Month => Period::Month,
            wit::Period::Year => Period::Year,
            wit::Period::Other => return Err(Refusal::of(code::MANDATE_TERMS_INVALID, "period")),
        };
        Ok(Self {
            purpose: it.purpose,
            each_at_most: money(it.each_at_most)?,
            period,
            period_at_most: money(it.period_at_most)?,
            until_ms: it.until,
        })
    }
}

impl From<Terms> for wit::Terms {
    fn from(it: Terms) -> Self {
        Self {
            purpose: it.purpose,
            each_at_most: it.each_at_most.into(),
            period: it.period.into(),
            period_at_most: it.period_at_most.into(),
            until: it.until_ms,
        }
    }
}
