//! Payments whose time is over: drafts that nobody confirmed, and holds that nobody captured. The program hears of it,
//! so that it can put the dish back on the menu.

use crate::app::App;
use crate::app::sheet::ending::{self, Why};
use crate::http::problem::Problem;
use std::sync::Arc;

/// Payments of one turn.
const EXPIRING_MAX: usize = 200;

pub async fn expire(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for payment in app.store.payments_expiring(ctx.now_ms, EXPIRING_MAX).await? {
        // One payment that can't be ended now must not hold up those behind it.
        if let Err(problem) = ending::payment(&app, &ctx, &payment, Why::Over).await {
            tracing::warn!(payment = %payment.id, %problem, "a payment was not ended in time");
        }
    }
    Ok(())
}
