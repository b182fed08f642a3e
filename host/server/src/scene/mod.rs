//! Playing scenes: each on a bank of its own, which is a whole host on an embedded database in a folder that goes
//! afterwards. Nothing of it is a simulator. The program runs in the same sandbox, its screens pass the same check,
//! payments, consents and calls to partners go the way that they go for customers; only the clock is held, random bytes
//! follow from the scene's seed, jobs run when time is made to pass, and a stand-in answers for partners.
//!
//! The command line, the inspection of an upload and random taps ([`random`]) all come through here.

pub mod bank;
pub mod kept;
pub mod partner;
pub mod play;
pub mod rail;
pub mod random;
pub mod record;
pub mod rehearse;

use crate::http::problem::Problem;
use crate::package::Package;
use bank::Bank;
use record::Played;
use semver::BuildMetadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::ReleaseId;
use xitai_model::limits::{SCENES_BYTES_MAX, SCENES_MAX};
use xitai_model::program::Channel;
use xitai_model::release::Finding;
use xitai_model::scene::{self, Given, Scene};

/// Why a scene was not played to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unplayed {
    /// Nothing that the package did: its scenes can be played again.
    Machine(String),
    /// What it gives can't be, such as a campaign that nobody may open.
    Scene(String),
    /// The host does not take the component, such as one that was made for another contract.
    Component(String),
}

impl Unplayed {
    pub fn machine(fault: impl std::fmt::Display) -> Self {
        Unplayed::Machine(fault.to_string())
    }
    /// By the code: some say something about this machine and nothing about the package.
    pub fn of(problem: &Problem) -> Self {
        let why = problem.internal.as_deref().or(problem.detail.as_deref()).unwrap_or_default();
        let told = format!("{} {why}", problem.code.code);
        match [code::HOST_INTERNAL, code::HOST_UNAVAILABLE, code::HOST_OVERLOADED].contains(&problem.code) {
            true => Unplayed::Machine(told),
            false => Unplayed::Scene(told),
        }
    }
    pub fn told(&self) -> &str {
        let (Unplayed::Machine(told) | Unplayed::Scene(told) | Unplayed::Component(told)) = self;
        told
    }
}

/// A package whose scenes are played.
#[derive(Clone)]
pub struct Rehearsal {
    package: Arc<Package>,
    component: Digest,
    /// Which of the packages that were played here one after the other this is; 1 for the first.
    edition: u32,
    /// How many there were.
    editions: Arc<AtomicU32>,
    /// Databases, keys and native code; gone with the last of them.
    dir: Arc<TempDir>,
    banks: Arc<AtomicU32>,
}

/// The scenes of a package in the order of their names, or everything that is wrong with them.
pub fn scenes(package: &Package) -> Result<Vec<Scene>, Vec<Finding>> {
    let files: Vec<(&String, &Vec<u8>)> = package.files.iter().filter(|(name, _)| scene::is_scene(name)).collect();
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    if files.len() > SCENES_MAX || bytes > SCENES_BYTES_MAX {
        let told = format!("{} scenes, {bytes} bytes; at most {SCENES_MAX} and {SCENES_BYTES_MAX}", files.len());
        return Err(vec![Finding::error(code::SCENE_TOO_LARGE, scene::FOLDER, told)]);
    }
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    for (name, content) in files {
        match std::str::from_utf8(content) {
            Ok(text) => match scene::read(name, text) {
                Ok(scene) => read.push(scene),
                Err(found) => findings.extend(found),
            },
            Err(fault) => findings.push(Finding::error(code::SCENE_MALFORMED, name, fault.to_string())),
        }
    }
    if findings.is_empty() { Ok(read) } else { Err(findings) }
}

impl Rehearsal {
    /// Everything that it needs is in a new folder below `within`.
    pub fn open(package: Package, within: &Path) -> Result<Self, Unplayed> {
        let dir = tempfile::Builder::new().prefix("xitai-scenes-").tempdir_in(within);
        let dir = dir.map_err(|fault| Unplayed::Machine(format!("{}: {fault}", within.display())))?;
        let component = Digest::of(&package.component);
        let (editions, banks) = (Arc::new(AtomicU32::new(1)), Arc::default());
        Ok(Self { package: Arc::new(package), component, edition: 1, editions, dir: Arc::new(dir), banks })
    }

    /// Plays a scene on a bank of its own. `channel` takes the place of the scene's own.
    pub async fn play(&self, scene: &Scene, channel: Option<Channel>) -> Result<Played, Unplayed> {
        let bank = self.bank(&scene.given).await?;
        let played = play::Player::new(&bank, &scene.given, channel).play(scene).await;
        bank.close().await;
        played
    }

    /// Another package of the same program, whose banks are beside those of this one.
    pub fn renewed(&self, package: Package) -> Self {
        let component = Digest::of(&package.component);
        // No two have the same, also where one of them never came on.
        let edition = self.editions.fetch_add(1, Ordering::Relaxed) + 1;
        Self { package: Arc::new(package), component, edition, ..self.clone() }
    }

    pub fn package(&self) -> &Arc<Package> {
        &self.package
    }

    /// The release that its banks run: the manifest's version, and a mark of its own for each later package under the
    /// same version, as no release is ever another one.
    pub fn release_id(&self) -> ReleaseId {
        let manifest = &self.package.manifest;
        let mut version = manifest.version.name.clone();
        if self.edition > 1 {
            version.build = BuildMetadata::new(&format!("dev.{}", self.edition)).unwrap_or(version.build);
        }
        ReleaseId { program: manifest.app_id.clone(), version }
    }

    pub async fn bank(&self, given: &Given) -> Result<Bank, Unplayed> {
        Bank::open(self, given, &self.place()).await
    }

    /// A file for one more database.
    fn place(&self) -> PathBuf {
        let number = self.banks.fetch_add(1, Ordering::Relaxed);
        self.dir.path().join(format!("bank-{number}.db"))
    }
}
