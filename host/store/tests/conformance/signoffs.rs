//! Nobody signs what they made, and nobody twice: held by the database itself, whatever the code above it does.

use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal, LogLine, SignoffMade};
use xitai_model::digest::Digest;
use xitai_model::ids::{ReleaseId, StaffId};
use xitai_model::release::{Decision, Signoff};
use xitai_model::review::Desk;

on_both!(the_maker_is_never_the_checker, a_person_signs_once_in_a_round);

fn made(account: &str, person: &str, round: u32, decision: Decision) -> Change {
    let signoff = Signoff {
        by: StaffId::parse(account).unwrap(),
        person: person.to_owned(),
        decision,
        package: Digest::of(b"package"),
        note: String::new(),
        at_ms: NOW_MS,
        desk: Desk::Review,
        round,
    };
    let release = ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap();
    Change::Signoff(Box::new(SignoffMade { release, maker: "Lin".to_owned(), signoff }))
}

async fn refused(place: &Place, change: Change) -> bool {
    let store = place.open().await;
    let trace = Change::Log(LogLine {
        program: program(),
        version: "1.0.0".into(),
        branch: branch(),
        session: None,
        at_ms: NOW_MS,
        level: "info".into(),
        code: String::new(),
        text: "beside it".into(),
    });
    let refusal = store.commit(commit(vec![], vec![trace, change])).await;
    matches!(refusal, Err(CommitRefusal::Moved(_)))
}

async fn the_maker_is_never_the_checker(place: Place) {
    for account in ["lin", "lin-at-head-office"] {
        assert!(refused(&place, made(account, "Lin", 0, Decision::Approve)).await, "{account}");
    }
    // Nothing of the refused commits is left, and others go on.
    let store = place.open().await;
    assert_eq!(store.logs(&program(), None, 10).await.unwrap(), []);
    store.commit(commit(vec![], vec![made("chen", "Chen", 0, Decision::Approve)])).await.unwrap();
}

async fn a_person_signs_once_in_a_round(place: Place) {
    let store = place.open().await;
    store.commit(commit(vec![], vec![made("chen", "Chen", 0, Decision::Approve)])).await.unwrap();
    assert!(refused(&place, made("chen-too", "Chen", 0, Decision::Approve)).await);
    // Whoever approved may still send it back, and an appeal is another round.
    store.commit(commit(vec![], vec![made("chen", "Chen", 0, Decision::Return)])).await.unwrap();
    store.commit(commit(vec![], vec![made("chen", "Chen", 1, Decision::Approve)])).await.unwrap();
}
