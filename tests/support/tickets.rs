//! The bank's own server and its app, which bring customers in by tickets.

use crate::{Answer, Bank, Caller};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What the app of these tests keeps.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub fn challenge(verifier: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()))
}

/// The bank's server with its token.
pub fn server(bank: &Bank) -> Caller {
    machine(bank, "Mobile banking", &["app-ticket.issue"])
}

/// A machine that head office made.
pub fn machine(bank: &Bank, name: &str, scopes: &[&str]) -> Caller {
    let made = json!({"name": name, "scopes": scopes, "days": 30});
    let made = bank.sign_in("manager-wu").post("/api/v1/machines", &made).ok();
    bank.visitor().with_token(made["token"].as_str().expect("a token"))
}

/// Asks for a ticket as the app's server does.
pub fn issue(server: &Caller, customer: &str, opens: Value) -> Answer {
    let body = json!({"customer": customer, "challenge": challenge(VERIFIER), "opens": opens});
    server.post("/api/v1/tickets", &body)
}

pub fn ticket(server: &Caller, customer: &str) -> String {
    issue(server, customer, Value::Null).ok()["ticket"].as_str().expect("a ticket").to_owned()
}

/// Shows a ticket as the page in the WebView does.
pub fn show(caller: &Caller, ticket: &str, verifier: &str) -> Answer {
    let form = format!("ticket={ticket}&verifier={verifier}");
    let same = [("sec-fetch-site", "same-origin")];
    caller.send_with("POST", "/app/ticket", "application/x-www-form-urlencoded", form.into_bytes(), &same)
}

/// Whoever a ticket signed in.
#[track_caller]
pub fn signed_in(bank: &Bank, shown: &Answer) -> Caller {
    assert_eq!(shown.status, 303, "{}", shown.text());
    let cookie = shown.header("set-cookie").expect("a cookie");
    let token = cookie.strip_prefix("xitai_token=").and_then(|rest| rest.split(';').next()).expect("a token");
    bank.visitor().with_token(token)
}
