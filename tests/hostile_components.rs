//! Components that no compiler of ours would make: what they do is refused at the door, or ends inside its sandbox.

use crate::bad_uploads::{good, refused_as};
use serde_json::json;
use xitai_test_components::Guest;
use xitai_tests::{Bank, Session, package};

const TABLES: &str = "cn.bank.suzhou.tables";

/// A package around a component that imports nothing.
fn around(component: Vec<u8>) -> Vec<u8> {
    let bare = package::with_manifest(&good(), |manifest| manifest["req_permissions"] = json!([]));
    package::with_component(&package::without_scenes(&bare), component)
}

#[test]
fn a_start_function_that_does_not_end_is_found_by_the_inspection() {
    let items = "(func $begin (loop $for_ever (br $for_ever))) (start $begin)".to_owned();
    refused_as(&around(Guest { items, ..Guest::default() }.component()), "component.instantiate");
}

#[test]
fn nothing_of_the_machine_is_there_without_a_grant() {
    const WIT: &str = "
        package test:guest;
        world reads-files {
            include xitai:platform/mini-program@1.0.0;
            import wasi:cli/environment@0.2.6;
        }
        package wasi:cli@0.2.6 {
            interface environment { get-arguments: func() -> list<string>; }
        }";
    let guest = Guest {
        imports: r#"(import "wasi:cli/environment@0.2.6" "get-arguments" (func $arguments (param i32)))"#,
        ..Guest::updating("(call $arguments (i32.const 0))")
    };
    let component = guest.component_with(WIT, "test:guest/reads-files");
    refused_as(&around(component), "component.wasi-without-grant");
}

/// Tables are memory too: ten million entries are not had, and the neighbour notices nothing.
#[test]
fn a_table_that_grows_without_end_is_over_the_memory_limit() {
    let bank = Bank::with_desk();
    let mut neighbour = bank.customer("smith").desk();
    let guest = Guest {
        items: "(table $t 0 funcref)".to_owned(),
        open: "(if (i32.eq (table.grow $t (ref.null func) (i32.const 10000000)) (i32.const -1)) (then unreachable))"
            .to_owned(),
        ..Guest::default()
    };
    bank.perform_release(TABLES, "1.0.0", &package::as_program(&around(guest.component()), TABLES));
    let opened = Session::try_open(&bank.customer("wang").caller, TABLES, json!({}));
    let refused = opened.err().expect("it does not open");
    assert_eq!((refused.status, refused.code().as_str()), (503, "fault.memory"), "{}", refused.text());
    neighbour.tap("count");
    assert_eq!(xitai_tests::desk::counted(&neighbour.view), 1);
    let lines = bank.staff("dev-lin").caller.get(&format!("/api/v1/publisher/programs/{TABLES}/logs")).ok();
    let told = lines["lines"].as_array().is_some_and(|lines| lines.iter().any(|line| line["code"] == "fault.memory"));
    assert!(told, "its publisher's log says so: {lines:#}");
}
