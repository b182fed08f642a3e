//! Builds at each save. While one build runs, saves only leave word that there is something to look at: afterwards one
//! more build is made, of everything that was saved, if the files hold something else than what was built.

use super::Dev;
use super::folder::{self, Watch};
use crate::cli::build::told::Said;
use crate::cli::build::{self, BuildFault, Options};
use crate::cli::check;
use crate::package;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use xitai_model::release::Finding;

/// Editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(40);
const QUIET_AT_MOST: Duration = Duration::from_millis(400);
/// Without another save, after which a package is inspected.
const INSPECTED_AFTER: Duration = Duration::from_secs(2);
/// What is shown of a compiler's complaints: the first ones are the ones to mend.
const SHOWN_CHARS_MAX: usize = 16_000;

/// How the newest build stands.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Build {
    /// Counts them.
    pub number: u64,
    pub running: bool,
    pub fault: Option<Fault>,
    /// What the inspection says of the newest package.
    pub findings: Vec<Finding>,
    pub took_ms: u64,
    pub package_bytes: usize,
    pub package: Option<PathBuf>,
}

/// Why there is no newer package on the stage.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    pub what: String,
    pub way_out: String,
    /// What the compiler said.
    pub said: String,
    pub findings: Vec<Finding>,
}

impl Fault {
    fn of(fault: BuildFault, said: &Said) -> Self {
        let said = plain(&said.text());
        Self { what: fault.what, way_out: fault.way_out, said, findings: fault.findings }
    }
    pub fn told(what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what: what.into(), way_out: way_out.into(), said: String::new(), findings: Vec::new() }
    }
}

/// Without the colours that some tools paint with wherever they write to.
fn plain(said: &str) -> String {
    let mut text = String::new();
    let mut chars = said.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => drop(chars.by_ref().find(char::is_ascii_alphabetic)),
            c if c == '\n' || c == '\t' || !c.is_control() => text.push(c),
            _ => {}
        }
    }
    text.trim().chars().take(SHOWN_CHARS_MAX).collect()
}

/// Builds now, and again after each save.
pub async fn keep(dev: Arc<Dev>) {
    let mut watch = Watch::of(&dev.folder);
    let mut built = None;
    loop {
        let folder = dev.folder.clone();
        let Ok(print) = tokio::task::spawn_blocking(move || folder::print(&folder)).await else { return };
        if built != Some(print) {
            built = Some(print);
            once(&dev).await;
        }
        watch.saved(QUIET, QUIET_AT_MOST).await;
    }
}

async fn once(dev: &Arc<Dev>) {
    let began = Instant::now();
    let number = {
        let mut build = dev.build();
        build.number += 1;
        build.running = true;
        build.number
    };
    dev.tell();
    let said = Said::default();
    let options = Options { quiet: true, listener: Some(said.clone()), ..Options::default() };
    let folder = dev.folder.clone();
    let made = tokio::task::spawn_blocking(move || make(&folder, &options)).await;
    let made = made.unwrap_or_else(|fault| Err(BuildFault::new(fault.to_string(), "Save again.")));
    let fault = match made {
        Ok((path, bytes, package)) => {
            dev.build().package_bytes = bytes.len();
            dev.build().package = Some(path);
            let staged = {
                let mut stage = dev.stage.lock().await;
                let staged = stage.built(package).await;
                dev.show(&stage);
                staged
            };
            inspect_behind(dev, bytes, number);
            staged.err()
        }
        Err(fault) => Some(Fault::of(fault, &said)),
    };
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    match &fault {
        None => println!("[dev] built in {}.{} s", took_ms / 1_000, took_ms % 1_000 / 100),
        Some(fault) => {
            for finding in &fault.findings {
                eprintln!("[dev] {} {}: {}", finding.code, finding.place, finding.evidence);
            }
            eprintln!("[dev] {} {}", fault.what, fault.way_out);
        }
    }
    {
        let mut build = dev.build();
        build.running = false;
        build.took_ms = took_ms;
        build.fault = fault;
    }
    dev.tell();
}

fn make(folder: &std::path::Path, options: &Options) -> Result<(PathBuf, Vec<u8>, package::Package), BuildFault> {
    let built = build::build(folder, options)?;
    let bytes = std::fs::read(&built.path).map_err(|fault| BuildFault::file(&built.path, fault))?;
    let reading = package::read(&bytes);
    let refused = |findings: Vec<Finding>| BuildFault {
        what: "The package would be refused.".to_owned(),
        way_out: "Mend the findings.".to_owned(),
        findings,
    };
    let package = reading.package.ok_or_else(|| refused(reading.findings))?;
    Ok((built.path, bytes, package))
}

/// What head office's machine would say of it. Nobody waits for it: the page is drawn already. It compiles the component
/// once more, which whoever saves again at once would wait for: it begins when nobody has.
fn inspect_behind(dev: &Arc<Dev>, bytes: Vec<u8>, number: u64) {
    let dev = dev.clone();
    tokio::spawn(async move {
        tokio::time::sleep(INSPECTED_AFTER).await;
        if dev.build().number != number {
            return;
        }
        let Ok((_, findings)) = tokio::task::spawn_blocking(move || check::inspect_package(&bytes)).await else {
            return;
        };
        if dev.build().number == number {
            dev.build().findings = findings;
            dev.tell();
        }
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn paint_is_taken_off() {
        assert_eq!(super::plain("\u{1b}[1m\u{1b}[31merror\u{1b}[0m: 错\r\n"), "error: 错");
    }
}
