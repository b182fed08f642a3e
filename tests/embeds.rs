//! Partners' pages: registered by two people, opened by what their server signed, and agreeing to nothing.

use serde_json::{Value, json};
use xitai_tests::actor::{BRANCH_QUEUE, CANTEEN};
use xitai_tests::bank::PASSWORD;
use xitai_tests::canteen::{dishes, manager};
use xitai_tests::embeds::{decide, enter, launch, propose, registered, sign};
use xitai_tests::stream::Stream;
use xitai_tests::tickets::machine;
use xitai_tests::{Answer, Bank, Caller, Session};

const PAGE: &str = "https://tea.example";

fn frame(caller: &Caller, id: &str, launch: &str, headers: &[(&str, &str)]) -> Answer {
    caller.send_with("GET", &format!("/embed/{id}?launch={launch}"), "", Vec::new(), headers)
}

/// A visitor of the page, in the canteen, with something in the cart.
fn visitor(bank: &Bank, secret: &str, dish: u32) -> Session {
    let entered = enter(&bank.visitor(), "tea-house", &sign(secret, &launch("tea-house", PAGE, CANTEEN))).ok();
    let caller = bank.visitor().with_token(entered["token"].as_str().expect("a token"));
    let id = entered["session"]["session"].as_str().expect("a session").to_owned();
    let view = xitai_tests::View(entered["session"].clone());
    let mut session = Session { caller, id, device: "frame".to_owned(), client_seq: 0, view };
    let chosen = session.event(&json!({"type": "tapped", "id": format!("portions-{dish}"), "value": "1"}));
    assert!(chosen.status < 300, "{}", chosen.text());
    if session.view.has_button("cart") {
        session.tap("cart");
    }
    session
}

fn arrive(caller: &Caller, id: &str, code: &str, how: &str) -> Answer {
    let form = format!("embed={id}&code={code}&program={CANTEEN}&page=&query=table%3D7&how={how}");
    let same = [("sec-fetch-site", "same-origin")];
    caller.send_with("POST", "/app/partner", "application/x-www-form-urlencoded", form.into_bytes(), &same)
}

fn code(session: &Session) -> String {
    let made = session.caller.post(&format!("/api/v1/sessions/{}/handover", session.id), &json!({})).ok();
    made["code"].as_str().expect("a code").to_owned()
}

