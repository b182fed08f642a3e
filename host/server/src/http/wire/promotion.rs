//! Promotions on the wire.

use super::RuleRecord;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::ids::{PlaceId, PublisherId};
use xitai_model::promotion::{Evidence, Promotion};
use xitai_model::proposal::Rule;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePromotion {
    /// A region, or the bank.
    to: String,
    /// Who answers for it from then on; absent: who does now.
    owner: Option<String>,
}

impl ProposePromotion {
    pub fn parsed(self) -> Result<(PlaceId, Option<PublisherId>), Problem> {
        let owner = self.owner.as_deref().map(PublisherId::parse).transpose()?;
        Ok((PlaceId::parse(&self.to)?, owner))
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionRecord {
    /// `live` is the newest that was approved, with its evidence.
    pub rule: RuleRecord,
}

impl From<Rule<Promotion>> for PromotionRecord {
    fn from(rule: Rule<Promotion>) -> Self {
        Self { rule: RuleRecord::of(&rule) }
    }
}

/// How a program does.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceRecord {
    pub version: String,
    pub branches: Vec<String>,
    /// Of the days that figures are kept for.
    #[schema(value_type = Object)]
    pub figures: xitai_model::rollout::Figures,
    pub p95_ms: Option<u64>,
    pub stars: i64,
    pub ratings: i64,
}

impl From<Evidence> for EvidenceRecord {
    fn from(it: Evidence) -> Self {
        Self {
            version: it.version.to_string(),
            branches: it.branches.iter().map(ToString::to_string).collect(),
            p95_ms: it.figures.p95_ms(),
            figures: it.figures,
            stars: it.stars,
            ratings: it.ratings,
        }
    }
}
