//! The contract that the binary carries, and the world of one program made from it.
//!
//! A program's own world has exactly the imports that its manifest asks for. Rust's linker drops what is not called,
//! but the tools of JavaScript and Python import a whole world, and then the permission list would be the whole
//! platform.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use xitai_model::manifest::Manifest;
use xitai_model::release::Finding;

include!(concat!(env!("OUT_DIR"), "/carried.rs"));

/// What every program exports.
const EXPORTED: &str = "xitai:program/program";

/// Interfaces with types only: nothing can be done with them, so nobody asks for them.
const TYPES_ONLY: [&str; 2] = ["xitai:types/values", "xitai:program/screen"];

/// Where a program of its own has the SDK, in its folder.
pub const PLATFORM: &str = ".xitai/platform";

/// What is carried for programs in one language, as the beginnings of names.
pub const FOR_RUST: &[&str] = &["wit/", "sdk/rust/"];
pub const FOR_JAVASCRIPT: &[&str] = &["sdk/js/"];
pub const FOR_PYTHON: &[&str] = &["sdk/python/"];

/// Writes what is carried for a language into the program in `folder`, where it is not there as it should be.
pub fn unpack(folder: &Path, language: &[&str]) -> io::Result<()> {
    for (name, content) in CARRIED.iter().filter(|(name, _)| language.iter().any(|part| name.starts_with(part))) {
        write_changed(&folder.join(PLATFORM).join(name), content)?;
    }
    Ok(())
}

/// The same for a program that names its SDK by a path, where that is the one that `xitai new` writes: a clone of a
/// program comes without it.
pub fn renew(folder: &Path, named: Option<&str>, language: &[&str]) -> io::Result<()> {
    if named.is_some_and(|path| Path::new(path).starts_with(PLATFORM)) { unpack(folder, language) } else { Ok(()) }
}

/// Writes a file only where it differs: an untouched one keeps its time, and cargo does not build again.
pub fn write_changed(path: &Path, content: &str) -> io::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|held| held == content) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, content)
}

/// The contract's interfaces that a program may ask for, each with the version of its package.
pub fn interfaces() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, text) in CARRIED.iter().filter(|(name, _)| name.starts_with("wit/deps/")) {
        let Some((package, version)) = package_of(text) else {
            unreachable!("{name} of the contract begins with its package");
        };
        for line in text.lines() {
            if let Some(interface) = line.strip_prefix("interface ") {
                let interface = interface.trim_end_matches(['{', ' ']);
                found.insert(format!("{package}/{interface}"), version.to_owned());
            }
        }
    }
    found
}

fn package_of(text: &str) -> Option<(&str, &str)> {
    let line = text.lines().find_map(|line| line.strip_prefix("package "))?;
    line.trim_end_matches(';').split_once('@')
}

/// The text of the program's own world, or a finding for each permission that the contract does not have.
pub fn world(manifest: &Manifest) -> Result<String, Vec<Finding>> {
    let known = interfaces();
    let mut text = String::from(
        "// Written by `xitai build` from manifest.json; changes here are lost.\npackage mini:program;\n\nworld mini-program {\n",
    );
    let mut findings = Vec::new();
    for (number, permission) in manifest.req_permissions.iter().enumerate() {
        let name = permission.name.as_str();
        if name.starts_with("wasi:") {
            // Granted apart; the language's own tool brings those imports.
            continue;
        }
        match known.get(name) {
            Some(version) if name != EXPORTED && !TYPES_ONLY.contains(&name) => {
                text.push_str(&format!("    import {name}@{version};\n"));
            }
            _ => findings.push(unknown_permission(number, name, &known)),
        }
    }
    let version = known.get(EXPORTED).map_or("1.0.0", String::as_str);
    text.push_str(&format!("    export {EXPORTED}@{version};\n}}\n"));
    if findings.is_empty() { Ok(text) } else { Err(findings) }
}

fn unknown_permission(number: usize, name: &str, known: &BTreeMap<String, String>) -> Finding {
    let asked = known.keys().filter(|k| *k != EXPORTED && !TYPES_ONLY.contains(&k.as_str()));
    let list = asked.map(String::as_str).collect::<Vec<_>>().join(", ");
    Finding::error(
        xitai_model::code::MANIFEST_PERMISSION_UNKNOWN,
        format!("manifest.json: req_permissions[{number}].name"),
        format!("`{name}`; the platform has {list}"),
    )
}

/// Writes `wit/` of a program under `folder`: the contract, and the program's own world in `own.wit`.
pub fn write_world(folder: &Path, world: &str) -> io::Result<()> {
    for (name, content) in CARRIED.iter().filter(|(name, _)| name.starts_with("wit/deps/")) {
        write_changed(&folder.join(name), content)?;
    }
    write_changed(&folder.join("wit/own.wit"), world)
}
