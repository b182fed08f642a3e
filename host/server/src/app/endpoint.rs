//! Endpoints: where partners' systems are, proposed by publishers and branches, reviewed by head office.
//!
//! Whoever proposes is told the secrets once. They are derived from the host's key, so that nothing keeps them.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{commit, developer, may, may_for_bank, put};
use crate::http::problem::Problem;
use xitai_egress::Target;
use xitai_egress::signature::{Direction, Secret};
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::ids::ProgramId;
use xitai_model::limits::PARTNER_ENDPOINTS_MAX;
use xitai_model::partner::endpoint::{self, By, Command, Endpoint, EndpointId, Terms};
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::record::Noun;

/// The secrets of an endpoint, as they are told once.
pub struct Secrets {
    /// We sign with it what we send.
    pub outbound: String,
    /// The partner signs with it what it sends to us.
    pub inbound: String,
}

/// What a reviewer says.
pub enum Verdict {
    Approve,
    Return,
}

fn not_found() -> Problem {
    Problem::new(code::ENDPOINT_NOT_FOUND)
}

/// Proposes terms: of a new endpoint, or a change. The secrets are told where the endpoint is new.
pub async fn propose(
    app: &App,
    ctx: &Ctx,
    id: EndpointId,
    terms: Terms,
) -> Result<(Endpoint, Option<Secrets>), Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = proposer(app, &catalog, ctx, &id)?;
    let target = Target::parse(&terms.base_url).map_err(|why| Problem::new(code::ENDPOINT_TERMS).detail(why))?;
    app.partners.egress.may_reach(&target).map_err(|fault| Problem::new(code::ENDPOINT_PLACE).detail(fault))?;
    let by = by(staff);
    let there = catalog.endpoint(&id);
    let next = match there {
        Some(there) => endpoint::apply(there, Command::Propose { terms }, by, ctx.now_ms)?,
        None => {
            let program = catalog.program(&id.program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
            let siblings = catalog.endpoints_of(&id.program).filter(|other| other.id.branch == id.branch);
            if siblings.count() >= PARTNER_ENDPOINTS_MAX {
                return Err(Problem::new(code::ENDPOINT_TOO_MANY));
            }
            endpoint::propose(id, program.publisher.clone(), terms, by, ctx.now_ms)?
        }
    };
    keep(app, ctx, &catalog, &next, "endpoint.proposed").await?;
    let secrets = there.is_none().then(|| secrets(app, &next));
    Ok((next, secrets))
}

/// Takes a reviewer's decision on exactly the terms that they saw.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    id: &EndpointId,
    verdict: Verdict,
    terms: Digest,
    note: String,
) -> Result<Endpoint, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ReviewEndpoint)?;
    let there = catalog.endpoint(id).ok_or_else(not_found)?;
    let command = match verdict {
        Verdict::Approve => Command::Approve { terms, note },
        Verdict::Return => Command::Return { terms, note },
    };
    let next = endpoint::apply(there, command, by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "endpoint.decided").await?;
    Ok(next)
}

/// Withdraws an endpoint at once: by head office, or by whoever may propose it.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &EndpointId, note: String) -> Result<Endpoint, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::WithdrawEndpoint).or_else(|_| proposer(app, &catalog, ctx, id))?;
    let there = catalog.endpoint(id).ok_or_else(not_found)?;
    let next = endpoint::apply(there, Command::Withdraw { note }, by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "endpoint.withdrawn").await?;
    Ok(next)
}

/// Makes new secrets. Those before stay valid for a day.
pub async fn rotate(app: &App, ctx: &Ctx, id: &EndpointId) -> Result<(Endpoint, Secrets), Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = proposer(app, &catalog, ctx, id)?;
    let there = catalog.endpoint(id).ok_or_else(not_found)?;
    let next = endpoint::apply(there, Command::Rotate, by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "endpoint.rotated").await?;
    let secrets = secrets(app, &next);
    Ok((next, secrets))
}

