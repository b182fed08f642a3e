//! Endpoints at both desks: head office and branches see and decide, publishers propose and keep secrets.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::endpoint::{self, Secrets, Verdict};
use crate::app::{App, partner, publish};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::cards::place_name;
use crate::pages::console::desk::{self, Asked, staff_name};
use crate::pages::console::program_card;
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Desk;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Response;
use std::collections::BTreeSet;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::partner::endpoint::{Endpoint, EndpointId, EndpointState, Terms};
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::secure_field::FieldKind;

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (reads, reviews) = (Access::May(Action::ReadEndpoints), Access::ForBank(Action::ReviewEndpoint));
    let (proposes, withdraws) = (Access::May(Action::ProposeEndpoint), Access::May(Action::WithdrawEndpoint));
    let mut rows = vec![row(post.clone(), "/console/endpoints/{program}/{name}", reviews, "endpoint.decided", decide)];
    for (list_at, show_at, secret_at, withdraw_at) in [
        (
            "/console/endpoints",
            "/console/endpoints/{program}/{name}",
            "/console/endpoints/{program}/{name}/secret",
            "/console/endpoints/{program}/{name}/withdraw",
        ),
        (
            "/publisher/endpoints",
            "/publisher/endpoints/{program}/{name}",
            "/publisher/endpoints/{program}/{name}/secret",
            "/publisher/endpoints/{program}/{name}/withdraw",
        ),
    ] {
        rows.push(row(get.clone(), list_at, reads, "page.endpoints", list));
        rows.push(row(post.clone(), list_at, proposes, "endpoint.proposed", propose));
        rows.push(row(get.clone(), show_at, reads, "page.endpoint", show));
        rows.push(row(post.clone(), secret_at, proposes, "endpoint.rotated", rotate));
        rows.push(row(post.clone(), withdraw_at, withdraws, "endpoint.withdrawn", withdraw));
    }
    rows
}

#[derive(Template)]
#[template(path = "endpoints.html")]
struct Endpoints {
    shell: Desk,
    rows: Vec<EndpointRow>,
    /// What may be proposed here.
    form: Option<Form>,
}

struct EndpointRow {
    href: String,
    card: ProgramCard,
    name: String,
    place: String,
    host: String,
    state: String,
    tone: &'static str,
    circuit: String,
    circuit_tone: &'static str,
}

struct Form {
    /// Ids and names of programs.
    programs: Vec<(String, String)>,
    /// The branch for which it is proposed; absent for the whole bank.
    branch: Option<(String, String)>,
    kinds: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "endpoint.html")]
struct EndpointPage {
    shell: Desk,
    path: String,
    query: String,
    card: ProgramCard,
    name: String,
    place: String,
    state: String,
    tone: &'static str,
    circuit: String,
    circuit_tone: &'static str,
    live: Option<TermsRows>,
    proposed: Option<TermsRows>,
    said: Vec<SaidRow>,
    hook: String,
    secret: String,
    secrets: Option<Secrets>,
    deliveries: Vec<DeliveryRow>,
    /// Why the one who looks can't decide; absent where nothing waits.
    cannot: Option<String>,
    may_decide: bool,
    may_keep: bool,
    may_withdraw: bool,
}

struct TermsRows {
    digest: String,
    rows: Vec<(String, String)>,
}
struct SaidRow {
    by: String,
    what: String,
    when: String,
    note: String,
}
struct DeliveryRow {
    when: String,
    direction: String,
    mark: &'static str,
    branch: String,
    status: String,
    tone: &'static str,
    last: String,
    tries: u32,
    id: String,
}

/// Which desk an address belongs to.
fn home(uri: &Uri) -> &'static str {
    if uri.path().starts_with("/publisher") { "/publisher/endpoints" } else { "/console/endpoints" }
}

fn at(home: &str, id: &EndpointId) -> String {
    let branch = id.branch.as_ref().map(|branch| format!("?branch={branch}")).unwrap_or_default();
    format!("{home}/{}/{}{branch}", id.program, id.name)
}

