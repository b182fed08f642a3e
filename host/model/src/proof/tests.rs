//! A receipt from the first transfer to the checked file, and every way to forge one.

use super::*;
use crate::audit::{self, AuditEvent, AuditRecord};
use crate::checkpoint::SignedCheckpoint;
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::money::{Currency, Money};
use crate::payment::Payment;
use serde_json::json;

fn key(seed: u8) -> SigningKey {
    SigningKey::of_seed(&[seed; 32])
}

fn payment() -> Payment {
    let fen = |minor: i64| json!({ "minor": minor, "currency": "CNY" });
    serde_json::from_value(json!({
        "id": "00000000050C1G60R30C1G60R3", "revision": 2,
        "session": "00000000010C1G60R30C1G60R3", "program": "cn.bank.suzhou.canteen",
        "release": { "program": "cn.bank.suzhou.canteen", "version": "1.0.0" }, "branch": "suzhou", "customer": "00000000010C1G60R30C1G60R3",
        "order": { "key": "17", "amount": fen(1_200), "purpose": "午餐", "lines": [], "splits": [], "coupons": [],
                   "capture_later": false, "expires_in_s": 600 },
        "legs": [{ "payee": { "merchant": "canteen" }, "legal_name": "职工食堂", "role": "sale", "amount": fen(1_200) }],
        "status": "settled", "discount": fen(0), "payable": fen(1_200), "captured": fen(1_200), "refunded": fen(0),
        "decline_code": null, "ticket": "00000000010C1G60R30C1G60R3", "armed_chain": 7, "made_ms": 1, "updated_ms": 2,
        "expires_ms": 3, "practice": false, "evidence": null, "holds": [], "operations": []
    }))
    .unwrap()
}

/// A bank whose trail has seven commits: the payment's is the fifth, with a transfer that is nobody else's business.
struct Bank {
    records: Vec<AuditRecord>,
    checkpoints: Vec<SignedCheckpoint>,
    booked: Vec<Booked>,
    body: String,
}

fn bank(key: &SigningKey) -> Bank {
    let payment = payment();
    let body = serde_json::to_string(&payment).unwrap();
    let account = |kind, owner: &str| AccountKey::new(kind, owner, Currency::CNY);
    let sale = Transfer {
        debit: payment.customer_account(),
        credit: account(AccountKind::Merchant, "canteen"),
        amount: Money::cny(1_200),
        movement: Movement::Post,
        purpose: Purpose::Sale,
        payment: Some(payment.id.clone()),
        ceiling: None,
    };
    let limit = Transfer {
        debit: account(AccountKind::Control, "merchant-day"),
        credit: account(AccountKind::Usage, "merchant-day:canteen"),
        ceiling: Some(9_000),
        purpose: Purpose::Limit,
        ..sale.clone()
    };
    let booked: Vec<_> =
        [sale, limit].into_iter().zip(3..).map(|(transfer, id)| Booked { id, transfer, at_ms: 5 }).collect();
    let mut records: Vec<AuditRecord> = Vec::new();
    for seq in 1..=7 {
        let evidence = match seq {
            5 => of_rows(&[of_payment(&body), ledger::of_transfers(&booked)]),
            _ => of_rows(&[]),
        };
        let event = AuditEvent {
            at_ms: seq as i64,
            actor: "host".to_owned(),
            action: "test".to_owned(),
            subject: "s".to_owned(),
            detail: json!({}),
            request: None,
        };
        let previous = records.last().map_or_else(audit::genesis, |record| record.hash.clone());
        records.push(AuditRecord::seal(seq, event, evidence, previous));
    }
    let hashes: Vec<_> = records.iter().map(|record| record.hash.clone()).collect();
    let first = SignedCheckpoint::sign(None, &hashes[..2], 10, key).unwrap();
    let second = SignedCheckpoint::sign(Some(&first.checkpoint), &hashes[2..], 20, key).unwrap();
    Bank { records, checkpoints: vec![first, second], booked, body }
}

impl Bank {
    fn proof(&self) -> CommitProof {
        let hashes: Vec<_> = self.records[2..].iter().map(|record| record.hash.clone()).collect();
        let inclusion = Inclusion::of(self.records[4].clone(), &hashes, self.checkpoints[1].clone()).unwrap();
        let transfers =
            vec![ShownTransfer::Shown(self.booked[0].clone()), ShownTransfer::Withheld(self.booked[1].digest())];
        CommitProof {
            inclusion,
            rows: vec![ShownRow::Payment { body: self.body.clone() }, ShownRow::Transfers(transfers)],
        }
    }
    fn receipt(&self, body: serde_json::Value, proof: CommitProof, key: &SigningKey) -> SignedDocument {
        SignedDocument::sign("receipt", "Xitai", 30, body, vec![proof], vec![key.public()], key)
    }
}

fn says() -> serde_json::Value {
    serde_json::to_value(Receipt::of(&payment())).unwrap()
}

