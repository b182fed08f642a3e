//! A customer's receipt: what was paid, to whom, and what became of it since.

use super::{CommitProof, Document, Fault};
use crate::digest::Digest;
use crate::ids::{BranchId, PaymentId, ProgramId};
use crate::money::Money;
use crate::payment::{Leg, Line, Payment, Status};
use crate::tender::Tender;
use serde::{Deserialize, Serialize};

pub(super) const KIND: &str = "receipt";

/// What a receipt says: of the bank's own record of the payment, and of nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub payment: PaymentId,
    pub program: ProgramId,
    pub branch: BranchId,
    pub order: String,
    pub purpose: String,
    pub lines: Vec<Line>,
    pub legs: Vec<Leg>,
    pub amount: Money,
    pub discount: Money,
    pub payable: Money,
    pub captured: Money,
    pub refunded: Money,
    pub status: Status,
    /// What it was paid with; left out for the account at the bank.
    #[serde(default, skip_serializing_if = "Tender::is_account")]
    pub tender: Tender,
    pub made_ms: i64,
    pub confirmed_ms: Option<i64>,
    /// The digest of exactly what the customer was shown and agreed to.
    pub sheet: Option<Digest>,
    /// How the bank knew that it was the customer.
    pub presence: Option<String>,
    pub practice: bool,
}

impl Receipt {
    pub fn of(payment: &Payment) -> Self {
        let evidence = payment.evidence.as_ref();
        Self {
            payment: payment.id.clone(),
            program: payment.program.clone(),
            branch: payment.branch.clone(),
            order: payment.order.key.clone(),
            purpose: payment.order.purpose.clone(),
            lines: payment.order.lines.clone(),
            legs: payment.legs.clone(),
            amount: payment.order.amount,
            discount: payment.discount,
            payable: payment.payable,
            captured: payment.captured,
            refunded: payment.refunded,
            status: payment.status,
            tender: payment.tender.clone(),
            made_ms: payment.made_ms,
            confirmed_ms: evidence.map(|evidence| evidence.confirmed_ms),
            sheet: evidence.map(|evidence| evidence.digest.clone()),
            presence: evidence.map(|evidence| evidence.proof.clone()),
            practice: payment.practice,
        }
    }
}

/// Whether the receipt says what the payment in its first proof says, and its transfers are the payment's.
pub(super) fn check(document: &Document) -> Result<(), Fault> {
    let claim = |what: &str| Fault::Claim(what.to_owned());
    let shown = document.proofs.first().and_then(CommitProof::payment);
    let shown = shown.ok_or_else(|| claim("the receipt shows no record of its payment"))?;
    let payment: Payment =
        serde_json::from_str(shown).map_err(|_| claim("the payment's record is of another release than this one"))?;
    let expected = serde_json::to_value(Receipt::of(&payment)).expect("a receipt is plain JSON");
    // An older receipt has fewer fields; those that it has must be the record's.
    let said = document.body.as_object().filter(|said| said.contains_key("payment"));
    let said = said.ok_or_else(|| claim("the receipt does not name its payment"))?;
    for (name, value) in said {
        if expected.get(name) != Some(value) {
            return Err(Fault::Claim(format!("the receipt's {name} is not what the bank's record shows")));
        }
    }
    let foreign = document.proofs.iter().flat_map(CommitProof::transfers);
    match foreign.into_iter().find(|booked| booked.transfer.payment.as_ref() != Some(&payment.id)) {
        Some(booked) => Err(Fault::Claim(format!("transfer {} is not of this payment", booked.id))),
        None => Ok(()),
    }
}
