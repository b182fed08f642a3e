//! Carries the contract and the Rust SDK into the binary, so that `xitai new` and `xitai build` work from the binary
//! alone, without a checkout beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Folders that are carried, relative to the repository; each file keeps its path, since the SDK names the
/// contract by one.
const CARRIED: [&str; 3] = ["wit", "sdk/rust/src", "sdk/rust/Cargo.toml"];

fn main() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for carried in CARRIED {
        println!("cargo::rerun-if-changed={}", repository.join(carried).display());
        collect(&repository.join(carried), carried, &mut files);
    }
    files.sort();
    let mut source =
        String::from("/// Path and content of each carried file.\npub const CARRIED: &[(&str, &str)] = &[\n");
    for (name, path) in files {
        let path = path.canonicalize().unwrap_or(path);
        writeln!(source, "    ({name:?}, include_str!({:?})),", path.display().to_string())
            .expect("writing to a string cannot fail");
    }
    source.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    std::fs::write(Path::new(&out).join("carried.rs"), source).expect("the build's own folder can be written");
}

fn collect(path: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) {
    if path.is_file() {
        files.push((name.to_owned(), path.to_owned()));
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let child = entry.file_name().to_string_lossy().into_owned();
        collect(&entry.path(), &format!("{name}/{child}"), files);
    }
}
