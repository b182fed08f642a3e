//! The same program in three languages: the same screens, the same money, the same data; and a language that behaves
//! on the stage.

use serde_json::{Value, json};
use xitai_tests::{Bank, Session, package};

const LANGUAGES: [&str; 3] = ["rust", "ts", "python"];

/// Everything that the shop shows to two customers and a clerk, and what the bank has of it afterwards.
fn performance(bank: &Bank, program: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    let mut clerk = bank.staff("clerk-he").open(program);
    let mut wang = bank.customer("wang").open(program);
    seen.push(wang.view.0["screen"].clone());
    for good in ["add-tea", "add-bun", "add-bun"] {
        wang.tap(good);
        seen.push(wang.view.0["screen"].clone());
    }
    wang.tap("pay");
    seen.push(wang.view.0["screen"].clone());
    wang.confirm();
    wang.until("the number to pick up by", |v| v.shows("A001"));
    seen.push(wang.view.0["screen"].clone());
    seen.push(wang.view.0["effects"].clone());
    clerk.until("the order is at the counter", |v| v.node("done-1").is_some());
    seen.push(clerk.view.0["screen"].clone());
    clerk.tap("done-1");
    seen.push(clerk.view.0["screen"].clone());

    let mut smith = bank.customer("smith").open_with(program, json!({"locale": "en"}));
    smith.tap("add-soy");
    smith.tap("pay");
    smith.decline();
    seen.push(smith.view.0["screen"].clone());
    seen.push(bank.customer("wang").open(program).view.0["screen"].clone());
    seen.extend(["wang", "smith"].map(|who| newest_payment(bank, who)));
    seen.extend([&wang, &smith].map(|session| replayed(bank, session)));
    seen
}

/// What was asked for, without the bank's own numbers.
fn newest_payment(bank: &Bank, who: &str) -> Value {
    let customer = bank.customer(who);
    let newest = customer.payments().swap_remove(0);
    let whole = customer.payment(newest["id"].as_str().expect("an id"));
    ["key", "status", "amount", "payable", "purpose", "lines", "captured"]
        .iter()
        .map(|n| (*n, whole[n].clone()))
        .collect()
}

/// How many steps a session took, all of which are performed again byte for byte.
fn replayed(bank: &Bank, session: &Session) -> Value {
    let document = bank.xitai(&["replay", &session.id, "--json"]).done().json();
    assert_eq!(document["same"], true, "{document:#}");
    json!(document["steps"].as_array().map(Vec::len))
}

#[test]
fn the_same_shop_in_three_languages_is_the_same() {
    let bank = Bank::start();
    let performed = LANGUAGES.map(|lang| {
        let id = format!("cn.bank.suzhou.shop-{lang}");
        bank.perform_release(&id, "0.1.0", &package::new_program(&id, lang, "shop", &[]));
        performance(&bank, &id)
    });
    let [rust, rest @ ..] = performed;
    assert!(rust.iter().any(|seen| seen.to_string().contains("2500")), "the order was paid: {rust:#?}");
    for (lang, other) in LANGUAGES[1..].iter().zip(rest) {
        assert_eq!(other.len(), rust.len(), "{lang}");
        for (at, (seen, wanted)) in other.iter().zip(&rust).enumerate() {
            assert_eq!(seen, wanted, "{lang} at {at}");
        }
    }
    bank.verified();
}

#[track_caller]
fn drawn(session: &Session, what: &str) -> String {
    let node = session.view.node(what).unwrap_or_else(|| panic!("{what}: {:#}", session.view.0));
    node["element"]["paragraph"].as_str().expect("a paragraph").to_owned()
}

fn time_and_chance(lang: &str, file: &str, source: &str) {
    let bank = Bank::start();
    let id = format!("cn.bank.suzhou.chance-{lang}");
    bank.perform_release(&id, "0.1.0", &package::new_program(&id, lang, "blank", &[(file, source)]));
    let mut first = bank.customer("wang").open(&id);
    let second = bank.customer("smith").open(&id);
    let today = drawn(&first, "now")[..13].to_owned();
    for what in ["key", "number", "generator"] {
        assert_ne!(drawn(&first, what), drawn(&second, what), "{lang}: {what} of two customers");
    }
    assert!(drawn(&first, "early").contains("constant of the build"), "{lang}: {}", drawn(&first, "early"));
    let changing = ["key", "number", "generator", "now"];
    let before = changing.map(|what| drawn(&first, what));
    first.tap("again");
    for (what, before) in changing.iter().zip(before) {
        assert_ne!(drawn(&first, what), before, "{lang}: {what} of two events");
    }
    assert_eq!(drawn(&first, "kept"), "a é 戏 👋", "{lang}: what the state brought");
    for clock in ["now", "clock"] {
        assert!(drawn(&first, clock).starts_with(&today[..10]), "{lang}: the host's day by {clock}");
    }
    let year = &drawn(&first, "now")[..4];
    assert!(year >= "2026", "{lang}: the host's clock, not the build's: {year}");

    let broken = first.try_tap("break");
    broken.refused(503, "program.failed");
    assert_eq!(replayed(&bank, &first), json!(2), "{lang}");
    let logs = bank.staff("dev-lin").caller.get(&format!("/api/v1/publisher/programs/{id}/logs")).text();
    for said in ["about to break", "program.exception", "TypeError: broken after 0", "broken (", "program."] {
        assert!(logs.contains(said), "{lang}: {said} in {logs}");
    }
}

#[test]
fn a_typescript_program_draws_what_the_host_gives_and_fails_with_its_line() {
    time_and_chance("ts", "src/program.ts", include_str!("guests/chance/program.ts"));
}

#[test]
fn a_python_program_draws_what_the_host_gives_and_fails_with_its_line() {
    time_and_chance("python", "src/program.py", include_str!("guests/chance/program.py"));
}
