//! The hospital's doctors and the days on which they have slots, as its system tells them.

use serde::{Deserialize, Serialize};
use xitai::prelude::*;
use xitai::services::partner;

/// As the manifest names the hospital's system.
pub const ENDPOINT: &str = "hospital";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doctor {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    pub department: String,
    #[serde(default)]
    pub department_en: String,
    pub fee_fen: i64,
    #[serde(default)]
    pub days: Vec<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Such as `2026-12-01`.
    pub day: String,
    pub left: u32,
}

impl Doctor {
    pub fn name<'a>(&'a self, ctx: &Context) -> &'a str {
        in_language(ctx, &self.name, &self.name_en)
    }
    pub fn department<'a>(&'a self, ctx: &Context) -> &'a str {
        in_language(ctx, &self.department, &self.department_en)
    }
    pub fn fee(&self) -> Money {
        Money::cny(self.fee_fen)
    }
    pub fn left(&self) -> u32 {
        self.days.iter().map(|day| day.left).sum()
    }
    pub fn has_slot(&self, day: &str) -> bool {
        self.days.iter().any(|one| one.day == day && one.left > 0)
    }
}

fn in_language<'a>(ctx: &Context, chinese: &'a str, english: &'a str) -> &'a str {
    if ctx.is_chinese() || english.is_empty() { chinese } else { english }
}

/// Asks the hospital. The id of the call, whose answer comes as an event.
pub fn ask(ctx: &Context) -> Result<String, Refusal> {
    partner::get(ENDPOINT, "/doctors", &format!("doctors-{:x}", ctx.random().next_u64())).send()
}

/// What the hospital answered, if it is a list of doctors; those who can't be paid for are left out.
pub fn read(answer: &Result<xitai::Response, String>) -> Option<Vec<Doctor>> {
    let response = answer.as_ref().ok().filter(|response| response.status == 200)?;
    let doctors: Vec<Doctor> = serde_json::from_slice(&response.body).ok()?;
    Some(doctors.into_iter().filter(|doctor| doctor.fee_fen > 0).collect())
}
