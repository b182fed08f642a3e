//! The bank's core in a scene: a stand-in answers in its place, and everything between it and the payment is the host's
//! own, as it is with partners.

use super::bank::Bank;
use crate::app::rail;
use crate::config::rail::RailConfig;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_egress::signature::{Direction, Secret};
use xitai_egress::{Fault, Reply, Target};
use xitai_model::code;
use xitai_model::ids::RailId;
use xitai_model::matter::{Matter, MatterBody as _, MatterKind};
use xitai_model::money::Currency;
use xitai_model::rail::Instruction;
use xitai_model::scene::CoreAct;
use xitai_model::tender::TenderKind;

/// Tries of one request, with whatever puts them off; a circuit is open for four minutes at most.
const TRIES_MAX: usize = 300;

/// The core that a scene's bank has, where its accounts lie with one. Nobody is ever asked at its address.
pub(super) fn core() -> RailConfig {
    RailConfig {
        id: RailId::parse("core").expect("a rail's id"),
        base: Target::parse("https://core.invalid").expect("an address"),
        secret: Secret::derive(&[0; 32], "core", Direction::Outbound, 1),
        tenders: vec![TenderKind::Account],
        currencies: vec![Currency::CNY],
        cards: String::new(),
    }
}

/// It answers once for the oldest instruction that waits for it, when that is sent or asked about.
pub(super) async fn speaks(bank: &Bank, answer: &CoreAct) -> Result<(), Problem> {
    let gone = || Problem::new(code::SCENE_TURN).detail("nothing waits for the core");
    let waiting = oldest(bank).await?.ok_or_else(gone)?;
    for _ in 0..TRIES_MAX {
        bank.clock.move_to(due_ms(&waiting)?.ok_or_else(gone)?);
        if let Some(stand_in) = &bank.app.partners.stand_in {
            stand_in.answers(answered(answer, &waiting));
        }
        rail::one(&bank.app, waiting.clone()).await?;
        let after = bank.app.store.matter(&waiting.id).await?.ok_or_else(gone)?;
        if after.revision != waiting.revision {
            return Ok(());
        }
        // The circuit is open: the host leaves the core alone for a while.
        bank.clock.move_to(bank.clock.now_ms() + 1_000);
    }
    Err(gone())
}

fn due_ms(waiting: &Matter) -> Result<Option<i64>, Problem> {
    let instruction: Instruction = waiting.read().map_err(Problem::internal)?;
    Ok(instruction.due_ms())
}

async fn oldest(bank: &Bank) -> Result<Option<Matter>, Problem> {
    let waiting = bank.app.store.matters_due(MatterKind::Instruction, i64::MAX, WAITING_MAX).await?;
    Ok(waiting.into_iter().min_by(|a, b| (a.made_ms, &a.id).cmp(&(b.made_ms, &b.id))))
}

/// Instructions that wait in a scene's bank.
const WAITING_MAX: usize = 256;

fn answered(answer: &CoreAct, waiting: &Matter) -> Result<Reply, Fault> {
    let told = match answer {
        CoreAct::Silent => return Err(Fault::Silent),
        CoreAct::Away => return Err(Fault::Unreachable("it is away".to_owned())),
        CoreAct::Refused(code) => json!({ "id": waiting.id, "status": "refused", "code": code }),
        plain => json!({ "id": waiting.id, "status": plain.name() }),
    };
    Ok(Reply { status: 200, retry_after_s: None, body: told.to_string().into_bytes() })
}

/// What is to be done, of each instruction that waits for the core.
pub async fn waiting(bank: &Bank) -> Vec<&'static str> {
    let due = bank.app.store.matters_due(MatterKind::Instruction, i64::MAX, WAITING_MAX).await.unwrap_or_default();
    let read = due.iter().filter_map(|matter| matter.read::<Instruction>().ok());
    read.map(|instruction| instruction.kind.as_str()).collect()
}

/// Whether something waits for it.
pub(super) async fn waits(bank: &Bank) -> bool {
    !waiting(bank).await.is_empty()
}
