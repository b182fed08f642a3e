//! Consents whose time is over: nothing is read under them any more, and now their keys are destroyed too.

use crate::app::{App, consent};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::matter::MatterKind;

/// Consents of one turn.
const EXPIRING_MAX: usize = 200;

pub async fn expire(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for matter in app.store.matters_due(MatterKind::Consent, ctx.now_ms, EXPIRING_MAX).await? {
        // A sheet that nobody decided is the tickets' affair.
        if matter.is_undecided() {
            continue;
        }
        let id = matter.id.clone();
        if let Err(problem) = consent::expire(&app, &ctx, matter).await {
            tracing::warn!(consent = %id, %problem, "a consent was not ended in time");
        }
    }
    Ok(())
}
