//! What a stop closes after it has taken effect, and what a lift sets free.

use crate::app::{App, stop};
use crate::http::problem::Problem;
use std::sync::Arc;

pub async fn look(app: Arc<App>) -> Result<(), Problem> {
    stop::look(&app).await
}