#[test]
fn a_page_is_registered_by_two_people_and_taken_away_by_one() {
    let bank = Bank::start();
    registered(&bank, "other", &["https://other.example"], &[CANTEEN]);
    let proposed = propose(&bank, "tea-house", &[PAGE], &[CANTEEN]).ok();
    assert_eq!((&proposed["standing"], &proposed["live"]), (&json!("proposed"), &Value::Null));
    let secret = proposed["secret"].as_str().expect("a secret").to_owned();
    let digest = proposed["digest"].clone();
    let nobody = bank.visitor();
    let signed = || sign(&secret, &launch("tea-house", PAGE, CANTEEN));
    enter(&nobody, "tea-house", &signed()).refused(403, "embed.origin");
    decide(&bank, "manager-wu", "tea-house", &digest, "approve").refused(403, "proposal.own-work");
    decide(&bank, "operator-qian", "tea-house", &digest, "approve").refused(403, "auth.forbidden");
    decide(&bank, "reviewer-chen", "tea-house", &json!(format!("sha256:{}", "0".repeat(64))), "approve")
        .refused(409, "proposal.differs");
    decide(&bank, "reviewer-chen", "tea-house", &digest, "approve").ok();
    assert_eq!(enter(&nobody, "tea-house", &signed()).status, 201);
    // A change waits; what was approved holds meanwhile.
    let changed = propose(&bank, "tea-house", &["https://new.example"], &[CANTEEN]).ok();
    assert_eq!((&changed["standing"], &changed["secret"]), (&json!("live"), &Value::Null));
    assert_eq!(enter(&nobody, "tea-house", &signed()).status, 201);
    let moved = sign(&secret, &launch("tea-house", "https://new.example", CANTEEN));
    enter(&nobody, "tea-house", &moved).refused(403, "embed.origin");
    // Another secret: both sign for a day.
    let manager = bank.sign_in("manager-wu");
    let second = manager.post("/api/v1/embeds/tea-house/secret", &json!({})).ok();
    let second = second["secret"].as_str().expect("a secret").to_owned();
    assert_ne!(second, secret);
    assert_eq!(enter(&nobody, "tea-house", &sign(&second, &launch("tea-house", PAGE, CANTEEN))).status, 201);
    assert_eq!(enter(&nobody, "tea-house", &signed()).status, 201);
    // One person takes it away at once: who is in is out.
    let inside = enter(&nobody, "tea-house", &signed()).ok();
    let inside = nobody.with_token(inside["token"].as_str().expect("a token"));
    let listed = inside.post("/api/v1/sessions", &json!({"program": CANTEEN}));
    assert_eq!(listed.status, 201, "{}", listed.text());
    let duty = bank.sign_in("duty-sun");
    duty.delete("/api/v1/embeds/tea-house").refused(422, "embed.note");
    duty.delete_with("/api/v1/embeds/tea-house", &json!({"note": "a breach at the partner's"})).ok();
    enter(&nobody, "tea-house", &signed()).refused(403, "embed.origin");
    inside.post("/api/v1/sessions", &json!({"program": CANTEEN})).refused(403, "embed.origin");
    // Approved anew it has another secret: what was stolen signs nothing.
    let anew = propose(&bank, "tea-house", &[PAGE], &[CANTEEN]).ok();
    let third = anew["secret"].as_str().expect("a secret").to_owned();
    decide(&bank, "reviewer-chen", "tea-house", &anew["digest"], "approve").ok();
    enter(&nobody, "tea-house", &sign(&second, &launch("tea-house", PAGE, CANTEEN))).refused(403, "embed.launch");
    assert_eq!(enter(&nobody, "tea-house", &sign(&third, &launch("tea-house", PAGE, CANTEEN))).status, 201);

    for (origins, programs, code) in [
        (vec!["http://tea.example"], vec![CANTEEN], "request.malformed"),
        (vec!["https://*.tea.example"], vec![CANTEEN], "request.malformed"),
        (vec![PAGE], vec!["cn.nobody.none"], "program.not-found"),
        (vec![PAGE], vec![], "embed.terms"),
    ] {
        assert_eq!(propose(&bank, "wrong", &origins, &programs).code(), code, "{origins:?} {programs:?}");
    }
    let of_a_branch = json!({"partner": "suzhou", "origins": [PAGE], "programs": [CANTEEN], "purpose": "x"});
    manager.put("/api/v1/embeds/wrong", &of_a_branch).refused(422, "embed.terms");
    bank.sign_in("operator-qian").put("/api/v1/embeds/wrong", &of_a_branch).refused(403, "auth.forbidden");
    bank.staff("auditor-feng").audit_with(&["embed.proposed", "embed.decided", "embed.rotated", "embed.withdrawn"]);
    bank.verified();
}

