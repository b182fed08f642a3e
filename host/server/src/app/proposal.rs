//! What programs put forward becomes entries: placed in its branch, checked by the machine, and then in the hands of the
//! same reviewers as everything else.

use super::App;
use super::content::refers;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::publish::put;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::content::entry::{Author, Draft, Entry, Owner};
use xitai_model::content::proposal::{Proposal, State, entry_id};
use xitai_model::content::state::{Command, apply};
use xitai_model::ids::ReleaseId;
use xitai_model::limits::{CONTENT_ENTRIES_MAX, CONTENT_OF_PUBLISHER_MAX};
use xitai_model::matter::Matter;
use xitai_model::record::Noun;
use xitai_model::refusal::Refusal;

/// Makes an entry of a proposal that waits, or says why not.
pub(crate) async fn place(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    let Read { matter, body: proposal } = read::<Proposal>(matter)?;
    let catalog = app.refresh_catalog().await?;
    let made = match entry(&catalog, &matter, &proposal, ctx.now_ms) {
        Ok((mut made, draft)) => {
            let findings = app.content_check.draft(&draft).await;
            let findings = findings.map_err(|away| Problem::new(code::CONTENT_CHECK_AWAY).because(away.0))?;
            made = apply(&made, Command::Checked { number: 1, findings }, ctx.now_ms)?;
            app.store.put_blob(&draft.digest(), draft.bytes().as_bytes()).await?;
            Ok(made)
        }
        Err(refusal) => Err(refusal),
    };
    let mut guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision }];
    let mut changes = Vec::new();
    let (next, action, detail) = match made {
        Ok(entry) => {
            let (guard, record) = put(&catalog, Noun::Content, entry.id.as_str(), &entry)?;
            guards.push(guard);
            changes.push(record);
            let state = entry.versions.first().map(|version| version.state);
            (Proposal { state: State::Placed, ..proposal }, "content.placed", json!({ "state": state }))
        }
        Err(refusal) => {
            let told = vec![format!("{} {}", refusal.code, refusal.detail)];
            let detail = json!({ "code": refusal.code });
            (Proposal { state: State::Refused, told, ..proposal }, "content.refused", detail)
        }
    };
    changes.push(Change::Matter(Box::new(matter.moved(&next, ctx.now_ms))));
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: matter.program.as_ref().map_or_else(|| "host".to_owned(), |program| format!("program:{program}")),
        action: action.to_owned(),
        subject: format!("content:{}", matter.id),
        detail,
        request: None,
    };
    match app.store.commit(Commit { guards, changes, audit }).await {
        // Another host did it, or the program took it back meanwhile.
        Ok(_) | Err(CommitRefusal::Moved(_)) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    app.refresh_catalog().await.map(|_| ())
}

/// The entry in the hands of the machine, with its draft.
fn entry(
    catalog: &super::catalog::Catalog,
    matter: &Matter,
    proposal: &Proposal,
    now_ms: i64,
) -> Result<(Entry, Draft), Refusal> {
    let gone = || Refusal::of(code::PROGRAM_NOT_FOUND, "");
    let program = matter.program.clone().ok_or_else(gone)?;
    let publisher = catalog.program(&program).map(|program| program.publisher.clone()).ok_or_else(gone)?;
    let of_publisher = |entry: &Entry| matches!(&entry.owner, Owner::Program { publisher: by, .. } if *by == publisher);
    let held = catalog.content.values().filter(|kept| of_publisher(&kept.value) && kept.value.live(now_ms).is_some());
    if catalog.content.len() >= CONTENT_ENTRIES_MAX || held.count() >= CONTENT_OF_PUBLISHER_MAX {
        return Err(Refusal::of(code::CONTENT_TOO_MANY, format!("{CONTENT_OF_PUBLISHER_MAX} entries")));
    }
    let mut draft = proposal.draft.clone();
    // Acting on it opens the program that put it forward.
    let stage = catalog.rollout(&program).and_then(|rollout| rollout.stages.last());
    let release = stage
        .map(|stage| ReleaseId { program: program.clone(), version: stage.version.clone() })
        .and_then(|id| catalog.release(&id).map(|release| release.manifest.pages.first().cloned()));
    draft.opens = release.flatten().map(|page| (program.clone(), page));
    let empty = Entry {
        id: entry_id(&matter.id),
        kind: proposal.kind,
        owner: Owner::Program { program, publisher, branch: matter.branch.clone() },
        made_ms: now_ms,
        versions: Vec::new(),
        past: Vec::new(),
        stock: None,
        takedown: None,
    };
    refers(catalog, &empty, &draft)?;
    let by = Author { staff: None, person: String::new() };
    let written = apply(&empty, Command::Write { number: None, draft: Box::new(draft), by }, now_ms)?;
    let submitted = apply(&written, Command::Submit { number: 1 }, now_ms)?;
    let draft = submitted.version(1).map(|version| version.draft.clone()).unwrap_or_default();
    Ok((submitted, draft))
}