/// `GET /console/endpoints`, `GET /publisher/endpoints`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let (home, catalog, words) = (home(&uri), app.catalog(), look.words());
    let endpoints = endpoint::list(&app, &ctx);
    let view = Endpoints {
        rows: endpoints.iter().map(|endpoint| endpoint_row(&app, &catalog, home, endpoint, &words)).collect(),
        form: form(&app, &ctx, &catalog, staff, home, &words),
        shell: desk::desk(&look, &catalog, staff, home, &asked),
    };
    page(&look, &view)
}

fn endpoint_row(app: &App, catalog: &Catalog, home: &str, endpoint: &Endpoint, words: &Words) -> EndpointRow {
    let (state, tone) = state(endpoint, words);
    let (circuit, circuit_tone) = circuit(app, endpoint, words);
    let terms = endpoint.live.as_ref().or(endpoint.proposed.as_ref().map(|proposal| &proposal.terms));
    EndpointRow {
        href: at(home, &endpoint.id),
        card: program_card(catalog, &endpoint.id.program, words),
        name: endpoint.id.name.clone(),
        place: place(catalog, &endpoint.id, words),
        host: terms.map(|terms| terms.base_url.clone()).unwrap_or_default(),
        state,
        tone,
        circuit,
        circuit_tone,
    }
}

fn place(catalog: &Catalog, id: &EndpointId, words: &Words) -> String {
    id.branch.as_ref().map_or_else(|| words.say("all-branches"), |branch| place_name(catalog, branch, words))
}

fn state(endpoint: &Endpoint, words: &Words) -> (String, &'static str) {
    match endpoint.state() {
        EndpointState::Proposed => (words.say("endpoint-proposed"), "warning"),
        EndpointState::HalfApproved => (words.say("endpoint-half-approved"), "warning"),
        EndpointState::Returned => (words.say("endpoint-returned"), "danger"),
        EndpointState::Live => (words.say("endpoint-live"), "success"),
        EndpointState::Changing => (words.say("endpoint-changing"), "warning"),
        EndpointState::Withdrawn => (words.say("endpoint-withdrawn"), ""),
    }
}

fn circuit(app: &App, endpoint: &Endpoint, words: &Words) -> (String, &'static str) {
    match app.partners.breakers.name(&endpoint.id) {
        "closed" => (words.say("circuit-closed"), "success"),
        "open" => (words.say("circuit-open"), "danger"),
        _ => (words.say("circuit-half-open"), "warning"),
    }
}

/// A publisher proposes for the bank, a branch for itself.
fn form(app: &App, ctx: &Ctx, catalog: &Catalog, staff: &Staff, home: &str, words: &Words) -> Option<Form> {
    let named = |id: &xitai_model::ids::ProgramId| (id.to_string(), program_card(catalog, id, words).name);
    let kinds = FieldKind::ALL.map(|kind| (kind.as_str(), words.name("secure", kind.as_str()))).to_vec();
    if home.starts_with("/publisher") {
        let own = publish::list(app, ctx).ok()?;
        return Some(Form {
            programs: own.iter().map(|(program, _)| named(&program.id)).collect(),
            branch: None,
            kinds,
        });
    }
    let branch = crate::app::launch::own_branch(catalog, staff)?;
    let resource = Resource { place: Some(&branch), ..Resource::default() };
    if !desk::may(catalog, staff, Action::ProposeEndpoint, resource) {
        return None;
    }
    let opened = catalog.rollouts.values().filter(|kept| kept.value.is_opened(&branch));
    let programs = opened.map(|kept| named(&kept.value.program)).collect();
    Some(Form { programs, branch: Some((branch.to_string(), place_name(catalog, &branch, words))), kinds })
}

/// `POST /console/endpoints`, `POST /publisher/endpoints`: answers with the page that tells the secrets.
async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let home = home(&uri);
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let text = |name: &str| value(name).unwrap_or_default().to_owned();
    let kinds = pairs.iter().filter(|(key, _)| key == "secure_fields");
    let terms = Terms {
        base_url: text("base_url"),
        purpose: text("purpose"),
        secure_fields: kinds.filter_map(|(_, kind)| FieldKind::parse(kind)).collect::<BTreeSet<_>>(),
        webhooks: value("webhooks").is_some(),
    };
    let branch = value("branch").filter(|branch| !branch.is_empty());
    let proposed = match endpoint::parse_id(&text("program"), &text("name"), branch) {
        Ok(id) => endpoint::propose(&app, &ctx, id, terms).await,
        Err(problem) => Err(problem),
    };
    match proposed {
        Ok((endpoint, Some(secrets))) => {
            one(&app, &ctx, &look, home, &endpoint, Some(secrets), &Asked::default()).await
        }
        Ok((endpoint, None)) => Ok(crate::pages::see(&at(home, &endpoint.id))),
        Err(problem) => Ok(desk::back(home, Err(problem))),
    }
}

