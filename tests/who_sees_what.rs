//! Whoever a program runs for: no function of the contract shows it anything of another program or another customer.
//!
//! The functions are read from `wit/`: one that the desk can't call fails the test, so a new one is covered or missed.
//! Each is called by program A for customer X with every name and id that others have, after others have left their
//! marks wherever a program can leave something.

use serde_json::{Value, json};
use std::path::Path;
use xitai_tests::content::draft;
use xitai_tests::desk::{asked, heard, package};
use xitai_tests::package::as_program;
use xitai_tests::{Bank, Session};

/// The same program under another name: what is its own, the desk must not see.
const OTHER: &str = "cn.bank.suzhou.desk-b";
/// What nobody but its owner may be shown.
const OF_OTHER_PROGRAM: &str = "mark-of-another-program";
const OF_OTHER_CUSTOMER: &str = "mark-of-another-customer";
/// Under one name everywhere, so that a missing owner in a key is found.
const KEY: &str = "secret";

/// `interface.function` of everything that a program may import.
fn functions() -> Vec<String> {
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    let world = std::fs::read_to_string(wit.join("platform.wit")).expect("the world");
    let imported =
        |interface: &str| world.lines().any(|line| line.contains("import") && line.contains(&format!("/{interface}@")));
    let mut all = Vec::new();
    for package in std::fs::read_dir(wit.join("deps")).expect("packages").flatten() {
        for file in std::fs::read_dir(package.path()).expect("files").flatten() {
            let text = std::fs::read_to_string(file.path()).expect("a file of the contract");
            let mut interface = String::new();
            for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
                if let Some(rest) = line.strip_prefix("interface ") {
                    interface = rest.trim_end_matches('{').trim().to_owned();
                }
                if let Some((name, _)) = line.split_once(": func(")
                    && imported(&interface)
                {
                    all.push(format!("{interface}.{name}"));
                }
            }
        }
    }
    all.sort();
    all
}

fn identity(what: Value) -> Value {
    json!([{"do": "identity", "what": what}])
}

/// Leaves a mark wherever a program can leave something for a customer; the ids of what was made.
fn leave_marks(session: &mut Session, mark: &str, product: &str, shares: bool) -> Vec<String> {
    let mut ids = Vec::new();
    session.script(json!([{"do": "keep", "key": KEY, "value": mark}]));
    if shares {
        let of_all = json!([
            {"do": "share", "key": KEY, "value": mark},
            {"do": "add", "name": KEY, "delta": 424_242, "at_least": 0, "at_most": 1_000_000},
        ]);
        session.script(of_all);
    }
    let paid = session.script(json!([{"do": "request", "key": KEY, "minor": 100, "purpose": mark}]));
    ids.push(asked(&paid, KEY).0);
    session.script(identity(json!({"do": "ask-claims", "claims": ["legal-name"], "purpose": mark})));
    session.answer(&[("legal-name", "yes")]);
    session.until("a consent", |v| heard(v).iter().any(|line| line.starts_with("sheet:agreed:")));
    let line =
        heard(&session.view).into_iter().rev().find(|line| line.starts_with("sheet:agreed:")).expect("a consent");
    ids.push(line.trim_start_matches("sheet:agreed:").to_owned());
    session.script(identity(json!({"do": "read-claims", "consent": ids.last()})));
    session.script(identity(json!({"do": "propose", "product": product, "key": KEY})));
    if session.view.sheet().is_some() {
        session.decline();
    }
    let own = session.caller.get("/api/v1/me/agreements").ok();
    ids.extend(
        own["agreements"].as_array().into_iter().flatten().filter_map(|it| it["id"].as_str().map(str::to_owned)),
    );
    let complained = session.script(json!([{"do": "content", "what": {"complain": {"text": mark, "key": KEY}}}]));
    ids.extend(complained.iter().filter_map(|line| line.strip_prefix("complaint:").map(str::to_owned)));
    let field = session.script(json!([{"do": "field", "name": "f", "kind": "identity-number"}]));
    ids.extend(field.iter().filter_map(|line| line.strip_prefix("field:f:").map(str::to_owned)));
    session.script(json!([
        {"do": "reach", "what": {"note": {"purpose": "tests of the platform", "text": mark, "key": KEY}}},
        {"do": "wake", "ms": 3_600_000, "key": KEY},
    ]));
    ids.extend(
        session.script(json!([{"do": "who"}])).iter().filter_map(|line| line.strip_prefix("who:").map(str::to_owned)),
    );
    ids
}

/// Calls every function with the words, and gives back all that the program and its page were told.
fn call_all(session: &mut Session, functions: &[String], words: &[&str]) -> String {
    let mut told = String::new();
    for some in functions.chunks(12) {
        let script: Vec<Value> =
            some.iter().map(|function| json!({"do": "ask", "function": function, "words": words})).collect();
        for line in session.script(json!(script)) {
            told.push_str(&line);
            told.push('\n');
        }
        told.push_str(&session.view.0.to_string());
    }
    told
}

#[test]
fn no_function_shows_anything_of_another_program_or_customer() {
    let bank = Bank::with_desk();
    bank.perform_release(OTHER, "1.0.0", &as_program(&package(), OTHER));
    let paper = bank.publish_entry("article", &draft("说明书"));
    let mut product = draft("稳健一号");
    product["regulated"] = json!(true);
    product["documents"] = json!([paper]);
    product["details"] = json!([["risk", "R1"], ["cooling-off-hours", "24"]]);
    let product = bank.publish_entry("product", &product);

    let (x, y) = (bank.customer("wang"), bank.customer("smith"));
    let mut others = leave_marks(&mut x.open(OTHER), OF_OTHER_PROGRAM, &product, true);
    others.extend(leave_marks(&mut y.open(OTHER), OF_OTHER_PROGRAM, &product, true));
    others.extend(leave_marks(&mut y.desk(), OF_OTHER_CUSTOMER, &product, false));
    others.push(KEY.to_owned());
    others.sort();
    others.dedup();

    let functions = functions();
    assert!(functions.len() > 40, "the contract is read: {functions:?}");
    // The marks can be seen by whose they are, so that their absence means something.
    let own = call_all(&mut x.open(OTHER), &["storage.get".to_owned(), "shared-storage.entries".to_owned()], &[KEY]);
    assert!(own.matches(OF_OTHER_PROGRAM).count() >= 2, "{own}");

    for words in &others {
        let mut session = x.desk();
        let told = call_all(&mut session, &functions, &[words, KEY]);
        for function in &functions {
            assert!(
                !told.contains(&format!("{function}: no-such-function")),
                "{function} is not covered: see the desk's contract.rs"
            );
        }
        for mark in [OF_OTHER_PROGRAM, OF_OTHER_CUSTOMER, "424242", "Ann Smith"] {
            let line = told.lines().find(|line| line.contains(mark));
            assert!(line.is_none(), "{mark} is shown to the desk for wang, asked with {words}: {line:?}");
        }
    }
    bank.verified();
}
