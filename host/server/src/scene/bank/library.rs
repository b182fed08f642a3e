//! The branch's library: entries as they stand after their review.

use super::{Bank, record};
use xitai_model::commit::Change;
use xitai_model::content::entry::{Draft, Entry, Owner, State, Text, Version};
use xitai_model::ids::EntryId;
use xitai_model::record::Noun;
use xitai_model::scene::GivenContent;

impl Bank {
    /// Shown to everybody, as after its review.
    pub(super) fn entry(&self, given: &GivenContent) -> Change {
        let now_ms = self.clock.now_ms();
        let text = |tag: &String| Text {
            title: given.titles.get(tag).cloned().unwrap_or_default(),
            summary: given.summaries.get(tag).cloned().unwrap_or_default(),
            body: String::new(),
        };
        let draft = Draft {
            texts: given.titles.keys().map(|tag| (tag.clone(), text(tag))).collect(),
            price: given.price,
            tags: given.tags.clone(),
            details: given.details.clone().into_iter().collect(),
            ..Draft::default()
        };
        let version = Version {
            number: 1,
            state: State::Live,
            digest: draft.digest(),
            draft,
            authors: Vec::new(),
            made_ms: now_ms,
            changed_ms: now_ms,
            findings: Vec::new(),
            needs: 0,
            signoffs: Vec::new(),
            live_ms: Some(now_ms),
        };
        let made = Entry {
            id: EntryId::new(now_ms, self.app.clock.random()),
            kind: given.kind,
            owner: Owner::Place(self.branch.clone()),
            made_ms: now_ms,
            versions: vec![version],
            past: Vec::new(),
            stock: given.stock,
            takedown: None,
        };
        record(Noun::Content, made.id.as_str(), &made)
    }
}
