//! The child process that inspects and compiles: see [`crate::inspection`].

use crate::inspection::{Answer, Rehearsal, Task};
use crate::package;
use crate::scene::Unplayed;
use crate::scene::rehearse::{Rehearsed, Thoroughness, rehearse};
use crate::worker;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use xitai_model::limits::{EVIDENCE_BYTES_MAX, INSPECTION_BYTES_MAX, REHEARSAL_S_MAX, UNPACKED_BYTES_MAX};

/// Native code of the largest component that may come.
const FILE_BYTES_MAX: u64 = 1 << 30;

pub fn run() -> ExitCode {
    // Before a byte of what somebody sent is read, and for the longest of its tasks: the parent's clock is the task's own.
    if let Err(fault) = bound() {
        eprintln!("the limits could not be set: {fault}");
        return ExitCode::FAILURE;
    }
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Each processor may work for the whole time; the parent's clock ends it in any case.
fn bound() -> io::Result<()> {
    let processors = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    worker::bound(REHEARSAL_S_MAX * processors, INSPECTION_BYTES_MAX, FILE_BYTES_MAX)
}

fn answer() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut head = String::new();
    input.read_line(&mut head)?;
    let task: Task = serde_json::from_str(&head)?;
    let mut component = Vec::new();
    input.take(UNPACKED_BYTES_MAX).read_to_end(&mut component)?;
    let answer = perform(&task, &component)?;
    let mut output = io::stdout().lock();
    output.write_all(&answer)?;
    output.flush()
}

/// The scenes of a package. What doesn't read as one was refused before.
fn played(package: &[u8], within: &Path, how: &Thoroughness) -> Rehearsal {
    let Some(package) = package::read(package).package else { return Rehearsal::Done(Box::default()) };
    match super::offline::block_on(rehearse(package, within, how)) {
        Ok(rehearsed) => Rehearsal::Done(Box::new(rehearsed.bounded(EVIDENCE_BYTES_MAX))),
        Err(Unplayed::Machine(fault)) => Rehearsal::Machine(fault),
        Err(Unplayed::Scene(told) | Unplayed::Component(told)) => Rehearsal::Done(Box::new(Rehearsed::unplayed(&told))),
    }
}

/// The answer, as it is written.
fn perform(task: &Task, component: &[u8]) -> io::Result<Vec<u8>> {
    let answer = match task {
        Task::Inspect { manifest } => {
            let inspection = xitai_runtime::inspect::inspect(component, manifest);
            Answer { findings: inspection.findings, imports: inspection.imports }
        }
        Task::Compile { native_dir, native_key } => {
            let native_key = native_key.0.as_slice().try_into().map_err(|_| io::Error::other("the key is 32 bytes"))?;
            let config = xitai_runtime::RuntimeConfig { native_dir: native_dir.clone(), native_key, lanes: 1 };
            let runtime =
                xitai_runtime::Runtime::new(config).map_err(|fault| io::Error::other(format!("{fault:?}")))?;
            runtime.compile(component).map_err(|fault| io::Error::other(format!("{fault:?}")))?;
            Answer::default()
        }
        Task::Rehearse { within, how } => return Ok(serde_json::to_vec(&played(component, within, how))?),
    };
    Ok(serde_json::to_vec(&answer)?)
}
