//! Incidents: opened by a stop or by hand, written on by whoever looks into them, and what is done for customers by two
//! people. [`affected`] says whom one met, [`remedy`] gives money back and sends word in batches, [`evidence`] packs what
//! an auditor takes away.

mod affected;
mod evidence;
mod remedy;

pub use affected::{Affected, affected};
pub use evidence::{FILE as EVIDENCE_FILE, archive};
pub use remedy::look;

use super::catalog::Catalog;
use super::ctx::Ctx;
use super::merchant::by;
use super::publish::{self, may_for_bank, put};
use super::{App, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::audit::AuditRecord;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::{IncidentId, StaffId};
use xitai_model::incident::{Command, Incident, NoticePlan, RefundPlan, Severity, apply};
use xitai_model::limits::{INCIDENT_AUDIT_MAX, INCIDENT_NOTE_CHARS_MAX, INCIDENTS_MAX};
use xitai_model::policy::Action;
use xitai_model::proposal::{By, Verdict};
use xitai_model::record::Noun;
use xitai_model::stop::{Stop, StopTarget};

/// What two people do for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Refund,
    Notice,
}

impl Which {
    pub fn as_str(self) -> &'static str {
        match self {
            Which::Refund => "refund",
            Which::Notice => "notice",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        [Which::Refund, Which::Notice].into_iter().find(|it| it.as_str() == word)
    }
}

/// The incident that a stop opens, for the stop's own commit. Where there are too many the stop stands without one.
pub fn of_stop(app: &App, catalog: &Catalog, stop: &Stop) -> Result<Option<(Guard, Change)>, Problem> {
    if catalog.incidents.len() >= INCIDENTS_MAX {
        return Ok(None);
    }
    let incident = Incident::of_stop(IncidentId::new(stop.made_ms, app.clock.random()), stop);
    put(catalog, Noun::Incident, incident.id.as_str(), &incident).map(Some)
}

/// Opens one by hand.
pub async fn open(
    app: &App,
    ctx: &Ctx,
    about: StopTarget,
    title: &str,
    since_ms: Option<i64>,
) -> Result<Incident, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::KeepIncidents)?;
    if !super::stop::is_there(&catalog, &about) {
        return Err(Problem::new(code::STOP_TARGET));
    }
    if catalog.incidents.len() >= INCIDENTS_MAX {
        return Err(Problem::new(code::INCIDENT_TOO_MANY));
    }
    let title: String = title.trim().chars().take(INCIDENT_NOTE_CHARS_MAX).collect();
    if title.is_empty() {
        return Err(Problem::new(code::INCIDENT_NOTE_MISSING));
    }
    let since_ms = since_ms.unwrap_or(ctx.now_ms);
    if since_ms > ctx.now_ms {
        return Err(Problem::new(code::INCIDENT_SINCE));
    }
    let id = IncidentId::new(ctx.now_ms, app.clock.random());
    let incident = Incident::new(id, title, about, staff.id.clone(), since_ms, ctx.now_ms);
    keep(app, ctx, &catalog, incident, "incident.opened", None).await
}

/// All incidents, open ones first, each kind newest first.
pub fn list(app: &App, ctx: &Ctx) -> Result<Vec<Incident>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadIncidents)?;
    let mut all: Vec<Incident> = catalog.incidents.values().map(|kept| kept.value.clone()).collect();
    all.sort_by_key(|it| (!it.is_open(), std::cmp::Reverse(it.opened_ms)));
    Ok(all)
}

pub fn view(app: &App, ctx: &Ctx, id: &IncidentId) -> Result<Incident, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadIncidents)?;
    found(&catalog, id).cloned()
}

fn found<'a>(catalog: &'a Catalog, id: &IncidentId) -> Result<&'a Incident, Problem> {
    catalog.incidents.get(id).map(|kept| &kept.value).ok_or_else(|| Problem::new(code::INCIDENT_NOT_FOUND))
}

/// What one person does to an incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Note(String),
    Assess { severity: Severity, since_ms: i64 },
    Report(String),
    Close(String),
}

pub async fn step(app: &App, ctx: &Ctx, id: &IncidentId, step: Step) -> Result<Incident, Problem> {
    let catalog = app.refresh_catalog().await?;
    let by = may_for_bank(&catalog, ctx, Action::KeepIncidents)?.id.clone();
    let (command, action) = match step {
        Step::Note(text) => (Command::Note { by, text }, "incident.noted"),
        Step::Assess { severity, since_ms } => (Command::Assess { severity, since_ms }, "incident.assessed"),
        Step::Report(reference) => (Command::Report { by, reference }, "incident.reported"),
        Step::Close(note) => (Command::Close { by, note }, "incident.closed"),
    };
    let next = apply(found(&catalog, id)?, command, ctx.now_ms)?;
    keep(app, ctx, &catalog, next, action, None).await
}

