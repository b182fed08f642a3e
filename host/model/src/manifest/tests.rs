//! Good manifests, each problem by its place, and all of them at once.

use super::*;
use crate::release::Severity;
use proptest::prelude::*;
use serde_json::{Value, json};

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}
fn found(value: &Value) -> Vec<(String, String)> {
    let (_, findings) = read(value.to_string().as_bytes());
    findings.into_iter().map(|f| (f.code, f.place.strip_prefix("manifest.json: ").unwrap_or("").to_owned())).collect()
}

#[test]
fn the_example_is_read() {
    let (manifest, findings) = read(EXAMPLE.as_bytes());
    assert_eq!(findings, vec![]);
    let manifest = manifest.unwrap();
    assert_eq!(manifest.app_id.as_str(), "cn.bank.suzhou.canteen");
    assert_eq!(manifest.permissions().first().map(String::as_str), Some("xitai:identity/customer"));
    assert_eq!(manifest.payees().len(), 2);
    let again = serde_json::to_vec(&manifest).unwrap();
    assert_eq!(parse(&again), Ok(manifest), "what is written is read again");
}

/// Puts a value at a JSON pointer, or removes what is there.
fn changed(pointer: &str, value: Option<Value>) -> Value {
    let mut manifest = example();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match (manifest.pointer_mut(parent).unwrap(), value) {
        (Value::Object(object), Some(value)) => drop(object.insert(name.to_owned(), value)),
        (Value::Object(object), None) => drop(object.remove(name)),
        (Value::Array(array), Some(value)) => array[name.parse::<usize>().unwrap()] = value,
        other => panic!("{other:?}"),
    }
    manifest
}

#[test]
fn a_budget_is_within_what_the_host_allows() {
    let of = |budget: Value| parse(changed("/xitai/budget", Some(budget)).to_string().as_bytes()).unwrap().xitai.budget;
    assert_eq!(of(json!({ "compute_ms": 50, "memory_mib": 64 })), Budget::default());
    assert_eq!(of(json!({ "compute_ms": 1 })), Budget { compute_ms: 1, ..Budget::default() });
}

