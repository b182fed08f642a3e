use super::*;
use crate::secure_field::FieldKind;
use proptest::prelude::*;

fn call() -> PartnerCall {
    queued("hospital".to_owned(), Digest::of(b"request"), 0)
}
fn answered(status: u16) -> Command {
    Command::Answered { response: Response { status, body: Bytes(b"{}".to_vec()) }, retry_after_ms: None }
}
fn failed(may_have_arrived: bool, is_final: bool) -> Command {
    Command::Failed(Failed { may_have_arrived, is_final, name: "silent".to_owned() })
}
fn moved(call: &PartnerCall, command: Command, now_ms: i64) -> Moved {
    apply(call, command, now_ms, 0).unwrap()
}
fn sent(now_ms: i64) -> PartnerCall {
    moved(&call(), Command::Send, now_ms).call
}
fn code_of(moved: Moved) -> String {
    moved.answer.expect("it has ended").expect_err("by a code")
}

#[test]
fn every_status_but_not_now_is_an_answer() {
    for status in [200, 201, 204, 302, 400, 401, 404, 409, 422, 501, 505] {
        let ended = moved(&sent(0), answered(status), 10);
        assert_eq!(ended.call.status, CallStatus::Replied { status });
        assert_eq!(ended.answer.unwrap().unwrap().status, status);
    }
    for status in [408, 425, 429, 500, 502, 503, 504] {
        let again = moved(&sent(0), answered(status), 10);
        assert!(again.answer.is_none() && matches!(again.call.status, CallStatus::Queued { .. }), "{status}");
    }
}

#[test]
fn the_last_not_now_is_an_answer_too() {
    let (mut last, mut now_ms) = (call(), 0);
    for _ in 0..PARTNER_TRIES_MAX {
        last = moved(&last, Command::Send, now_ms).call;
        let again = moved(&last, answered(503), now_ms);
        last = again.call;
        match again.answer {
            None => now_ms = last.due_ms().unwrap(),
            Some(answer) => assert_eq!((answer.unwrap().status, last.tries), (503, PARTNER_TRIES_MAX)),
        }
    }
    assert_eq!(last.status, CallStatus::Replied { status: 503 });
    assert_eq!(last.due_ms(), None);
}

#[test]
fn a_partner_may_ask_for_patience_within_bounds() {
    let wait = |retry_after_ms| {
        let response = Response { status: 429, body: Bytes::default() };
        moved(&sent(0), Command::Answered { response, retry_after_ms }, 0).call.due_ms().unwrap()
    };
    assert_eq!(wait(None), 500);
    assert_eq!(wait(Some(20_000)), 20_000);
    assert_eq!(wait(Some(-5)), 500);
    assert_eq!(wait(Some(i64::MAX)), PARTNER_RETRY_AFTER_MS_MAX);
}

#[test]
fn what_may_have_arrived_is_never_said_to_have_failed() {
    let end = |first: Command| {
        let (mut last, mut now_ms, mut next) = (call(), 0, Some(first));
        loop {
            last = moved(&last, Command::Send, now_ms).call;
            let tried = moved(&last, next.take().unwrap_or_else(|| failed(false, false)), now_ms);
            if tried.answer.is_some() {
                return code_of(tried);
            }
            last = tried.call;
            now_ms = last.due_ms().unwrap();
        }
    };
    assert_eq!(end(failed(false, false)), "partner.unreachable");
    assert_eq!(end(failed(true, false)), "partner.outcome-unknown", "one of six tries is enough");
    assert_eq!(code_of(moved(&sent(0), failed(false, true), 0)), "partner.place-refused");
    assert_eq!(code_of(moved(&sent(0), failed(true, true), 0)), "partner.answer-refused");
    let doubtful = moved(&sent(0), failed(true, false), 0).call;
    assert_eq!(
        code_of(moved(&doubtful, Command::GiveUp(code::PARTNER_ENDPOINT_WITHDRAWN), 1)),
        "partner.outcome-unknown"
    );
    for (status, code) in [(500, "partner.outcome-unknown"), (503, "partner.endpoint-withdrawn")] {
        let put_off = moved(&sent(0), answered(status), 0).call;
        let ended = moved(&put_off, Command::GiveUp(code::PARTNER_ENDPOINT_WITHDRAWN), 1);
        assert_eq!(code_of(ended), code, "{status}");
    }
    let fresh = moved(&call(), Command::GiveUp(code::PARTNER_ENDPOINT_WITHDRAWN), 1);
    assert_eq!(code_of(fresh), "partner.endpoint-withdrawn");
}

