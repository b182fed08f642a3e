//! Levels, and what becomes of a visitor.

use super::*;
use proptest::prelude::*;

const LEVELS: [Level; 5] = [Level::Visitor, Level::Registered, Level::Verified, Level::AccountHolder, Level::Other];
const SHOWN: [Shown; 3] = [Shown::SignIn, Shown::CheckedIdentity, Shown::Account];

fn customer(random: u8, level: Level) -> Customer {
    let id = CustomerId::new(1, [random; 10]);
    Customer {
        login: format!("c{random}"),
        password_hash: String::new(),
        level,
        branch: BranchId::parse("suzhou").unwrap(),
        profile: Profile::default(),
        id,
    }
}

#[test]
fn each_level_may_exactly_this() {
    let table: [(Level, [bool; 4]); 5] = [
        (Level::Visitor, [true, false, false, false]),
        (Level::Registered, [true, true, false, false]),
        (Level::Verified, [true, true, true, false]),
        (Level::AccountHolder, [true; 4]),
        (Level::Other, [true; 4]),
    ];
    for (level, expected) in table {
        assert_eq!(Act::ALL.map(|act| may(level, act).is_ok()), expected, "{level:?}");
    }
    assert_eq!(may(Level::Visitor, Act::PayFromAccount), Err(code::LEVEL_NO_ACCOUNT));
    assert_eq!(may(Level::Registered, Act::GiveVerifiedClaims), Err(code::LEVEL_TOO_LOW));
}

#[test]
fn what_is_shown_raises_a_level_and_never_lowers_it() {
    assert_eq!(Level::Visitor.raised_by(Shown::SignIn), Level::Registered);
    assert_eq!(Level::Visitor.raised_by(Shown::Account), Level::AccountHolder);
    assert_eq!(Level::Registered.raised_by(Shown::CheckedIdentity), Level::Verified);
    assert_eq!(Level::AccountHolder.raised_by(Shown::SignIn), Level::AccountHolder);
}

proptest! {
    #[test]
    fn whatever_is_shown_in_whatever_order_the_most_counts(
        start in 0..LEVELS.len(), shown in prop::collection::vec(0..SHOWN.len(), 0..8),
    ) {
        let mut level = LEVELS[start];
        for at in &shown {
            let next = level.raised_by(SHOWN[*at]);
            prop_assert!(next >= level);
            level = next;
        }
        let most = shown.iter().map(|at| Level::Visitor.raised_by(SHOWN[*at])).max().unwrap_or(Level::Visitor);
        prop_assert_eq!(level, LEVELS[start].max(most));
    }
}

#[test]
fn only_a_visitors_record_is_taken_over() {
    let (visitor, known) = (customer(1, Level::Visitor), customer(2, Level::AccountHolder));
    let registered = customer(3, Level::Registered);
    assert_eq!(joins(None, None), Joins::Nothing);
    assert_eq!(joins(None, Some(&known)), Joins::Nothing);
    assert_eq!(joins(Some(&visitor), None), Joins::Rises);
    assert_eq!(joins(Some(&visitor), Some(&known)), Joins::IsTakenOver);
    assert_eq!(joins(Some(&visitor), Some(&visitor)), Joins::Nothing);
    assert_eq!(joins(Some(&registered), Some(&known)), Joins::Nothing, "somebody else's is theirs");
    assert_eq!(joins(Some(&registered), None), Joins::Nothing);
}

#[test]
fn a_binding_is_of_one_provider_and_does_not_hold_the_subject() {
    let who = Who::Customer(CustomerId::new(1, [1; 10]));
    let binding = Binding::of("wechat", "openid-1", who.clone(), 5);
    assert_ne!(binding.key, Binding::key_of("alipay", "openid-1"));
    assert_ne!(Binding::key_of("ab", "c"), Binding::key_of("a", "bc"), "parts do not run together");
    assert!(!serde_json::to_string(&binding).unwrap().contains("openid-1"));
}