#[test]
fn a_receipt_verifies_without_the_bank() {
    let key = key(1);
    let bank = bank(&key);
    let receipt = bank.receipt(says(), bank.proof(), &key);
    let text = serde_json::to_string(&receipt).unwrap();
    let read = SignedDocument::read(&text).unwrap();
    let checked = read.check(&[]).unwrap();
    assert_eq!((checked.audit_records, checked.checkpoints, checked.transfers), (vec![5], vec![2], vec![3]));
    assert_eq!(read.check(&[key.public()]).unwrap().key, key.public().id());
    assert!(!text.contains("merchant-day"), "what is withheld is not told");
    let another = self::key(2).public();
    assert_eq!(read.check(std::slice::from_ref(&another)), Err(Fault::Key(key.public().id())));
    read.check(&[another, key.public()]).unwrap();
}

#[test]
fn a_receipt_outlives_the_key_of_its_checkpoint() {
    let (old, new) = (key(1), key(2));
    let bank = bank(&old);
    let receipt = SignedDocument::sign("receipt", "Xitai", 30, says(), vec![bank.proof()], vec![old.public()], &new);
    receipt.check(&[old.public(), new.public()]).unwrap();
    assert_eq!(receipt.check(&[new.public()]), Err(Fault::Key(old.public().id())));
    let forgotten = SignedDocument::sign("receipt", "Xitai", 30, says(), vec![bank.proof()], vec![], &new);
    assert_eq!(forgotten.check(&[]), Err(Fault::Key(old.public().id())));
}

#[test]
fn no_byte_of_the_file_may_differ() {
    let key = key(1);
    let bank = bank(&key);
    let text = serde_json::to_string(&bank.receipt(says(), bank.proof(), &key)).unwrap();
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let checked = SignedDocument::read(&text).and_then(|read| read.check(&[]));
        assert!(checked.is_err(), "byte {at}, {}", &text[at.saturating_sub(20)..(at + 20).min(text.len())]);
    }
}

/// Whoever has the key can sign anything; the proofs still have to fit.
#[test]
fn a_signature_alone_proves_no_claim() {
    let key = key(1);
    let bank = bank(&key);
    let mut dearer = says();
    dearer["payable"]["minor"] = json!(120_000);
    let claim = bank.receipt(dearer, bank.proof(), &key).check(&[]);
    assert_eq!(claim, Err(Fault::Claim("the receipt's payable is not what the bank's record shows".to_owned())));
    let forge = |change: fn(&mut CommitProof)| {
        let mut proof = bank.proof();
        change(&mut proof);
        bank.receipt(says(), proof, &key).check(&[]).unwrap_err().to_string()
    };
    assert!(forge(|proof| drop(proof.rows.pop())).contains("not what the audit record is evidence of"));
    assert!(forge(|proof| proof.rows.swap(0, 1)).contains("not what the audit record is evidence of"));
    assert!(
        forge(|proof| {
            let ShownRow::Transfers(transfers) = &mut proof.rows[1] else { panic!() };
            let ShownTransfer::Shown(booked) = &mut transfers[0] else { panic!() };
            booked.transfer.amount.minor += 1;
        })
        .contains("not what the audit record is evidence of")
    );
    assert!(forge(|proof| proof.inclusion.record.event.at_ms += 1).contains("not what it was"));
    assert!(forge(|proof| proof.inclusion.path.reverse()).contains("not under its checkpoint"));
    assert!(forge(|proof| proof.inclusion.checkpoint.checkpoint.at_ms += 1).contains("signature"));
    assert!(
        forge(|proof| {
            // The whole record made anew, with a chain of its own.
            let record = &proof.inclusion.record;
            let (event, evidence) = (record.event.clone(), record.evidence.clone());
            proof.inclusion.record = AuditRecord::seal(5, event, evidence, Digest::of(b"elsewhere"));
        })
        .contains("not under its checkpoint")
    );
    let nothing = SignedDocument::sign("receipt", "Xitai", 30, says(), vec![], vec![], &key).check(&[]);
    assert!(matches!(nothing, Err(Fault::Claim(_))));
}

#[test]
fn a_witness_sees_that_checkpoints_follow_each_other() {
    let key = key(1);
    let bank = bank(&key);
    let [first, second] = &bank.checkpoints[..] else { panic!() };
    assert!(first.follows(None) && second.follows(Some(&first.checkpoint)));
    assert!(!second.follows(None) && !first.follows(Some(&second.checkpoint)));
    assert!(first.is_signed_by(&key.public()) && !first.is_signed_by(&self::key(2).public()));
    // The bank rewrites the first two records: the second checkpoint no longer follows what the witness has kept.
    let rewritten = SignedCheckpoint::sign(None, &[Digest::of(b"a"), Digest::of(b"b")], 10, &key).unwrap();
    assert!(!second.follows(Some(&rewritten.checkpoint)));
    assert_eq!(SignedCheckpoint::sign(Some(&second.checkpoint), &[], 30, &key), None);
}
