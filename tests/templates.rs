//! `xitai new` in every language and from every template: it builds, passes the check, plays its scenes in the host, which
//! are the same in every language down to the host's functions that are called, and runs its own tests; also in a folder
//! whose name is no plain word.

use std::path::Path;
use std::process::Command;
use xitai_tests::binary::{run_in, target_dir};
use xitai_tests::package::{self, tools};

fn xitai(folder: &Path, arguments: &[&str]) -> xitai_tests::binary::Ran {
    run_in(folder, arguments, &tools().each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// Runs the tests that came with a program, as its README says.
fn tests_itself(folder: &Path, lang: &str) {
    let (tool, arguments): (&str, &[&str]) = match lang {
        "rust" => ("cargo", &["test", "--quiet"]),
        "python" => ("python3", &["-B", "tests/test_program.py"]),
        _ => ("npm", &["test"]),
    };
    let mut command = Command::new(tool);
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target_dir().join("programs"));
    let output = command.output().unwrap_or_else(|fault| panic!("{tool} starts: {fault}"));
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{lang} in {}: {said}", folder.display());
}

/// The host performs its scenes as they are written, and random taps do not bring it down.
fn plays(folder: &Path, package: &str) {
    let played = xitai(folder, &["test", package, "--json", "--taps", "20"]);
    assert_eq!(played.code, 0, "{package}: {}", played.everything());
    let document = played.json();
    let scenes = document["scenes"].as_array().expect("scenes");
    assert!(!scenes.is_empty(), "{package} shows nothing");
}

fn every_template_in(lang: &str) {
    let folder = tempfile::Builder::new().prefix("我的 小程序 ").tempdir().expect("a folder");
    for template in ["blank", "shop", "booking"] {
        let name = format!("{template}-{lang}");
        let new = ["new", name.as_str(), "--lang", lang, "--template", template, "--json"];
        xitai(folder.path(), &new).done();
        let program = folder.path().join(&name);
        if lang == "rust" {
            package::share_the_sdk(&program);
        }
        let built = xitai(&program, &["build", "--json"]).done().json();
        let made = built["package"].as_str().expect("a package").to_owned();
        // Python's engine takes a while to compile; its manifests differ from the others' in nothing that is checked.
        if lang != "python" || template == "booking" {
            let checked = xitai(&program, &["check", &made, "--json"]).done();
            assert!(!checked.stdout.contains("wasi:"), "{name} imports nothing of wasi: {}", checked.stdout);
        }
        let bytes = std::fs::read(&made).expect("a package can be read");
        let manifest = package::manifest(&bytes);
        assert_eq!(manifest["xitai"]["carries_runtime"] == true, lang != "rust", "{name}");
        assert!(program.join("README.md").is_file() && program.join(".gitignore").is_file(), "{name}");
        plays(&program, &made);
        tests_itself(&program, lang);
    }
}

#[test]
fn every_template_in_rust() {
    every_template_in("rust");
}
#[test]
fn every_template_in_typescript() {
    every_template_in("ts");
}
#[test]
fn every_template_in_javascript() {
    every_template_in("js");
}
#[test]
fn every_template_in_python() {
    every_template_in("python");
}

#[test]
fn what_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, told) in [
        (&["new", "茶馆"][..], "a-z"),
        (&["new", "Tea"], "a-z"),
        (&["new", "xitai"], "its own"),
        (&["new", "tea", "--lang", "cobol"], "python"),
        (&["new", "tea", "--template", "casino"], "booking"),
    ] {
        let ran = xitai(folder.path(), arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.everything());
        assert!(ran.everything().contains(told), "{arguments:?}: {}", ran.everything());
    }
    assert!(std::fs::read_dir(folder.path()).is_ok_and(|mut left| left.next().is_none()), "nothing was left behind");
    xitai(folder.path(), &["new", "tea", "--lang", "python"]).done();
    let again = xitai(folder.path(), &["new", "tea", "--lang", "python"]);
    assert!(again.code == 1 && again.everything().contains("there already"), "{}", again.everything());
}

#[test]
fn a_module_that_the_manifest_does_not_ask_for_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for (lang, file, line) in [
        ("js", "src/program.js", "import * as storage from \"xitai/services/storage\"; storage.get;\n"),
        ("python", "src/program.py", "import xitai.services.storage\n"),
    ] {
        xitai(folder.path(), &["new", &format!("stray-{lang}"), "--lang", lang]).done();
        let program = folder.path().join(format!("stray-{lang}"));
        let text = std::fs::read_to_string(program.join(file)).expect("a source");
        std::fs::write(program.join(file), format!("{text}\n{line}")).expect("a source is written");
        let built = xitai(&program, &["build"]);
        assert_eq!(built.code, 1, "{lang}: {}", built.everything());
        assert!(built.everything().contains("xitai:services/storage"), "{lang}: {}", built.everything());
    }
}
