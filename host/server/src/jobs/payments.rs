//! Clocks of payments beside their own expiry: holds that came to nothing, and deadlines of disputes.

use crate::app::{App, dispute, feedback, held};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::dispute::{Command, Dispute};
use xitai_model::matter::MatterKind;

/// Disputes of one turn.
const TURN_MAX: usize = 100;

pub async fn look(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    held::lapse(&app, &ctx).await?;
    for matter in app.store.matters_due(MatterKind::Dispute, ctx.now_ms, TURN_MAX).await? {
        let id = matter.id.clone();
        let found = feedback::read::<Dispute>(matter)?;
        match dispute::step(&app, &ctx, found, Command::Overdue, "dispute.overdue").await {
            Ok(_) => metrics::counter!("xitai_disputes_overdue_total").increment(1),
            // Another host was there first.
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            // One that can't be done now must not hold up those behind it.
            Err(problem) => tracing::warn!(matter = %id, %problem, "a dispute was not looked at in time"),
        }
    }
    Ok(())
}
