//! A database that an older release left goes on: nothing of it is lost, and it verifies as it did.

use crate::support::*;
use sqlx::Connection;
use xitai_model::audit::{AuditRecord, genesis};
use xitai_model::digest::Digest;
use xitai_model::ledger::{AccountKind, Balances, Movement, Transfer};
use xitai_model::proof::of_rows;

on_both!(a_database_of_the_first_form_goes_on);

const FIRST: &str = include_str!("../../migrations/0001_base.sql");

async fn a_database_of_the_first_form_goes_on(place: Place) {
    let words = if place.is_sqlite() {
        [("BYTES", "BLOB"), ("NUMBER_KEY", "INTEGER PRIMARY KEY"), (" TEXT", " TEXT")]
    } else {
        [("BYTES", "BYTEA"), ("NUMBER_KEY", "BIGINT PRIMARY KEY"), (" TEXT", " TEXT COLLATE \"C\"")]
    };
    let first = words.iter().fold(FIRST.to_owned(), |text, (portable, word)| text.replace(portable, word));
    // As the older release wrote it: two transfers, digested by the numbers of their accounts.
    let line = |id, credit, minor| format!("{id} 1 {credit} {minor} post 0 0 funding  {NOW_MS}\n");
    let evidence = Digest::of_parts(&[b"transfers", format!("{}{}", line(1, 2, 700), line(2, 3, 300)).as_bytes()]);
    let record = AuditRecord::seal(1, audit("test"), of_rows(&[evidence]), genesis());
    let event = &record.event;
    place.forge(&first).await;
    place
        .forge(&format!(
            "CREATE TABLE migration (number BIGINT PRIMARY KEY, digest TEXT NOT NULL);
             INSERT INTO migration VALUES (1, '{}');
             INSERT INTO account VALUES (1, 'treasury', 'core', 'CNY', 0, 1000, 0, 0),
                 (2, 'customer', 'wang', 'CNY', 0, 0, 0, 700), (3, 'customer', 'smith', 'CNY', 0, 0, 0, 300);
             INSERT INTO transfer VALUES (1, 1, 2, 700, 'post', NULL, NULL, 'funding', NULL, {NOW_MS}),
                 (2, 1, 3, 300, 'post', NULL, NULL, 'funding', NULL, {NOW_MS});
             INSERT INTO audit VALUES (1, {NOW_MS}, '{}', '{}', '{}', '{}', '{}',
                 '[{{\"transfers\":[1,2]}}]', '{}', '{}', '{}');
             UPDATE head SET audit_seq = 1, audit_hash = '{}', transfer = 2, account = 3;",
            Digest::of(FIRST.as_bytes()),
            event.actor,
            event.action,
            event.subject,
            event.detail,
            event.request.as_deref().unwrap_or_default(),
            record.evidence,
            record.previous,
            record.hash,
            record.hash,
        ))
        .await;
    let store = place.open().await;
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.audit_records, verdict.transfers, verdict.problem), (1, 2, None));
    let wang = account(AccountKind::Customer, "wang");
    assert_eq!(store.balances(&wang).await.unwrap(), Balances { credits_posted: 700, ..Balances::default() });
    let counted = Transfer {
        ceiling: Some(500),
        ..transfer(&account(AccountKind::Control, "day"), &account(AccountKind::Usage, "day:wang"), 500, Movement::Post)
    };
    let sale = transfer(&wang, &account(AccountKind::Merchant, "canteen"), 500, Movement::Post);
    store.commit(chain(vec![sale, counted])).await.unwrap();
    assert_eq!(store.audit_of_transfer(1).await.unwrap(), None);
    assert_eq!(store.audit_of_transfer(3).await.unwrap(), Some(2));
    assert_eq!(store.verify().await.unwrap().problem, None);
    // The table still refuses what the rules would never write.
    let mut forger = sqlx::AnyConnection::connect(&place.url).await.unwrap();
    for (kind, may) in [("customer", false), ("usage", false), ("control", true), ("transit", true)] {
        let owes = format!("INSERT INTO account VALUES (99, '{kind}', 'owes', 'CNY', 0, 1, 0, 0)");
        assert_eq!(sqlx::raw_sql(sqlx::AssertSqlSafe(owes)).execute(&mut forger).await.is_ok(), may, "{kind}");
        sqlx::raw_sql("DELETE FROM account WHERE id = 99").execute(&mut forger).await.unwrap();
    }
    forger.close().await.unwrap();
}
