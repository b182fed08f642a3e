//! Content: written for a place, checked by the machine, approved by people who have not written it, shown, taken off.
//!
//! Entries are documents of the release plane. There may be twenty thousand of them, a few kilobytes each: what is over
//! goes out of the document into the blob of its digest, so that a host holds all that anybody may see, and searches it
//! without asking the database. A takedown is in the next call that begins on this host, and on every other as soon as
//! it has read the change, a quarter of a second later at most.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{commit, may, put};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::content::Kind;
use xitai_model::content::entry::{Author, Draft, Entry, Owner, State};
use xitai_model::content::search::mentions;
use xitai_model::content::state::{Command, Verdict, apply};
use xitai_model::digest::Digest;
use xitai_model::ids::{EntryId, PlaceId, StaffId};
use xitai_model::limits::CONTENT_ENTRIES_MAX;
use xitai_model::media::Handle;
use xitai_model::place::Staff;
use xitai_model::policy::{self, Action, Resource};
use xitai_model::record::Noun;
use xitai_model::refusal::Refusal;
use xitai_model::release::{Decision, Severity};

/// Times that a change is decided again when another one came first.
const DECISIONS_MAX: u32 = 3;

/// Whether somebody may do this with an entry.
pub fn may_do(catalog: &Catalog, staff: &Staff, action: Action, entry: &Entry) -> bool {
    may_at(catalog, staff, action, entry.owner.place())
}

pub fn may_at(catalog: &Catalog, staff: &Staff, action: Action, place: &PlaceId) -> bool {
    let resource = Resource { place: Some(place), ..Resource::default() };
    let within = |place: &_, above: &_| catalog.is_within(place, above);
    policy::decide(policy::Asking::Staff(staff), action, resource, within) == policy::Decision::Allow
}

/// Every entry that the caller may read, newest change first.
pub fn list(app: &App, ctx: &Ctx) -> Result<Vec<Entry>, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let catalog = app.catalog();
    let all = catalog.content.values().map(|kept| &kept.value);
    let mut found: Vec<Entry> =
        all.filter(|entry| may_do(&catalog, staff, Action::ReadContent, entry)).cloned().collect();
    found.sort_by_key(|entry| std::cmp::Reverse((changed_ms(entry), entry.id.clone())));
    Ok(found)
}

/// Whether an entry belongs into a list of the staff: `waiting`, `live`, `draft`, `taken-down` or `all`.
pub fn fits(entry: &Entry, state: &str, kind: Option<&str>, wanted: &str, now_ms: i64) -> bool {
    let any = |state: State| entry.versions.iter().any(|version| version.state == state);
    let in_state = match state {
        "waiting" => any(State::Review) || any(State::Checking),
        "live" => entry.takedown.is_none() && entry.live(now_ms).is_some(),
        "draft" => any(State::Draft) || any(State::Returned),
        "taken-down" => entry.takedown.is_some(),
        _ => true,
    };
    in_state && kind.is_none_or(|kind| kind.is_empty() || entry.kind.as_str() == kind) && mentions(entry, wanted)
}

/// When something last happened to it.
pub fn changed_ms(entry: &Entry) -> i64 {
    let versions = entry.versions.iter().map(|version| version.changed_ms);
    let past = entry.past.iter().map(|past| past.ended_ms);
    let taken = entry.takedown.iter().map(|takedown| takedown.at_ms);
    versions.chain(past).chain(taken).max().unwrap_or(entry.made_ms)
}

/// One entry. Whoever may not read it does not learn that it is there.
pub fn view(app: &App, ctx: &Ctx, id: &EntryId) -> Result<Entry, Problem> {
    readable(&app.catalog(), ctx, id).cloned()
}

fn readable<'a>(catalog: &'a Catalog, ctx: &Ctx, id: &EntryId) -> Result<&'a Entry, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let found = catalog.content_entry(id).filter(|entry| may_do(catalog, staff, Action::ReadContent, entry));
    found.ok_or_else(|| Problem::new(code::CONTENT_NOT_FOUND))
}

/// What a version that is over said.
pub async fn past_draft(app: &App, digest: &Digest) -> Result<Draft, Problem> {
    let bytes = app.store.blob(digest).await?.ok_or_else(|| Problem::new(code::CONTENT_NOT_FOUND))?;
    serde_json::from_slice(&bytes).map_err(Problem::internal)
}

/// Makes an entry with its first draft.
pub async fn create(app: &App, ctx: &Ctx, kind: Kind, place: &PlaceId, draft: Draft) -> Result<Entry, Problem> {
    let catalog = app.refresh_catalog().await?;
    let at = Resource { place: Some(place), ..Resource::default() };
    let staff = may(&catalog, ctx, Action::WriteContent, at)?;
    if catalog.place(place).is_none() {
        return Err(Problem::new(code::CONTENT_DRAFT).detail("place: there is none of this name"));
    }
    if catalog.content.len() >= CONTENT_ENTRIES_MAX {
        return Err(Problem::new(code::CONTENT_TOO_MANY).detail(format!("{CONTENT_ENTRIES_MAX} entries")));
    }
    let entry = Entry {
        id: EntryId::new(ctx.now_ms, app.clock.random()),
        kind,
        owner: Owner::Place(place.clone()),
        made_ms: ctx.now_ms,
        versions: Vec::new(),
        past: Vec::new(),
        stock: None,
        takedown: None,
    };
    refers(&catalog, &entry, &draft)?;
    let next = apply(&entry, Command::Write { number: None, draft: Box::new(draft), by: author(staff) }, ctx.now_ms)?;
    save(app, ctx, &catalog, &next, "content.written", json!({ "version": 1 })).await?;
    Ok(next)
}

