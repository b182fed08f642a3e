//! `xitai verify`: whether the audit chain and the ledger are whole, from the database alone.

use super::offline;
use super::report::{self, Ended};
use crate::config::{Config, ConfigArgs};
use clap::Args;
use serde_json::json;

/// Check the audit chain and the ledger
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: VerifyArgs) -> Ended {
    let config = Config::from(args.config);
    if !offline::is_there(&config) {
        return offline::nothing_there(args.json, &config);
    }
    let verdict = offline::block_on(async { offline::store(&config).await?.verify().await.map_err(Into::into) });
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(problem) => return offline::failed(args.json, &problem),
    };
    let document = json!({
        "audit_records": verdict.audit_records, "transfers": verdict.transfers,
        "whole": verdict.problem.is_none(), "problem": verdict.problem,
    });
    let counted = format!("{} audit records and {} transfers", verdict.audit_records, verdict.transfers);
    match verdict.problem {
        None => {
            report::done(args.json, &document, &format!("{counted}: the chain is unbroken and the ledger balances."))
        }
        Some(problem) => {
            if args.json {
                println!("{document}");
            } else {
                eprintln!("{counted}: {problem}");
                eprintln!("  -> Keep a copy of the database as it is, and restore the newest backup that verifies.");
            }
            Ended::Refused
        }
    }
}
