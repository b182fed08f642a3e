//! Every command in every state, and who may decide.

use super::*;
use crate::limits::{RELEASE_DAMAGE_QUIET_MS, RELEASE_DAMAGE_SHOWN_MS, RELEASE_DAMAGES_MAX, REVIEW_MS_MAX};
use crate::review::CHECKLIST;
use crate::signature::SigningKey;
use proptest::prelude::*;

const STATES: [ReleaseState; 6] = [
    ReleaseState::Checking,
    ReleaseState::Refused,
    ReleaseState::InReview,
    ReleaseState::HalfApproved,
    ReleaseState::Approved,
    ReleaseState::Returned,
];

fn staff(id: &str) -> StaffId {
    StaffId::parse(id).unwrap()
}
fn package() -> Digest {
    Digest::of(b"package")
}

fn release(state: ReleaseState) -> Release {
    let approved_by_chen = Signoff {
        by: staff("chen"),
        person: "Chen".to_owned(),
        decision: Decision::Approve,
        package: package(),
        note: String::new(),
        at_ms: 1,
        desk: Desk::Review,
        round: 0,
    };
    // One that no tier asks further desks for.
    let mut manifest = crate::manifest::parse(crate::manifest::EXAMPLE.as_bytes()).unwrap();
    manifest.req_permissions.retain(|asked| asked.name == "xitai:services/counters");
    manifest.xitai.egress.clear();
    Release {
        id: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
        publisher: PublisherId::parse("suzhou-branch").unwrap(),
        uploaded_by: staff("lin"),
        uploaded_ms: 0,
        package: package(),
        component: Digest::of(b"component"),
        package_bytes: 7,
        manifest,
        state,
        findings: vec![],
        review: None,
        signoffs: if state == ReleaseState::HalfApproved { vec![approved_by_chen] } else { vec![] },
        reviewing: Reviewing::default().begun(0, 0),
        granted: vec![],
        components: vec![],
        signature: None,
        countersignature: None,
        damages: vec![],
    }
}

fn verdict(by: &str, person: &str, decision: Decision) -> Command {
    let (by, person, note) = (staff(by), person.to_owned(), "looked at it".to_owned());
    Command::Decide(Verdict { by, person, desk: Desk::Review, decision, package: package(), note, points: points() })
}
/// All of the checklist.
fn points() -> Vec<String> {
    CHECKLIST.iter().map(|point| point.id.to_owned()).collect()
}
fn inspected(findings: Vec<Finding>) -> Command {
    Command::Inspected { findings, review: ReviewId::new(1, [1; 10]), evidence: Some(Digest::of(b"evidence")) }
}
fn said(release: &Release, command: Command) -> Result<ReleaseState, String> {
    apply(release, command, "Lin", REVIEW_MS_MAX).map(|next| next.state).map_err(|refusal| refusal.code)
}

fn tick(points: &[&str]) -> Command {
    let points = points.iter().map(|point| (*point).to_owned()).collect();
    Command::Tick { by: staff("zhao"), person: "Zhao".to_owned(), points }
}
fn appeal(reason: &str) -> Command {
    Command::Appeal { by: staff("lin"), person: "Lin".to_owned(), reason: reason.to_owned() }
}

fn fell() -> Finding {
    Finding::of(Severity::Warning, code::SCENE_FELL, "random taps, seed 1, tap 7", "fault.trap")
}
fn accept(finding: &str, reason: &str) -> Command {
    let (by, person) = (staff("zhao"), "Zhao".to_owned());
    Command::Accept { by, person, finding: finding.to_owned(), reason: reason.to_owned() }
}

/// Whoever adds a command or a state is stopped here by the compiler, and adds its row or column below.
fn has_its_cell(state: ReleaseState, command: &Command) {
    use ReleaseState as S;
    match (state, command) {
        (
            S::Checking | S::Refused | S::InReview | S::HalfApproved | S::Approved | S::Returned,
            Command::Inspected { .. }
            | Command::Decide(_)
            | Command::Tick { .. }
            | Command::Accept { .. }
            | Command::Appeal { .. }
            | Command::Overdue,
        ) => {}
    }
}