fn author(staff: &Staff) -> Author {
    Author { staff: Some(staff.id.clone()), person: staff.person.clone() }
}

/// Whether everything that a draft names is there, and its audience within its owner's place.
pub(super) fn refers(catalog: &Catalog, entry: &Entry, draft: &Draft) -> Result<(), Refusal> {
    let fault = |told: String| Err(Refusal::of(code::CONTENT_DRAFT, told));
    for place in &draft.audience.places {
        if catalog.place(place).is_none() || !catalog.is_within(place, entry.owner.place()) {
            return fault(format!("audience: `{place}` does not lie in {}", entry.owner.place()));
        }
    }
    if let Some((program, page)) = &draft.opens {
        let rollout = catalog.rollout(program).and_then(|rollout| rollout.stages.last());
        let Some(stage) = rollout else { return fault(format!("opens: `{program}` is rolled out nowhere")) };
        let id = xitai_model::ids::ReleaseId { program: program.clone(), version: stage.version.clone() };
        let pages = catalog.release(&id).map(|release| release.manifest.pages.as_slice()).unwrap_or_default();
        if !pages.contains(page) {
            return fault(format!("opens: `{program}` has no page `{page}`"));
        }
    }
    if let Some(image) = &draft.image
        && Handle::parse(image).is_none_or(|handle| !catalog.media.contains_key(&handle))
    {
        return fault("image: there is no such picture".to_owned());
    }
    for document in &draft.documents {
        let found = EntryId::parse(document).ok().filter(|id| *id != entry.id && catalog.content.contains_key(id));
        if found.is_none() {
            return fault(format!("documents: there is no entry `{document}`"));
        }
    }
    Ok(())
}

/// Writes a new version, or on one that is still a draft.
pub async fn write(
    app: &App,
    ctx: &Ctx,
    id: &EntryId,
    number: Option<u32>,
    draft: Draft,
) -> Result<(Entry, u32), Problem> {
    let catalog = app.refresh_catalog().await?;
    let (staff, entry) = doing(&catalog, ctx, Action::WriteContent, id)?;
    refers(&catalog, entry, &draft)?;
    let written = number.unwrap_or_else(|| entry.next_number());
    let command = Command::Write { number, draft: Box::new(draft), by: author(staff) };
    let next = apply(entry, command, ctx.now_ms)?;
    save(app, ctx, &catalog, &next, "content.written", json!({ "version": written })).await?;
    Ok((next, written))
}

/// Gives a version to the machine, which looks at once.
pub async fn submit(app: &App, ctx: &Ctx, id: &EntryId, number: u32) -> Result<Entry, Problem> {
    let catalog = app.refresh_catalog().await?;
    let (_, entry) = doing(&catalog, ctx, Action::WriteContent, id)?;
    let next = apply(entry, Command::Submit { number }, ctx.now_ms)?;
    keep_draft(app, &next, number).await?;
    let digest = next.version(number).map(|version| version.digest.clone());
    save(app, ctx, &catalog, &next, "content.submitted", json!({ "version": number, "digest": digest })).await?;
    match check(app, id, number).await {
        // The service is away: the version waits in `checking`, and the job asks again.
        Err(problem) if problem.code == code::CONTENT_CHECK_AWAY => Ok(next),
        done => done,
    }
}

/// What was put forward stays readable when it is over. Bytes go first, as with packages.
async fn keep_draft(app: &App, entry: &Entry, number: u32) -> Result<(), Problem> {
    if let Some(version) = entry.version(number) {
        app.store.put_blob(&version.digest, version.draft.bytes().as_bytes()).await?;
    }
    Ok(())
}

