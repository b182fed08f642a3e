//! Programs that misbehave: each sin meets a typed refusal, leaves nothing behind but a line in its publisher's log,
//! and its neighbours notice nothing.

use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use xitai_tests::desk::counted;
use xitai_tests::{Answer, Bank, Caller, Session, package};

const HOSTILE: &str = "cn.bank.suzhou.hostile";

/// A sin, and what is said of it: the fault, or the rule that the step broke.
type Sin = (&'static str, &'static str);

const WORK: &[Sin] = &[
    ("loop", "fault.compute"),
    ("loop-between-calls", "fault.compute"),
    ("memory", "fault.memory"),
    ("recursion", "fault.recursion"),
    ("recursion-with-arrays", "fault.trap"),
    ("gigabyte", "fault.host-call-bytes"),
    ("calls", "fault.host-calls"),
    ("trap-after-writes", "fault.trap"),
    ("divide", "fault.trap"),
    ("failure", "program.failed"),
    ("failure-after-writes", "program.failed"),
];

const STEPS: &[Sin] = &[
    ("state", "limit.state-bytes"),
    ("state-of-a-gigabyte", "fault.host-call-bytes"),
    ("effects", "limit.effects"),
    ("watches", "limit.watches"),
];

const SCREENS: &[Sin] = &[
    ("nodes", "fault.host-call-bytes"),
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
];

const MONEY: &[Sin] = &[
    ("sheet", "sheet.not-armed"),
    ("sheet-forged", "sheet.foreign-ticket"),
    ("sheet-nonsense", "sheet.foreign-ticket"),
    ("failure-after-request", "program.failed"),
    ("trap-after-request", "fault.trap"),
    ("many-drafts", "program.failed"),
    ("foreign-payee", "program.failed"),
    ("other-payment:01ARZ3NDEKTSV4RRFFQ69G5FAV", "program.failed"),
];

fn bank() -> Bank {
    let bank = Bank::with_desk();
    bank.perform_release(HOSTILE, "1.0.0", &package::built("tests/guests/hostile"));
    bank
}

fn open(bank: &Bank, login: &str) -> Session {
    bank.customer(login).open(HOSTILE)
}

fn confess(session: &mut Session, sin: &str) -> Answer {
    session.try_submit("confess", "send", &[("sin", sin)])
}

/// What the refusal is for.
fn cause(answer: &Answer) -> String {
    let problem = answer.json();
    problem["cause"].as_str().or_else(|| problem["code"].as_str()).unwrap_or_default().to_owned()
}

fn log_of(developer: &Caller) -> Vec<Value> {
    let page = developer.get(&format!("/api/v1/publisher/programs/{HOSTILE}/logs")).ok();
    page["lines"].as_array().unwrap_or_else(|| panic!("lines: {page}")).clone()
}

/// Commits each sin while a neighbour goes on tapping.
fn each_is_refused(sins: &[Sin]) {
    let bank = bank();
    let mut session = open(&bank, "wang");
    let developer = bank.staff("dev-lin").caller;
    let over = AtomicBool::new(false);
    let (taps, longest_ms) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let mut neighbour = bank.customer("smith").desk();
        let (over, taps, longest_ms) = (&over, &taps, &longest_ms);
        scope.spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let began = Instant::now();
                neighbour.tap("count");
                longest_ms.fetch_max(began.elapsed().as_millis() as u64, Ordering::Relaxed);
                taps.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(25));
            }
            assert_eq!(counted(&neighbour.view), taps.load(Ordering::Relaxed), "the neighbour is unharmed");
        });
        // Whatever happens below, the neighbour ends.
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for (sin, said) in sins {
                let stood = session.view.position();
                let answer = confess(&mut session, sin);
                assert_eq!(answer.status, 503, "{sin}: {}", answer.text());
                assert_eq!(cause(&answer), *said, "{sin}: {}", answer.text());
                assert_eq!(session.reload().position(), stood, "{sin}: nothing was committed");
                assert!(session.view.sheet().is_none(), "{sin}: no sheet");
                let log = log_of(&developer);
                let line = log.iter().rev().find(|l| l["level"] == "fault").unwrap_or_else(|| panic!("{sin}: a line"));
                // A customer needs not know in which way a program says that it failed.
                let logged = if *said == "program.failed" { "fault.failure" } else { said };
                assert_eq!(line["code"], logged, "{sin}: in the log: {line}");
            }
        }));
        over.store(true, Ordering::Relaxed);
        if let Err(panic) = refused {
            std::panic::resume_unwind(panic);
        }
    });
    assert!(taps.load(Ordering::Relaxed) > 0, "the neighbour went on all the while");
    println!("neighbour: {} taps, the slowest took {} ms", taps.into_inner(), longest_ms.into_inner());
    // The sinner's own session goes on too, and nobody's money moved.
    session.tap("nothing");
    assert!(bank.customer("wang").payments().iter().all(|p| p["status"] != "settled"));
    bank.verified();
}

