//! Kiosks: registering and revoking them, and who is at one.
//!
//! A kiosk carries a token of its own, which opens nothing but visits in its branch. Whoever visits acts by a sign-in that
//! is made for the visit and ends with it: as a visitor, or as the customer who typed a code from their own phone.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::handover::{self as handovers, Arrival};
use super::publish::{self, may, put};
use super::sign_in::{self, MadeToken};
use super::visitor;
use crate::http::extract::token_digest;
use crate::http::problem::Problem;
use serde_json::json;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::handover::{Purpose, Taker};
use xitai_model::identity::{How, Who};
use xitai_model::ids::{BranchId, MatterId, SessionId};
use xitai_model::kiosk::{Command, Kiosk, Visit, Why, apply, named};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::policy::{Action, Resource};
use xitai_model::program::Channel;
use xitai_model::record::Noun;
use xitai_store::StoreError;

/// Visits that one turn of the job ends.
const DUE_MAX: usize = 100;

/// A kiosk that was registered. Its token is told this once.
pub struct Registered {
    pub kiosk: Kiosk,
    pub token: String,
}

/// Registers a device for a branch that the caller works for.
pub async fn register(app: &App, ctx: &Ctx, branch: &BranchId, name: &str) -> Result<Registered, Problem> {
    let catalog = app.refresh_catalog().await?;
    let branch = catalog.serving_branch(branch)?;
    let of_place = Resource { place: Some(&branch), ..Resource::default() };
    let staff = may(&catalog, ctx, Action::KeepKiosks, of_place)?;
    let token = format!("xk_{}", data_encoding::BASE64URL_NOPAD.encode(&app.clock.random::<32>()));
    let kiosk = Kiosk {
        id: xitai_model::ids::timed(ctx.now_ms, app.clock.random()),
        name: named(name)?,
        branch: branch.clone(),
        token: token_digest(&token),
        by: staff.id.clone(),
        made_ms: ctx.now_ms,
        revoked: None,
    };
    keep(app, ctx, &kiosk, "kiosk.registered").await?;
    Ok(Registered { kiosk, token })
}

async fn keep(app: &App, ctx: &Ctx, kiosk: &Kiosk, action: &str) -> Result<(), Problem> {
    let (guard, change) = put(&app.catalog(), Noun::Kiosk, &kiosk.id, kiosk)?;
    let detail = json!({ "branch": kiosk.branch, "name": kiosk.name });
    publish::keep(app, ctx, vec![guard], vec![change], action, &format!("kiosk:{}", kiosk.id), detail).await
}

/// Takes a kiosk out of use at once: whoever is there is signed out.
pub async fn revoke(app: &Arc<App>, ctx: &Ctx, id: &str) -> Result<Kiosk, Problem> {
    let catalog = app.refresh_catalog().await?;
    let kiosk = catalog.kiosks.get(id).map(|kept| &kept.value);
    let kiosk = kiosk.ok_or_else(|| Problem::new(code::KIOSK_NOT_FOUND))?;
    let of_place = Resource { place: Some(&kiosk.branch), ..Resource::default() };
    let staff = may(&catalog, ctx, Action::KeepKiosks, of_place)?;
    let revoked = kiosk.revoke(staff.id.clone(), ctx.now_ms)?;
    keep(app, ctx, &revoked, "kiosk.revoked").await?;
    let (visits, _) = app.store.matters_about(MatterKind::KioskVisit, &about(id), None, 1).await?;
    for visit in visits {
        end(app, &app.host_ctx(), read(visit)?, Why::Revoked).await?;
    }
    Ok(revoked)
}

/// The kiosks of the places that the caller may look at, newest first.
pub fn list(app: &App, ctx: &Ctx) -> Result<Vec<Kiosk>, Problem> {
    let catalog = app.catalog();
    let reads = |kiosk: &&Kiosk| {
        let of_place = Resource { place: Some(&kiosk.branch), ..Resource::default() };
        may(&catalog, ctx, Action::ReadKiosks, of_place).is_ok()
    };
    Ok(catalog.kiosks.values().rev().map(|kept| &kept.value).filter(reads).cloned().collect())
}

