//! What a program is made of, and what is known against it, before the reviewers' eyes.

use serde_json::{Value, json};
use xitai_tests::bank::PASSWORD;
use xitai_tests::binary::run;
use xitai_tests::desk::{DESK, package};
use xitai_tests::package::{as_version, pack, unpack};
use xitai_tests::{Bank, actor::CANTEEN};

const FILE: &str = "sbom.cdx.json";

/// The desk with another bill of materials, or none.
fn with_bill(version: &str, code: u32, bill: Option<Value>) -> Vec<u8> {
    let mut files = unpack(&as_version(&package(), version, code));
    files.retain(|(name, _)| name != FILE);
    files.extend(bill.map(|bill| (FILE.to_owned(), bill.to_string().into_bytes())));
    pack(&files)
}

fn tea(version: &str) -> Value {
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{
        "type": "library", "name": "tea", "version": version, "purl": format!("pkg:cargo/tea@{version}"),
        "licenses": [{"license": {"id": "MIT"}}],
    }]})
}

fn codes(release: &Value) -> Vec<String> {
    let findings = release["findings"].as_array().expect("findings");
    let codes = findings.iter().map(|finding| finding["code"].as_str().expect("a code").to_owned());
    codes.filter(|code| code.starts_with("package.")).collect()
}

#[test]
fn reviewers_see_parts_licences_and_advisories() {
    let bank = Bank::start();
    let lin = bank.staff("dev-lin");
    // What `xitai build` makes says what it is made of.
    let canteen = lin.release(CANTEEN, &newest(&bank, CANTEEN)).ok();
    let parts = canteen["components"].as_array().expect("components");
    assert!(parts.iter().any(|part| part["name"] == "wit-bindgen" && part["licence"].is_string()), "{parts:?}");

    let record = json!([
        {"id": "RUSTSEC-2026-0001", "summary": "It reads past the end", "affected": [{
            "package": {"ecosystem": "crates.io", "name": "tea"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.3"}]}],
        }]},
        {"id": "RUSTSEC-2020-0001", "withdrawn": "2021-01-01T00:00:00Z", "affected": []},
    ]);
    let file = bank.folder().join("osv.json");
    std::fs::write(&file, record.to_string()).expect("a file");
    let (file, config) =
        (file.to_string_lossy().into_owned(), bank.folder().join("config").to_string_lossy().into_owned());
    let by = |login: &str, args: &[&str]| {
        let environment = [("XITAI_CONFIG", config.as_str()), ("XITAI_PASSWORD", PASSWORD)];
        run(&["login", bank.base(), "--login", login], &environment).done();
        run(args, &environment)
    };
    let load = ["advisories", "load", file.as_str(), "--json"];
    let refused = by("dev-lin", &load);
    assert!(refused.code == 1 && refused.stdout.contains("auth.forbidden"), "{}", refused.everything());
    assert_eq!(by("technology-gao", &load).done().json(), json!({"read": 1, "changed": 1}));
    assert_eq!(by("technology-gao", &load).done().json(), json!({"read": 1, "changed": 0}));

    lin.claim(DESK).ok();
    let bad = lin.publish(DESK, "1.0.0", &with_bill("1.0.0", 1, Some(tea("1.2.2"))));
    assert_eq!((bad["state"].as_str(), codes(&bad)), (Some("in-review"), vec!["package.advisory".to_owned()]));
    let page = format!("/console/reviews/{}?lang=en", bad["review"].as_str().expect("a review"));
    let page = bank.sign_in("reviewer-chen").get(&page).text();
    assert!(page.contains("RUSTSEC-2026-0001") && page.contains("MIT"), "{page}");
    let mended = lin.publish(DESK, "1.0.1", &with_bill("1.0.1", 2, Some(tea("1.2.3"))));
    assert_eq!(codes(&mended), Vec::<String>::new());
    // Without one, the reviewers are told; with a broken one, it goes no further.
    let silent = lin.publish(DESK, "1.0.2", &with_bill("1.0.2", 3, None));
    assert_eq!((silent["state"].as_str(), codes(&silent)), (Some("in-review"), vec!["package.no-sbom".to_owned()]));
    let broken = lin.publish(DESK, "1.0.3", &with_bill("1.0.3", 4, Some(json!({"bomFormat": "other"}))));
    assert_eq!((broken["state"].as_str(), codes(&broken)), (Some("refused"), vec!["package.sbom".to_owned()]));
    bank.verified();
}

fn newest(bank: &Bank, program: &str) -> String {
    let releases = bank.sign_in("dev-lin").get(&format!("/api/v1/publisher/programs/{program}/releases")).ok();
    releases["releases"][0]["version"].as_str().expect("a version").to_owned()
}
