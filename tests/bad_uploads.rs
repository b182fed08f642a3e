//! What the inspection refuses, each by its own code, and the host stands.

use std::io::{Cursor, Write};
use xitai_tests::{Bank, package};
use zip::write::SimpleFileOptions;

const PROGRAM: &str = "cn.bank.suzhou.bad-upload";

pub fn good() -> Vec<u8> {
    let package = package::as_program(&package::built("mini-programs/canteen"), PROGRAM);
    package::as_version(&package, "1.0.0", 1)
}

/// The codes of all that was found, whether the upload was refused at the door or by the inspection.
fn codes_of(bank: &Bank, package: &[u8]) -> Vec<String> {
    let developer = bank.staff("dev-lin");
    developer.claim(PROGRAM).ok();
    let answer = developer.upload(PROGRAM, package);
    if answer.status >= 400 {
        let problem = answer.json();
        let mut codes = vec![answer.code()];
        codes.extend(findings(&problem));
        return codes;
    }
    let release = developer.inspected(PROGRAM, "1.0.0");
    assert_eq!(release["state"], "refused", "{release:#}");
    findings(&release)
}

fn findings(document: &serde_json::Value) -> Vec<String> {
    let found = document["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    for finding in found {
        assert!(!finding["mend"].as_str().unwrap_or_default().is_empty(), "a finding says what to do: {finding}");
    }
    found.iter().filter_map(|f| Some(f["code"].as_str()?.to_owned())).collect()
}

#[track_caller]
pub fn refused_as(package: &[u8], code: &str) {
    let bank = Bank::start();
    let codes = codes_of(&bank, package);
    assert!(codes.iter().any(|c| c == code), "{code} in {codes:?}");
    // The host stands, and the same developer's good package goes through.
    let release = bank.staff("dev-lin").publish(PROGRAM, "1.0.1", &package::as_version(&good(), "1.0.1", 2));
    assert_eq!(release["state"], "in-review", "{release:#}");
}

/// A core module, empty and valid.
const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";
/// A component, empty and valid: it exports nothing.
const EMPTY_COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

#[test]
fn text_is_not_a_component() {
    refused_as(&package::with_component(&good(), b"print('hello')".to_vec()), "component.not-a-component");
}

#[test]
fn a_core_module_is_not_a_component() {
    refused_as(&package::with_component(&good(), CORE_MODULE.to_vec()), "component.core-module");
}

#[test]
fn a_component_of_another_world_exports_no_program() {
    refused_as(&package::with_component(&good(), EMPTY_COMPONENT.to_vec()), "component.export-missing");
}

#[test]
fn a_truncated_component_is_invalid() {
    let package = good();
    let name = package::manifest(&package)["xitai"]["component"].as_str().expect("a component").to_owned();
    let (_, whole) = package::unpack(&package).into_iter().find(|(n, _)| *n == name).expect("the component");
    refused_as(&package::with_component(&package, whole[..whole.len() / 2].to_vec()), "component.invalid");
}

#[test]
fn a_truncated_package_is_named_so() {
    let package = good();
    refused_as(&package[..package.len() / 2], "package.truncated");
}

#[test]
fn a_file_that_is_no_zip_is_malformed() {
    refused_as(b"not a zip at all", "package.malformed");
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let mut files = package::unpack(&good());
    files.push(("assets/zeros.bin".to_owned(), vec![0; 80 << 20]));
    refused_as(&package::pack(&files), "package.zip-bomb");
}

#[test]
fn a_path_that_leaves_the_package_is_refused() {
    let mut files = package::unpack(&good());
    files.push(("../outside.txt".to_owned(), b"out".to_vec()));
    refused_as(&package::pack(&files), "package.path-traversal");
}

#[test]
fn more_files_than_a_package_may_have() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in package::unpack(&good()) {
        writer.start_file(name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(&bytes).expect("an entry");
    }
    for number in 0..xitai_model::limits::PACKAGE_FILES_MAX {
        writer.start_file(format!("assets/{number}.txt"), SimpleFileOptions::default()).expect("an entry");
    }
    refused_as(&writer.finish().expect("a zip").into_inner(), "package.too-many-files");
}

