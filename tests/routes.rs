//! The whole table of routes against the running product: whoever may not is refused at each of them, and each that
//! changes something has its name in the audit trail. A new route needs nothing here, unless it leaves several names.

use serde::Deserialize;
use serde_json::{Value, json};
use xitai_model::place::Role;
use xitai_model::policy::{Action, allows};
use xitai_tests::desk::{DESK, MERCHANT};
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

/// A developer has these rights over what is their publisher's. The console and its lists are of everybody's.
const NOT_A_DEVELOPERS: &[&str] = &[
    "GET /api/v1/calendar",
    "GET /console",
    "GET /console/programs",
    "GET /console/programs/{id}",
    "POST /console/programs/{id}/rollout",
    "GET /console/calendar",
    "POST /console/calendar",
    "GET /console/campaigns",
    "GET /console/codes",
    "GET /console/journeys",
    "GET /console/campaigns/{id}",
];

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
            let to = answer.header("location").unwrap_or_default();
            // Nobody signs in at a kiosk: whoever is not there any more is back at its front.
            let to_sign_in = to.starts_with("/app/sign-in") || route.path.starts_with("/kiosk/") && to == "/kiosk";
            let refused = answer.status == 401 || route.page && answer.status == 303 && to_sign_in;
            assert!(refused, "{}: {} {}", route.named(), answer.status, answer.text());
        }
    }
}

/// Streams end only with their reader, so that they are asked without what they need.
const ASK_FOR_MORE: &[&str] = &["GET /api/v1/live"];

#[test]
fn who_may_not_is_refused_at_every_route() {
    let bank = hasty_bank();
    let customer = bank.customer("wang").caller;
    let people: Vec<(Role, Caller)> = PEOPLE.iter().map(|(login, role)| (*role, bank.sign_in(login))).collect();
    let (mut refused, mut through) = (0, 0);
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
        // And whoever may gets through: past the gate there is what was asked for, or what is not there, or not so.
        for (role, caller) in people.iter().filter(|(role, _)| may(*role)) {
            let answer = call(caller, &route);
            let is_through = match answer.status {
                401 => false,
                403 => *role == Role::Developer && NOT_A_DEVELOPERS.contains(&route.named().as_str()),
                400 if ASK_FOR_MORE.contains(&route.named().as_str()) => answer.code() == "request.malformed",
                status if route.method == "GET" && !route.path.contains('{') => (200..400).contains(&status),
                status => status < 500,
            };
            assert!(is_through, "{} by {role:?}: {} {}", route.named(), answer.status, answer.text());
            through += 1;
        }
    }
    assert!(refused > 500 && through > 500, "every route that asks for a right was tried: {refused}, {through}");
}

/// Routes that change only what belongs to whoever calls: nobody who is signed in is forbidden.
const ONES_OWN: &[&str] = &[
    "DELETE /api/v1/tokens/current",
    "POST /api/v1/sessions",
    "DELETE /api/v1/me",
    "POST /api/v1/me/complaints",
    "PUT /api/v1/me/notice-settings",
    "PUT /api/v1/me/notice-settings/{program}",
    "PUT /api/v1/me/notice-mail",
    "POST /api/v1/me/coupons",
    "POST /api/v1/me/cards",
    "POST /api/v1/me/cards/bindings",
    "POST /api/v1/me/pay-code",
    "PUT /api/v1/me/pay-code/unasked",
    "POST /api/v1/me/direct-payments",
    "POST /api/v1/me/scans",
    "POST /api/v1/merchant-applications",
    "DELETE /api/v1/me/tokens",
    "DELETE /api/v1/me/tokens/{token}",
    "POST /api/v1/me/passkeys",
    "POST /api/v1/me/passkeys/challenges",
    "PUT /api/v1/me/passkeys/{passkey}",
    "DELETE /api/v1/me/passkeys/{passkey}",
    "POST /api/v1/me/codes",
    "POST /api/v1/me/lent-codes",
    "POST /api/v1/step-ups",
    "POST /api/v1/step-ups/{step_up}",
    "POST /api/v1/kiosk/touch",
    "PUT /api/v1/me/favourites/{program}",
    "DELETE /api/v1/me/favourites/{program}",
];

