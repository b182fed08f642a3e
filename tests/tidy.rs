//! Taste that a machine can check.

use std::path::{Path, PathBuf};
use xitai_tests::process::repository;

/// A file that grows past this has more than one subject.
const FILE_LINES_MAX: usize = 500;
/// Names under which the ownership of a rule is lost.
const BANNED_NAMES: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

/// Everything that the repository keeps, by git's own word.
fn kept_files() -> Vec<PathBuf> {
    let listed = std::process::Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(repository())
        .output()
        .expect("git lists the files");
    let names = String::from_utf8(listed.stdout).expect("names are UTF-8");
    let files: Vec<PathBuf> = names.split('\0').filter(|n| !n.is_empty()).map(|n| repository().join(n)).collect();
    assert!(files.len() > 100, "the repository has its files: {}", files.len());
    files.into_iter().filter(|f| f.is_file()).collect()
}

fn ends_with(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|e| extensions.iter().any(|x| e == *x))
}

#[test]
fn no_source_file_has_more_than_one_subject() {
    let long: Vec<String> = kept_files()
        .into_iter()
        .filter(|f| ends_with(f, &["rs", "js", "ts", "css", "py"]))
        .filter_map(|f| {
            let lines = std::fs::read_to_string(&f).ok()?.lines().count();
            (lines > FILE_LINES_MAX).then(|| format!("{}: {lines} lines", f.display()))
        })
        .collect();
    assert!(long.is_empty(), "split these: {long:#?}");
}

#[test]
fn no_file_is_named_after_nothing() {
    let nameless: Vec<PathBuf> = kept_files()
        .into_iter()
        .filter(|f| {
            let inside = f.strip_prefix(repository()).unwrap_or(f);
            inside.components().any(|part| {
                let name = part.as_os_str().to_string_lossy();
                BANNED_NAMES.contains(&name.split('.').next().unwrap_or_default())
            })
        })
        .collect();
    assert!(nameless.is_empty(), "say what these are about: {nameless:#?}");
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    // Put together here, so that this file does not hold them itself.
    let machine: Vec<String> =
        [["/wo", "rk/"], ["/root/.ca", "rgo"], ["/home/", "runner"]].map(|p| p.concat()).to_vec();
    let mut found = Vec::new();
    for file in kept_files() {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            if machine.iter().any(|m| line.contains(m.as_str())) {
                found.push(format!("{}:{}: {line}", file.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "no machine's paths: {found:#?}");
}

#[test]
fn the_code_map_names_real_files() {
    let map = repository().join("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&map).expect("ARCHITECTURE.md is there");
    let mut named = 0;
    for quoted in text.split('`').skip(1).step_by(2) {
        let first = quoted.split('/').next().unwrap_or_default();
        let is_path = ["host", "sdk", "tests", "wit", "mini-programs"].contains(&first) && quoted.contains('/');
        if !is_path || quoted.contains(['*', '{', ' ', '<', ':']) {
            continue;
        }
        named += 1;
        assert!(repository().join(quoted).exists(), "ARCHITECTURE.md names {quoted}, which is not there");
    }
    assert!(named > 10, "the code map names files: {named}");
}
