//! Deadlines of people, told to whoever is on duty where somebody is to be told at all. What runs where is found out
//! anew at each look; that it was told is a matter under the deadline's own key, so that hosts tell it once.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::duty::Message;
use super::feedback::{Read, read};
use super::publish::commit;
use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::words::Words;
use serde_json::json;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::deadline::{Command, Reminder, Stage, What, apply};
use xitai_model::ids::MatterId;
use xitai_model::limits::DEADLINE_TOLD_LATE_MS;
use xitai_model::matter::{LATE_AGAIN_MS, Matter, MatterKind};
use xitai_model::release::ReleaseState;

/// Matters of one kind that are looked at in one turn, and reminders that are told in it.
const TURN_MAX: usize = 200;

/// Something that somebody has to do by a time.
struct Running {
    what: What,
    subject: String,
    due_ms: i64,
    opens: String,
}

/// Finds what is near or reached, and tells of it.
pub async fn look(app: &App) -> Result<(), Problem> {
    if !app.duty.is_anybody() {
        return Ok(());
    }
    let ctx = app.host_ctx();
    let catalog = app.catalog();
    let mut running = of_catalog(&catalog);
    for (kind, what, page) in [
        (MatterKind::Complaint, What::Complaint, "/console/complaints"),
        (MatterKind::Dispute, What::Dispute, "/console/disputes"),
    ] {
        // What is late has been put off by as much.
        for put_off_ms in [0, LATE_AGAIN_MS] {
            let (after_ms, until_ms) = (ctx.now_ms - DEADLINE_TOLD_LATE_MS, ctx.now_ms + what.lead_ms());
            let (after_ms, until_ms) = (after_ms + put_off_ms, until_ms + put_off_ms);
            let matters = app.store.matters_due_within(kind, after_ms, until_ms, TURN_MAX).await?;
            running.extend(matters.into_iter().filter_map(|matter| {
                let (due_ms, opens) = (matter.due_ms? - put_off_ms, format!("{page}/{}", matter.id));
                Some(Running { what, subject: matter.id.to_string(), due_ms, opens })
            }));
        }
    }
    for one in running {
        raise(app, &ctx, &catalog, one).await?;
    }
    for matter in app.store.matters_due(MatterKind::Reminder, ctx.now_ms, TURN_MAX).await? {
        tell(app, &ctx, read::<Reminder>(matter)?).await?;
    }
    Ok(())
}

/// Deadlines of the release plane's nouns.
fn of_catalog(catalog: &Catalog) -> Vec<Running> {
    let releases = catalog.releases.values().map(|kept| &kept.value);
    let waiting =
        releases.filter(|release| matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved));
    let reviews = waiting.filter(|release| release.reviewing.deadline_ms > 0).map(|release| {
        let review = release.review.as_ref().map(ToString::to_string).unwrap_or_default();
        let (opens, due_ms) = (format!("/console/reviews/{review}"), release.reviewing.deadline_ms);
        Running { what: What::Review, subject: release.id.to_string(), due_ms, opens }
    });
    let incidents = catalog.incidents.values().map(|kept| &kept.value);
    let unreported = incidents.filter(|incident| incident.is_open() && incident.reported.is_none());
    let incidents = unreported.map(|incident| Running {
        what: What::Incident,
        subject: incident.id.to_string(),
        due_ms: incident.report_due_ms(),
        opens: format!("/console/incidents/{}", incident.id),
    });
    let publishers = catalog.publishers.values().map(|kept| &kept.value);
    let qualifications = publishers.filter_map(|publisher| {
        let due_ms = publisher.qualification.as_ref()?.until_ms;
        let (subject, opens) = (publisher.id.to_string(), format!("/console/publishers/{}", publisher.id));
        Some(Running { what: What::Qualification, subject, due_ms, opens })
    });
    reviews.chain(incidents).chain(qualifications).collect()
}

/// Writes down that it is to be told, where that was not done yet.
async fn raise(app: &App, ctx: &Ctx, catalog: &Catalog, one: Running) -> Result<(), Problem> {
    let Some(stage) = one.what.stage(one.due_ms, ctx.now_ms) else { return Ok(()) };
    let Some(bank) = catalog.bank().map(|bank| bank.id.clone()) else { return Ok(()) };
    let reminder = Reminder::new(one.what, &one.subject, stage, one.due_ms, one.opens, ctx.now_ms);
    let mut matter =
        Matter::new(MatterId::new(ctx.now_ms, app.clock.random()), None, bank, None, &reminder, ctx.now_ms);
    matter.key = Some(reminder.key());
    let Some(key) = matter.keyed() else { return Ok(()) };
    if app.store.matter_by_key(&key).await?.is_some() {
        return Ok(());
    }
    let detail = json!({ "what": reminder.what, "stage": stage, "deadline_ms": one.due_ms });
    let (guards, changes) = (vec![Guard::MatterKeyFree(key)], vec![Change::Matter(Box::new(matter))]);
    match commit(app, ctx, guards, changes, "deadline.raised", &one.subject, detail).await {
        // Another host has found it, too.
        Ok(()) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Writes down that it is tried, tells it, and writes down that somebody has it. A host that dies in between has it told
/// again, under the same id.
async fn tell(app: &App, ctx: &Ctx, found: Read<Reminder>) -> Result<(), Problem> {
    let tried = apply(&found.body, Command::Try, ctx.now_ms)?;
    let Some(matter) = keep(app, ctx, &found.matter, &tried, "deadline.tried").await? else { return Ok(()) };
    let message = Message {
        id: matter.id.to_string(),
        kind: match tried.stage {
            Stage::Near => "deadline.near",
            Stage::Reached => "deadline.reached",
        },
        at_ms: ctx.now_ms,
        data: json!({
            "reminder": matter.id, "what": tried.what, "subject": tried.subject, "stage": tried.stage,
            "deadline": calendar::stamp(crate::zone::Zone::utc(), tried.deadline_ms),
        }),
        times: 1,
        opens: tried.opens.clone(),
    };
    if app.duty.tell(app, &message, |words| said(&tried, words, ctx.now_ms)).await {
        let ctx = app.host_ctx();
        let told = apply(&tried, Command::Taken, ctx.now_ms)?;
        keep(app, &ctx, &matter, &told, "deadline.told").await?;
    }
    Ok(())
}

fn said(reminder: &Reminder, words: &Words, now_ms: i64) -> (String, String) {
    let what = words.name("deadline", reminder.what.as_str());
    let when = calendar::short(words, reminder.deadline_ms, now_ms);
    let told = words.say1(&format!("deadline-{}", reminder.stage.as_str()), "when", when);
    (format!("{what}: {}", reminder.subject), told)
}

/// The next revision; nothing where another host was first.
async fn keep(app: &App, ctx: &Ctx, before: &Matter, next: &Reminder, action: &str) -> Result<Option<Matter>, Problem> {
    let guard = Guard::MatterAt { matter: before.id.clone(), revision: before.revision };
    let matter = before.moved(next, ctx.now_ms);
    let detail = json!({ "what": next.what, "stage": next.stage, "state": next.state });
    let changes = vec![Change::Matter(Box::new(matter.clone()))];
    match commit(app, ctx, vec![guard], changes, action, &next.subject, detail).await {
        Ok(()) => Ok(Some(matter)),
        Err(CommitRefusal::Moved(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}
