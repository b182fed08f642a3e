//! Calls to partners that are due, and values of secure fields and files whose time is over.

use crate::app::{App, attachment, partner, secure_field};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::matter::MatterKind;

/// Calls looked at in one turn.
const DUE_MAX: usize = 128;
/// Files that are destroyed in one turn: each is read with its bytes.
const FILES_MAX: usize = 8;

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
    for file in app.store.matters_due(MatterKind::Attachment, ctx.now_ms, FILES_MAX).await? {
        attachment::expire(&app, &ctx, &file).await?;
    }
    Ok(())
}
