//! `xitai routes`: the table of routes as whoever reviews it reads it: what may be asked for, who may, and which name it
//! has in logs and in the audit trail.

use super::report::{self, Ended};
use crate::http::routes::{self, Access, Face};
use clap::Args;
use serde_json::json;

/// Print every route, who may use it, and its name in the audit trail
#[derive(Debug, Args)]
pub struct RoutesArgs {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: RoutesArgs) -> Ended {
    let all: Vec<_> = routes::table().into_iter().map(|route| route.facts).collect();
    let row = |facts: &routes::Facts| {
        let (access, action) = told(facts.access);
        json!({
            "method": facts.method.as_str(), "path": facts.path, "access": access, "action": action,
            "audit": facts.audit, "page": facts.face() == Face::Page,
        })
    };
    let lines = all.iter().map(|facts| {
        let (access, action) = told(facts.access);
        format!("{:<7}{:<64}{:<10}{:<24}{}", facts.method, facts.path, access, action.unwrap_or("-"), facts.audit)
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    report::done(args.json, &json!({ "routes": all.iter().map(row).collect::<Vec<_>>() }), &text)
}

/// Who gets through, and by which right.
pub fn told(access: Access) -> (&'static str, Option<&'static str>) {
    match access {
        Access::Anyone => ("anyone", None),
        Access::Token => ("token", None),
        Access::SignedIn => ("signed-in", None),
        Access::May(action) => ("may", Some(action.as_str())),
        Access::ForBank(action) => ("bank", Some(action.as_str())),
    }
}
