//! Payments of the customer in this session. A program asks, the customer confirms on the host's sheet, the host books.

pub mod codes;
pub mod coupons;
pub mod mandates;
pub mod merchant;
pub mod payouts;
pub mod red_envelopes;

use crate::bindings::xitai::payments::payments as contract;
use crate::host::payments as host;
use crate::{Money, Refusal};
pub use contract::{Payee, Status};

/// What the customer is asked to pay for.
///
/// ```
/// # use xitai::prelude::*;
/// let order = Order::new("lunch-7", Money::cny(18_00), "午餐").line("红烧肉", 1, Money::cny(18_00)).expires_in_s(600);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    inner: contract::Order,
}

impl Order {
    /// An order under the program's own number: the same key and body is the same payment, for ever. It expires
    /// after 15 minutes unless told otherwise.
    pub fn new(key: impl Into<String>, amount: Money, purpose: impl Into<String>) -> Self {
        Self {
            inner: contract::Order {
                key: key.into(),
                amount: amount.into(),
                purpose: purpose.into(),
                lines: Vec::new(),
                splits: Vec::new(),
                coupons: Vec::new(),
                capture_later: false,
                expires_in_s: 900,
            },
        }
    }
    /// Adds a line of the receipt: so many of something, and what they cost together.
    pub fn line(mut self, text: impl Into<String>, quantity: u32, amount: Money) -> Self {
        self.inner.lines.push(contract::Line { text: text.into(), quantity, amount: amount.into() });
        self
    }
    /// Adds a share of somebody. All shares sum to the amount; without any, the program's own merchant gets all.
    pub fn split(mut self, payee: Payee, amount: Money, role: impl Into<String>) -> Self {
        self.inner.splits.push(contract::Split { payee, amount: amount.into(), role: role.into() });
        self
    }
    /// Uses a coupon of the customer.
    pub fn coupon(mut self, id: impl Into<String>) -> Self {
        self.inner.coupons.push(id.into());
        self
    }
    /// Only reserves the money when the customer confirms; [`merchant::capture`] takes it.
    pub fn capture_later(mut self) -> Self {
        self.inner.capture_later = true;
        self
    }
    /// How long the customer has.
    pub fn expires_in_s(mut self, seconds: u32) -> Self {
        self.inner.expires_in_s = seconds;
        self
    }
}

/// A payment as the bank keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Payment {
    /// The bank's number of it.
    pub id: String,
    /// The order's own number.
    pub key: String,
    /// How far it is.
    pub status: Status,
    /// What the order said.
    pub amount: Money,
    /// What coupons take off.
    pub discount: Money,
    /// What the customer pays. The button that leads to the sheet carries exactly this.
    pub payable: Money,
    /// What was taken so far.
    pub captured: Money,
    /// What was given back so far.
    pub refunded: Money,
    /// Why it was declined.
    pub decline_code: Option<String>,
    /// When it last changed.
    pub updated_ms: i64,
    /// The pay sheet, while the payment is a draft: give it to [`crate::Step::sheet`].
    pub ticket: Option<String>,
}

impl Payment {
    /// Whether the customer has paid or the money is reserved.
    pub fn is_confirmed(&self) -> bool {
        matches!(self.status, Status::Authorised | Status::PartlyCaptured | Status::Settled)
    }
    /// Whether nothing will ever be paid on it.
    pub fn is_dead(&self) -> bool {
        matches!(self.status, Status::Declined | Status::Cancelled | Status::Expired)
    }
    /// Whether some of it was given back.
    pub fn is_refunded(&self) -> bool {
        self.refunded.minor > 0
    }
}

/// Makes a draft. Nothing is reserved until the customer confirms on the sheet of its ticket.
pub fn request(order: &Order) -> Result<Payment, Refusal> {
    host::request(&order.inner).map(Payment::from)
}
/// A payment of this session's customer in this program.
pub fn get(id: &str) -> Result<Payment, Refusal> {
    host::get(id).map(Payment::from)
}

impl From<contract::Payment> for Payment {
    fn from(payment: contract::Payment) -> Self {
        Self {
            id: payment.id,
            key: payment.key,
            status: payment.status,
            amount: payment.amount.into(),
            discount: payment.discount.into(),
            payable: payment.payable.into(),
            captured: payment.captured.into(),
            refunded: payment.refunded.into(),
            decline_code: payment.decline_code,
            updated_ms: payment.updated,
            ticket: payment.ticket,
        }
    }
}