#[test]
fn too_much_work_ends_and_leaves_nothing() {
    each_is_refused(WORK);
}

#[test]
fn steps_past_their_limits_are_refused() {
    each_is_refused(STEPS);
}

#[test]
fn screens_that_break_a_rule_are_refused() {
    each_is_refused(SCREENS);
}

#[test]
fn money_is_not_had_by_asking_oddly() {
    each_is_refused(MONEY);
}

#[test]
fn what_is_written_before_a_fall_is_not_there_afterwards() {
    let bank = bank();
    let mut session = open(&bank, "wang");
    for sin in ["trap-after-writes", "failure-after-writes", "trap-after-request", "failure-after-request"] {
        assert_eq!(confess(&mut session, sin).status, 503, "{sin}");
    }
    assert!(bank.customer("wang").payments().is_empty(), "no draft stayed");
    // The same order key is still free, so it opens its sheet as if nothing had been.
    assert!(confess(&mut session, "next:pay").status < 300);
    session.tap("pay");
    assert!(session.view.sheet().is_some());
}

#[test]
fn an_equal_draft_for_another_payee_does_not_open_behind_the_button() {
    let bank = bank();
    let mut session = open(&bank, "wang");
    assert!(confess(&mut session, "draft").status < 300, "a draft alone harms nobody");
    let answer = session.try_tap("pay");
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(cause(&answer), "sheet.other-chain");
    assert!(confess(&mut session, "next:sheet-amount:other").status < 300);
    let answer = session.try_tap("pay");
    assert_eq!(cause(&answer), "sheet.amount-differs", "{}", answer.text());
    assert!(confess(&mut session, "next:sheet-forged").status < 300);
    let answer = session.try_tap("pay");
    assert_eq!(cause(&answer), "sheet.foreign-ticket", "{}", answer.text());
}

#[test]
fn two_drafts_on_one_tap_open_one_sheet() {
    let bank = bank();
    let mut session = open(&bank, "wang");
    assert!(confess(&mut session, "next:two-drafts").status < 300);
    session.tap("pay");
    let first = session.view.open_sheet();
    session.confirm();
    session.reload();
    assert!(session.view.sheet().is_none_or(|s| s["ticket"] == first.0.as_str()), "the second one does not follow");
    let settled = bank.customer("wang").payments().iter().filter(|p| p["status"] == "settled").count();
    assert_eq!(settled, 1);
}

#[test]
fn words_are_only_words() {
    let bank = bank();
    let mut session = open(&bank, "wang");
    // Direction controls are taken out of what people read.
    assert!(confess(&mut session, "direction").status < 300);
    assert_eq!(session.view.node("text").expect("a text")["element"]["paragraph"], "pay 00.21 now");
    // Markup is drawn as text.
    let mut session = open(&bank, "wang");
    assert!(confess(&mut session, "markup").status < 300);
    let page = session.caller.get(&format!("/app/sessions/{}", session.id)).text();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>fetch"), "escaped");
}

#[test]
fn a_publishers_log_holds_no_more_than_its_lines() {
    let bank = bank();
    let mut session = open(&bank, "wang");
    let developer = bank.staff("dev-lin").caller;
    assert!(confess(&mut session, "bytes").status < 300);
    let ran_text = log_of(&developer).iter().map(Value::to_string).collect::<String>();
    assert!(!ran_text.contains('\u{1b}'), "no escape of a terminal");
    assert_eq!(confess(&mut session, "calls").status, 503);
    let lines = log_of(&developer).len();
    assert!(lines <= 4 * xitai_model::limits::LOG_LINES_MAX, "ten thousand lines are cut: {lines}");
    // And nobody else's developer reads them.
    let stranger = bank.staff("dev-xu").caller.get(&format!("/api/v1/publisher/programs/{HOSTILE}/logs"));
    assert!(matches!(stranger.status, 403 | 404), "{}", stranger.text());
}

#[test]
fn what_is_at_the_edge_of_a_limit_is_let_through() {
    let bank = bank();
    let mut session = open(&bank, "wang");
    assert!(confess(&mut session, "state-at-the-edge").status < 300);
    session.tap("nothing");
    let sins = json!({"query": [["sin", "loop"]]});
    let opened = Session::try_open(&bank.customer("smith").caller, HOSTILE, sins);
    assert!(opened.is_err_and(|a| a.code() == "fault.compute"), "a launch that never ends");
}
