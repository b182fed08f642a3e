//! `xitai check`: the host's own inspection, before anything is uploaded.

use super::build::{self, BuildFault};
use super::report::{self, Ended};
use crate::clock::Clock;
use crate::inspection;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use xitai_model::day::Day;
use xitai_model::manifest::Manifest;
use xitai_model::release::{Finding, Severity};

/// Inspect a package as the host will
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// A package, or a program's folder, which is built first
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: CheckArgs) -> Ended {
    let path = if args.path.is_dir() {
        match build::build(&args.path, &build::Options::of_command(args.json)) {
            Ok(built) => built.path,
            Err(fault) => {
                return report::refused(args.json, "build.failed", &fault.what, &fault.way_out, &fault.findings);
            }
        }
    } else {
        args.path.clone()
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(fault) => {
            let fault = BuildFault::file(&path, fault);
            report::refused(args.json, "client.no-file", &fault.what, &fault.way_out, &[]);
            return Ended::Usage;
        }
    };
    let (manifest, found) = inspect_package(&bytes);
    let name = manifest.as_ref().map_or_else(
        || path.display().to_string(),
        |manifest| format!("{} {}", manifest.app_id, manifest.version.name),
    );
    if refuses(&found) {
        return report::refused(
            args.json,
            "release.refused",
            &format!("{name} would be refused."),
            "Mend the findings.",
            &found,
        );
    }
    if !args.json {
        report::findings(&found);
    }
    report::done(args.json, &json!({ "package": path, "findings": found }), &format!("{name} is fit to be published."))
}

/// The manifest, where the package has one, and everything that was found.
pub fn inspect_package(bytes: &[u8]) -> (Option<Manifest>, Vec<Finding>) {
    match inspection::examine(bytes, Day::of(Clock::Machine.now_ms(), 0)) {
        Ok(examined) => (examined.manifest, examined.findings),
        Err(fault) => {
            let evidence = format!("the inspection could not be started here: {fault}");
            (None, vec![Finding::error(xitai_model::code::HOST_UNAVAILABLE, "this machine", evidence)])
        }
    }
}

pub fn refuses(found: &[Finding]) -> bool {
    found.iter().any(|finding| finding.severity == Severity::Error)
}
