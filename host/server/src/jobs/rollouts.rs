//! What releases are measured at is handed on, and what they come to is done.

use crate::app::{App, figures, rollout};
use crate::http::problem::Problem;
use std::sync::Arc;

pub async fn look(app: Arc<App>) -> Result<(), Problem> {
    let counted = figures::hand_on(&app).await?;
    rollout::watch::look(&app, &counted).await
}
