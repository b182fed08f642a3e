//! The branch's zone to begin with: arranged by one of its people, published by another.

use super::organisation::SUZHOU;
use super::{PASSWORD, say};
use crate::app::App;
use crate::cli::client::{Client, ClientFault};
use serde_json::{Value, json};
use std::sync::Arc;
use xitai_model::ids::{PlaceId, ProgramId};

/// In their order; what did not come through is left out.
const CARDS: [&str; 3] =
    ["cn.bank.suzhou.canteen", "cn.bank.suzhou.branch-queue", "cn.bank.suzhou.hospital-registration"];
/// What stands together under a title, where all of it came through.
const LUNCH: [&str; 2] = ["cn.bank.suzhou.dining", "cn.bank.suzhou.coupon-wallet"];
const MAKER: &str = "operator-qian";
const CHECKER: &str = "canteen-zhou";

/// Publishes it, unless there is one. Runs beside the host, which answers the requests.
pub async fn publish(app: &Arc<App>, base: String) -> Result<(), String> {
    let branch = PlaceId::parse(SUZHOU).map_err(|fault| fault.to_string())?;
    let catalog = app.catalog();
    let is_on = |id: &&&str| {
        let rollout = ProgramId::parse(id).ok().and_then(|id| catalog.rollout(&id).cloned());
        rollout.is_some_and(|rollout| rollout.enabled.contains(&branch))
    };
    let cards: Vec<Value> = CARDS.iter().filter(is_on).map(|id| json!({ "program": id })).collect();
    if catalog.zone_pages.contains_key(&branch) || cards.is_empty() {
        return Ok(());
    }
    let bundles: Vec<Value> = match LUNCH.iter().filter(is_on).count() {
        2 => vec![json!({ "titles": { "zh-CN": "午间一小时", "en": "Your lunch hour" }, "programs": LUNCH })],
        _ => Vec::new(),
    };
    let count = cards.len();
    tokio::task::spawn_blocking(move || arrange(&base, &cards, &bundles))
        .await
        .map_err(|fault| fault.to_string())?
        .map_err(|fault| format!("zone: {} ({}) {}", fault.what, fault.code, fault.way_out))?;
    say(&format!("Zone of {SUZHOU}: {count} cards, arranged by {MAKER}, published by {CHECKER}"));
    Ok(())
}

fn arrange(base: &str, cards: &[Value], bundles: &[Value]) -> Result<(), ClientFault> {
    let one = |login: &str| -> Result<Client, ClientFault> {
        let answer = Client::new(base, None).post("/tokens", &json!({ "login": login, "password": PASSWORD }))?;
        Ok(Client::new(base, answer["token"].as_str().map(str::to_owned)))
    };
    let path = format!("/zone-pages/{SUZHOU}");
    let seen = one(MAKER)?.put(&path, &json!({ "cards": cards, "bundles": bundles }))?;
    let approve = json!({ "decision": "approve", "digest": seen["rule"]["proposed"]["digest"] });
    one(CHECKER)?.post(&format!("{path}/decisions"), &approve).map(|_| ())
}
