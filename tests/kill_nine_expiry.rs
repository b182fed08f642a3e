//! `kill -9` where nobody asks for anything: while campaigns are funded and stopped, and while coupons and red envelopes
//! run out. Each fen is back where it came from, once.

use crate::gifts::given;
use crate::kill_nine::insist;
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use xitai_tests::bank::DEMO_MONEY_MINOR;
use xitai_tests::campaign::{campaign, fen, now_ms};
use xitai_tests::{Answer, Bank, Caller, Database, eventually};

const PATIENCE: Duration = Duration::from_secs(90);
const KILLS: u64 = 12;
/// What the branch has to give.
const FUND: i64 = 1_000;

#[test]
fn campaigns_are_funded_and_stopped_through_kills_on_sqlite() {
    funded_and_stopped(Database::Sqlite);
}

#[test]
fn campaigns_are_funded_and_stopped_through_kills_on_postgresql() {
    funded_and_stopped(Database::Postgres);
}

fn post(who: &Caller, path: &str, body: &serde_json::Value) -> Answer {
    insist(|| who.try_post(path, body))
}

/// One campaign after the other takes all that the branch has, and is stopped at once.
fn funded_and_stopped(database: Database) {
    let mut bank = Bank::desk_with(database, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    bank.earn("demo-90", "branch:suzhou", FUND);
    let (maker, checker) = (bank.staff("operator-qian").caller, bank.staff("canteen-zhou").caller);
    let (over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let id = format!("stopped-{}", done.load(Ordering::Relaxed));
                takes_all(&maker, &checker, &id);
                let steps = format!("/api/v1/campaigns/{id}/steps");
                let stopped = post(&maker, &steps, &json!({"step": "stop", "reason": "enough"}));
                // A lost answer is asked for again, and then it is stopped already.
                assert!(stopped.status < 300 || stopped.status == 409, "{}", stopped.text());
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
        for kill in 0..KILLS {
            let before = done.load(Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(20 + kill * 37 % 210));
            bank.host().again();
            eventually("work goes on between kills", PATIENCE, || {
                (done.load(Ordering::Relaxed) > before).then_some(())
            });
        }
        over.store(true, Ordering::Relaxed);
        worker.join().expect("the worker");
    });
    let manager = bank.staff("manager-wu");
    for number in 0..done.load(Ordering::Relaxed) {
        let left = |name: &str| manager.campaign(&format!("stopped-{number}"))["funders"][0][name]["minor"].clone();
        eventually("nothing stays in a stopped campaign", PATIENCE, || {
            (left("left") == 0 && left("promised") == 0).then_some(())
        });
    }
    // All of it is the branch's again, and not one fen more.
    let mut more = campaign("more", json!({"fixed": fen(1)}), &[("branch:suzhou", 100, FUND + 1)]);
    more["until_ms"] = json!(now_ms() + 3_600_000);
    bank.staff("operator-qian").propose_campaign(&more).ok();
    bank.staff("canteen-zhou").accept_campaign("more", "branch:suzhou").refused(409, "ledger.insufficient-funds");
    takes_all(&maker, &checker, "whole");
    println!("{KILLS} kills on {database:?}: {}", bank.verified());
}

/// Proposes a campaign over all that the branch has, and accepts it as soon as the money is there.
fn takes_all(maker: &Caller, checker: &Caller, id: &str) {
    let offer = campaign(id, json!({"fixed": fen(1)}), &[("branch:suzhou", 100, FUND)]);
    let proposed = post(maker, "/api/v1/campaigns", &offer);
    assert!(proposed.status < 300 || proposed.status == 409, "{}", proposed.text());
    let steps = format!("/api/v1/campaigns/{id}/steps");
    eventually("the branch's money is there", PATIENCE, || {
        let answer = post(checker, &steps, &json!({"step": "accept", "funder": "branch:suzhou"}));
        let code = if answer.status < 300 { String::new() } else { answer.json()["code"].as_str()?.to_owned() };
        // Accepted before, and the answer was lost.
        let is_done = matches!(code.as_str(), "" | "campaign.same-person" | "campaign.state");
        assert!(is_done || code == "ledger.insufficient-funds", "{}", answer.text());
        is_done.then_some(())
    });
}

#[test]
fn coupons_and_envelopes_run_out_through_kills_on_sqlite() {
    run_out(Database::Sqlite);
}

#[test]
fn coupons_and_envelopes_run_out_through_kills_on_postgresql() {
    run_out(Database::Postgres);
}

fn run_out(database: Database) {
    let mut bank = Bank::desk_with(database, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let mut offer = campaign("short", json!({"fixed": fen(10)}), &[("branch:suzhou", 100, FUND)]);
    offer["each_customer"] = json!(50);
    bank.run_campaign(&offer);
    let customer = bank.customer("demo-01");
    let mut desk = customer.desk();
    for number in 0..40 {
        let claim = json!({"claim": {"campaign": "short", "key": format!("k{number}")}});
        let claimed = desk.script(json!([{"do": "money", "what": claim}]));
        assert!(!claimed[0].starts_with("refused:"), "{claimed:?}");
    }
    for number in 0..8 {
        given(&mut desk, 600, 3, false, 3_600, &format!("g{number}"));
    }
    let before = bank.staff("manager-wu").campaign("short")["funders"][0].clone();
    assert_eq!((&before["promised"]["minor"], &before["left"]["minor"]), (&json!(400), &json!(600)));
    // Everything runs out while the host dies again and again.
    bank.host().again_at("+2h");
    for turn in 0..KILLS {
        bank.host().again_unready();
        std::thread::sleep(Duration::from_millis(250 + 60 * turn));
    }
    bank.host().again();
    let manager = bank.staff("manager-wu");
    eventually("what was promised goes back to its funder", PATIENCE, || {
        let funder = manager.campaign("short")["funders"][0].clone();
        (funder["promised"]["minor"] == 0 && funder["left"]["minor"] == 0).then_some(())
    });
    let customer = bank.customer("demo-01");
    eventually("what nobody took goes back to who gave it", PATIENCE, || {
        let given = customer.caller.get("/api/v1/me/envelopes").ok()["envelopes"].as_array()?.clone();
        (given.len() == 8 && given.iter().all(|it| it["state"] == "over")).then_some(())
    });
    // The customer can spend all of it, to the last fen; so can the branch.
    let mut desk = customer.desk();
    desk.pays("all", DEMO_MONEY_MINOR);
    assert_eq!(customer.payment_under("all")["status"], "settled");
    let mut whole = campaign("whole", json!({"fixed": fen(1)}), &[("branch:suzhou", 100, FUND)]);
    whole["until_ms"] = json!(now_ms() + 4 * 3_600_000);
    bank.staff("operator-qian").propose_campaign(&whole).ok();
    bank.staff("canteen-zhou").accept_campaign("whole", "branch:suzhou").ok();
    println!("{KILLS} kills on {database:?}: {}", bank.verified());
}
