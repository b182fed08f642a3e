//! A program in JavaScript or TypeScript: its own `npm run build` makes the component.
//!
//! The build script finds the program's world in `XITAI_WIT` and leaves the component at `XITAI_COMPONENT`; with
//! `componentize-qjs` both are arguments of the one call.

use super::{BuildFault, Options, contract, told, turn};
use std::path::Path;
use std::process::{Command, Stdio};

pub fn component(folder: &Path, options: &Options) -> Result<Vec<u8>, BuildFault> {
    let _turn = turn::take(folder)?;
    let sdk = dependency_path(folder);
    let renewed = contract::renew(folder, sdk.as_deref(), contract::FOR_JAVASCRIPT);
    renewed.map_err(|fault| BuildFault::file(folder, fault))?;
    if !folder.join("node_modules").is_dir() {
        // Not `npm ci`: a tool's optional parts for other systems are not in every registry, and without them `ci` finds
        // no lock complete. The lock is read and left as it is.
        npm(folder, &["install", "--no-save", "--no-audit", "--no-fund"], options)?;
    }
    let made = folder.join(".xitai/component.wasm");
    // A component of an earlier build must not pass for this one's.
    if made.exists() {
        std::fs::remove_file(&made).map_err(|fault| BuildFault::file(&made, fault))?;
    }
    npm(folder, &["run", "build"], options)?;
    std::fs::read(&made).map_err(|_| {
        BuildFault::new(
            "`npm run build` left no component at .xitai/component.wasm.",
            "Let the script write it there: the path is in the variable XITAI_COMPONENT, the world in XITAI_WIT.",
        )
    })
}

/// The path of the `xitai` dependency, as package.json has it: `file:` and a folder.
fn dependency_path(folder: &Path) -> Option<String> {
    let text = std::fs::read(folder.join("package.json")).ok()?;
    let document: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some(document["dependencies"]["xitai"].as_str()?.strip_prefix("file:")?.trim_start_matches("./").to_owned())
}

fn npm(folder: &Path, arguments: &[&str], options: &Options) -> Result<(), BuildFault> {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("XITAI_WIT", folder.join(".xitai/wit")).env("XITAI_COMPONENT", folder.join(".xitai/component.wasm"));
    let ran = told::run(&mut command, false, options.quiet, options.listener.as_ref());
    let ran = ran.map_err(|fault| {
        BuildFault::new(format!("npm could not be started: {fault}."), "Install Node.js 20 or newer, with npm.")
    })?;
    if ran.status.success() {
        Ok(())
    } else {
        Err(BuildFault::new(format!("`npm {}` failed.", arguments.join(" ")), "Mend what it says above."))
    }
}