#[test]
fn each_problem_has_its_place() {
    let cases: Vec<(&str, Option<Value>, &str, &str)> = vec![
        ("/app_id", None, "manifest.missing", "app_id"),
        ("/xitai/budget", Some(json!({ "compute_ms": 51 })), "manifest.value", "xitai.budget.compute_ms"),
        ("/xitai/budget", Some(json!({ "memory_mib": 0 })), "manifest.value", "xitai.budget.memory_mib"),
        ("/xitai/budget", Some(json!({ "disk": 1 })), "manifest.unknown-member", "xitai.budget.disk"),
        ("/app_id", Some(json!("Canteen")), "manifest.app-id", "app_id"),
        ("/name", Some(json!("  ")), "manifest.value", "name"),
        ("/name", Some(json!(7)), "manifest.type", "name"),
        ("/name", Some(json!("a\u{202e}b")), "manifest.value", "name"),
        ("/name", Some(json!("Bank \u{ff11}")), "manifest.value", "name"),
        ("/dir", Some(json!("up")), "manifest.value", "dir"),
        ("/icons/0/src", Some(json!("../x.png")), "manifest.value", "icons[0].src"),
        ("/pages", Some(json!([])), "manifest.pages", "pages"),
        ("/pages/0", Some(json!("pages/../x")), "manifest.pages", "pages[0]"),
        ("/pages", Some(json!(["a", "a"])), "manifest.pages", "pages[1]"),
        ("/pages", None, "manifest.missing", "pages"),
        ("/version/name", Some(json!("1.0")), "manifest.version", "version.name"),
        ("/version/code", Some(json!(0)), "manifest.version", "version.code"),
        ("/version/code", Some(json!(-1)), "manifest.type", "version.code"),
        ("/platform_version/min_code", Some(json!(99)), "manifest.platform", "platform_version.min_code"),
        (
            "/req_permissions/0/name",
            Some(json!("xitai:bank/vault")),
            "manifest.permission-unknown",
            "req_permissions[0].name",
        ),
        (
            "/req_permissions/1/name",
            Some(json!("xitai:payments/payments")),
            "manifest.permission-twice",
            "req_permissions[1].name",
        ),
        ("/req_permissions/0/reason", Some(json!(" ")), "manifest.reason-missing", "req_permissions[0].reason"),
        ("/xitai", None, "manifest.missing", "xitai"),
        ("/xitai/merchant", None, "manifest.merchant-missing", "xitai.merchant"),
        ("/xitai/merchant", Some(json!("A B")), "manifest.value", "xitai.merchant"),
        ("/xitai/payees/0", Some(json!("customer:x")), "manifest.payee", "xitai.payees[0]"),
        ("/xitai/data_purposes", None, "manifest.purpose-missing", "xitai.data_purposes"),
        ("/xitai/shared_scope", Some(json!("world")), "manifest.value", "xitai.shared_scope"),
        ("/xitai/state/reads", Some(json!([2])), "manifest.schema", "xitai.state.reads"),
        ("/xitai/config/opens", Some(json!({"label": "x"})), "manifest.missing", "xitai.config.opens.default"),
        ("/xitai/locales/en/name", None, "manifest.missing", "xitai.locales.en.name"),
        ("/xitai/egress/0/endpoint", Some(json!("Hospital")), "manifest.egress", "xitai.egress[0].endpoint"),
        ("/xitai/egress/0/endpoint", Some(json!("till")), "manifest.egress", "xitai.egress[1].endpoint"),
        ("/xitai/egress/0/purpose", None, "manifest.missing", "xitai.egress[0].purpose"),
        (
            "/xitai/egress/0/secure_fields/0",
            Some(json!("password")),
            "manifest.egress",
            "xitai.egress[0].secure_fields[0]",
        ),
        ("/xitai/outgress", Some(json!([])), "manifest.unknown-member", "xitai.outgress"),
        ("/colour", Some(json!("red")), "manifest.unknown-member", "colour"),
    ];
    for (pointer, value, code, place) in cases {
        let found = found(&changed(pointer, value.clone()));
        assert_eq!(found, vec![(code.to_owned(), place.to_owned())], "{pointer} {value:?}");
    }
}

#[test]
fn a_program_names_only_so_many_systems_and_some_if_it_calls_any() {
    let many =
        |count| json!((0..count).map(|n| json!({"endpoint": format!("e{n}"), "purpose": "x"})).collect::<Vec<_>>());
    assert_eq!(found(&changed("/xitai/egress", Some(many(crate::limits::PARTNER_ENDPOINTS_MAX)))), vec![]);
    let over = found(&changed("/xitai/egress", Some(many(crate::limits::PARTNER_ENDPOINTS_MAX + 1))));
    assert_eq!(over, vec![("manifest.egress".to_owned(), "xitai.egress".to_owned())]);
    let manifest = parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(manifest.egress("supplier").unwrap().secure_fields, [crate::secure_field::FieldKind::CardNumber]);
    assert_eq!(manifest.egress("other"), None);
}

#[test]
fn all_problems_are_told_at_once() {
    let manifest = json!({"app_id": "x", "icons": {}, "version": {"name": "one"}, "req_permissions": [{"name": "fs"}], "xitai": {}});
    let codes: Vec<String> = found(&manifest).into_iter().map(|(_, place)| place).collect();
    let places = [
        "app_id",
        "name",
        "icons",
        "pages",
        "version.name",
        "version.code",
        "platform_version",
        "req_permissions[0].name",
        "req_permissions[0].reason",
        "xitai.component",
        "xitai.category",
        "xitai.state",
        "xitai.storage",
    ];
    assert_eq!(codes, places);
}

