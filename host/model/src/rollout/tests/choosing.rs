//! Which release a customer gets.

use super::*;
use crate::claims::{Facts, Known};
use crate::identity::Level;

fn ask<'a>(branch: &'a BranchId, customer: &'a CustomerId) -> Asker<'a> {
    let today = Day::parse("2026-11-27").unwrap();
    Asker { branch, channel: Channel::Phone, customer, known: None, now_ms: 1_000, today }
}
fn chosen(rollout: &Rollout, branch_id: &str, channel: Channel, number: u64) -> Result<String, &'static str> {
    let (branch, customer) = (branch(branch_id), customer(number));
    let chosen = rollout.choose(&Asker { channel, ..ask(&branch, &customer) }, &is_within);
    chosen.map(ToString::to_string).map_err(|code| code.code)
}
fn of_phone(rollout: &Rollout, number: u64) -> String {
    chosen(rollout, "suzhou", Channel::Phone, number).unwrap()
}

#[test]
fn head_office_opens_and_the_branch_enables() {
    let mut rollout = rollout(vec![stage("1.0.0", "100")]);
    assert_eq!(chosen(&rollout, "suzhou", Channel::Phone, 1), Ok("1.0.0".to_owned()));
    assert_eq!(chosen(&rollout, "nanjing", Channel::Phone, 1), Err("program.not-enabled"), "opened, not enabled");
    assert_eq!(chosen(&rollout, "wuxi", Channel::Phone, 1), Err("program.not-enabled"), "enabled, not opened");
    rollout.all_branches = true;
    assert_eq!(chosen(&rollout, "wuxi", Channel::Phone, 1), Ok("1.0.0".to_owned()));
}

#[test]
fn channels_and_percentages_decide_by_stage() {
    let on = |text: &str, channel| Stage {
        audience: Audience { channels: vec![channel], ..Audience::default() },
        ..stage(text, "100")
    };
    let staged = rollout(vec![on("2.0.0", Channel::Kiosk), on("1.0.0", Channel::Phone)]);
    assert_eq!(chosen(&staged, "suzhou", Channel::Kiosk, 1), Ok("2.0.0".to_owned()));
    assert_eq!(chosen(&staged, "suzhou", Channel::Phone, 1), Ok("1.0.0".to_owned()));
    assert_eq!(chosen(&staged, "suzhou", Channel::Chat, 1), Err("program.not-on-channel"));
    assert_eq!(chosen(&rollout(vec![]), "suzhou", Channel::Phone, 1), Err("program.not-enabled"));
    let nobody = rollout(vec![stage("1.0.0", "0")]);
    assert_eq!(chosen(&nobody, "suzhou", Channel::Phone, 1), Err("program.not-enabled"));
}

#[test]
fn each_condition_of_an_audience_is_asked() {
    let (suzhou, one) = (branch("suzhou"), customer(1));
    let admits = |audience: &Audience, asker: &Asker<'_>| audience.admits(asker, &is_within);
    let asker = ask(&suzhou, &one);
    let with = |change: &dyn Fn(&mut Audience)| {
        let mut audience = Audience::default();
        change(&mut audience);
        audience
    };
    let cases: [(&str, Audience, bool); 11] = [
        ("nothing is asked", Audience::default(), true),
        ("its branch", with(&|it| it.places = [branch("suzhou")].into()), true),
        ("its region", with(&|it| it.places = [branch("jiangsu")].into()), true),
        ("another branch", with(&|it| it.places = [branch("nanjing")].into()), false),
        ("on the list", with(&|it| it.customers = [customer(1)].into()), true),
        ("not on the list", with(&|it| it.customers = [customer(2)].into()), false),
        ("the window's first moment", with(&|it| it.from_ms = Some(1_000)), true),
        ("before it", with(&|it| it.from_ms = Some(1_001)), false),
        ("the window's last moment", with(&|it| it.until_ms = Some(1_001)), true),
        ("after it", with(&|it| it.until_ms = Some(1_000)), false),
        ("another channel", with(&|it| it.channels = vec![Channel::Kiosk]), false),
    ];
    for (what, audience, expected) in cases {
        assert_eq!(admits(&audience, &asker), expected, "{what}");
    }
}

#[test]
fn a_segment_is_asked_of_the_bank_s_record() {
    let (suzhou, one) = (branch("suzhou"), customer(1));
    let union = Segment { kind: "member-of".to_owned(), value: "staff-union".to_owned() };
    let audience = Audience { segments: vec![union], ..Audience::default() };
    let facts =
        |groups: &[&str]| Facts { groups: groups.iter().map(|it| (*it).to_owned()).collect(), ..Facts::default() };
    let known = |facts| Known { level: Level::AccountHolder, display_name: String::new(), facts, branch_manager: None };
    let (member, other) = (known(facts(&["staff-union"])), known(facts(&[])));
    let asker = ask(&suzhou, &one);
    assert!(audience.admits(&Asker { known: Some(&member), ..asker }, &is_within));
    assert!(!audience.admits(&Asker { known: Some(&other), ..asker }, &is_within));
    assert!(!audience.admits(&asker, &is_within), "who is not known is not a member");
}

