//! `xitai test`: scenes are played in the host itself, differences are told by line, and goldens are written on request.

use std::path::{Path, PathBuf};
use xitai_tests::bank::copy_tree;
use xitai_tests::binary::{Ran, run_in};
use xitai_tests::package;
use xitai_tests::process::repository;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }
    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }
    fn xitai(&self, args: &[&str]) -> Ran {
        run_in(self.0.path(), args, &[])
    }
    /// Plays a package; its document where it is JSON.
    fn test(&self, package: &[u8], more: &[&str]) -> Ran {
        let path = self.write("program.ma", package);
        let path = path.to_string_lossy().into_owned();
        self.xitai(&[&["test", &path, "--taps", "0"], more].concat())
    }
}

/// The package with this as its only scene.
fn with_scene(package: &[u8], text: &str) -> Vec<u8> {
    let mut files = package::unpack(&package::without_scenes(package));
    files.push(("scenes/one.toml".to_owned(), text.as_bytes().to_vec()));
    package::pack(&files)
}

fn canteen() -> Vec<u8> {
    package::built("mini-programs/canteen")
}

#[test]
fn every_sample_plays_its_scenes_and_survives_random_taps() {
    let folder = Folder::new();
    let samples = std::fs::read_dir(repository().join("mini-programs")).expect("a folder").flatten();
    let samples: Vec<String> = samples.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(samples.len() >= 6, "{samples:?}");
    for sample in samples {
        let path = folder.write(&format!("{sample}.ma"), &package::built(&format!("mini-programs/{sample}")));
        let path = path.to_string_lossy().into_owned();
        let ran = folder.xitai(&["test", &path, "--json", "--taps", "40"]);
        assert_eq!(ran.code, 0, "{sample}: {}", ran.everything());
        let document = ran.json();
        let scenes = document["scenes"].as_array().expect("scenes");
        assert!(!scenes.is_empty(), "{sample} shows nothing");
        for scene in scenes {
            let turns = scene["turns"].as_array().expect("turns");
            assert!(turns.iter().any(|turn| turn["compute_us"].as_u64() > Some(0)), "{sample}: nothing was performed");
        }
        assert_eq!(document["random"][0]["fell"], serde_json::Value::Null, "{sample}: {document}");
    }
}

