//! `xitai status`: where one's programs and releases stand.

use super::client::{Client, ClientFault};
use super::report::{self, Ended};
use clap::Args;
use serde_json::Value;
use xitai_model::ids::ReleaseId;

/// Show where programs and releases stand
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// ID or ID@VERSION; without one, all programs of one's publisher
    pub release: Option<String>,
    /// The host; else the one signed in to last
    #[arg(long)]
    pub host: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: StatusArgs) -> Ended {
    match ask(&args) {
        Ok(document) => {
            let text = match &args.release {
                Some(release) if release.contains('@') => release_text(&document),
                _ => list_text(&document),
            };
            report::done(args.json, &document, &text)
        }
        Err(fault) => fault.end(args.json),
    }
}

fn ask(args: &StatusArgs) -> Result<Value, ClientFault> {
    let client = Client::signed_in(args.host.as_deref())?;
    match &args.release {
        None => client.get("/publisher/programs"),
        Some(text) if text.contains('@') => {
            let release = ReleaseId::parse(text)
                .map_err(|fault| ClientFault::new("client.bad-release", format!("{fault}."), "Write ID@VERSION."))?;
            client.get(&format!("/publisher/programs/{}/releases/{}", release.program, release.version))
        }
        Some(program) => client.get(&format!("/publisher/programs/{program}/releases")),
    }
}

fn list_text(document: &Value) -> String {
    let mut lines = Vec::new();
    for program in document["programs"].as_array().into_iter().flatten() {
        lines.push(program["id"].as_str().unwrap_or_default().to_owned());
        lines.extend(program["releases"].as_array().into_iter().flatten().map(release_line));
    }
    lines.extend(document["releases"].as_array().into_iter().flatten().map(release_line));
    if lines.is_empty() { "Nothing is published yet.".to_owned() } else { lines.join("\n") }
}

fn release_line(release: &Value) -> String {
    let text = |name: &str| release[name].as_str().unwrap_or_default().to_owned();
    let errors =
        release["findings"].as_array().map_or(0, |found| found.iter().filter(|f| f["severity"] == "error").count());
    let errors = if errors > 0 { format!(", {errors} errors") } else { String::new() };
    format!("  {:<12} {}{errors}", text("version"), text("state"))
}

fn release_text(release: &Value) -> String {
    let mut lines = vec![format!(
        "{}  {}",
        release["release"].as_str().unwrap_or_default(),
        release["state"].as_str().unwrap_or_default()
    )];
    for signoff in release["signoffs"].as_array().into_iter().flatten() {
        let text = |name: &str| signoff[name].as_str().unwrap_or_default().to_owned();
        lines.push(format!("  {} by {}: {}", text("decision"), text("by"), text("note")));
    }
    for finding in release["findings"].as_array().into_iter().flatten() {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        lines.push(format!("  {} {} at {}: {}", text("severity"), text("code"), text("place"), text("evidence")));
        lines.push(format!("    mend: {}", text("mend")));
    }
    lines.join("\n")
}
