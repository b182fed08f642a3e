//! `xitai verify`: whether the audit chain and the ledger are whole, from the database alone; or whether a file that the
//! bank has given out is, from the file alone.

use super::offline;
use super::report::{self, Ended};
use super::verify_archive as archive;
use crate::config::{Config, ConfigArgs};
use crate::package;
use clap::Args;
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use xitai_model::checkpoint::{Checkpoint, SignedCheckpoint};
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::proof::{Fault, SignedDocument};
use xitai_model::signature::PublicKey;
use xitai_model::tender::Tender;

/// Check the audit chain, releases and the ledger, or a receipt, a statement, checkpoints or a package in a file
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A signed document, checkpoints as `/api/v1/checkpoints` gives them, or a package; without it the bank's own
    /// database
    pub file: Option<PathBuf>,
    /// A public key to believe, `ed25519:…`; more than one where keys were changed. Without it those in the file, or
    /// in the database
    #[arg(long, value_parser = public_key)]
    pub key: Vec<PublicKey>,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

fn public_key(text: &str) -> Result<PublicKey, String> {
    PublicKey::parse(text).ok_or_else(|| "ed25519: and 64 lower-case hexadecimal digits are a key".to_owned())
}

pub fn run(args: VerifyArgs) -> Ended {
    match &args.file {
        Some(file) => of_file(file, &args),
        None => of_database(args),
    }
}

fn of_database(args: VerifyArgs) -> Ended {
    let config = Config::from(args.config);
    if !offline::is_there(&config) {
        return offline::nothing_there(args.json, &config);
    }
    let verdict =
        offline::block_on(async { offline::store(&config).await?.verify_by(&args.key).await.map_err(Into::into) });
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(problem) => return offline::failed(args.json, &problem),
    };
    let document = json!({
        "audit_records": verdict.audit_records, "transfers": verdict.transfers,
        "checkpoints": verdict.checkpoints, "unsigned_records": verdict.unsigned_records,
        "releases": verdict.releases,
        "whole": verdict.problem.is_none(), "problem": verdict.problem,
    });
    let counted = format!(
        "{} audit records under {} signed checkpoints, {} signed releases, and {} transfers",
        verdict.audit_records, verdict.checkpoints, verdict.releases, verdict.transfers
    );
    match verdict.problem {
        None => {
            let line = format!("{counted}: the chain is unbroken, the files are whole and the ledger balances.");
            report::done(args.json, &document, &line)
        }
        Some(problem) => {
            if args.json {
                println!("{document}");
            } else {
                eprintln!("{counted}: {problem}");
                eprintln!("  -> Keep a copy of the database as it is, and restore the newest backup that verifies.");
            }
            Ended::Refused
        }
    }
}

/// What checkpoints come in.
#[derive(Deserialize)]
struct Checkpoints {
    checkpoints: Vec<SignedCheckpoint>,
}

fn of_file(file: &Path, args: &VerifyArgs) -> Ended {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(fault) => {
            let what = format!("{}: {fault}", file.display());
            return report::refused(args.json, "client.no-file", &what, "Name a file that the bank gave out.", &[]);
        }
    };
    let (text, files) = match archive::is_archive(&bytes) {
        true => match archive::open(&bytes) {
            Ok((text, files)) => (text, Some(files)),
            Err(_) => return of_package(&bytes, args),
        },
        false => (String::from_utf8_lossy(&bytes).into_owned(), None),
    };
    if let Some(files) = files
        && let Err(what) = archive::check(files, &text)
    {
        return faulty(args.json, &Fault::Claim(what));
    }
    match serde_json::from_str::<Checkpoints>(&text) {
        Ok(held) => of_checkpoints(&held.checkpoints, args),
        Err(_) => of_document(&text, args),
    }
}

/// Whether a package is what its publisher signed. That the bank approved it stands in the bank's own records, by this
/// package's digest.
fn of_package(bytes: &[u8], args: &VerifyArgs) -> Ended {
    let reading = package::read(bytes);
    let Some(held) = reading.package else {
        let way_out = "Do not use it: ask its publisher for it again.";
        return report::refused(args.json, "client.not-whole", "The package is not whole.", way_out, &reading.findings);
    };
    let Some(signature) = held.signature else {
        let what = "The package is not signed.";
        return report::refused(args.json, code::PACKAGE_UNSIGNED.code, what, code::PACKAGE_UNSIGNED.mend_en, &[]);
    };
    if !args.key.is_empty() && !args.key.contains(&signature.key) {
        return faulty(args.json, &Fault::Key(signature.key.id()));
    }
    let (name, digest) = (format!("{} {}", held.manifest.app_id, held.manifest.version.name), Digest::of(bytes));
    let line = format!(
        "{name}: package {digest}, signed by publisher's key {}.\n{}",
        signature.key.id(),
        believed(args, signature.key.as_str()),
    );
    let document = json!({ "whole": true, "pinned": !args.key.is_empty(), "package": digest, "signature": signature });
    report::done(args.json, &document, &line)
}