type Named = Path<(String, String)>;

#[derive(Debug, Default, serde::Deserialize)]
struct InBranch {
    branch: Option<String>,
}

/// `GET /console/endpoints/{program}/{name}`, and at the publisher's desk.
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path((program, name)): Named,
    Query(place): Query<InBranch>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id = endpoint::parse_id(&program, &name, place.branch.as_deref())?;
    let found = endpoint::view(&app, &ctx, &id)?;
    one(&app, &ctx, &look, home(&uri), &found, None, &asked).await
}

async fn one(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    home: &'static str,
    endpoint: &Endpoint,
    secrets: Option<Secrets>,
    asked: &Asked,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let (catalog, words) = (app.catalog(), look.words());
    let (state, tone) = state(endpoint, &words);
    let (circuit, circuit_tone) = circuit(app, endpoint, &words);
    let deliveries = partner::deliveries(app, &endpoint.id).await?;
    let whole = at(home, &endpoint.id);
    let (path, query) = whole.split_once('?').map_or((whole.as_str(), ""), |(path, query)| (path, query));
    let of_publisher = Resource { publisher: Some(&endpoint.publisher), ..Resource::default() };
    let of_place = Resource { place: endpoint.id.branch.as_ref(), ..Resource::default() };
    let resource = if endpoint.id.branch.is_some() { of_place } else { of_publisher };
    let keeps = desk::may(&catalog, staff, Action::ProposeEndpoint, resource);
    let reviews = desk::may_for_bank(&catalog, staff, Action::ReviewEndpoint);
    let waits = endpoint.proposed.as_ref().filter(|proposal| proposal.returned.is_none());
    let cannot = waits.and_then(|proposal| {
        let twice = proposal.approvals.iter().any(|approval| approval.person == staff.person);
        match () {
            () if !reviews => Some("cannot-role"),
            () if proposal.person == staff.person => Some("cannot-uploader"),
            () if twice => Some("cannot-twice"),
            () => None,
        }
    });
    let branch = endpoint.id.branch.as_ref().map_or("{branch}", |branch| branch.as_str());
    let view = EndpointPage {
        path: path.to_owned(),
        query: query.to_owned(),
        card: program_card(&catalog, &endpoint.id.program, &words),
        name: endpoint.id.name.clone(),
        place: place(&catalog, &endpoint.id, &words),
        state,
        tone,
        circuit,
        circuit_tone,
        live: endpoint.live.as_ref().map(|terms| terms_rows(terms, &words)),
        proposed: endpoint.proposed.as_ref().map(|proposal| terms_rows(&proposal.terms, &words)),
        said: said(&catalog, endpoint, &words, ctx.now_ms),
        hook: format!("/api/v1/hooks/{}/{}/{branch}", endpoint.id.program, endpoint.id.name),
        secret: words.say1("secret-number", "n", endpoint.secret),
        secrets,
        deliveries: deliveries.iter().map(|it| delivery_row(&catalog, it, &words, ctx.now_ms)).collect(),
        may_decide: waits.is_some() && cannot.is_none(),
        cannot: cannot.map(|key| words.say(key)),
        may_keep: keeps,
        may_withdraw: endpoint.state() != EndpointState::Withdrawn
            && (keeps || desk::may_for_bank(&catalog, staff, Action::WithdrawEndpoint)),
        shell: desk::desk(look, &catalog, staff, home, asked),
    };
    page(look, &view)
}

