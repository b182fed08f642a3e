//! `xitai publish`: check here, upload, wait for the host's own inspection.

use super::build::{self, BuildFault};
use super::check;
use super::client::{Client, ClientFault};
use super::key_file;
use super::report::{self, Ended};
use crate::package;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::Cursor;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use xitai_model::limits::INSPECTION_S_MAX;
use xitai_model::release::Finding;

/// How often the host is asked whether its inspection is through.
const ASK_EVERY: Duration = Duration::from_millis(250);
/// Beyond the inspection's own time: others may be inspected before this one.
const WAIT_MAX: Duration = Duration::from_secs(3 * INSPECTION_S_MAX);

/// Check a package, upload it and wait for the host's inspection
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// A package, or a program's folder, which is built first
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The file of the key to sign with; else `publisher.key` among this user's settings
    #[arg(long, env = "XITAI_KEY")]
    pub key: Option<PathBuf>,
    /// The host; else the one signed in to last
    #[arg(long)]
    pub host: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// What the host says of a release.
#[derive(Debug, Clone)]
pub struct Published {
    pub release: String,
    pub state: String,
    pub findings: Vec<Finding>,
    pub document: Value,
}

pub fn run(args: PublishArgs) -> Ended {
    let path = match packed(&args) {
        Ok(path) => path,
        Err(fault) => return report::refused(args.json, "build.failed", &fault.what, &fault.way_out, &fault.findings),
    };
    let client = match Client::signed_in(args.host.as_deref()) {
        Ok(client) => client,
        Err(fault) => return fault.end(args.json),
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(fault) => {
            let fault = BuildFault::file(&path, fault);
            return report::refused(args.json, "client.no-file", &fault.what, &fault.way_out, &[]);
        }
    };
    // What the host would refuse need not travel.
    let (manifest, found) = check::inspect_package(&bytes);
    if check::refuses(&found) {
        let what = format!("{} is not fit to be published.", path.display());
        return report::refused(args.json, "release.refused", &what, "Mend the findings.", &found);
    }
    let Some(manifest) = manifest else {
        return report::refused(args.json, "release.refused", "The package has no manifest.", "Build it.", &found);
    };
    let signed = match signed(&args, &bytes) {
        Ok(signed) => signed,
        Err(fault) => return fault.end(args.json),
    };
    match publish(&client, manifest.app_id.as_str(), &manifest.version.name.to_string(), signed, !args.json) {
        Ok(published) => say(&args, &client, &published),
        Err(fault) => fault.end(args.json),
    }
}

fn signed(args: &PublishArgs, bytes: &[u8]) -> Result<Vec<u8>, ClientFault> {
    let key = key_file::read(&key_file::path(args.key.as_deref())?)?;
    package::sign(bytes, &key)
        .map_err(|fault| ClientFault::new("client.not-signed", format!("{fault}."), "Build the package again."))
}

fn packed(args: &PublishArgs) -> Result<PathBuf, BuildFault> {
    if args.path.is_dir() {
        build::build(&args.path, &build::Options::of_command(args.json)).map(|built| built.path)
    } else {
        Ok(args.path.clone())
    }
}

/// Uploads a signed package and waits until the host has inspected it. The program is registered with its first release.
pub fn publish(
    client: &Client,
    program: &str,
    version: &str,
    bytes: Vec<u8>,
    bars: bool,
) -> Result<Published, ClientFault> {
    register(client, program)?;
    let bar = bar(bytes.len() as u64, bars);
    let path = format!("/publisher/programs/{program}/releases");
    let answer = client.upload(&path, package::MEDIA_TYPE, bar.wrap_read(Cursor::new(bytes)));
    bar.finish_and_clear();
    let mut document = answer?;
    let spinner = spinner("The host inspects the package", bars);
    let since = Instant::now();
    while document["state"] == "checking" && since.elapsed() < WAIT_MAX {
        std::thread::sleep(ASK_EVERY);
        document = client.get(&format!("/publisher/programs/{program}/releases/{version}"))?;
    }
    spinner.finish_and_clear();
    Ok(Published {
        release: format!("{program}@{version}"),
        state: document["state"].as_str().unwrap_or_default().to_owned(),
        findings: serde_json::from_value(document["findings"].clone()).unwrap_or_default(),
        document,
    })
}

fn register(client: &Client, program: &str) -> Result<(), ClientFault> {
    client.post("/publisher/programs", &json!({ "id": program })).map(|_| ())
}

fn say(args: &PublishArgs, client: &Client, published: &Published) -> Ended {
    let review = published.document["review_page"].as_str().unwrap_or_default();
    match published.state.as_str() {
        "refused" => {
            let what = format!("{} was refused by the host's inspection.", published.release);
            report::refused(args.json, "release.refused", &what, "Mend the findings.", &published.findings)
        }
        "checking" => {
            let way_out = format!("Ask again: `xitai status {}`.", published.release);
            report::refused(args.json, "release.checking", "The inspection is not through yet.", &way_out, &[])
        }
        state => {
            if !args.json {
                report::findings(&published.findings);
            }
            let line = format!("Published {}: {state}. {}{review}", published.release, client.host);
            report::done(args.json, &published.document, &line)
        }
    }
}

fn bar(length: u64, shown: bool) -> ProgressBar {
    if !shown {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("Uploading [{bar:40}] {bytes}/{total_bytes} {eta}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn spinner(text: &'static str, shown: bool) -> ProgressBar {
    let spinner = if shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    spinner.set_message(text);
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}
