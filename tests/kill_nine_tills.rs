//! `kill -9` at the till and in the books: inside payments by a code, cash, what the bank advances, and corrections. What
//! was acknowledged is there, nothing is there twice.

use crate::books::{a_day_of_sales, paid_out};
use crate::kill_nine_money::{event, get, killed, post, refresh, script};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use xitai_tests::desk::{DESK, MERCHANT};
use xitai_tests::{Bank, Caller, Database, Session, eventually};

const KILLS: u32 = 8;
/// What the contract of the test says of each sale: one percent.
const FEE: fn(i64) -> i64 = |minor| (minor * 100 + 5_000) / 10_000;

fn cny(minor: i64) -> Value {
    json!({"minor": minor, "currency": "CNY"})
}
fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_else(|| panic!("{name}: {of}")).to_owned()
}

struct People {
    customer: Caller,
    till: Caller,
    clerk: Caller,
}

/// A payment by the customer's code, and half of it back.
fn by_code(people: &People, n: u64) -> String {
    let code = text(&post(&people.customer, "/api/v1/me/pay-code", &json!({})).ok(), "text");
    let ask = json!({"code": code, "amount": cny(200), "purpose": "tea", "key": format!("code-{n}")});
    let payment = text(&post(&people.till, &format!("/api/v1/pay-codes/{MERCHANT}"), &ask).ok(), "id");
    let here = format!("/api/v1/me/direct-payments/{payment}");
    let digest = get(&people.customer, &here)["digest"].clone();
    std::thread::sleep(Duration::from_millis(530));
    let decided =
        post(&people.customer, &format!("{here}/decision"), &json!({"decision": "confirm", "digest": digest}));
    assert_eq!(decided.ok()["status"], "settled");
    let back = json!({"amount": cny(100), "reason": "cold", "key": format!("back-{n}")});
    post(&people.till, &format!("/api/v1/pay-codes/{MERCHANT}/{payment}/refunds"), &back).ok();
    payment
}

/// A payment in cash, counted by the clerk.
fn in_cash(people: &People, session: &mut Session, n: u64) -> String {
    let (key, minor) = (format!("coins-{n}"), 1_000);
    let then = json!([{"do": "request", "key": key, "minor": minor}, {"do": "show", "key": key}]);
    script(session, &json!([{"do": "button", "minor": minor, "then": then}]));
    event(session, &json!({"type": "tapped", "id": "pay"}));
    let sheet = |session: &Session| {
        let sheet = session.view.sheet().cloned().expect("a sheet");
        (text(&sheet, "ticket"), text(&sheet, "digest"))
    };
    let (ticket, _) = sheet(session);
    let path = format!("/api/v1/sessions/{}/sheets/{ticket}", session.id);
    crate::kill_nine_money::insist("the tender", || {
        let cash = json!({"tender": "cash"}).to_string().into_bytes();
        people.customer.try_send("PUT", &format!("{path}/tender"), "application/json", cash)
    })
    .ok();
    refresh(session);
    let (_, digest) = sheet(session);
    std::thread::sleep(Duration::from_millis(530));
    let confirm = json!({"device": session.device, "decision": "confirm", "digest": digest});
    post(&people.customer, &path, &confirm);
    refresh(session);
    let all = get(&people.customer, "/api/v1/me/payments");
    let all = all["payments"].as_array().expect("payments").clone();
    let payment = text(all.iter().find(|it| it["key"] == json!(key)).expect("the payment"), "id");
    let list = get(&people.clerk, &format!("/api/v1/merchants/{MERCHANT}/cash"));
    let due = list["cash"].as_array().expect("cash").iter().find(|it| it["payment"] == json!(payment)).cloned();
    let due = text(&due.expect("it is due"), "id");
    post(&people.clerk, &format!("/api/v1/cash/{due}/received"), &json!({})).ok();
    payment
}

