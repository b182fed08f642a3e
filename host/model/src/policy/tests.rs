//! The whole matrix, against the text that people read and review.

use super::*;
use crate::ids::StaffId;

fn place(id: &str) -> PlaceId {
    PlaceId::parse(id).unwrap()
}

/// bank > jiangsu > suzhou, nanjing
fn is_within(place: &PlaceId, above: &PlaceId) -> bool {
    let chain: &[&str] = match place.as_str() {
        "suzhou" => &["suzhou", "jiangsu", "bank"],
        "nanjing" => &["nanjing", "jiangsu", "bank"],
        "jiangsu" => &["jiangsu", "bank"],
        _ => &["bank"],
    };
    chain.contains(&above.as_str())
}

fn staff(roles: &[(Role, &str)]) -> Staff {
    Staff {
        id: StaffId::parse("lin").unwrap(),
        name: "Lin".to_owned(),
        roles: roles.iter().map(|(role, at)| (*role, place(at))).collect(),
        publisher: Some(PublisherId::parse("suzhou-branch").unwrap()),
        customer: CustomerId::new(1, [1; 10]),
        person: "p1".to_owned(),
        password_hash: String::new(),
        proposed: None,
        past: vec![],
        closed: None,
    }
}

const ROLES: [(&str, Role, &str); 16] = [
    ("developer of suzhou-branch", Role::Developer, "suzhou"),
    ("reviewer at bank", Role::Reviewer, "bank"),
    ("product at bank", Role::Product, "bank"),
    ("risk at bank", Role::Risk, "bank"),
    ("operations at bank", Role::Operations, "bank"),
    ("technology at bank", Role::Technology, "bank"),
    ("head-office-manager at bank", Role::HeadOfficeManager, "bank"),
    ("duty-officer at bank", Role::DutyOfficer, "bank"),
    ("duty-officer at jiangsu", Role::DutyOfficer, "jiangsu"),
    ("branch-operator at suzhou", Role::BranchOperator, "suzhou"),
    ("branch-operator at jiangsu", Role::BranchOperator, "jiangsu"),
    ("manager at suzhou", Role::Manager, "suzhou"),
    ("customer-manager at suzhou", Role::CustomerManager, "suzhou"),
    ("clerk at suzhou", Role::Clerk, "suzhou"),
    ("auditor at bank", Role::Auditor, "bank"),
    ("auditor at jiangsu", Role::Auditor, "jiangsu"),
];

fn matrix() -> String {
    let (bank, suzhou, nanjing) = (place("bank"), place("suzhou"), place("nanjing"));
    let own = PublisherId::parse("suzhou-branch").unwrap();
    let other = PublisherId::parse("tea-house").unwrap();
    let (me, them) = (CustomerId::new(1, [1; 10]), CustomerId::new(2, [2; 10]));
    let none = Resource::default();
    let resources = [
        ("bank", Resource { place: Some(&bank), ..none }),
        ("suzhou", Resource { place: Some(&suzhou), ..none }),
        ("nanjing", Resource { place: Some(&nanjing), ..none }),
        ("suzhou/suzhou-branch", Resource { place: Some(&suzhou), publisher: Some(&own), ..none }),
        ("suzhou/tea-house", Resource { place: Some(&suzhou), publisher: Some(&other), ..none }),
        ("own", Resource { customer: Some(&me), ..none }),
        ("another customer's", Resource { customer: Some(&them), ..none }),
    ];
    let people: Vec<(&str, Staff)> = ROLES.iter().map(|(name, role, at)| (*name, staff(&[(*role, at)]))).collect();
    let mut askers = vec![("nobody", Asking::Nobody), ("customer", Asking::Customer(&me))];
    askers.extend(people.iter().map(|(name, staff)| (*name, Asking::Staff(staff))));
    let mut text = String::from("# Who may do what to which thing: + allowed, - forbidden, . hidden.\n");
    text += "# Columns: ";
    text += &resources.map(|(name, _)| name).join(", ");
    text += ".\n";
    for (name, asking) in askers {
        text += &format!("\n{name}\n");
        for action in Action::ALL {
            let marks = resources.map(|(_, resource)| match decide(asking, *action, resource, is_within) {
                Decision::Allow => "+",
                Decision::Forbid => "-",
                Decision::Hide => ".",
            });
            text += &format!("  {:<20} {}\n", action.as_str(), marks.join(" "));
        }
    }
    text += "\n# What needs a fresh proof of presence from staff: optional without a passkey, with one, required without one.\n";
    for action in Action::ALL {
        let cases = [(StepUp::Optional, false), (StepUp::Optional, true), (StepUp::Required, false)];
        let marks = cases.map(|(bank, has)| if asks_presence(*action, bank, has) { "asked" } else { "-" });
        text += &format!("  {:<20} {}\n", action.as_str(), marks.join(" "));
    }
    text += "\n# What a publisher's machine may be given.\n";
    for action in MACHINE_SCOPES {
        text += &format!("  {}\n", action.as_str());
    }
    text
}

/// After a change that is meant, run the test with `XITAI_UPDATE=1` and review the difference.
#[test]
fn the_matrix_is_the_reviewed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/policy.txt");
    let matrix = matrix();
    if std::env::var("XITAI_UPDATE").is_ok_and(|word| word == "1") {
        std::fs::write(path, &matrix).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap();
    assert!(matrix == reviewed, "the matrix differs from {path}:\n{matrix}");
}

#[test]
fn several_roles_add_up() {
    let both = staff(&[(Role::Clerk, "suzhou"), (Role::BranchOperator, "nanjing")]);
    let (suzhou, nanjing) = (place("suzhou"), place("nanjing"));
    let at = |place| Resource { place: Some(place), ..Resource::default() };
    let enable = |place| decide(Asking::Staff(&both), Action::EnableProgram, at(place), is_within);
    assert_eq!(enable(&nanjing), Decision::Allow);
    assert_eq!(enable(&suzhou), Decision::Forbid, "the clerk knows of it");
    assert_eq!(enable(&place("bank")), Decision::Hide);
}
