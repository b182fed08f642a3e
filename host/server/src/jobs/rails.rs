//! Instructions to other rails that are due: to be sent, or to be asked about.

use crate::app::{App, rail};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::matter::MatterKind;

/// Instructions looked at in one turn.
const DUE_MAX: usize = 128;

pub async fn due(app: Arc<App>) -> Result<(), Problem> {
    let now_ms = app.clock.now_ms();
    for instruction in app.store.matters_due(MatterKind::Instruction, now_ms, DUE_MAX).await? {
        rail::take_up(&app, instruction);
    }
    Ok(())
}
