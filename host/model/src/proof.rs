//! Signed documents that anybody can check without the bank: what they say, and the audit records that are evidence of
//! it, each up to a signed checkpoint of the trail.
//!
//! The signature says that the bank said so. The proofs say more: that what the document shows is what the bank's own
//! trail had, at a place that can no longer be changed once a checkpoint is known to somebody else.

mod receipt;
#[cfg(test)]
mod tests;

pub use receipt::Receipt;

use crate::canonical::canonical;
use crate::checkpoint::Inclusion;
use crate::digest::Digest;
use crate::ledger::{self, Booked};
use crate::signature::{PublicKey, Signature, SigningKey};
use serde::{Deserialize, Serialize};

pub const FORMAT: &str = "xitai-document-1";

/// What is signed, as canonical JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Keeps a signature over a document from being one over anything else.
    pub format: String,
    /// `receipt`, `statement` and so on.
    pub kind: String,
    /// The bank's name for itself.
    pub bank: String,
    pub made_ms: i64,
    pub body: serde_json::Value,
    pub proofs: Vec<CommitProof>,
    /// Every key that signed the document or one of its checkpoints; the document's own first.
    pub keys: Vec<PublicKey>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedDocument {
    pub document: Document,
    pub signature: Signature,
}

/// One commit: its audit record, and the rows that the record is evidence of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitProof {
    pub inclusion: Inclusion,
    pub rows: Vec<ShownRow>,
}

/// A row of a commit, as much of it as the document's reader may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ShownRow {
    /// The very text that the bank keeps of the payment.
    Payment {
        body: String,
    },
    Transfers(Vec<ShownTransfer>),
    Withheld(Digest),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ShownTransfer {
    Shown(Booked),
    Withheld(Digest),
}

/// The digest of a payment's row.
pub fn of_payment(body: &str) -> Digest {
    Digest::of_parts(&[b"payment", body.as_bytes()])
}

/// The evidence of an audit record: over the digests of its rows, in order.
pub fn of_rows(digests: &[Digest]) -> Digest {
    let mut parts: Vec<&[u8]> = vec![b"evidence"];
    parts.extend(digests.iter().map(|digest| digest.as_str().as_bytes()));
    Digest::of_parts(&parts)
}

impl ShownRow {
    fn digest(&self) -> Digest {
        match self {
            ShownRow::Payment { body } => of_payment(body),
            ShownRow::Transfers(transfers) => {
                let digests: Vec<_> = transfers.iter().map(ShownTransfer::digest).collect();
                ledger::of_leaves(&digests)
            }
            ShownRow::Withheld(digest) => digest.clone(),
        }
    }
}

impl ShownTransfer {
    fn digest(&self) -> Digest {
        match self {
            ShownTransfer::Shown(booked) => booked.digest(),
            ShownTransfer::Withheld(digest) => digest.clone(),
        }
    }
}

impl CommitProof {
    /// Whether the rows are what the record is evidence of, and the record is under its checkpoint.
    fn check(&self) -> Result<(), &'static str> {
        let digests: Vec<_> = self.rows.iter().map(ShownRow::digest).collect();
        if of_rows(&digests) != self.inclusion.record.evidence {
            return Err("its rows are not what the audit record is evidence of");
        }
        if !self.inclusion.record.is_intact() {
            return Err("the audit record is not what it was");
        }
        match self.inclusion.holds() {
            true => Ok(()),
            false => Err("the audit record is not under its checkpoint"),
        }
    }

    pub fn transfers(&self) -> impl Iterator<Item = &Booked> {
        let transfers = self.rows.iter().filter_map(|row| match row {
            ShownRow::Transfers(transfers) => Some(transfers),
            _ => None,
        });
        transfers.flatten().filter_map(|transfer| match transfer {
            ShownTransfer::Shown(booked) => Some(booked),
            ShownTransfer::Withheld(_) => None,
        })
    }

    fn payment(&self) -> Option<&str> {
        self.rows.iter().find_map(|row| match row {
            ShownRow::Payment { body } => Some(body.as_str()),
            _ => None,
        })
    }
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is of a format that this release does not know.
    Format,
    /// A key that signed is not in the document, or not among those that were asked for.
    Key(String),
    /// Something in the document was changed after it was signed.
    Signature,
    /// The proof at this place, counted from 1.
    Proof(usize, String),
    /// What it says is not what its proofs show.
    Claim(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Format => f.write_str("this is not a signed document of a known format"),
            Fault::Key(id) => write!(f, "key {id} is not one of the keys that this document may be signed by"),
            Fault::Signature => f.write_str("the signature is not over this text: something was changed"),
            Fault::Proof(at, what) => write!(f, "proof {at}: {what}"),
            Fault::Claim(what) => f.write_str(what),
        }
    }
}

