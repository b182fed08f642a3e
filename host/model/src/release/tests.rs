//! Every command in every state, and who may decide.

use super::*;
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
    };
    Release {
        id: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
        publisher: PublisherId::parse("suzhou-branch").unwrap(),
        uploaded_by: staff("lin"),
        uploaded_ms: 0,
        package: package(),
        component: Digest::of(b"component"),
        package_bytes: 7,
        manifest: crate::manifest::parse(crate::manifest::EXAMPLE.as_bytes()).unwrap(),
        state,
        findings: vec![],
        review: None,
        signoffs: if state == ReleaseState::HalfApproved { vec![approved_by_chen] } else { vec![] },
        granted: vec![],
    }
}

fn verdict(by: &str, person: &str, decision: Decision) -> Command {
    let (by, person, note) = (staff(by), person.to_owned(), "looked at it".to_owned());
    Command::Decide(Verdict { by, person, decision, package: package(), note })
}
fn inspected(findings: Vec<Finding>) -> Command {
    Command::Inspected { findings, review: ReviewId::new(1, [1; 10]) }
}
fn said(release: &Release, command: Command) -> Result<ReleaseState, String> {
    apply(release, command, "Lin", 9).map(|next| next.state).map_err(|refusal| refusal.code)
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
        ];
        for (name, command) in commands {
            let expected = match (state, name) {
                (ReleaseState::Checking, "good") => Ok(ReleaseState::InReview),
                (ReleaseState::Checking, "bad") => Ok(ReleaseState::Refused),
                (ReleaseState::InReview, "approve") => Ok(ReleaseState::HalfApproved),
                (ReleaseState::HalfApproved, "approve") => Ok(ReleaseState::Approved),
                (ReleaseState::InReview | ReleaseState::HalfApproved, "return") => Ok(ReleaseState::Returned),
                _ => Err("release.state".to_owned()),
            };
            assert_eq!(said(&release(state), command), expected, "{name} in {state:?}");
        }
    }
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
        said(&half, Command::Decide(Verdict { by, person, decision, package, note }))
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
            let (by, note) = (staff(&format!("account-{person}")), "n".to_owned());
            let command = Command::Decide(Verdict { by, person: people[person].to_owned(), decision, package, note });
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