#[test]
fn a_difference_is_told_with_its_line_and_written_on_request() {
    let folder = Folder::new();
    let scene = "title = \"The menu\"\n\n[given.people.zhou]\nrole = \"manager\"\n\n# The manager looks.\n[[when]]\n\
                 who = \"zhou\"\nopen = \"pages/index\"\nthen.screen = '''\n# 职工食堂\nsomething else\n'''\n";
    let ran = folder.test(&with_scene(&canteen(), scene), &[]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    for told in
        ["DIFFERS scenes/one.toml", "scenes/one.toml:7", "zhou opens pages/index: screen differs", "- something else"]
    {
        assert!(ran.stdout.contains(told), "`{told}` is missing:\n{}", ran.everything());
    }
    // JUnit's document has the same.
    let junit = folder.0.path().join("out.xml");
    let junit_path = junit.to_string_lossy().into_owned();
    folder.test(&with_scene(&canteen(), scene), &["--junit", &junit_path]);
    let document = std::fs::read_to_string(&junit).expect("a document");
    assert!(document.contains("tests=\"1\" failures=\"1\"") && document.contains("scene.differs"), "{document}");
}

#[test]
fn update_writes_what_came_and_leaves_the_rest() {
    let folder = Folder::new();
    for part in ["sdk/rust", "wit", "mini-programs/coupon-wallet"] {
        copy_tree(&repository().join(part), &folder.0.path().join(part));
    }
    let program = folder.0.path().join("mini-programs/coupon-wallet");
    let _ = std::fs::remove_dir_all(program.join("scenes"));
    std::fs::create_dir(program.join("scenes")).expect("a folder");
    let path = program.join("scenes/one.toml");
    std::fs::write(
        &path,
        "# Kept.\ntitle = \"One\"\n[given.people.wang]\n\n[[when]]\nwho = \"wang\" # him\nopen = \"pages/index\"\n",
    )
    .expect("a scene");
    let shared = xitai_tests::binary::target_dir().join("wasm");
    let environment = [("XITAI_WASM_TARGET", shared.to_str().expect("a path"))];
    let run = |args: &[&str], at: &Path| run_in(at, args, &environment);
    run(&["test", "--update"], &program).done();
    let written = std::fs::read_to_string(&path).expect("a scene");
    assert!(written.starts_with("# Kept.\n") && written.contains("who = \"wang\" # him"), "{written}");
    for part in ["then.screen = '''\n# 我的优惠券\n", "then.sheet = \"\"\n", "then.asked = ["] {
        assert!(written.contains(part), "{part} in\n{written}");
    }
    let again = run(&["test", "--taps", "0"], &program).done();
    assert!(again.stdout.contains("ok      scenes/one.toml"), "{}", again.stdout);
    // What somebody says besides, also that there is none, stays.
    let said = format!("{written}then.effects = []\n");
    std::fs::write(&path, &said).expect("a scene");
    run(&["test", "--update"], &program).done();
    assert_eq!(std::fs::read_to_string(&path).expect("a scene"), said, "a second time changes nothing");
}

#[test]
fn what_is_wrong_with_a_scene_is_told_line_by_line() {
    let folder = Folder::new();
    let scene = "title = \"A\"\n[given.people.wang]\n[[when]]\nwho = \"li\"\ntap = \"x\"\n[[when]]\nwait = \"soon\"\n";
    let ran = folder.test(&with_scene(&canteen(), scene), &[]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    for told in ["scenes/one.toml:4", "scenes/one.toml:7", "scene.value", "`li` is not among [given.people]"] {
        assert!(ran.stdout.contains(told), "`{told}` is missing:\n{}", ran.everything());
    }
}

#[test]
fn a_budget_of_the_manifest_is_held() {
    let folder = Folder::new();
    let scene = "title = \"A\"\n[given.people.wang]\n[[when]]\nwho = \"wang\"\nopen = \"pages/index\"\n";
    let within = package::with_manifest(&with_scene(&canteen(), scene), |manifest| {
        manifest["xitai"]["budget"] = serde_json::json!({ "compute_ms": 50, "memory_mib": 32 });
    });
    folder.test(&within, &[]).done();
    let past = package::with_manifest(&with_scene(&canteen(), scene), |manifest| {
        manifest["xitai"]["budget"] = serde_json::json!({ "memory_mib": 1 });
    });
    let ran = folder.test(&past, &[]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    assert!(
        ran.stdout.contains("scene.budget") && ran.stdout.contains("the budget is 50 ms and 1 MiB"),
        "{}",
        ran.stdout
    );
}

/// What no scene announces is a difference, what one announces is none.
#[test]
fn refusals_are_part_of_a_scene() {
    let folder = Folder::new();
    let scene = |then: &str| {
        format!(
            "title = \"A\"\n[given.people.wang]\n[[when]]\nwho = \"wang\"\nopen = \"pages/index\"\n\
             [[when]]\nwho = \"wang\"\ntap = \"nothing-there\"\n{then}"
        )
    };
    let ran = folder.test(&with_scene(&canteen(), &scene("")), &[]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    assert!(ran.stdout.contains("+ session.node-missing"), "{}", ran.stdout);
    folder.test(&with_scene(&canteen(), &scene("then.refused = \"session.node-missing\"\n")), &[]).done();
}

/// An empty list chooses nothing, where a field that is left out keeps what it shows.
#[test]
fn a_choice_of_many_may_be_left_with_nothing_chosen() {
    let folder = Folder::new();
    let queue = package::built("mini-programs/branch-queue");
    let scene = |values: &str, then: &str| {
        format!(
            "title = \"A\"\n[given.people.he]\nrole = \"clerk\"\n[[when]]\nwho = \"he\"\nopen = \"pages/index\"\n\
             [[when]]\nwho = \"he\"\nsubmit = \"counter\"\nby = \"open\"\n{values}{then}"
        )
    };
    for (values, then) in [
        ("", ""),
        ("values = { services = [] }\n", "then.refused = \"session.value-missing\"\n"),
        ("values = { service = [] }\n", "then.refused = \"session.value-unexpected\"\n"),
    ] {
        folder.test(&with_scene(&queue, &scene(values, then)), &[]).done();
    }
}

/// An exception that a program does not catch is no word of its own.
#[test]
fn random_taps_find_exceptions() {
    let folder = Folder::new();
    for (lang, file, source) in [
        ("ts", "src/program.ts", include_str!("guests/chance/program.ts")),
        ("python", "src/program.py", include_str!("guests/chance/program.py")),
    ] {
        let id = format!("cn.bank.suzhou.chance-{lang}");
        let path = folder.write("chance.ma", &package::new_program(&id, lang, "blank", &[(file, source)]));
        let path = path.to_string_lossy().into_owned();
        let ran = folder.xitai(&["test", &path, "--json", "--taps", "60"]);
        assert_eq!(ran.code, 1, "{lang}: {}", ran.everything());
        let document = ran.json();
        let fell = &document["random"][0]["fell"];
        let detail = fell["detail"].as_str().unwrap_or_default();
        assert!(detail.starts_with("program.exception: TypeError: broken after 0"), "{lang}: {fell}");
    }
}

/// A guest that traps, loops and breaks its screens on request is found out by somebody who only taps.
#[test]
fn random_taps_find_what_falls() {
    let folder = Folder::new();
    let path = folder.write("hostile.ma", &package::built("tests/guests/hostile"));
    let path = path.to_string_lossy().into_owned();
    let ran = folder.xitai(&["test", &path, "--json", "--seed", "3", "--taps", "60"]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    let document = ran.json();
    let fell = &document["random"][0]["fell"];
    assert!(fell["code"].as_str().is_some_and(|code| code.starts_with("fault.")), "{document}");
    assert!(fell["after"].as_array().is_some_and(|after| !after.is_empty()), "{document}");
    // The same seed taps the same.
    let again = folder.xitai(&["test", &path, "--json", "--seed", "3", "--taps", "60"]).json();
    assert_eq!(again["random"], document["random"]);
}
