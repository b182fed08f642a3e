//! Inspecting and compiling what somebody uploaded, in a separate process with limits.
//!
//! A component is hostile until it is inspected, and inspecting means to parse, compile and instantiate it. A process
//! of its own bounds what that may cost: wall time, processor time and memory. When it goes past one of them it is
//! killed, and that is a finding like any other. The command line uses the same process, so that `xitai check` and
//! the host always agree.
//!
//! The child reads one line of JSON and then the component's bytes, and writes one JSON document.

use crate::package;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::limits::INSPECTION_S_MAX;
use xitai_model::manifest::Manifest;
use xitai_model::release::{Finding, bounded};

/// The hidden command of the child.
pub const WORKER_COMMAND: &str = "inspect-worker";

/// What the child may answer at most: findings are short, and a hostile component must not fill the host's memory.
const ANSWER_BYTES_MAX: u64 = 4 << 20;
/// The very program that runs, also where its file was replaced by another since: parent and child are one version.
const MYSELF: &str = "/proc/self/exe";
/// How often the child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

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
}

/// Reads a package and inspects its component: all findings at once. Blocks; see [`INSPECTION_S_MAX`].
pub fn examine(package_bytes: &[u8]) -> io::Result<Examined> {
    let reading = package::read(package_bytes);
    let mut examined = Examined {
        manifest: reading.manifest,
        component: None,
        component_bytes: Vec::new(),
        findings: reading.findings,
        imports: Vec::new(),
    };
    if let Some(package) = reading.package {
        let task = Task::Inspect { manifest: Box::new(package.manifest) };
        let answer = ask(&task, &package.component)?;
        examined.component = Some(Digest::of(&package.component));
        examined.findings.extend(answer.findings);
        examined.imports = answer.imports;
        examined.component_bytes = package.component;
    }
    examined.findings = bounded(examined.findings);
    Ok(examined)
}

/// Compiles a component for this host. An error among the findings says that it could not be done within the limits.
pub fn compile(component: &[u8], native_dir: PathBuf, native_key: &[u8; 32]) -> io::Result<Answer> {
    ask(&Task::Compile { native_dir, native_key: Bytes(native_key.to_vec()) }, component)
}

/// Runs the child. An `Err` is this machine's fault; everything that the component can bring about is a finding.
fn ask(task: &Task, component: &[u8]) -> io::Result<Answer> {
    let mut head = serde_json::to_vec(task)?;
    head.push(b'\n');
    let mut child = Command::new(MYSELF)
        .arg(WORKER_COMMAND)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut input, output) = (child.stdin.take(), child.stdout.take());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(input) = &mut input {
                // A child that dies before it has read everything is told by its end.
                let _ = input.write_all(&head).and_then(|()| input.write_all(component));
            }
            drop(input);
        });
        let reader = scope.spawn(move || {
            let mut text = Vec::new();
            if let Some(output) = output {
                let _ = output.take(ANSWER_BYTES_MAX).read_to_end(&mut text);
            }
            text
        });
        let ended = end_of(&mut child)?;
        let text = reader.join().unwrap_or_default();
        Ok(match ended {
            End::Exited => serde_json::from_slice(&text).unwrap_or_else(|_| beyond("the inspection gave no answer")),
            End::Overran => beyond(&format!("the inspection took more than {INSPECTION_S_MAX} s")),
            End::Died(how) => beyond(&how),
        })
    })
}

enum End {
    Exited,
    Overran,
    Died(String),
}

fn end_of(child: &mut Child) -> io::Result<End> {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(if status.success() {
                End::Exited
            } else {
                End::Died(format!("the inspection ended with {status}: out of processor time or memory"))
            });
        }
        if since.elapsed() > Duration::from_secs(INSPECTION_S_MAX) {
            // It may have ended just now.
            let _ = child.kill();
            child.wait()?;
            return Ok(End::Overran);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn beyond(evidence: &str) -> Answer {
    let finding = Finding::error(code::COMPONENT_COMPILE_LIMIT, "component", evidence);
    Answer { findings: vec![finding], imports: Vec::new() }
}
