//! Launch codes: who makes them, what a scanned one opens, and why one opens nothing.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::actor::CANTEEN;
use xitai_tests::campaign::now_ms;
use xitai_tests::channels::Bot;
use xitai_tests::desk::{DESK, MERCHANT, heard};
use xitai_tests::{Answer, Bank, Caller, Database, Session, eventually};

const DAY_MS: i64 = 86_400_000;

fn path(program: &str) -> String {
    format!("/api/v1/publisher/programs/{program}/codes")
}
fn wish() -> Value {
    json!({
        "page": "pages/index", "parameters": [["table", "{n}"]], "branch": "suzhou", "label": "Table {n}",
        "first": 7, "count": 2, "expires_ms": now_ms() + DAY_MS,
    })
}
fn with(name: &str, value: Value) -> Value {
    let mut wish = wish();
    wish[name] = value;
    wish
}
fn make(who: &Caller, program: &str, wish: &Value) -> Answer {
    who.post(&path(program), wish)
}
fn one(program: &str, made: &Value) -> String {
    format!("{}/{}", path(program), made["id"].as_str().expect("an id"))
}
/// The link of a copy, and the token in it.
fn link(made: &Value, at: usize) -> (String, String) {
    let address = made["copies"][at]["address"].as_str().unwrap_or_else(|| panic!("copies: {made}"));
    let (_, token) = address.split_once("?t=").expect("a token");
    (address.to_owned(), token.to_owned())
}
fn scan(who: &Caller, program: &str, token: &str) -> Result<Session, (u16, String)> {
    Session::try_open(who, program, json!({"code": token})).map_err(|answer| (answer.status, answer.code()))
}
fn refused(who: &Caller, program: &str, token: &str) -> (u16, String) {
    scan(who, program, token).err().expect("it does not open")
}
/// The bank's own page without a script: its status and its text.
fn opened(who: &Caller, address: &str) -> Answer {
    let path = address.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).expect("a path");
    let leads = who.get(&path);
    assert_eq!(leads.status, 303, "{}", leads.text());
    who.get(leads.header("location").expect("where it leads"))
}

