use super::*;
use crate::digest::Digest;
use crate::manifest::{EXAMPLE, parse};

fn release(state: ReleaseState) -> Release {
    Release {
        id: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
        publisher: PublisherId::parse("suzhou-branch").unwrap(),
        uploaded_by: lin(),
        uploaded_ms: 0,
        package: Digest::of(b"package"),
        component: Digest::of(b"component"),
        package_bytes: 7,
        manifest: parse(EXAMPLE.as_bytes()).unwrap(),
        state,
        findings: vec![],
        review: None,
        signoffs: vec![],
        reviewing: Default::default(),
        granted: vec![],
        components: vec![],
        signature: None,
        countersignature: None,
        damages: vec![],
    }
}

fn lin() -> StaffId {
    StaffId::parse("lin").unwrap()
}
fn testers(count: usize) -> Vec<CustomerId> {
    (0..count).map(|number| CustomerId::new(number as i64, [1; 10])).collect()
}
fn opened(state: ReleaseState, count: usize, for_ms: i64) -> Result<Trial, String> {
    open(&release(state), lin(), testers(count), for_ms, 1_000).map_err(|refusal| refusal.code)
}

#[test]
fn only_what_the_machine_has_passed_is_tried() {
    use ReleaseState as S;
    for (state, fits) in [
        (S::Checking, false),
        (S::Refused, false),
        (S::InReview, true),
        (S::HalfApproved, true),
        (S::Returned, true),
        (S::Approved, true),
    ] {
        let expected = if fits { None } else { Some("trial.not-checked".to_owned()) };
        assert_eq!(opened(state, 1, 1).err(), expected, "{state:?}");
    }
}

#[test]
fn testers_and_time_end_at_their_limits() {
    let state = ReleaseState::InReview;
    assert!(opened(state, TRIAL_TESTERS_MAX, TRIAL_MS_MAX).is_ok());
    assert_eq!(opened(state, TRIAL_TESTERS_MAX + 1, 1), Err("trial.testers".to_owned()));
    assert_eq!(opened(state, 0, 1), Err("trial.testers".to_owned()));
    assert_eq!(opened(state, 1, TRIAL_MS_MAX + 1), Err("trial.time".to_owned()));
    assert_eq!(opened(state, 1, 0), Err("trial.time".to_owned()));
    // The same tester twice is one.
    let twice = open(&release(state), lin(), [testers(50), testers(50)].concat(), 1, 0).unwrap();
    assert_eq!(twice.testers.len(), TRIAL_TESTERS_MAX);
}

#[test]
fn it_admits_its_testers_while_it_is_open() {
    let trial = opened(ReleaseState::InReview, 2, 100).unwrap();
    let [first, stranger] = [testers(1).remove(0), testers(3).remove(2)];
    assert!(trial.admits(&first, 1_000) && trial.admits(&first, 1_099), "the edge");
    assert!(!trial.admits(&first, 1_100) && !trial.admits(&first, 999) && !trial.admits(&stranger, 1_000));
    let ended = trial.end(Some(lin()), 1_050).unwrap();
    assert!(!ended.admits(&first, 1_051));
    assert_eq!(ended.end(Some(lin()), 1_060).unwrap_err().code, "trial.over");
    assert_eq!(trial.end(None, 1_099).unwrap_err().code, "trial.over", "the clock ends nothing early");
    assert_eq!(trial.end(None, 1_100).unwrap().ended, Some(Ended { by: None, at_ms: 1_100 }));
}

#[test]
fn what_it_keeps_is_under_an_id_of_its_own() {
    let canteen = ProgramId::parse("cn.bank.suzhou.canteen").unwrap();
    let practice = practice_id(&canteen).unwrap();
    assert_eq!(practice.as_str(), "trial.cn.bank.suzhou.canteen");
    assert!(is_practice_id(&practice) && !is_practice_id(&canteen));
}

#[test]
fn closed_functions_are_in_order_so_that_they_are_found() {
    assert!(CLOSED.is_sorted());
    assert!(is_closed("partner.call") && is_closed("claims.request") && !is_closed("payments.request"));
}
