//! A program in Rust: compiled to a core module, then made a component.

use super::toolchain::{self, TARGET};
use super::{BuildFault, Options, contract, rustc, told};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use xitai_model::manifest::Manifest;

/// The folder that all programs of one build share, so that the standard library is compiled once.
const SHARED_TARGET: &str = "XITAI_WASM_TARGET";

/// The interface through which panics reach the publisher's log.
const LOG: &str = "xitai:services/log";
const ASKS_LOG: &str = "XITAI_ASKS_LOG";

/// Compiles the program in `folder`; the component's bytes.
pub fn component(folder: &Path, manifest: &Manifest, options: &Options) -> Result<Vec<u8>, BuildFault> {
    let sdk = dependency_path(folder);
    contract::renew(folder, sdk.as_deref(), contract::FOR_RUST).map_err(|fault| BuildFault::file(folder, fault))?;
    let found = toolchain::find(folder).map_err(|missing| BuildFault::new(missing.what, missing.way_out))?;
    let module = compile(folder, manifest, &found, options)?;
    let bytes = std::fs::read(&module).map_err(|fault| BuildFault::file(&module, fault))?;
    componentize(&bytes)
}

fn compile(
    folder: &Path,
    manifest: &Manifest,
    toolchain: &toolchain::Toolchain,
    options: &Options,
) -> Result<PathBuf, BuildFault> {
    let mut command = toolchain.cargo_build();
    command.arg("--message-format=json-render-diagnostics").current_dir(folder).stdin(Stdio::null());
    if options.quiet {
        command.arg("--quiet");
    }
    let shared = shared_target(options);
    if let Some(shared) = &shared {
        command.env("CARGO_TARGET_DIR", shared);
    }
    // Encoded, since folders may have spaces in their names. Anything that differs between programs here would build
    // the standard library once for each.
    command.env("CARGO_ENCODED_RUSTFLAGS", remapped(folder, shared.as_deref())).env_remove("RUSTFLAGS");
    rustc::wrap(&mut command);
    // What the SDK's `export!` reads, in the program's own crate: a program that asks for no log imports none.
    let asks_log = manifest.req_permissions.iter().any(|asked| asked.name == LOG);
    command.env(ASKS_LOG, if asks_log { "yes" } else { "" });
    let output = told::run(&mut command, true, options.quiet, options.listener.as_ref()).map_err(|fault| {
        BuildFault::new(format!("The compiler could not be started: {fault}."), "Install Rust from https://rustup.rs.")
    })?;
    if !output.status.success() {
        return Err(failed(&output.stdout));
    }
    module_of(&output.stdout, folder).ok_or_else(|| {
        BuildFault::new(
            "The build made no wasm module.",
            "Cargo.toml needs `[lib] crate-type = [\"cdylib\", \"rlib\"]`, and src/lib.rs `xitai::export!(Program);`.",
        )
    })
}

/// Why there is no module: the compiler's complaints, or cargo never came to compiling.
fn failed(messages: &[u8]) -> BuildFault {
    // Cargo's last message once it has begun; it begins when everything that the program depends on is there.
    let has_begun = reported(messages).any(|message| message["reason"] == "build-finished");
    if has_begun {
        return BuildFault::new("The program does not compile.", "Mend what the compiler says above.");
    }
    BuildFault::new(
        "cargo could not get together what the program depends on.",
        "Let cargo reach crates.io once, or, where everything was fetched before, build with CARGO_NET_OFFLINE=true; \
         else mend what it says above.",
    )
}

/// What cargo reports, a document a line.
fn reported(messages: &[u8]) -> impl Iterator<Item = serde_json::Value> {
    messages.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}

/// The module among the artifacts that cargo reports: the `cdylib` of the package in this folder.
fn module_of(messages: &[u8], folder: &Path) -> Option<PathBuf> {
    let manifest = folder.join("Cargo.toml").canonicalize().ok()?;
    reported(messages)
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["manifest_path"].as_str().is_some_and(|path| Path::new(path) == manifest))
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .find(|path| path.extension().is_some_and(|extension| extension == "wasm"))
}

/// Flags that take this machine's folders out of the module, so that it tells nobody where it was built: with the same
/// compiler the same source makes the same bytes in every folder. What cargo puts of paths into names, [`rustc`] takes
/// out.
fn remapped(folder: &Path, shared: Option<&Path>) -> OsString {
    let mut flags = OsString::new();
    let mut remap = |from: &Path, to: &str| {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(from);
        flags.push("=");
        flags.push(to);
    };
    if let Some(home) = cargo_home() {
        remap(&home, "/cargo");
    }
    if let Some(shared) = shared {
        remap(&shared.join(TARGET), "/target");
    }
    if let Some(sdk) = sdk_folder(folder) {
        remap(&sdk, "/sdk");
    }
    flags
}

fn shared_target(options: &Options) -> Option<PathBuf> {
    let named = std::env::var_os(SHARED_TARGET).map(PathBuf::from).or_else(|| options.shared_target.clone());
    named.and_then(|shared| std::path::absolute(shared).ok())
}

pub(super) fn cargo_home() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
}

/// Where the program's `xitai` dependency lies.
fn sdk_folder(folder: &Path) -> Option<PathBuf> {
    folder.join(dependency_path(folder)?).canonicalize().ok()
}

/// The path of the `xitai` dependency, as Cargo.toml has it.
fn dependency_path(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let document: toml::Table = text.parse().ok()?;
    Some(document.get("dependencies")?.get("xitai")?.get("path")?.as_str()?.to_owned())
}

/// Makes a component of a core module; its imports are those that the module calls.
pub fn componentize(module: &[u8]) -> Result<Vec<u8>, BuildFault> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|fault| {
            BuildFault::new(
                format!("The module does not fit the contract: {fault:#}."),
                "Export the program with `xitai::export!(Program);`, and use nothing of the operating system.",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_could_not_fetch_is_not_the_authors_fault() {
        let told = failed(b"{\"reason\":\"compiler-message\"}\n{\"reason\":\"build-finished\",\"success\":false}\n");
        assert!(told.what.contains("does not compile"), "{told}");
        assert!(failed(b"").way_out.contains("crates.io"));
    }
}
