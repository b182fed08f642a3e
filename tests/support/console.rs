//! The way of a release in one call: what a test does that is not about publishing.

use crate::bank::Bank;
use serde_json::{Value, json};

/// Who signs for which desk beside the reviewers.
pub const DESKS: [(&str, &str); 4] = [
    ("product-hu", "product"),
    ("risk-song", "risk"),
    ("operations-liu", "operations"),
    ("technology-gao", "technology"),
];

impl Bank {
    /// Publishes a package, has it approved by two persons, opened by head office and enabled in Suzhou.
    #[track_caller]
    pub fn perform_release(&self, program: &str, version: &str, package: &[u8]) {
        let developer = self.staff("dev-lin");
        let claimed = developer.claim(program);
        assert!(claimed.status < 300 || claimed.status == 409, "the id is claimed: {}", claimed.text());
        let release = developer.publish(program, version, package);
        assert_eq!(release["state"], "in-review", "the inspection lets it through: {release:#}");
        self.approve(&release);
        self.enable(program, version);
    }
    #[track_caller]
    pub fn approve(&self, release: &Value) {
        let review = release["review"].as_str().unwrap_or_else(|| panic!("a review: {release}"));
        let package = release["package"].as_str().unwrap_or_else(|| panic!("a package digest: {release}"));
        // A program that falls on purpose is let through by somebody who says so.
        for finding in release["findings_open"].as_array().into_iter().flatten() {
            let accepts = json!({"finding": finding, "reason": "it is made to fall"});
            self.staff("reviewer-chen").caller.post(&format!("/api/v1/reviews/{review}/acceptances"), &accepts).ok();
        }
        for reviewer in ["reviewer-chen", "reviewer-zhao"] {
            self.staff(reviewer).decide(review, "approve", package, "looked at it").ok();
        }
        self.sign_off(release);
    }
    /// Has those desks sign that the release's tiers ask for beside the reviewers.
    #[track_caller]
    pub fn sign_off(&self, release: &Value) {
        let [review, package] = ["review", "package"].map(|name| release[name].as_str().expect("a review's own"));
        for desk in release["desks"].as_array().expect("desks").iter().filter_map(Value::as_str) {
            let Some((who, _)) = DESKS.iter().find(|(_, of)| *of == desk) else { continue };
            self.staff(who).decide(review, "approve", package, "signed off").ok();
        }
    }
    /// What head office proposes at a path, another of its people approves: a rule, a limit, somebody's access.
    #[track_caller]
    pub fn agree(&self, path: &str, proposal: &Value) -> Value {
        let proposed = self.staff("manager-wu").caller.put(path, proposal).ok();
        let approve = json!({"decision": "approve", "digest": proposed["proposed"]["digest"]});
        self.staff("reviewer-chen").caller.post(&format!("{path}/decisions"), &approve).ok()
    }
    #[track_caller]
    pub fn enable(&self, program: &str, version: &str) {
        let open = json!({"version": version, "percent": 100, "channels": [], "all_branches": true});
        self.staff("manager-wu").roll_out(program, open).ok();
        self.staff("operator-qian").roll_out(program, json!({"enabled": ["suzhou"]})).ok();
    }
}
