//! The program that is measured: built from the repository, or given as a package.

use super::Told;
use crate::cli::build;
use crate::package;
use std::path::{Path, PathBuf};
use xitai_model::digest::Digest;
use xitai_model::manifest::Manifest;

/// Where it lies, from the repository's root.
const FOLDER: &str = "tests/guests/till";

pub struct Till {
    pub manifest: Manifest,
    pub component: Vec<u8>,
    pub package: Vec<u8>,
}

impl Till {
    pub fn get(package: Option<&Path>) -> Result<Self, Told> {
        package.map_or_else(|| Self::built(FOLDER), Self::read)
    }

    /// Out of a folder of the repository.
    pub fn built(folder: &str) -> Result<Self, Told> {
        let built = build::build(&find(folder)?, &build::Options::of_command(true));
        Self::read(&built.map_err(|fault| fault.to_string())?.path)
    }

    fn read(path: &Path) -> Result<Self, Told> {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let read = package::read(&bytes).package.ok_or_else(|| format!("{} is not a package", path.display()))?;
        Ok(Self { manifest: read.manifest, component: read.component, package: bytes })
    }

    /// The same program with bytes of its own, so that it is compiled and loaded by itself.
    pub fn distinct(&self, number: usize) -> (Vec<u8>, Digest) {
        let mut bytes = self.component.clone();
        let text = format!("program {number}");
        // A custom section: its id 0, its length, the length of its name, its name, and whatever follows.
        let name = b"bench";
        bytes.extend([0, (1 + name.len() + text.len()) as u8, name.len() as u8]);
        bytes.extend(name);
        bytes.extend(text.as_bytes());
        let digest = Digest::of(&bytes);
        (bytes, digest)
    }
}

/// Here, in a folder above, or where this binary was built.
fn find(folder: &str) -> Result<PathBuf, Told> {
    let here = std::env::current_dir().map_err(|e| e.to_string())?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().chain(built.ancestors()).map(|above| above.join(folder)).find(|path| path.is_dir());
    found.ok_or_else(|| format!("{folder} was not found; run this in the repository or name a package with --package"))
}
