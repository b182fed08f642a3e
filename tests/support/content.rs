//! Entries as staff write them and reviewers decide on them.

use crate::actor::Staff;
use crate::bank::Bank;
use crate::http::Answer;
use serde_json::{Value, json};

/// A draft with a title in Chinese.
pub fn draft(title: &str) -> Value {
    json!({"texts": {"zh-CN": {"title": title, "summary": "摘要", "body": "正文"}}})
}

impl Staff {
    pub fn write(&self, kind: &str, place: &str, draft: &Value) -> Answer {
        self.caller.post("/api/v1/content", &json!({"kind": kind, "place": place, "draft": draft}))
    }
    pub fn write_version(&self, id: &str, draft: &Value) -> Answer {
        self.caller.post(&format!("/api/v1/content/{id}/versions"), &json!({"draft": draft}))
    }
    pub fn put_forward(&self, id: &str, number: u64) -> Answer {
        self.caller.post(&format!("/api/v1/content/{id}/versions/{number}/submission"), &json!({}))
    }
    pub fn entry(&self, id: &str) -> Answer {
        self.caller.get(&format!("/api/v1/content/{id}"))
    }
    pub fn decide_content(&self, id: &str, number: u64, decision: &str, digest: &str, note: &str) -> Answer {
        let path = format!("/api/v1/content/{id}/versions/{number}/decisions");
        self.caller.post(&path, &json!({"decision": decision, "digest": digest, "note": note}))
    }
    pub fn take_down(&self, id: &str, reason: &str) -> Answer {
        self.caller.put(&format!("/api/v1/content/{id}/takedown"), &json!({"reason": reason}))
    }
    pub fn restore(&self, id: &str) -> Answer {
        self.caller.delete(&format!("/api/v1/content/{id}/takedown"))
    }
    pub fn upload_picture(&self, bytes: &[u8]) -> Answer {
        self.caller.send("POST", "/api/v1/media", "image/png", bytes.to_vec())
    }
}

/// A version of an entry.
#[track_caller]
pub fn version(entry: &Value, number: u64) -> Value {
    let all = entry["versions"].as_array().unwrap_or_else(|| panic!("versions: {entry}"));
    all.iter().find(|it| it["number"] == number).unwrap_or_else(|| panic!("version {number}: {entry}")).clone()
}

pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name}: {value}"))
}

impl Bank {
    /// Writes an entry for Suzhou and has it approved by as many as it needs; its id.
    #[track_caller]
    pub fn publish_entry(&self, kind: &str, draft: &Value) -> String {
        let author = self.staff("operator-qian");
        let made = author.write(kind, "suzhou", draft).ok();
        let id = text(&made, "id").to_owned();
        author.put_forward(&id, 1).ok();
        self.approve_entry(&id, 1);
        id
    }
    #[track_caller]
    pub fn approve_entry(&self, id: &str, number: u64) {
        for reviewer in ["reviewer-chen", "reviewer-zhao"] {
            let reviewer = self.staff(reviewer);
            let now = version(&reviewer.entry(id).ok(), number);
            if now["state"] == "review" {
                reviewer.decide_content(id, number, "approve", text(&now, "digest"), "").ok();
            }
        }
        let entry = self.staff("reviewer-chen").entry(id).ok();
        assert_eq!(version(&entry, number)["state"], "live", "{entry:#}");
    }
}
