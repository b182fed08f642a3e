//! The same source makes the same package wherever it is checked out, so that a reviewer can build it again.

use std::path::{Path, PathBuf};
use xitai_tests::bank::copy_tree;
use xitai_tests::binary::{run_in, target_dir};
use xitai_tests::process::repository;

/// A checkout with what one program needs.
fn checkout(folder: &Path) -> PathBuf {
    for part in ["sdk/rust", "wit", "tests/guests/till"] {
        copy_tree(&repository().join(part), &folder.join(part));
    }
    let program = folder.join("tests/guests/till");
    for left in [program.join("target"), program.join(".xitai"), folder.join("sdk/rust/target")] {
        let _ = std::fs::remove_dir_all(left);
    }
    program
}

/// Builds, with the dependencies that the other tests have compiled; gives the package's bytes.
fn built(program: &Path) -> Vec<u8> {
    let shared = target_dir().join("wasm");
    let environment = [("XITAI_WASM_TARGET", shared.to_str().expect("a path in UTF-8"))];
    run_in(program, &["build", "-o", "out.ma", "--json"], &environment).done();
    std::fs::read(program.join("out.ma")).expect("a package")
}

#[test]
fn the_folder_of_a_checkout_leaves_no_trace() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = built(&checkout(&folder.path().join("one")));
    let other = built(&checkout(&folder.path().join("another place/with a longer name")));
    assert!(one == other, "{} and {} bytes differ", one.len(), other.len());
    let name = folder.path().file_name().expect("a name").to_string_lossy().into_owned();
    for (file, bytes) in xitai_tests::package::unpack(&one) {
        let found = bytes.windows(name.len()).any(|window| window == name.as_bytes());
        assert!(!found, "{file} tells where it was built");
    }
}

/// Permission is one list: whoever writes no lines asks for no log, and the component imports none.
#[test]
fn a_program_without_a_log_imports_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = checkout(folder.path());
    let manifest = program.join("manifest.json");
    let mut document: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&manifest).expect("a manifest")).expect("JSON");
    let asked = document["req_permissions"].as_array_mut().expect("a list");
    asked.retain(|permission| permission["name"] != "xitai:services/log");
    std::fs::write(&manifest, document.to_string()).expect("it is written");
    let made = xitai_tests::package::unpack(&built(&program));
    let (_, component) = made.iter().find(|(name, _)| name == "program.wasm").expect("a component");
    let imports = |name: &str| component.windows(name.len()).any(|window| window == name.as_bytes());
    assert!(imports("xitai:services/storage") && !imports("xitai:services/log"));
    run_in(&program, &["check", "out.ma", "--json"], &[]).done();
}
