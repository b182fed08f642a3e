//! Consents outside of programs: what the customer sees and takes back, what head office may see, and what ends by itself.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::me::customer_id;
use super::publish::{commit, may_for_bank};
use super::{signing, visitor};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::consent::{ClaimRead, Command, Consent, Status, apply};
use xitai_model::ids::{MatterId, ProgramId};
use xitai_model::limits::RERUNS_MAX;
use xitai_model::matter::{Matter, MatterBody, MatterKind};
use xitai_model::policy::Action;
use xitai_model::predicate::Disclosure;
use xitai_model::program::Event;
use xitai_model::proof::SignedDocument;

/// Consents of one page.
const PAGE: usize = 20;
/// Reads of one page.
const READS_PAGE: usize = 50;
/// Reads that are told with each consent of a list.
const READS_TOLD: usize = 5;

/// A consent, and the newest times that it was read under.
#[derive(Debug, Clone)]
pub struct Told {
    pub consent: Read<Consent>,
    pub reads: Vec<Read<ClaimRead>>,
    /// Whether there are more.
    pub more: bool,
}

type Page<T> = (Vec<T>, Option<String>);

fn read_all<T: MatterBody>(matters: Vec<Matter>) -> Result<Vec<Read<T>>, Problem> {
    matters.into_iter().map(read).collect()
}

async fn told(app: &App, matters: Vec<Matter>) -> Result<Vec<Told>, Problem> {
    let mut all = Vec::with_capacity(matters.len());
    for consent in read_all::<Consent>(matters)? {
        // Not decided: nothing was given.
        if consent.body.status == Status::Asked {
            continue;
        }
        let (reads, more) = reads_of(app, &consent.matter.id, None, READS_TOLD).await?;
        all.push(Told { consent, reads, more: more.is_some() });
    }
    Ok(all)
}

async fn reads_of(
    app: &App,
    id: &MatterId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Read<ClaimRead>>, Problem> {
    let (page, next) = app.store.matters_about(MatterKind::ClaimRead, id.as_str(), after, limit).await?;
    Ok((read_all(page)?, next))
}

/// The caller's consents, newest first.
pub async fn own(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<Page<Told>, Problem> {
    let (page, next) = visitor::matters(app, MatterKind::Consent, customer_id(ctx)?, after, PAGE).await?;
    Ok((told(app, page).await?, next))
}

/// One of the caller's, with a page of the times that it was read under.
pub async fn own_one(
    app: &App,
    ctx: &Ctx,
    id: &MatterId,
    after: Option<&str>,
) -> Result<(Told, Option<String>), Problem> {
    let consent = find_own(app, ctx, id).await?;
    let (reads, next) = reads_of(app, id, after, READS_PAGE).await?;
    Ok((Told { consent, reads, more: next.is_some() }, next))
}

/// The caller's. Somebody else's is not found.
async fn find_own(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Consent>, Problem> {
    let customer = customer_id(ctx)?;
    let missing = || Problem::new(code::CONSENT_NOT_FOUND);
    let found = app.store.matter(id).await?.filter(|it| it.kind == MatterKind::Consent).ok_or_else(missing)?;
    if visitor::is_own(app, found.customer.as_ref(), customer).await? { read(found) } else { Err(missing()) }
}

/// A program's consents by all customers, newest first, for head office: never the values.
pub async fn of_program(app: &App, ctx: &Ctx, program: &ProgramId, after: Option<&str>) -> Result<Page<Told>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadConsents)?;
    catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let (page, next) = app.store.matters_about(MatterKind::Consent, program.as_str(), after, PAGE).await?;
    Ok((told(app, page).await?, next))
}

/// Takes a consent back. It counts from the program's next call on, and what the journal has of it can't be read any more.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Consent>, Problem> {
    for _ in 0..=RERUNS_MAX {
        let found = find_own(app, ctx, id).await?;
        let next = apply(&found.body, Command::Withdraw, ctx.now_ms)?;
        if next == found.body {
            return Ok(found);
        }
        if let Some(kept) = end(app, ctx, found, next, "consent.withdrawn").await? {
            return Ok(kept);
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// Ends a consent whose time is over.
pub async fn expire(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    let found: Read<Consent> = read(matter)?;
    let next = apply(&found.body, Command::Expire, ctx.now_ms)?;
    if next != found.body {
        // Moved: withdrawn in the last moment.
        end(app, ctx, found, next, "consent.expired").await?;
    }
    Ok(())
}

/// The end of a consent: its next revision, its key destroyed, and the program told. `None` where it has moved.
async fn end(
    app: &App,
    ctx: &Ctx,
    found: Read<Consent>,
    next: Consent,
    action: &str,
) -> Result<Option<Read<Consent>>, Problem> {
    let id = found.matter.id.clone();
    let matter = found.matter.moved(&next, ctx.now_ms);
    let mut changes = vec![Change::Matter(Box::new(matter.clone())), Change::ConsentEnded(id.clone())];
    if let Some(session) = &found.matter.session {
        let event = Event::Changed { id: id.to_string() };
        let coalesce = Some(format!("changed:{id}"));
        changes.push(Change::Inbox { session: session.clone(), event, coalesce, at_ms: ctx.now_ms });
    }
    let guards = vec![Guard::MatterAt { matter: id.clone(), revision: found.matter.revision }];
    let detail = json!({ "program": matter.program, "claims": next.granted });
    match commit(app, ctx, guards, changes, action, &format!("consent:{id}"), detail).await {
        Ok(()) => Ok(Some(Read { matter, body: next })),
        Err(CommitRefusal::Moved(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Questions about the caller that the host has answered to programs, newest first.
pub async fn own_disclosures(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<Page<Read<Disclosure>>, Problem> {
    let (page, next) = app.store.matters_of(MatterKind::Disclosure, customer_id(ctx)?, None, after, PAGE).await?;
    Ok((read_all(page)?, next))
}

/// What the customer agreed to, signed by the bank: it verifies without it.
pub async fn receipt(app: &App, ctx: &Ctx, id: &MatterId) -> Result<SignedDocument, Problem> {
    let found = find_own(app, ctx, id).await?;
    let agreed = found.matter.asked.as_ref().and_then(xitai_model::sheet::Asked::agreed);
    let agreed = agreed.ok_or_else(|| Problem::new(code::CONSENT_NOT_GIVEN))?;
    let body = json!({
        "consent": found.matter.id, "program": found.matter.program, "branch": found.matter.branch,
        "purpose": found.body.purpose, "claims": found.body.claims, "optional": found.body.optional,
        "granted": found.body.granted, "keep_days": found.body.keep_days, "status": found.body.status,
        "decided_ms": found.body.decided_ms, "expires_ms": found.body.expires_ms, "ended_ms": found.body.ended_ms,
        "sheet": agreed,
    });
    signing::document(app, "consent", body, Vec::new()).await
}