#[test]
fn a_scanned_code_opens_its_page_with_what_the_bank_vouches_for() {
    let bank = Bank::with_desk();
    let dev = bank.sign_in("dev-lin");
    let made = make(&dev, DESK, &wish());
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["standing"], made["copies"].as_array().map(Vec::len)), (&json!("in-use"), Some(2)));
    assert_eq!(made["copies"][1]["label"], "Table 8");
    let (address, token) = link(&made, 1);
    assert!(address.contains(&format!("/miniapp/{DESK}/pages/index?t=")), "{address}");

    let wang = bank.customer("wang").caller;
    let session = scan(&wang, DESK, &token).expect("it opens");
    assert_eq!(heard(&session.view), ["signed:table=8"]);
    // What a link adds is the program's query, and is not vouched for.
    let forged = json!({"code": token, "query": [["table", "1"], ["script", "[{\"do\":\"who\"}]"]]});
    let session = Session::try_open(&wang, DESK, forged).unwrap_or_else(|it| panic!("{}", it.text()));
    assert_eq!(heard(&session.view), ["signed:table=8"]);
    // By the link itself, and by the app's own scanner: both lead to the page that opens it.
    let page = opened(&wang, &address);
    assert!(page.status == 200 && page.text().contains(&format!("data-code=\"{token}\"")), "{}", page.text());
    assert!(page.text().contains("data-via=\"link\""));
    let form = |code: &str| format!("code={}", code.replace(':', "%3A").replace('/', "%2F").replace('=', "%3D"));
    let headers = [("sec-fetch-site", "same-origin")];
    let scanned = |text: &str| {
        let kind = "application/x-www-form-urlencoded";
        wang.send_with("POST", "/app/scan", kind, form(text).into_bytes(), &headers)
    };
    let scanner = scanned(&address);
    let leads = scanner.header("location").unwrap_or_default().to_owned();
    assert_eq!(leads, format!("/miniapp/{DESK}/pages/index?t={token}"), "{}", scanner.text());
    let other = scanned(&address.replace("://", "://evil."));
    assert!(other.header("location").unwrap_or_default().starts_with("/app/scan?refused="), "another host's link");
    let scheme = scanned(&format!("xitai://miniapp/{DESK}/pages/index?t={token}"));
    assert_eq!(scheme.header("location").unwrap_or_default(), leads);
    assert_eq!(scanned(&leads).header("location").unwrap_or_default(), leads, "as programs write it");

    // Whoever is not signed in is so first, and then goes on there.
    let visitor = bank.visitor().get(&format!("/app/open/{DESK}?page=pages/index&t={token}"));
    let next = visitor.header("location").expect("a sign-in").to_owned();
    let next = next.split("next=").nth(1).and_then(|it| it.split('&').next()).expect("where it goes on");
    let next = String::from_utf8(data_encoding::BASE64URL_NOPAD.decode(next.as_bytes()).expect("plain")).expect("text");
    assert!(next.ends_with(&format!("t={token}")), "{next}");

    // What it says of its place goes along too.
    let shop = json!({
        "label": "Poster", "expires_ms": now_ms() + DAY_MS, "merchant": MERCHANT, "parameters": [["poster", "a"]],
    });
    let (_, token) = link(&make(&dev, DESK, &shop).json(), 0);
    let session = scan(&wang, DESK, &token).expect("it opens");
    assert_eq!(heard(&session.view), ["signed:poster=a".to_owned(), format!("signed:merchant={MERCHANT}")]);
    let id = session.id.clone();
    assert_eq!(bank.xitai(&["replay", &id, "--json"]).done().json()["same"], true, "the journal has it");
    bank.verified();
}