#[test]
fn each_command_in_each_state() {
    let mend = || Finding::error(code::MANIFEST_VALUE, "manifest.json", "x");
    let note = || Finding::of(Severity::Warning, code::COMPONENT_PERMISSION_UNUSED, "manifest.json", "x");
    for state in STATES {
        let commands = [
            ("good", inspected(vec![note()])),
            ("bad", inspected(vec![note(), mend()])),
            ("approve", verdict("zhao", "Zhao", Decision::Approve)),
            ("return", verdict("zhao", "Zhao", Decision::Return)),
            ("tick", tick(&["h1"])),
            ("accept", accept(&fell().key(), "no customer types that")),
            ("appeal", appeal("They read another program.")),
            ("overdue", Command::Overdue),
        ];
        for (name, command) in commands {
            let expected = match (state, name) {
                (ReleaseState::Checking, "good") => Ok(ReleaseState::InReview),
                (ReleaseState::Checking, "bad") => Ok(ReleaseState::Refused),
                (ReleaseState::InReview, "approve") => Ok(ReleaseState::HalfApproved),
                (ReleaseState::HalfApproved, "approve") => Ok(ReleaseState::Approved),
                (ReleaseState::InReview | ReleaseState::HalfApproved, "return") => Ok(ReleaseState::Returned),
                (ReleaseState::InReview | ReleaseState::HalfApproved, "tick" | "accept" | "overdue") => Ok(state),
                (ReleaseState::Returned, "appeal") => Ok(ReleaseState::InReview),
                _ => Err("release.state".to_owned()),
            };
            has_its_cell(state, &command);
            let mut before = release(state);
            before.findings.extend((name == "accept").then(fell));
            assert_eq!(said(&before, command), expected, "{name} in {state:?}");
        }
    }
}

#[test]
fn a_fall_is_approved_only_where_somebody_took_it_upon_themselves() {
    let mut half = release(ReleaseState::HalfApproved);
    half.findings.push(fell());
    let approve = || verdict("zhao", "Zhao", Decision::Approve);
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(said(&half, approve()), refused("review.findings-open"));
    assert_eq!(said(&half, accept(&fell().key(), " ")), refused("review.accept-reason"));
    assert_eq!(said(&half, accept("scene.fell elsewhere", "x")), refused("review.finding"));
    let by_maker = Command::Accept {
        by: staff("lin-reviewer"),
        person: "Lin".to_owned(),
        finding: fell().key(),
        reason: "x".to_owned(),
    };
    assert_eq!(said(&half, by_maker), refused("review.own-work"));
    let accepted = apply(&half, accept(&fell().key(), "no customer types that"), "Lin", 7).unwrap();
    let again = apply(&accepted, accept(&fell().key(), "another reason"), "Lin", 8).unwrap();
    assert_eq!(again.reviewing.accepted[&fell().key()].reason, "no customer types that", "whose it was first");
    assert_eq!(said(&accepted, approve()), Ok(ReleaseState::Approved));
    // Whoever decides after an appeal weighs it anew.
    let returned = apply(&accepted, verdict("zhao", "Zhao", Decision::Return), "Lin", 9).unwrap();
    let appealed = apply(&returned, appeal("nothing falls"), "Lin", 10).unwrap();
    assert!(appealed.to_accept().all(|(_, accepted)| accepted.is_none()));
}

#[test]
fn four_eyes_are_two_persons_and_not_the_uploaders() {
    let half = release(ReleaseState::HalfApproved);
    let refused = |code: &str| Err(code.to_owned());
    let cases = [
        (verdict("lin", "Lin", Decision::Approve), refused("review.own-work")),
        (verdict("lin-reviewer", "Lin", Decision::Approve), refused("review.own-work")),
        (verdict("lin-reviewer", "Lin", Decision::Return), refused("review.own-work")),
        (verdict("chen", "Chen", Decision::Approve), refused("review.same-person")),
        (verdict("chen-second-account", "Chen", Decision::Approve), refused("review.same-person")),
        (verdict("chen", "Chen", Decision::Return), Ok(ReleaseState::Returned)),
        (verdict("zhao", "Zhao", Decision::Approve), Ok(ReleaseState::Approved)),
    ];
    for (command, expected) in cases {
        assert_eq!(said(&half, command.clone()), expected, "{command:?}");
    }
    let other = |decision, package, note: &str| {
        let (by, person, note) = (staff("zhao"), "Zhao".to_owned(), note.to_owned());
        let (desk, points) = (Desk::Review, points());
        said(&half, Command::Decide(Verdict { by, person, desk, decision, package, note, points }))
    };
    assert_eq!(other(Decision::Approve, Digest::of(b"other bytes"), "x"), refused("review.digest-differs"));
    assert_eq!(other(Decision::Return, package(), "  "), refused("review.note-missing"));
    assert_eq!(other(Decision::Approve, package(), ""), Ok(ReleaseState::Approved));
}

