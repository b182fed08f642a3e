//! Packages: compiled once and kept by content, and put together by hand where a test wants a bad one.

use crate::binary::{self, target_dir};
use crate::process::repository;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;

/// The package that `xitai build` makes of the program in `folder`, given from the repository's root.
/// It is built anew only when a source file, the SDK or the contract has changed.
pub fn built(folder: &str) -> Vec<u8> {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(|e| e.into_inner());
    let source = repository().join(folder);
    let mut hasher = Sha256::new();
    let is_there = |file: &str| source.join(file).is_file();
    let sdk = if is_there("package.json") {
        "sdk/js"
    } else if is_there("pyproject.toml") {
        "sdk/python"
    } else {
        "sdk/rust"
    };
    for tree in [&source, &repository().join(sdk), &repository().join("wit")] {
        hash_tree(tree, &mut hasher);
    }
    let name = source.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    kept(&name, hasher, |part| {
        let (from, to) = (source.to_string_lossy().into_owned(), part.to_string_lossy().into_owned());
        let shared = tools();
        let shared = shared.each_ref().map(|(name, value)| (*name, value.as_str()));
        binary::run(&["build", &from, "-o", &to, "--json"], &shared).done();
    })
}

/// A package by what it is made of: made where nobody has made it yet.
fn kept(name: &str, of: Sha256, make: impl FnOnce(&Path)) -> Vec<u8> {
    let digest = data_encoding::HEXLOWER.encode(&of.finalize());
    let cached = target_dir().join("programs").join(format!("{name}-{}.ma", &digest[..16]));
    if !cached.is_file() {
        std::fs::create_dir_all(cached.parent().expect("programs/")).expect("a folder");
        let part = cached.with_extension("part");
        make(&part);
        std::fs::rename(&part, &cached).expect("the package is kept");
    }
    std::fs::read(&cached).expect("a package can be read")
}

/// A program that `xitai new` writes, in a language and from a template, with some of its files written anew; built where
/// neither the templates, the SDKs, the contract nor those files are as they were.
pub fn new_program(id: &str, lang: &str, template: &str, rewritten: &[(&str, &str)]) -> Vec<u8> {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(|e| e.into_inner());
    let mut hasher = Sha256::new();
    for tree in ["host/server/templates-program", "sdk", "wit"] {
        hash_tree(&repository().join(tree), &mut hasher);
    }
    hasher.update(format!("{id} {lang} {template} {rewritten:?}"));
    kept(id, hasher, |part| {
        let made = made_program(&target_dir().join("programs/new"), id, lang, template, rewritten);
        std::fs::rename(&made, part).expect("the package is kept");
    })
}

fn made_program(among: &Path, id: &str, lang: &str, template: &str, rewritten: &[(&str, &str)]) -> PathBuf {
    let name = id.rsplit('.').next().expect("an id has parts");
    let folder = among.join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(among).expect("a folder");
    let arguments = ["new", name, "--id", id, "--lang", lang, "--template", template, "--json"];
    binary::run_in(among, &arguments, &[]).done();
    if !rewritten.is_empty() {
        // Its scenes play the program that it was.
        std::fs::remove_dir_all(folder.join("scenes")).expect("a template has scenes");
    }
    for (file, text) in rewritten {
        std::fs::write(folder.join(file), text).expect("a file is written anew");
    }
    let package =
        binary::run_in(&folder, &["build", "--json"], &tools().each_ref().map(|(n, v)| (*n, v.as_str()))).done();
    PathBuf::from(package.json()["package"].as_str().expect("a package"))
}

/// Folders that programs share while they are built: the standard library for wasm, and Python's tool.
pub fn tools() -> [(&'static str, String); 2] {
    let folder = |name: &str| target_dir().join(name).to_string_lossy().into_owned();
    [("XITAI_WASM_TARGET", folder("wasm")), ("XITAI_PYTHON_TOOLS", folder("python-tools"))]
}

/// The SDK of the repository instead of the written one, which is the same: it is compiled once for all programs.
pub fn share_the_sdk(program: &Path) {
    let path = program.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).expect("Cargo.toml");
    let sdk = repository().join("sdk/rust");
    let shared = text.replace(".xitai/platform/sdk/rust", &sdk.to_string_lossy());
    assert_ne!(shared, text, "the program names its SDK");
    std::fs::write(&path, shared).expect("Cargo.toml is written");
}

fn hash_tree(dir: &Path, hasher: &mut Sha256) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(dir).expect("a folder").flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if !["target", "dist", "build", ".xitai", "node_modules", "__pycache__"]
                .iter()
                .any(|skipped| path.ends_with(skipped))
            {
                hash_tree(&path, hasher);
            }
        } else {
            hasher.update(path.to_string_lossy().as_bytes());
            hasher.update(std::fs::read(&path).expect("a file"));
        }
    }
}

/// The files of a package, by name.
pub fn unpack(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package is a zip");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("an entry can be read");
        let name = file.name().expect("an entry has a name").into_owned();
        files.push((name, bytes));
    }
    files
}

pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options).expect("an entry");
        writer.write_all(bytes).expect("an entry is written");
    }
    writer.finish().expect("a zip").into_inner()
}

pub fn manifest(package: &[u8]) -> Value {
    let files = unpack(package);
    let (_, bytes) = files.iter().find(|(n, _)| n == "manifest.json").expect("a manifest");
    serde_json::from_slice(bytes).expect("a manifest is JSON")
}

/// The same package with its manifest changed.
pub fn with_manifest(package: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut files = unpack(package);
    let (_, bytes) = files.iter_mut().find(|(n, _)| n == "manifest.json").expect("a manifest");
    let mut manifest: Value = serde_json::from_slice(bytes).expect("a manifest is JSON");
    change(&mut manifest);
    *bytes = serde_json::to_vec_pretty(&manifest).expect("JSON");
    pack(&files)
}

/// The same package as another version.
pub fn as_version(package: &[u8], name: &str, code: u32) -> Vec<u8> {
    with_manifest(package, |m| m["version"] = json!({"name": name, "code": code}))
}

/// The same package under another id.
pub fn as_program(package: &[u8], id: &str) -> Vec<u8> {
    with_manifest(package, |m| m["app_id"] = json!(id))
}

/// The same package with nothing that says what its program does.
pub fn without_scenes(package: &[u8]) -> Vec<u8> {
    let mut files = unpack(package);
    files.retain(|(name, _)| !name.starts_with("scenes/"));
    pack(&files)
}

/// The same package with one of its files replaced; `component` stands for whatever the manifest names so.
pub fn with_component(package: &[u8], component: Vec<u8>) -> Vec<u8> {
    let name = manifest(package)["xitai"]["component"].as_str().expect("a component").to_owned();
    let mut files = unpack(package);
    let (_, bytes) = files.iter_mut().find(|(n, _)| *n == name).expect("the component is in the package");
    *bytes = component;
    pack(&files)
}
