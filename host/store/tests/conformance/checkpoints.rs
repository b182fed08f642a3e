//! Signed checkpoints and the proofs under them, and every byte of the books behind the store's back.

use crate::support::*;
use xitai_model::checkpoint::SignedCheckpoint;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::ledger::{AccountKind, Movement, Purpose, Transfer};
use xitai_model::payment::Payment;
use xitai_model::proof::{Receipt, ShownRow, ShownTransfer, SignedDocument};
use xitai_model::record::{Noun, Record};
use xitai_model::signature::{PublishedKey, SigningKey};
use xitai_store::{Shows, Store};

on_both!(
    checkpoints_follow_each_other_and_the_first_of_two_counts,
    a_commit_is_proved_without_the_bank,
    no_byte_of_the_books_may_differ,
);

fn key(seed: u8) -> SigningKey {
    SigningKey::of_seed(&[seed; 32])
}

async fn publish(store: &Store, key: &SigningKey) {
    let public = key.public();
    let body = PublishedKey { id: public.id(), public, since_ms: NOW_MS };
    let record = Record::of(Noun::SigningKey, body.id.clone(), 1, &body);
    store.commit(commit(vec![], vec![Change::Record(record)])).await.unwrap();
}

fn checkpoint(signed: &SignedCheckpoint) -> Commit {
    commit(vec![], vec![Change::Checkpoint(Box::new(signed.clone()))])
}

async fn sign(store: &Store, key: &SigningKey) -> SignedCheckpoint {
    let signed = store.next_checkpoint(100, NOW_MS, key).await.unwrap().expect("there is something to sign");
    store.commit(checkpoint(&signed)).await.unwrap();
    signed
}

/// A sale under a limit, as a payment of its own.
async fn sold(store: &Store, name: &str) -> Payment {
    let customer = crate::people::customer(name);
    let opening = opening(Some(&customer.id));
    let wang = account(AccountKind::Customer, customer.id.as_str());
    store.commit(commit(vec![], vec![Change::Customer(Box::new(customer.clone()))])).await.unwrap();
    store.commit(open(&opening)).await.unwrap();
    store.commit(chain(vec![transfer(&treasury(), &wang, 5_000, Movement::Post)])).await.unwrap();
    let paid = payment(&opening.id, &customer.id, "order");
    let of_payment = |transfer| Transfer { payment: Some(paid.id.clone()), ..transfer };
    let sale = of_payment(transfer(&wang, &account(AccountKind::Merchant, "canteen"), 1_200, Movement::Post));
    let (control, used) = (account(AccountKind::Control, "day"), account(AccountKind::Usage, "day:1"));
    let mut counted = of_payment(transfer(&control, &used, 1_200, Movement::Pend { expires_ms: NOW_MS + 9 }));
    (counted.ceiling, counted.purpose) = (Some(9_000), Purpose::Limit);
    let changes =
        vec![Change::Payment(Box::new(paid.clone())), Change::Transfers { chain: vec![sale, counted], holds_of: None }];
    store.commit(commit(vec![], changes)).await.unwrap();
    paid
}

