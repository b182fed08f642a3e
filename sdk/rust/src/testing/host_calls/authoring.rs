//! Content that programs put forward: a test decides about it, see [`Bank::decide_draft`](crate::testing::Bank).

use super::super::world::Proposal;
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::content::authoring::{Draft, Review, Stage};

pub fn submit(draft: &Draft, key: &str) -> Result<String, Refusal> {
    answer(|call, world| {
        if !call.acts_for_merchant {
            return Err(refusal(RefusalKind::NotGranted, "content.not-staff", "customers put nothing forward"));
        }
        if let Some(before) = world.kept.proposals.iter().find(|it| it.key == key) {
            return match before.draft == *draft {
                true => Ok(before.id.clone()),
                false => Err(refusal(RefusalKind::Conflict, "feedback.key-reused", key)),
            };
        }
        if draft.title.trim().is_empty() {
            return Err(refusal(RefusalKind::Invalid, "content.draft", "title: it is missing"));
        }
        world.ids_given += 1;
        let id = format!("draft-{}", world.ids_given);
        let review = Review { stage: Stage::Checking, findings: Vec::new() };
        world.kept.proposals.push(Proposal { id: id.clone(), key: key.to_owned(), draft: draft.clone(), review });
        Ok(id)
    })
}
pub fn status(id: &str) -> Result<Review, Refusal> {
    answer(|call, world| {
        let found = world.kept.proposals.iter().find(|it| it.id == id && call.acts_for_merchant);
        found.map(|it| it.review.clone()).ok_or_else(|| refusal(RefusalKind::NotFound, "content.not-found", id))
    })
}
pub fn withdraw(id: &str) -> Result<(), Refusal> {
    answer(|call, world| {
        let found = world.kept.proposals.iter_mut().find(|it| it.id == id && call.acts_for_merchant);
        let found = found.ok_or_else(|| refusal(RefusalKind::NotFound, "content.not-found", id))?;
        found.review.stage = Stage::Withdrawn;
        world.library.retain(|entry| entry.id != id);
        Ok(())
    })
}
