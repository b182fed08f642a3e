//! Other banks' cards on the wire.

use crate::app::feedback::Read;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::card::Card;

#[derive(Debug, Serialize, ToSchema)]
pub struct CardRecord {
    pub id: String,
    /// Who issued it, as the rail says.
    pub issuer: String,
    pub last_four: String,
    pub bound_ms: i64,
}

impl From<&Read<Card>> for CardRecord {
    fn from(read: &Read<Card>) -> Self {
        Self {
            id: read.matter.id.to_string(),
            issuer: read.body.issuer.clone(),
            last_four: read.body.last_four.clone(),
            bound_ms: read.matter.made_ms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Cards {
    /// Newest first.
    pub cards: Vec<CardRecord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CardBinding {
    /// Where the browser goes: the rail's own page, which is the only place that sees the number.
    pub url: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindCard {
    /// Both as the browser brought them back.
    pub state: String,
    pub code: String,
}