#[test]
fn a_package_of_another_program_is_refused() {
    refused_as(&package::as_program(&good(), "cn.bank.suzhou.somebody-else"), "package.other-program");
}

#[test]
fn a_package_too_large_for_its_kind_is_refused() {
    let mut files = package::unpack(&good());
    // Noise does not pack.
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    let noise: Vec<u8> = (0..3_u32 << 20).map(|_| next()).collect();
    files.push(("assets/noise.bin".to_owned(), noise));
    refused_as(&package::pack(&files), "package.too-large");
}

#[test]
fn an_import_that_the_manifest_does_not_ask_for_is_refused() {
    let package = package::with_manifest(&good(), |manifest| {
        let asked = manifest["req_permissions"].as_array_mut().expect("permissions");
        asked.retain(|p| p["name"] != "xitai:payments/payments");
    });
    refused_as(&package, "component.import-not-in-manifest");
}

#[test]
fn a_version_only_goes_up_and_never_changes_its_bytes() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    developer.claim(PROGRAM).ok();
    let two = package::as_version(&good(), "2.0.0", 20);
    developer.publish(PROGRAM, "2.0.0", &two);
    // The same bytes again are no news.
    let again = developer.upload(PROGRAM, &two);
    assert!(again.status < 300, "{} {}", again.status, again.text());
    let mut files = package::unpack(&two);
    files.push(("assets/more.txt".to_owned(), b"more".to_vec()));
    developer.upload(PROGRAM, &package::pack(&files)).refused(409, "package.version-same-bytes-differ");
    let down = developer.upload(PROGRAM, &package::as_version(&good(), "1.9.0", 19));
    down.refused(409, "package.version-down");
    let same_code = developer.upload(PROGRAM, &package::as_version(&good(), "2.0.1", 20));
    same_code.refused(409, "package.version-down");
}

#[test]
fn a_name_that_another_publisher_has_is_taken() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    // A developer of another publisher neither claims nor uploads.
    let stranger = bank.staff("dev-xu");
    let claimed = stranger.claim(xitai_tests::actor::CANTEEN);
    assert!(matches!(claimed.status, 403 | 409), "{}", claimed.text());
    let uploaded = stranger.upload(xitai_tests::actor::CANTEEN, &package::built("mini-programs/canteen"));
    assert!(matches!(uploaded.status, 403 | 404 | 409), "{}", uploaded.text());
    let odd = developer.claim("cn.bank.Suzhou.Canteen");
    assert!(matches!(odd.status, 400 | 422), "look-alike by case: {}", odd.text());
}

/// A name that customers would take for another publisher's program is shown to the reviewers, however it is spelled; one
/// with digits that only look like digits is none.
#[test]
fn a_name_that_reads_like_anothers_is_pointed_out() {
    let bank = Bank::start();
    let id = "cn.tea.suzhou.tea-house";
    let stranger = bank.staff("dev-xu");
    stranger.claim(id).ok();
    let named = |name: &str, version: &str, code: u32| {
        let package =
            package::as_version(&package::as_program(&package::built("mini-programs/canteen"), id), version, code);
        package::with_manifest(&package, |manifest| {
            manifest["name"] = name.into();
            manifest["short_name"] = name.into();
            manifest["xitai"]["locales"] = serde_json::json!({});
        })
    };
    // The a is Cyrillic, and a character that is not drawn stands between.
    let release = stranger.publish(id, "1.0.0", &named("Staff C\u{430}nteen\u{200b}", "1.0.0", 1));
    let found: Vec<&serde_json::Value> = release["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|f| f["code"] == "manifest.name-alike")
        .collect();
    assert_eq!(release["state"], "in-review", "{release:#}");
    assert!(found.iter().any(|f| f["evidence"].to_string().contains(xitai_tests::actor::CANTEEN)), "{release:#}");
    let plain = stranger.publish(id, "1.0.1", &named("Tea", "1.0.1", 2));
    assert!(!plain["findings"].to_string().contains("manifest.name-alike"), "{plain:#}");
    let digits = stranger.upload(id, &named("Tea for １２.００", "1.0.2", 3));
    digits.refused(422, "manifest.value");
}