/// The kiosk that carries a token.
pub fn of_token(app: &App, token: &str) -> Result<Kiosk, Problem> {
    let digest = token_digest(token);
    let catalog = app.catalog();
    let found = catalog.kiosks.values().map(|kept| &kept.value).find(|kiosk| kiosk.token == digest);
    found.filter(|kiosk| kiosk.is_in_use()).cloned().ok_or_else(|| Problem::new(code::KIOSK_UNKNOWN))
}

fn about(kiosk: &str) -> String {
    format!("kiosk/{kiosk}")
}

fn key_of(token: &Digest) -> String {
    format!("visit/{}", token.hex())
}

/// The row of a visit that begins.
fn begun(app: &App, ctx: &Ctx, kiosk: &Kiosk, customer: &xitai_model::ids::CustomerId, visit: &Visit) -> Change {
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, None, kiosk.branch.clone(), Some(customer.clone()), visit, ctx.now_ms);
    matter.about = Some(about(&kiosk.id));
    matter.key = Some(key_of(&visit.token));
    Change::Matter(Box::new(matter))
}

/// Somebody without an account begins at a kiosk.
pub async fn begin(app: &Arc<App>, ctx: &Ctx, kiosk: &Kiosk, locale: &str) -> Result<MadeToken, Problem> {
    end_before(app, kiosk).await?;
    let mut new = visitor::made(app, ctx, Some(&kiosk.branch), locale, How::Kiosk, &kiosk.name)?;
    let Who::Customer(customer) = new.who.clone() else { return Err(Problem::new(code::HOST_INTERNAL)) };
    let (text, token) = sign_in::fresh(app, ctx, new.who.clone(), How::Kiosk, kiosk.name.clone());
    let visit = Visit::begun(kiosk, token.digest.clone(), ctx.now_ms);
    new.changes.push(begun(app, ctx, kiosk, &customer, &visit));
    new.changes.push(Change::Token(token.clone()));
    let subject = format!("kiosk:{}", kiosk.id);
    publish::commit(app, ctx, new.guards, new.changes, "kiosk.visit-begun", &subject, json!({})).await?;
    MadeToken::of(app, text, &token).await
}

/// What typing a code at a kiosk led to.
pub struct Came {
    pub made: MadeToken,
    /// The session that goes on here.
    pub session: Option<SessionId>,
}

/// A code from the customer's own phone is typed at a kiosk: it signs them in for a visit, and brings a session along
/// where it was made for one.
pub async fn enter(app: &Arc<App>, ctx: &Ctx, kiosk: &Kiosk, code: &str) -> Result<Came, Problem> {
    let taken = handovers::find(app, ctx, code, Taker::Kiosk, &kiosk.id).await?;
    end_before(app, kiosk).await?;
    let who = Who::Customer(taken.owner.id.clone());
    let (text, token) = sign_in::fresh(app, ctx, who, How::Kiosk, kiosk.name.clone());
    let mut visit = Visit::begun(kiosk, token.digest.clone(), ctx.now_ms);
    let (guard, used) = taken.used(ctx.now_ms);
    let session = match taken.purpose() {
        Purpose::Session(session) => Some(session.clone()),
        _ => None,
    };
    if let Some(session) = &session {
        visit = apply(&visit, Command::Opens(session.clone()), ctx.now_ms)?;
    }
    let begun = begun(app, ctx, kiosk, &taken.owner.id, &visit);
    let changes = vec![used, begun, Change::Token(token.clone())];
    match &session {
        Some(session) => {
            let lent = handovers::lent(app, taken.owner.clone(), How::Kiosk, token.digest.clone());
            let lent = Ctx { request_id: ctx.request_id.clone(), ..lent };
            let arrival = Arrival { channel: Channel::Kiosk, hand: token.digest.clone(), guards: vec![guard], changes };
            handovers::arrive(app, &lent, session, arrival).await?;
        }
        None => {
            let subject = format!("kiosk:{}", kiosk.id);
            let detail = json!({ "customer": taken.owner.id });
            match publish::commit(app, ctx, vec![guard], changes, "kiosk.visit-begun", &subject, detail).await {
                Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::HANDOVER_CODE).because(fact)),
                done => done?,
            }
        }
    }
    Ok(Came { made: MadeToken::of(app, text, &token).await?, session })
}

