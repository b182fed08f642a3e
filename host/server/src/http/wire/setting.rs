//! A branch's own values for a program on the wire.

use super::RuleRecord;
use crate::app::setting::Told;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// All values that shall hold; what is left out is the manifest's default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeSettings {
    pub values: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsRecord {
    /// What holds, who set it, and what waits for a second person.
    pub rule: RuleRecord,
    /// What the program is told in this branch.
    pub resolved: BTreeMap<String, String>,
}

impl From<Told> for SettingsRecord {
    fn from(Told { rule, resolved }: Told) -> Self {
        Self { rule: RuleRecord::of(&rule), resolved }
    }
}
