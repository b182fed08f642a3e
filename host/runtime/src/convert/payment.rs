//! Orders come in, payments go out.

use super::BadMoney;
use crate::bindings::xitai::payments::payments as wit;
use xitai_model::ids::{BadId, BranchId, MerchantId};
use xitai_model::money::Money;
use xitai_model::payment::{Line, Order, Payee, Payment, Split, Status};

/// An order that is none before any rule is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadOrder {
    Money(BadMoney),
    Payee(BadId),
}
impl From<BadMoney> for BadOrder {
    fn from(bad: BadMoney) -> Self {
        Self::Money(bad)
    }
}
impl From<BadId> for BadOrder {
    fn from(bad: BadId) -> Self {
        Self::Payee(bad)
    }
}

impl From<Status> for wit::Status {
    fn from(status: Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            // Cash that the merchant has still to count is confirmed by nobody yet.
            Status::AwaitingConfirmation | Status::CashDue => Self::AwaitingConfirmation,
            // To a program it is the same who has the word: the money is reserved, and `changed` comes.
            Status::Held | Status::OnItsWay => Self::Held,
            Status::Authorised => Self::Authorised,
            Status::PartlyCaptured => Self::PartlyCaptured,
            Status::Settled => Self::Settled,
            Status::Declined => Self::Declined,
            Status::Cancelled => Self::Cancelled,
            Status::Expired => Self::Expired,
            Status::Unknown => Self::Unknown,
            Status::Other => Self::Other,
        }
    }
}

impl TryFrom<wit::Order> for Order {
    type Error = BadOrder;
    fn try_from(it: wit::Order) -> Result<Self, BadOrder> {
        Ok(Self {
            key: it.key,
            amount: it.amount.try_into()?,
            purpose: it.purpose,
            lines: it.lines.into_iter().map(Line::try_from).collect::<Result<_, _>>()?,
            splits: it.splits.into_iter().map(Split::try_from).collect::<Result<_, _>>()?,
            coupons: it.coupons,
            capture_later: it.capture_later,
            expires_in_s: it.expires_in_s,
        })
    }
}

impl TryFrom<wit::Line> for Line {
    type Error = BadOrder;
    fn try_from(it: wit::Line) -> Result<Self, BadOrder> {
        Ok(Self { text: it.text, quantity: it.quantity, amount: it.amount.try_into()? })
    }
}

impl TryFrom<wit::Split> for Split {
    type Error = BadOrder;
    fn try_from(it: wit::Split) -> Result<Self, BadOrder> {
        let payee = match it.payee {
            wit::Payee::Merchant(id) => Payee::Merchant(MerchantId::parse(&id)?),
            wit::Payee::Branch(id) => Payee::Branch(BranchId::parse(&id)?),
            wit::Payee::HeadOffice => Payee::HeadOffice,
            wit::Payee::Customer(subject) => Payee::Customer(subject),
            wit::Payee::Other(name) => Payee::Other(name),
        };
        Ok(Self { payee, amount: Money::try_from(it.amount)?, role: it.role })
    }
}

impl From<Payment> for wit::Payment {
    fn from(it: Payment) -> Self {
        let ticket = (it.status == Status::Draft).then(|| it.ticket.into());
        Self {
            id: it.id.into(),
            key: it.order.key,
            status: it.status.into(),
            amount: it.order.amount.into(),
            discount: it.discount.into(),
            payable: it.payable.into(),
            captured: it.captured.into(),
            refunded: it.refunded.into(),
            decline_code: it.decline_code,
            updated: it.updated_ms,
            ticket,
        }
    }
}
