//! `xitai keys`: what the bank signs with; and what a publisher signs packages with.

use super::client::{Client, ClientFault};
use super::key_file;
use super::offline;
use super::report::{self, Ended};
use crate::app::keys::{self, HostKeys};
use crate::clock::Clock;
use crate::config::{Config, ConfigArgs};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show the public key that the bank signs with, or change it; make and register a publisher's
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct KeysArgs {
    #[command(subcommand)]
    pub of_publisher: Option<OfPublisher>,
    /// Make a new signing key; running hosts use it from their next signature on
    #[arg(long)]
    pub rotate: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum OfPublisher {
    /// Make a key that signs packages, and register it at the host that is signed in to
    New {
        /// The new key takes the place of the one in the file; both count for a month
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        of: KeyArgs,
    },
    /// Register a key that is there
    Register {
        #[command(flatten)]
        of: KeyArgs,
    },
}

#[derive(Debug, Args)]
pub struct KeyArgs {
    /// The key's file; else `publisher.key` among this user's settings
    #[arg(long, env = "XITAI_KEY")]
    pub key: Option<PathBuf>,
    /// What people shall call it
    #[arg(long, default_value = "xitai")]
    pub name: String,
    /// The host; else the one signed in to last
    #[arg(long)]
    pub host: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: KeysArgs) -> Ended {
    match &args.of_publisher {
        Some(OfPublisher::New { replace, of }) => told(of, new(of, *replace)),
        Some(OfPublisher::Register { of }) => told(of, register(of)),
        None => of_bank(args),
    }
}

fn of_bank(args: KeysArgs) -> Ended {
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

/// The key's document at the host, and its file.
type Kept = (Value, PathBuf);

fn told(args: &KeyArgs, done: Result<Kept, ClientFault>) -> Ended {
    match done {
        Ok((key, path)) => {
            let id = key["id"].as_str().unwrap_or_default();
            let line =
                format!("Key {id} is registered; it is kept in {}. `xitai publish` signs with it.", path.display());
            report::done(args.json, &json!({ "key": key, "file": path }), &line)
        }
        Err(fault) => fault.end(args.json),
    }
}

fn new(args: &KeyArgs, replace: bool) -> Result<Kept, ClientFault> {
    let client = Client::signed_in(args.host.as_deref())?;
    let path = key_file::path(args.key.as_deref())?;
    if !replace {
        let key = key_file::make(&path)?;
        return Ok((key_file::register(&client, &key, &args.name, None)?, path));
    }
    let old = key_file::read(&path)?.public().id();
    // Beside its place until the host has taken it: a key that nobody knows must not stand where one did.
    let (fresh, kept) = (path.with_extension("key.new"), path.with_extension(format!("key.{old}")));
    // What an attempt left that broke off may be registered by now; the host takes the same key again.
    let key = key_file::read(&fresh).or_else(|_| {
        let _ = std::fs::remove_file(&fresh);
        key_file::make(&fresh)
    })?;
    let document = key_file::register(&client, &key, &args.name, Some(&old))?;
    // Copied, so that at no moment no key stands in its place.
    std::fs::copy(&path, &kept).and_then(|_| std::fs::rename(&fresh, &path)).map_err(|fault| {
        let what = format!("{} could not take the place of {}: {fault}.", fresh.display(), path.display());
        ClientFault::new("client.key-not-kept", what, "Move it by hand.")
    })?;
    Ok((document, path))
}

fn register(args: &KeyArgs) -> Result<Kept, ClientFault> {
    let client = Client::signed_in(args.host.as_deref())?;
    let path = key_file::path(args.key.as_deref())?;
    let key = key_file::read(&path)?;
    Ok((key_file::register(&client, &key, &args.name, None)?, path))
}
