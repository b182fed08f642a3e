//! An inspection finds everything at once, and each thing under its own code.

use serde_json::json;
use xitai_model::manifest::Manifest;
use xitai_runtime::inspect::{Inspection, inspect};
use xitai_test_components::{Guest, component};

fn manifest(permissions: &[&str]) -> Manifest {
    let permissions: Vec<_> = permissions.iter().map(|name| json!({"name": name, "reason": "because"})).collect();
    serde_json::from_value(json!({
        "app_id": "cn.bank.suzhou.canteen",
        "name": "Canteen",
        "icons": [{"src": "icon.svg"}],
        "pages": ["pages/index"],
        "version": {"name": "1.0.0", "code": 1},
        "platform_version": {"min_code": 1},
        "req_permissions": permissions,
        "xitai": {
            "component": "program.wasm",
            "category": "food",
            "state": {"writes": 1, "reads": [1]},
            "storage": {"writes": 1, "reads": [1]}
        }
    }))
    .unwrap()
}

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn found(bytes: &[u8], permissions: &[&str]) -> Vec<String> {
    codes(&inspect(bytes, &manifest(permissions))).into_iter().map(str::to_owned).collect()
}

fn text(component: &str) -> Vec<u8> {
    wat::parse_str(component).unwrap()
}

const WHOAMI: &str = r#"(import "xitai:identity/customer@1.0.0" "whoami" (func $whoami (param i32)))"#;

#[test]
fn a_good_component_has_no_findings() {
    let guest = Guest { imports: WHOAMI, ..Guest::updating("(call $whoami (i32.const 512))") };
    let inspection = inspect(&guest.component(), &manifest(&["xitai:identity/customer"]));
    assert_eq!(inspection.findings, []);
    assert_eq!(inspection.imports, ["xitai:identity/customer"]);
    assert!(!inspection.is_refused());
}

#[test]
fn what_is_no_component_is_named() {
    assert_eq!(found(b"", &[]), ["component.not-a-component"]);
    assert_eq!(found(b"#!/bin/sh", &[]), ["component.not-a-component"]);
    assert_eq!(found(&text("(module)"), &[]), ["component.core-module"]);
    let whole = Guest::default().component();
    assert_eq!(found(&whole[..whole.len() - 10], &[]), ["component.invalid"]);
    assert_eq!(found(&whole[..8], &[]), ["component.export-missing"]);
}

#[test]
fn everything_is_found_at_once() {
    let guest = Guest { imports: WHOAMI, ..Guest::updating("(call $whoami (i32.const 512))") };
    let codes = found(&guest.component(), &["xitai:services/storage", "xitai:payments/payments"]);
    assert_eq!(
        codes,
        ["component.import-not-in-manifest", "component.permission-unused", "component.permission-unused",]
    );
}

