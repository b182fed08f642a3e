//! Sessions that customers gave away, performed by a package at hand: in a sandbox of this process, with every host call
//! answered from the recording. Nothing of it can have an effect.

use super::build::{self, BuildFault};
use crate::clock::Clock;
use crate::package::{self, Package};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::journal::Entry as StepEntry;
use xitai_model::recording::{RecordedStep, Recording};
use xitai_runtime::call::{Answers, Call, Entry, Fallen, Performance, Scope};
use xitai_runtime::{Loaded, Runtime, RuntimeConfig};

/// A package, ready to perform.
pub struct Performing {
    pub package: Package,
    pub component: Digest,
    runtime: Arc<Runtime>,
    loaded: Arc<Loaded>,
    /// Its native code; gone with the value.
    _dir: TempDir,
}

/// A refusal by its row of the registry, with what it is about.
pub struct Refused {
    pub code: &'static code::Code,
    pub what: String,
}

impl Performing {
    /// A package, or a program's folder, which is built first.
    pub fn of(path: &Path, quiet: bool) -> Result<Self, BuildFault> {
        let path = match path.is_dir() {
            true => build::build(path, &build::Options::of_command(quiet))?.path,
            false => path.to_owned(),
        };
        let bytes = std::fs::read(&path).map_err(|fault| BuildFault::file(&path, fault))?;
        let reading = package::read(&bytes);
        let package = reading.package.ok_or_else(|| BuildFault {
            what: format!("{} is not a package.", path.display()),
            way_out: "Mend the findings.".to_owned(),
            findings: reading.findings,
        })?;
        let dir = tempfile::Builder::new().prefix("xitai-recorded-").tempdir();
        let dir = dir.map_err(|fault| BuildFault::file(&std::env::temp_dir(), fault))?;
        let config = RuntimeConfig { native_dir: dir.path().to_owned(), native_key: Clock::Machine.random(), lanes: 1 };
        let unfit = |told: String| {
            let way_out =
                "Build it again with this `xitai`, whose SDK is in .xitai/platform; or bring `xitai` up to date.";
            BuildFault::new(format!("{} can't be performed here: {told}.", path.display()), way_out)
        };
        let runtime = Runtime::new(config).map_err(|fault| unfit(fault.to_string()))?;
        runtime.compile(&package.component).map_err(|fault| unfit(fault.to_string()))?;
        let component = Digest::of(&package.component);
        let loaded = runtime.load(&component, &package.manifest.permissions());
        let loaded = loaded.map_err(|fault| unfit(fault.to_string()))?;
        Ok(Self { package, component, runtime, loaded, _dir: dir })
    }

    /// Whether it is a package of the program that was recorded.
    pub fn is_of(&self, recording: &Recording) -> Result<(), Refused> {
        let own = &self.package.manifest.app_id;
        if *own == recording.program {
            return Ok(());
        }
        let what = format!("The recording is of {}, and the package is {own}.", recording.program);
        Err(Refused { code: code::RECORDING_OTHER_PROGRAM, what })
    }

    /// Performs a step on a state; nothing where no program ran.
    pub fn perform(&self, step: &RecordedStep, state: &[u8], answers: Answers) -> Option<Result<Performance, Fallen>> {
        let entry = match &step.body.entry {
            StepEntry::Opened { launch } => Entry::Open(launch.clone()),
            StepEntry::Event { event } => Entry::Update { state: state.to_vec(), event: event.clone() },
            StepEntry::Sheet { .. } => return None,
        };
        let manifest = &self.package.manifest;
        let call = Call {
            scope: Arc::new(Scope::replayed(manifest.app_id.clone(), manifest.xitai.merchant.clone())),
            context: step.body.context.clone()?,
            entry,
            answers,
            stopped: Arc::new(AtomicBool::new(false)),
        };
        Some(self.runtime.perform_here(&self.loaded, &call))
    }
}

/// Reads a file that a customer gave away.
pub fn read(path: &Path) -> Result<Recording, Refused> {
    let refused = |what: String| Refused { code: code::RECORDING_MALFORMED, what };
    let bytes = std::fs::read(path).map_err(|fault| refused(format!("{}: {fault}.", path.display())))?;
    Recording::parse(&bytes).map_err(|refusal| refused(format!("{}: {}.", path.display(), refusal.detail)))
}

/// The package to perform with: the one that was named, else the program of this folder.
pub fn named(package: Option<&PathBuf>) -> PathBuf {
    package.cloned().unwrap_or_else(|| PathBuf::from("."))
}