/// An endpoint that the caller may look at.
pub fn view(app: &App, ctx: &Ctx, id: &EndpointId) -> Result<Endpoint, Problem> {
    let catalog = app.catalog();
    let found = catalog.endpoint(id).ok_or_else(not_found)?;
    let of_publisher = Resource { publisher: Some(&found.publisher), ..Resource::default() };
    let of_place = Resource { place: id.branch.as_ref(), ..Resource::default() };
    let reads = may(&catalog, ctx, Action::ReadEndpoints, of_publisher)
        .or_else(|_| may_for_bank(&catalog, ctx, Action::ReadEndpoints))
        .or_else(|refused| {
            id.branch.as_ref().map_or(Err(refused), |_| may(&catalog, ctx, Action::ReadEndpoints, of_place))
        });
    reads.map(|_| found.clone()).map_err(|_| not_found())
}

/// All endpoints that the caller may look at.
pub fn list(app: &App, ctx: &Ctx) -> Vec<Endpoint> {
    let catalog = app.catalog();
    let all = catalog.endpoints.values().map(|kept| &kept.value);
    all.filter(|endpoint| view(app, ctx, &endpoint.id).is_ok()).cloned().collect()
}

/// Whoever may propose it: the publisher's developers for the bank, the branch's own people for their branch.
fn proposer<'a>(app: &App, catalog: &Catalog, ctx: &'a Ctx, id: &EndpointId) -> Result<&'a Staff, Problem> {
    match &id.branch {
        None => {
            let (staff, publisher) = developer(app, ctx)?;
            let own = catalog.program(&id.program).is_some_and(|program| program.publisher == publisher);
            if own { Ok(staff) } else { Err(Problem::new(code::PROGRAM_NOT_FOUND)) }
        }
        Some(branch) => {
            let resource = Resource { place: Some(branch), ..Resource::default() };
            let staff = may(catalog, ctx, Action::ProposeEndpoint, resource)?;
            let known = catalog.branches().any(|place| place.id == *branch);
            let offered = catalog.rollout(&id.program).is_some_and(|rollout| rollout.is_opened(branch));
            if known && offered { Ok(staff) } else { Err(Problem::new(code::PROGRAM_NOT_FOUND)) }
        }
    }
}

fn by(staff: &Staff) -> By {
    By { staff: staff.id.clone(), person: staff.person.clone() }
}

async fn keep(app: &App, ctx: &Ctx, catalog: &Catalog, next: &Endpoint, action: &str) -> Result<(), Problem> {
    let subject = next.id.to_string();
    let (guard, change) = put(catalog, Noun::Endpoint, &subject, next)?;
    let detail = serde_json::json!({
        "state": next.state(),
        "live": next.live.as_ref().map(|terms| terms.digest()),
        "proposed": next.proposed.as_ref().map(|proposal| proposal.terms.digest()),
        "secret": next.secret,
    });
    match commit(app, ctx, vec![guard], vec![change], action, &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(())
}

fn secrets(app: &App, endpoint: &Endpoint) -> Secrets {
    let of = |direction| secret(app, &endpoint.id, direction, endpoint.secret).reveal();
    Secrets { outbound: of(Direction::Outbound), inbound: of(Direction::Inbound) }
}

/// A secret of an endpoint by its number.
pub fn secret(app: &App, id: &EndpointId, direction: Direction, number: u32) -> Secret {
    Secret::derive(&app.keys.master, &id.to_string(), direction, number)
}

/// The secrets that are valid now, newest first.
pub fn valid_secrets(app: &App, endpoint: &Endpoint, direction: Direction, now_ms: i64) -> Vec<Secret> {
    endpoint.secrets(now_ms).into_iter().map(|number| secret(app, &endpoint.id, direction, number)).collect()
}

/// Reads an id that came from outside. What is no id names nothing.
pub fn parse_id(program: &str, name: &str, branch: Option<&str>) -> Result<EndpointId, Problem> {
    let program = ProgramId::parse(program).map_err(|_| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let branch = branch.map(xitai_model::ids::BranchId::parse).transpose().map_err(|_| not_found())?;
    EndpointId::new(program, name, branch).ok_or_else(not_found)
}
