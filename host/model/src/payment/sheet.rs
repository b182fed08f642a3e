//! What a customer is shown and agrees to: a document made of the host's own records only. Its digest binds the
//! confirmation, and its text is kept as evidence.

use super::{Evidence, Leg, Line, Payment};
use crate::canonical::canonical;
use crate::digest::Digest;
use crate::ids::{BranchId, PaymentId, SessionId, TicketId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::tender::Tender;
use serde::Serialize;

/// The sheet of a payment. Any change of the payment, its payees, the release, the session, the tap or the nonce is
/// another document, and voids what was agreed to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetDoc {
    pub kind: &'static str,
    pub ticket: TicketId,
    pub payment: PaymentId,
    pub order_key: String,
    pub purpose: String,
    pub amount: Money,
    pub discount: Money,
    pub payable: Money,
    pub capture_later: bool,
    pub lines: Vec<Line>,
    pub coupons: Vec<String>,
    /// What is paid with.
    pub tender: Tender,
    /// Under the legal names of the host's register.
    pub legs: Vec<Leg>,
    pub branch: BranchId,
    pub release: String,
    /// Of the package that is running.
    pub package: Digest,
    pub session: SessionId,
    /// The position of the event whose tap armed the money. It stays while other events move the session on.
    pub position: u64,
    pub nonce: String,
    pub expires_ms: i64,
    pub practice: bool,
}

impl SheetDoc {
    pub fn of(payment: &Payment, package: &Digest, nonce: &str) -> Self {
        let order = &payment.order;
        Self {
            kind: "pay",
            ticket: payment.ticket.clone(),
            payment: payment.id.clone(),
            order_key: order.key.clone(),
            purpose: order.purpose.clone(),
            amount: order.amount,
            discount: payment.discount,
            payable: payment.payable,
            capture_later: order.capture_later,
            lines: order.lines.clone(),
            coupons: order.coupons.clone(),
            tender: payment.tender.clone(),
            legs: payment.legs.clone(),
            branch: payment.branch.clone(),
            release: payment.release.to_string(),
            package: package.clone(),
            session: payment.session.clone(),
            position: payment.armed_chain.unwrap_or_default(),
            nonce: nonce.to_owned(),
            expires_ms: payment.expires_ms,
            practice: payment.practice,
        }
    }

    /// The canonical text, as it is digested and kept.
    pub fn shown(&self) -> String {
        canonical(self)
    }

    pub fn digest(&self) -> Digest {
        Digest::of(self.shown().as_bytes())
    }

    /// The evidence of a confirmation, where it names exactly this sheet. `token` is the digest of the sign-in.
    pub fn agreed(&self, named: &Digest, proof: &str, token: Digest, now_ms: i64) -> Result<Evidence, Refusal> {
        Evidence::of(self.shown(), named, proof, token, now_ms)
    }
}
