use super::*;
use crate::claims::Facts;

const NOW_MS: i64 = 1_790_000_000_000;

fn known(facts: Facts) -> Known {
    Known { level: Level::AccountHolder, display_name: String::new(), facts, branch_manager: None }
}
fn asked(kind: &str, value: &str) -> Predicate {
    Predicate::parse(kind, value).unwrap_or_else(|refusal| panic!("{kind} {value}: {refusal:?}"))
}
fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}
fn check(kind: &str, value: &str, facts: Facts) -> Result<(), Reason> {
    asked(kind, value).check(&known(facts), None, day("2026-11-27"), NOW_MS)
}

#[test]
fn an_age_is_reached_on_the_birthday_itself() {
    let cases = [
        ("2008-11-27", "2026-11-27", true),
        ("2008-11-28", "2026-11-27", false),
        ("2008-02-29", "2026-02-28", false),
        ("2008-02-29", "2026-03-01", true),
        ("2008-02-29", "2028-02-29", true),
        ("2010-02-28", "2028-02-28", true),
        ("2010-02-28", "2028-02-27", false),
    ];
    for (born, today, holds) in cases {
        let facts = Facts { birth_date: Some(born.to_owned()), ..Facts::default() };
        let answer = asked("over-age", "18").check(&known(facts), None, day(today), NOW_MS);
        assert_eq!(answer, if holds { Ok(()) } else { Err(Reason::Younger(18)) }, "born {born}, today {today}");
    }
    assert_eq!(check("over-age", "18", Facts::default()), Err(Reason::NotChecked));
    let garbled = Facts { birth_date: Some("2008-02-30".to_owned()), ..Facts::default() };
    assert_eq!(check("over-age", "1", garbled), Err(Reason::NotChecked));
}

#[test]
fn a_region_holds_all_below_it() {
    let lives = |at: &str| Facts { residence: Some(at.to_owned()), ..Facts::default() };
    for region in ["CN", "CN-32", "CN-3205", "CN-320508"] {
        assert_eq!(check("resident-of", region, lives("CN-320508")), Ok(()), "{region}");
    }
    assert_eq!(check("resident-of", "CN-3201", lives("CN-320508")), Err(Reason::Elsewhere));
    assert_eq!(
        check("resident-of", "CN-320508", lives("CN-3205")),
        Err(Reason::Elsewhere),
        "it is not known that near"
    );
    for region in ["", "cn", "CN-3", "CN-320", "CN-3205081", "CN32", "CN-3a", "US"] {
        assert_eq!(Predicate::parse("resident-of", region).unwrap_err().code, "proof.value", "{region}");
    }
}

#[test]
fn groups_accounts_and_bands() {
    let facts = Facts {
        groups: vec!["union".to_owned()],
        accounts: vec!["current".to_owned()],
        score_band: Some(3),
        ..Facts::default()
    };
    assert_eq!(check("member-of", "union", facts.clone()), Ok(()));
    assert_eq!(check("member-of", "unio", facts.clone()), Err(Reason::NotMember));
    assert_eq!(check("has-account", "current", facts.clone()), Ok(()));
    assert_eq!(check("has-account", "savings", facts.clone()), Err(Reason::NoAccount));
    let guest = Known { level: Level::Verified, ..known(facts.clone()) };
    let answer = asked("has-account", "current").check(&guest, None, day("2026-11-27"), NOW_MS);
    assert_eq!(answer, Err(Reason::NoAccount), "whoever holds none has none");
    assert_eq!(check("score-band-at-least", "3", facts.clone()), Ok(()));
    assert_eq!(check("score-band-at-least", "4", facts), Err(Reason::BandLower));
    assert_eq!(check("score-band-at-least", "1", Facts::default()), Err(Reason::NotRated));
}

#[test]
fn what_suits_is_at_most_as_risky_as_the_assessment_while_that_counts() {
    let assessed = |until_ms| Facts { suitability: Some(Suitability { grade: 2, until_ms }), ..Facts::default() };
    assert_eq!(check("suitable-for", "R2", assessed(NOW_MS + 1)), Ok(()));
    assert_eq!(check("suitable-for", "R3", assessed(NOW_MS + 1)), Err(Reason::GradeLower { product: 3, own: 2 }));
    assert_eq!(check("suitable-for", "R1", assessed(NOW_MS)), Err(Reason::AssessmentOver));
    assert_eq!(check("suitable-for", "R1", Facts::default()), Err(Reason::NotAssessed));
}

#[test]
fn a_guardian_is_of_exactly_their_ward() {
    let (ward, other) = (CustomerId::new(1, [1; 10]), CustomerId::new(1, [2; 10]));
    let guardian = known(Facts { wards: vec![ward.clone()], ..Facts::default() });
    let of = |ward: Option<&CustomerId>| asked("guardian-of", "s1").check(&guardian, ward, day("2026-11-27"), NOW_MS);
    assert_eq!(of(Some(&ward)), Ok(()));
    assert_eq!(of(Some(&other)), Err(Reason::NotGuardian));
    assert_eq!(of(None), Err(Reason::NotGuardian), "nobody known says the same");
}

#[test]
fn what_is_asked_is_read_strictly() {
    for (kind, value) in [
        ("over-age", ""),
        ("over-age", "-1"),
        ("over-age", "151"),
        ("over-age", "18.5"),
        ("over-age", "+18"),
        ("score-band-at-least", "0"),
        ("score-band-at-least", "6"),
        ("suitable-for", "3"),
        ("suitable-for", "R0"),
        ("suitable-for", "R6"),
        ("member-of", ""),
        ("member-of", "a\u{202e}b"),
    ] {
        assert_eq!(Predicate::parse(kind, value).unwrap_err().code, "proof.value", "{kind} {value:?}");
    }
    assert_eq!(Predicate::parse("balance-over", "1").unwrap_err().code, "proof.kind");
    for kind in Predicate::KINDS {
        let value = match kind {
            "resident-of" => "CN",
            "suitable-for" => "R1",
            _ => "1",
        };
        assert_eq!(asked(kind, value).kind(), kind);
    }
    let longest = "字".repeat(CLAIM_VALUE_CHARS_MAX);
    assert!(Predicate::parse("member-of", &longest).is_ok());
    assert!(Predicate::parse("member-of", &format!("{longest}字")).is_err());
}

#[test]
fn every_reason_is_a_sentence_in_both_languages() {
    let reasons = [
        Reason::NotChecked,
        Reason::Younger(18),
        Reason::Elsewhere,
        Reason::NotMember,
        Reason::NoAccount,
        Reason::NotRated,
        Reason::BandLower,
        Reason::NotAssessed,
        Reason::AssessmentOver,
        Reason::GradeLower { product: 3, own: 2 },
        Reason::NotGuardian,
    ];
    for reason in reasons {
        assert!(reason.text("zh-CN").ends_with('。'), "{reason:?}");
        let en = reason.text("en-GB");
        assert!(en.ends_with('.') && en.is_ascii(), "{reason:?}: {en}");
    }
}
