//! Every route is described, and what is refused is told as a problem. Who may use which is in `routes.rs`.

use serde_json::{Value, json};
use xitai_tests::Bank;

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

#[test]
fn every_operation_is_described() {
    let bank = Bank::start();
    let document = bank.visitor().get("/openapi.json").ok();
    assert!(document["openapi"].as_str().is_some_and(|v| v.starts_with('3')));
    let table = xitai_tests::binary::run(&["routes", "--json"], &[]).done().json();
    let is_described = |it: &&Value| it["page"] == false && it["path"] != "/assets/{name}";
    let rows: Vec<&Value> = table["routes"].as_array().expect("routes").iter().filter(is_described).collect();
    let described = operations(&document);
    assert_eq!(described.len(), rows.len(), "the document has each route but pages and their files");
    for (method, path, operation) in described {
        let row = rows.iter().find(|row| row["method"] == method && row["path"] == path);
        let row = row.unwrap_or_else(|| panic!("{method} {path} is a route"));
        assert_eq!(operation["security"].is_array(), row["access"] != "anyone", "{method} {path} says who may");
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
