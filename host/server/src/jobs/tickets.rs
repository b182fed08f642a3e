//! Tickets of matters whose time is over: a sheet that nobody decided, or that was never shown. The program hears of it.

use crate::app::App;
use crate::app::sheet::ending::{self, Why};
use crate::app::sheet::kinds;
use crate::http::problem::Problem;
use std::sync::Arc;

/// Tickets of one kind in one turn.
const EXPIRING_MAX: usize = 200;

pub async fn expire(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for kind in kinds::ASKING {
        for matter in app.store.matters_due(*kind, ctx.now_ms, EXPIRING_MAX).await? {
            let until_ms = matter.asked.as_ref().and_then(xitai_model::sheet::Asked::until_ms);
            // What else is due is its own noun's affair.
            if until_ms.is_none_or(|until_ms| ctx.now_ms < until_ms) {
                continue;
            }
            if let Err(problem) = ending::ticket(&app, &ctx, &matter, Why::Over).await {
                tracing::warn!(matter = %matter.id, %problem, "a ticket was not ended in time");
            }
        }
    }
    Ok(())
}
