//! `xitai build`: from a program's folder to its package.

pub mod contract;
mod javascript;
mod python;
mod rust;
pub mod rustc;
mod sbom;
pub mod told;
mod toolchain;
mod turn;

use super::report::{self, Ended};
use crate::dev::folder::is_written;
use crate::package::{self, MANIFEST_NAME};
use clap::Args;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use xitai_model::digest::Digest;
use xitai_model::manifest::{self, Manifest};
use xitai_model::release::Finding;
use xitai_model::sbom::FILE;

/// Folders of a program that go into its package whole.
const PACKED_FOLDERS: [&str; 4] = ["assets", "icons", "i18n", "scenes"];

/// Compile a program and pack it.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The program's folder.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Where the package goes; else dist/ID-VERSION.ma in the program's folder.
    #[arg(short, long, alias = "out")]
    pub output: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Why there is no package, and the way out.
#[derive(Debug, Clone)]
pub struct BuildFault {
    pub what: String,
    pub way_out: String,
    pub findings: Vec<Finding>,
}

impl BuildFault {
    pub fn new(what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what: what.into(), way_out: way_out.into(), findings: Vec::new() }
    }
    pub fn file(path: &Path, fault: std::io::Error) -> Self {
        Self::new(format!("{}: {fault}.", path.display()), "See that the file is there and may be read and written.")
    }
    fn found(what: &str, findings: Vec<Finding>) -> Self {
        Self { what: what.to_owned(), way_out: "Mend the findings.".to_owned(), findings }
    }
}
impl fmt::Display for BuildFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, self.way_out)
    }
}

/// A package on disk.
#[derive(Debug, Clone)]
pub struct Built {
    pub path: PathBuf,
    pub manifest: Manifest,
    pub digest: Digest,
    pub package_bytes: usize,
    pub component_bytes: usize,
}

/// How to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Absent: in `dist` of the program's folder.
    pub out: Option<PathBuf>,
    /// Compilers keep to their complaints.
    pub quiet: bool,
    /// A folder that programs share, so that the standard library is compiled once. `XITAI_WASM_TARGET` goes before.
    pub shared_target: Option<PathBuf>,
    /// Who hears what compilers say.
    pub listener: Option<told::Said>,
}

impl Options {
    /// For a command that prints one JSON document, or lines for people.
    pub fn of_command(as_json: bool) -> Self {
        Self { quiet: as_json, ..Self::default() }
    }
}

pub fn run(args: BuildArgs) -> Ended {
    match build(&args.folder, &Options { out: args.output, ..Options::of_command(args.json) }) {
        Ok(built) => {
            let document = serde_json::json!({
                "package": built.path, "program": built.manifest.app_id, "version": built.manifest.version.name,
                "digest": built.digest, "package_bytes": built.package_bytes, "component_bytes": built.component_bytes,
            });
            let line = format!(
                "Built {} {}: {} ({} KiB, component {} KiB)",
                built.manifest.app_id,
                built.manifest.version.name,
                built.path.display(),
                built.package_bytes.div_ceil(1024),
                built.component_bytes.div_ceil(1024),
            );
            report::done(args.json, &document, &line)
        }
        Err(fault) => report::refused(args.json, "build.failed", &fault.what, &fault.way_out, &fault.findings),
    }
}