#[test]
fn a_code_that_opens_nothing_says_why_and_what_else_there_is() {
    let bank = Bank::with_desk();
    let (dev, wang) = (bank.sign_in("dev-lin"), bank.customer("wang").caller);
    let made = make(&dev, DESK, &wish()).json();
    let (address, token) = link(&made, 0);
    let parts: Vec<&str> = token.split('.').collect();
    let [id, generation, number, proof] = parts[..] else { panic!("{token}") };

    // Forged: another copy, another set, another program, another page, no token at all.
    let of = |number: &str, proof: &str| format!("{id}.{generation}.{number}.{proof}");
    for forged in [
        of("8", proof),
        of("9", proof),
        of(number, &proof.chars().rev().collect::<String>()),
        format!("01ARZ3NDEKTSV4RRFFQ69G5FAV.1.7.{proof}"),
        format!("{id}.2.7.{proof}"),
        "x".repeat(10_000),
        String::new(),
    ] {
        assert_eq!(refused(&wang, DESK, &forged), (404, "launch.forged".to_owned()), "{forged:.80}");
    }
    let canteen = Session::try_open(&wang, CANTEEN, json!({"code": token})).err().expect("not there");
    canteen.refused(404, "launch.forged");
    let page = Session::try_open(&wang, DESK, json!({"code": token, "page": "pages/other"})).err().expect("no");
    page.refused(404, "launch.forged");
    let told = opened(&wang, &address.replace(&token, &of("8", proof)));
    assert_eq!(told.status, 404);
    let text = told.text();
    assert!(text.contains("launch.forged") && text.contains("/app/scan"), "{text}");
    assert!(text.contains(&format!("/app/open/{DESK}?via=launcher")), "it opens without the code: {text}");

    // Replaced, with the new print good at once.
    let again = dev.post(&format!("{}/key", one(DESK, &made)), &json!({})).ok();
    assert_eq!(again["generation"], 2);
    assert_eq!(refused(&wang, DESK, &token), (410, "launch.replaced".to_owned()));
    let (address, token) = link(&again, 0);
    scan(&wang, DESK, &token).expect("the new print opens");

    // Staff of another branch, and a program that is not there for this code's branch any more.
    let rollout = |enabled: bool| json!({"enabled": if enabled { vec!["suzhou"] } else { vec![] }});
    let operator = bank.staff("operator-qian");
    operator.roll_out(DESK, rollout(false)).ok();
    assert_eq!(refused(&wang, DESK, &token), (404, "program.not-enabled".to_owned()));
    assert_eq!(opened(&wang, &address).status, 404);
    operator.roll_out(DESK, rollout(true)).ok();
    assert_eq!(refused(&bank.sign_in("reviewer-chen"), DESK, &token), (403, "launch.elsewhere".to_owned()));

    // Stopped, which is told before the page of a script, and with the same words as everywhere.
    bank.staff("duty-sun").stop(DESK, "a test").ok();
    assert_eq!(refused(&wang, DESK, &token), (503, "program.stopped".to_owned()));
    let told = opened(&wang, &address);
    assert!(told.status == 503 && told.text().contains("program.stopped"), "{}", told.text());
    bank.lift(DESK);

    // Revoked, for good.
    let revoked = dev.delete(&one(DESK, &made)).ok();
    assert_eq!((&revoked["standing"], &revoked["copies"]), (&json!("revoked"), &json!([])));
    assert_eq!(refused(&wang, DESK, &token), (410, "launch.revoked".to_owned()));
    let told = opened(&wang, &address);
    assert!(told.status == 410 && told.text().contains("launch.revoked"), "{}", told.text());
    dev.delete(&one(DESK, &made)).refused(410, "launch.revoked");
    dev.post(&format!("{}/key", one(DESK, &made)), &json!({})).refused(410, "launch.revoked");
    assert_eq!(dev.get(&path(DESK)).ok()["codes"], json!([]));
    assert_eq!(dev.get(&format!("{}?state=past", path(DESK))).ok()["codes"][0]["id"], made["id"]);

    // Over.
    let soon = make(&dev, DESK, &with("expires_ms", json!(now_ms() + 1_500))).ok();
    let (_, token) = link(&soon, 0);
    eventually("it is over", Duration::from_secs(30), || scan(&wang, DESK, &token).err());
    assert_eq!(refused(&wang, DESK, &token), (410, "launch.expired".to_owned()));
    assert_eq!(dev.get(&one(DESK, &soon)).ok()["standing"], "over");
}