#[test]
fn a_frame_opens_what_was_signed_on_the_page_that_it_was_signed_for() {
    let mut bank = Bank::start();
    let secret = registered(&bank, "tea-house", &[PAGE, "https://shop.tea.example"], &[CANTEEN]);
    let nobody = bank.visitor();
    let good = sign(&secret, &launch("tea-house", PAGE, CANTEEN));
    let shown =
        frame(&nobody, "tea-house", &good, &[("referer", "https://tea.example/menu"), ("sec-fetch-dest", "iframe")]);
    let policy = shown.header("content-security-policy").expect("a policy").to_owned();
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert!(policy.contains("frame-ancestors https://tea.example;"), "{policy}");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox allow-scripts"), "{policy}");
    assert!(!policy.contains("allow-top-navigation"), "{policy}");
    assert!(shown.header("set-cookie").is_none(), "a frame has no cookie");
    // Every other page of the bank's is shown within nothing.
    let sign_in = nobody.get("/app/sign-in");
    assert!(sign_in.header("content-security-policy").expect("a policy").contains("frame-ancestors 'none'"));

    let plain = |answer: &Answer, code: &str| {
        let text = answer.text();
        assert!((400..500).contains(&answer.status) && text.contains(code), "{}: {text}", answer.status);
        assert!(!text.contains("<script") && !text.contains("data-launch"), "a plain word: {text}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains("frame-ancestors *") && !policy.contains("script-src"), "{policy}");
    };
    for (headers, code) in [
        (vec![("referer", "https://evil.example/")], "embed.origin"),
        (vec![("referer", "https://tea.example.evil.example/")], "embed.origin"),
        // Registered, but not what was signed for.
        (vec![("referer", "https://shop.tea.example/")], "embed.origin"),
        (vec![("sec-fetch-dest", "document")], "embed.origin"),
    ] {
        plain(&frame(&nobody, "tea-house", &good, &headers), code);
    }
    let with = |name: &str, value: Value| {
        let mut launch = launch("tea-house", PAGE, CANTEEN);
        launch[name] = value;
        sign(&secret, &launch)
    };
    let (body, tag) = good.split_once('.').expect("two parts");
    let other = sign(&secret, &launch("tea-house", PAGE, BRANCH_QUEUE));
    for (launch, code) in [
        (String::new(), "embed.launch"),
        (format!("{body}."), "embed.launch"),
        (format!("{}.{tag}", other.split_once('.').expect("two").0), "embed.launch"),
        (with("exp", json!(1)), "embed.launch"),
        (with("exp", json!(xitai_tests::partner::now_s() + 3_600)), "embed.launch"),
        (with("origin", json!("https://evil.example")), "embed.origin"),
        (with("origin", json!("https://tea.example; frame-ancestors *")), "embed.launch"),
        (with("embed", json!("other")), "embed.launch"),
        (other, "embed.program"),
        ("x".repeat(9_000), "embed.launch"),
    ] {
        plain(&frame(&nobody, "tea-house", &launch, &[]), code);
        enter(&nobody, "tea-house", &launch).refused(403, code);
    }
    plain(&frame(&nobody, "nobody", &good, &[]), "embed.not-found");
    // Late.
    bank.host().again_at("+6m");
    plain(&frame(&bank.visitor(), "tea-house", &good, &[]), "embed.launch");
}

#[test]
fn a_visitor_of_a_partners_page_agrees_to_nothing_and_sees_nothing_personal() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let secret = registered(&bank, "tea-house", &[PAGE], &[CANTEEN]);
    let mut session = visitor(&bank, &secret, dish);
    assert_eq!(session.view.0["channel"], "embed");
    for (method, path) in [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/me/payments"),
        ("GET", "/api/v1/programs"),
        ("GET", "/app"),
        ("GET", "/app/me"),
        ("POST", "/api/v1/handovers"),
        ("POST", "/api/v1/me/lent-codes"),
    ] {
        let answer = session.caller.send(method, path, "application/json", b"{}".to_vec());
        assert!(answer.status == 403 && answer.text().contains("embed.not-here"), "{path}: {}", answer.text());
    }
    session.caller.post("/api/v1/sessions", &json!({"program": BRANCH_QUEUE})).refused(403, "embed.program");
    // A sheet opens, and is no matter of the frame's.
    let (pay, _) = session.view.pay_button();
    session.tap(&pay);
    let (ticket, digest) = session.view.open_sheet();
    std::thread::sleep(std::time::Duration::from_millis(520));
    session.decide(&ticket, "confirm", &digest).refused(403, "embed.not-here");
    let part = session.caller.get(&format!("/embed/sessions/{}/fragment?lang=en", session.id));
    assert!(part.status == 200 && part.text().contains("asks you to go on at its own page"), "{}", part.text());
    assert!(!part.text().contains("data-decide"), "no sheet is drawn: {}", part.text());

    // It goes on in the bank's own window, as the visitor; the frame sees that and no more.
    let moves = Stream::open(&session.caller, &session.id);
    let typed = code(&session);
    let look = bank.visitor().get(&format!("/app/partner?embed=tea-house&code={typed}&lang=en"));
    assert!(look.text().contains("River Tea") && look.text().contains(PAGE), "{}", look.text());
    let arrived = arrive(&bank.visitor(), "tea-house", &typed, "visit");
    assert_eq!(
        arrived.header("location"),
        Some(format!("/app/sessions/{}", session.id).as_str()),
        "{}",
        arrived.text()
    );
    let window = xitai_tests::tickets::signed_in(&bank, &arrived);
    let there = window.get(&format!("/api/v1/sessions/{}", session.id)).ok();
    assert_eq!((&there["sheet"]["kind"], &there["channel"]), (&json!("pay"), &json!("phone")));
    assert!(moves.next(std::time::Duration::from_secs(10)).is_some(), "the frame is told");
    session.reload();
    assert_eq!(session.view.0["elsewhere"], true);
    assert_eq!(session.view.0["sheet"], Value::Null);
    assert_eq!(session.view.0["screen"]["nodes"].as_array().map(Vec::len), Some(1), "nothing is seen of it");
    // What the frame's sign-in still does is be told: nothing that it sends brings a screen, a code or a session.
    let tap = json!({"type": "tapped", "id": pay, "value": null});
    session.event(&tap).refused(403, "embed.not-here");
    let posted = json!({"device": "x", "client_seq": 99, "seen": 0, "event": tap});
    let posted = session.caller.post(&format!("/api/v1/sessions/{}/events", session.id), &posted);
    assert!(!posted.text().contains("nodes"), "{}", posted.text());
    let sheet = format!("/api/v1/sessions/{}/sheets/01J00000000000000000000000", session.id);
    let declined = session.caller.post(&sheet, &json!({"decision": "decline"}));
    assert!(declined.status >= 400 && !declined.text().contains("nodes"), "{}", declined.text());
    session
        .caller
        .post(&format!("/api/v1/sessions/{}/handover", session.id), &json!({}))
        .refused(403, "embed.not-here");
    session.caller.post("/api/v1/sessions", &json!({"program": CANTEEN})).refused(403, "embed.not-here");
    arrive(&bank.visitor(), "tea-house", &typed, "visit");
    assert!(
        arrive(&bank.visitor(), "tea-house", &typed, "visit")
            .header("location")
            .is_some_and(|to| to.contains("refused=handover.code"))
    );
    // Whoever signs in there is a customer, and the partner's sign-in is over.
    let signed_in = window.post("/api/v1/tokens", &json!({"login": "smith", "password": PASSWORD})).ok();
    assert!(signed_in["token"].is_string());
    assert_eq!(session.caller.get(&format!("/api/v1/sessions/{}", session.id)).status, 401);
    bank.verified();
}

