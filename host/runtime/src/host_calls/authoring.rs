//! `authoring`: content that a program puts forward. The host makes entries of it, and people decide.

use super::matters::Read;
use crate::bindings::xitai::content::authoring as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::{BadMoney, same_cases};
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::content::Kind;
use xitai_model::content::entry::{Draft, Entry, State as VersionState, Text};
use xitai_model::content::proposal::{Proposal, Stage, State, entry_id, stage};
use xitai_model::content::state::{Command, apply};
use xitai_model::ids::EntryId;
use xitai_model::limits::CONTENT_PROPOSALS_MAX;
use xitai_model::matter::{MatterBody, MatterKey};
use xitai_model::money::Money;
use xitai_model::record::{Noun, Record};
use xitai_model::refusal::Refusal;

same_cases!(Stage => wit::Stage: Checking, InReview, Approved, Returned, Withdrawn, Other);

/// Entries that this call withdraws, with the version that the commit must find.
#[derive(Default)]
pub(crate) struct Written {
    entries: BTreeMap<EntryId, (Entry, u64)>,
}

impl Written {
    pub(super) fn collect(self, collected: &mut super::Collected) {
        for (id, (entry, version)) in self.entries {
            let id = id.to_string();
            let record = Record::of(Noun::Content, id.clone(), version + 1, &entry);
            collected.guards.push(Guard::RecordAt { noun: Noun::Content, id, version });
            collected.changes.push(Change::Record(record));
        }
    }
}

#[derive(Serialize)]
struct Submit {
    kind: String,
    title: String,
    summary: String,
    body: String,
    image: Option<String>,
    /// A currency that is none is journalled as the refusal that it gets.
    price: Option<Result<Money, Refusal>>,
    tags: Vec<String>,
    details: Vec<(String, String)>,
    key: String,
}
#[derive(Serialize)]
struct Id {
    id: String,
}
#[derive(Serialize, Deserialize)]
struct Review {
    stage: Stage,
    findings: Vec<String>,
}

fn not_found() -> Refusal {
    Refusal::of(code::CONTENT_NOT_FOUND, "")
}

impl CallState {
    fn check_is_staff(&self) -> Result<(), Refusal> {
        if self.scope.acts_for_merchant { Ok(()) } else { Err(Refusal::of(code::CONTENT_NOT_STAFF, "")) }
    }

    /// The draft in the language of whoever writes it.
    fn drafted(&self, ask: &Submit) -> Result<Proposal, Refusal> {
        let kind = Kind::parse(&ask.kind)
            .ok_or_else(|| Refusal::of(code::CONTENT_DRAFT, format!("kind: `{}`", super::shortened(&ask.kind))))?;
        let text = Text { title: ask.title.clone(), summary: ask.summary.clone(), body: ask.body.clone() };
        let locale = if self.locale.is_empty() { "zh-CN" } else { self.locale.as_str() };
        let draft = Draft {
            texts: [(locale.to_owned(), text)].into(),
            image: ask.image.clone(),
            price: ask.price.clone().transpose()?,
            tags: ask.tags.clone(),
            details: ask.details.clone(),
            ..Draft::default()
        };
        Ok(Proposal {
            kind,
            draft: with_spot(draft).checked(kind)?,
            state: State::Waiting,
            made_ms: self.now_ms,
            told: Vec::new(),
        })
    }

    /// Drafts are the branch's, whoever of its people put them forward: so are their keys.
    fn authoring_submit(&mut self, reads: &Reads<'_>, ask: Submit) -> Result<String, Halt> {
        self.check_is_staff()?;
        super::check_key(&ask.key)?;
        let proposal = self.drafted(&ask)?;
        let scope = self.scope.clone();
        let owner = scope.branch.to_string();
        let program = Some(scope.program.clone());
        let key = MatterKey { kind: Proposal::KIND, program, owner, key: ask.key.clone() };
        if let Some((matter, before)) = self.matter_at_key::<Proposal>(reads, &key)? {
            let same = before.kind == proposal.kind && before.draft == proposal.draft;
            let reused = || Refusal::of(code::FEEDBACK_KEY_REUSED, ask.key.clone());
            return if same { Ok(matter.id.to_string()) } else { Err(reused().into()) };
        }
        let of = MattersOf::Branch(scope.program.clone(), scope.branch.clone());
        let (newest, _) = self.matters::<Proposal>(reads, &of, None)?;
        if newest.iter().filter(|(_, it)| it.state == State::Waiting).count() >= CONTENT_PROPOSALS_MAX {
            return Err(Refusal::of(code::CONTENT_TOO_MANY, format!("{CONTENT_PROPOSALS_MAX} drafts")).into());
        }
        let mut matter = self.new_matter(&proposal);
        (matter.customer, matter.session, matter.key) = (None, None, Some(ask.key));
        let id = matter.id.to_string();
        self.keep_matter(matter);
        Ok(id)
    }