#[test]
fn a_publisher_makes_codes_of_its_own_programs_and_a_branch_for_itself() {
    let bank = Bank::with_desk();
    let [dev, qian, zhou, wang, chen, wu] =
        ["dev-lin", "operator-qian", "canteen-zhou", "wang", "reviewer-chen", "manager-wu"].map(|it| bank.sign_in(it));
    let made = make(&qian, DESK, &wish()).json();
    make(&zhou, CANTEEN, &with("count", json!(1))).ok();
    make(&qian, DESK, &with("branch", Value::Null)).refused(403, "auth.forbidden");
    make(&qian, DESK, &with("branch", json!("nanjing"))).refused(403, "auth.forbidden");
    for nobody in [&wang, &chen] {
        make(nobody, DESK, &wish()).refused(403, "auth.forbidden");
        nobody.get(&path(DESK)).refused(403, "auth.forbidden");
        nobody.get(&one(DESK, &made)).refused(403, "auth.forbidden");
        nobody.delete(&one(DESK, &made)).refused(403, "auth.forbidden");
    }
    bank.visitor().get(&path(DESK)).refused(401, "auth.required");
    // A set without a place is the publisher's and head office's; a branch does not see it, and ends none of it.
    let anywhere = make(&dev, DESK, &with("branch", Value::Null)).json();
    make(&wu, DESK, &with("branch", Value::Null)).ok();
    qian.delete(&one(DESK, &anywhere)).refused(403, "auth.forbidden");
    let seen = |who: &Caller| who.get(&path(DESK)).ok()["codes"].as_array().map(Vec::len);
    assert_eq!((seen(&qian), seen(&dev)), (Some(1), Some(3)));
    // By another program's name it is not there.
    dev.get(&one(CANTEEN, &made)).refused(404, "launch.not-found");
    dev.get(&format!("{}/01ARZ3NDEKTSV4RRFFQ69G5FAV", path(DESK))).refused(404, "launch.not-found");
    make(&dev, "cn.bank.suzhou.nothing", &wish()).refused(404, "program.not-found");

    // What does not fit is named.
    becomes_a_merchant(&bank, "river-tea-house");
    for (name, value, code) in [
        ("page", json!("pages/nowhere"), "program.page-not-found"),
        ("branch", json!("nowhere"), "launch.place"),
        ("branch", json!("nanjing"), "program.not-enabled"),
        ("merchant", json!("nobody"), "launch.place"),
        // Somebody's who is not of this publisher.
        ("merchant", json!("river-tea-house"), "launch.place"),
        ("shop", json!("Hall"), "launch.place"),
        ("label", json!(""), "launch.label"),
        ("label", json!("x".repeat(41)), "launch.label"),
        ("count", json!(201), "launch.copies"),
        ("first", json!(9_999), "launch.copies"),
        ("expires_ms", json!(0), "launch.expiry"),
        ("parameters", json!([["a", "1"], ["a", "2"]]), "launch.parameters"),
        ("parameters", json!([["merchant", MERCHANT]]), "launch.parameters"),
        ("parameters", json!([["a", "x".repeat(256)]]), "launch.parameters"),
    ] {
        let answer = make(&dev, DESK, &with(name, value.clone()));
        assert_eq!(answer.code(), code, "{name} {value}: {}", answer.text());
    }
    make(&wu, DESK, &with("merchant", json!("river-tea-house"))).refused(422, "launch.place");
    make(&dev, DESK, &json!({"label": "x"})).refused(400, "request.malformed");
    let trail = bank.staff("auditor-feng").audit_with(&["launch-code.made"]);
    let told = trail.iter().rfind(|it| it["action"] == "launch-code.made").expect("it is told").to_string();
    assert!(!told.contains("key") || !told.contains("sealed"), "no key in the trail: {told}");
}

/// Somebody who has no program and no publisher.
fn becomes_a_merchant(bank: &Bank, id: &str) {
    let wish = json!({
        "legal_name": "河边茶馆", "licence": "91320500MA1MXXXX0X", "category_code": "5814", "city": "Suzhou",
        "contact": "0512-1234", "shops": [{"name": "平江路店"}],
        "settlement": {"holder": "河边茶馆", "bank": "示例银行", "account": "6222000011112222"},
    });
    let made = bank.customer("smith").caller.post("/api/v1/merchant-applications", &wish).ok();
    let path = format!("/api/v1/merchant-applications/{}", made["id"].as_str().expect("an id"));
    let terms = json!({"rates": {"CNY": {"basis_points": 60}}, "on_refund": "kept"});
    let offer = json!({"merchant": id, "terms": terms});
    let offered = bank.sign_in("manager-wu").put(&format!("{path}/offer"), &offer).ok();
    let approve = json!({"decision": "approve", "digest": offered["offer"]["digest"]});
    bank.sign_in("reviewer-chen").post(&format!("{path}/decisions"), &approve).ok();
}