/// Builds the program in `folder`. Compilers write to standard error.
pub fn build(folder: &Path, options: &Options) -> Result<Built, BuildFault> {
    let folder = std::path::absolute(folder).map_err(|fault| BuildFault::file(folder, fault))?;
    let (manifest, manifest_text) = manifest_in(&folder)?;
    let world = contract::world(&manifest)
        .map_err(|findings| BuildFault::found("The manifest asks for what the platform does not have.", findings))?;
    contract::write_world(&folder.join(".xitai"), &world).map_err(|fault| BuildFault::file(&folder, fault))?;
    let component = if folder.join("Cargo.toml").is_file() {
        rust::component(&folder, &manifest, options)?
    } else if folder.join("package.json").is_file() {
        javascript::component(&folder, options)?
    } else if folder.join("pyproject.toml").is_file() {
        python::component(&folder, options)?
    } else {
        return Err(BuildFault::new(
            format!("{} has neither Cargo.toml nor package.json nor pyproject.toml.", folder.display()),
            "Run `xitai build` in a program's folder; `xitai new NAME` makes one.",
        ));
    };
    let mut files = gather(&folder, &manifest, manifest_text, component.clone())?;
    if let Some(bill) = sbom::of(&folder) {
        files.insert(FILE.to_owned(), bill);
    }
    let bytes = package::write(&files)
        .map_err(|fault| BuildFault::new(format!("The package could not be written: {fault}."), "Rename the file."))?;
    let named = || format!("{}-{}.{}", manifest.app_id, manifest.version.name, package::EXTENSION);
    let path = options.out.clone().unwrap_or_else(|| folder.join("dist").join(named()));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|fault| BuildFault::file(parent, fault))?;
    }
    // Whoever reads it meanwhile, such as a test beside `xitai dev`, finds the whole one before or the whole new one.
    let beside = path.with_extension(format!("{}-{}", package::EXTENSION, std::process::id()));
    let written = std::fs::write(&beside, &bytes).and_then(|()| std::fs::rename(&beside, &path));
    written.map_err(|fault| BuildFault::file(&path, fault))?;
    Ok(Built {
        path,
        manifest,
        digest: Digest::of(&bytes),
        package_bytes: bytes.len(),
        component_bytes: component.len(),
    })
}

fn manifest_in(folder: &Path) -> Result<(Manifest, Vec<u8>), BuildFault> {
    let path = folder.join(MANIFEST_NAME);
    let text = std::fs::read(&path).map_err(|fault| BuildFault::file(&path, fault))?;
    match manifest::parse(&text) {
        Ok(manifest) => Ok((manifest, text)),
        Err(findings) => Err(BuildFault::found("manifest.json is not a manifest.", findings)),
    }
}

/// The files of the package, by their names in it.
fn gather(
    folder: &Path,
    manifest: &Manifest,
    manifest_text: Vec<u8>,
    component: Vec<u8>,
) -> Result<BTreeMap<String, Vec<u8>>, BuildFault> {
    let mut files = BTreeMap::new();
    for packed in PACKED_FOLDERS {
        gather_folder(&folder.join(packed), packed, &mut files)?;
    }
    for icon in &manifest.icons {
        let path = folder.join(&icon.src);
        // One that is missing is told by the check, with its place in the manifest.
        if let Ok(content) = std::fs::read(&path) {
            files.insert(icon.src.clone(), content);
        }
    }
    files.insert(MANIFEST_NAME.to_owned(), manifest_text);
    files.insert(manifest.xitai.component.clone(), component);
    Ok(files)
}

fn gather_folder(folder: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), BuildFault> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let own = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        // What an editor leaves is nobody's to review, and a link leads to what is not the program's.
        if !is_written(&own) || kind.is_symlink() {
            continue;
        }
        let child = format!("{name}/{own}");
        if kind.is_dir() {
            gather_folder(&path, &child, files)?;
        } else {
            let content = std::fs::read(&path).map_err(|fault| BuildFault::file(&path, fault))?;
            files.insert(child, content);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_is_not_packed() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("deep")).expect("a folder");
        let left = [".lunch.toml.swp", "lunch.toml~", "#lunch.toml#", ".DS_Store", "deep/.hidden"];
        for name in ["lunch.toml", "deep/dist.svg"].iter().chain(&left) {
            std::fs::write(dir.path().join(name), "").expect("a file");
        }
        for (link, to) in [(".#lunch.toml", "lin@tea.4711"), ("away", "/nowhere"), ("twice.toml", "lunch.toml")] {
            std::os::unix::fs::symlink(to, dir.path().join(link)).expect("a link");
        }
        let mut files = BTreeMap::new();
        gather_folder(dir.path(), "scenes", &mut files).expect("nothing is in the way");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["scenes/deep/dist.svg", "scenes/lunch.toml"]);
    }
}
