//! The end of the bank's day, and the morning after it.

use crate::app::{App, books, reconciliation};
use crate::http::problem::Problem;
use std::sync::Arc;

pub async fn keep(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    books::close_days(&app, &ctx).await?;
    books::pay_out(&app, &ctx).await?;
    reconciliation::reconcile_days(&app, &ctx).await?;
    reconciliation::look_again(&app, &ctx).await
}
