//! The programs that somebody keeps at hand.

use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::me::customer_id;
use super::{App, publish, visitor};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::favourites::{Favourites, PROGRAMS, changed, key_of};
use xitai_model::ids::{MatterId, ProgramId};
use xitai_model::matter::Matter;

/// Times that a change is decided again when another one came first.
const DECISIONS_MAX: u32 = 3;

async fn row(app: &App, ctx: &Ctx) -> Result<Option<Read<Favourites>>, Problem> {
    app.store.matter_by_key(&key_of(customer_id(ctx)?)).await?.map(read).transpose()
}

fn programs(row: Option<&Read<Favourites>>) -> Vec<ProgramId> {
    row.and_then(|row| row.matter.unsealed(PROGRAMS)).unwrap_or_default()
}

/// The caller's list, newest first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<ProgramId>, Problem> {
    Ok(programs(row(app, ctx).await?.as_ref()))
}

/// Puts a program into the caller's list, or takes it out.
pub async fn change(app: &App, ctx: &Ctx, program: &ProgramId, keep: bool) -> Result<Vec<ProgramId>, Problem> {
    let catalog = app.catalog();
    if keep && catalog.rollout(program).is_none() {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    if keep && catalog.is_retired(program) {
        return Err(Problem::new(code::PROGRAM_RETIRED));
    }
    for _ in 0..DECISIONS_MAX {
        let before = row(app, ctx).await?;
        let list = programs(before.as_ref());
        // What is offered no more is shown nowhere: nobody could take it out to make room.
        let is_offered = |it: &&ProgramId| catalog.program(it).is_some() && !catalog.is_retired(it);
        let offered: Vec<ProgramId> = list.iter().filter(is_offered).cloned().collect();
        let next = match changed(&offered, program, keep)? {
            Some(next) => next,
            None if offered == list => return Ok(list),
            None => offered,
        };
        let mut matter = moved(app, ctx, before)?;
        matter.seal(PROGRAMS, &next);
        let mut guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 }];
        if let (1, Some(key)) = (matter.revision, matter.keyed()) {
            guards.push(Guard::MatterKeyFree(key));
        }
        // Which program it is stays with the customer.
        let subject = format!("favourites:{}", matter.id);
        let changes = vec![Change::Matter(Box::new(matter))];
        match publish::commit(app, ctx, guards, changes, "favourites.changed", &subject, json!({})).await {
            Err(CommitRefusal::Moved(_)) => {}
            done => return Ok(done.map(|()| next)?),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

fn moved(app: &App, ctx: &Ctx, before: Option<Read<Favourites>>) -> Result<Matter, Problem> {
    let body = Favourites::default();
    if let Some(before) = before {
        return Ok(before.matter.moved(&body, ctx.now_ms));
    }
    let customer = customer_id(ctx)?.clone();
    let branch = visitor::branch_of(app, ctx.customer().map(|customer| &customer.branch))?;
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let key = key_of(&customer).key;
    let mut matter = Matter::new(id, None, branch, Some(customer), &body, ctx.now_ms);
    matter.key = Some(key);
    Ok(matter)
}
