//! Partners of a scene: a stand-in gives the answer, and everything between it and the program is the host's own: tries,
//! pauses, circuits, signatures.

use super::bank::Bank;
use crate::app::{endpoint, partner, webhook};
use crate::http::problem::Problem;
use serde_json::{Map, Value};
use xitai_egress::signature::{self, Direction};
use xitai_egress::{Fault, Reply};
use xitai_model::code;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::partner::PartnerCall;
use xitai_model::partner::endpoint::EndpointId;
use xitai_model::scene::PartnerAct;

/// Calls that wait in a scene's bank.
const WAITING_MAX: usize = 256;
/// Tries of one call, with whatever puts them off; the host gives up long before.
const TRIES_MAX: usize = 64;

/// A partner answers the oldest call that waits for it, as often as it takes until the program has its answer.
pub(super) async fn speaks(bank: &Bank, name: &str, answer: &PartnerAct) -> Result<(), Problem> {
    let mut call = oldest(bank, name).await?;
    for _ in 0..TRIES_MAX {
        let Some(due_ms) = body(&call)?.due_ms() else { return Ok(()) };
        bank.clock.move_to(due_ms);
        if let Some(stand_in) = &bank.app.partners.stand_in {
            stand_in.answers(answered(answer));
        }
        partner::one(&bank.app, call.clone()).await?;
        let after = bank.app.store.matter(&call.id).await?.ok_or_else(|| gone(name))?;
        if after.revision == call.revision {
            // Whoever had it must be taken to be lost before it is sent again.
            bank.clock.move_to(bank.clock.now_ms() + 1_000);
        }
        call = after;
    }
    Err(gone(name))
}

fn gone(name: &str) -> Problem {
    Problem::new(code::SCENE_TURN).detail(format!("no call waits for {name}"))
}

fn body(call: &Matter) -> Result<PartnerCall, Problem> {
    call.read().map_err(Problem::internal)
}

async fn oldest(bank: &Bank, name: &str) -> Result<Matter, Problem> {
    let mut waiting = bank.app.store.matters_due(MatterKind::PartnerCall, i64::MAX, WAITING_MAX).await?;
    waiting.retain(|call| body(call).is_ok_and(|call| call.endpoint == name && call.due_ms().is_some()));
    waiting.into_iter().min_by(|a, b| (a.made_ms, &a.id).cmp(&(b.made_ms, &b.id))).ok_or_else(|| gone(name))
}

fn answered(answer: &PartnerAct) -> Result<Reply, Fault> {
    match answer {
        PartnerAct::Reply { status, body } => {
            Ok(Reply { status: *status, retry_after_s: None, body: body.clone().into_bytes() })
        }
        PartnerAct::Hangs => Err(Fault::Silent),
        PartnerAct::Away => Err(Fault::Unreachable("it is away".to_owned())),
    }
}

/// A partner tells something, signed as its webhooks are.
pub(super) async fn tells(bank: &Bank, name: &str, topic: &str, of_call: bool, text: &str) -> Result<(), Problem> {
    let program = &bank.release.id.program;
    let catalog = bank.app.catalog();
    let (endpoint, _) = partner::resolve(&catalog, program, name, &bank.branch).ok_or_else(|| gone(name))?;
    let mut payload: Map<String, Value> = match text.trim() {
        "" => Map::new(),
        text => serde_json::from_str(text).map_err(|fault| Problem::new(code::SCENE_VALUE).detail(fault))?,
    };
    payload.insert("type".to_owned(), topic.into());
    if of_call {
        payload.insert("call".to_owned(), newest(bank, &endpoint.id).await?.into());
    }
    let body = Value::Object(payload).to_string().into_bytes();
    let ctx = bank.app.host_ctx();
    let secrets = endpoint::valid_secrets(&bank.app, endpoint, Direction::Inbound, ctx.now_ms);
    let (id, timestamp_s) = (ctx.request_id.clone(), ctx.now_ms / 1_000);
    let message = webhook::Message {
        program: program.as_str(),
        endpoint: name,
        branch: bank.branch.as_str(),
        id: &id,
        timestamp: &timestamp_s.to_string(),
        signature: &signature::sign(&secrets, &id, timestamp_s, &body),
        body: &body,
    };
    webhook::take(&bank.app, &ctx, &message).await
}

async fn newest(bank: &Bank, endpoint: &EndpointId) -> Result<String, Problem> {
    let about = partner::about(endpoint);
    let (calls, _) = bank.app.store.matters_about(MatterKind::PartnerCall, &about, None, 1).await?;
    calls.first().map(|call| call.id.to_string()).ok_or_else(|| gone(&endpoint.name))
}

/// A partner for whose answer something waits.
pub(super) async fn waiting(bank: &Bank) -> Option<String> {
    let due = bank.app.store.matters_due(MatterKind::PartnerCall, i64::MAX, 1).await.ok()?;
    due.first().and_then(|call| body(call).ok()).map(|call| call.endpoint)
}