#[test]
fn an_approved_release_is_granted_what_it_asked_for() {
    let next =
        apply(&release(ReleaseState::HalfApproved), verdict("zhao", "Zhao", Decision::Approve), "Lin", 9).unwrap();
    assert_eq!(next.granted, next.manifest.permissions());
    assert!(!next.granted.is_empty());
    assert_eq!(next.signoffs.len(), 2);
}

proptest! {
    /// However reviewers decide, nothing is approved that two persons other than the uploader have not approved.
    #[test]
    fn nothing_is_approved_by_fewer_than_two(
        decisions in proptest::collection::vec((0_usize..4, any::<bool>(), any::<bool>()), 0..8),
    ) {
        let mut now = release(ReleaseState::InReview);
        for (person, approves, right_package) in decisions {
            let people = ["Lin", "Chen", "Zhao", "Sun"];
            let decision = if approves { Decision::Approve } else { Decision::Return };
            let package = if right_package { package() } else { Digest::of(b"other") };
            let (by, note, desk) = (staff(&format!("account-{person}")), "n".to_owned(), Desk::Review);
            let person = people[person].to_owned();
            let command = Command::Decide(Verdict { by, person, desk, decision, package, note, points: points() });
            if let Ok(next) = apply(&now, command, "Lin", 9) {
                now = next;
            }
        }
        if now.state == ReleaseState::Approved {
            let mut persons: Vec<&str> = now.signoffs.iter().map(|signoff| signoff.person.as_str()).collect();
            persons.dedup();
            prop_assert_eq!(persons.len(), 2);
            prop_assert!(now.signoffs.iter().all(|s| s.person != "Lin" && s.package == now.package));
            prop_assert!(now.signoffs.iter().all(|s| s.decision == Decision::Approve));
        }
    }
}

/// One that takes money, and sends card numbers to a partner.
fn asking() -> Release {
    let manifest = crate::manifest::parse(crate::manifest::EXAMPLE.as_bytes()).unwrap();
    Release { manifest, ..release(ReleaseState::InReview) }
}

fn signed(release: &Release, who: &str, desk: Desk, points: Vec<String>) -> Result<Release, String> {
    let (by, person, decision) = (staff(who), who.to_owned(), Decision::Approve);
    let verdict = Verdict { by, person, desk, decision, package: package(), note: String::new(), points };
    apply(release, Command::Decide(verdict), "Lin", 9).map_err(|refusal| refusal.code)
}

#[test]
fn what_takes_money_needs_the_word_of_further_desks() {
    let mut now = asking();
    assert_eq!(now.desks_open(), [Desk::Review, Desk::Risk, Desk::Operations, Desk::Technology]);
    assert_eq!(signed(&now, "hu", Desk::Product, vec![]).unwrap_err(), "review.desk");
    for (who, desk) in [("chen", Desk::Review), ("song", Desk::Risk), ("zhao", Desk::Review), ("gao", Desk::Technology)]
    {
        now = signed(&now, who, desk, vec![]).unwrap();
        assert_eq!(now.state, ReleaseState::HalfApproved, "{who}");
    }
    assert_eq!(signed(&now, "ma", Desk::Review, vec![]).unwrap_err(), "review.desk-done");
    // One human being speaks once, for whichever desk.
    assert_eq!(signed(&now, "song", Desk::Operations, points()).unwrap_err(), "review.same-person");
    // The word that completes it finds the checklist open.
    assert_eq!(signed(&now, "liu", Desk::Operations, vec![]).unwrap_err(), "review.checklist-open");
    let done = signed(&now, "liu", Desk::Operations, points()).unwrap();
    assert_eq!((done.state, done.desks_open(), done.reviewing.deadline_ms), (ReleaseState::Approved, vec![], 0));
}

