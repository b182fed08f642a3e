//! Partners' messages to us: verified, taken once, and delivered to the session that they concern.
//!
//! Until the signature is verified nothing is told, not even whether there is such a program: every refusal before
//! that is the same.

use super::App;
use super::ctx::Ctx;
use super::endpoint::{secret, valid_secrets};
use super::partner::{self, Delivery, about};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use xitai_egress::signature::{Direction, verify};
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::{BranchId, MatterId, ProgramId, SessionId};
use xitai_model::limits::{STORAGE_KEY_BYTES_MAX, WEBHOOK_TOLERANCE_S};
use xitai_model::matter::{Matter, MatterBody, MatterKey, MatterKind};
use xitai_model::partner::PartnerCall;
use xitai_model::partner::endpoint::EndpointId;
use xitai_model::partner::webhook::{Webhook, read};
use xitai_model::program::Event;
use xitai_store::StoreError;

/// How long a partner is asked to wait while a program is stopped.
const LATER_MS: u64 = 60_000;

/// A message as it came.
pub struct Message<'a> {
    pub program: &'a str,
    pub endpoint: &'a str,
    pub branch: &'a str,
    pub id: &'a str,
    pub timestamp: &'a str,
    pub signature: &'a str,
    pub body: &'a [u8],
}

/// That a message was taken: what remembers its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub topic: String,
    pub digest: Digest,
}

impl MatterBody for Taken {
    const KIND: MatterKind = MatterKind::Hook;
}

/// As its publisher may see it.
pub fn delivery(matter: &Matter) -> Option<Delivery> {
    let taken: Taken = matter.read().ok()?;
    Some(Delivery {
        id: matter.id.to_string(),
        direction: "in",
        branch: matter.branch.to_string(),
        at_ms: matter.made_ms,
        tries: 1,
        status: "taken".to_owned(),
        last: taken.topic,
    })
}

fn refused(why: &str) -> Problem {
    Problem::new(code::WEBHOOK_REFUSED).because(why)
}

fn later() -> Problem {
    Problem::new(code::WEBHOOK_LATER).retry_after_ms(LATER_MS)
}