async fn checkpoints_follow_each_other_and_the_first_of_two_counts(place: Place) {
    let store = place.open().await;
    let key = key(1);
    assert_eq!(store.next_checkpoint(100, NOW_MS, &key).await.unwrap(), None);
    assert_eq!(store.unsigned_records().await.unwrap(), None);
    publish(&store, &key).await;
    sold(&store, "wang").await;
    assert_eq!(store.unsigned_records().await.unwrap(), Some((5, NOW_MS)));
    let (one, other) = (
        store.next_checkpoint(3, NOW_MS, &key).await.unwrap().unwrap(),
        store.next_checkpoint(100, NOW_MS + 1, &key).await.unwrap().unwrap(),
    );
    let (first, second) = tokio::join!(store.commit(checkpoint(&one)), store.commit(checkpoint(&other)));
    let lost = [&first, &second].into_iter().filter(|done| matches!(done, Err(CommitRefusal::Moved(_)))).count();
    assert_eq!(lost, 1, "{first:?} {second:?}");
    let won = store.newest_checkpoint().await.unwrap().unwrap();
    assert!(won == one || won == other);
    let next = sign(&store, &key).await;
    assert!(next.follows(Some(&won.checkpoint)));
    assert_eq!(store.checkpoints(0, 10).await.unwrap(), [won.clone(), next.clone()]);
    assert_eq!(store.checkpoints(1, 10).await.unwrap(), std::slice::from_ref(&next));
    assert_eq!(store.checkpoint_over(1).await.unwrap(), Some(won.clone()));
    assert_eq!(store.checkpoint_over(won.checkpoint.last_seq + 1).await.unwrap(), Some(next.clone()));
    assert_eq!(store.checkpoint_over(next.checkpoint.last_seq + 1).await.unwrap(), None);
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.checkpoints, verdict.unsigned_records, verdict.problem), (2, 1, None));
    // Whoever knows the key from elsewhere need not believe the database's.
    assert_eq!(store.verify_by(&[key.public()]).await.unwrap().problem, None);
    let problem = store.verify_by(&[self::key(2).public()]).await.unwrap().problem.unwrap();
    assert!(problem.starts_with("checkpoint 1: key"), "{problem}");
    let backup = place.dir.path().join("backup");
    store.backup(&backup).await.unwrap();
    let copy = place.another();
    Store::restore(copy.config(), &backup).await.unwrap();
    let restored = copy.open().await;
    assert_eq!(restored.verify().await.unwrap().checkpoints, 2);
    sign(&restored, &key).await;
    assert_eq!(restored.verify().await.unwrap().problem, None);
}

async fn a_commit_is_proved_without_the_bank(place: Place) {
    let store = place.open().await;
    let (old, new) = (key(1), key(2));
    publish(&store, &old).await;
    let paid = sold(&store, "wang").await;
    let shows = Shows {
        payment: &|id| id == paid.id.as_str(),
        transfer: &|booked| booked.transfer.debit.kind == AccountKind::Customer,
    };
    let seqs = store.audits_of_payment(&paid.id).await.unwrap();
    assert_eq!(seqs, [5]);
    assert_eq!(store.audit_of_transfer(2).await.unwrap(), Some(5));
    assert_eq!(store.commit_proof(5, &shows).await.unwrap(), None, "no checkpoint covers it yet");
    sign(&store, &old).await;
    for seq in 1..=5 {
        let proof = store.commit_proof(seq, &shows).await.unwrap().unwrap();
        let document =
            SignedDocument::sign("record", "Xitai", NOW_MS, serde_json::json!({}), vec![proof], vec![], &old);
        assert_eq!(document.check(&[]).unwrap().audit_records, [seq]);
    }
    assert_eq!(store.commit_proof(0, &shows).await.unwrap(), None);
    assert_eq!(store.commit_proof(99, &shows).await.unwrap(), None);
    // The key changes; what it signed is still checked by it.
    publish(&store, &new).await;
    sign(&store, &new).await;
    let proof = store.commit_proof(5, &shows).await.unwrap().unwrap();
    assert!(matches!(&proof.rows[..], [ShownRow::Payment { .. }, ShownRow::Transfers(transfers)]
        if matches!(transfers[..], [ShownTransfer::Shown(_), ShownTransfer::Withheld(_)])));
    let body = serde_json::to_value(Receipt::of(&paid)).unwrap();
    let receipt = SignedDocument::sign("receipt", "Xitai", NOW_MS, body, vec![proof], vec![old.public()], &new);
    assert_eq!(receipt.check(&[new.public(), old.public()]).unwrap().transfers, [2]);
    assert_eq!(store.verify().await.unwrap().problem, None);
    // A newer revision takes the older one's place: its own record proves it.
    let newer = Payment { revision: 2, ..paid.clone() };
    store.commit(commit(vec![], vec![Change::Payment(Box::new(newer))])).await.unwrap();
    assert_eq!(store.audits_of_payment(&paid.id).await.unwrap(), [9, 5]);
    let proof = store.commit_proof(5, &shows).await.unwrap().unwrap();
    assert!(matches!(proof.rows[0], ShownRow::Withheld(_)), "the older revision's text is gone, its digest is not");
}