fn of_document(text: &str, args: &VerifyArgs) -> Ended {
    let read = SignedDocument::read(text);
    let checked = read.and_then(|document| document.check(&args.key).map(|checked| (document, checked)));
    let (document, checked) = match checked {
        Ok(checked) => checked,
        Err(fault) => return faulty(args.json, &fault),
    };
    let says = &document.document;
    let line = format!(
        "{}, {} of {}: signed by key {}; {} under {}.\n{}",
        report::plain(&says.bank),
        report::plain(&checked.kind),
        crate::render::web::calendar::exact(crate::zone::Zone::utc(), says.made_ms),
        checked.key,
        counted(checked.audit_records.len(), "audit record", "audit records"),
        counted(checked.checkpoints.len(), "signed checkpoint", "signed checkpoints"),
        believed(args, says.keys.first().map(PublicKey::as_str).unwrap_or_default()),
    );
    let line = match tender(&says.body) {
        Some(tender) => format!("{line}\n{tender}"),
        None => line,
    };
    let line = match says.body["expires_ms"].as_i64() {
        Some(until_ms) => {
            let until = crate::render::web::calendar::exact(crate::zone::Zone::utc(), until_ms);
            format!("{line}\nWhat it says held when it was made, and may be relied on until {until} UTC.")
        }
        None => line,
    };
    let document = json!({ "whole": true, "pinned": !args.key.is_empty(), "checked": checked, "body": says.body });
    report::done(args.json, &document, &line)
}

/// What a receipt was paid with, where that was not the account at the bank.
fn tender(body: &serde_json::Value) -> Option<String> {
    match serde_json::from_value::<Tender>(body["tender"].clone()).ok()? {
        Tender::Account => None,
        Tender::Card(face) => Some(format!(
            "Paid with a card of {}, ending in {}.",
            report::plain(&face.issuer),
            report::plain(&face.last_four)
        )),
        Tender::Cash => Some("Paid in cash: no money moved through the bank.".to_owned()),
    }
}

fn counted(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// What the check rests on, in words.
fn believed(args: &VerifyArgs, key: &str) -> String {
    if args.key.is_empty() {
        format!("Compare its key with those that are published, or give it by --key: {key}")
    } else {
        "The keys are those that you gave.".to_owned()
    }
}

fn faulty(as_json: bool, fault: &Fault) -> Ended {
    let way_out = match fault {
        Fault::Key(_) => "Compare with the keys at /api/v1/keys of the bank.",
        Fault::Format => "Name a file that the bank gave out, as it was.",
        _ => "Do not rely on it: ask the bank for it again, and keep this file.",
    };
    report::refused(as_json, "client.not-whole", &format!("{fault}."), way_out, &[])
}

/// As a witness checks them: each follows the one before, and is signed by a key that is believed.
fn of_checkpoints(held: &[SignedCheckpoint], args: &VerifyArgs) -> Ended {
    let mut before: Option<&Checkpoint> = None;
    for signed in held {
        let this = &signed.checkpoint;
        // The first of a file may be any; from then on they follow each other.
        let follows = before.is_none() && this.number > 1 || signed.follows(before);
        let is_signed = args.key.is_empty() || args.key.iter().any(|key| signed.is_signed_by(key));
        if !follows || !is_signed {
            let what = format!(
                "Checkpoint {} {}.",
                this.number,
                if follows { "is not signed by a key that you gave" } else { "does not follow the one before" }
            );
            let way_out = "Keep both: two checkpoints that contradict each other show that the past was rewritten.";
            return report::refused(args.json, "client.not-whole", &what, way_out, &[]);
        }
        before = Some(this);
    }
    let last = before.map(|last| last.number);
    let document = json!({ "whole": true, "pinned": !args.key.is_empty(), "checkpoints": held.len(), "last": last });
    let signed = if args.key.is_empty() { "No key was given, so no signature was checked: use --key." } else { "" };
    let line = format!("{} follow each other. {signed}", counted(held.len(), "checkpoint", "checkpoints"));
    report::done(args.json, &document, line.trim_end())
}
