//! A performance runs again from its journal, and a payment is made the same in a re-run.

use crate::stage::{Stage, runtime, update};
use serde_json::json;
use std::sync::Arc;
use xitai_model::commit::{Change, Guard};
use xitai_model::journal::HostCall;
use xitai_model::payment::Payment;
use xitai_runtime::call::{Answers, Fallen, Fault, Performance};
use xitai_test_components::Guest;

const IMPORTS: &str = r#"
    (import "xitai:services/counters@1.0.0" "read" (func $read (param i32 i32 i32)))
    (import "xitai:payments/payments@1.0.0" "request" (func $request
        (param i32 i32 i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "xitai:payments/payments@1.0.0" "get" (func $get (param i32 i32 i32)))"#;

/// An order for 12.00, whose key is `bytes` letters from 0 on. `CNY` lies at 32, the purpose at 40.
fn request(bytes: u32) -> String {
    format!(
        "(call $request (i32.const 0) (i32.const {bytes}) (i64.const 1200) (i32.const 32) (i32.const 3)
            (i32.const 40) (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
            (i32.const 0) (i32.const 0) (i32.const 600) (i32.const 512))"
    )
}

fn guest(update: &str) -> Guest {
    let items = r#"(data (i32.const 0) "abcdefghijklmnopqrstuvwxyz") (data (i32.const 32) "CNY     lunch")"#;
    Guest { imports: IMPORTS, items: items.to_owned(), ..Guest::updating(update) }
}

fn payments(performance: &Performance) -> Vec<&Payment> {
    fn payment(change: &Change) -> Option<&Payment> {
        match change {
            Change::Payment(payment) => Some(payment),
            _ => None,
        }
    }
    performance.changes.iter().filter_map(payment).collect()
}

fn again(stage: &Stage, journal: Vec<HostCall>) -> Result<Performance, Fallen> {
    let mut call = stage.call(update());
    call.answers = Answers::Recorded(Arc::new(journal));
    runtime().perform_here(&stage.program, &call)
}

#[test]
fn a_replay_makes_the_same_step_and_writes_nothing() {
    let stage = Stage::new(&guest(&request(2)));
    let first = stage.updated();
    let replayed = again(&stage, first.calls.clone()).unwrap();
    assert_eq!(replayed.step, first.step);
    assert_eq!(replayed.calls, first.calls);
    assert!(replayed.changes.is_empty() && replayed.guards.is_empty());
}

#[test]
fn a_replay_that_goes_another_way_says_where() {
    let two = format!("{} {}", request(1), request(2));
    let stage = Stage::new(&guest(&two));
    let journal = stage.updated().calls;
    let diverged = |journal: Vec<HostCall>| match again(&stage, journal).unwrap_err().fault {
        Fault::Diverged(what) => what,
        fault => panic!("{fault:?}"),
    };
    assert!(diverged(journal[..1].to_vec()).contains("no more"));
    let mut other = journal.clone();
    other[1].arguments = json!({});
    assert!(diverged(other).contains("other arguments"));
    let mut other = journal.clone();
    other[0].function = "storage.get".to_owned();
    assert!(diverged(other).contains("storage.get"));
    let mut more = journal.clone();
    more.push(journal[0].clone());
    assert!(diverged(more).contains("not made"));
}

#[test]
fn a_rerun_makes_the_same_payment() {
    let stage = Stage::new(&guest(&request(1)));
    let (first, second) = (stage.updated(), stage.updated());
    assert_eq!(payments(&first), payments(&second));
    assert_eq!(first.tickets_made, 1);
    let payment = payments(&first)[0].clone();
    assert_eq!((payment.payable.minor, payment.legs[0].legal_name.as_str()), (1200, "苏州分行职工食堂"));
    assert_eq!(payment.armed_chain, Some(2));
    assert!(matches!(&first.guards[..], [Guard::PaymentKeyFree { key, .. }] if key == "a"));
}

#[test]
fn the_same_order_is_the_same_payment() {
    let twice = format!("{} {}", request(1), request(1));
    let stage = Stage::new(&guest(&twice));
    let performance = stage.committed();
    assert_eq!(payments(&performance).len(), 1);
    assert_eq!(performance.calls[0].answer, performance.calls[1].answer);
    // And in a later call, where nothing is written any more.
    let later = stage.updated();
    assert_eq!((later.changes.len(), later.tickets_made), (0, 0));
    assert_eq!(later.calls[0].answer, performance.calls[0].answer);
}

#[test]
fn two_orders_on_a_tap_are_two_tickets() {
    let performance = Stage::new(&guest(&format!("{} {}", request(1), request(2)))).updated();
    let payments = payments(&performance);
    assert_eq!((payments.len(), performance.tickets_made), (2, 2));
    assert_ne!(payments[0].ticket, payments[1].ticket);
}

#[test]
fn tickets_are_bounded_and_visitors_pay_nothing() {
    let mut stage = Stage::new(&guest(&request(1)));
    stage.scope.tickets_open = xitai_model::limits::TICKETS_MAX;
    assert_eq!(stage.updated().calls[0].answer["Err"]["code"], "limit.tickets");
    stage.scope.customer = None;
    assert_eq!(stage.updated().calls[0].answer["Err"]["code"], "payment.no-customer");
}

#[test]
fn a_currency_that_is_none_is_refused() {
    let wrong = request(1).replacen("(i32.const 32) (i32.const 3)", "(i32.const 0) (i32.const 3)", 1);
    let answer = Stage::new(&guest(&wrong)).updated().calls[0].answer.clone();
    assert_eq!(answer["Err"]["code"], "payment.currency-unknown");
}

#[test]
fn only_the_customers_own_payments_are_told() {
    let stage = Stage::new(&guest(&request(1)));
    let payment = payments(&stage.committed())[0].clone();
    let items = format!(r#"(data (i32.const 0) "{}")"#, payment.id);
    let mut reader = Stage::new(&Guest {
        imports: IMPORTS,
        items,
        ..Guest::updating("(call $get (i32.const 0) (i32.const 26) (i32.const 512))")
    });
    reader.ports = stage.ports.clone();
    assert_eq!(reader.updated().calls[0].answer["Ok"]["id"], payment.id.as_str());
    reader.scope.session = xitai_model::ids::SessionId::new(0, [8; 10]);
    assert_eq!(reader.updated().calls[0].answer["Ok"]["id"], payment.id.as_str());
    reader.scope.customer = Some(xitai_model::ids::CustomerId::new(0, [9; 10]));
    assert_eq!(reader.updated().calls[0].answer["Err"]["code"], "payment.not-found");
    reader.scope.session = payment.session.clone();
    reader.scope.program = xitai_model::ids::ProgramId::parse("cn.bank.other").unwrap();
    assert_eq!(reader.updated().calls[0].answer["Err"]["code"], "payment.not-found");
}
