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
/// Visits of one kiosk that may have begun at the same moment.
const VISITS_AT_ONCE: usize = 8;
/// Times that ending a visit is tried while somebody touches the screen.
const ENDS_MAX: usize = 10;

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
    end_all(app, id, Why::Revoked).await?;
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
    new.guards.push(is_as_read(app, kiosk)?);
    let Who::Customer(customer) = new.who.clone() else { return Err(Problem::new(code::HOST_INTERNAL)) };
    let (text, token) = sign_in::fresh(app, ctx, new.who.clone(), How::Kiosk, kiosk.name.clone());
    let visit = Visit::begun(kiosk, token.digest.clone(), ctx.now_ms);
    new.changes.push(begun(app, ctx, kiosk, &customer, &visit));
    new.changes.push(Change::Token(token.clone()));
    let subject = format!("kiosk:{}", kiosk.id);
    publish::keep(app, ctx, new.guards, new.changes, "kiosk.visit-begun", &subject, json!({})).await?;
    MadeToken::of(app, text, &token).await
}

/// The kiosk is in use, as it was read: whoever revokes it at the same moment finds the visit, or there is none.
fn is_as_read(app: &App, kiosk: &Kiosk) -> Result<Guard, Problem> {
    let catalog = app.catalog();
    let kept = catalog.kiosks.get(&kiosk.id).filter(|kept| kept.value.is_in_use());
    let version = kept.ok_or_else(|| Problem::new(code::KIOSK_UNKNOWN))?.version;
    Ok(Guard::RecordAt { noun: Noun::Kiosk, id: kiosk.id.clone(), version })
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
    let in_use = is_as_read(app, kiosk)?;
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
            let (hand, guards) = (token.digest.clone(), vec![guard, in_use]);
            let arrival = Arrival { channel: Channel::Kiosk, hand, guards, changes };
            handovers::arrive(app, &lent, session, arrival).await?;
        }
        None => {
            let subject = format!("kiosk:{}", kiosk.id);
            let detail = json!({ "customer": taken.owner.id });
            match publish::commit(app, ctx, vec![guard, in_use], changes, "kiosk.visit-begun", &subject, detail).await {
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
    let row = app.store.matter_by_key(&key).await?.map(read::<Visit>).transpose()?.ok_or_else(over)?;
    // Nobody goes on at a kiosk that was taken out of use.
    let catalog = app.catalog();
    let is_in_use = catalog.kiosks.get(&row.body.kiosk).is_some_and(|kept| kept.value.is_in_use());
    if is_in_use { Ok(row) } else { Err(over()) }
}

/// What a session that is opened in the caller's visit writes.
pub async fn opens(app: &App, ctx: &Ctx, session: &SessionId) -> Result<(Guard, Change), Problem> {
    let row = own(app, ctx).await?;
    let next = apply(&row.body, Command::Opens(session.clone()), ctx.now_ms)?;
    Ok(row.next(&next, ctx.now_ms))
}

/// Moves the caller's visit on.
pub async fn go_on(app: &App, ctx: &Ctx, command: Command) -> Result<Visit, Problem> {
    for _ in 0..3 {
        let row = own(app, ctx).await?;
        let next = apply(&row.body, command.clone(), ctx.now_ms)?;
        let (guard, change) = row.next(&next, ctx.now_ms);
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
    end_all(app, &kiosk.id, Why::Left).await
}

/// Ends the newest visits of a kiosk: one, or those that began at the same moment.
async fn end_all(app: &Arc<App>, kiosk: &str, why: Why) -> Result<(), Problem> {
    let (visits, _) = app.store.matters_about(MatterKind::KioskVisit, &about(kiosk), None, VISITS_AT_ONCE).await?;
    for visit in visits {
        end(app, &app.host_ctx(), read(visit)?, why).await?;
    }
    Ok(())
}

/// Ends a visit and leaves nothing of it: what waited for a confirmation is declined, nothing is armed, the sessions go
/// back, a code that was made here opens nothing, and the sign-in is over.
async fn end(app: &Arc<App>, ctx: &Ctx, mut row: Read<Visit>, why: Why) -> Result<(), Problem> {
    let mut given_back = false;
    for _ in 0..ENDS_MAX {
        let Ok(over) = apply(&row.body, Command::Leave(why), ctx.now_ms) else { return Ok(()) };
        if !std::mem::replace(&mut given_back, true) {
            give_back(app, &row).await?;
        }
        let (guard, change) = row.next(&over, ctx.now_ms);
        let (mut guards, mut changes) = (vec![guard], vec![change, Change::TokenRevoked(over.token.clone())]);
        if let Some(customer) = &row.matter.customer
            && let Some((guard, withdrawn)) = handovers::withdrawn(app, customer, ctx.now_ms, |it| it.at_kiosk).await?
        {
            guards.push(guard);
            changes.push(withdrawn);
        }
        let (subject, detail) = (format!("kiosk:{}", over.kiosk), json!({ "why": why }));
        match publish::commit(app, ctx, guards, changes, "kiosk.left", &subject, detail).await {
            // Touched at the same moment: whoever still taps does not stay by that.
            Err(CommitRefusal::Moved(_)) => {}
            done => {
                app.sign_ins.forget(&over.token);
                return Ok(done?);
            }
        }
        let Some(now) = app.store.matter(&row.matter.id).await? else { return Ok(()) };
        row = read(now)?;
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// One session that falls must not keep the others, or the sign-in.
async fn give_back(app: &Arc<App>, row: &Read<Visit>) -> Result<(), Problem> {
    let customer = match &row.matter.customer {
        Some(id) => match app.store.customer(id).await {
            Err(StoreError::Withheld) => None,
            found => found?,
        },
        None => None,
    };
    let Some(customer) = customer else { return Ok(()) };
    let lent = handovers::lent(app, customer, How::Kiosk, row.body.token.clone());
    for session in &row.body.sessions {
        if let Err(problem) = handovers::give_back(app, &lent, session).await {
            tracing::warn!(%session, %problem, "a session at a kiosk was not given back");
        }
    }
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
