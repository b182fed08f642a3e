//! The bank's own app brings its customers in: by a ticket that serves once, for a minute, and only whoever holds what
//! belongs to it.

use serde_json::{Value, json};
use xitai_tests::actor::CANTEEN;
use xitai_tests::channels::{Kiosk, lent};
use xitai_tests::tickets::{VERIFIER, challenge, issue, server, show, signed_in, ticket};
use xitai_tests::{Bank, Session};

#[test]
fn a_customer_of_the_app_is_signed_in_as_of_that_app() {
    let bank = Bank::start();
    let server = server(&bank);
    let made = issue(&server, "Smith", json!({"program": CANTEEN, "page": "pages/index", "query": [["table", "7 a"]]}));
    let made = made.ok();
    let text = made["ticket"].as_str().expect("a ticket");
    assert!(made["address"].as_str().expect("an address").ends_with(&format!("/app?ticket={text}")), "{made}");

    // Whoever comes by the address gets the page that asks the app; looking takes nothing.
    let nobody = bank.visitor();
    let to = nobody.get(&format!("/app?ticket={text}"));
    assert_eq!((to.status, to.header("location")), (303, Some(format!("/app/ticket?ticket={text}").as_str())));
    for _ in 0..3 {
        let page = nobody.get(&format!("/app/ticket?ticket={text}"));
        assert!(page.status == 200 && page.text().contains(text), "{}", page.text());
    }
    let shown = show(&nobody, text, VERIFIER);
    assert_eq!(shown.header("location"), Some(format!("/app/open/{CANTEEN}?page=pages/index&table=7%20a").as_str()));
    let phone = signed_in(&bank, &shown);
    assert_eq!(phone.get("/api/v1/me").ok()["name"], bank.customer("smith").caller.get("/api/v1/me").ok()["name"]);
    let tokens = phone.get("/api/v1/me/tokens").ok();
    let this = tokens["tokens"].as_array().expect("tokens").iter().find(|it| it["this"] == true).expect("this one");
    assert_eq!(this["how"], "app");
    assert!(this["name"].as_str().expect("a name").starts_with("Mobile banking"), "{this}");
    let lasts = this["expires_ms"].as_i64().expect("ms") - this["made_ms"].as_i64().expect("ms");
    assert_eq!(lasts, 2 * 3_600_000);
    // What is opened there is on the phone, whatever the page says.
    let session = Session::open(&phone, CANTEEN, json!({"channel": "web"}));
    assert_eq!(session.view.0["channel"], "phone");

    let audit = bank.staff("auditor-feng").audit();
    let find =
        |action: &str| audit.iter().rev().find(|it| it["action"] == action).unwrap_or_else(|| panic!("{action}"));
    assert_eq!(find("app-ticket.issued")["actor"], "staff:manager-wu");
    // Others have signed in since.
    let made = audit.iter().find(|it| it["action"] == "token.made" && it["detail"]["how"] == "app").expect("a sign-in");
    assert_eq!(made["detail"]["app"], "Mobile banking");
    assert_eq!(find("app-ticket.issued")["subject"], made["subject"]);
    assert!(!json!(audit).to_string().contains(text), "the ticket itself is written down nowhere");
    bank.verified();
}

#[test]
fn a_ticket_that_was_used_or_stolen_or_is_late_or_forged_opens_nothing() {
    let mut bank = Bank::start();
    let server = server(&bank);
    let nobody = bank.visitor();
    let refused = |shown: xitai_tests::Answer, status: u16, words: &str| {
        assert_eq!(shown.status, status, "{}", shown.text());
        assert!(shown.text().contains(words), "a decent page: {}", shown.text());
        assert!(shown.header("set-cookie").is_none_or(|it| !it.contains("xitai_token")), "nobody is signed in");
    };
    let over = "已使用、已过期或无效";
    // Twice.
    let used = ticket(&server, "smith");
    signed_in(&bank, &show(&nobody, &used, VERIFIER));
    refused(show(&nobody, &used, VERIFIER), 404, over);
    // On another device: one try spoils it, also for whom it was made.
    let stolen = ticket(&server, "smith");
    refused(show(&nobody, &stolen, "what-another-device-made-up"), 403, "另一台设备");
    refused(show(&nobody, &stolen, VERIFIER), 404, over);
    // Forged, cut off, empty.
    for forged in ["xa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "xa_", "", "%27%3B--", &"x".repeat(5_000)] {
        refused(show(&nobody, forged, VERIFIER), 404, over);
    }
    // At the same moment: one of them.
    let raced = ticket(&server, "smith");
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| show(&bank.visitor(), &raced, VERIFIER).status)).collect();
        all.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    // From another site's page.
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    let body = format!("ticket={}&verifier={VERIFIER}", ticket(&server, "smith")).into_bytes();
    let sent = nobody.send_with("POST", "/app/ticket", "application/x-www-form-urlencoded", body, &foreign);
    assert_eq!(sent.status, 403, "{}", sent.text());
    // Late.
    let late = ticket(&server, "smith");
    bank.host().again_at("+61s");
    refused(show(&nobody, &late, VERIFIER), 404, over);
    let audit = bank.staff("auditor-feng").audit();
    assert!(audit.iter().any(|it| it["action"] == "app-ticket.spoiled"), "the stolen one is in the trail");
    bank.verified();
}