/// One person proposes money back for all who paid.
pub async fn propose_refund(app: &App, ctx: &Ctx, id: &IncidentId, plan: RefundPlan) -> Result<Incident, Problem> {
    propose(app, ctx, id, |by| Command::ProposeRefund { plan, by }).await
}

/// One person proposes what all who were affected read.
pub async fn propose_notice(app: &App, ctx: &Ctx, id: &IncidentId, plan: NoticePlan) -> Result<Incident, Problem> {
    propose(app, ctx, id, |by| Command::ProposeNotice { plan: Box::new(plan), by }).await
}

async fn propose(
    app: &App,
    ctx: &Ctx,
    id: &IncidentId,
    command: impl FnOnce(By) -> Command,
) -> Result<Incident, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::KeepIncidents)?;
    let next = apply(found(&catalog, id)?, command(by(staff)), ctx.now_ms)?;
    keep(app, ctx, &catalog, next, "incident.remedy-proposed", None).await
}

/// What a second person says, in the words that are signed.
pub fn subject(id: &str, which: Which, approves: bool, digest: &Digest) -> String {
    let word = if approves { "approve" } else { "return" };
    format!("{word} {} incident {id} {digest}", which.as_str())
}

/// Another person decides on exactly what was proposed; approved, it begins.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    id: &IncidentId,
    which: Which,
    verdict: Verdict,
) -> Result<Incident, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecideRemedies)?;
    let by = by(staff);
    let (approves, digest) = match &verdict {
        Verdict::Approve { digest } => (true, digest.clone()),
        Verdict::Return { digest, .. } => (false, digest.clone()),
    };
    let command = match which {
        Which::Refund => Command::DecideRefund { verdict, by },
        Which::Notice => Command::DecideNotice { verdict, by },
    };
    let next = apply(found(&catalog, id)?, command, ctx.now_ms)?;
    let signed = subject(id.as_str(), which, approves, &digest);
    let proof = step_up::presence(app, ctx, Action::DecideRemedies, &signed).await?;
    keep(app, ctx, &catalog, next, "incident.remedy-decided", proof).await
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: Incident,
    action: &str,
    proof: Option<step_up::Taken>,
) -> Result<Incident, Problem> {
    let (guard, change) = put(catalog, Noun::Incident, next.id.as_str(), &next)?;
    let mut detail = json!({
        "about": next.about, "severity": next.severity, "refund": next.refund, "notice": next.notice,
        "reported": next.reported, "closed": next.closed, "note": next.notes.last(),
    });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    let subject = format!("incident:{}", next.id);
    publish::keep(app, ctx, vec![guard], changes, action, &subject, detail).await?;
    Ok(next)
}

/// Something that happened: from the trail, or as somebody wrote it down.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    pub at_ms: i64,
    pub who: String,
    /// An audit action, or `note`.
    pub what: String,
    pub text: String,
    /// Of the audit record.
    pub seq: Option<u64>,
}

/// What happened since an incident began, in order: the trail's records about what it concerns, and its notes.
pub async fn timeline(app: &App, incident: &Incident) -> Result<Vec<Moment>, Problem> {
    let mut all: Vec<Moment> = records(app, incident).await?.into_iter().map(moment).collect();
    all.extend(incident.notes.iter().map(|note| Moment {
        at_ms: note.at_ms,
        who: name(&note.by),
        what: "note".to_owned(),
        text: note.text.clone(),
        seq: None,
    }));
    all.sort_by_key(|moment| (moment.at_ms, moment.seq));
    Ok(all)
}

fn name(staff: &StaffId) -> String {
    format!("staff:{staff}")
}

fn moment(record: AuditRecord) -> Moment {
    let detail = &record.event.detail;
    let said = ["reason", "state"].iter().find_map(|name| detail[*name].as_str());
    Moment {
        at_ms: record.event.at_ms,
        who: record.event.actor,
        what: record.event.action,
        text: format!("{} {}", record.event.subject, said.unwrap_or_default()).trim().to_owned(),
        seq: Some(record.seq),
    }
}

/// The trail's records about what an incident concerns.
async fn records(app: &App, incident: &Incident) -> Result<Vec<AuditRecord>, Problem> {
    let catalog = app.catalog();
    let mut named: Vec<String> = catalog.programs_met(&incident.about).iter().map(ToString::to_string).collect();
    named.push(incident.about.name());
    named.push(format!("incident:{}", incident.id));
    let concerns = |record: &AuditRecord| {
        let subject = record.event.subject.as_str();
        // A release is named by its program and version.
        named.iter().any(|name| subject == name || subject.split_once('@').is_some_and(|(program, _)| program == name))
    };
    let mut records = app.store.audit_watch(incident.since_ms, INCIDENT_AUDIT_MAX).await?;
    records.retain(concerns);
    Ok(records)
}
