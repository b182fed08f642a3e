//! What two people have decided to do for all whom an incident met.

use crate::app::{App, incident};
use crate::http::problem::Problem;
use std::sync::Arc;

pub async fn look(app: Arc<App>) -> Result<(), Problem> {
    incident::look(&app).await
}
