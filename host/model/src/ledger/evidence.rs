//! What an audit record's evidence says of the transfers of its commit.
//!
//! Each transfer has a digest of its own, over its accounts by name, so that a proof can show one and keep the rest of
//! the chain to itself.

use super::{Booked, Movement};
use crate::digest::Digest;

impl Booked {
    /// The digest of everything that the books say of the transfer.
    pub fn digest(&self) -> Digest {
        let transfer = &self.transfer;
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let (movement, pending, expires_ms) = transfer.movement.columns();
        Digest::of_parts(&[
            b"transfer",
            self.id.to_string().as_bytes(),
            transfer.debit.kind.as_str().as_bytes(),
            transfer.debit.owner.as_bytes(),
            transfer.credit.kind.as_str().as_bytes(),
            transfer.credit.owner.as_bytes(),
            transfer.amount.currency.as_str().as_bytes(),
            transfer.amount.minor.to_string().as_bytes(),
            movement.as_bytes(),
            number(pending).as_bytes(),
            number(expires_ms).as_bytes(),
            transfer.purpose.as_str().as_bytes(),
            transfer.payment.as_ref().map(|payment| payment.as_str()).unwrap_or_default().as_bytes(),
            number(transfer.ceiling).as_bytes(),
            self.at_ms.to_string().as_bytes(),
        ])
    }
}

impl Movement {
    /// As three columns: its name, the pending transfer that it resolves, and when it expires.
    pub fn columns(&self) -> (&'static str, Option<super::TransferId>, Option<i64>) {
        match self {
            Movement::Post => ("post", None, None),
            Movement::Pend { expires_ms } => ("pend", None, Some(*expires_ms)),
            Movement::PostPending { pending, keep_rest: false } => ("post-pending", Some(*pending), None),
            Movement::PostPending { pending, keep_rest: true } => ("post-part", Some(*pending), None),
            Movement::VoidPending { pending } => ("void-pending", Some(*pending), None),
        }
    }
}

/// Over the transfers of one commit, in the order of their numbers.
pub fn of_transfers<'a>(booked: impl IntoIterator<Item = &'a Booked>) -> Digest {
    of_leaves(&booked.into_iter().map(Booked::digest).collect::<Vec<_>>())
}

/// The same, from the digests of the transfers.
pub fn of_leaves(transfers: &[Digest]) -> Digest {
    let mut parts: Vec<&[u8]> = vec![b"booked"];
    parts.extend(transfers.iter().map(|digest| digest.as_str().as_bytes()));
    Digest::of_parts(&parts)
}
