//! What another rail has done on a day of the bank, as `docs/rail.md` has it: the third list of reconciliation, for what
//! that rail carries.

use super::App;
use super::feedback::read;
use super::rail::request;
use crate::http::problem::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use xitai_egress::Method;
use xitai_model::day::Day;
use xitai_model::ids::MatterId;
use xitai_model::limits::RAIL_DAY_PAGES_MAX;
use xitai_model::matter::MatterKind;
use xitai_model::money::Money;
use xitai_model::rail::{Instruction, Kind as Told};
use xitai_model::reconciliation::{Kind, List, Movement, Of};

#[derive(Deserialize)]
struct Page {
    entries: Vec<Entry>,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    instruction: String,
    kind: Told,
    amount: Money,
}

/// Days that were asked for in one turn, each once.
#[derive(Default)]
pub struct Days(BTreeMap<Day, List>);

impl Days {
    /// What the rail says of a day; nothing where there is no other rail. A rail that does not answer is asked again in
    /// another turn.
    pub async fn of(&mut self, app: &App, day: Day) -> Result<&List, Problem> {
        match self.0.entry(day) {
            Slot::Occupied(there) => Ok(there.into_mut()),
            Slot::Vacant(free) => Ok(free.insert(asked(app, day).await?)),
        }
    }
}

async fn asked(app: &App, day: Day) -> Result<List, Problem> {
    let Some(rail) = app.rails.carries() else { return Ok(List::new()) };
    let (mut list, mut after) = (List::new(), String::new());
    for _ in 0..RAIL_DAY_PAGES_MAX {
        let id = MatterId::new(app.clock.now_ms(), app.clock.random());
        let path = format!("/v1/days/{day}?after={after}");
        let reply = request(app, rail, Method::GET, &path, &id, None).await.map_err(Problem::internal)?;
        let unread = || Problem::internal(format!("the rail's list of {day}: status {}", reply.status));
        let page = (reply.status == 200).then(|| serde_json::from_slice::<Page>(&reply.body).ok()).flatten();
        let page = page.ok_or_else(unread)?;
        for entry in page.entries {
            list.extend(movement(app, day, entry).await?);
        }
        match page.next.filter(|next| next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))) {
            Some(next) if next != after => after = next,
            _ => return Ok(list),
        }
    }
    Err(Problem::internal(format!("the rail's list of {day} has no end")))
}

/// An entry by what the instruction was for. One that this bank never gave is told by its own number: nobody else has it.
async fn movement(app: &App, day: Day, entry: Entry) -> Result<Option<Movement>, Problem> {
    let kind = match entry.kind {
        Told::Debit | Told::Capture => Kind::Capture,
        Told::Refund => Kind::Refund,
        Told::PayOut => Kind::ProgramPayOut,
        Told::Reserve | Told::Release | Told::Unbind => return Ok(None),
    };
    let found = match MatterId::parse(&entry.instruction) {
        Ok(id) => app.store.matter(&id).await?.filter(|matter| matter.kind == MatterKind::Instruction),
        Err(_) => None,
    };
    let instruction = found.map(read::<Instruction>).transpose()?.map(|found| found.body);
    let reference = match instruction {
        Some(Instruction { payment: Some(payment), .. }) => payment.to_string(),
        // What a program pays out is told by the payout's own id.
        Some(instruction) => match instruction.payout() {
            Some(payout) => payout.to_string(),
            None => return Ok(None),
        },
        None => entry.instruction.chars().take(64).collect(),
    };
    Ok(Some(Movement { of: Of { kind, reference }, amount: entry.amount, day, known: true }))
}
