//! The whole table of routes against the running product: whoever may not is refused at each of them, and each that
//! changes something has its name in the audit trail. A new route needs nothing here, unless it leaves several names.

use serde::Deserialize;
use serde_json::{Value, json};
use xitai_model::place::Role;
use xitai_model::policy::{Action, allows};
use xitai_tests::process::repository;
use xitai_tests::{Answer, Bank, Caller};

#[derive(Deserialize)]
struct Route {
    method: String,
    path: String,
    access: String,
    action: Option<String>,
    audit: String,
    page: bool,
}

impl Route {
    fn changes(&self) -> bool {
        self.method != "GET"
    }
    fn named(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
    fn action(&self) -> Option<Action> {
        self.action.as_deref().map(|action| Action::parse(action).expect("an action of the policy"))
    }
}

fn routes() -> Vec<Route> {
    let told = xitai_tests::binary::run(&["routes", "--json"], &[]).done().json();
    let routes: Vec<Route> = serde_json::from_value(told["routes"].clone()).expect("routes");
    assert!(routes.len() > 150, "the whole table: {}", routes.len());
    routes
}

/// One of the demo's people for each role.
const PEOPLE: [(&str, Role); 13] = [
    ("dev-lin", Role::Developer),
    ("reviewer-chen", Role::Reviewer),
    ("product-hu", Role::Product),
    ("risk-song", Role::Risk),
    ("operations-liu", Role::Operations),
    ("technology-gao", Role::Technology),
    ("manager-wu", Role::HeadOfficeManager),
    ("duty-sun", Role::DutyOfficer),
    ("operator-qian", Role::BranchOperator),
    ("canteen-zhou", Role::Manager),
    ("relation-tang", Role::CustomerManager),
    ("clerk-he", Role::Clerk),
    ("auditor-feng", Role::Auditor),
];

/// Roles whose people in the demo sit in a branch: what is for the whole bank is not for them.
const OF_BRANCH: [Role; 5] = [Role::Developer, Role::BranchOperator, Role::Manager, Role::CustomerManager, Role::Clerk];

fn call(caller: &Caller, route: &Route) -> Answer {
    // Names that nobody has: who may not is refused before anything is looked for.
    let parts =
        route.path.split('/').map(|part| if part.starts_with('{') { "01arz3ndektsv4rrffq69g5fav" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    match route.method.as_str() {
        "GET" | "DELETE" => caller.send(&route.method, &path, "", Vec::new()),
        _ if route.page => {
            let headers = [("sec-fetch-site", "same-origin")];
            caller.send_with(&route.method, &path, "application/x-www-form-urlencoded", Vec::new(), &headers)
        }
        _ => caller.send(&route.method, &path, "application/json", b"{}".to_vec()),
    }
}

fn hasty_bank() -> Bank {
    Bank::with(xitai_tests::Database::Sqlite, &["--requests-per-s".to_owned(), "100000".to_owned()])
}

#[test]
fn nobody_gets_through_without_a_sign_in() {
    let bank = hasty_bank();
    let (nobody, made_up) = (bank.visitor(), bank.visitor().with_token("made-up"));
    for route in routes().iter().filter(|route| route.access != "anyone") {
        for caller in [&nobody, &made_up] {
            let answer = call(caller, route);
            let to_sign_in = answer.header("location").is_some_and(|to| to.starts_with("/app/sign-in"));
            let refused = answer.status == 401 || route.page && answer.status == 303 && to_sign_in;
            assert!(refused, "{}: {} {}", route.named(), answer.status, answer.text());
        }
    }
}

#[test]
fn who_may_not_is_refused_at_every_route() {
    let bank = hasty_bank();
    let customer = bank.customer("wang").caller;
    let people: Vec<(Role, Caller)> = PEOPLE.iter().map(|(login, role)| (*role, bank.sign_in(login))).collect();
    let mut refused = 0;
    for route in routes() {
        let Some(action) = route.action() else { continue };
        let of_bank = route.access == "bank";
        let may = |role: Role| allows(role, action) && !(of_bank && OF_BRANCH.contains(&role));
        let others = people.iter().filter(|(role, _)| !may(*role));
        let others = others.map(|(role, caller)| (format!("{role:?}"), caller));
        let everybody = others.chain([("a customer".to_owned(), &customer)]);
        for (who, caller) in everybody {
            let answer = call(caller, &route);
            assert_eq!(answer.status, 403, "{} by {who}: {}", route.named(), answer.text());
            if !route.page {
                answer.refused(403, "auth.forbidden");
            }
            refused += 1;
        }
        // And whoever may gets through: past the gate there is only what is not there, or not so.
        for (role, caller) in people.iter().filter(|(role, _)| may(*role)) {
            let answer = call(caller, &route);
            let at_gate = answer.status == 401 || answer.status == 403 && answer.text().contains("auth.scope");
            assert!(!at_gate, "{} by {role:?}: {} {}", route.named(), answer.status, answer.text());
        }
    }
    assert!(refused > 500, "every route that asks for a right was tried: {refused}");
}

#[test]
fn a_machine_does_only_what_its_token_was_made_for() {
    let bank = hasty_bank();
    let developer = bank.staff("dev-lin").caller;
    let made = json!({"name": "build", "scopes": ["release.publish"], "days": 1});
    let token = developer.post("/api/v1/publisher/tokens", &made).ok();
    let machine = bank.visitor().with_token(token["token"].as_str().expect("a token"));
    for route in routes() {
        let open = matches!(route.access.as_str(), "anyone" | "token");
        if open || route.action.as_deref() == Some("release.publish") {
            continue;
        }
        let answer = call(&machine, &route);
        assert_eq!(answer.status, 403, "{}: {}", route.named(), answer.text());
    }
}

/// Routes whose one name in the log stands for several in the trail, by what came of the request.
const SEVERAL: &[(&str, &[&str])] = &[
    ("campaign.stepped", &["campaign.accepted", "campaign.stopped"]),
    ("complaint.handled", &["complaint.taken", "complaint.answered"]),
    ("content.decided", &["content.signed-off", "content.approved", "content.returned"]),
    ("content.ended", &["content.withdrawn"]),
    ("freeze.changed", &["freeze.planned", "freeze.ended", "freeze.exception-asked", "freeze.exception-decided"]),
    ("held-payment.decided", &["payment.released", "payment.declined"]),
    ("incident.step", &["incident.noted", "incident.assessed", "incident.reported", "incident.closed"]),
    ("direct.decided", &["payment.confirmed", "payment.declined"]),
    ("direct.undone", &["payment.cancelled", "payment.refunded"]),
    ("mandate.decided", &["mandate.paused", "mandate.revoked"]),
    ("organisation.kept", &["place.founded", "staff.hired", "publisher.added"]),
    ("place.changed", &["place.renamed", "place.moved", "place.merged", "place.closed"]),
    ("promotion.changed", &["promotion.proposed", "promotion.decided"]),
    ("rating.moderated", &["rating.taken-down", "rating.shown"]),
    ("review.decided", &["release.approved", "release.returned", "release.signed-off"]),
    ("review.ticked", &["release.points-ticked"]),
    ("rollout.changed", &["rollout.opened", "rollout.enabled"]),
    // The command's own word stands after the dot.
    ("rollout.command", &["rollout.{}"]),
    ("setting.changed", &["setting.proposed", "setting.decided"]),
    ("sheet.decided", &["sheet.agreed", "sheet.left"]),
    ("sheet.tender-chosen", &["payment.tender-chosen"]),
    ("stop.lift-decided", &["stop.lift-returned", "stop.lifted"]),
    ("thread.answered", &["thread.written"]),
];

/// Routes that change nothing of the bank's, and why they leave nothing.
const LEAVES_NOTHING: &[(&str, &str)] = &[
    ("page.look", "a cookie of the browser's own: theme and size of type"),
    ("code.read", "what a picture says goes back to whoever sent it; nothing is kept"),
    ("page.scanned", "the same on the page"),
];

/// The product's code that decides and commits, as one text.
fn code() -> String {
    fn gather(folder: &std::path::Path, code: &mut String) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                gather(&path, code);
            } else if path.extension().is_some_and(|it| it == "rs") {
                code.push_str(&std::fs::read_to_string(&path).expect("a file"));
            }
        }
    }
    let mut code = String::new();
    for folder in ["host/server/src/app", "host/server/src/jobs", "host/model/src"] {
        gather(&repository().join(folder), &mut code);
    }
    code
}

#[test]
fn every_route_that_changes_something_has_its_name_in_the_trail() {
    let code = code();
    let is_written = |name: &str| code.contains(&format!("\"{name}\""));
    for route in routes().iter().filter(|route| route.changes()) {
        if LEAVES_NOTHING.iter().any(|(audit, why)| *audit == route.audit && !why.is_empty()) {
            continue;
        }
        let several = SEVERAL.iter().find(|(audit, _)| *audit == route.audit).map(|(_, names)| *names);
        let own = [route.audit.as_str()];
        for name in several.unwrap_or(&own) {
            assert!(is_written(name), "{} leaves {name} in the trail", route.named());
        }
    }
    // What the demo's people have done so far is told in the same words.
    let bank = Bank::start();
    let trail = bank.staff("auditor-feng").audit();
    let by_people = trail.iter().filter(|record| record["actor"] != "host");
    let is_known = |name: &str| is_written(name) || name.starts_with("rollout.") && is_written("rollout.{}");
    let unknown: Vec<&Value> = by_people.filter(|it| !is_known(it["action"].as_str().unwrap_or_default())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
