//! The host numbers a session; a device numbers its own events. Whatever the network does, an event happens once.

use serde_json::json;
use xitai_tests::desk::{counted, said};
use xitai_tests::{Bank, Session, View};

fn tap() -> serde_json::Value {
    json!({"type": "tapped", "id": "count"})
}

fn desk(bank: &Bank) -> Session {
    bank.customer("wang").desk()
}

#[test]
fn the_same_event_again_gets_the_recorded_answer() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    let first = session.post(1, 1, &tap()).ok();
    assert_eq!(counted(&View(first.clone())), 1);
    for _ in 0..3 {
        let again = session.post(1, 1, &tap()).ok();
        assert_eq!(again["position"], first["position"]);
        assert_eq!(again["screen"], first["screen"]);
    }
    // Also after the session has gone on.
    session.post(2, 2, &tap()).ok();
    let old = session.post(1, 1, &tap()).ok();
    assert_eq!((old["position"].clone(), old["screen"].clone()), (first["position"].clone(), first["screen"].clone()));
}

#[test]
fn another_event_under_a_used_number_is_a_conflict() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    session.post(1, 1, &tap()).ok();
    let other = session.post(1, 1, &json!({"type": "resumed"})).refused(409, "session.conflict");
    assert_eq!(other["view"]["position"], 2, "with the session as it stands: {other}");
}

#[test]
fn a_gap_within_a_device_is_refused() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    let gap = session.post(3, 1, &tap()).refused(409, "session.gap");
    assert_eq!(gap["next"], 1);
    session.post(1, 1, &tap()).ok();
    session.post(3, 2, &tap()).refused(409, "session.gap");
    session.post(0, 2, &tap()).refused(409, "session.gap");
}

#[test]
fn acting_on_what_has_changed_since_is_stale() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    session.script(json!([{"do": "button", "minor": 100, "then": []}]));
    let seen = session.view.position();
    session.script(json!([{"do": "button", "minor": 99_900, "then": []}]));
    let old = session.post(session.client_seq + 1, seen, &json!({"type": "tapped", "id": "pay"}));
    let stale = old.refused(409, "session.stale");
    assert_eq!(stale["view"]["position"], session.view.position());
    // What has not changed may be acted on from an older page.
    session.post(session.client_seq + 1, seen, &tap()).ok();
}

#[test]
fn a_redraw_by_the_host_while_the_finger_moves_is_stale() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    // The button says 1.00 when the finger starts; a wake-up makes it say 900.00 before it lands.
    session.script(json!([
        {"do": "on-host", "then": [{"do": "button", "minor": 90_000, "then": []}]},
        {"do": "button", "minor": 100, "then": []},
        {"do": "wake", "ms": 200, "key": "soon"}]));
    let seen = session.view.position();
    session.until("the host redraws", |v| v.position() > seen && v.pay_button().1 == 90_000);
    let landed = session.post(session.client_seq + 1, seen, &json!({"type": "tapped", "id": "pay"}));
    let stale = landed.refused(409, "session.stale");
    assert_eq!(View(stale["view"].clone()).pay_button().1, 90_000, "with the page as it is now");
    // What the redraw left alone may be tapped, and the number is still free.
    session.post(session.client_seq + 1, seen, &tap()).ok();
}

#[test]
fn two_devices_number_their_events_each_for_itself() {
    let bank = Bank::with_desk();
    let mut phone = desk(&bank);
    let mut kiosk = phone.on_device("kiosk");
    phone.tap("count");
    // The kiosk still shows the old page; the button on it is the same.
    kiosk.tap("count");
    phone.tap("count");
    kiosk.reload();
    assert_eq!(counted(&kiosk.view), 3);
    assert_eq!((phone.client_seq, kiosk.client_seq), (2, 1));
}

#[test]
fn a_double_tap_counts_once_and_two_taps_count_twice() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    // The same tap sent twice at once, as a nervous client does.
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let send = || session.post(1, 1, &tap()).status;
        let both = [scope.spawn(send), scope.spawn(send)];
        both.map(|t| t.join().expect("a tap")).to_vec()
    });
    assert_eq!(answers, [200, 200]);
    let mut session = session;
    assert_eq!(counted(session.reload()), 1);
    session.client_seq = 1;
    session.tap("count");
    assert_eq!(counted(&session.view), 2);
}

#[test]
fn eight_devices_at_once_lose_nothing() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let mut device = session.on_device(&format!("device-{number}"));
            scope.spawn(move || {
                for _ in 0..5 {
                    device.tap("count");
                }
            });
        }
    });
    let mut session = session;
    assert_eq!(counted(session.reload()), 40);
    assert_eq!(session.view.position(), 41, "one position a step");
    let kept =
        session.on_device("reader").script(json!([{"do": "kept", "key": "count"}, {"do": "read", "name": "taps"}]));
    assert_eq!(kept, ["kept:count:40", "counter:taps:40"]);
}

#[test]
fn an_attempt_that_fell_leaves_its_number_free() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    session.script(
        json!([{"do": "button", "minor": 100, "then": [{"do": "keep", "key": "x", "value": "1"}, {"do": "trap"}]}]),
    );
    let stood = session.view.position();
    session.try_tap("pay").refused(503, "fault.trap");
    assert_eq!(session.reload().position(), stood);
    session.tap("count");
    session.script(json!([{"do": "kept", "key": "x"}]));
    assert_eq!(said(&session.view), ["kept:x:null"], "nothing of the attempt is kept");
}

#[test]
fn only_what_is_on_the_page_can_be_acted_on() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    let tap_on = |id: &str, value: serde_json::Value| json!({"type": "tapped", "id": id, "value": value});
    session.post(1, 1, &tap_on("nothing", json!(null))).refused(422, "session.node-missing");
    session.post(1, 1, &tap_on("counted", json!(null))).refused(422, "session.node-not-tappable");
    session.post(1, 1, &tap_on("count", json!("made up"))).refused(422, "session.value-invalid");
    let host = json!({"type": "woken", "key": "x"});
    session.post(1, 1, &host).refused(422, "session.event-not-customers");
    let long = "x".repeat(5_000);
    let form = json!({"type": "submitted", "form": "desk", "button": "run", "values": [["script", long]]});
    assert!(matches!(session.post(1, 1, &form).status, 400 | 422));
    assert_eq!(session.post(1, 99, &tap()).status, 400, "a page that is not there yet");
    session.post(1, 1, &tap()).ok();
}

#[test]
fn a_session_belongs_to_its_customer() {
    let bank = Bank::with_desk();
    let session = desk(&bank);
    let stranger = bank.customer("smith").caller;
    let path = format!("/api/v1/sessions/{}", session.id);
    stranger.get(&path).refused(404, "session.not-found");
    let event = session.body(1, 1, &tap());
    stranger.post(&format!("{path}/events"), &event).refused(404, "session.not-found");
    bank.visitor().get(&path).refused(401, "auth.required");
}