/// Verifies and takes a message. The same message again is taken without an effect.
pub async fn take(app: &App, ctx: &Ctx, message: &Message<'_>) -> Result<(), Problem> {
    let (id, branch) = verified(app, ctx, message)?;
    let catalog = app.catalog();
    let offered = catalog.rollout(&id.program).is_some_and(|rollout| rollout.is_offered(&branch));
    if !offered || catalog.stop_on(&id.program, &branch).is_some() {
        return Err(later());
    }
    let webhook = read(message.body)?;
    let taken = Taken { topic: webhook.topic.clone(), digest: Digest::of(message.body) };
    let key = MatterKey {
        kind: MatterKind::Hook,
        program: Some(id.program.clone()),
        owner: branch.to_string(),
        key: format!("{}:{}", id.name, message.id),
    };
    // A second turn finds what another request with the same message has just written.
    for _ in 0..2 {
        if let Some(before) = app.store.matter_by_key(&key).await? {
            let same = before.read::<Taken>().is_ok_and(|before| before.digest == taken.digest);
            return if same { Ok(()) } else { Err(Problem::new(code::WEBHOOK_ID_REUSED)) };
        }
        let mut delivered = delivered(app, ctx, &id, &branch, &webhook, &taken, &key).await?;
        delivered.guards.extend(catalog.running_guards(&id.program, &branch));
        match app.store.commit(delivered).await {
            Ok(_) => return Ok(()),
            Err(CommitRefusal::Moved(_)) => {}
            Err(CommitRefusal::Stopped(_) | CommitRefusal::Overloaded) => return Err(later()),
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(later())
}

/// The endpoint and branch of a message whose signature fits. One that names nothing is checked all the same, against
/// a secret that nobody has, so that the time it takes says nothing either.
fn verified(app: &App, ctx: &Ctx, message: &Message<'_>) -> Result<(EndpointId, BranchId), Problem> {
    let catalog = app.catalog();
    let named = ProgramId::parse(message.program).ok().zip(BranchId::parse(message.branch).ok());
    let found = named.as_ref().and_then(|(program, branch)| {
        let (endpoint, terms) = partner::resolve(&catalog, program, message.endpoint, branch)?;
        (terms.webhooks && catalog.branches().any(|place| place.id == *branch)).then(|| (endpoint, branch.clone()))
    });
    let secrets = match &found {
        Some((endpoint, _)) => valid_secrets(app, endpoint, Direction::Inbound, ctx.now_ms),
        None => {
            let nobodys = EndpointId::parse("cn.nobody.nothing/none").ok_or_else(|| refused("no name"))?;
            vec![secret(app, &nobodys, Direction::Inbound, 0)]
        }
    };
    let now_s = ctx.now_ms / 1_000;
    let Message { id, timestamp, signature, body, .. } = message;
    if id.len() > STORAGE_KEY_BYTES_MAX / 2 {
        return Err(refused("its id is too long"));
    }
    verify(&secrets, id, timestamp, signature, body, now_s, WEBHOOK_TOLERANCE_S)
        .map_err(|why| refused(&format!("{why:?}")))?;
    let (endpoint, branch) = found.ok_or_else(|| refused("there is no such endpoint"))?;
    Ok((endpoint.id.clone(), branch))
}

/// Everything that taking the message commits.
async fn delivered(
    app: &App,
    ctx: &Ctx,
    id: &EndpointId,
    branch: &BranchId,
    webhook: &Webhook,
    taken: &Taken,
    key: &MatterKey,
) -> Result<Commit, Problem> {
    let (session, program_key) = listener(app, id, branch, webhook.call.as_deref()).await?;
    let matter_id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(matter_id, Some(id.program.clone()), branch.clone(), None, taken, ctx.now_ms);
    matter.key = Some(key.key.clone());
    matter.about = Some(about(id));
    let event = Event::Happened { topic: webhook.topic.clone(), key: program_key, body: webhook.body.clone() };
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: format!("partner:{id}"),
        action: "webhook.taken".to_owned(),
        subject: format!("session:{session}"),
        detail: serde_json::json!({ "topic": taken.topic, "digest": taken.digest }),
        request: Some(ctx.request_id.clone()),
    };
    let changes =
        vec![Change::Matter(Box::new(matter)), Change::Inbox { session, event, coalesce: None, at_ms: ctx.now_ms }];
    Ok(Commit { guards: vec![Guard::MatterKeyFree(key.clone())], changes, audit })
}

/// Who hears it: the session whose call the message names, with the key that the program gave that call; else the
/// program's background in the branch.
async fn listener(
    app: &App,
    id: &EndpointId,
    branch: &BranchId,
    call: Option<&str>,
) -> Result<(SessionId, String), Problem> {
    let named = match call.map(MatterId::parse) {
        Some(Ok(call)) => app.store.matter(&call).await?,
        _ => None,
    };
    let own = named.filter(|matter| {
        let same_place = matter.program.as_ref() == Some(&id.program) && matter.branch == *branch;
        same_place && matter.read::<PartnerCall>().is_ok_and(|call| call.endpoint == id.name)
    });
    if let Some(matter) = own
        && let Some(session) = matter.session
        && hears(app, &session).await?
    {
        return Ok((session, matter.key.unwrap_or_default()));
    }
    let background = app.store.background_session(&id.program, branch).await?.ok_or_else(later)?;
    Ok((background, call.unwrap_or_default().to_owned()))
}

/// Whether a session is still there to hear something.
pub(super) async fn hears(app: &App, session: &SessionId) -> Result<bool, Problem> {
    match app.store.session_fresh(session).await {
        Ok(session) => Ok(session.is_some()),
        Err(StoreError::Withheld) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