#[test]
fn unknown_imports_and_wasi_are_refused() {
    let other = text(r#"(component (import "evil:spy/ears@0.1.0" (instance)) (import "plain" (func)))"#);
    assert_eq!(
        found(&other, &[]),
        ["component.import-unknown", "component.import-unknown", "component.export-missing"]
    );
    let sockets = text(r#"(component (import "wasi:sockets/tcp@0.2.6" (instance)))"#);
    assert_eq!(found(&sockets, &["wasi:sockets/tcp"]), ["component.import-unknown", "component.export-missing"]);
    let clock = text(r#"(component (import "wasi:clocks/wall-clock@0.2.6" (instance)))"#);
    assert_eq!(found(&clock, &[]), ["component.wasi-without-grant", "component.export-missing"]);
    let newer = text(r#"(component (import "xitai:services/log@2.0.0" (instance)))"#);
    assert_eq!(found(&newer, &["xitai:services/log"])[0], "component.contract-newer");
}

#[test]
fn another_version_of_the_contract_is_named() {
    let found = |version: &str| {
        let component = text(&format!(
            r#"(component
                (import "xitai:types/values@{version}" (instance))
                (import "xitai:services/log@{version}" (instance))
                (import "xitai:services/ears@{version}" (instance))
                (instance $i)
                (export "xitai:program/program@{version}" (instance $i)))"#
        ));
        inspect(&component, &manifest(&["xitai:services/log"]))
    };
    for (version, code) in [("2.0.0", "component.contract-newer"), ("0.9.0", "component.contract-older")] {
        let inspection = found(version);
        assert_eq!(codes(&inspection), [code, code, "component.import-unknown", code], "{version}");
        let evidence = &inspection.findings[1].evidence;
        assert_eq!(*evidence, format!("xitai:services/log@{version}; this host serves 1.0.0"));
    }
}

#[test]
fn the_export_is_typed() {
    let command = text(r#"(component (instance $i) (export "wasi:cli/run@0.2.0" (instance $i)))"#);
    assert_eq!(found(&command, &[]), ["component.wrong-world"]);
    let empty = text(r#"(component (instance $i) (export "xitai:program/program@1.0.0" (instance $i)))"#);
    assert_eq!(found(&empty, &[]), ["component.export-missing"]);
    let mistyped = text(
        r#"(component
            (core module $m (func (export "f")))
            (core instance $c (instantiate $m))
            (func $f (canon lift (core func $c "f")))
            (instance $i (export "open" (func $f)) (export "update" (func $f)))
            (export "xitai:program/program@1.0.0" (instance $i)))"#,
    );
    assert_eq!(found(&mistyped, &[]), ["component.export-mistyped"]);
}

#[test]
fn a_start_function_must_end() {
    let items = "(func $begin (loop $for_ever (br $for_ever))) (start $begin)".to_owned();
    let inspection = inspect(&Guest { items, ..Guest::default() }.component(), &manifest(&[]));
    assert_eq!(codes(&inspection), ["component.instantiate"]);
    assert!(inspection.findings[0].evidence.contains("does not come to an end"), "{:?}", inspection.findings);
    let items = "(func $begin unreachable) (start $begin)".to_owned();
    let inspection = inspect(&Guest { items, ..Guest::default() }.component(), &manifest(&[]));
    assert!(inspection.findings[0].evidence.contains("unreachable"), "{:?}", inspection.findings);
}

#[test]
fn a_memory_must_fit_the_sandbox() {
    let codes = |pages: u32| found(&Guest { memory_pages: pages, ..Guest::default() }.component(), &[]);
    assert!(codes(1024).is_empty());
    assert_eq!(codes(1025), ["component.compile-limit"]);
}

#[test]
fn features_that_are_off_are_named() {
    let shared = Guest { items: "(memory $other 1 1 shared)".to_owned(), ..Guest::default() };
    assert_eq!(found(&shared.component(), &[]), ["component.feature"]);
}

#[test]
fn a_component_without_a_runtime_is_small() {
    let padding = format!("(@custom \"pad\" \"{}\")", "x".repeat(2 << 20));
    let large = component(&format!(
        r#"(module {padding}
            (memory (export "memory") 2)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
            (func (export "xitai:program/program@1.0.0#open") (param i32) (result i32) unreachable)
            (func (export "xitai:program/program@1.0.0#update") (param i32) (result i32) unreachable))"#
    ));
    assert_eq!(found(&large, &[]), ["component.too-large"]);
    let mut manifest = manifest(&[]);
    manifest.xitai.carries_runtime = true;
    assert_eq!(inspect(&large, &manifest).findings, []);
}

#[test]
fn damaged_bytes_are_findings_and_never_a_crash() {
    let whole = Guest { imports: WHOAMI, ..Guest::updating("(call $whoami (i32.const 512))") }.component();
    let step = whole.len() / 40;
    for at in (8..whole.len()).step_by(step) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        // Damage to a name or to data may go unnoticed here; the digest that is signed off tells it.
        let _ = inspect(&damaged, &manifest(&["xitai:identity/customer"]));
        let cut = inspect(&whole[..at], &manifest(&["xitai:identity/customer"]));
        assert!(cut.is_refused(), "cut at {at}");
    }
}