#[test]
fn a_host_that_died_with_it_is_followed_by_another() {
    let held = sent(0);
    let until_ms = held.due_ms().unwrap();
    assert!(apply(&held, Command::Send, until_ms - 1, 0).is_err(), "somebody has it");
    let again = moved(&held, Command::Send, until_ms).call;
    assert_eq!((again.tries, again.maybe_arrived), (2, true));
    assert!(apply(&held, Command::GiveUp(code::PARTNER_ENDPOINT_WITHDRAWN), until_ms - 1, 0).is_err());
    let over = PartnerCall { tries: PARTNER_TRIES_MAX, ..held };
    assert_eq!(code_of(moved(&over, Command::Send, until_ms)), "partner.outcome-unknown");
}

#[test]
fn waiting_counts_no_try_and_ends_in_time() {
    let waiting = moved(&call(), Command::Postpone { until_ms: i64::MAX }, 5).call;
    assert_eq!((waiting.tries, waiting.due_ms()), (0, Some(PARTNER_CALL_MS_MAX)));
    assert_eq!(
        code_of(moved(&waiting, Command::Postpone { until_ms: i64::MAX }, PARTNER_CALL_MS_MAX)),
        "partner.unreachable"
    );
    assert_eq!(code_of(moved(&waiting, Command::Send, PARTNER_CALL_MS_MAX)), "partner.unreachable");
    let soon = moved(&call(), Command::Postpone { until_ms: 0 }, 5).call;
    assert_eq!(soon.due_ms(), Some(6), "never in a circle");
}

#[test]
fn an_echo_brings_no_number_back() {
    let sealed = |kind, value: &str| SealedValue { name: "x".to_owned(), kind, value: value.to_owned() };
    let values = [sealed(FieldKind::IdentityNumber, "11010519491231002X"), sealed(FieldKind::OneTimeCode, "2026")];
    let body = br#"{"id":"11010519491231002X","again":"11010519491231002X","year":2026}"#.to_vec();
    let plain = String::from_utf8(without_echoes(body, &values).0).unwrap();
    assert_eq!(plain, r#"{"id":"******************","again":"******************","year":2026}"#);
    assert_eq!(without_echoes(b"11010519491231002X1101".to_vec(), &values).0, b"******************1101");
    assert_eq!(without_echoes(Vec::new(), &values).0, b"");
}

proptest! {
    /// Whatever a partner, a host and the clock do, a call that is looked at when it is due ends, once, in bounded time.
    #[test]
    fn every_call_ends_exactly_once(script in proptest::collection::vec((0_u8..7, any::<u16>()), 0..80)) {
        let (mut call, mut now_ms, mut ends) = (call(), 0_i64, 0);
        let mut script = script.into_iter();
        for _ in 0..400 {
            let Some(due_ms) = call.due_ms() else { break };
            now_ms = now_ms.max(due_ms);
            let (what, jitter) = script.next().unwrap_or((6, 0));
            let sending = matches!(call.status, CallStatus::Sending { .. });
            let command = match what {
                0 if sending => answered(503),
                1 if sending => answered(200),
                2 if sending => failed(true, false),
                3 if sending => failed(false, false),
                4 if !sending => Command::Postpone { until_ms: now_ms + i64::from(jitter) },
                _ => Command::Send,
            };
            let next = apply(&call, command, now_ms, jitter).unwrap();
            prop_assert!(next.call.tries <= PARTNER_TRIES_MAX);
            prop_assert_eq!(next.answer.is_some(), next.call.due_ms().is_none());
            ends += u32::from(next.answer.is_some());
            call = next.call;
        }
        prop_assert_eq!(ends, 1);
        prop_assert!(now_ms <= PARTNER_CALL_MS_MAX + PARTNER_LEASE_MS);
        for command in [Command::Send, answered(200), failed(true, true), Command::Postpone { until_ms: 0 }] {
            prop_assert!(apply(&call, command, now_ms, 0).is_err(), "nothing ends twice");
        }
    }

    /// Tries never come sooner than half a pause, nor later than one and a half.
    #[test]
    fn pauses_are_spread(tries in 1_u32..20, jitter in any::<u16>()) {
        let base = PAUSES_MS[(tries as usize - 1).min(PAUSES_MS.len() - 1)];
        let pause = pause_ms(tries, jitter);
        prop_assert!(base / 2 <= pause && pause <= base * 3 / 2);
    }
}
