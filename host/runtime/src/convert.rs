//! Between the contract's generated types and the model's. Whatever a program sends is moved, not copied; what a
//! program sends and the model forbids (a currency that is none) is a [`BadMoney`].

mod content;
mod launch;
mod mandate;
mod payment;
mod screen;
mod step;

pub(crate) use payment::BadOrder;

use crate::bindings::xitai::types::values as wit;
use xitai_model::money::{Currency, Money};
use xitai_model::program::Channel;
use xitai_model::refusal::{Refusal, RefusalKind};
use xitai_model::screen::Extension;

/// A money whose currency is not three capital letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadMoney(pub String);

impl TryFrom<wit::Money> for Money {
    type Error = BadMoney;
    fn try_from(money: wit::Money) -> Result<Self, BadMoney> {
        match Currency::parse(&money.currency) {
            Some(currency) => Ok(Money::new(money.minor, currency)),
            None => Err(BadMoney(money.currency)),
        }
    }
}
impl From<Money> for wit::Money {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency.into() }
    }
}
impl From<wit::Extension> for Extension {
    fn from(it: wit::Extension) -> Self {
        Self { kind: it.kind, json: it.json }
    }
}
impl From<Refusal> for wit::Refusal {
    fn from(it: Refusal) -> Self {
        Self { kind: it.kind.into(), code: it.code, detail: it.detail, retry_after_ms: it.retry_after_ms }
    }
}

/// An enumeration whose cases have the same names on both sides.
macro_rules! same_cases {
    ($from:ty => $to:ty: $($case:ident),+) => {
        impl From<$from> for $to {
            fn from(case: $from) -> Self {
                match case {
                    $(<$from>::$case => <$to>::$case),+
                }
            }
        }
    };
}
pub(crate) use same_cases;

same_cases!(Channel => wit::Channel: Phone, Web, Kiosk, Chat, Embed, Other);
same_cases!(RefusalKind => wit::RefusalKind: NotGranted, NotConsented, Limited, Invalid, NotFound, Conflict, Busy,
    Unavailable, UnknownOutcome, Other);
