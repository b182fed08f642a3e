//! Permissions apart from code: head office holds back what a release was approved with, and releases it later.
//!
//! What is linked stays what was granted, since a component whose imports are missing does not start. A permission
//! that is held back is linked and refused: each call of its interface that can be refused answers
//! `permission.withheld`, in the journal too.

use super::{Seen, keep};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::publish::may_for_bank;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::ids::ProgramId;
use xitai_model::limits::{ROLLOUT_REASON_CHARS_MAX, ROLLOUT_WITHHELD_MAX};
use xitai_model::policy::Action;
use xitai_model::release::Release;
use xitai_model::rollout::Withheld;
use xitai_model::text;

#[derive(Debug, Clone)]
pub struct Wish {
    pub permission: String,
    pub version: Option<semver::Version>,
    pub withheld: bool,
    pub reason: String,
}

/// Interfaces whose calls have no way to say no: they tell a program nothing and change nothing of anybody's.
const ALWAYS: &[&str] = &["xitai:services/log", "xitai:services/config", "xitai:identity/customer"];

pub async fn change(app: &App, ctx: &Ctx, program: &ProgramId, wish: Wish) -> Result<Seen, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::OpenProgram)?;
    let rollout = catalog.rollout(program).ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))?;
    let Wish { permission, version, withheld, reason } = wish;
    let is_of = |release: &Release| {
        version.as_ref().is_none_or(|only| *only == release.id.version) && release.granted.contains(&permission)
    };
    let refusable = permission.starts_with("xitai:") && !ALWAYS.contains(&permission.as_str());
    if !refusable || !catalog.releases_of(program).any(is_of) {
        return Err(Problem::new(code::ROLLOUT_PERMISSION).detail(&permission));
    }
    if withheld && (reason.trim().is_empty() || !text::is_clean(&reason, ROLLOUT_REASON_CHARS_MAX)) {
        return Err(Problem::new(code::ROLLOUT_REASON));
    }
    let mut next = rollout.clone();
    let held = next.withheld.len();
    next.withheld.retain(|it| it.permission != permission || it.version != version);
    let detail = json!({ "permission": permission, "version": version, "withheld": withheld, "reason": reason });
    if withheld {
        if held >= ROLLOUT_WITHHELD_MAX {
            return Err(Problem::new(code::ROLLOUT_PERMISSION).detail(format!("at most {ROLLOUT_WITHHELD_MAX}")));
        }
        let reason = reason.trim().to_owned();
        next.withheld.push(Withheld { permission, version, reason, by: staff.id.clone(), at_ms: ctx.now_ms });
    } else if held == next.withheld.len() {
        return Err(Problem::new(code::ROLLOUT_RUNNING).detail(&permission));
    }
    let action = if withheld { "permission.withheld" } else { "permission.released" };
    keep(app, ctx, &catalog, next, action, detail).await
}
