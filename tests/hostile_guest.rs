//! A program that misbehaves in every way that a component can: each call ends under its own code, nothing of it stays,
//! and its neighbours go on.

use serde_json::{Value, json};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use xitai_tests::{Bank, Session, package};

const HOSTILE: &str = "cn.bank.suzhou.hostile";

static PACKAGE: LazyLock<Vec<u8>> = LazyLock::new(|| package::built("tests/guests/hostile"));

fn bank() -> Bank {
    let bank = Bank::with_desk();
    bank.perform_release(HOSTILE, "1.0.0", &PACKAGE);
    bank
}

fn sin(session: &mut Session, sin: &str) -> xitai_tests::Answer {
    session.try_submit("confess", "send", &[("sin", sin)])
}

/// The event is refused with this fault, for this cause where there is one, and the session stays where it was.
#[track_caller]
fn falls(session: &mut Session, told: &str, code: &str, cause: Option<&str>) {
    let stood = session.view.position();
    let problem = sin(session, told).refused(503, code);
    if let Some(cause) = cause {
        assert_eq!(problem["cause"], cause, "{told}: {problem}");
    }
    session.reload();
    assert_eq!(session.view.position(), stood, "{told}: nothing was committed");
}

#[test]
fn work_without_measure_ends_under_its_own_code() {
    let bank = bank();
    let mut session = bank.customer("wang").open(HOSTILE);
    for (told, code) in [
        ("loop", "fault.compute"),
        ("loop-between-calls", "fault.compute"),
        ("memory", "fault.memory"),
        ("recursion", "fault.recursion"),
        ("recursion-with-arrays", "fault.trap"),
        ("gigabyte", "fault.host-call-bytes"),
        ("state-of-a-gigabyte", "fault.host-call-bytes"),
        ("nodes", "fault.host-call-bytes"),
        ("calls", "fault.host-calls"),
        ("divide", "fault.trap"),
        ("trap-after-writes", "fault.trap"),
    ] {
        falls(&mut session, told, code, None);
    }
    let answer = sin(&mut session, "nothing");
    assert!(answer.status < 300, "it may still behave: {}", answer.text());
}

#[test]
fn screens_that_break_a_rule_are_never_shown() {
    let bank = bank();
    let mut session = bank.customer("wang").open(HOSTILE);
    for (told, cause) in [
        ("nodes-past-the-edge", "limit.screen-nodes"),
        ("deep", "limit.screen-depth"),
        ("cyclic", "screen.cyclic"),
        ("shared-child", "screen.shared-child"),
        ("unreachable", "screen.unreachable"),
        ("bad-root", "screen.bad-root"),
        ("empty", "screen.empty"),
        ("bad-child", "screen.bad-child"),
        ("duplicate-id", "screen.duplicate-id"),
        ("bad-id", "screen.bad-id"),
        ("long-id", "screen.bad-id"),
        ("long-text", "limit.screen-text"),
        ("large-screen", "limit.screen-bytes"),
        ("control", "screen.control-character"),
        ("foreign-image", "screen.image-foreign"),
        ("foreign-link", "screen.link-foreign"),
        ("foreign-qr", "screen.qr-foreign"),
        ("amount-below-zero", "screen.button-amount"),
        ("currency", "screen.currency"),
        ("money-range", "screen.money-range"),
        ("state", "limit.state-bytes"),
        ("effects", "limit.effects"),
        ("watches", "limit.watches"),
    ] {
        falls(&mut session, told, "fault.bad-step", Some(cause));
    }
    assert!(sin(&mut session, "state-at-the-edge").status < 300, "the edge itself is allowed");
}

#[test]
fn direction_controls_and_markup_are_only_text() {
    let bank = bank();
    let mut session = bank.customer("wang").open(HOSTILE);
    assert!(sin(&mut session, "direction").status < 300);
    assert_eq!(session.view.node("text").expect("a text")["element"]["paragraph"], "pay 00.21 now");
    let mut session = bank.customer("wang").open(HOSTILE);
    assert!(sin(&mut session, "markup").status < 300);
    let text = session.view.node("text").expect("a text")["element"]["paragraph"].clone();
    assert!(text.as_str().is_some_and(|text| text.contains("<script>")), "{text}");
}

#[test]
fn nothing_stays_of_a_call_that_fell() {
    let bank = bank();
    let customer = bank.customer("wang");
    let before = customer.payments().len();
    let mut session = customer.open(HOSTILE);
    falls(&mut session, "failure-after-request", "program.failed", None);
    falls(&mut session, "trap-after-request", "fault.trap", None);
    falls(&mut session, "failure-after-writes", "program.failed", None);
    falls(&mut session, "many-drafts", "program.failed", None);
    falls(&mut session, "foreign-payee", "program.failed", None);
    assert_eq!(customer.payments().len(), before, "no draft stays");
    bank.verified();
}

#[test]
fn no_sheet_opens_that_was_not_armed() {
    let bank = bank();
    let mut session = bank.customer("wang").open(HOSTILE);
    falls(&mut session, "sheet", "fault.bad-step", Some("sheet.not-armed"));
    falls(&mut session, "sheet-forged", "fault.bad-step", None);
    falls(&mut session, "sheet-nonsense", "fault.bad-step", None);
    let mut tapping = |next: Value, cause: &str| {
        let told = next.as_str().expect("a sin").to_owned();
        assert!(sin(&mut session, &told).status < 300, "{told}");
        let problem = session.try_tap("pay").refused(503, "fault.bad-step");
        assert_eq!(problem["cause"], cause, "{told}: {problem}");
        session.reload();
        assert!(session.view.sheet().is_none(), "{told}");
    };
    tapping(json!("next:sheet-amount"), "sheet.amount-differs");
    tapping(json!("next:sheet-forged"), "sheet.foreign-ticket");
    tapping(json!("draft:older"), "sheet.other-chain");
}

#[test]
fn neighbours_go_on_while_one_runs_wild() {
    let bank = bank();
    let mut neighbour = bank.customer("smith").desk();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut session = bank.customer("wang").open(HOSTILE);
                for told in ["loop", "memory", "recursion", "gigabyte"] {
                    assert_eq!(sin(&mut session, told).status, 503);
                }
            });
        }
        for _ in 0..10 {
            let began = Instant::now();
            neighbour.tap("count");
            assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        }
    });
    assert_eq!(xitai_tests::desk::counted(&neighbour.view), 10);
}
