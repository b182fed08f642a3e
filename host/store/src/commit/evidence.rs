//! What an audit record's evidence is the digest of: the very columns of the rows that its commit wrote.
//!
//! The record names those rows, so that `verify` finds them without an index: a step by session and position, a
//! payment by id, revision and digest (its row is overwritten by its next revision), transfers by their numbers. A
//! document of the release plane and a customer are named like a payment: who may do what, what is approved and whose
//! password opens what must not change behind the trail's back.

use crate::rows::portable;
use serde::{Deserialize, Serialize};
use xitai_model::digest::Digest;
use xitai_model::journal::StepRow;
use xitai_model::matter::Matter;
pub(crate) use xitai_model::proof::{of_payment, of_rows};

/// One row, or one run of rows, that a commit wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EvidenceRow {
    Step(String, u64),
    Payment(String, u64, Digest),
    Matter(String, u64, Digest),
    /// First and last number, as hosts wrote it before transfers were named by their accounts: only read.
    Transfers(i64, i64),
    /// First and last number.
    Booked(i64, i64),
    /// Number.
    Checkpoint(u64, Digest),
    /// Noun, id, version.
    Record(String, String, u64, Digest),
    Customer(String, Digest),
    Erased(String),
    /// What opens: a passkey or a binding, by `passkey:ID` or `binding:ID`; no digest where it was removed.
    Opens(String, Option<Digest>),
}

/// The columns of a step beside its body.
#[derive(Debug, Default)]
pub(crate) struct StepColumns {
    pub session: String,
    pub position: u64,
    pub at_ms: i64,
    pub release: String,
    pub device: Option<String>,
    pub client_seq: Option<i64>,
    pub event_digest: Option<String>,
    pub step_digest: Option<String>,
}

impl StepColumns {
    pub(crate) fn of_row(row: &StepRow) -> Self {
        Self {
            session: row.session.to_string(),
            position: row.position,
            at_ms: row.at_ms,
            release: row.release.clone(),
            device: row.sent.as_ref().map(|sent| sent.device.to_string()),
            client_seq: row.sent.as_ref().map(|sent| sent.client_seq as i64),
            event_digest: row.sent.as_ref().map(|sent| sent.event_digest.to_string()),
            step_digest: row.step_digest.as_ref().map(Digest::to_string),
        }
    }
}

pub(crate) fn of_step(columns: &StepColumns, sealed_body: &[u8]) -> Digest {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    Digest::of_parts(&[
        b"step",
        columns.session.as_bytes(),
        columns.position.to_string().as_bytes(),
        columns.at_ms.to_string().as_bytes(),
        columns.release.as_bytes(),
        optional(&columns.device).as_bytes(),
        columns.client_seq.map(|seq| seq.to_string()).unwrap_or_default().as_bytes(),
        optional(&columns.event_digest).as_bytes(),
        optional(&columns.step_digest).as_bytes(),
        sealed_body,
    ])
}

/// Of the columns as the database has them; personal values are sealed.
pub(crate) fn of_matter(matter: &Matter, body: &str, sealed: Option<&[u8]>) -> Digest {
    let text = |text: Option<&str>| portable(text.unwrap_or_default());
    let (program, owner) = (text(matter.program.as_ref().map(|id| id.as_str())), matter.owner());
    let (session, ticket) =
        (matter.session.as_ref().map(|id| id.as_str()), matter.ticket.as_ref().map(|id| id.as_str()));
    Digest::of_parts(&[
        b"matter",
        matter.kind.as_str().as_bytes(),
        matter.id.as_str().as_bytes(),
        matter.revision.to_string().as_bytes(),
        program.as_bytes(),
        matter.branch.as_str().as_bytes(),
        owner.as_bytes(),
        text(session).as_bytes(),
        text(matter.key.as_deref()).as_bytes(),
        text(matter.about.as_deref()).as_bytes(),
        text(ticket).as_bytes(),
        matter.asked.as_ref().map(crate::matter::asked_column).unwrap_or_default().as_bytes(),
        matter.made_ms.to_string().as_bytes(),
        matter.updated_ms.to_string().as_bytes(),
        matter.due_ms.map(|ms| ms.to_string()).unwrap_or_default().as_bytes(),
        portable(body).as_bytes(),
        sealed.unwrap_or_default(),
    ])
}

pub(crate) fn of_record(noun: &str, id: &str, version: u64, body: &str) -> Digest {
    Digest::of_parts(&[b"record", noun.as_bytes(), id.as_bytes(), version.to_string().as_bytes(), body.as_bytes()])
}

/// Of the columns as the database has them; the profile is sealed.
pub(crate) fn of_customer(
    id: &str,
    login: &str,
    password_hash: &str,
    level: &str,
    branch: &str,
    profile: &[u8],
) -> Digest {
    let parts = [id, login, password_hash, level, branch].map(str::as_bytes);
    Digest::of_parts(&[b"customer", parts[0], parts[1], parts[2], parts[3], parts[4], profile])
}

/// When it was last used is no evidence.
pub(crate) fn of_passkey(id: &str, who: &str, name: &str, credential: &str) -> Digest {
    let parts = [id, who, name, credential].map(|column| crate::rows::portable(column).into_bytes());
    Digest::of_parts(&[b"passkey", &parts[0], &parts[1], &parts[2], &parts[3]])
}

pub(crate) fn of_binding(id: &str, provider: &str, who: &str) -> Digest {
    Digest::of_parts(&[b"binding", id.as_bytes(), provider.as_bytes(), who.as_bytes()])
}

/// Of one that was removed.
pub(crate) fn of_opens_no_more(name: &str) -> Digest {
    Digest::of_parts(&[b"opens no more", name.as_bytes()])
}

pub(crate) fn of_erased(id: &str) -> Digest {
    Digest::of_parts(&[b"erased", id.as_bytes()])
}

/// The columns of a transfer, as text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TransferColumns {
    pub id: i64,
    pub debit: i64,
    pub credit: i64,
    pub minor: i64,
    pub movement: String,
    pub pending: Option<i64>,
    pub expires_ms: Option<i64>,
    pub purpose: String,
    pub payment: Option<String>,
    pub at_ms: i64,
    pub ceiling: Option<i64>,
    pub audit_seq: Option<u64>,
}

/// Transfers of one commit by the numbers of their accounts, in the order of their own. What is booked now is digested
/// by `ledger::of_transfers`.
pub(crate) fn of_transfers(transfers: &[TransferColumns]) -> Digest {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(80 * transfers.len());
    for t in transfers {
        let (pending, expires_ms) = (t.pending.unwrap_or_default(), t.expires_ms.unwrap_or_default());
        let payment = t.payment.as_deref().unwrap_or_default();
        writeln!(
            text,
            "{} {} {} {} {} {pending} {expires_ms} {} {payment} {}",
            t.id, t.debit, t.credit, t.minor, t.movement, t.purpose, t.at_ms
        )
        .expect("a String takes all that is written to it");
    }
    Digest::of_parts(&[b"transfers", text.as_bytes()])
}
