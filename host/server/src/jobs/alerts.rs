//! What programs do beyond their habit, told until somebody has it.

use crate::app::{App, alert};
use crate::http::problem::Problem;
use std::sync::Arc;

pub async fn look(app: Arc<App>) -> Result<(), Problem> {
    alert::look(&app).await
}
