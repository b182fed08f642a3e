//! Whom an incident met: who paid, who used what it is about, and whose facts were read, since it began.

use crate::app::App;
use crate::app::catalog::Catalog;
use crate::http::problem::Problem;
use serde::Serialize;
use std::collections::BTreeSet;
use xitai_model::ids::{CustomerId, PaymentId, ProgramId, ReleaseId, SessionId};
use xitai_model::incident::{Counts, Incident};
use xitai_model::limits::{INCIDENT_COUNTED_MAX, SESSION_IDLE_MS_MAX, STOP_PAGE_MAX};
use xitai_model::matter::MatterKind;
use xitai_model::money::Money;
use xitai_model::payment::Payment;
use xitai_model::stop::StopTarget;
use xitai_store::SessionMet;

/// Counted up to a limit each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Affected {
    pub customers: u64,
    pub sessions: u64,
    pub payments: u64,
    /// What was paid and is still kept, of each currency.
    pub kept: Vec<Money>,
    /// Times that programs read facts about customers.
    pub reads: u64,
    pub and_more: bool,
}

/// The smallest id of something made at a time.
pub(super) fn first_payment(at_ms: i64) -> String {
    PaymentId::new(at_ms.max(0), [0; 10]).to_string()
}
pub(super) fn first_session(at_ms: i64) -> String {
    SessionId::new(at_ms.max(0), [0; 10]).to_string()
}

/// Whether a payment is one of those that an incident met: confirmed, and made in its time.
pub(super) fn meets(catalog: &Catalog, incident: &Incident, payment: &Payment, until_ms: i64) -> bool {
    let in_time = (incident.since_ms..=until_ms).contains(&payment.made_ms);
    in_time && payment.evidence.is_some() && covers(catalog, &incident.about, &payment.release, payment.branch.clone())
}

fn covers(catalog: &Catalog, about: &StopTarget, release: &ReleaseId, branch: xitai_model::ids::BranchId) -> bool {
    catalog.release(release).is_some_and(|release| about.covers(&catalog.stop_scope(release, &branch)))
}

/// Whether a session was used in an incident's time, where it is about. Of a session of another release nothing is
/// known without opening it: it counts.
pub(super) fn used(catalog: &Catalog, incident: &Incident, program: &ProgramId, session: &SessionMet) -> bool {
    let here = match &incident.about {
        StopTarget::Branch(place) => catalog.is_within(&session.branch, place),
        _ => catalog.program(program).is_some(),
    };
    here && session.customer.is_some() && session.updated_ms >= incident.since_ms
}

/// Counts them.
pub async fn affected(app: &App, incident: &Incident, now_ms: i64) -> Result<Affected, Problem> {
    let catalog = app.catalog();
    let (mut told, mut sums) = (Affected::default(), Counts::default());
    let mut customers: BTreeSet<CustomerId> = BTreeSet::new();
    for program in catalog.programs_met(&incident.about) {
        let mut after = first_payment(incident.since_ms);
        loop {
            let page = app.store.payments_from(&program, &after, STOP_PAGE_MAX).await?;
            for payment in page.iter().filter(|payment| meets(&catalog, incident, payment, now_ms)) {
                told.payments += 1;
                sums.add(Money::new(payment.captured.minor - payment.refunded.minor, payment.payable.currency));
                customers.insert(payment.customer.clone());
            }
            match page.last() {
                Some(last) if page.len() == STOP_PAGE_MAX && told.payments < INCIDENT_COUNTED_MAX as u64 => {
                    after = last.id.to_string();
                }
                last => {
                    told.and_more |= last.is_some() && page.len() == STOP_PAGE_MAX;
                    break;
                }
            }
        }
        let mut after = first_session(incident.since_ms - SESSION_IDLE_MS_MAX);
        let mut looked = 0;
        loop {
            let page = app.store.sessions_from(&program, &after, STOP_PAGE_MAX).await?;
            looked += page.len();
            for session in page.iter().filter(|session| used(&catalog, incident, &program, session)) {
                told.sessions += 1;
                customers.extend(session.customer.clone());
            }
            match page.last() {
                Some(last) if page.len() == STOP_PAGE_MAX && looked < INCIDENT_COUNTED_MAX => {
                    after = last.id.to_string();
                }
                last => {
                    told.and_more |= last.is_some() && page.len() == STOP_PAGE_MAX;
                    break;
                }
            }
        }
        told.reads += reads(app, &catalog, incident, &program).await?;
    }
    told.customers = customers.len() as u64;
    told.kept = sums.sums.into_iter().filter(|sum| sum.minor > 0).collect();
    Ok(told)
}

/// Times that a program read facts about customers, by the log that customers see too.
async fn reads(app: &App, catalog: &Catalog, incident: &Incident, program: &ProgramId) -> Result<u64, Problem> {
    let mut count = 0;
    for branch in catalog.branches() {
        if matches!(&incident.about, StopTarget::Branch(place) if !catalog.is_within(&branch.id, place)) {
            continue;
        }
        for kind in [MatterKind::ClaimRead, MatterKind::Disclosure] {
            let mut after: Option<String> = None;
            loop {
                let before = after.as_deref();
                let (page, next) = app.store.matters_in(kind, Some(program), &branch.id, before, STOP_PAGE_MAX).await?;
                let recent = page.iter().filter(|matter| matter.made_ms >= incident.since_ms).count();
                count += recent as u64;
                match next {
                    Some(next) if recent == page.len() && count < INCIDENT_COUNTED_MAX as u64 => after = Some(next),
                    _ => break,
                }
            }
        }
    }
    Ok(count)
}
