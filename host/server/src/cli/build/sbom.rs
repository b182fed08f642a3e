//! The bill of materials of a program: the author's own where there is one, else for Rust what cargo says the program
//! is made of. It holds no time and no number of its own, so that the same source makes the same bill.

use super::toolchain::TARGET;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use xitai_model::sbom::FILE;

/// Nothing where nobody knows: then the inspection says so.
pub fn of(folder: &Path) -> Option<Vec<u8>> {
    if let Ok(own) = std::fs::read(folder.join(FILE)) {
        return Some(own);
    }
    folder.join("Cargo.toml").is_file().then(|| of_cargo(folder)).flatten()
}

fn of_cargo(folder: &Path) -> Option<Vec<u8>> {
    // The build has just fetched whatever is needed. What only other machines would link is no part of the program.
    let asked = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", TARGET])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let told = asked.ok().filter(|answer| answer.status.success())?;
    let metadata: Value = serde_json::from_slice(&told.stdout).ok()?;
    let bill = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components(&metadata)?,
    });
    serde_json::to_vec_pretty(&bill).ok()
}

/// Packages that end up in the program: reached from it by dependencies that are neither for tests nor for the build.
fn components(metadata: &Value) -> Option<Vec<Value>> {
    let root = metadata["resolve"]["root"].as_str()?;
    let nodes = metadata["resolve"]["nodes"].as_array()?;
    let nodes: BTreeMap<&str, &Value> = nodes.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let (mut reached, mut next) = (BTreeSet::new(), vec![root]);
    while let Some(id) = next.pop() {
        if reached.insert(id) {
            let links = nodes.get(id).and_then(|node| node["deps"].as_array()).map(Vec::as_slice).unwrap_or_default();
            next.extend(links.iter().filter(|link| is_normal(link)).filter_map(|link| link["pkg"].as_str()));
        }
    }
    let packages = metadata["packages"].as_array()?;
    let used =
        packages.iter().filter(|package| package["id"].as_str().is_some_and(|id| id != root && reached.contains(id)));
    let mut found: Vec<(String, String, Value)> = used.filter_map(component).collect();
    found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    Some(found.into_iter().map(|(_, _, component)| component).collect())
}

fn is_normal(link: &Value) -> bool {
    link["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

fn component(package: &Value) -> Option<(String, String, Value)> {
    let (name, version) = (package["name"].as_str()?.to_owned(), package["version"].as_str()?.to_owned());
    let mut component =
        json!({ "type": "library", "name": name, "version": version, "purl": format!("pkg:cargo/{name}@{version}") });
    if let Some(licence) = package["license"].as_str() {
        component["licenses"] = json!([{ "expression": licence }]);
    }
    Some((name, version, component))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &Path, name: &str, rest: &str) {
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("src/lib.rs"), "").unwrap();
        let head = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
        std::fs::write(folder.join("Cargo.toml"), head + rest).unwrap();
    }

    #[test]
    fn what_only_other_machines_link_is_no_part_of_a_program() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["tea", "windows-only", "for-tests"] {
            package(&dir.path().join(name), name, "");
        }
        let rest = "[workspace]\n[dependencies]\ntea = { path = \"tea\" }\n\
            [target.'cfg(windows)'.dependencies]\nwindows-only = { path = \"windows-only\" }\n\
            [dev-dependencies]\nfor-tests = { path = \"for-tests\" }\n";
        package(dir.path(), "program", rest);
        let bill: Value = serde_json::from_slice(&of(dir.path()).unwrap()).unwrap();
        let names: Vec<&str> =
            bill["components"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
        assert_eq!(names, ["tea"], "{bill}");
    }
}
