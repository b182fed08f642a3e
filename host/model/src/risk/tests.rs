use super::*;
use crate::ids::{PaymentId, StaffId};
use crate::proposal::By;

fn payment() -> Payment {
    let fen = |minor: i64| serde_json::json!({ "minor": minor, "currency": "CNY" });
    serde_json::from_value(serde_json::json!({
        "id": "00000000050C1G60R30C1G60R3", "revision": 1, "session": "00000000010C1G60R30C1G60R3",
        "program": "cn.bank.canteen", "release": { "program": "cn.bank.canteen", "version": "1.0.0" },
        "branch": "suzhou", "customer": "00000000010C1G60R30C1G60R3",
        "order": { "key": "1", "amount": fen(1_000), "purpose": "x", "lines": [], "splits": [], "coupons": [],
                   "capture_later": false, "expires_in_s": 60 },
        "legs": [{ "payee": { "merchant": "tea" }, "legal_name": "x", "role": "sale", "amount": fen(1_000) }],
        "status": "draft", "discount": fen(0), "payable": fen(1_000), "captured": fen(0), "refunded": fen(0),
        "decline_code": null, "ticket": "00000000010C1G60R30C1G60R3", "armed_chain": null, "made_ms": 1,
        "updated_ms": 1, "expires_ms": 9, "practice": false, "evidence": null, "holds": [], "operations": []
    }))
    .unwrap()
}
fn facts(payment: &Payment) -> Facts<'_> {
    Facts {
        moves: Moves::Sale,
        payment,
        amount: payment.payable,
        hour: 12,
        level: Some(Level::Verified),
        new_payee: false,
        proved_ago_ms: 60_000,
        has_passkey: true,
        signed: false,
    }
}
fn rule(id: &str, when: When, then: Then) -> Rule<RiskRule> {
    let rule = RiskRule { when, then, why: Why::Amount };
    Rule { live: Some(rule.checked().unwrap()), ..Rule::new(id) }
}

#[test]
fn each_condition_decides_whether_the_rule_is_about_it() {
    let payment = payment();
    let about = |when: When, facts: Facts| assess(&[rule("r", when, Then::Deny)], &facts) != Verdict::Allow;
    let here = || facts(&payment);
    let plain = When::default;
    let text = |text: &str| Some(text.to_owned());
    let cases = [
        (plain(), here(), true),
        (When { from: Some(Money::cny(1_000)), ..plain() }, here(), true),
        (When { from: Some(Money::cny(1_001)), ..plain() }, here(), false),
        (When { from: Some(Money::new(1, crate::payment::counts())), ..plain() }, here(), false),
        (When { program: text("cn.bank.canteen"), ..plain() }, here(), true),
        (When { program: text("cn.bank.other"), ..plain() }, here(), false),
        (When { merchant: text("tea"), ..plain() }, here(), true),
        (When { merchant: text("rice"), ..plain() }, here(), false),
        (When { branch: text("nanjing"), ..plain() }, here(), false),
        (When { hours: Some((9, 12)), ..plain() }, here(), true),
        (When { hours: Some((13, 8)), ..plain() }, here(), false),
        (When { hours: Some((22, 12)), ..plain() }, here(), true),
        (When { new_payee: true, ..plain() }, here(), false),
        (When { new_payee: true, ..plain() }, Facts { new_payee: true, ..here() }, true),
        (When { below: Some(Level::AccountHolder), ..plain() }, here(), true),
        (When { below: Some(Level::Verified), ..plain() }, here(), false),
        (When { moves: Moves::Refund, ..plain() }, here(), false),
        (When { moves: Moves::Refund, ..plain() }, Facts { moves: Moves::Refund, ..here() }, true),
    ];
    for (at, (when, facts, expected)) in cases.into_iter().enumerate() {
        assert_eq!(about(when, facts), expected, "case {at}");
    }
}

