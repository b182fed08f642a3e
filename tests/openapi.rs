//! Every route is described, and every route that changes something refuses who may not.

use serde_json::{Value, json};
use xitai_tests::desk::{DESK, MERCHANT};
use xitai_tests::{Answer, Bank, Caller};

/// Routes that change something and who is refused there, with which status. A new route has its row here.
/// `customer`: any customer is refused. `stranger`: somebody whose session it is not.
const FORBIDDEN: &[(&str, &str, &str, u16)] = &[
    ("POST", "/api/v1/sessions", "staff-elsewhere", 404),
    ("POST", "/api/v1/sessions/{id}/events", "stranger", 404),
    ("POST", "/api/v1/sessions/{id}/sheets/{ticket}", "stranger", 404),
    ("PUT", "/api/v1/sessions/{id}/secure-fields/{ticket}", "stranger", 404),
    ("PUT", "/api/v1/sessions/{id}/sheets/{ticket}/file", "stranger", 404),
    ("POST", "/api/v1/me/consents/{id}/withdraw", "stranger", 404),
    ("POST", "/api/v1/me/agreements/{id}/withdraw", "stranger", 404),
    ("POST", "/api/v1/me/agreements/{id}/documents/{entry}", "stranger", 404),
    ("POST", "/api/v1/programs/{id}/endpoints", "customer", 403),
    ("DELETE", "/api/v1/programs/{id}/endpoints/{name}", "customer", 403),
    ("POST", "/api/v1/programs/{id}/endpoints/{name}/decisions", "customer", 403),
    ("POST", "/api/v1/programs/{id}/endpoints/{name}/secret", "customer", 403),
    ("POST", "/api/v1/me/notices/{id}/read", "stranger", 404),
    ("PUT", "/api/v1/me/notice-settings/{program}", "stranger", 404),
    ("POST", "/api/v1/programs/{id}/notice-templates", "customer", 403),
    ("POST", "/api/v1/programs/{id}/notice-templates/{name}/decisions", "customer", 403),
    ("DELETE", "/api/v1/programs/{id}/notice-templates/{name}", "customer", 403),
    ("POST", "/api/v1/me/threads/{id}/messages", "stranger", 404),
    ("PUT", "/api/v1/me/threads/{id}", "stranger", 404),
    ("POST", "/api/v1/threads/{id}/messages", "customer", 403),
    ("POST", "/api/v1/publisher/programs", "customer", 403),
    ("POST", "/api/v1/publisher/programs/{id}/releases", "customer", 403),
    ("POST", "/api/v1/reviews/{id}/decisions", "customer", 403),
    ("POST", "/api/v1/reviews/{id}/ticks", "customer", 403),
    ("PUT", "/api/v1/publisher/programs/{id}/releases/{version}/trial", "customer", 403),
    ("DELETE", "/api/v1/publisher/programs/{id}/releases/{version}/trial", "customer", 403),
    ("POST", "/api/v1/publisher/programs/{id}/releases/{version}/appeal", "customer", 403),
    ("POST", "/api/v1/content", "customer", 403),
    ("POST", "/api/v1/content/{id}/versions", "customer", 403),
    ("PUT", "/api/v1/content/{id}/versions/{number}", "customer", 403),
    ("DELETE", "/api/v1/content/{id}/versions/{number}", "customer", 403),
    ("POST", "/api/v1/content/{id}/versions/{number}/submission", "customer", 403),
    ("POST", "/api/v1/content/{id}/versions/{number}/decisions", "customer", 403),
    ("PUT", "/api/v1/content/{id}/takedown", "customer", 403),
    ("DELETE", "/api/v1/content/{id}/takedown", "customer", 403),
    ("PUT", "/api/v1/content/{id}/stock", "customer", 403),
    ("POST", "/api/v1/media", "customer", 403),
    ("POST", "/api/v1/me/complaints/{id}/replies", "stranger", 404),
    ("POST", "/api/v1/me/payments/{id}/rating", "stranger", 403),
    ("POST", "/api/v1/me/mandates/{id}/steps", "stranger", 404),
    ("POST", "/api/v1/campaigns", "customer", 403),
    ("POST", "/api/v1/programs/{id}/budget", "customer", 403),
    ("POST", "/api/v1/campaigns/{id}/steps", "customer", 404),
    ("POST", "/api/v1/campaigns/{id}/codes", "customer", 403),
    ("PUT", "/api/v1/ratings/{id}/moderation", "customer", 403),
    ("POST", "/api/v1/complaints/{id}/steps", "customer", 403),
    ("DELETE", "/api/v1/me/merchant-applications/{id}", "stranger", 404),
    ("PUT", "/api/v1/merchant-applications/{id}/offer", "customer", 403),
    ("POST", "/api/v1/merchant-applications/{id}/decisions", "customer", 403),
    ("PUT", "/api/v1/merchants/{id}", "stranger", 404),
    ("PUT", "/api/v1/merchants/{id}/contract", "customer", 403),
    ("POST", "/api/v1/merchants/{id}/contract/decisions", "customer", 403),
    ("PUT", "/api/v1/merchants/{id}/closure", "customer", 403),
    ("DELETE", "/api/v1/merchants/{id}/closure", "customer", 403),
    ("PUT", "/api/v1/limits/{id}", "customer", 403),
    ("POST", "/api/v1/limits/{id}/decisions", "customer", 403),
    ("PUT", "/api/v1/risk-rules/{id}", "customer", 403),
    ("POST", "/api/v1/risk-rules/{id}/decisions", "customer", 403),
    ("POST", "/api/v1/held-payments/{id}/decisions", "customer", 403),
    ("PUT", "/api/v1/sessions/{id}/sheets/{ticket}/tender", "stranger", 404),
    ("DELETE", "/api/v1/me/cards/{id}", "stranger", 404),
    ("POST", "/api/v1/cash/{id}/received", "stranger", 404),
    ("POST", "/api/v1/breaks/{id}/corrections", "customer", 403),
    ("POST", "/api/v1/breaks/{id}/decisions", "customer", 403),
    ("POST", "/api/v1/me/payments/{id}/dispute", "stranger", 404),
    ("POST", "/api/v1/me/disputes/{id}/replies", "stranger", 404),
    ("DELETE", "/api/v1/me/disputes/{id}", "stranger", 404),
    ("POST", "/api/v1/disputes/{id}/answer", "stranger", 404),
    ("POST", "/api/v1/disputes/{id}/decisions", "customer", 403),
    ("POST", "/api/v1/me/direct-payments/{id}/decision", "stranger", 404),
    ("POST", "/api/v1/pay-codes/{merchant}", "customer", 404),
    ("DELETE", "/api/v1/pay-codes/{merchant}/{payment}", "customer", 404),
    ("POST", "/api/v1/pay-codes/{merchant}/{payment}/refunds", "customer", 404),
    ("PUT", "/api/v1/programs/{id}/rollout", "customer", 403),
    ("POST", "/api/v1/programs/{id}/rollout/commands", "customer", 403),
    ("PUT", "/api/v1/programs/{id}/rollout/permissions", "customer", 403),
    ("PUT", "/api/v1/programs/{id}/promotion", "customer", 403),
    ("POST", "/api/v1/programs/{id}/promotion/decisions", "customer", 403),
    ("PUT", "/api/v1/programs/{id}/settings/{branch}", "customer", 403),
    ("POST", "/api/v1/programs/{id}/settings/{branch}/decisions", "customer", 403),
    ("PUT", "/api/v1/freezes/{id}", "customer", 403),
    ("DELETE", "/api/v1/freezes/{id}", "customer", 403),
    ("PUT", "/api/v1/freezes/{id}/exceptions/{program}", "customer", 403),
    ("POST", "/api/v1/freezes/{id}/exceptions/{program}/decisions", "customer", 403),
    ("PUT", "/api/v1/programs/{id}/config", "customer", 403),
    ("PUT", "/api/v1/programs/{id}/kill", "customer", 403),
    ("DELETE", "/api/v1/programs/{id}/kill", "customer", 403),
    ("POST", "/api/v1/stops", "customer", 403),
    ("PUT", "/api/v1/stops/{id}/lift", "customer", 403),
    ("POST", "/api/v1/stops/{id}/lift/decisions", "customer", 403),
    ("PUT", "/api/v1/programs/{id}/retirement", "customer", 403),
    ("POST", "/api/v1/alerts/{id}/acknowledgement", "customer", 403),
    ("POST", "/api/v1/incidents", "customer", 403),
    ("POST", "/api/v1/incidents/{id}/steps", "customer", 403),
    ("PUT", "/api/v1/incidents/{id}/refund", "customer", 403),
    ("POST", "/api/v1/incidents/{id}/refund/decisions", "customer", 403),
    ("PUT", "/api/v1/incidents/{id}/notice", "customer", 403),
    ("POST", "/api/v1/incidents/{id}/notice/decisions", "customer", 403),
    ("POST", "/api/v1/places", "customer", 403),
    ("PUT", "/api/v1/places/{id}", "customer", 403),
    ("POST", "/api/v1/staff", "customer", 403),
    ("PUT", "/api/v1/staff/{id}/access", "customer", 403),
    ("POST", "/api/v1/staff/{id}/access/decisions", "customer", 403),
    ("PUT", "/api/v1/staff/{id}/closure", "customer", 403),
    ("DELETE", "/api/v1/staff/{id}/closure", "customer", 403),
    ("POST", "/api/v1/publishers", "customer", 403),
    ("POST", "/api/v1/publisher/qualification", "customer", 403),
    ("PUT", "/api/v1/advisories", "customer", 403),
    ("POST", "/api/v1/publisher/documents", "customer", 403),
    ("DELETE", "/api/v1/publisher/applications/{id}", "customer", 403),
    ("PUT", "/api/v1/publisher-applications/{id}/offer", "customer", 403),
    ("POST", "/api/v1/publisher-applications/{id}/decisions", "customer", 403),
    ("POST", "/api/v1/publisher/tokens", "customer", 403),
    ("POST", "/api/v1/publisher/keys", "customer", 403),
    ("PUT", "/api/v1/publisher-keys/{id}/revocation", "customer", 403),
    ("DELETE", "/api/v1/publisher/tokens/{token}", "customer", 403),
    ("PUT", "/api/v1/staff/{id}/providers/{provider}", "customer", 403),
    ("DELETE", "/api/v1/staff/{id}/providers/{provider}", "customer", 403),
];