/// Routes of somebody's own things whose tests make such a thing, and let somebody else ask for it: file and test.
const PROVEN: &[(&str, &str, &str)] = &[
    (
        "POST /api/v1/sessions/{id}/recording",
        "recordings",
        "a_session_that_was_given_away_is_performed_again_elsewhere",
    ),
    ("POST /api/v1/me/consents/{id}/withdraw", "consents", "each_fact_is_given_by_itself_and_taken_back_at_once"),
    ("POST /api/v1/me/agreements/{id}/withdraw", "agreements", "a_product_is_signed_with_its_documents_and_taken_back"),
    (
        "POST /api/v1/me/agreements/{id}/documents/{entry}",
        "agreements",
        "a_product_is_signed_with_its_documents_and_taken_back",
    ),
    ("POST /api/v1/me/notices/{id}/read", "notices", "a_notice_needs_a_permission_and_uses_it_up"),
    ("POST /api/v1/me/threads/{id}/messages", "relationship", "each_writes_for_themselves_and_the_program_hears"),
    ("PUT /api/v1/me/threads/{id}", "relationship", "each_writes_for_themselves_and_the_program_hears"),
    ("POST /api/v1/me/mandates/{id}/steps", "mandates", "the_customers_word_ends_it_at_once_and_the_program_hears"),
    (
        "POST /api/v1/me/complaints/{id}/replies",
        "complaints",
        "a_complaint_goes_to_head_office_and_comes_back_answered",
    ),
    (
        "DELETE /api/v1/me/merchant-applications/{id}",
        "merchants",
        "somebody_without_a_program_becomes_a_merchant_by_two_people",
    ),
    ("DELETE /api/v1/me/cards/{id}", "tenders", "a_card_is_bound_at_the_rails_page_and_only_by_who_began"),
    (
        "POST /api/v1/campaigns/{id}/steps",
        "coupons",
        "a_coupon_that_is_over_gives_back_and_a_stopped_campaign_returns_its_rest",
    ),
    ("POST /api/v1/handovers", "handover", "a_code_serves_once_for_its_customer_and_for_two_minutes"),
    ("POST /api/v1/programs/{id}/budget", "gifts", "a_program_pays_out_of_its_own_budget_and_no_more"),
];

