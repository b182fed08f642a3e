use super::*;
use crate::digest::Digest;
use crate::ids::ProgramId;
use crate::limits::{INCIDENT_FAILURES_MAX, INCIDENT_NOTE_CHARS_MAX, INCIDENT_NOTES_MAX};
use crate::proposal::{By, Verdict};

fn who(id: &str) -> StaffId {
    StaffId::parse(id).unwrap()
}
fn by(id: &str) -> By {
    By { staff: who(id), person: format!("p-{id}") }
}
fn incident() -> Incident {
    let about = StopTarget::Program(ProgramId::parse("cn.bank.suzhou.canteen").unwrap());
    Incident::new(IncidentId::new(5, [0; 10]), "it paid twice".to_owned(), about, who("sun"), 1_000, 5_000)
}
fn plan() -> RefundPlan {
    RefundPlan { percent: 100, reason: "重复扣款".to_owned() }
}
fn words() -> NoticePlan {
    let text = |title: &str| Text { title: title.to_owned(), text: "We gave your money back.".to_owned() };
    NoticePlan { zh: text("退款"), en: text("Refund") }
}
fn done(incident: &Incident, command: Command) -> Incident {
    apply(incident, command, 9_000).unwrap()
}
fn refused(incident: &Incident, command: Command) -> String {
    apply(incident, command, 9_000).unwrap_err().code
}
fn approve(digest: Digest, staff: &str) -> Command {
    Command::DecideRefund { verdict: Verdict::Approve { digest }, by: by(staff) }
}
fn advance(from: &str, to: &str, last: bool) -> Command {
    let cursor = |after: &str| Cursor { program: "p".to_owned(), after: after.to_owned() };
    let from = if from.is_empty() { Cursor::default() } else { cursor(from) };
    let counts = Counts { done: 2, failed: 1, failures: vec!["x".to_owned()], ..Counts::default() };
    Command::AdvanceRefund { from, to: cursor(to), counts, last }
}

/// An incident in each standing of its refund.
fn at(standing: &str) -> Incident {
    let made = incident();
    let proposed = done(&made, Command::ProposeRefund { plan: plan(), by: by("sun") });
    let digest = proposed.refund.proposed.as_ref().unwrap().digest();
    match standing {
        "nothing" => made,
        "proposed" => proposed,
        "running" => done(&proposed, approve(digest, "wu")),
        "finished" => done(&done(&proposed, approve(digest, "wu")), advance("", "a", true)),
        _ => {
            let command = Command::Close { by: who("wu"), note: "mended".to_owned() };
            done(&made, command)
        }
    }
}

#[test]
fn every_command_on_every_standing_of_a_remedy() {
    let (none, running, closed) = (Err("proposal.none"), Err("incident.running"), Err("incident.closed"));
    let table = [
        ("nothing", [Ok(()), none, running, Ok(()), Ok(())]),
        ("proposed", [Ok(()), Ok(()), running, Ok(()), Ok(())]),
        ("running", [running, none, Ok(()), running, Ok(())]),
        ("finished", [Ok(()), none, running, Ok(()), Ok(())]),
        ("closed", [closed, closed, closed, closed, closed]),
    ];
    for (standing, row) in table {
        let incident = at(standing);
        let digest =
            incident.refund.proposed.as_ref().map_or_else(|| Digest::of(b""), crate::proposal::Proposal::digest);
        let commands = [
            Command::ProposeRefund { plan: plan(), by: by("sun") },
            approve(digest, "wu"),
            advance("", "b", false),
            Command::Close { by: who("wu"), note: "done".to_owned() },
            Command::Note { by: who("wu"), text: "looked".to_owned() },
        ];
        for (command, expected) in commands.into_iter().zip(row) {
            let did = apply(&incident, command.clone(), 9_000).map(drop).map_err(|refusal| refusal.code);
            assert_eq!(did, expected.map_err(str::to_owned), "{command:?} while {standing}");
        }
    }
}

