//! Trials on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::release::Release;
use xitai_model::trial;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTrial {
    /// Sign-in names of customers, at most 50.
    pub testers: Vec<String>,
    /// 1 to 30.
    pub days: u32,
}

/// A release that is open to testers, in practice mode.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trial {
    pub release: String,
    pub testers: usize,
    pub from_ms: i64,
    pub until_ms: i64,
    pub ended_ms: Option<i64>,
}

impl From<&trial::Trial> for Trial {
    fn from(trial: &trial::Trial) -> Self {
        Self {
            release: trial.release.to_string(),
            testers: trial.testers.len(),
            from_ms: trial.from_ms,
            until_ms: trial.until_ms,
            ended_ms: trial.ended.as_ref().map(|ended| ended.at_ms),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyTrials {
    pub trials: Vec<MyTrial>,
}

/// What a tester can open, with `practice`.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTrial {
    pub program: String,
    pub version: String,
    pub name: String,
    pub until_ms: i64,
}

impl From<&(trial::Trial, Release)> for MyTrial {
    fn from((trial, release): &(trial::Trial, Release)) -> Self {
        Self {
            program: release.id.program.to_string(),
            version: release.id.version.to_string(),
            name: release.manifest.name.clone(),
            until_ms: trial.until_ms,
        }
    }
}
