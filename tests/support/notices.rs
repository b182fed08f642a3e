//! Notices of the desk: their words, and what a customer has.

use crate::actor::Customer;
use crate::bank::Bank;
use crate::desk::DESK;
use crate::http::Caller;
use serde_json::{Value, json};

/// The words of the desk's templates.
pub fn wording(name: &str, lasting: bool) -> Value {
    json!({
        "name": name,
        "purpose": "to tell what has come of it",
        "lasting": lasting,
        "page": "pages/index",
        "texts": {
            "zh-CN": {"title": "{dish}已备好", "text": "取餐号{number}，应付{price}。"},
            "en": {"title": "{dish} is ready", "text": "Number {number}, {price}."},
        },
        "variables": {
            "dish": {"kind": "text", "chars_max": 20},
            "number": {"kind": "code", "chars_max": 8},
            "price": {"kind": "amount", "chars_max": 20},
        },
    })
}

pub fn path(rest: &str) -> String {
    format!("/api/v1/programs/{DESK}/notice-templates{rest}")
}

/// Has a template of the desk's approved.
#[track_caller]
pub fn approve(bank: &Bank, name: &str, lasting: bool) {
    let made = bank.sign_in("dev-lin").post(&path(""), &wording(name, lasting)).ok();
    let digest = made["proposed"]["digest"].as_str().expect("proposed words").to_owned();
    let decision = json!({"decision": "approve", "wording": digest});
    bank.sign_in("reviewer-chen").post(&path(&format!("/{name}/decisions")), &decision).ok();
}

/// A script that sends a notice of a template under a key.
pub fn notify(template: &str, key: &str) -> Value {
    let values = json!([["dish", "牛肉面"], ["number", "A17"], ["price", "1200 CNY"]]);
    json!({"do": "reach", "what": {"notify": {"template": template, "key": key, "values": values}}})
}

pub fn quiet(caller: &Caller, hours: Value) {
    caller.put("/api/v1/me/notice-settings", &json!({ "quiet": hours })).ok();
}

impl Customer {
    /// The customer's notices, newest first, and how many are unread.
    pub fn notices(&self) -> (Vec<Value>, u64) {
        let page = self.caller.get("/api/v1/me/notices").ok();
        let unread = page["unread"].as_u64().unwrap_or_else(|| panic!("unread: {page}"));
        (page["notices"].as_array().expect("notices").clone(), unread)
    }
    /// Waits until there are so many.
    #[track_caller]
    pub fn until_noticed(&self, count: usize) -> Vec<Value> {
        crate::eventually("notices come", std::time::Duration::from_secs(20), || {
            let (notices, _) = self.notices();
            (notices.len() >= count).then_some(notices)
        })
    }
    /// Wants no quiet hours: tests run at any time of the day.
    pub fn never_quiet(self) -> Self {
        quiet(&self.caller, Value::Null);
        self
    }
}