/// Routes that change only what belongs to whoever calls: nobody who is signed in is forbidden.
const ONES_OWN: &[(&str, &str)] = &[
    ("DELETE", "/api/v1/tokens/current"),
    ("DELETE", "/api/v1/me"),
    ("POST", "/api/v1/me/complaints"),
    ("PUT", "/api/v1/me/notice-settings"),
    ("PUT", "/api/v1/me/notice-mail"),
    ("POST", "/api/v1/me/coupons"),
    ("POST", "/api/v1/me/cards"),
    ("POST", "/api/v1/me/cards/bindings"),
    ("POST", "/api/v1/me/pay-code"),
    ("PUT", "/api/v1/me/pay-code/unasked"),
    ("POST", "/api/v1/me/direct-payments"),
    ("POST", "/api/v1/me/scans"),
    ("POST", "/api/v1/merchant-applications"),
    ("DELETE", "/api/v1/me/tokens"),
    ("DELETE", "/api/v1/me/tokens/{token}"),
    ("POST", "/api/v1/me/passkeys"),
    ("POST", "/api/v1/me/passkeys/challenges"),
    ("PUT", "/api/v1/me/passkeys/{passkey}"),
    ("DELETE", "/api/v1/me/passkeys/{passkey}"),
    ("POST", "/api/v1/me/codes"),
    ("POST", "/api/v1/step-ups"),
    ("POST", "/api/v1/step-ups/{step_up}"),
];
/// Routes for those who have not signed in yet.
const OPEN: &[(&str, &str)] = &[
    ("POST", "/api/v1/tokens"),
    ("POST", "/api/v1/passkeys/challenges"),
    ("POST", "/api/v1/hooks/{program}/{endpoint}/{branch}"),
];

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if ["get", "post", "put", "delete", "patch"].contains(&method.as_str()) {
                all.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    all
}