fn terms_rows(terms: &Terms, words: &Words) -> TermsRows {
    let kinds: Vec<String> = terms.secure_fields.iter().map(|kind| words.name("secure", kind.as_str())).collect();
    let none = || words.say("none");
    TermsRows {
        digest: terms.digest().to_string(),
        rows: vec![
            (words.say("endpoint-address"), terms.base_url.clone()),
            (words.say("endpoint-purpose"), terms.purpose.clone()),
            (words.say("endpoint-fields"), if kinds.is_empty() { none() } else { kinds.join(", ") }),
            (words.say("endpoint-webhooks"), words.say(if terms.webhooks { "yes" } else { "no" })),
        ],
    }
}

/// Who proposed, approved, returned or withdrew, in order.
fn said(catalog: &Catalog, endpoint: &Endpoint, words: &Words, now_ms: i64) -> Vec<SaidRow> {
    let row = |by, what: &str, at_ms, note: &str| SaidRow {
        by: staff_name(catalog, by),
        what: words.say(what),
        when: calendar::short(words, at_ms, now_ms),
        note: note.to_owned(),
    };
    let mut rows = Vec::new();
    if let Some(proposal) = &endpoint.proposed {
        rows.push(row(&proposal.by, "endpoint-was-proposed", proposal.at_ms, ""));
        let approvals = proposal.approvals.iter();
        rows.extend(approvals.map(|it| row(&it.by, "endpoint-was-approved", it.at_ms, &it.note)));
        rows.extend(proposal.returned.iter().map(|it| row(&it.by, "endpoint-was-returned", it.at_ms, &it.note)));
    }
    rows.extend(endpoint.withdrawn.iter().map(|it| row(&it.by, "endpoint-was-withdrawn", it.at_ms, &it.note)));
    rows
}

fn delivery_row(catalog: &Catalog, it: &partner::Delivery, words: &Words, now_ms: i64) -> DeliveryRow {
    let branch = xitai_model::ids::BranchId::parse(&it.branch);
    let inbound = it.direction == "in";
    DeliveryRow {
        when: calendar::short(words, it.at_ms, now_ms),
        direction: words.say(if inbound { "delivery-in" } else { "delivery-out" }),
        mark: if inbound { "back" } else { "forward" },
        branch: branch.map_or_else(|_| it.branch.clone(), |branch| place_name(catalog, &branch, words)),
        status: words.name("delivery", &it.status),
        tone: match it.status.as_str() {
            "replied" if it.last.starts_with('2') => "success",
            "taken" => "success",
            "replied" => "warning",
            "given-up" => "danger",
            _ => "info",
        },
        last: it.last.clone(),
        tries: it.tries,
        id: it.id.clone(),
    }
}

/// `POST /console/endpoints/{program}/{name}`
async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    uri: Uri,
    Path((program, name)): Named,
    Query(place): Query<InBranch>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let id = endpoint::parse_id(&program, &name, place.branch.as_deref())?;
    let terms = Digest::parse(value("terms")).ok_or_else(|| Problem::malformed("terms"))?;
    let (verdict, said) = match value("decision") {
        "approve" => (Verdict::Approve, "approve"),
        _ => (Verdict::Return, "return"),
    };
    let done = endpoint::decide(&app, &ctx, &id, verdict, terms, value("note").trim().to_owned()).await;
    Ok(desk::back(&at(home(&uri), &id), done.map(|_| said)))
}

/// `POST …/secret`: answers with the page that tells the secrets.
async fn rotate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path((program, name)): Named,
    Query(place): Query<InBranch>,
) -> Result<Response, Problem> {
    let id = endpoint::parse_id(&program, &name, place.branch.as_deref())?;
    match endpoint::rotate(&app, &ctx, &id).await {
        Ok((endpoint, secrets)) => {
            one(&app, &ctx, &look, home(&uri), &endpoint, Some(secrets), &Asked::default()).await
        }
        Err(problem) => Ok(desk::back(&at(home(&uri), &id), Err(problem))),
    }
}

/// `POST …/withdraw`
async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    uri: Uri,
    Path((program, name)): Named,
    Query(place): Query<InBranch>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let note = pairs.iter().find(|(key, _)| key == "note").map_or("", |(_, value)| value.as_str());
    let id = endpoint::parse_id(&program, &name, place.branch.as_deref())?;
    let done = endpoint::withdraw(&app, &ctx, &id, note.trim().to_owned()).await;
    Ok(desk::back(&at(home(&uri), &id), done.map(|_| "withdraw")))
}