#[test]
fn a_remedy_takes_two_people_and_a_batch_counts_once() {
    let proposed = at("proposed");
    let digest = proposed.refund.proposed.as_ref().unwrap().digest();
    assert_eq!(refused(&proposed, approve(digest.clone(), "sun")), "proposal.own-work");
    assert_eq!(refused(&proposed, approve(Digest::of(b"other"), "wu")), "proposal.differs");
    let running = done(&proposed, approve(digest, "wu"));
    assert_eq!(running.refund.running.as_ref().map(|it| (it.until_ms, it.by.len())), Some((9_000, 2)));
    let once = done(&running, advance("", "a", false));
    assert_eq!(refused(&once, advance("", "a", false)), "incident.running", "another host did the same batch");
    let twice = done(&once, advance("a", "b", true));
    let counts = &twice.refund.running.as_ref().unwrap().counts;
    assert_eq!((counts.done, counts.failed, counts.failures.len()), (4, 2, 2));
    assert!(!twice.refund.is_running());
    let many = Counts { failures: vec!["x".to_owned(); INCIDENT_FAILURES_MAX + 1], ..Counts::default() };
    assert_eq!(Counts::default().and(&many, INCIDENT_FAILURES_MAX).failures.len(), INCIDENT_FAILURES_MAX);
}

/// Else a second plan would find each payment given back already.
#[test]
fn a_second_plan_is_another_deed() {
    let first = at("finished");
    let proposed = done(&first, Command::ProposeRefund { plan: plan(), by: by("sun") });
    let digest = proposed.refund.proposed.as_ref().unwrap().digest();
    let second = done(&proposed, approve(digest, "wu"));
    let key = |incident: &Incident| incident.key(incident.refund.running.as_ref().unwrap());
    assert_eq!(key(&first), format!("incident:{}", first.id));
    assert_eq!(key(&second), format!("incident:{}:1", first.id));
    // Returned and proposed anew, it is still the second.
    assert_eq!(key(&done(&second, advance("", "a", false))), key(&second));
}

#[test]
fn the_regulator_hears_in_time() {
    let major = incident();
    assert_eq!(major.severity, Severity::Major, "until somebody has looked");
    let due = major.report_due_ms();
    assert_eq!((major.is_overdue(due), major.is_overdue(due + 1)), (false, true));
    let minor = done(&major, Command::Assess { severity: Severity::Minor, since_ms: 2_000 });
    assert!(minor.report_due_ms() > due && minor.since_ms == 2_000);
    assert_eq!(refused(&major, Command::Assess { severity: Severity::Minor, since_ms: 9_001 }), "incident.since");
    let reported = done(&major, Command::Report { by: who("wu"), reference: "NFRA-7".to_owned() });
    assert!(!reported.is_overdue(i64::MAX));
    // When it was told first is what counts, and stays.
    let later = Command::Report { by: who("sun"), reference: "NFRA-8".to_owned() };
    assert_eq!(refused(&reported, later), "incident.reported");
    assert_eq!(refused(&major, Command::Report { by: who("wu"), reference: " ".to_owned() }), "incident.note-missing");
}

#[test]
fn plans_are_checked_and_notes_come_to_an_end() {
    let refund = |percent, reason: &str| Command::ProposeRefund {
        plan: RefundPlan { percent, reason: reason.to_owned() },
        by: by("sun"),
    };
    for wrong in [refund(0, "r"), refund(101, "r"), refund(50, " ")] {
        assert_eq!(refused(&incident(), wrong), "incident.plan");
    }
    let mut silent = words();
    silent.en.text = String::new();
    let mut curly = words();
    curly.zh.title = "{name}".to_owned();
    for wrong in [silent, curly] {
        let command = Command::ProposeNotice { plan: Box::new(wrong), by: by("sun") };
        assert_eq!(refused(&incident(), command), "incident.plan");
    }
    done(&incident(), Command::ProposeNotice { plan: Box::new(words()), by: by("sun") });
    let mut noted = incident();
    for _ in 0..INCIDENT_NOTES_MAX {
        noted = done(&noted, Command::Note { by: who("wu"), text: "x".repeat(INCIDENT_NOTE_CHARS_MAX + 1) });
    }
    assert_eq!(noted.notes[0].text.len(), INCIDENT_NOTE_CHARS_MAX);
    assert_eq!(refused(&noted, Command::Note { by: who("wu"), text: "x".to_owned() }), "limit.incident-notes");
}

#[test]
fn a_share_is_rounded_in_the_customers_favour_and_never_more_than_what_is_left() {
    let share = |percent, left| RefundPlan { percent, reason: String::new() }.of(left);
    assert_eq!([share(100, 999), share(50, 999), share(1, 1), share(33, 0), share(50, -5)], [999, 500, 1, 0, 0]);
    assert_eq!(share(100, i64::MAX), i64::MAX);
}
