//! Carries the contract and the SDKs into the binary, so that `xitai new` and `xitai build` work from the binary
//! alone, without a checkout beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Folders that are carried, relative to the repository; each file keeps its path, since the SDK names the
/// contract by one.
const CARRIED: [&str; 5] = ["wit", "sdk/rust/src", "sdk/rust/Cargo.toml", "sdk/js", "sdk/python"];

/// Folders in them that are for the SDKs' own tests, or made by tools.
const LEFT_OUT: [&str; 5] = ["test", "tests", "fixtures", "node_modules", "__pycache__"];

const TEMPLATES: &str = "templates-program";

fn main() {
    // Asked for when it runs: a checkout that moved since this script was compiled carries its own files.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR for build scripts");
    let repository = Path::new(&here).join("../..");
    let mut files = Vec::new();
    for carried in CARRIED {
        println!("cargo::rerun-if-changed={}", repository.join(carried).display());
        let before = files.len();
        collect(&repository.join(carried), carried, &LEFT_OUT, &mut files);
        assert!(files.len() > before, "there is nothing at {carried}: a binary without it could build no program");
    }
    write("carried.rs", "CARRIED", "Path and content of each carried file.", files);
    // What `xitai new` makes programs from: TEMPLATE/LANGUAGE/PATH.txt.
    println!("cargo::rerun-if-changed=templates-program");
    let mut templates = Vec::new();
    for entry in std::fs::read_dir(TEMPLATES).into_iter().flatten().flatten() {
        collect(&entry.path(), &entry.file_name().to_string_lossy(), &[], &mut templates);
    }
    write("templates.rs", "TEMPLATES", "Path and text of each file of a new program.", templates);
}

/// A table of texts, by name.
fn write(file: &str, table: &str, says: &str, mut files: Vec<(String, PathBuf)>) {
    files.sort();
    let mut source = format!("/// {says}\npub const {table}: &[(&str, &str)] = &[\n");
    for (name, path) in files {
        let path = path.canonicalize().unwrap_or(path);
        writeln!(source, "    ({name:?}, include_str!({:?})),", path.display().to_string())
            .expect("writing to a string cannot fail");
    }
    source.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    std::fs::write(Path::new(&out).join(file), source).expect("the build's own folder can be written");
}

/// All files of a folder but those that are named, or lie in folders so named.
fn collect(path: &Path, name: &str, left_out: &[&str], files: &mut Vec<(String, PathBuf)>) {
    if path.is_file() {
        files.push((name.to_owned(), path.to_owned()));
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let child = entry.file_name().to_string_lossy().into_owned();
        if !left_out.contains(&child.as_str()) {
            collect(&entry.path(), &format!("{name}/{child}"), left_out, files);
        }
    }
}
