//! `xitai keys`: what the bank signs with.

use super::offline;
use super::report::{self, Ended};
use crate::app::keys::{self, HostKeys};
use crate::clock::Clock;
use crate::config::{Config, ConfigArgs};
use clap::Args;
use serde_json::json;

/// Show the public key that the bank signs with, or change it
#[derive(Debug, Args)]
pub struct KeysArgs {
    /// Make a new signing key; running hosts use it from their next signature on
    #[arg(long)]
    pub rotate: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: KeysArgs) -> Ended {
    let config = Config::from(args.config);
    if !offline::is_there(&config) {
        return offline::nothing_there(args.json, &config);
    }
    let open = || HostKeys::open(&config.keys_dir, &Clock::Machine)?.signing(&config.keys_dir, &Clock::Machine);
    let key = match args.rotate {
        true => keys::rotate(&config.keys_dir, &Clock::Machine),
        false => open().map(|key| key.public()),
    };
    match key {
        Ok(key) => {
            let told = if args.rotate { "The bank signs from now on with" } else { "The bank signs with" };
            let line = format!("{told} key {}: {key}", key.id());
            report::done(args.json, &json!({ "id": key.id(), "public": key }), &line)
        }
        Err(problem) => offline::failed(args.json, &problem),
    }
}