#[test]
fn points_are_ticked_by_name_and_once() {
    let first = apply(&release(ReleaseState::InReview), tick(&["h1", "h2"]), "Lin", 5).unwrap();
    let chen = Command::Tick { by: staff("chen"), person: "Chen".to_owned(), points: vec!["h2".into(), "h3".into()] };
    let second = apply(&first, chen, "Lin", 6).unwrap();
    let by = |point: &str| second.reviewing.ticks[point].person.clone();
    assert_eq!([by("h1"), by("h2"), by("h3")], ["Zhao", "Zhao", "Chen"]);
    assert_eq!(said(&second, tick(&["h9"])), Err("review.point".to_owned()));
    let makers = Command::Tick { by: staff("lin-too"), person: "Lin".to_owned(), points: points() };
    assert_eq!(said(&second, makers), Err("review.own-work".to_owned()));
}

#[test]
fn an_appeal_brings_others_in_and_is_made_once() {
    let half = release(ReleaseState::HalfApproved);
    let returned = apply(&half, verdict("zhao", "Zhao", Decision::Return), "Lin", 5).unwrap();
    assert_eq!(said(&returned, appeal("  ")), Err("review.note-missing".to_owned()));
    let long = "n".repeat(REVIEW_REASON_CHARS_MAX + 1);
    assert_eq!(said(&returned, appeal(&long)), Err("review.note-long".to_owned()));
    assert_eq!(said(&returned, appeal(&long[1..])), Ok(ReleaseState::InReview), "the edge");
    let again = apply(&returned, appeal("They read another program."), "Lin", 7).unwrap();
    assert_eq!((again.reviewing.round, again.reviewing.deadline_ms), (1, 7 + REVIEW_MS_MAX));
    assert_eq!(
        (again.approved_for(Desk::Review), again.signoffs.len()),
        (0, 2),
        "what was said before stays, and counts no more"
    );
    // Neither who approved nor who returned decides again, under whichever account.
    for person in ["Chen", "Zhao"] {
        for decision in [Decision::Approve, Decision::Return] {
            assert_eq!(said(&again, verdict("another-account", person, decision)), Err("review.appealed".to_owned()));
        }
    }
    let approved =
        ["ma", "he"].iter().fold(again.clone(), |now, who| signed(&now, who, Desk::Review, points()).unwrap());
    assert_eq!(approved.state, ReleaseState::Approved);
    let returned = apply(&again, verdict("ma", "Ma", Decision::Return), "Lin", 8).unwrap();
    assert_eq!(said(&returned, appeal("Again.")), Err("review.appeals-over".to_owned()));
}

#[test]
fn the_clock_tells_once() {
    let now = release(ReleaseState::InReview);
    let early = apply(&now, Command::Overdue, "", REVIEW_MS_MAX - 1);
    assert_eq!(early.unwrap_err().code, "release.state");
    let late = apply(&now, Command::Overdue, "", REVIEW_MS_MAX).unwrap();
    assert_eq!((late.state, late.reviewing.escalated_ms), (ReleaseState::InReview, Some(REVIEW_MS_MAX)));
    assert_eq!(apply(&late, Command::Overdue, "", REVIEW_MS_MAX + 5).unwrap(), late);
}

#[test]
fn findings_are_bounded_gravest_first() {
    let finding = |severity, text: &str| Finding::of(severity, code::PACKAGE_BAD_NAME, text, text);
    let mut many = vec![finding(Severity::Warning, "w"); FINDINGS_MAX];
    many.push(finding(Severity::Error, &"名".repeat(FINDING_CHARS_MAX + 5)));
    let kept = bounded(many);
    assert_eq!(kept.len(), FINDINGS_MAX);
    assert_eq!(kept[0].severity, Severity::Error);
    assert_eq!(kept[0].place.chars().count(), FINDING_CHARS_MAX + 1);
    assert_eq!(kept[0].evidence, kept[0].place);
}

