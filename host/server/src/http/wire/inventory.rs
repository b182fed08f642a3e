//! The inventory on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::inventory::Line;

#[derive(Debug, Serialize, ToSchema)]
pub struct Inventory {
    /// When it was made.
    pub at_ms: i64,
    /// `{program, name, publisher, department, category, state, version, made_ms, branches, users, sessions, payments,
    /// ratings, stars_tenths, permissions, purposes, incidents, open, advice}`, live ones first.
    #[schema(value_type = Vec<Object>)]
    pub programs: Vec<Line>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireProgram {
    /// Why; it stays in the record.
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RetiredProgram {
    pub id: String,
    pub retired_ms: Option<i64>,
}
