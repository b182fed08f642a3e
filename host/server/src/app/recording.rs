//! A session that its customer gives away, so that whoever wrote the program can perform it again. Only they can, only
//! their own, and only after they agreed; that they did is in the audit trail.

use super::App;
use super::attempt::keeps_state;
use super::ctx::Ctx;
use super::session;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::Commit;
use xitai_model::ids::{CustomerId, ReleaseId, SessionId};
use xitai_model::journal::StepRow;
use xitai_model::limits::RECORDING_STEPS_MAX;
use xitai_model::program::Actor;
use xitai_model::recording::{FORMAT, Performer, RecordedStep, Recording, begins};
use xitai_model::session::Session;

/// Steps that are read at once.
const PAGE: usize = 256;

/// The session that the caller may give away: a customer's own. What staff see on duty is not theirs to give.
pub async fn may_give(app: &App, ctx: &Ctx, id: &SessionId) -> Result<Session, Problem> {
    let own = session::own(app, ctx, id).await?;
    match own.opening.actor {
        Actor::Customer => Ok(own),
        _ => Err(Problem::new(code::AUTH_FORBIDDEN)),
    }
}

/// The caller's own session, written down. `agreed` is their word that its program's author may read it.
pub async fn give(app: &App, ctx: &Ctx, id: &SessionId, agreed: bool) -> Result<Recording, Problem> {
    let own = may_give(app, ctx, id).await?;
    if !agreed {
        return Err(Problem::new(code::RECORDING_NOT_AGREED));
    }
    let first = begins(own.position, RECORDING_STEPS_MAX as u64, keeps_state);
    let state = match first {
        1 => None,
        first => app.store.step(id, first - 1).await?.and_then(|row| row.body.state),
    };
    let rows = rows(app, id, first, own.position).await?;
    let mut names: Vec<&str> = rows.iter().map(|row| row.release.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let catalog = app.catalog();
    let performer = |name: &str| {
        let id = ReleaseId::parse(name).map_err(Problem::internal)?;
        let release = catalog.release(&id).ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND).because(&id))?;
        let (package, component) = (release.package.clone(), release.component.clone());
        Ok(Performer { release: name.to_owned(), package, component })
    };
    let releases = names.into_iter().map(performer).collect::<Result<Vec<_>, Problem>>()?;
    let detail = json!({ "from": first, "to": own.position, "release": own.release().to_string() });
    let audit = ctx.did("session.given-away", format!("session:{id}"), detail);
    // It is on record before anything of it is out.
    app.store.commit(Commit { guards: Vec::new(), changes: Vec::new(), audit }).await?;
    let recording = Recording {
        format: FORMAT.to_owned(),
        program: own.release().program.clone(),
        session: id.clone(),
        made_ms: ctx.now_ms,
        releases,
        state,
        steps: rows.into_iter().map(RecordedStep::of).collect(),
    };
    match &own.opening.customer {
        Some(customer) => of_nobody(&recording, customer),
        None => Ok(recording),
    }
}

/// The same with nobody's id in place of the customer's: the host's own records, such as a payment, stand in answers of
/// host calls, though the program is not told of it.
fn of_nobody(recording: &Recording, customer: &CustomerId) -> Result<Recording, Problem> {
    let nobody = CustomerId::new(0, [0; 10]);
    let text = serde_json::to_string(recording).map_err(Problem::internal)?;
    serde_json::from_str(&text.replace(customer.as_str(), nobody.as_str())).map_err(Problem::internal)
}

async fn rows(app: &App, id: &SessionId, first: u64, last: u64) -> Result<Vec<StepRow>, Problem> {
    let mut rows: Vec<StepRow> = Vec::new();
    loop {
        let next = first + rows.len() as u64;
        if next > last {
            return Ok(rows);
        }
        let page = app.store.steps(id, next, PAGE.min((last + 1 - next) as usize)).await?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}