#[test]
fn an_audience_keeps_within_its_limits() {
    use crate::limits::{ROLLOUT_CUSTOMERS_MAX, ROLLOUT_PLACES_MAX, ROLLOUT_SEGMENTS_MAX};
    let segment = |kind: &str, value: &str| Segment { kind: kind.to_owned(), value: value.to_owned() };
    let people = |n: usize| Audience { customers: (0..n as u64).map(customer).collect(), ..Audience::default() };
    let places =
        |n: usize| Audience { places: (0..n).map(|n| branch(&format!("b{n}"))).collect(), ..Audience::default() };
    let asks = |n: usize| Audience { segments: vec![segment("over-age", "60"); n], ..Audience::default() };
    for (make, most) in [
        (&people as &dyn Fn(usize) -> Audience, ROLLOUT_CUSTOMERS_MAX),
        (&places, ROLLOUT_PLACES_MAX),
        (&asks, ROLLOUT_SEGMENTS_MAX),
    ] {
        assert!(make(most).checked().is_ok());
        assert_eq!(make(most + 1).checked().unwrap_err().code, "rollout.audience");
    }
    for (kind, value) in [("born-in", "1990"), ("over-age", "old"), ("guardian-of", "s1")] {
        let audience = Audience { segments: vec![segment(kind, value)], ..Audience::default() };
        assert!(audience.checked().is_err(), "{kind} {value}");
    }
    let window = Audience { from_ms: Some(5), until_ms: Some(5), ..Audience::default() };
    assert_eq!(window.checked().unwrap_err().code, "rollout.audience");
}

#[test]
fn a_thousand_raises_and_lowerings_move_only_whom_they_must() {
    let customers: Vec<u64> = (0..100).collect();
    let who = |parts: u32| -> Vec<bool> {
        let stages =
            vec![Stage { share: Share::of_million(parts).unwrap(), ..stage("2.0.0", "0") }, stage("1.0.0", "100")];
        let rollout = rollout(stages);
        customers.iter().map(|number| of_phone(&rollout, *number) == "2.0.0").collect()
    };
    let (mut parts, mut had) = (0_u32, who(0));
    for turn in 0..1_000_u32 {
        let next = (parts + 7_919 * (turn % 173)) % 1_000_001;
        let has = who(next);
        for (number, (before, after)) in had.iter().zip(&has).enumerate() {
            let moved_against = if next >= parts { *before && !after } else { !before && *after };
            assert!(!moved_against, "customer {number} moved from {parts} to {next}");
        }
        (parts, had) = (next, has);
    }
    assert_eq!(who(parts), had, "the same number is the same people");
}

#[test]
fn releases_beside_each_other_do_not_share_their_customers_by_rule() {
    let both = rollout(vec![stage("2.1.0", "10"), stage("2.0.0", "10"), stage("1.0.0", "100")]);
    let mut counts = std::collections::BTreeMap::new();
    for number in 0..20_000 {
        *counts.entry(of_phone(&both, number)).or_insert(0_u32) += 1;
    }
    assert!((1_800..2_200).contains(&counts["2.1.0"]), "{counts:?}");
    assert!((1_600..2_000).contains(&counts["2.0.0"]), "a tenth of those whom the first leaves: {counts:?}");
}

#[test]
fn what_does_not_run_is_passed_over() {
    let paused = StageState::Paused { reason: String::new() };
    let staged = rollout(vec![Stage { state: paused, ..stage("2.0.0", "100") }, stage("1.0.0", "100")]);
    assert_eq!(of_phone(&staged, 1), "1.0.0");
}

#[test]
fn a_document_of_before_is_read() {
    let old = serde_json::json!({
        "program": "cn.bank.suzhou.canteen",
        "stages": [{"version": "2.0.0", "percent": 5, "channels": ["kiosk"]}, {"version": "1.0.0", "percent": 100, "channels": []}],
        "opened": [], "all_branches": true, "enabled": ["suzhou"], "changed_by": "wu", "changed_ms": 7
    });
    let read: Rollout = serde_json::from_value(old).unwrap();
    assert_eq!(read.stages[0].share, share("5"));
    assert_eq!(read.stages[0].audience.channels, [Channel::Kiosk]);
    assert!(read.stages[1].is_running() && read.stages[1].audience.is_everybody());
    let again: Rollout = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert_eq!(again, read);
}

proptest! {
    /// Raising a share keeps everybody who had the release; coming back to a number gives the same people.
    #[test]
    fn shares_are_monotone_and_stable(number in any::<u64>(), low in 0_u32..=1_000_000, more in 0_u32..=1_000_000) {
        let high = low.saturating_add(more).min(1_000_000);
        let of = |parts| of_phone(&rollout(vec![
            Stage { share: Share::of_million(parts).unwrap(), ..stage("2.0.0", "0") }, stage("1.0.0", "100"),
        ]), number);
        if of(low) == "2.0.0" {
            prop_assert_eq!(of(high), "2.0.0");
        }
        prop_assert_eq!(of(low), of(low));
        prop_assert_eq!(of(1_000_000), "2.0.0");
        prop_assert_eq!(of(0), "1.0.0");
    }
}
