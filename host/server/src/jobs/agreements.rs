//! Agreements whose time has come: cooled off, or at the end of their term.

use crate::app::{App, agreement};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::matter::MatterKind;

/// Agreements of one turn.
const DUE_MAX: usize = 200;

pub async fn pass(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for matter in app.store.matters_due(MatterKind::Agreement, ctx.now_ms, DUE_MAX).await? {
        // A sheet that nobody decided is the tickets' affair.
        if matter.is_undecided() {
            continue;
        }
        let id = matter.id.clone();
        if let Err(problem) = agreement::pass(&app, &ctx, matter).await {
            tracing::warn!(agreement = %id, %problem, "an agreement was not looked at in time");
        }
    }
    Ok(())
}
