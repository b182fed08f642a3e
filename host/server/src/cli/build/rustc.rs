//! `xitai` as the wrapper that cargo puts around the compiler, so that a program's bytes don't tell where it was built.
//!
//! Cargo gives each crate `-C metadata`, a hash that goes into the names of symbols and with them into the order of
//! code. For a crate from a registry it is the same everywhere; for one from a folder outside the program's own, as a
//! checkout's SDK is, it holds the folder's path. Here such a crate gets a hash of what it is instead. The file's name
//! keeps cargo's own (`-C extra-filename`), so that two checkouts can share a target folder.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use xitai_model::digest::Digest;

/// Set where this process is the wrapper; holds the wrapper that the developer has set, if any.
const WRAPS: &str = "XITAI_WRAPS_RUSTC";
/// Cargo's variable for a wrapper.
const CARGO_WRAPPER: &str = "RUSTC_WRAPPER";

/// Has `cargo` run its compiler through this binary.
pub fn wrap(cargo: &mut Command) {
    let own = std::env::var_os(CARGO_WRAPPER).unwrap_or_default();
    // A binary that can't find itself builds as before, with bytes that differ between folders.
    if let Ok(me) = std::env::current_exe() {
        cargo.env(CARGO_WRAPPER, me).env(WRAPS, own);
    }
}

/// Becomes the compiler where cargo has started this process as its wrapper; comes back only where that fails.
pub fn become_compiler() -> Option<ExitCode> {
    let own = std::env::var_os(WRAPS)?;
    let mut given = std::env::args_os().skip(1);
    let rustc = given.next()?;
    let mut command = match own.is_empty() {
        true => Command::new(&rustc),
        false => Command::new(own),
    };
    if command.get_program() != rustc {
        command.arg(&rustc);
    }
    let given: Vec<OsString> = given.collect();
    let stable = is_from_a_folder().then(|| metadata(&given));
    for argument in &given {
        match &stable {
            Some(stable) if is_metadata(argument) => command.arg(format!("metadata={stable}")),
            _ => command.arg(argument),
        };
    }
    let fault = command.env_remove(WRAPS).exec();
    eprintln!("xitai: {} could not be started: {fault}", command.get_program().display());
    Some(ExitCode::FAILURE)
}

/// Whether the crate is neither from a registry nor of the standard library.
fn is_from_a_folder() -> bool {
    let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR") else { return false };
    let folder = Path::new(&folder);
    let of_library = folder.components().any(|part| part.as_os_str() == OsStr::new("rustlib"));
    !of_library && super::rust::cargo_home().is_none_or(|home| !folder.starts_with(home))
}

fn is_metadata(argument: &OsStr) -> bool {
    argument.to_str().is_some_and(|text| text.starts_with("metadata="))
}

/// What tells a crate from every other one of the same build: its name and version, what it is compiled to, and its
/// features.
fn metadata(given: &[OsString]) -> String {
    let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION"].map(|name| std::env::var(name).unwrap_or_default());
    metadata_of(&package, given)
}

fn metadata_of(package: &[String], given: &[OsString]) -> String {
    let mut parts: Vec<String> = package.to_vec();
    let mut features = Vec::new();
    for pair in given.windows(2) {
        let (name, value) = (pair[0].to_string_lossy(), pair[1].to_string_lossy());
        match name.as_ref() {
            "--crate-name" | "--crate-type" | "--target" => parts.push(format!("{name}={value}")),
            "--cfg" => features.push(value.into_owned()),
            _ => {}
        }
    }
    features.sort();
    parts.extend(features);
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    Digest::of_parts(&parts).hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_crate_is_known_by_what_it_is_and_not_by_where() {
        let package = ["xitai".to_owned(), "1.0.0".to_owned()];
        let of = |text: &str| metadata_of(&package, &given(text));
        let here = of("--crate-name xitai /here/lib.rs --crate-type lib --cfg a --cfg b -C metadata=1 --target wasm32");
        assert_eq!(
            here,
            of("--crate-name xitai /there/lib.rs --crate-type lib --cfg b --cfg a -C metadata=2 --target wasm32")
        );
        for other in [
            "--crate-name xitai /here/lib.rs --crate-type lib --cfg a -C metadata=1 --target wasm32",
            "--crate-name xitai /here/lib.rs --crate-type lib --cfg a --cfg b -C metadata=1",
            "--crate-name tests /here/lib.rs --crate-type lib --cfg a --cfg b -C metadata=1 --target wasm32",
        ] {
            assert_ne!(here, of(other), "{other}");
        }
        let newer = ["xitai".to_owned(), "1.0.1".to_owned()];
        assert_ne!(metadata_of(&package, &[]), metadata_of(&newer, &[]));
    }
}
