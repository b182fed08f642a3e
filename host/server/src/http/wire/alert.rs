//! Alerts on the wire.

use crate::app::feedback::Read;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::alert::{Alert, State};

#[derive(Debug, Serialize, ToSchema)]
pub struct AlertRecord {
    pub id: String,
    pub program: String,
    /// `traps`, `refusals` or `egress`.
    pub habit: &'static str,
    /// In the window in which it was found, and what is usual.
    pub count: u32,
    pub usual: u32,
    pub raised_ms: i64,
    /// `{is: "raised", due_ms, tells}`, `{is: "given-up", tells}` or `{is: "acknowledged", by, at_ms}`.
    #[schema(value_type = Object)]
    pub state: State,
}

impl From<&Read<Alert>> for AlertRecord {
    fn from(read: &Read<Alert>) -> Self {
        let alert = &read.body;
        Self {
            id: read.matter.id.to_string(),
            program: alert.program.to_string(),
            habit: alert.habit.as_str(),
            count: alert.count,
            usual: alert.usual,
            raised_ms: alert.raised_ms,
            state: alert.state.clone(),
        }
    }
}

/// There is nothing to say: who takes it is who asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeAlert {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    pub alerts: Vec<AlertRecord>,
}
