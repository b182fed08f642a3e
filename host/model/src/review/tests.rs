use super::*;
use crate::manifest::{EXAMPLE, parse};

fn manifest(permissions: &[&str], category: &str) -> Manifest {
    let mut manifest = parse(EXAMPLE.as_bytes()).expect("the example is a manifest");
    manifest.req_permissions = permissions
        .iter()
        .map(|name| crate::manifest::Permission { name: (*name).to_owned(), reason: "because".to_owned() })
        .collect();
    manifest.xitai.category = category.to_owned();
    manifest.xitai.egress.clear();
    manifest
}

#[test]
fn each_tier_asks_for_its_desks() {
    use Desk as D;
    let cases: [(&[&str], &str, &[Desk]); 7] = [
        (&["xitai:services/storage"], "dining", &[D::Review]),
        (&["xitai:payments/payments"], "dining", &[D::Review, D::Risk, D::Operations]),
        (&["xitai:payments/coupons"], "dining", &[D::Review, D::Risk, D::Operations]),
        (&["xitai:identity/claims"], "dining", &[D::Review, D::Product, D::Risk]),
        (&["xitai:identity/customer"], "dining", &[D::Review]),
        (&["xitai:identity/secure-fields"], "dining", &[D::Review, D::Risk, D::Technology]),
        (&["xitai:services/storage"], "health", &D::ALL),
    ];
    for (permissions, category, expected) in cases {
        assert_eq!(desks(&manifest(permissions, category)), expected, "{permissions:?} {category}");
    }
    // A secure field that leaves by an endpoint counts without the permission's name.
    let mut sends = manifest(&["xitai:services/partner"], "dining");
    sends.xitai.egress = parse(EXAMPLE.as_bytes()).expect("a manifest").xitai.egress;
    assert_eq!(tiers(&sends), [Tier::SecureFields]);
}

#[test]
fn names_are_read_as_they_are_written() {
    for desk in Desk::ALL {
        assert_eq!(Desk::parse(desk.as_str()), Some(desk));
        assert_eq!(serde_json::to_value(desk).expect("a name"), desk.as_str());
    }
    for tier in Tier::ALL {
        assert_eq!(serde_json::to_value(tier).expect("a name"), tier.as_str());
    }
    assert_eq!(Desk::parse("audit"), None);
}

#[test]
fn points_have_ids_of_their_own_and_both_languages() {
    for (at, point) in CHECKLIST.iter().enumerate() {
        assert_eq!(point.id, format!("h{}", at + 1));
        assert!(point.en.ends_with('.') && point.zh.ends_with('。'), "{point:?}");
    }
    assert!(is_point("h8") && !is_point("h9"));
}

#[test]
fn a_round_begins_anew_but_for_what_the_machine_found() {
    let evidence = Some(Digest::of(b"evidence"));
    let mut first = Reviewing { evidence: evidence.clone(), ..Reviewing::default() }.begun(0, 1_000);
    let tick = Tick { by: StaffId::parse("chen").expect("an id"), person: "Chen".to_owned(), at_ms: 1 };
    first.ticks.insert("h1".to_owned(), tick);
    first.escalated_ms = Some(5);
    assert_eq!(first.open_points().len(), CHECKLIST.len() - 1);
    let second = first.begun(1, 9_000);
    assert_eq!((second.round, second.deadline_ms), (1, 9_000 + REVIEW_MS_MAX));
    assert_eq!((second.open_points().len(), second.escalated_ms, second.evidence), (CHECKLIST.len(), None, evidence));
    assert!(!first.is_overdue(first.deadline_ms - 1) && first.is_overdue(first.deadline_ms), "the edge");
    assert!(!Reviewing::default().is_overdue(i64::MAX), "nothing waits");
}