    /// A draft of this program in this branch.
    fn own_proposal(&self, reads: &Reads<'_>, id: &str) -> Result<Read<Proposal>, Halt> {
        self.check_is_staff()?;
        let found = self.matter::<Proposal>(reads, id)?.filter(|(matter, _)| self.is_own_branchs_matter(matter));
        found.ok_or_else(|| not_found().into())
    }

    /// What it became, as this call sees it.
    fn entry_of(&self, reads: &Reads<'_>, id: &EntryId) -> Result<Option<(Entry, u64)>, Halt> {
        if let Some(own) = self.pending.authoring.entries.get(id) {
            return Ok(Some(own.clone()));
        }
        Ok(reads.ports.content_record(id, reads.within)?)
    }

    fn authoring_status(&self, reads: &Reads<'_>, id: &str) -> Result<Review, Halt> {
        let (matter, proposal) = self.own_proposal(reads, id)?;
        let entry = self.entry_of(reads, &entry_id(&matter.id))?;
        let (stage, findings) = stage(&proposal, entry.as_ref().map(|(entry, _)| entry));
        Ok(Review { stage, findings })
    }

    /// Takes it back, or off where it is shown. What is over stays over.
    fn authoring_withdraw(&mut self, reads: &Reads<'_>, id: &str) -> Result<(), Halt> {
        let (matter, proposal) = self.own_proposal(reads, id)?;
        match proposal.state {
            State::Waiting => {
                let withdrawn = Proposal { state: State::Withdrawn, ..proposal };
                self.keep_matter(matter.moved(&withdrawn, self.now_ms));
            }
            State::Refused | State::Withdrawn => {}
            State::Placed => {
                let id = entry_id(&matter.id);
                let (mut entry, version) = self.entry_of(reads, &id)?.ok_or_else(not_found)?;
                let waits = entry.versions.iter().filter(|it| {
                    matches!(it.state, VersionState::Draft | VersionState::Checking | VersionState::Review)
                });
                for number in waits.map(|it| it.number).collect::<Vec<_>>() {
                    entry = apply(&entry, Command::Withdraw { number }, self.now_ms)?;
                }
                if entry.versions.iter().any(|it| it.state == VersionState::Live) {
                    entry = apply(&entry, Command::Retire { number: None }, self.now_ms)?;
                }
                self.pending.authoring.entries.insert(id, (entry, version));
            }
        }
        Ok(())
    }
}

/// District, hours and position come as details, as the library gives them out.
fn with_spot(mut draft: Draft) -> Draft {
    let mut take = |name: &str| {
        let at = draft.details.iter().position(|(held, _)| held == name)?;
        Some(draft.details.remove(at).1)
    };
    let (district, hours, position) = (take("district"), take("hours"), take("position"));
    if district.is_some() || hours.is_some() || position.is_some() {
        let position = position.as_deref().and_then(xitai_model::content::spot::Position::parse);
        let (district, hours) = (district.unwrap_or_default(), hours.unwrap_or_default());
        draft.spot = Some(xitai_model::content::spot::Spot { district, hours, position });
    }
    draft
}

impl wit::Host for CallState {
    fn submit(&mut self, draft: wit::Draft, key: String) -> wasmtime::Result<Result<String, values::Refusal>> {
        let wit::Draft { kind, title, summary, body, image, price, tags, details } = draft;
        let unknown = |BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency));
        let price = price.map(|price| Money::try_from(price).map_err(unknown));
        let ask = Submit { kind, title, summary, body, image, price, tags, details, key };
        Ok(self.answer("authoring.submit", ask, Self::authoring_submit)?.map_err(Into::into))
    }

    fn status(&mut self, id: String) -> wasmtime::Result<Result<wit::Review, values::Refusal>> {
        let ask = Id { id };
        let answer =
            self.answer("authoring.status", ask, |state, reads, ask| state.authoring_status(reads, &ask.id))?;
        let review = |it: Review| wit::Review { stage: it.stage.into(), findings: it.findings };
        Ok(answer.map(review).map_err(Into::into))
    }

    fn withdraw(&mut self, id: String) -> wasmtime::Result<Result<(), values::Refusal>> {
        let ask = Id { id };
        let answer =
            self.answer("authoring.withdraw", ask, |state, reads, ask| state.authoring_withdraw(reads, &ask.id))?;
        Ok(answer.map_err(Into::into))
    }
}