/// What a document that holds rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub kind: String,
    /// Of the key that signed the document.
    pub key: String,
    /// Audit records shown, and the checkpoints that they are under.
    pub audit_records: Vec<u64>,
    pub checkpoints: Vec<u64>,
    /// Transfers shown in full.
    pub transfers: Vec<i64>,
}

impl SignedDocument {
    /// Signs what a document says. `keys` are those of the proofs' checkpoints.
    pub fn sign(
        kind: &str,
        bank: &str,
        made_ms: i64,
        body: serde_json::Value,
        proofs: Vec<CommitProof>,
        keys: Vec<PublicKey>,
        key: &SigningKey,
    ) -> Self {
        let own = key.public();
        let mut all = vec![own.clone()];
        all.extend(keys.into_iter().filter(|other| *other != own));
        let document = Document {
            format: FORMAT.to_owned(),
            kind: kind.to_owned(),
            bank: bank.to_owned(),
            made_ms,
            body,
            proofs,
            keys: all,
        };
        let signature = key.sign(&canonical(&document));
        Self { document, signature }
    }

    /// Reads a file. Whatever stands in it that would not come out again is a fault: nothing in it is unsigned.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|_| Fault::Format)?;
        let read = Self::deserialize(&value).map_err(|_| Fault::Format)?;
        if canonical(&read) == canonical(&value) { Ok(read) } else { Err(Fault::Signature) }
    }

    /// Checks everything that can be checked without the bank. With `pinned`, only those keys are believed; without,
    /// the document's own, which shows that it is of one piece, but not whose it is.
    pub fn check(&self, pinned: &[PublicKey]) -> Result<Checked, Fault> {
        let document = &self.document;
        if document.format != FORMAT {
            return Err(Fault::Format);
        }
        let key = document.keys.first().ok_or_else(|| Fault::Key("(none)".to_owned()))?;
        if let Some(other) = document.keys.iter().find(|key| !pinned.is_empty() && !pinned.contains(key)) {
            return Err(Fault::Key(other.id()));
        }
        if !key.verifies(&canonical(document), &self.signature) {
            return Err(Fault::Signature);
        }
        for (at, proof) in (1..).zip(&document.proofs) {
            let named = |what: &str| Fault::Proof(at, what.to_owned());
            proof.check().map_err(named)?;
            let checkpoint = &proof.inclusion.checkpoint;
            let id = &checkpoint.checkpoint.key;
            let signer = document.keys.iter().find(|key| key.id() == *id).ok_or_else(|| Fault::Key(id.clone()))?;
            if !checkpoint.is_signed_by(signer) {
                return Err(named("the checkpoint's signature is not over its text"));
            }
        }
        if document.kind == receipt::KIND {
            receipt::check(document)?;
        }
        if document.kind == crate::books::KIND {
            let given = crate::books::Given::deserialize(&document.body).map_err(|_| Fault::Format)?;
            given.check().map_err(|what| Fault::Claim(what.to_owned()))?;
        }
        if document.kind == crate::books::branch::KIND {
            let given = crate::books::branch::BranchDay::deserialize(&document.body).map_err(|_| Fault::Format)?;
            given.check().map_err(|what| Fault::Claim(what.to_owned()))?;
        }
        Ok(self.checked(key))
    }

    fn checked(&self, key: &PublicKey) -> Checked {
        let proofs = &self.document.proofs;
        let mut checkpoints: Vec<_> = proofs.iter().map(|proof| proof.inclusion.checkpoint.checkpoint.number).collect();
        checkpoints.dedup();
        Checked {
            kind: self.document.kind.clone(),
            key: key.id(),
            audit_records: proofs.iter().map(|proof| proof.inclusion.record.seq).collect(),
            checkpoints,
            transfers: proofs.iter().flat_map(CommitProof::transfers).map(|booked| booked.id).collect(),
        }
    }
}
