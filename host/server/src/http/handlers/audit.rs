//! The audit trail, for those who may read it.

use crate::app::App;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// Records of one page.
const PAGE_RECORDS_MAX: usize = 200;

/// `GET /api/v1/audit?after=&limit=`
pub async fn read(
    State(app): State<Arc<App>>,
    Query(query): Query<wire::AuditQuery>,
) -> Result<axum::Json<wire::Audit>, Problem> {
    let limit = query.limit.unwrap_or(PAGE_RECORDS_MAX).clamp(1, PAGE_RECORDS_MAX);
    let records = app.store.audit(query.after.unwrap_or(0), limit).await?;
    let next = (records.len() == limit).then(|| records.last().map(|record| record.seq)).flatten();
    Ok(axum::Json(wire::Audit { records: records.into_iter().map(Into::into).collect(), next }))
}