/// Tables of the books and the trail; of `head` only the numbers of the books.
const TABLES: [(&str, &str, &[&str]); 8] = [
    ("head", "id", &["audit_seq", "audit_hash", "transfer", "account", "checkpoint"]),
    (
        "account",
        "id",
        &["id", "kind", "owner", "currency", "debits_pending", "debits_posted", "credits_pending", "credits_posted"],
    ),
    (
        "transfer",
        "id",
        &[
            "id",
            "debit",
            "credit",
            "minor",
            "movement",
            "pending",
            "expires_ms",
            "purpose",
            "payment",
            "at_ms",
            "ceiling",
            "audit",
        ],
    ),
    ("pending", "transfer", &["transfer", "remaining", "expires_ms"]),
    (
        "payment",
        "id",
        &["id", "revision", "program", "branch", "customer", "order_key", "updated_ms", "due_ms", "body", "audit"],
    ),
    (
        "audit",
        "seq",
        &[
            "seq",
            "at_ms",
            "actor",
            "action",
            "subject",
            "detail",
            "request",
            "evidence_rows",
            "evidence",
            "previous",
            "hash",
        ],
    ),
    ("checkpoint", "number", &["number", "last_seq", "body", "signature"]),
    ("record", "id", &["noun", "id", "version", "body"]),
];
const TEXTS: &[&str] = &[
    "audit_hash",
    "kind",
    "owner",
    "currency",
    "movement",
    "purpose",
    "payment",
    "program",
    "branch",
    "customer",
    "order_key",
    "body",
    "actor",
    "action",
    "subject",
    "detail",
    "request",
    "evidence_rows",
    "evidence",
    "previous",
    "hash",
    "signature",
    "noun",
];

/// A value with something of it changed: a number by one, a text by one character at the beginning, in the middle and
/// at the end.
fn changed(table: &str, column: &str) -> Vec<String> {
    let is_text = TEXTS.contains(&column) || column == "id" && matches!(table, "payment" | "record");
    let at = |place: &str| {
        format!(
            "substr({column}, 1, {place} - 1) || CASE WHEN substr({column}, {place}, 1) = '1' THEN '2' ELSE '1' END \
             || substr({column}, {place} + 1)"
        )
    };
    match is_text {
        true => ["1", "(length({column}) + 1) / 2", "length({column})"]
            .map(|place| at(&place.replace("{column}", column)))
            .to_vec(),
        false => vec![format!("{column} + 1")],
    }
}

async fn no_byte_of_the_books_may_differ(place: Place) {
    let store = place.open().await;
    let key = key(1);
    publish(&store, &key).await;
    for name in ["wang", "smith"] {
        sold(&store, name).await;
        sign(&store, &key).await;
    }
    // What counts towards the first day is posted in part, so that each column has a value somewhere.
    let (control, used) = (account(AccountKind::Control, "day"), account(AccountKind::Usage, "day:1"));
    let part = transfer(&control, &used, 200, Movement::PostPending { pending: 3, keep_rest: true });
    store.commit(chain(vec![part])).await.unwrap();
    assert_eq!(store.verify().await.unwrap().problem, None);
    let (mut tried, mut refused) = (0, 0);
    for (table, row, columns) in TABLES {
        place.forge(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
        for column in columns {
            for value in changed(table, column) {
                // The first and the last row that have a value there.
                for which in ["MIN", "MAX"] {
                    let forgery = format!(
                        "UPDATE {table} SET {column} = {value} \
                         WHERE {row} = (SELECT {which}({row}) FROM {table} WHERE {column} IS NOT NULL)"
                    );
                    match place.try_forge(&forgery).await {
                        Ok(0) => panic!("{table}.{column} has no value to change"),
                        Ok(_) => {}
                        // The table's own CHECK or key was in the way.
                        Err(_) => {
                            refused += 1;
                            continue;
                        }
                    }
                    tried += 1;
                    let problem = store.verify().await.unwrap().problem;
                    assert!(problem.is_some(), "{forgery} is not noticed");
                    place.forge(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept")).await;
                }
            }
        }
        place.forge("DROP TABLE kept").await;
    }
    assert_eq!(store.verify().await.unwrap().problem, None);
    assert!(tried > 100 && refused < 30, "{tried} forgeries, {refused} of them refused by the tables");
}
