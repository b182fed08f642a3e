//! The audit trail, newest first.

use super::desk::{self, Asked};
use super::view::{Audit, AuditRow};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::zone::Zone;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::audit::AuditRecord;
use xitai_model::policy::Action;

const PAGE_ROWS: usize = 60;
/// Records that a filter looks through before it gives a page.
const FILTERED_RECORDS_MAX: usize = 3_000;

/// `GET /console/audit?q=&before=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadAudit)?;
    let wanted = asked.q.trim().to_lowercase();
    let read = if wanted.is_empty() { PAGE_ROWS } else { FILTERED_RECORDS_MAX };
    let records = app.store.audit_before(asked.before, read).await?;
    let fitting: Vec<&AuditRecord> = records.iter().filter(|record| holds(record, &wanted)).take(PAGE_ROWS).collect();
    let last = if fitting.len() == PAGE_ROWS { fitting.last().copied() } else { records.last() };
    let view = Audit {
        shell: desk::desk(&look, &app.catalog(), staff, "/console/audit", &asked),
        older: last
            .map(|record| record.seq)
            .filter(|seq| *seq > 1 && (records.len() == read || fitting.len() == PAGE_ROWS)),
        rows: fitting.into_iter().map(|record| row(record, look.words().zone())).collect(),
        query: asked.q.trim().to_owned(),
    };
    page(&look, &view)
}

fn holds(record: &AuditRecord, wanted: &str) -> bool {
    let event = &record.event;
    wanted.is_empty()
        || [&event.actor, &event.action, &event.subject].iter().any(|text| text.to_lowercase().contains(wanted))
}

pub fn row(record: &AuditRecord, zone: Zone) -> AuditRow {
    let detail = &record.event.detail;
    let says_nothing = detail.is_null() || detail.as_object().is_some_and(serde_json::Map::is_empty);
    AuditRow {
        seq: record.seq,
        when: calendar::exact(zone, record.event.at_ms),
        actor: record.event.actor.clone(),
        action: record.event.action.clone(),
        subject: record.event.subject.clone(),
        detail: if says_nothing { String::new() } else { serde_json::to_string_pretty(detail).unwrap_or_default() },
        hash: record.hash.hex()[..8].to_owned(),
    }
}