#[test]
fn a_partner_that_types_its_visitors_code_itself_keeps_them_out_and_no_more() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let secret = registered(&bank, "tea-house", &[PAGE], &[CANTEEN]);
    let session = visitor(&bank, &secret, dish);
    let another = Session::open(&session.caller, CANTEEN, json!({}));
    // One code at a time: with the second the first is over.
    let (first, second) = (code(&session), code(&another));
    let refused = |typed: &str| {
        let to = arrive(&bank.visitor(), "tea-house", typed, "visit");
        assert!(to.header("location").is_some_and(|to| to.contains("refused=handover.code")), "{}", to.text());
    };
    refused(&first);
    let theirs = xitai_tests::tickets::signed_in(&bank, &arrive(&bank.visitor(), "tea-house", &second, "visit"));
    // A code that a second window makes lets nobody in beside the first.
    let made = theirs.post(&format!("/api/v1/sessions/{}/handover", session.id), &json!({})).ok();
    refused(made["code"].as_str().expect("a code"));
    bank.verified();
}

#[test]
fn who_is_signed_in_takes_over_nothing_of_a_partners_visitor() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let secret = registered(&bank, "tea-house", &[PAGE], &[CANTEEN]);
    let session = visitor(&bank, &secret, dish);
    let smith = bank.customer("smith").caller;
    let here = smith.with_cookie(smith.token.as_deref().expect("a token"));
    let arrived = arrive(&here, "tea-house", &code(&session), "mine");
    assert_eq!(
        arrived.header("location"),
        Some(format!("/app/open/{CANTEEN}?page=&table=7").as_str()),
        "{}",
        arrived.text()
    );
    assert!(arrived.header("set-cookie").is_none(), "nobody becomes somebody else");
    smith.get(&format!("/api/v1/sessions/{}", session.id)).refused(404, "session.not-found");
    assert_eq!(session.caller.get(&format!("/api/v1/sessions/{}", session.id)).status, 200);
    // Of another embed, of another's session, made up.
    registered(&bank, "other", &["https://other.example"], &[CANTEEN]);
    let wrong = |embed: &str, typed: &str| {
        let to = arrive(&bank.visitor(), embed, typed, "visit");
        assert!(to.header("location").is_some_and(|to| to.contains("refused=handover.code")), "{}", to.text());
    };
    wrong("other", &code(&session));
    let own = Session::open(&smith, CANTEEN, json!({}));
    wrong("tea-house", &code(&own));
    wrong("tea-house", "123456");
    // And by its own code a visitor's session goes to no kiosk's, no customer's hand.
    smith.post("/api/v1/handovers", &json!({"code": code(&session)})).refused(404, "handover.code");
    bank.verified();
}

