//! Notices that are due: to their customers, and to the bank's push system.

use crate::app::{App, notice, notice_outlet};
use crate::http::problem::Problem;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;
use xitai_model::code;
use xitai_model::matter::MatterKind;
use xitai_model::notice::{Notice, Stage};

/// Notices of one turn.
const DUE_MAX: usize = 200;
/// Notices that one host tells the push system of at once.
const AT_ONCE_MAX: usize = 32;

static AT_ONCE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE_MAX)));

pub async fn due(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for matter in app.store.matters_due(MatterKind::Notice, ctx.now_ms, DUE_MAX).await? {
        let id = matter.id.clone();
        let body: Notice = matter.read().map_err(Problem::internal)?;
        if matches!(body.stage, Stage::Waiting { .. }) {
            // One that can't be brought now must not hold up those behind it.
            if let Err(problem) = notice::deliver(&app, &ctx, &matter).await {
                tracing::warn!(notice = %id, %problem, "a notice was not brought in time");
            }
            continue;
        }
        let Ok(permit) = AT_ONCE.clone().try_acquire_owned() else { continue };
        let (app, ctx) = (app.clone(), ctx.clone());
        tokio::spawn(async move {
            match notice_outlet::tell(&app, &ctx, matter).await {
                Ok(()) => {}
                // It was taken up in the turn before.
                Err(problem) if problem.code == code::NOTICE_STATE => {}
                Err(problem) => tracing::warn!(notice = %id, %problem, "the push system was not told"),
            }
            drop(permit);
        });
    }
    Ok(())
}
