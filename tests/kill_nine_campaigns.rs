//! `kill -9` of the whole host inside every movement of money beside payments: charges under a mandate, coupons claimed
//! and used, payouts, envelopes given and taken. What was acknowledged is there, and nothing is there twice.

use crate::kill_nine::{insist, insist_on_event, refresh};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use xitai_tests::campaign::{campaign, fen, now_ms};
use xitai_tests::desk::{DESK, heard, said};
use xitai_tests::{Bank, Customer, Database, Session, View};

/// Kills on each database.
const KILLS: u32 = 25;

#[test]
fn money_survives_kills_on_sqlite() {
    survive(Database::Sqlite);
}

#[test]
fn money_survives_kills_on_postgresql() {
    survive(Database::Postgres);
}

/// What was acknowledged of one kind of movement, in fen or in pieces.
type Worker = fn(&mut Session, &AtomicBool, &AtomicU64, &str) -> u64;

fn survive(database: Database) {
    let mut bank = Bank::desk_with(database, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let mut offer =
        campaign("kills", json!({"fixed": fen(3)}), &[("branch:suzhou", 50, 9_000), ("head-office", 50, 9_000)]);
    offer["each_customer"] = json!(4_000);
    bank.run_campaign(&offer);
    bank.earn("demo-95", "merchant:suzhou-canteen", 20_000);
    let filled = json!({"branch": "suzhou", "funder": "merchant:suzhou-canteen", "amount": fen(20_000), "key": "k"});
    bank.staff("dev-lin").caller.post(&format!("/api/v1/programs/{DESK}/budget"), &filled).ok();
    let people: Vec<Customer> = (1..=4).map(|n| bank.customer(&format!("demo-{n:02}"))).collect();
    let mut sessions: Vec<Session> = people.iter().map(Customer::desk).collect();
    let mandate = agreed(&mut sessions[0]);
    let subject = sessions[2].script(json!([{"do": "who"}]))[0].trim_start_matches("who:").to_owned();
    let work: [(Worker, String); 4] =
        [(charge, mandate.clone()), (claim_and_use, String::new()), (pay_out, subject), (give_and_take, String::new())];
    let (over, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
    let ended: Vec<(Session, u64)> = std::thread::scope(|scope| {
        let start = |(mut session, (worker, about)): (Session, (Worker, String))| {
            let (over, acknowledged) = (&over, &acknowledged);
            scope.spawn(move || {
                let mine = worker(&mut session, over, acknowledged, &about);
                (session, mine)
            })
        };
        let workers: Vec<_> = sessions.into_iter().zip(work).map(start).collect();
        for kill in 0..KILLS {
            let before = acknowledged.load(Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(80 + u64::from(kill) * 53 % 410));
            xitai_tests::eventually("work goes on between kills", Duration::from_secs(90), || {
                (acknowledged.load(Ordering::Relaxed) > before).then_some(())
            });
            bank.host().again();
        }
        over.store(true, Ordering::Relaxed);
        workers.into_iter().map(|worker| worker.join().expect("a worker")).collect()
    });
    check(&bank, &people, &ended.iter().map(|(_, mine)| *mine).collect::<Vec<_>>());
    for (session, _) in &ended {
        let replayed = bank.xitai(&["replay", &session.id, "--json"]).done().json();
        assert_eq!(replayed["same"], true, "the journal is whole: {replayed}");
    }
    println!("{KILLS} kills on {database:?}: {}", bank.verified());
}

fn check(bank: &Bank, people: &[Customer], acknowledged: &[u64]) {
    assert!(acknowledged.iter().all(|count| *count > 0), "each kind did something: {acknowledged:?}");
    let charged = people[0].caller.get("/api/v1/me/mandates").ok();
    assert_eq!(charged["mandates"][0]["used_in_period"]["minor"], acknowledged[0], "each charge once");
    let campaign = bank.staff("manager-wu").campaign("kills");
    let sum = |name: &str| -> i64 {
        campaign["funders"].as_array().expect("funders").iter().filter_map(|it| it[name]["minor"].as_i64()).sum()
    };
    assert_eq!((sum("spent"), sum("promised")), (3 * acknowledged[1] as i64, 0), "each coupon once, and used");
    assert_eq!(all(&people[2], "payouts").len() as u64, acknowledged[2], "each payout once");
    let given = all(&people[3], "envelopes");
    assert_eq!(given.len() as u64, acknowledged[3], "each envelope once");
    assert!(given.iter().all(|it| it["taken"] == 1), "and one share of each: {given:?}");
}

/// All pages of what is the customer's.
fn all(customer: &Customer, what: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = customer.caller.get(&format!("/api/v1/me/{what}{after}")).ok();
        found.extend(page[what].as_array().expect("a list").iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("?after={next}"),
            None => return found,
        }
    }
}

fn money(what: Value) -> Value {
    json!([{"do": "money", "what": what}])
}

fn agreed(desk: &mut Session) -> String {
    let until_ms = now_ms() + 3_600_000;
    let terms = json!({"propose": {"key": "k", "each": 1, "period": "year", "cap": 40_000, "until_ms": until_ms}});
    desk.script(money(terms));
    desk.answer(&[]);
    let said = |v: &View| heard(v).iter().find_map(|line| line.strip_prefix("sheet:agreed:").map(str::to_owned));
    desk.until("it is agreed", |v| said(v).is_some());
    said(&desk.view).expect("an id")
}

/// Runs a script until it is answered, and looks again where the host's own events came in between.
fn insist_on_script(session: &mut Session, commands: &Value) -> Vec<String> {
    insist_on(
        session,
        &json!({
            "type": "submitted", "form": "desk", "button": "run", "values": [["script", commands.to_string()]]
        }),
    );
    said(&session.view)
}
fn insist_on(session: &mut Session, event: &Value) {
    for _ in 0..20 {
        let answer = insist_on_event(session, event);
        if answer.status < 300 {
            return;
        }
        assert_eq!(answer.status, 409, "{}", answer.text());
        refresh(session);
    }
    panic!("the session never stands still");
}

fn charge(session: &mut Session, over: &AtomicBool, acknowledged: &AtomicU64, mandate: &str) -> u64 {
    let mut mine = 0;
    while !over.load(Ordering::Relaxed) {
        let what = json!({"charge": {"mandate": mandate, "minor": 1, "key": format!("c{mine}")}});
        let said = insist_on_script(session, &money(what));
        assert!(said[0].starts_with("charged:"), "{said:?}");
        mine += 1;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    mine
}

fn pay_out(session: &mut Session, over: &AtomicBool, acknowledged: &AtomicU64, to: &str) -> u64 {
    let mut mine = 0;
    while !over.load(Ordering::Relaxed) {
        let said =
            insist_on_script(session, &money(json!({"pay-out": {"to": to, "minor": 1, "key": format!("p{mine}")}})));
        assert!(said[0].starts_with("paid-out:"), "{said:?}");
        mine += 1;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    mine
}

/// Shows a button over `minor` that does `then`, taps it, and confirms the sheet that opens.
fn confirm(session: &mut Session, minor: i64, then: &Value) {
    insist_on_script(session, &json!([{"do": "button", "minor": minor, "then": then}]));
    insist_on(session, &json!({"type": "tapped", "id": "pay"}));
    let sheet = session.view.sheet().cloned().unwrap_or_else(|| panic!("a sheet: {:?}", said(&session.view)));
    let text = |name: &str| sheet[name].as_str().expect("a text").to_owned();
    let (ticket, digest) = (text("ticket"), text("digest"));
    std::thread::sleep(Duration::from_millis(530));
    let path = format!("/api/v1/sessions/{}/sheets/{ticket}", session.id);
    let body = json!({"device": session.device, "decision": "confirm", "digest": digest, "answers": []});
    let answer = insist(|| session.caller.try_post(&path, &body));
    assert!(answer.status < 300, "a confirmation is taken: {} {}", answer.status, answer.text());
    refresh(session);
}

fn claim_and_use(session: &mut Session, over: &AtomicBool, acknowledged: &AtomicU64, _: &str) -> u64 {
    let mut mine = 0;
    while !over.load(Ordering::Relaxed) {
        let said =
            insist_on_script(session, &money(json!({"claim": {"campaign": "kills", "key": format!("k{mine}")}})));
        let coupon = said[0].split(':').nth(1).unwrap_or_else(|| panic!("a coupon: {said:?}")).to_owned();
        acknowledged.fetch_add(1, Ordering::Relaxed);
        let key = format!("o{mine}");
        let then = json!([
            {"do": "request", "key": key, "minor": 4, "coupons": [coupon]}, {"do": "show", "key": key}
        ]);
        confirm(session, 1, &then);
        mine += 1;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    mine
}

fn give_and_take(session: &mut Session, over: &AtomicBool, acknowledged: &AtomicU64, _: &str) -> u64 {
    let mut mine = 0;
    while !over.load(Ordering::Relaxed) {
        let what = json!({"give": {"total": 2, "count": 2, "equal": true, "ttl_s": 3_600, "key": format!("g{mine}")}});
        let before = heard(&session.view).len();
        confirm(session, 2, &money(what));
        let newest = |v: &View| {
            heard(v).iter().skip(before).find_map(|line| line.strip_prefix("sheet:agreed:").map(str::to_owned))
        };
        let id = xitai_tests::eventually("the program hears of its envelope", Duration::from_secs(60), || {
            refresh(session);
            newest(&session.view)
        });
        let said = insist_on_script(session, &money(json!({"take": id})));
        assert_eq!(said, ["took:1"]);
        mine += 1;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    mine
}
