//! Calls to partners that are due, and values of secure fields whose time is over.

use crate::app::{App, partner, secure_field};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::matter::MatterKind;

/// Calls looked at in one turn.
const DUE_MAX: usize = 128;

pub async fn due(app: Arc<App>) -> Result<(), Problem> {
    let now_ms = app.clock.now_ms();
    for call in app.store.matters_due(MatterKind::PartnerCall, now_ms, DUE_MAX).await? {
        partner::take_up(&app, call);
    }
    Ok(())
}

pub async fn fields(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for field in app.store.matters_due(MatterKind::SecureField, ctx.now_ms, DUE_MAX).await? {
        secure_field::expire(&app, &ctx, &field).await?;
    }
    Ok(())
}