/// A request about somebody's own thing: whose it is, and what anybody else is told.
struct Own {
    named: &'static str,
    path: String,
    body: Value,
    owner: &'static str,
    refused: (u16, &'static str),
}

/// Things of wang's and of the canteen's, and a request about each.
fn owned(bank: &Bank) -> Vec<Own> {
    let (wang, till) = (bank.customer("wang"), bank.sign_in("dev-lin"));
    let mut session = wang.desk();
    for key in ["lunch", "dinner"] {
        session.pays(key, 500);
    }
    crate::tenders::paid_with(&mut session, "coins", 700, "cash");
    let [payment, disputed] = ["lunch", "dinner"].map(|key| wang.payment_under(key)["id"].clone());
    let text = |id: &Value| id.as_str().expect("an id").to_owned();
    let (payment, disputed) = (text(&payment), text(&disputed));
    let ask = json!({"reason": "other", "text": "x"});
    let dispute = text(&wang.caller.post(&format!("/api/v1/me/payments/{disputed}/dispute"), &ask).ok()["id"]);
    let list = bank.sign_in("clerk-he").get(&format!("/api/v1/merchants/{MERCHANT}/cash")).ok();
    let due = text(&list["cash"][0]["id"]);
    let code = wang.caller.post("/api/v1/me/pay-code", &json!({})).ok()["text"].clone();
    let fen = json!({"minor": 100, "currency": "CNY"});
    let asked = json!({"code": code, "amount": fen, "purpose": "tea", "key": "1"});
    let direct = text(&till.post(&format!("/api/v1/pay-codes/{MERCHANT}"), &asked).ok()["id"]);
    let (ticket, digest) = session.open_pay_sheet("open", 300);
    let (at, sheet) =
        (format!("/api/v1/sessions/{}", session.id), format!("/api/v1/sessions/{}/sheets/{ticket}", session.id));
    let (no_session, no_payment) = ((404, "session.not-found"), (404, "payment.not-found"));
    let (no_dispute, no_merchant) = ((404, "dispute.not-found"), (404, "merchant.not-found"));
    let of = |named, path: String, body, owner, refused| Own { named, path, body, owner, refused };
    let event = json!({"device": "d", "client_seq": 1, "seen": 1, "event": {"type": "resumed"}});
    let decline = json!({"device": "d", "decision": "decline", "digest": digest});
    let pay_code = format!("/api/v1/pay-codes/{MERCHANT}/{direct}");
    vec![
        of("POST /api/v1/sessions/{id}/events", format!("{at}/events"), event, "wang", no_session),
        of("POST /api/v1/sessions/{id}/handover", format!("{at}/handover"), json!({}), "wang", no_session),
        of("PUT /api/v1/sessions/{id}/handover", format!("{at}/handover"), json!({}), "wang", no_session),
        of(
            "PUT /api/v1/sessions/{id}/sheets/{ticket}/tender",
            format!("{sheet}/tender"),
            json!({"tender": "cash"}),
            "wang",
            no_session,
        ),
        of(
            "PUT /api/v1/sessions/{id}/sheets/{ticket}/file",
            format!("{sheet}/file?name=a"),
            json!({}),
            "wang",
            no_session,
        ),
        of(
            "PUT /api/v1/sessions/{id}/secure-fields/{ticket}",
            format!("{at}/secure-fields/{ticket}"),
            json!({"value": "1"}),
            "wang",
            no_session,
        ),
        of("POST /api/v1/sessions/{id}/sheets/{ticket}", sheet, decline, "wang", no_session),
        of(
            "POST /api/v1/me/payments/{id}/dispute",
            format!("/api/v1/me/payments/{payment}/dispute"),
            json!({"reason": "other", "text": "x"}),
            "wang",
            no_payment,
        ),
        of(
            "POST /api/v1/me/payments/{id}/rating",
            format!("/api/v1/me/payments/{payment}/rating"),
            json!({"stars": 5, "text": "", "key": "k"}),
            "wang",
            (403, "rating.not-paid"),
        ),
        of(
            "POST /api/v1/me/disputes/{id}/replies",
            format!("/api/v1/me/disputes/{dispute}/replies"),
            json!({"text": "more"}),
            "wang",
            no_dispute,
        ),
        of(
            "POST /api/v1/disputes/{id}/answer",
            format!("/api/v1/disputes/{dispute}/answer"),
            json!({"text": "no"}),
            "dev-lin",
            no_dispute,
        ),
        of("DELETE /api/v1/me/disputes/{id}", format!("/api/v1/me/disputes/{dispute}"), json!({}), "wang", no_dispute),
        of(
            "POST /api/v1/me/direct-payments/{id}/decision",
            format!("/api/v1/me/direct-payments/{direct}/decision"),
            json!({"decision": "decline"}),
            "wang",
            no_payment,
        ),
        of("POST /api/v1/pay-codes/{merchant}", format!("/api/v1/pay-codes/{MERCHANT}"), asked, "dev-lin", no_merchant),
        of("DELETE /api/v1/pay-codes/{merchant}/{payment}", pay_code.clone(), json!({}), "dev-lin", no_merchant),
        of(
            "POST /api/v1/pay-codes/{merchant}/{payment}/refunds",
            format!("{pay_code}/refunds"),
            json!({"amount": fen, "reason": "x", "key": "k"}),
            "dev-lin",
            no_merchant,
        ),
        of("PUT /api/v1/merchants/{id}", format!("/api/v1/merchants/{MERCHANT}"), json!({}), "dev-lin", no_merchant),
        of(
            "POST /api/v1/cash/{id}/received",
            format!("/api/v1/cash/{due}/received"),
            json!({}),
            "clerk-he",
            (404, "cash.not-found"),
        ),
        of(
            "PUT /api/v1/programs/{id}/rollout",
            format!("/api/v1/programs/{DESK}/rollout"),
            json!({"version": "1.0.0", "percent": 100, "channels": [], "all_branches": true}),
            "manager-wu",
            (403, "auth.forbidden"),
        ),
    ]
}

/// What asks for no right of a role is somebody's own: for anybody else it is not there, and whoever's it is gets on
/// with the very same request.
#[test]
fn what_is_somebodys_own_is_not_there_for_anybody_else() {
    let bank = Bank::desk_with(xitai_tests::Database::Sqlite, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let all = owned(&bank);
    let [stranger, wang, till, clerk, manager] =
        ["smith", "wang", "dev-lin", "clerk-he", "manager-wu"].map(|login| bank.sign_in(login));
    let owner = |login: &str| match login {
        "wang" => &wang,
        "dev-lin" => &till,
        "clerk-he" => &clerk,
        _ => &manager,
    };
    let open = |route: &Route| route.changes() && !route.page && route.access != "anyone" && route.action.is_none();
    for route in routes().into_iter().filter(open) {
        let named = route.named();
        if ONES_OWN.contains(&named.as_str()) {
            continue;
        }
        if let Some((_, file, test)) = PROVEN.iter().find(|(proven, _, _)| *proven == named) {
            let text = std::fs::read_to_string(repository().join(format!("tests/{file}.rs"))).expect("a file");
            assert!(text.contains(&format!("fn {test}(")), "{named}: {file}.rs has {test}");
            continue;
        }
        let own = all.iter().find(|own| own.named == named);
        let own = own.unwrap_or_else(|| panic!("{named} needs a row: whose it is, and what others are told"));
        let (status, code) = own.refused;
        send(&stranger, &route.method, own).refused(status, code);
        let answer = send(owner(own.owner), &route.method, own);
        let told = if answer.status < 300 { String::new() } else { answer.code() };
        assert!(answer.status < 500 && told != code && !told.starts_with("auth."), "{named}: {}", answer.text());
    }
}

fn send(caller: &Caller, method: &str, own: &Own) -> Answer {
    match method {
        "DELETE" => caller.delete(&own.path),
        _ if own.path.contains("/file?") => {
            caller.send(method, &own.path, "application/octet-stream", b"%PDF-".to_vec())
        }
        _ => caller.send(method, &own.path, "application/json", own.body.to_string().into_bytes()),
    }
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
    ("launch-code.changed", &["launch-code.revoked", "launch-code.rotated"]),
    ("mandate.decided", &["mandate.paused", "mandate.revoked"]),
    ("organisation.kept", &["place.founded", "staff.hired", "publisher.added"]),
    ("place.changed", &["place.renamed", "place.moved", "place.merged", "place.closed"]),
    ("promotion.changed", &["promotion.proposed", "promotion.decided"]),
    ("zone.changed", &["zone.proposed", "zone.decided"]),
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
    ("code.read", "what a picture says goes back to whoever sent it; nothing is kept"),
    ("page.scanned", "the same on the page"),
    ("page.kiosk-device", "a cookie of the device's own: the token that it was given"),
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
