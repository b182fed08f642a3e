//! The first ten minutes of a developer: new, build, check, login, publish, status, logs; for people and for machines.

use std::path::Path;
use xitai_tests::bank::PASSWORD;
use xitai_tests::binary::{Ran, run_in, target_dir};
use xitai_tests::{Bank, package};

struct Developer<'a> {
    folder: &'a Path,
    config: String,
    shared: String,
}

impl Developer<'_> {
    fn xitai(&self, folder: &Path, args: &[&str]) -> Ran {
        let environment = [
            ("XITAI_CONFIG", self.config.as_str()),
            ("XITAI_PASSWORD", PASSWORD),
            ("XITAI_WASM_TARGET", self.shared.as_str()),
        ];
        run_in(folder, args, &environment)
    }
}

#[test]
fn from_nothing_to_a_program_in_review() {
    let bank = Bank::start();
    let folder = bank.folder().join("work");
    std::fs::create_dir_all(&folder).expect("a folder");
    let developer = Developer {
        folder: &folder,
        config: bank.folder().join("config").to_string_lossy().into_owned(),
        shared: target_dir().join("wasm").to_string_lossy().into_owned(),
    };
    let id = "cn.bank.suzhou.first-steps";
    let made = developer.xitai(developer.folder, &["new", "first-steps", "--id", id, "--json"]).done().json();
    assert_eq!(made["id"], id);
    let again = developer.xitai(developer.folder, &["new", "first-steps", "--id", id]);
    assert_eq!(again.code, 1, "what is there is not overwritten: {}", again.everything());
    assert_eq!(developer.xitai(developer.folder, &["new", "First Steps"]).code, 2);

    let program = folder.join("first-steps");
    let built = developer.xitai(&program, &["build", "--json"]).done().json();
    let package_path = built["package"].as_str().expect("a package").to_owned();
    assert_eq!(built["program"], id);
    developer.xitai(&program, &["check", &package_path, "--json"]).done();
    let tested = developer.xitai(&program, &["test", &package_path, "--json"]).done().json();
    assert_eq!(tested["scenes"][0]["passed"], true, "{tested}");

    // Publishing needs a sign-in, and says so.
    let stranger = developer.xitai(&program, &["publish", &package_path]);
    assert_eq!(stranger.code, 1);
    assert!(stranger.everything().contains("xitai login"), "{}", stranger.everything());
    developer.xitai(&program, &["login", bank.base(), "--login", "dev-lin", "--json"]).done();
    // And a key to sign with, which only its owner may read.
    let unsigned = developer.xitai(&program, &["publish", &package_path]);
    assert!(unsigned.code == 1 && unsigned.everything().contains("xitai keys new"), "{}", unsigned.everything());
    let made = developer.xitai(&program, &["keys", "new", "--name", "laptop", "--json"]).done().json();
    let key = made["file"].as_str().expect("a file").to_owned();
    let mode = |path: &str| {
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).expect("it is there").permissions())
    };
    assert_eq!(mode(&key) & 0o777, 0o600);
    assert_eq!(developer.xitai(&program, &["keys", "new"]).code, 1, "a key that is there stays");
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("a mode");
    let open = developer.xitai(&program, &["publish", &package_path, "--json"]);
    assert!(open.stdout.contains("client.key-open"), "{}", open.stdout);
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("a mode");
    let replaced = developer.xitai(&program, &["keys", "new", "--replace", "--json"]).done().json();
    assert_ne!(replaced["key"]["id"], made["key"]["id"]);
    let published = developer.xitai(&program, &["publish", &package_path, "--json"]).done().json();
    assert_eq!(published["state"], "in-review", "{published}");
    let status = developer.xitai(&program, &["status", &format!("{id}@0.1.0"), "--json"]);
    let listed = developer.xitai(&program, &["status", "--json"]).done();
    assert!(listed.stdout.contains(id), "{}", listed.stdout);
    assert!(status.code <= 1, "{}", status.everything());
    developer.xitai(&program, &["logs", id]).done();

    // Two reviewers and an enabling later a customer uses it.
    let release = bank.staff("dev-lin").release(id, published["version"].as_str().unwrap_or("0.1.0")).ok();
    bank.approve(&release);
    bank.enable(id, release["version"].as_str().expect("a version"));
    let session = bank.customer("wang").open(id);
    assert_eq!(session.view.position(), 1);
}

#[test]
fn a_bad_package_is_refused_before_it_travels() {
    let bank = Bank::start();
    let config = bank.folder().join("config").to_string_lossy().into_owned();
    let developer = Developer { folder: bank.folder(), config, shared: String::new() };
    let bad = bank.folder().join("bad.ma");
    let good = package::built("tests/guests/desk");
    std::fs::write(&bad, package::with_component(&good, b"no component".to_vec())).expect("a file");
    let bad = bad.to_string_lossy().into_owned();
    let checked = developer.xitai(developer.folder, &["check", &bad, "--json"]);
    assert_eq!(checked.code, 1);
    assert!(checked.stdout.contains("component.not-a-component"), "{}", checked.stdout);
    developer.xitai(developer.folder, &["login", bank.base(), "--login", "dev-lin"]).done();
    assert_eq!(developer.xitai(developer.folder, &["publish", &bad]).code, 1);
    let wrong = developer.xitai(developer.folder, &["login", bank.base(), "--login", "nobody"]);
    assert_eq!(wrong.code, 1, "{}", wrong.everything());
}

#[test]
fn every_code_that_a_caller_may_meet_is_explained() {
    for code in ["session.stale", "sheet.amount-differs", "component.wasi-without-grant", "limit.screen-nodes"] {
        let told = xitai_tests::binary::run(&["explain", code], &[]).done();
        assert!(told.stdout.contains(code) && told.stdout.len() > code.len() + 20, "{}", told.stdout);
    }
    assert_eq!(xitai_tests::binary::run(&["explain", "no.such-code"], &[]).code, 1);
    assert_eq!(xitai_tests::binary::run(&["no-such-command"], &[]).code, 2);
}

#[test]
fn a_first_build_without_a_network_names_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty").to_string_lossy().into_owned();
    // As on a machine that has fetched nothing yet; nobody listens at that port.
    let nowhere = [
        ("CARGO_HOME", empty.as_str()),
        ("CARGO_NET_OFFLINE", "true"),
        ("npm_config_cache", empty.as_str()),
        ("npm_config_registry", "http://127.0.0.1:1/"),
        ("npm_config_fetch_retries", "0"),
    ];
    for (lang, way_out) in [("rust", "Let cargo reach crates.io once"), ("ts", "Let npm reach its registry once")] {
        let (name, id) = (format!("tea-{lang}"), format!("cn.example.tea-{lang}"));
        run_in(folder.path(), &["new", &name, "--id", &id, "--lang", lang, "--json"], &[]).done();
        let program = folder.path().join(&name);
        let refused = || {
            let ran = run_in(&program, &["build", "--json"], &nowhere);
            assert_eq!(ran.code, 1, "{}", ran.everything());
            ran.json()["error"].clone()
        };
        let error = refused();
        assert!(error["mend"].as_str().is_some_and(|mend| mend.starts_with(way_out)), "{error}");
        // What an installation that was broken off leaves is none.
        std::fs::create_dir_all(program.join("node_modules")).expect("a folder");
        assert_eq!(refused(), error, "{lang}");
    }
}
