//! Campaigns as tests make them: proposed by the branch, accepted by everybody whose money it is.

use crate::actor::Staff;
use crate::bank::Bank;
use crate::http::Answer;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64
}

pub fn fen(minor: i64) -> Value {
    json!({"minor": minor, "currency": "CNY"})
}

/// A campaign in Suzhou for account holders: `worth` is JSON, funders are id, share in percent and cap in fen.
pub fn campaign(id: &str, worth: Value, funders: &[(&str, u32, i64)]) -> Value {
    let funders: Vec<Value> = funders
        .iter()
        .map(|(funder, percent, cap)| json!({"funder": funder, "basis_points": percent * 100, "cap": fen(*cap)}))
        .collect();
    json!({
        "id": id, "title": format!("Campaign {id}"), "places": ["suzhou"], "minimum_spend": fen(0), "worth": worth,
        "each_customer": 1, "from_ms": now_ms() - 1_000, "until_ms": now_ms() + 3_600_000, "valid_s": 3_600,
        "funders": funders,
    })
}

impl Staff {
    pub fn propose_campaign(&self, campaign: &Value) -> Answer {
        self.caller.post("/api/v1/campaigns", campaign)
    }
    pub fn accept_campaign(&self, id: &str, funder: &str) -> Answer {
        self.caller.post(&format!("/api/v1/campaigns/{id}/steps"), &json!({"step": "accept", "funder": funder}))
    }
    pub fn campaign(&self, id: &str) -> Value {
        self.caller.get(&format!("/api/v1/campaigns/{id}")).ok()
    }
}

/// What a customer pays so that a merchant of the demo keeps `minor`: it is charged 0.38 %, at least one fen.
fn before_fee(minor: i64) -> i64 {
    let fee = |gross: i64| ((gross * 38 + 5_000) / 10_000).max(1);
    (minor..).find(|gross| gross - fee(*gross) == minor).expect("what is kept grows by at most one fen for each fen")
}

impl Bank {
    /// Earns money for a payee of the desk, by customers who pay: `merchant:suzhou-canteen`, `branch:suzhou` or
    /// `head-office`. A merchant has it after its fee.
    pub fn earn(&self, customer: &str, payee: &str, minor: i64) {
        let minor = if payee.starts_with("merchant:") { before_fee(minor) } else { minor };
        let mut desk = self.customer(customer).desk();
        let key = format!("earn-{payee}-{minor}");
        let branch = match payee {
            "head-office" => json!("head-office"),
            other => other.strip_prefix("branch:").map_or(Value::Null, |id| json!(id)),
        };
        let ask = json!([
            {"do": "request", "key": key, "minor": minor, "branch": branch}, {"do": "show", "key": key}
        ]);
        let answer = desk.try_pay(minor, ask);
        assert!(answer.status < 300, "the sheet opens: {} {}", answer.status, answer.text());
        desk.confirm();
    }

    /// Proposes a campaign, has every funder earn its cap and accept its share.
    #[track_caller]
    pub fn run_campaign(&self, campaign: &Value) {
        let id = campaign["id"].as_str().expect("an id");
        self.staff("operator-qian").propose_campaign(campaign).ok();
        for (number, share) in campaign["funders"].as_array().expect("funders").iter().enumerate() {
            let funder = share["funder"].as_str().expect("a funder");
            self.earn(&format!("demo-{:02}", 90 + number), funder, share["cap"]["minor"].as_i64().expect("a cap"));
            let people: &[&str] = match funder {
                "head-office" => &["manager-wu", "reviewer-chen"],
                other if other.starts_with("branch:") => &["canteen-zhou"],
                _ => &["dev-lin"],
            };
            for person in people {
                self.staff(person).accept_campaign(id, funder).ok();
            }
        }
        assert_eq!(self.staff("manager-wu").campaign(id)["state"], "live", "{id}");
    }
}
