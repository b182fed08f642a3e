//! Two hosts on one PostgreSQL serve one session by turns, and at once.

use rustix::process::Signal;
use serde_json::json;
use std::time::Duration;
use xitai_tests::desk::{DESK, counted, heard};
use xitai_tests::stream::Stream;
use xitai_tests::{Bank, Caller, Database, Session};

fn two() -> (Bank, String, String) {
    let mut bank = Bank::desk_on(Database::Postgres);
    bank.add_host(&[]);
    let (one, other) = (bank.hosts[0].base.clone(), bank.hosts[1].base.clone());
    (bank, one, other)
}

#[test]
fn two_hosts_serve_one_session() {
    let (bank, one, other) = two();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let callers: [Caller; 2] = [customer.caller.at(&one), customer.caller.at(&other)];

    // By turns: each host sees what the other did, without being told.
    for turn in 0..10 {
        session.caller = callers[turn % 2].clone();
        session.tap("count");
        assert_eq!(counted(&session.view), turn as u64 + 1);
    }
    // The same event at the other host gets the recorded answer.
    let tap = json!({"type": "tapped", "id": "count"});
    let first = session.post(11, session.view.position(), &tap).ok();
    session.caller = callers[0].clone();
    let again = session.post(11, session.view.position(), &tap).ok();
    assert_eq!(first["position"], again["position"]);
    session.client_seq = 11;

    // At once, from devices at both hosts: nothing is lost and nothing happens twice.
    std::thread::scope(|scope| {
        for (number, caller) in callers.iter().enumerate() {
            let mut device = session.on_device(&format!("device-{number}"));
            device.caller = caller.clone();
            scope.spawn(move || {
                for _ in 0..10 {
                    tap_until_taken(&mut device);
                }
            });
        }
    });
    assert_eq!(counted(session.reload()), 31);

    // A sheet that one host opened is confirmed at the other, and the first one's page hears of it.
    session.caller = callers[0].clone();
    session.open_pay_sheet("lunch", 100);
    let stream = Stream::open(&callers[0], &session.id);
    let stood = session.view.position();
    session.caller = callers[1].clone();
    session.confirm();
    assert!(stream.moved_to(stood + 1, Duration::from_secs(10)).is_some(), "the other host's page moves");
    session.caller = callers[0].clone();
    session.until("the program hears of it", |v| heard(v).contains(&"sheet:agreed".to_owned()));

    // A stop at one host holds at the other within a second or so.
    bank.staff("duty-sun").stop(DESK, "test").ok();
    let mut late: Session = customer_at(&session, &callers[1]);
    xitai_tests::eventually("the other host stops too", Duration::from_secs(5), || {
        (late.try_tap("count").status >= 400).then_some(())
    });
    bank.verified();
}

/// A host that stands still while another one is told to stop, and then goes on as if nothing had happened.
#[test]
fn a_host_that_was_cut_off_during_a_stop_commits_nothing_afterwards() {
    let (bank, one, other) = two();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.caller = customer.caller.at(&one);
    session.tap("count");
    let mut there = customer_at(&session, &customer.caller.at(&other));
    there.tap("count");
    let stood = there.view.position();
    let host = &bank.hosts[1].process;
    host.signal(Signal::STOP);
    let answer = std::thread::scope(|scope| {
        let asking = scope.spawn(move || there.try_tap("count"));
        std::thread::sleep(Duration::from_millis(300));
        bank.staff("duty-sun").stop(DESK, "test").ok();
        host.signal(Signal::CONT);
        asking.join().expect("an answer")
    });
    assert!(answer.status >= 400, "it goes on with nothing: {} {}", answer.status, answer.text());
    assert_eq!(session.reload().position(), stood, "and has committed nothing");
    let mut late = session.on_device("afterwards");
    late.caller = customer.caller.at(&other);
    xitai_tests::eventually("the other host knows of it", Duration::from_secs(5), || {
        (late.try_tap("count").code() == "program.stopped").then_some(())
    });
    bank.verified();
}

fn customer_at(session: &Session, caller: &Caller) -> Session {
    let mut there = session.on_device("late");
    there.caller = caller.clone();
    there
}

/// Two hosts race for one session; the loser says `busy` and is asked again.
fn tap_until_taken(device: &mut Session) {
    for _ in 0..200 {
        let answer = device.try_tap("count");
        if answer.status < 300 {
            return;
        }
        assert_eq!(answer.code(), "session.busy", "{}", answer.text());
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("a tap is taken at last");
}