#[test]
fn the_gravest_answer_counts() {
    let payment = payment();
    let step_up = Then::StepUp { skip_s: 0, otherwise: Otherwise::Hold };
    let rules = |thens: &[Then]| thens.iter().map(|then| rule("r", When::default(), *then)).collect::<Vec<_>>();
    let verdict = |thens: &[Then]| assess(&rules(thens), &facts(&payment));
    assert_eq!(verdict(&[]), Verdict::Allow);
    assert!(matches!(verdict(&[step_up]), Verdict::StepUp { .. }));
    assert!(matches!(verdict(&[Then::Hold { people: 1 }, step_up]), Verdict::Hold { people: 1, .. }));
    assert!(matches!(verdict(&[Then::Hold { people: 2 }, Then::Hold { people: 1 }]), Verdict::Hold { people: 2, .. }));
    assert_eq!(
        verdict(&[step_up, Then::Deny, Then::Hold { people: 2 }]),
        Verdict::Deny { rule: "r".to_owned(), why: "risk.amount" }
    );
}

#[test]
fn a_step_up_is_skipped_as_the_rule_says() {
    let payment = payment();
    let verdict = |skip_s, otherwise, facts: Facts| {
        assess(&[rule("r", When::default(), Then::StepUp { skip_s, otherwise })], &facts)
    };
    let here = || facts(&payment);
    let (hold, allow, deny) = (Otherwise::Hold, Otherwise::Allow, Otherwise::Deny);
    assert!(matches!(verdict(60, hold, here()), Verdict::StepUp { .. }), "a minute ago is not within a minute");
    assert_eq!(verdict(61, hold, here()), Verdict::Allow);
    assert_eq!(verdict(0, hold, Facts { signed: true, ..here() }), Verdict::Allow);
    let without = || Facts { has_passkey: false, ..here() };
    assert_eq!(verdict(0, allow, without()), Verdict::Allow);
    assert!(matches!(verdict(0, hold, without()), Verdict::Hold { people: 1, .. }));
    assert!(matches!(verdict(0, deny, without()), Verdict::Deny { .. }));
}

#[test]
fn rules_that_nobody_could_answer_are_refused() {
    let refused = |when: When, then: Then| RiskRule { when, then, why: Why::Hours }.checked().is_err();
    let step_up = Then::StepUp { skip_s: 0, otherwise: Otherwise::Deny };
    let refunds = || When { moves: Moves::Refund, ..When::default() };
    assert!(refused(When::default(), Then::Hold { people: 0 }) && refused(When::default(), Then::Hold { people: 3 }));
    assert!(refused(refunds(), step_up) && refused(refunds(), Then::Hold { people: 1 }));
    assert!(!refused(refunds(), Then::Deny));
    assert!(refused(When { hours: Some((24, 3)), ..When::default() }, Then::Deny));
    assert!(refused(When { from: Some(Money::cny(-1)), ..When::default() }, Then::Deny));
}

#[test]
fn as_many_people_as_the_rule_says_let_a_held_payment_go() {
    let by = |name: &str| By { staff: StaffId::parse(name).unwrap(), person: name.to_owned() };
    let held = |people| Held {
        payment: PaymentId::new(1, [1; 10]),
        rule: "r".to_owned(),
        why: "risk.amount".to_owned(),
        people,
        approvals: Vec::new(),
        state: HeldState::Waiting,
        made_ms: 1,
        expires_ms: 9,
    };
    assert_eq!(approve(&held(1), by("wu"), "", 2).unwrap().state, HeldState::Released);
    let half = approve(&held(2), by("wu"), "seen", 2).unwrap();
    assert_eq!(half.state, HeldState::Waiting);
    assert_eq!(approve(&half, by("wu"), "", 3).unwrap_err().code, "proposal.own-work");
    let both = approve(&half, by("sun"), "", 3).unwrap();
    assert_eq!(both.state, HeldState::Released);
    assert_eq!(approve(&both, by("chen"), "", 4).unwrap_err().code, "held.state");
    assert_eq!(decline(&half, by("sun"), " ", 3).unwrap_err().code, "proposal.note-missing");
    assert_eq!(decline(&half, by("sun"), "fraud", 3).unwrap().state, HeldState::Declined);
    assert_eq!(lapse(&half).unwrap().state, HeldState::Lapsed);
    assert!(lapse(&both).is_err());
}
