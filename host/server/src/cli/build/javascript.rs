//! A program in JavaScript or TypeScript: its own `npm run build` makes the component.
//!
//! The build script finds the program's world in `XITAI_WIT` and leaves the component at `XITAI_COMPONENT`; with
//! `componentize-qjs` both are arguments of the one call.

use super::{BuildFault, Options, contract, told, turn};
use std::path::Path;
use std::process::{Command, Stdio};
use xitai_model::digest::Digest;

pub fn component(folder: &Path, options: &Options) -> Result<Vec<u8>, BuildFault> {
    let _turn = turn::take(folder)?;
    let sdk = dependency_path(folder);
    let renewed = contract::renew(folder, sdk.as_deref(), contract::FOR_JAVASCRIPT);
    renewed.map_err(|fault| BuildFault::file(folder, fault))?;
    install(folder, sdk.as_deref(), options)?;
    let made = folder.join(".xitai/component.wasm");
    // A component of an earlier build must not pass for this one's.
    if made.exists() {
        std::fs::remove_file(&made).map_err(|fault| BuildFault::file(&made, fault))?;
    }
    npm(folder, &["run", "build"], options, "Mend what it says above.")?;
    std::fs::read(&made).map_err(|_| {
        BuildFault::new(
            "`npm run build` left no component at .xitai/component.wasm.",
            "Let the script write it there: the path is in the variable XITAI_COMPONENT, the world in XITAI_WIT.",
        )
    })
}

/// Installs what the program asks for, where that has not been done since it asks for just this.
fn install(folder: &Path, sdk: Option<&str>, options: &Options) -> Result<(), BuildFault> {
    // Written last, so that an installation that was broken off is none.
    let mark = folder.join(".xitai/installed");
    let wanted = asked_for(folder, sdk);
    let is_marked = std::fs::read_to_string(&mark).is_ok_and(|held| held == wanted);
    if is_marked && folder.join("node_modules").is_dir() {
        return Ok(());
    }
    // Not `npm ci`: a tool's optional parts for other systems are not in every registry, and without them `ci` finds no
    // lock complete. The lock is read and left as it is.
    let arguments = ["install", "--no-save", "--no-audit", "--no-fund"];
    npm(folder, &arguments, options, "Let npm reach its registry once; else mend what it says above.")?;
    std::fs::write(&mark, &wanted).map_err(|fault| BuildFault::file(&mark, fault))
}

/// Names what an installation is made from: the program's own list, its lock, and the list of the SDK that it names.
fn asked_for(folder: &Path, sdk: Option<&str>) -> String {
    let own = ["package.json", "package-lock.json"].map(|name| folder.join(name));
    let all = own.into_iter().chain(sdk.map(|path| folder.join(path).join("package.json")));
    let held: Vec<Vec<u8>> = all.map(|path| std::fs::read(path).unwrap_or_default()).collect();
    let parts: Vec<&[u8]> = held.iter().map(Vec::as_slice).collect();
    Digest::of_parts(&parts).hex().to_owned()
}

/// The path of the `xitai` dependency, as package.json has it: `file:` and a folder.
fn dependency_path(folder: &Path) -> Option<String> {
    let text = std::fs::read(folder.join("package.json")).ok()?;
    let document: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some(document["dependencies"]["xitai"].as_str()?.strip_prefix("file:")?.trim_start_matches("./").to_owned())
}

fn npm(folder: &Path, arguments: &[&str], options: &Options, way_out: &str) -> Result<(), BuildFault> {
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
        Err(BuildFault::new(format!("`npm {}` failed.", arguments.join(" ")), way_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_is_of_one_list() {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("a file");
        let asked = || asked_for(dir.path(), Some("sdk"));
        std::fs::create_dir(dir.path().join("sdk")).expect("a folder");
        let mut seen = vec![asked()];
        for (name, text) in [("package.json", "{}"), ("package-lock.json", "{}"), ("sdk/package.json", "{}")] {
            write(name, text);
            assert_eq!(asked(), asked());
            assert!(!seen.contains(&asked()), "{name} counts");
            seen.push(asked());
        }
        write("src.ts", "let it = 1;");
        assert!(seen.contains(&asked()), "a source does not");
    }
}
