//! What the bank signs: checkpoints of its audit trail, and documents that customers and merchants take away.
//!
//! The key is a file that hosts on one database share. It is read whenever something is signed, so that a key that was
//! changed counts at once on all of them; its public half is published, as a document of the release plane, before
//! anything is signed with it.

use super::App;
use super::ctx::Ctx;
use super::me;
use crate::http::problem::Problem;
use xitai_model::audit::AuditEvent;
use xitai_model::checkpoint::SignedCheckpoint;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::PaymentId;
use xitai_model::ledger::AccountKey;
use xitai_model::payment::Payment;
use xitai_model::proof::{CommitProof, Receipt, ShownRow, SignedDocument};
use xitai_model::record::{Noun, Record};
use xitai_model::release::{Countersignature, Release};
use xitai_model::signature::{PublicKey, PublishedKey, SigningKey};
use xitai_model::{code, limits};
use xitai_store::Shows;

/// Times that something is tried again because another host was first.
const TRIES_MAX: usize = 8;

/// The key to sign with, published.
async fn key(app: &App, ctx: &Ctx) -> Result<SigningKey, Problem> {
    let key = app.keys.signing(&app.config.keys_dir, &app.clock)?;
    let public = key.public();
    let id = public.id();
    if app.catalog().signing_keys.contains_key(&id) {
        return Ok(key);
    }
    let body = PublishedKey { id: id.clone(), public, since_ms: ctx.now_ms };
    let commit = Commit {
        guards: vec![Guard::RecordAt { noun: Noun::SigningKey, id: id.clone(), version: 0 }],
        changes: vec![Change::Record(Record::of(Noun::SigningKey, id.clone(), 1, &body))],
        audit: event(ctx, "key.published", format!("key:{id}")),
    };
    match app.store.commit(commit).await {
        // Moved: another host was first.
        Ok(_) | Err(CommitRefusal::Moved(_)) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    app.refresh_catalog().await?;
    Ok(key)
}

fn event(ctx: &Ctx, action: &str, subject: String) -> AuditEvent {
    AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject,
        detail: serde_json::json!({}),
        request: None,
    }
}

/// Signs the audit trail from the newest checkpoint on, once. `None` where there is nothing to sign, or another host
/// has just signed it.
pub async fn sign_checkpoint(app: &App, ctx: &Ctx) -> Result<Option<SignedCheckpoint>, Problem> {
    let key = key(app, ctx).await?;
    let next = app.store.next_checkpoint(limits::CHECKPOINT_RECORDS_MAX, ctx.now_ms, &key).await?;
    let Some(signed) = next else { return Ok(None) };
    let audit = event(ctx, "checkpoint.signed", format!("checkpoint:{}", signed.checkpoint.number));
    let changes = vec![Change::Checkpoint(Box::new(signed.clone()))];
    match app.store.commit(Commit { guards: Vec::new(), changes, audit }).await {
        Ok(_) => Ok(Some(signed)),
        Err(CommitRefusal::Moved(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Proves commits by their audit records; what no checkpoint covers yet is signed now.
pub async fn proofs(app: &App, audit_seqs: &[u64], shows: &Shows<'_>) -> Result<Vec<CommitProof>, Problem> {
    let host = app.host_ctx();
    let mut proofs = Vec::with_capacity(audit_seqs.len());
    for seq in audit_seqs {
        for _ in 0..TRIES_MAX {
            if app.store.checkpoint_over(*seq).await?.is_some() {
                break;
            }
            sign_checkpoint(app, &host).await?;
        }
        let missing = || Problem::internal(format!("audit record {seq} can't be proved"));
        proofs.push(app.store.commit_proof(*seq, shows).await?.ok_or_else(missing)?);
    }
    Ok(proofs)
}

/// Signs a document of any kind. Its proofs' checkpoints may be of older keys: those go into it too.
pub async fn document(
    app: &App,
    kind: &str,
    body: serde_json::Value,
    proofs: Vec<CommitProof>,
) -> Result<SignedDocument, Problem> {
    let host = app.host_ctx();
    let key = key(app, &host).await?;
    let catalog = app.catalog();
    let bank = catalog.bank().map(|bank| bank.name.clone()).unwrap_or_default();
    let mut keys: Vec<PublicKey> = Vec::new();
    for proof in &proofs {
        let id = &proof.inclusion.checkpoint.checkpoint.key;
        let known = catalog.signing_keys.get(id).map(|kept| kept.value.public.clone());
        let known = known.ok_or_else(|| Problem::internal(format!("key {id} of a checkpoint is not published")))?;
        if !keys.contains(&known) {
            keys.push(known);
        }
    }
    Ok(SignedDocument::sign(kind, &bank, host.now_ms, body, proofs, keys, &key))
}

/// Puts the bank's signature to a release that two people approved.
pub async fn countersign(app: &App, release: Release, now_ms: i64) -> Result<Release, Problem> {
    let key = key(app, &app.host_ctx()).await?;
    Ok(Release { countersignature: Some(Countersignature::sign(&release, &key, now_ms)), ..release })
}

/// A customer's receipt of one of their payments.
pub async fn receipt(app: &App, ctx: &Ctx, id: &PaymentId) -> Result<SignedDocument, Problem> {
    let customer = me::customer_id(ctx)?;
    let payment = app.store.payment(id).await?.filter(|payment| payment.customer == *customer);
    payment.ok_or_else(|| Problem::new(code::PAYMENT_NOT_FOUND))?;
    receipt_of(app, id).await
}

/// The receipt of a payment, whoever asks. Of each commit it shows the payment and the transfers that moved its
/// customer's money; limits, fees and other people's accounts stay with the bank.
pub async fn receipt_of(app: &App, id: &PaymentId) -> Result<SignedDocument, Problem> {
    for _ in 0..TRIES_MAX {
        let payment = app.store.payment(id).await?;
        let payment = payment.ok_or_else(|| Problem::new(code::PAYMENT_NOT_FOUND))?;
        let customer = payment.payer_account();
        let seqs = app.store.audits_of_payment(id).await?;
        if seqs.is_empty() {
            return Err(Problem::new(code::PAYMENT_NO_RECEIPT));
        }
        let shows = Shows {
            payment: &|shown| shown == id.as_str(),
            transfer: &|booked| booked.transfer.payment.as_ref() == Some(id) && touches(booked, &customer),
        };
        let proofs = proofs(app, &seqs, &shows).await?;
        let body = proofs.first().and_then(shown_payment);
        // A revision that came in between: begin again from the newest.
        let Some(shown) = body.filter(|shown| shown.revision == payment.revision) else { continue };
        let body = serde_json::to_value(Receipt::of(&shown)).expect("a receipt is plain JSON");
        return document(app, "receipt", body, proofs).await;
    }
    Err(Problem::new(code::SESSION_BUSY))
}

fn shown_payment(proof: &CommitProof) -> Option<Payment> {
    proof.rows.iter().find_map(|row| match row {
        ShownRow::Payment { body } => serde_json::from_str(body).ok(),
        _ => None,
    })
}

/// Whether a transfer moved the customer's own money.
pub fn touches(booked: &xitai_store::Booked, customer: &AccountKey) -> bool {
    booked.transfer.debit == *customer || booked.transfer.credit == *customer
}

/// Public keys, newest first. What an older one signed still counts.
pub fn keys(app: &App) -> Vec<PublishedKey> {
    let catalog = app.catalog();
    let mut keys: Vec<PublishedKey> = catalog.signing_keys.values().map(|kept| kept.value.clone()).collect();
    keys.sort_by_key(|key| std::cmp::Reverse(key.since_ms));
    keys
}
