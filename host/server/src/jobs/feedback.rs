//! What waits for the machine or for the clock: proposals of programs, texts of ratings, deadlines of complaints.

use crate::app::ctx::Ctx;
use crate::app::{App, feedback, proposal};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::feedback::complaint::Command;
use xitai_model::matter::{Matter, MatterKind};

/// Matters of a kind in one turn.
const TURN_MAX: usize = 100;

pub async fn look(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for kind in [MatterKind::Draft, MatterKind::Rating, MatterKind::Complaint] {
        for matter in app.store.matters_due(kind, ctx.now_ms, TURN_MAX).await? {
            let id = matter.id.clone();
            // One that can't be done now must not hold up those behind it.
            match one(&app, &ctx, matter).await {
                Ok(()) => {}
                // Another host was there first.
                Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
                Err(problem) => tracing::warn!(matter = %id, %problem, "a matter was not looked at in time"),
            }
        }
    }
    Ok(())
}

async fn one(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    match matter.kind {
        MatterKind::Draft => proposal::place(app, ctx, matter).await,
        MatterKind::Rating => feedback::check_rating(app, ctx, matter).await,
        _ => {
            let late = feedback::read(matter)?;
            metrics::counter!("xitai_complaints_late_total").increment(1);
            feedback::step(app, ctx, late, Command::Overdue, "complaint.overdue").await.map(|_| ())
        }
    }
}
