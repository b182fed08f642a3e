//! Which compiler makes wasm on this machine: rustup's, where it has the target, else Debian's `rustc-web`, which
//! builds the standard library on the way.

use std::path::{Path, PathBuf};
use std::process::Command;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian puts its compiler and the library's source.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCE: &str = "lib/rustlib/src/rust/library/std/Cargo.toml";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toolchain {
    /// The target's library is installed.
    Installed,
    /// Debian's packages; the library is built from source, and `linker` is LLVM's.
    Debian { linker: PathBuf },
}

/// What is missing, with the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub what: String,
    pub way_out: String,
}

/// Finds the toolchain, asking the compiler in the program's folder, where a toolchain file may choose another.
pub fn find(program: &Path) -> Result<Toolchain, Missing> {
    if has_target(program) {
        return Ok(Toolchain::Installed);
    }
    let mut absent = Vec::new();
    for (path, package) in [(DEBIAN_RUSTC, "rustc-web"), (DEBIAN_CARGO, "cargo-web")] {
        if !Path::new(path).exists() {
            absent.push(package);
        }
    }
    if !debian_source() {
        absent.push("rust-web-src");
    }
    match linker() {
        Some(linker) if absent.is_empty() => Ok(Toolchain::Debian { linker }),
        linker => {
            if linker.is_none() {
                absent.push("lld-19");
            }
            Err(Missing {
                what: format!("No Rust compiler for {TARGET} was found."),
                way_out: format!(
                    "Run `rustup target add {TARGET}`; or, on Debian, `apt-get install rustc-web cargo-web rust-web-src \
                     lld-19` (missing here: {}); in a checkout of the platform, `make setup` does it.",
                    absent.join(", ")
                ),
            })
        }
    }
}

fn has_target(program: &Path) -> bool {
    let asked =
        Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).current_dir(program).output();
    // The folder's path is printed whether it is there or not.
    asked.is_ok_and(|answer| {
        answer.status.success() && Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir()
    })
}

fn debian_source() -> bool {
    let asked = Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]).output();
    asked.is_ok_and(|answer| Path::new(String::from_utf8_lossy(&answer.stdout).trim()).join(DEBIAN_SOURCE).is_file())
}

/// LLVM's linker for wasm, under the plain name or with a version.
fn linker() -> Option<PathBuf> {
    let names =
        std::iter::once("wasm-ld".to_owned()).chain((14..=30).rev().map(|version| format!("wasm-ld-{version}")));
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    names.flat_map(|name| folders.iter().map(move |folder| folder.join(&name))).find(|path| path.is_file())
}

impl Toolchain {
    /// `cargo build` for wasm, to be given its folder and its flags.
    pub fn cargo_build(&self) -> Command {
        match self {
            Toolchain::Installed => {
                let mut command = Command::new("cargo");
                command.args(["build", "--release", "--target", TARGET]);
                command
            }
            Toolchain::Debian { linker } => {
                let mut command = Command::new(DEBIAN_CARGO);
                command
                    .args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET])
                    .env("RUSTC", DEBIAN_RUSTC)
                    // Building the library from source is an unstable flag of the same stable compiler.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    .env_remove("RUSTUP_TOOLCHAIN");
                command
            }
        }
    }
}