#[test]
fn a_partner_without_a_page_draws_what_its_server_gets() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    registered(&bank, "tea-house", &[], &[CANTEEN]);
    registered(&bank, "other", &["https://other.example"], &[CANTEEN]);
    let server = machine(&bank, "tea house", &["embed.serve", "embed:tea-house"]);
    let made = server.post("/api/v1/embeds/tea-house/visitors", &json!({"locale": "en"})).ok();
    assert_eq!(made["who"]["level"], "visitor");
    server.post("/api/v1/embeds/other/visitors", &json!({})).refused(403, "auth.scope");
    server.post("/api/v1/embeds/nobody/visitors", &json!({})).refused(404, "embed.not-found");
    server.post("/api/v1/sessions", &json!({"program": CANTEEN})).refused(403, "auth.scope");
    // One sign-in for all: so many in a minute are too many.
    let manager = bank.sign_in("manager-wu");
    manager.post("/api/v1/embeds/tea-house/visitors", &json!({})).refused(403, "auth.scope");
    for scopes in [
        json!(["embed.serve"]),
        json!(["embed:tea-house"]),
        json!(["embed.serve", "embed:nobody"]),
        json!(["embed.serve", "embed:tea-house", "embed:other"]),
        json!(["embed.serve", "embed:tea-house", "app-ticket.issue"]),
    ] {
        let wanted = json!({"name": "x", "scopes": scopes, "days": 1});
        manager.post("/api/v1/machines", &wanted).refused(422, "auth.scope-unknown");
    }
    let caller = bank.visitor().with_token(made["token"].as_str().expect("a token"));
    let mut session = Session::open(&caller, CANTEEN, json!({"channel": "phone"}));
    assert_eq!(session.view.0["channel"], "embed", "whatever the server says");
    session.event(&json!({"type": "tapped", "id": format!("portions-{dish}"), "value": "1"}));
    if session.view.has_button("cart") {
        session.tap("cart");
    }
    let (pay, minor) = session.view.pay_button();
    session.tap(&pay);
    assert_eq!(session.view.sheet().expect("the sheet")["payable"]["minor"], minor);
    let (ticket, digest) = session.view.open_sheet();
    std::thread::sleep(std::time::Duration::from_millis(520));
    session.decide(&ticket, "confirm", &digest).refused(403, "embed.not-here");
    assert_eq!(session.decide(&ticket, "decline", &digest).status, 200, "not now");
    bank.verified();
}