/// The visit of the caller's sign-in.
async fn own(app: &App, ctx: &Ctx) -> Result<Read<Visit>, Problem> {
    let over = || Problem::new(code::KIOSK_VISIT_OVER);
    let (token, customer) = ctx.token.as_ref().zip(ctx.customer()).ok_or_else(over)?;
    let key =
        MatterKey { kind: MatterKind::KioskVisit, program: None, owner: customer.id.to_string(), key: key_of(token) };
    app.store.matter_by_key(&key).await?.map(read).transpose()?.ok_or_else(over)
}

/// What a session that is opened in the caller's visit writes.
pub async fn opens(app: &App, ctx: &Ctx, session: &SessionId) -> Result<(Guard, Change), Problem> {
    let row = own(app, ctx).await?;
    let next = apply(&row.body, Command::Opens(session.clone()), ctx.now_ms)?;
    let guard = Guard::MatterAt { matter: row.matter.id.clone(), revision: row.matter.revision };
    Ok((guard, Change::Matter(Box::new(row.matter.moved(&next, ctx.now_ms)))))
}

/// Moves the caller's visit on.
pub async fn go_on(app: &App, ctx: &Ctx, command: Command) -> Result<Visit, Problem> {
    for _ in 0..3 {
        let row = own(app, ctx).await?;
        let next = apply(&row.body, command.clone(), ctx.now_ms)?;
        let guard = Guard::MatterAt { matter: row.matter.id.clone(), revision: row.matter.revision };
        let change = Change::Matter(Box::new(row.matter.moved(&next, ctx.now_ms)));
        let subject = format!("kiosk:{}", next.kiosk);
        match publish::commit(app, ctx, vec![guard], vec![change], "kiosk.touched", &subject, json!({})).await {
            Err(CommitRefusal::Moved(_)) => {}
            done => return Ok(done.map(|()| next)?),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// The caller leaves the kiosk, or nobody touched it any more.
pub async fn leave(app: &Arc<App>, ctx: &Ctx, why: Why) -> Result<(), Problem> {
    end(app, ctx, own(app, ctx).await?, why).await
}

/// Whoever was there before is gone once somebody else begins.
async fn end_before(app: &Arc<App>, kiosk: &Kiosk) -> Result<(), Problem> {
    let (visits, _) = app.store.matters_about(MatterKind::KioskVisit, &about(&kiosk.id), None, 1).await?;
    for visit in visits {
        end(app, &app.host_ctx(), read(visit)?, Why::Left).await?;
    }
    Ok(())
}

/// Ends a visit and leaves nothing of it: what waited for a confirmation is declined, nothing is armed, the sessions go
/// back, and the sign-in is over.
async fn end(app: &Arc<App>, ctx: &Ctx, row: Read<Visit>, why: Why) -> Result<(), Problem> {
    let Ok(over) = apply(&row.body, Command::Leave(why), ctx.now_ms) else { return Ok(()) };
    let customer = match &row.matter.customer {
        Some(id) => match app.store.customer(id).await {
            Err(StoreError::Withheld) => None,
            found => found?,
        },
        None => None,
    };
    if let Some(customer) = customer {
        let lent = handovers::lent(app, customer, How::Kiosk, row.body.token.clone());
        for session in &row.body.sessions {
            // One that falls must not keep the others, or the sign-in.
            if let Err(problem) = handovers::give_back(app, &lent, session).await {
                tracing::warn!(%session, %problem, "a session at a kiosk was not given back");
            }
        }
    }
    let guards = vec![Guard::MatterAt { matter: row.matter.id.clone(), revision: row.matter.revision }];
    let changes =
        vec![Change::Matter(Box::new(row.matter.moved(&over, ctx.now_ms))), Change::TokenRevoked(over.token.clone())];
    let (subject, detail) = (format!("kiosk:{}", over.kiosk), json!({ "why": why }));
    match publish::commit(app, ctx, guards, changes, "kiosk.left", &subject, detail).await {
        // Touched or ended by another at the same moment; the job comes by again.
        Err(CommitRefusal::Moved(_)) => {}
        done => done?,
    }
    app.sign_ins.forget(&over.token);
    Ok(())
}

/// Ends the visits whose time is over.
pub async fn lapse(app: &Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for visit in app.store.matters_due(MatterKind::KioskVisit, ctx.now_ms, DUE_MAX).await? {
        end(app, &ctx, read(visit)?, Why::Idle).await?;
    }
    Ok(())
}
