//! The evidence of an incident: one archive that an auditor takes away, and that `xitai verify` checks without the bank.
//!
//! `evidence.json` is a signed document. It holds the audit records of the incident with proofs up to signed
//! checkpoints, and the digest of every other file of the archive: payments as they were booked, the releases that were
//! live, the journals of the sessions it met.

use super::affected::{first_payment, first_session, meets, used};
use super::{records, timeline, view};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::signing;
use crate::http::problem::Problem;
use crate::package;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use xitai_model::digest::Digest;
use xitai_model::ids::{IncidentId, ProgramId};
use xitai_model::incident::Incident;
use xitai_model::limits::{INCIDENT_EVIDENCE_MAX, SESSION_IDLE_MS_MAX, STOP_PAGE_MAX};
use xitai_model::payment::Payment;
use xitai_model::policy::Action;
use xitai_store::Shows;

/// What the signed document is called, and its file.
const EVIDENCE: &str = "incident-evidence";
pub const FILE: &str = "evidence.json";

/// The journal of a session, as far as it is evidence: what was done is under the customer's key.
#[derive(Serialize)]
struct Journal {
    session: String,
    program: String,
    steps: u64,
    /// Over the digests of its steps, in order.
    digest: Digest,
}

/// Makes the archive.
pub async fn archive(app: &App, ctx: &Ctx, id: &IncidentId) -> Result<Vec<u8>, Problem> {
    let incident = view(app, ctx, id)?;
    super::may_for_bank(&app.catalog(), ctx, Action::ReadAudit)?;
    let catalog = app.catalog();
    let programs = catalog.programs_met(&incident.about);
    let (payments, more_payments) = payments(app, &catalog, &incident, &programs, ctx.now_ms).await?;
    let (journals, more_journals) = journals(app, &catalog, &incident, &programs).await?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    files.insert("incident.json".to_owned(), text(&incident)?);
    files.insert("payments.json".to_owned(), text(&payments)?);
    files.insert("releases.json".to_owned(), text(&releases(&catalog, &programs))?);
    files.insert("journals.json".to_owned(), text(&journals)?);
    files.insert("timeline.json".to_owned(), text(&timeline_lines(app, &incident).await?)?);
    let digests: BTreeMap<&String, Digest> = files.iter().map(|(name, bytes)| (name, Digest::of(bytes))).collect();
    let mut seqs: Vec<u64> = records(app, &incident).await?.iter().map(|record| record.seq).collect();
    for payment in &payments {
        seqs.extend(app.store.audits_of_payment(&payment.id).await?);
    }
    seqs.sort_unstable();
    seqs.dedup();
    let more_records = seqs.len() > INCIDENT_EVIDENCE_MAX;
    seqs.truncate(INCIDENT_EVIDENCE_MAX);
    let body = json!({
        "incident": incident.id, "about": incident.about, "since_ms": incident.since_ms, "files": digests,
        "and_more": { "payments": more_payments, "journals": more_journals, "records": more_records },
    });
    // Who moved whose money stays with the bank: the records prove that nothing was changed afterwards.
    let shows = Shows { payment: &|_| false, transfer: &|_| false };
    let proofs = signing::proofs(app, &seqs, &shows).await?;
    let signed = signing::document(app, EVIDENCE, body, proofs).await?;
    files.insert(FILE.to_owned(), text(&signed)?);
    package::write(&files).map_err(Problem::internal)
}

fn text(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec_pretty(value).map_err(Problem::internal)
}

async fn timeline_lines(app: &App, incident: &Incident) -> Result<Vec<serde_json::Value>, Problem> {
    let all = timeline(app, incident).await?.into_iter();
    let line = |it: super::Moment| json!({ "at_ms": it.at_ms, "who": it.who, "what": it.what, "text": it.text, "record": it.seq });
    Ok(all.map(line).collect())
}

fn releases(catalog: &Catalog, programs: &[ProgramId]) -> Vec<serde_json::Value> {
    let all = programs.iter().flat_map(|program| catalog.releases_of(program));
    let told = |release: &xitai_model::release::Release| {
        json!({
            "release": release.id.to_string(), "state": release.state, "package": release.package,
            "component": release.component, "granted": release.granted, "signoffs": release.signoffs,
        })
    };
    all.map(told).collect()
}

async fn payments(
    app: &App,
    catalog: &Catalog,
    incident: &Incident,
    programs: &[ProgramId],
    now_ms: i64,
) -> Result<(Vec<Payment>, bool), Problem> {
    let mut all = Vec::new();
    for program in programs {
        let mut after = first_payment(incident.since_ms);
        loop {
            let page = app.store.payments_from(program, &after, STOP_PAGE_MAX).await?;
            let full = page.len() == STOP_PAGE_MAX;
            after = page.last().map(|last| last.id.to_string()).unwrap_or_default();
            all.extend(page.into_iter().filter(|payment| meets(catalog, incident, payment, now_ms)));
            if all.len() > INCIDENT_EVIDENCE_MAX {
                all.truncate(INCIDENT_EVIDENCE_MAX);
                return Ok((all, true));
            }
            if !full {
                break;
            }
        }
    }
    Ok((all, false))
}

async fn journals(
    app: &App,
    catalog: &Catalog,
    incident: &Incident,
    programs: &[ProgramId],
) -> Result<(Vec<Journal>, bool), Problem> {
    let mut all = Vec::new();
    for program in programs {
        let mut after = first_session(incident.since_ms - SESSION_IDLE_MS_MAX);
        loop {
            let page = app.store.sessions_from(program, &after, STOP_PAGE_MAX).await?;
            let full = page.len() == STOP_PAGE_MAX;
            after = page.last().map(|last| last.id.to_string()).unwrap_or_default();
            for met in page.into_iter().filter(|met| used(catalog, incident, program, met)) {
                if all.len() == INCIDENT_EVIDENCE_MAX {
                    return Ok((all, true));
                }
                let digest = app.store.journal_digest(&met.id).await?;
                let (session, program) = (met.id.to_string(), program.to_string());
                all.push(Journal { session, program, steps: met.position, digest });
            }
            if !full {
                break;
            }
        }
    }
    Ok((all, false))
}
