//! The words of notices that the demo's programs send: proposed by the developer, approved by a reviewer.

use super::say;
use super::sign_ins::SignIns;
use crate::app::App;
use crate::cli::client::ClientFault;
use serde_json::{Value, json};
use std::sync::Arc;
use xitai_model::ids::ProgramId;

const DEVELOPER: &str = "dev-lin";
const APPROVER: &str = "reviewer-chen";
const DINING: &str = "cn.bank.suzhou.dining";

fn order_ready() -> Value {
    json!({
        "name": "order-ready", "purpose": "菜做好时告诉点餐的人 / to tell whoever ordered that the food is ready",
        "lasting": false, "page": "pages/orders",
        "texts": {
            "zh-CN": { "title": "{number} 做好了", "text": "您的餐（{number}，桌号 {table}）做好了。" },
            "en": { "title": "{number} is ready", "text": "Your meal {number} is ready, table {table}." }
        },
        "variables": {
            "number": { "kind": "code", "chars_max": 8 }, "table": { "kind": "code", "chars_max": 6 }
        }
    })
}

/// Has them approved, unless they are. Runs beside the host, which answers the requests.
pub async fn approve_all(app: &Arc<App>, base: String) -> Result<(), String> {
    let program = ProgramId::parse(DINING).map_err(|fault| fault.to_string())?;
    if app.catalog().rollout(&program).is_none() {
        return Ok(());
    }
    tokio::task::spawn_blocking(move || approve(&base))
        .await
        .map_err(|fault| fault.to_string())?
        .map_err(|fault| format!("notices: {} ({}) {}", fault.what, fault.code, fault.way_out))
}

fn approve(base: &str) -> Result<(), ClientFault> {
    let mut people = SignIns::at(base);
    let path = format!("/programs/{DINING}/notice-templates");
    let developer = people.of(DEVELOPER)?;
    let there = developer.get("/notice-templates")?;
    if there["templates"].as_array().is_some_and(|all| all.iter().any(|it| it["program"] == DINING)) {
        return Ok(());
    }
    let made = developer.post(&path, &order_ready())?;
    let decision = json!({ "decision": "approve", "wording": made["proposed"]["digest"] });
    people.of(APPROVER)?.post(&format!("{path}/order-ready/decisions"), &decision)?;
    say(&format!("Notices: “order-ready” proposed by {DEVELOPER}, approved by {APPROVER}"));
    Ok(())
}