/// The merchant was paid out and has nothing: each fee and each refund that it lacks is lent, and no fen twice.
#[test]
fn codes_cash_and_what_is_advanced_survive_being_killed_in_the_middle() {
    let mut bank = Bank::desk_with(Database::Sqlite, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let rate = json!({"basis_points": 100, "advance_minor": 1_000_000});
    let terms = json!({"terms": {"rates": {"CNY": rate}, "cash": "charged", "on_refund": "kept"}});
    bank.agree(&format!("/api/v1/merchants/{MERCHANT}/contract"), &terms);
    a_day_of_sales(&bank);
    bank.host().again_at("+2d");
    paid_out(&bank);
    let people =
        People { customer: bank.sign_in("wang"), till: bank.sign_in("dev-lin"), clerk: bank.sign_in("clerk-he") };
    // Money back of what was paid out already: all of it is lent.
    let first = text(&bank.customer("wang").payment_under("second"), "id");
    let mut desk = bank.staff("canteen-zhou").open(DESK);
    let mut session = bank.customer("wang").desk();
    let (over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let (codes, coins, lent) = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let (mut codes, mut coins, mut lent) = (Vec::new(), Vec::new(), 0);
            for n in 1.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                script(&mut desk, &json!([{"do": "refund", "id": first, "minor": 7, "key": format!("lent-{n}")}]));
                lent += 7;
                coins.push(in_cash(&people, &mut session, n));
                codes.push(by_code(&people, n));
                done.fetch_add(1, Ordering::Relaxed);
            }
            (codes, coins, lent)
        });
        killed(bank.host(), KILLS, &done);
        over.store(true, Ordering::Relaxed);
        worker.join().expect("the worker")
    });
    let each = i64::try_from(codes.len()).expect("a few");
    for id in codes.iter().chain(&coins) {
        assert_eq!(get(&people.customer, &format!("/api/v1/me/payments/{id}"))["status"], "settled", "{id}");
    }
    for id in &codes {
        assert_eq!(get(&people.customer, &format!("/api/v1/me/payments/{id}"))["refunded"]["minor"], 100, "{id}");
    }
    assert_eq!(get(&people.customer, &format!("/api/v1/me/payments/{first}"))["refunded"]["minor"], lent);
    let merchant = get(&people.till, &format!("/api/v1/merchants/{MERCHANT}"));
    let cny = merchant["balances"].as_array().expect("balances").iter().find(|it| it["currency"] == "CNY");
    // What it has, less what it owes: fees of both, half of what the codes brought, less what went back.
    let has = each * (200 - FEE(200) - 100 - FEE(1_000)) - lent;
    assert_eq!(cny.expect("CNY")["minor"], has, "{each} rounds, {lent} lent: {merchant}");
    println!("{KILLS} kills, {each} rounds at the till: {}", bank.verified());
}

/// Two people put breaks right while the host dies under them: each is booked once.
#[test]
fn corrections_survive_being_killed_in_the_middle() {
    const SALES: usize = 24;
    let mut bank = Bank::desk_on(Database::Postgres);
    let mut session = bank.customer("wang").desk();
    for n in 0..SALES {
        session.pays(&format!("sale-{n}"), 100);
    }
    let sql = |bank: &Bank, text: &str| bank.postgres.as_ref().expect("PostgreSQL").sql("bank", text).expect("SQL");
    let captured = |minor: i64| format!("\"captured\":{{\"minor\":{minor},");
    let forge = |bank: &Bank, from: i64, to: i64| {
        sql(bank, &format!("UPDATE payment SET body = replace(body, '{}', '{}')", captured(from), captured(to)));
    };
    forge(&bank, 100, 103);
    bank.host().again_at("+2d");
    let (manager, reviewer) = (bank.sign_in("manager-wu"), bank.sign_in("reviewer-chen"));
    let found = eventually("the breaks are found", Duration::from_secs(120), || {
        let all = manager.get("/api/v1/breaks").ok()["breaks"].as_array()?.clone();
        (all.len() >= SALES).then_some(all)
    });
    let done = AtomicU64::new(0);
    let work = |one: &Value| {
        let here = format!("/api/v1/breaks/{}", text(one, "id"));
        let account = |kind: &str| {
            let all = one["accounts"].as_array().expect("accounts");
            all.iter().find(|it| it.as_str().is_some_and(|it| it.starts_with(kind))).expect("its account").clone()
        };
        let correction = json!({
            "debit": account("treasury/"), "credit": account("suspense/"), "minor": 3, "currency": "CNY",
            "reason": "captured 0.03 more",
        });
        let waiting = post(&manager, &format!("{here}/corrections"), &correction).ok();
        let approve = json!({"decision": "approve", "digest": waiting["proposed"]["digest"]});
        let answer = post(&reviewer, &format!("{here}/decisions"), &approve);
        // An answer that was lost is asked for again, and finds it closed.
        assert!(answer.status < 300 || answer.code() == "break.closed", "{}", answer.text());
        done.fetch_add(1, Ordering::Relaxed);
    };
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| found.iter().for_each(work));
        let mut kill = 0_u64;
        while !worker.is_finished() {
            // After every few of them, a little later each time, however fast the machine is.
            if done.load(Ordering::Relaxed) < 4 * kill + 2 {
                std::thread::sleep(Duration::from_millis(2));
                continue;
            }
            std::thread::sleep(Duration::from_millis(7 * kill));
            bank.host().again();
            kill += 1;
        }
        worker.join().expect("the worker");
        assert!(kill > 1, "it was killed while they worked");
    });
    assert_eq!(done.load(Ordering::Relaxed), found.len() as u64);
    assert_eq!(bank.sign_in("manager-wu").get("/api/v1/breaks").ok()["breaks"], json!([]), "none is open");
    let booked = sql(&bank, "SELECT count(*) || ' ' || sum(minor) FROM transfer WHERE purpose = 'correction'");
    assert_eq!(booked, format!("{} {}", found.len(), 3 * found.len()), "each once");
    forge(&bank, 103, 100);
    bank.verified();
}
