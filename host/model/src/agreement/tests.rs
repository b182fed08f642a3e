use super::*;
use crate::claims::Facts;
use crate::identity::Level;
use crate::predicate::Suitability;

const NOW_MS: i64 = 1_790_000_000_000;

fn details(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
fn product(hours: u32, days: Option<u32>) -> Product {
    let entry = |n: u8| EntryId::new(1, [n; 10]);
    Product {
        entry: entry(1),
        title: "稳健一号".to_owned(),
        digest: Digest::of(b"p"),
        terms: Terms { risk: 2, cooling_off_hours: hours, term_days: days },
        papers: vec![Paper { entry: entry(2), title: "说明书".to_owned(), digest: Digest::of(b"d") }],
    }
}
fn known(grade: Option<u8>) -> Known {
    let suitability = grade.map(|grade| Suitability { grade, until_ms: NOW_MS + 1 });
    let facts = Facts { suitability, ..Facts::default() };
    Known { level: Level::AccountHolder, display_name: String::new(), facts, branch_manager: None }
}
/// One whose document was opened.
fn agreement(hours: u32, days: Option<u32>) -> Agreement {
    let it = proposed(product(hours, days), Some(Money::cny(100)), &known(Some(2)), "en", NOW_MS).unwrap();
    it.opened(&EntryId::new(1, [2; 10])).unwrap()
}

#[test]
fn nothing_is_signed_before_each_document_was_opened() {
    let mut product = product(24, None);
    product.papers.push(Paper { entry: EntryId::new(1, [3; 10]), ..product.papers[0].clone() });
    let fresh = proposed(product, None, &known(Some(2)), "en", NOW_MS).unwrap();
    let [first, second] = [2, 3].map(|n| EntryId::new(1, [n; 10]));
    let refused = |it: &Agreement| apply(it, Command::Sign, NOW_MS).unwrap_err();
    assert_eq!(
        (refused(&fresh).code.as_str(), refused(&fresh).detail.as_str()),
        ("agreement.unopened", first.as_str())
    );
    let one = fresh.opened(&first).unwrap();
    assert_eq!(one.opened(&first).unwrap(), one, "again is once");
    assert_eq!(refused(&one).detail, second.as_str());
    let both = one.opened(&second).unwrap();
    let signed = apply(&both, Command::Sign, NOW_MS).unwrap();
    assert_eq!(signed.status, Status::CoolingOff);
    assert_eq!(signed.opened(&first).unwrap(), signed);
    assert_eq!(fresh.opened(&EntryId::new(1, [9; 10])).unwrap_err().code, "agreement.not-found");
}

#[test]
fn terms_are_read_strictly() {
    let of = |pairs: &[(&str, &str)]| Terms::of(&details(pairs)).map_err(|refusal| refusal.detail);
    assert_eq!(of(&[("risk", "R3")]), Ok(Terms { risk: 3, cooling_off_hours: 0, term_days: None }));
    let all = [("risk", "R1"), ("cooling-off-hours", "24"), ("term-days", "90")];
    assert_eq!(of(&all), Ok(Terms { risk: 1, cooling_off_hours: 24, term_days: Some(90) }));
    assert_eq!(of(&[]), Err("risk".to_owned()));
    assert_eq!(of(&[("risk", "low")]), Err("risk".to_owned()));
    assert_eq!(of(&[("risk", "R1"), ("cooling-off-hours", "a day")]), Err("cooling-off-hours".to_owned()));
    let most = AGREEMENT_COOLING_HOURS_MAX;
    assert!(of(&[("risk", "R1"), ("cooling-off-hours", &most.to_string())]).is_ok());
    assert!(of(&[("risk", "R1"), ("cooling-off-hours", &(most + 1).to_string())]).is_err());
    assert!(of(&[("risk", "R1"), ("term-days", &AGREEMENT_TERM_DAYS_MAX.to_string())]).is_ok());
    assert!(of(&[("risk", "R1"), ("term-days", &(AGREEMENT_TERM_DAYS_MAX + 1).to_string())]).is_err());
}

#[test]
fn what_does_not_suit_is_a_reasoned_no() {
    let of = |grade| proposed(product(24, None), None, &known(grade), "en", NOW_MS).unwrap();
    assert_eq!((of(Some(2)).status, of(Some(2)).reasons.len()), (Status::Proposed, 0));
    assert_eq!(of(Some(1)).status, Status::Unsuitable);
    assert_eq!(of(Some(1)).reasons, ["The product's risk is R2, above what your assessment, C1, allows."]);
    assert_eq!(of(None).reasons, ["You have not had your risk assessed yet."]);
    assert!(proposed(product(0, None), Some(Money::cny(0)), &known(Some(2)), "en", NOW_MS).is_err());
}

#[test]
fn it_cools_off_then_is_in_force_for_its_term() {
    let signed = apply(&agreement(24, Some(90)), Command::Sign, NOW_MS).unwrap();
    let cooled = NOW_MS + 24 * HOUR_MS;
    assert_eq!((signed.status, signed.due_ms()), (Status::CoolingOff, Some(cooled)));
    assert_eq!(apply(&signed, Command::Pass, cooled - 1).unwrap(), signed);
    assert_eq!(apply(&signed, Command::Withdraw, cooled - 1).unwrap().status, Status::Withdrawn);
    assert_eq!(apply(&signed, Command::Withdraw, cooled).unwrap_err().code, "agreement.cooled-off");
    // A job that is late gives nobody a longer term.
    let in_force = apply(&signed, Command::Pass, cooled + 5_000).unwrap();
    let end = cooled + 90 * 24 * HOUR_MS;
    assert_eq!((in_force.status, in_force.due_ms()), (Status::InForce, Some(end)));
    let ended = apply(&in_force, Command::Pass, end).unwrap();
    assert_eq!((ended.status, ended.due_ms()), (Status::Ended, None));
    let at_once = apply(&agreement(0, None), Command::Sign, NOW_MS).unwrap();
    assert_eq!((at_once.status, at_once.until_ms), (Status::InForce, None));
}

#[test]
fn every_state_answers_every_command() {
    use Status::{CoolingOff, Ended, InForce, Other, Proposed, Unsuitable, Withdrawn};
    let commands = [Command::Sign, Command::Leave, Command::Withdraw, Command::Pass];
    let table: [(Status, [Option<Status>; 4]); 7] = [
        (Proposed, [Some(CoolingOff), Some(Ended), None, Some(Proposed)]),
        (Unsuitable, [None, None, None, Some(Unsuitable)]),
        (CoolingOff, [None, None, Some(Withdrawn), Some(CoolingOff)]),
        (InForce, [None, None, None, Some(InForce)]),
        (Withdrawn, [None, None, Some(Withdrawn), Some(Withdrawn)]),
        (Ended, [None, None, None, Some(Ended)]),
        (Other, [None, None, None, Some(Other)]),
    ];
    for (from, to) in table {
        for (command, expected) in commands.iter().zip(to) {
            let it = Agreement { status: from, until_ms: Some(NOW_MS + 1), ..agreement(24, None) };
            let next = apply(&it, *command, NOW_MS).ok().map(|next| next.status);
            assert_eq!(next, expected, "{from:?} {command:?}");
        }
    }
}