#[test]
fn two_hosts_agree_at_once_on_what_is_revoked() {
    let mut bank = Bank::desk_with(Database::Postgres, &[]);
    let base = bank.add_host(&[]).base.clone();
    let dev = bank.sign_in("dev-lin");
    let made = make(&dev, DESK, &wish()).json();
    let (_, token) = link(&made, 0);
    let wang = bank.customer("wang").caller;
    scan(&wang.at(&base), DESK, &token).expect("the other host knows it");
    let again = dev.post(&format!("{}/key", one(DESK, &made)), &json!({})).ok();
    assert_eq!(refused(&wang.at(&base), DESK, &token), (410, "launch.replaced".to_owned()));
    let (_, token) = link(&again, 0);
    scan(&wang.at(&base), DESK, &token).expect("the new print opens there");
    dev.delete(&one(DESK, &made)).ok();
    assert_eq!(refused(&wang.at(&base), DESK, &token), (410, "launch.revoked".to_owned()));
}

#[test]
fn links_are_read_as_w3c_addressing_has_them() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang").caller;
    let page = |path: &str| {
        let leads = wang.get(path);
        wang.get(leads.header("location").unwrap_or_else(|| panic!("{path}: {}", leads.text())))
    };
    let upper = DESK.to_uppercase();
    for path in [
        format!("/miniapp/{DESK}"),
        format!("/miniapp/{upper}/pages/index"),
        format!("/miniapp/{DESK};version=9.9.9/pages/index"),
        // A page that there is no more leads to the first.
        format!("/miniapp/{DESK}/pages/of-old"),
    ] {
        let page = page(&path);
        assert!(
            page.status == 200 && page.text().contains(&format!("data-open=\"{DESK}\"")),
            "{path}: {}",
            page.text()
        );
        assert!(!page.text().contains("data-practice"), "{path}: nobody tries that version");
    }
    // A name is the host's where its value has the host's form; else it is the program's.
    let own = "page=2&lang=any&practice=no&from=here&via=mail";
    let text = page(&format!("/miniapp/{DESK}/pages/index?{own}")).text();
    assert!(text.contains("data-page=\"pages/index\"") && text.contains("data-via=\"link\""), "{text}");
    let query = text.split("data-query=\"").nth(1).and_then(|it| it.split('"').next()).expect("a query");
    assert_eq!(query.replace("&#38;", "&").replace("&amp;", "&"), own);
    // A page's own query, as programs' links have it, is the program's: on the pages and for whoever asks for a session.
    let text = wang.get(&format!("/app/open/{DESK}?page=pages/index%3Fdish%3D7")).text();
    assert!(text.contains("data-page=\"pages/index\"") && text.contains("data-query=\"dish=7\""), "{text}");
    for page in ["pages/index?dish=7", "pages/index?"] {
        Session::try_open(&wang, DESK, json!({"page": page})).unwrap_or_else(|it| panic!("{page}: {}", it.text()));
    }
    let missing = Session::try_open(&wang, DESK, json!({"page": "pages/of-old?dish=7"})).err().expect("it is refused");
    missing.refused(404, "program.page-not-found");
    let nothing = page("/miniapp/cn.bank.suzhou.nothing/pages/index");
    assert!(nothing.status == 404 && nothing.text().contains("program.not-found"), "{}", nothing.text());
}

#[test]
fn a_link_that_is_sent_in_a_chat_opens_there() {
    let (bot, bank) = Bot::with_bank();
    let dev = bank.sign_in("dev-lin");
    let dining = "cn.bank.suzhou.dining";
    let (address, token) = link(&make(&dev, dining, &wish()).json(), 1);
    bot.say(&bank, "u1", "hello", "What would you like to do?");
    bot.say(&bank, "u1", &address, "Table 8");
    let forged = address.replace(".8.", ".9.");
    bot.say(&bank, "u1", &forged, "was not made by the bank");
    bot.say(&bank, "u1", &format!("xitai://miniapp/{dining}/pages/index?t={token}"), "Table 8");
    // Without a code: the rest of it is the program's query, and a page that there is no more leads to the first.
    bot.say(&bank, "u1", &format!("xitai://miniapp/{dining}/pages/of-old?table=%33&lang=en"), "Table 3");
    // Another host's link is a text like any other.
    bot.say(&bank, "u1", &address.replace("://", "://evil."), "I did not understand");
}