fn call(caller: &Caller, method: &str, path: &str, session: &str) -> Answer {
    let id = if path.contains("sessions") {
        session
    } else if path.contains("programs") {
        DESK
    } else {
        "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    };
    let path = path
        .replace("{number}", "1")
        .replace("{id}", id)
        .replace("{ticket}", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .replace("{entry}", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .replace("{merchant}", MERCHANT)
        .replace("{payment}", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .replace("{version}", "1.0.0")
        .replace("{program}", "cn.bank.nobody.knows")
        .replace("{name}", "hospital");
    let body = match path.rsplit('/').next() {
        Some("events") => json!({"device": "d", "client_seq": 1, "seen": 1, "event": {"type": "resumed"}}),
        Some("rollout") => json!({"version": "1.0.0", "percent": 100, "all_branches": true}),
        Some("config") => json!({"branch": "suzhou", "values": {}}),
        Some("endpoints") => xitai_tests::partner::proposal("hospital", "https://partner.example/", &[]),
        Some("notice-settings") => json!({"quiet": null}),
        Some("notice-templates") => xitai_tests::notices::wording("openapi", false),
        Some("messages") => json!({"text": "hello", "key": "k"}),
        Some("trial") => json!({"testers": ["wang"], "days": 1}),
        Some("ticks") => json!({"points": ["h1"]}),
        Some("appeal") => json!({"reason": "it was another program"}),
        _ if path.contains("/notice-settings/") => json!({"muted": true}),
        _ if path.contains("/threads/") => json!({"ended": true}),
        Some("kill") => json!({"reason": "test"}),
        Some("commands") => json!({"command": "pause", "version": "1.0.0"}),
        Some("permissions") => json!({"permission": "xitai:payments/payments", "withheld": true, "reason": "x"}),
        Some("promotion") => json!({"to": "bank"}),
        _ if path.contains("/settings/") => json!({"values": {}}),
        _ if path.contains("/exceptions/") => json!({"reason": "x"}),
        _ if path.contains("/freezes/") => json!({"place": "bank", "from_ms": 1, "until_ms": 2, "reason": "x"}),
        Some("programs") => json!({"id": "cn.bank.suzhou.openapi"}),
        Some("decisions") => {
            json!({"decision": "approve", "package": format!("sha256:{}", "0".repeat(64)), "note": "x"})
        }
        Some("decision") => json!({"decision": "decline"}),
        Some(MERCHANT) if path.contains("/pay-codes/") => {
            json!({"code": "x", "amount": {"minor": 1, "currency": "CNY"}, "purpose": "x", "key": "k"})
        }
        Some("refunds") => json!({"amount": {"minor": 1, "currency": "CNY"}, "reason": "x", "key": "k"}),
        Some("steps") if path.contains("/mandates/") => json!({"step": "revoke"}),
        Some("steps") if path.contains("/campaigns/") => json!({"step": "accept", "funder": "head-office"}),
        Some("budget") => {
            json!({"branch": "suzhou", "funder": "branch:suzhou", "amount": {"minor": 1, "currency": "CNY"}, "key": "k"})
        }
        Some("replies" | "answer") => json!({"text": "more"}),
        Some("dispute") => json!({"reason": "other", "text": "x"}),
        Some("rating") => json!({"stars": 5, "text": "", "key": "k"}),
        Some("complaints") => json!({"program": DESK, "text": "late", "key": "k"}),
        Some("sessions") => json!({"program": DESK, "branch": "nanjing"}),
        Some("tender") => json!({"tender": "cash"}),
        _ if path.contains("/secure-fields/") => json!({"value": "1234"}),
        _ if path.contains("/sheets/") => {
            json!({"device": "d", "decision": "decline", "digest": format!("sha256:{}", "0".repeat(64))})
        }
        _ => json!({}),
    };
    match method {
        "GET" | "DELETE" => caller.send(method, &path, "", Vec::new()),
        _ if path.ends_with("/file") => caller.send(method, &path, "application/octet-stream", b"%PDF-".to_vec()),
        _ if path.ends_with("/releases") => caller.send(method, &path, "application/miniapp-pkg+zip", b"PK".to_vec()),
        _ => caller.send(method, &path, "application/json", body.to_string().into_bytes()),
    }
}

#[test]
fn every_route_that_changes_something_refuses_who_may_not() {
    let bank = Bank::with_desk();
    let document = bank.visitor().get("/openapi.json").ok();
    let session = bank.customer("wang").desk();
    let stranger = bank.customer("smith").caller;
    let mut changing = 0;
    for (method, path, operation) in operations(&document) {
        let open = OPEN.contains(&(method.as_str(), path.as_str()));
        if operation["security"].is_array() {
            let unknown = call(&bank.visitor(), &method, &path, &session.id);
            assert_eq!(unknown.status, 401, "{method} {path} without a sign-in: {}", unknown.text());
            let made_up = call(&bank.visitor().with_token("made-up"), &method, &path, &session.id);
            assert_eq!(made_up.status, 401, "{method} {path} with a made-up token: {}", made_up.text());
        } else {
            assert!(open || method == "GET", "{method} {path} is open to everybody");
        }
        if method == "GET" || open {
            continue;
        }
        changing += 1;
        if ONES_OWN.contains(&(method.as_str(), path.as_str())) {
            continue;
        }
        let row = FORBIDDEN.iter().find(|(m, p, _, _)| *m == method && *p == path);
        let (_, _, who, status) = row.unwrap_or_else(|| panic!("{method} {path} needs a row with who is refused"));
        let refused = call(&stranger, &method, &path, &session.id);
        assert_eq!(refused.status, *status, "{method} {path} by {who}: {}", refused.text());
        assert_eq!(refused.header("content-type"), Some("application/problem+json"), "{method} {path}");
    }
    assert!(changing >= 10, "the document has the product's routes: {changing}");
}

#[test]
fn every_operation_is_described() {
    let bank = Bank::start();
    let document = bank.visitor().get("/openapi.json").ok();
    assert!(document["openapi"].as_str().is_some_and(|v| v.starts_with('3')));
    for (method, path, operation) in operations(&document) {
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path} says what it does");
        assert!(operation["responses"]["default"].is_object(), "{method} {path} says how it refuses");
        if method == "POST" || method == "PUT" {
            assert!(operation["requestBody"].is_object(), "{method} {path} says what it takes");
        }
        // Each reference leads somewhere.
        for reference in references(&operation) {
            let name = reference.trim_start_matches("#/components/schemas/");
            assert!(document["components"]["schemas"][name].is_object(), "{method} {path}: {reference}");
        }
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value.as_str() {
                Some(text) if name == "$ref" => vec![text.to_owned()],
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_not_there_or_not_so_is_a_problem_too() {
    let bank = Bank::start();
    let visitor = bank.visitor();
    visitor.get("/api/v1/nothing").refused(404, "request.not-found");
    assert_eq!(visitor.delete("/healthz").code(), "request.method");
    let customer = bank.customer("wang").caller;
    let text = customer.send("POST", "/api/v1/sessions", "text/plain", b"hello".to_vec());
    assert!(matches!(text.code().as_str(), "request.media-type" | "request.malformed"), "{}", text.text());
    customer.send("POST", "/api/v1/sessions", "application/json", b"{".to_vec()).refused(400, "request.malformed");
    let large = vec![b' '; xitai_model::limits::REQUEST_BYTES_MAX + 1];
    customer.send("POST", "/api/v1/sessions", "application/json", large).refused(413, "request.too-large");
    visitor.post("/api/v1/tokens", &json!({"login": "wang", "password": "wrong"})).refused(401, "auth.bad-password");
}

#[test]
fn too_many_sign_ins_and_requests_are_told_to_wait() {
    let bank = Bank::start();
    let visitor = bank.visitor();
    let wrong = json!({"login": "smith", "password": "wrong"});
    let tries: Vec<u16> = (0..=xitai_model::limits::SIGN_INS_PER_MINUTE_MAX)
        .map(|_| visitor.post("/api/v1/tokens", &wrong).status)
        .collect();
    assert_eq!(tries.last(), Some(&429), "{tries:?}");
    let customer = bank.customer("wang").caller;
    let many = xitai_model::limits::REQUESTS_PER_S_MAX * 10 + 50;
    let refused = (0..many).map(|_| customer.get("/api/v1/me")).find(|a| a.status == 429);
    let refused = refused.expect("past the rate there is a refusal");
    refused.refused(429, "request.too-many");
    assert!(refused.header("retry-after").is_some());
    // Another sign-in is not affected.
    assert_eq!(bank.customer("demo-01").caller.get("/api/v1/me").status, 200);
}