#[test]
fn who_was_erased_or_signed_out_at_the_bank_comes_in_by_no_ticket() {
    let bank = Bank::with_desk();
    let server = server(&bank);
    let nobody = bank.visitor();
    let smith = bank.customer("smith");
    // The bank ends it: what waits is over, and who came in is out.
    let phone = signed_in(&bank, &show(&nobody, &ticket(&server, "smith"), VERIFIER));
    let waits = ticket(&server, "smith");
    let kiosk = Kiosk::register(&bank);
    let hall = kiosk.enter(&lent(&phone, "kiosk"));
    let under_way = lent(&phone, "kiosk");
    assert_eq!((phone.get("/api/v1/me").status, hall.post("/api/v1/kiosk/touch", &json!({})).status), (200, 200));
    assert_eq!(server.delete("/api/v1/tickets/smith").ok()["sign_ins"], 2, "and what was lent by it");
    assert_eq!((phone.get("/api/v1/me").status, hall.post("/api/v1/kiosk/touch", &json!({})).status), (401, 401));
    assert!(!kiosk.types(&under_way).headers.iter().any(|(name, _)| name == "set-cookie"), "nor what would be lent");
    assert_eq!(show(&nobody, &waits, VERIFIER).status, 404);
    assert_eq!(smith.caller.get("/api/v1/me").status, 200, "other sign-ins are not the app's");
    // Erased with a ticket in hand.
    let waits = ticket(&server, "smith");
    smith.spends_all_and_goes();
    assert_eq!(show(&nobody, &waits, VERIFIER).status, 404);
    issue(&server, "smith", Value::Null).refused(404, "app-ticket.customer");
    // The server's token is revoked with a ticket in a customer's hand.
    let waits = ticket(&server, "wang");
    let manager = bank.sign_in("manager-wu");
    let machines = manager.get("/api/v1/machines").ok();
    let id = machines["tokens"][0]["id"].as_str().expect("a machine").to_owned();
    assert_eq!(manager.delete(&format!("/api/v1/machines/{id}")).status, 204);
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(show(&nobody, &waits, VERIFIER).status, 404);
    assert_eq!(issue(&server, "wang", Value::Null).status, 401);
    bank.verified();
}

#[test]
fn nobody_but_the_banks_server_gets_tickets_and_only_for_its_customers() {
    let bank = Bank::start();
    let server = server(&bank);
    // A person does not sign in as somebody else, whatever their role.
    issue(&bank.sign_in("manager-wu"), "smith", Value::Null).refused(403, "app-ticket.machine");
    issue(&bank.sign_in("operator-qian"), "smith", Value::Null).refused(403, "auth.forbidden");
    issue(&bank.customer("wang").caller, "smith", Value::Null).refused(403, "auth.forbidden");
    assert_eq!(issue(&bank.visitor(), "smith", Value::Null).status, 401);
    // The machine does nothing else, and makes no other machine.
    server.get("/api/v1/me/tokens").refused(403, "auth.scope");
    server.get("/api/v1/machines").refused(403, "auth.scope");
    let more = json!({"name": "more", "scopes": ["app-ticket.issue"], "days": 1});
    server.post("/api/v1/machines", &more).refused(403, "auth.scope");
    bank.sign_in("dev-lin").post("/api/v1/publisher/tokens", &more).refused(422, "auth.scope-unknown");
    let publishes = json!({"name": "more", "scopes": ["release.publish"], "days": 1});
    bank.sign_in("manager-wu").post("/api/v1/machines", &publishes).refused(422, "auth.scope-unknown");
    bank.sign_in("reviewer-chen").post("/api/v1/machines", &more).refused(403, "auth.forbidden");

    for customer in ["nobody", "", "manager-wu", "visitor/1", &"x".repeat(500)] {
        issue(&server, customer, Value::Null).refused(404, "app-ticket.customer");
    }
    for wrong in ["", "short", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM="] {
        let body = json!({"customer": "smith", "challenge": wrong});
        server.post("/api/v1/tickets", &body).refused(422, "app-ticket.challenge");
    }
    issue(&server, "smith", json!({"program": "cn.nobody.none"})).refused(422, "app-ticket.opens");
    let long = json!({"program": CANTEEN, "query": [["a", "b".repeat(2_048)]]});
    issue(&server, "smith", long).refused(422, "app-ticket.opens");
    let mut told = Vec::new();
    for _ in 0..25 {
        told.push(issue(&server, "wang", Value::Null).status);
    }
    assert!(told.contains(&429) && told.contains(&201), "{told:?}");
    assert_eq!(challenge(VERIFIER), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "RFC 7636, appendix B");
}

#[test]
fn a_visitor_in_the_web_view_becomes_the_customer_and_one_sign_in_follows_another() {
    let bank = Bank::start();
    let server = server(&bank);
    let guest = bank.visitor().post("/api/v1/tokens", &json!({"branch": "suzhou"})).ok();
    let guest = bank.visitor().with_cookie(guest["token"].as_str().expect("a token"));
    let first = signed_in(&bank, &show(&guest, &ticket(&server, "smith"), VERIFIER));
    assert_eq!(guest.get("/api/v1/me").status, 401, "the visit went over into it");
    // Somebody else signs in to the app on the same phone.
    let before = first.clone().with_cookie(first.token.as_deref().expect("a token"));
    let second = signed_in(&bank, &show(&before, &ticket(&server, "wang"), VERIFIER));
    assert_eq!(first.get("/api/v1/me").status, 401, "one WebView, one sign-in");
    assert_eq!(second.get("/api/v1/me").status, 200);
}