#[test]
fn warnings_refuse_nothing() {
    let (manifest, findings) = read(changed("/colour", Some(json!("red"))).to_string().as_bytes());
    assert!(manifest.is_some());
    assert_eq!(findings[0].severity, Severity::Warning);
}

#[test]
fn what_is_not_one_json_object_is_refused() {
    let deep = "[".repeat(10_000);
    let twice = EXAMPLE.replacen('{', "{\"app_id\": \"cn.other.program\",", 1);
    for (text, code) in [
        ("", "manifest.malformed"),
        ("[1]", "manifest.type"),
        ("{\"a\"", "manifest.malformed"),
        (deep.as_str(), "manifest.malformed"),
        (twice.as_str(), "manifest.malformed"),
        ("\u{feff}{}", "manifest.malformed"),
    ] {
        let findings = parse(text.as_bytes()).unwrap_err();
        assert_eq!(findings[0].code, code, "{}", findings[0].evidence);
    }
    assert!(parse(&[0xff, 0xfe]).is_err());
}

#[test]
fn wasi_is_asked_for_by_interface() {
    for (name, fits) in [("wasi:clocks/wall-clock", true), ("wasi:io", false), ("wasi:*", false), ("wasi:/x", false)] {
        let found = found(&changed("/req_permissions/0/name", Some(json!(name))));
        assert_eq!(found.iter().all(|(code, _)| code != "manifest.permission-unknown"), fits, "{name}");
    }
}

proptest! {
    /// Any member may be anything: no panic, and what passes is a manifest.
    #[test]
    fn any_member_may_be_anything(at in 0_usize..14, kind in 0_usize..7, words in ".{0,8}") {
        let value = [json!(null), json!(words), json!(1), json!(-1.5), json!([words]), json!({words.clone(): 1}), json!(true)]
            [kind].clone();
        let names = ["app_id", "name", "icons", "pages", "version", "platform_version", "req_permissions", "xitai", "dir"];
        let pointer = match names.get(at) {
            Some(name) => format!("/{name}"),
            None => format!("/xitai/{}", ["state", "config", "payees", "locales", "merchant"][at - names.len()]),
        };
        let (manifest, findings) = read(changed(&pointer, Some(value)).to_string().as_bytes());
        prop_assert_eq!(manifest.is_none(), findings.iter().any(|f| f.severity == Severity::Error));
    }
}

#[test]
fn a_name_is_told_in_the_readers_language_or_in_the_nearest_that_there_is() {
    let manifest = |lang: &str, locales: &[&str]| {
        let mut manifest = parse(EXAMPLE.as_bytes()).unwrap();
        manifest.lang = Some(lang.to_owned());
        let local = |tag: &&str| ((*tag).to_owned(), LocalName { name: (*tag).to_owned(), description: None });
        manifest.xitai.locales = locales.iter().map(local).collect();
        manifest.name = "own".to_owned();
        manifest
    };
    for (lang, locales, reader, name) in [
        ("zh-CN", &["en"][..], "zh-CN", "own"),
        ("zh-CN", &["en"], "en-GB", "en"),
        ("zh-CN", &["en"], "ru", "en"),
        ("zh-CN", &["en", "ru"], "ru-RU", "ru"),
        ("zh-CN", &["en", "zh-HK"], "zh-HK", "zh-HK"),
        ("zh-CN", &["en", "zh-HK"], "zh-TW", "own"),
        ("ru", &["en"], "ru", "own"),
        ("ru", &["en"], "zh-CN", "own"),
        ("zh-CN", &[], "fa", "own"),
    ] {
        let manifest = manifest(lang, locales);
        assert_eq!(manifest.named(reader).0, name, "{lang} {locales:?} read in {reader}");
        assert_eq!(
            manifest.named(reader).1,
            manifest.description.as_deref(),
            "an entry without one has the manifest's"
        );
    }
}
