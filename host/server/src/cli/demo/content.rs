//! Reviewed content of the demo bank, each entry through the whole flow: written by a branch or by head office, checked
//! by the machine, approved by as many people as it needs.

use super::organisation::SUZHOU;
use super::say;
use super::sign_ins::SignIns;
use crate::app::App;
use crate::cli::client::ClientFault;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use xitai_model::ids::{PlaceId, ProgramId};

const REVIEWERS: [&str; 2] = ["reviewer-chen", "reviewer-zhao"];
const ENTRIES: &str = include_str!("../../../demo/content.json");

/// Pictures of the entries, uploaded like anybody's.
const PICTURES: [(&str, &[u8]); 3] = [
    ("branch", include_bytes!("../../../demo/branch.png")),
    ("noodles", include_bytes!("../../../demo/noodles.png")),
    ("tea", include_bytes!("../../../demo/tea.png")),
];

/// Publishes the entries that the library does not have yet. Runs beside the host, which answers the requests.
pub async fn publish_all(app: &Arc<App>, base: String) -> Result<(), String> {
    let entries: Vec<Value> = serde_json::from_str(ENTRIES).map_err(|fault| fault.to_string())?;
    let catalog = app.catalog();
    let drafts = catalog.content.values().flat_map(|kept| &kept.value.versions).map(|version| &version.draft);
    let there: BTreeSet<String> =
        drafts.flat_map(|draft| draft.texts.values()).map(|text| text.title.clone()).collect();
    let missing: Vec<Value> = entries
        .into_iter()
        .filter(|entry| !there.contains(title(entry)))
        .map(|entry| with_its_program(app, entry))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let count = missing.len();
    tokio::task::spawn_blocking(move || {
        let mut people = SignIns::at(&base);
        missing.iter().try_for_each(|entry| publish(&mut people, entry))
    })
    .await
    .map_err(|fault| fault.to_string())?
    .map_err(|fault| format!("content: {} ({}) {}", fault.what, fault.code, fault.way_out))?;
    say(&format!("Content: {count} entries written, checked and approved"));
    Ok(())
}

fn title(entry: &Value) -> &str {
    entry["draft"]["texts"]["zh-CN"]["title"].as_str().unwrap_or_default()
}

/// An entry opens its program only where that came through.
fn with_its_program(app: &App, mut entry: Value) -> Value {
    let program = entry["draft"]["opens"][0].as_str().and_then(|id| ProgramId::parse(id).ok());
    let branch = PlaceId::parse(SUZHOU).ok();
    let catalog = app.catalog();
    let rollout = program.and_then(|program| catalog.rollout(&program).cloned());
    if !rollout.zip(branch).is_some_and(|(rollout, branch)| rollout.enabled.contains(&branch)) {
        entry["draft"]["opens"] = Value::Null;
    }
    entry
}

fn publish(people: &mut SignIns, entry: &Value) -> Result<(), ClientFault> {
    let author = people.of(entry["by"].as_str().unwrap_or_default())?;
    let mut draft = entry["draft"].clone();
    if let Some((_, bytes)) = PICTURES.iter().find(|(name, _)| entry["picture"] == *name) {
        draft["image"] = author.upload("/media", "image/png", *bytes)?["handle"].clone();
    }
    let body = json!({ "kind": entry["kind"], "place": entry["place"], "draft": draft });
    let made = author.post("/content", &body)?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    if entry["stock"].is_u64() {
        author.put(&format!("/content/{id}/stock"), &json!({ "units": entry["stock"] }))?;
    }
    let mut now = author.post(&format!("/content/{id}/versions/1/submission"), &json!({}))?;
    for login in REVIEWERS {
        if now["versions"][0]["state"] == "review" {
            let decision = json!({
                "decision": "approve", "digest": now["versions"][0]["digest"], "note": "Read in both languages."
            });
            now = people.of(login)?.post(&format!("/content/{id}/versions/1/decisions"), &decision)?;
        }
    }
    match now["versions"][0]["state"].as_str() {
        Some("live") => Ok(()),
        state => {
            let what = format!("“{}” is {} after its review.", title(entry), state.unwrap_or("nothing"));
            Err(ClientFault::new("content.state", what, "Look at its findings in the console."))
        }
    }
}
