//! Inspecting and compiling what somebody uploaded, in a separate process with limits.
//!
//! A component is hostile until it is inspected, and inspecting means to parse, compile and instantiate it. A process
//! of its own bounds what that may cost: wall time, processor time and memory. When it goes past one of them it is
//! killed, and that is a finding like any other. The command line uses the same process, so that `xitai check` and
//! the host always agree.
//!
//! The child reads one line of JSON and then the component's bytes, and writes one JSON document.

use crate::package;
use crate::scene::rehearse::{Rehearsed, Thoroughness};
use crate::worker::{self, End};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::contract::{self, DEPRECATED};
use xitai_model::day::Day;
use xitai_model::digest::Digest;
use xitai_model::limits::{EVIDENCE_BYTES_MAX, INSPECTION_S_MAX, REHEARSAL_S_MAX};
use xitai_model::manifest::Manifest;
use xitai_model::program::Channel;
use xitai_model::release::{Finding, Severity, bounded};
use xitai_model::sbom::{self, Component};

/// The hidden command of the child.
pub const WORKER_COMMAND: &str = "inspect-worker";

/// What the child may answer at most: findings are short, and a hostile component must not fill the host's memory.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

/// What the child is asked: the first line of its input.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
pub enum Task {
    Inspect {
        manifest: Box<Manifest>,
    },
    /// Writes native code into the folder, under the host's key.
    Compile {
        native_dir: PathBuf,
        native_key: Bytes,
    },
    /// Plays the scenes of a whole package, in banks below the folder.
    Rehearse {
        within: PathBuf,
        how: Thoroughness,
    },
}

/// What came of playing the scenes in the child.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rehearsal {
    Done(Box<Rehearsed>),
    /// This machine's fault: it can be tried again.
    Machine(String),
}

/// What the child answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    pub findings: Vec<Finding>,
    /// Interfaces that the component imports.
    pub imports: Vec<String>,
}

/// A whole package, examined.
#[derive(Debug, Clone)]
pub struct Examined {
    /// Where the package could be read that far.
    pub manifest: Option<Manifest>,
    pub component: Option<Digest>,
    pub component_bytes: Vec<u8>,
    pub findings: Vec<Finding>,
    pub imports: Vec<String>,
    /// What its bill of materials lists.
    pub components: Vec<Component>,
}

/// Reads a package and inspects its component: all findings at once. Blocks; see [`INSPECTION_S_MAX`].
/// `today` is the day on which what goes away of the contract is looked up.
pub fn examine(package_bytes: &[u8], today: Day) -> io::Result<Examined> {
    let reading = package::read(package_bytes);
    let mut examined = Examined {
        manifest: reading.manifest,
        component: None,
        component_bytes: Vec::new(),
        findings: reading.findings,
        imports: Vec::new(),
        components: Vec::new(),
    };
    if let Some(package) = reading.package {
        examined.read_bill(package.files.get(sbom::FILE).map(Vec::as_slice));
        let task = Task::Inspect { manifest: Box::new(package.manifest) };
        let answer = ask(&task, &package.component)?;
        examined.component = Some(Digest::of(&package.component));
        examined.findings.extend(answer.findings);
        examined.findings.extend(contract::findings(&answer.imports, DEPRECATED, today));
        examined.imports = answer.imports;
        examined.component_bytes = package.component;
    }
    examined.findings = bounded(examined.findings);
    Ok(examined)
}

impl Examined {
    fn read_bill(&mut self, bill: Option<&[u8]>) {
        let Some(bill) = bill else {
            self.findings.push(Finding::of(Severity::Info, code::PACKAGE_NO_SBOM, "package", "it has none"));
            return;
        };
        let (components, findings) = sbom::read(bill);
        self.components = components;
        self.findings.extend(findings);
    }
}

/// Compiles a component for this host. An error among the findings says that it could not be done within the limits.
pub fn compile(component: &[u8], native_dir: PathBuf, native_key: &[u8; 32]) -> io::Result<Answer> {
    ask(&Task::Compile { native_dir, native_key: Bytes(native_key.to_vec()) }, component)
}

/// How far an upload is looked at: on every channel that customers come by, and by two who tap at random.
pub fn of_uploads() -> Thoroughness {
    Thoroughness { channels: vec![Channel::Kiosk, Channel::Chat], seeds: vec![1, 2], taps: 60 }
}

/// What folders begin with in which scenes are played.
const REHEARSALS: &str = "rehearsal-";

/// Removes the folders that a host left which ended while it played. Called before this one plays any.
pub fn sweep(within: &Path) {
    for entry in std::fs::read_dir(within).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(REHEARSALS) {
            // What can't be removed now is tried again at the next start.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Plays the scenes of a package that was examined before, in banks below `within`. Blocks.
pub fn rehearse(package_bytes: &[u8], within: &Path, how: Thoroughness) -> io::Result<Rehearsed> {
    let dir = tempfile::Builder::new().prefix(REHEARSALS).tempdir_in(within)?;
    let task = Task::Rehearse { within: dir.path().to_owned(), how };
    let head = serde_json::to_vec(&task)?;
    let time_max = Duration::from_secs(REHEARSAL_S_MAX);
    let most = EVIDENCE_BYTES_MAX as u64 + 1_024;
    let told = match worker::run(WORKER_COMMAND, &head, package_bytes, most, time_max)? {
        End::Answered(text) => match serde_json::from_slice(&text) {
            Ok(Rehearsal::Done(rehearsed)) => return Ok(*rehearsed),
            Ok(Rehearsal::Machine(fault)) => return Err(io::Error::other(fault)),
            Err(_) => "they gave no answer".to_owned(),
        },
        End::Overran => format!("they took more than {REHEARSAL_S_MAX} s"),
        End::Died(how) => format!("playing them {how}: out of processor time or memory"),
    };
    Ok(Rehearsed::unplayed(&told))
}

/// Asks the child. An `Err` is this machine's fault; everything that the component can bring about is a finding.
fn ask(task: &Task, component: &[u8]) -> io::Result<Answer> {
    let head = serde_json::to_vec(task)?;
    let time_max = Duration::from_secs(INSPECTION_S_MAX);
    Ok(match worker::run(WORKER_COMMAND, &head, component, ANSWER_BYTES_MAX, time_max)? {
        End::Answered(text) => {
            serde_json::from_slice(&text).unwrap_or_else(|_| beyond("the inspection gave no answer"))
        }
        End::Overran => beyond(&format!("the inspection took more than {INSPECTION_S_MAX} s")),
        End::Died(how) => beyond(&format!("the inspection {how}: out of processor time or memory")),
    })
}

fn beyond(evidence: &str) -> Answer {
    let finding = Finding::error(code::COMPONENT_COMPILE_LIMIT, "component", evidence);
    Answer { findings: vec![finding], imports: Vec::new() }
}