/// Has the machine look at a version that waits for it.
pub async fn check(app: &App, id: &EntryId, number: u32) -> Result<Entry, Problem> {
    for _ in 0..DECISIONS_MAX {
        let catalog = app.refresh_catalog().await?;
        let entry = catalog.content_entry(id).ok_or_else(|| Problem::new(code::CONTENT_NOT_FOUND))?;
        let Some(version) = entry.version(number).filter(|version| version.state == State::Checking) else {
            return Ok(entry.clone());
        };
        let found = app.content_check.draft(&version.draft).await;
        let findings = found.map_err(|away| Problem::new(code::CONTENT_CHECK_AWAY).because(away.0))?;
        let ctx = app.host_ctx();
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let detail = json!({ "version": number, "findings": findings.len(), "errors": errors });
        let next = apply(entry, Command::Checked { number, findings }, ctx.now_ms)?;
        match save(app, &ctx, &catalog, &next, "content.checked", detail).await {
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            Err(problem) => return Err(problem),
            Ok(()) => return Ok(next),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// Versions whose check a host left, or a service did not answer.
pub async fn check_waiting(app: &App) -> Result<(), Problem> {
    let catalog = app.catalog();
    let entries = catalog.content.values().map(|kept| &kept.value);
    let waiting = entries.flat_map(|entry| {
        let versions = entry.versions.iter().filter(|version| version.state == State::Checking);
        versions.map(|version| (entry.id.clone(), version.number))
    });
    for (id, number) in waiting.collect::<Vec<_>>() {
        check(app, &id, number).await?;
    }
    Ok(())
}

/// What a reviewer says about a version.
#[derive(Debug, Clone)]
pub struct Said {
    pub decision: Decision,
    /// The text that was looked at.
    pub digest: Digest,
    pub note: String,
}

/// Takes a reviewer's decision.
pub async fn decide(app: &App, ctx: &Ctx, id: &EntryId, number: u32, said: Said) -> Result<Entry, Problem> {
    let catalog = app.refresh_catalog().await?;
    let (staff, entry) = doing(&catalog, ctx, Action::ReviewContent, id)?;
    let Said { decision, digest, note } = said;
    let verdict = Verdict {
        number,
        by: staff.id.clone(),
        person: staff.person.clone(),
        publisher: staff.publisher.clone(),
        decision,
        digest: digest.clone(),
        note,
    };
    let next = apply(entry, Command::Decide(verdict), ctx.now_ms)?;
    let action = match next.version(number).map(|version| version.state) {
        Some(State::Review) => "content.signed-off",
        Some(State::Returned) => "content.returned",
        _ => "content.approved",
    };
    save(app, ctx, &catalog, &next, action, json!({ "version": number, "digest": digest })).await?;
    Ok(next)
}

/// Takes back what was not decided yet, or takes off what is shown.
pub async fn end(app: &App, ctx: &Ctx, id: &EntryId, number: u32) -> Result<Entry, Problem> {
    let catalog = app.refresh_catalog().await?;
    let (_, entry) = doing(&catalog, ctx, Action::WriteContent, id)?;
    let is_live = entry.version(number).is_some_and(|version| version.state == State::Live);
    let (command, action) = if is_live {
        (Command::Retire { number: Some(number) }, "content.retired")
    } else {
        (Command::Withdraw { number }, "content.withdrawn")
    };
    let next = apply(entry, command, ctx.now_ms)?;
    save(app, ctx, &catalog, &next, action, json!({ "version": number })).await?;
    Ok(next)
}

/// Hides an entry at once. One duty officer is enough.
pub async fn take_down(app: &App, ctx: &Ctx, id: &EntryId, reason: &str) -> Result<Entry, Problem> {
    let reason = reason.trim().to_owned();
    let by = |by: StaffId| Command::TakeDown { by, reason: reason.clone() };
    change(app, ctx, Action::TakeDownContent, id, by, "content.taken-down", json!({ "reason": reason })).await
}

/// Shows it again.
pub async fn restore(app: &App, ctx: &Ctx, id: &EntryId) -> Result<Entry, Problem> {
    change(app, ctx, Action::TakeDownContent, id, |_| Command::Restore, "content.restored", json!({})).await
}

/// Says how many units of a product are left.
pub async fn stock(app: &App, ctx: &Ctx, id: &EntryId, units: Option<u64>) -> Result<Entry, Problem> {
    let detail = json!({ "units": units });
    change(app, ctx, Action::WriteContent, id, |_| Command::Stock { units }, "content.stock", detail).await
}

/// A change that stands whatever else happened to the entry meanwhile: tried again when another one came first.
async fn change(
    app: &App,
    ctx: &Ctx,
    right: Action,
    id: &EntryId,
    command: impl Fn(StaffId) -> Command,
    action: &str,
    detail: Value,
) -> Result<Entry, Problem> {
    for _ in 0..DECISIONS_MAX {
        let catalog = app.refresh_catalog().await?;
        let (staff, entry) = doing(&catalog, ctx, right, id)?;
        let next = apply(entry, command(staff.id.clone()), ctx.now_ms)?;
        match save(app, ctx, &catalog, &next, action, detail.clone()).await {
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            Err(problem) => return Err(problem),
            Ok(()) => return Ok(next),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// The entry, if the caller may read it, and the caller, if they may do this with it.
fn doing<'a, 'c>(
    catalog: &'a Catalog,
    ctx: &'c Ctx,
    action: Action,
    id: &EntryId,
) -> Result<(&'c Staff, &'a Entry), Problem> {
    let entry = readable(catalog, ctx, id)?;
    let at = Resource { place: Some(entry.owner.place()), ..Resource::default() };
    Ok((may(catalog, ctx, action, at)?, entry))
}

async fn save(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    entry: &Entry,
    action: &str,
    detail: Value,
) -> Result<(), Problem> {
    let (guard, record) = put(catalog, Noun::Content, entry.id.as_str(), entry)?;
    match commit(app, ctx, vec![guard], vec![record], action, &format!("content:{}", entry.id), detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(())
}
