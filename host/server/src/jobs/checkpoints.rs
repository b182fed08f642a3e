//! Signs the audit trail, by count and by time.

use crate::app::{App, signing};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::checkpoint;

pub async fn sign(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    while let Some((unsigned, oldest_ms)) = app.store.unsigned_records().await?
        && checkpoint::is_due(unsigned, oldest_ms, ctx.now_ms)
        && signing::sign_checkpoint(&app, &ctx).await?.is_some()
    {}
    Ok(())
}
