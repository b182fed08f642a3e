//! The people of the demo organisation, each speaking public HTTP with a sign-in of their own.

use crate::http::{Answer, Caller};
use crate::session::Session;
use crate::signer::Signer;
use serde_json::{Value, json};
use std::time::Duration;

pub const CANTEEN: &str = "cn.bank.suzhou.canteen";
pub const BRANCH_QUEUE: &str = "cn.bank.suzhou.branch-queue";

/// Somebody whom the bank serves.
#[derive(Clone)]
pub struct Customer {
    pub login: String,
    pub caller: Caller,
}

impl Customer {
    #[track_caller]
    pub fn open(&self, program: &str) -> Session {
        self.open_with(program, json!({}))
    }
    #[track_caller]
    pub fn open_with(&self, program: &str, launch: Value) -> Session {
        Session::open(&self.caller, program, launch)
    }
    /// The customer's payments, newest first.
    pub fn payments(&self) -> Vec<Value> {
        let page = self.caller.get("/api/v1/me/payments").ok();
        page["payments"].as_array().unwrap_or_else(|| panic!("payments: {page}")).clone()
    }
    /// Spends all that is left of the demo's money, so that the account is empty, and has the customer erased.
    #[track_caller]
    pub fn spends_all_and_goes(&self) {
        let settled = self.payments().into_iter().filter(|payment| payment["status"] == "settled");
        let spent: i64 = settled.filter_map(|payment| payment["payable"]["minor"].as_i64()).sum();
        let mut desk = self.desk();
        desk.pays("the rest", crate::bank::DEMO_MONEY_MINOR - spent);
        let gone = self.caller.delete_with("/api/v1/me", &json!({"password": crate::bank::PASSWORD}));
        assert_eq!(gone.status, 204, "{}", gone.text());
    }
    #[track_caller]
    pub fn payment(&self, id: &str) -> Value {
        self.caller.get(&format!("/api/v1/me/payments/{id}")).ok()
    }
    /// The payment that was asked for under a key.
    #[track_caller]
    pub fn payment_under(&self, key: &str) -> Value {
        let all = self.payments();
        let line = all.iter().find(|payment| payment["key"] == key).unwrap_or_else(|| panic!("{key} in {all:?}"));
        self.payment(line["id"].as_str().expect("an id"))
    }
    /// Waits until it is in one of these states.
    #[track_caller]
    pub fn until_payment(&self, key: &str, statuses: &[&str]) -> Value {
        crate::eventually(&format!("{key} is {statuses:?}"), Duration::from_secs(60), || {
            let payment = self.payment_under(key);
            statuses.contains(&payment["status"].as_str().expect("a status")).then_some(payment)
        })
    }
}

/// Somebody who works in the organisation.
#[derive(Clone)]
pub struct Staff {
    pub id: String,
    pub caller: Caller,
}

impl Staff {
    #[track_caller]
    pub fn open(&self, program: &str) -> Session {
        Session::open(&self.caller, program, json!({}))
    }

    // A developer.
    pub fn claim(&self, program: &str) -> Answer {
        self.caller.post("/api/v1/publisher/programs", &json!({"id": program}))
    }
    /// Signed with this developer's own key, which is registered where the host does not know it yet.
    pub fn upload(&self, program: &str, package: &[u8]) -> Answer {
        let signer = self.signer();
        let signed = signer.sign(package);
        let answer = self.upload_as_it_is(program, &signed);
        if answer.status == 403 && answer.json()["code"] == "package.key-unknown" {
            signer.register(&self.caller).ok();
            return self.upload_as_it_is(program, &signed);
        }
        answer
    }
    pub fn signer(&self) -> Signer {
        Signer::named(&self.id)
    }
    pub fn upload_as_it_is(&self, program: &str, package: &[u8]) -> Answer {
        let path = format!("/api/v1/publisher/programs/{program}/releases");
        self.caller.send("POST", &path, "application/miniapp-pkg+zip", package.to_vec())
    }
    pub fn release(&self, program: &str, version: &str) -> Answer {
        self.caller.get(&format!("/api/v1/publisher/programs/{program}/releases/{version}"))
    }
    /// Uploads, and waits until the inspection has spoken.
    #[track_caller]
    pub fn publish(&self, program: &str, version: &str, package: &[u8]) -> Value {
        let answer = self.upload(program, package);
        assert_eq!(answer.status, 202, "an upload is taken: {}", answer.text());
        self.inspected(program, version)
    }
    #[track_caller]
    pub fn inspected(&self, program: &str, version: &str) -> Value {
        crate::wait::eventually("the inspection ends", Duration::from_secs(90), || {
            let release = self.release(program, version).ok();
            (release["state"] != "checking").then_some(release)
        })
    }

    // A reviewer.
    pub fn reviews(&self) -> Vec<Value> {
        let page = self.caller.get("/api/v1/reviews").ok();
        page["reviews"].as_array().unwrap_or_else(|| panic!("reviews: {page}")).clone()
    }
    pub fn decide(&self, review: &str, decision: &str, package: &str, note: &str) -> Answer {
        // Whoever approves has looked at every point.
        let points: Vec<String> =
            if decision == "approve" { (1..=8).map(|n| format!("h{n}")).collect() } else { vec![] };
        let body = json!({"decision": decision, "package": package, "note": note, "points": points});
        self.caller.post(&format!("/api/v1/reviews/{review}/decisions"), &body)
    }

    // Head office, and a branch's operator.
    pub fn roll_out(&self, program: &str, rollout: Value) -> Answer {
        self.caller.put(&format!("/api/v1/programs/{program}/rollout"), &rollout)
    }
    pub fn stop(&self, program: &str, reason: &str) -> Answer {
        self.caller.put(&format!("/api/v1/programs/{program}/kill"), &json!({"reason": reason}))
    }
    /// The first person proposes it, another one lifts it.
    pub fn lift(&self, program: &str) -> Answer {
        self.caller.delete(&format!("/api/v1/programs/{program}/kill"))
    }
    /// All audit records.
    pub fn audit(&self) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = all.last().and_then(|r| r["seq"].as_u64()).unwrap_or(0);
            let page = self.caller.get(&format!("/api/v1/audit?after={after}")).ok();
            let records = page["records"].as_array().unwrap_or_else(|| panic!("records: {page}")).clone();
            if records.is_empty() {
                return all;
            }
            all.extend(records);
        }
    }
    /// All audit records, among them one of each of these actions.
    #[track_caller]
    pub fn audit_with(&self, actions: &[&str]) -> Vec<Value> {
        let all = self.audit();
        for action in actions {
            assert!(all.iter().any(|record| record["action"] == *action), "{action} is in the trail");
        }
        all
    }
}