#[test]
fn a_name_like_another_publishers_is_pointed_out() {
    let theirs = release(ReleaseState::Approved);
    let mut ours = release(ReleaseState::Checking);
    assert_eq!(names_alike(&ours, [&theirs]), [], "one publisher may have two alike");
    ours.publisher = PublisherId::parse("tea-house").unwrap();
    ours.id = ReleaseId::parse("cn.tea-house.shop@1.0.0").unwrap();
    ours.manifest.xitai.locales.clear();
    ours.manifest.short_name = None;
    ours.manifest.name = theirs.manifest.name.chars().flat_map(|c| [c, '\u{200b}']).collect();
    let found = names_alike(&ours, [&theirs, &theirs]);
    assert_eq!(found.len(), 1, "said once: {found:?}");
    assert_eq!((found[0].severity, found[0].code.as_str()), (Severity::Warning, "manifest.name-alike"));
    assert!(found[0].evidence.contains("cn.bank.suzhou.canteen"), "{found:?}");
    ours.manifest.name = "Something else".to_owned();
    assert_eq!(names_alike(&ours, [&theirs]), []);
}

#[test]
fn a_publishers_signature_is_over_one_content_and_by_one_key() {
    let (key, other) = (SigningKey::of_seed(&[1; 32]), SigningKey::of_seed(&[2; 32]));
    let (content, changed) = (Digest::of(b"content"), Digest::of(b"Content"));
    let signature = PackageSignature::sign(content.clone(), &key);
    assert!(signature.is_over(&content));
    assert!(!signature.is_over(&changed), "not over what was changed");
    // Put over other content, or under another key's name, it says nothing.
    assert!(!PackageSignature { content: changed.clone(), ..signature.clone() }.is_over(&changed));
    assert!(!PackageSignature { key: other.public(), ..signature }.is_over(&content));
}

#[test]
fn the_banks_signature_is_over_all_that_runs() {
    let key = SigningKey::of_seed(&[9; 32]);
    let mut approved = Release { granted: vec!["xitai:services/log".to_owned()], ..release(ReleaseState::Approved) };
    approved.signature = Some(PackageSignature::sign(Digest::of(b"content"), &SigningKey::of_seed(&[1; 32])));
    let known = |id: &str| Some(key.public()).filter(|key| key.id() == id);
    let code = |release: &Release| release.check_countersignature(known).err().map(|refusal| refusal.code);
    assert_eq!(code(&approved).as_deref(), Some("release.not-countersigned"));
    approved.countersignature = Some(Countersignature::sign(&approved, &key, 7));
    assert_eq!(code(&approved), None);
    let changes: [fn(&mut Release); 7] = [
        |it| it.component = Digest::of(b"another component"),
        |it| it.package = Digest::of(b"another package"),
        |it| it.granted.push("xitai:payments/payments".to_owned()),
        |it| it.id = ReleaseId::parse("cn.bank.suzhou.canteen@1.0.1").unwrap(),
        |it| it.publisher = PublisherId::parse("river-tea").unwrap(),
        |it| it.signature = None,
        |it| it.countersignature.as_mut().unwrap().at_ms += 1,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut forged = approved.clone();
        change(&mut forged);
        assert_eq!(code(&forged).as_deref(), Some("release.not-countersigned"), "change {number}");
    }
    assert!(approved.check_countersignature(|_| None).is_err(), "a key that the bank has not published");
    let thief = SigningKey::of_seed(&[8; 32]).public();
    assert!(approved.check_countersignature(|_| Some(thief)).is_err(), "another key under its name");
}

#[test]
fn an_alarm_rings_once_in_a_while_and_is_seen_for_a_week() {
    let whole = release(ReleaseState::Approved);
    let rung = whole.damaged(Part::Component, 1_000).unwrap();
    assert!(rung.damaged(Part::Component, 999 + RELEASE_DAMAGE_QUIET_MS).is_none());
    assert!(rung.damaged(Part::Native, 1_001).is_some(), "another part is another alarm");
    let mut many = rung.clone();
    for turn in 1..=20 {
        many = many.damaged(Part::Component, 1_000 + turn * RELEASE_DAMAGE_QUIET_MS).unwrap();
    }
    assert_eq!(many.damages.len(), RELEASE_DAMAGES_MAX);
    assert_eq!(rung.alarms(999 + RELEASE_DAMAGE_SHOWN_MS).count(), 1);
    assert_eq!(rung.alarms(1_000 + RELEASE_DAMAGE_SHOWN_MS).count(), 0);
}
