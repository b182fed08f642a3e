//! `xitai found`: a bank of one's own begins, where the database has no organisation yet.
//!
//! It is one commit like any other, so that it may be done before a host serves the database or while one does.

use super::offline;
use super::report::{self, Ended};
use crate::app::founding::{self, First, Founded, Founding};
use crate::app::organisation::is_name;
use crate::config::{Config, ConfigArgs, sign_in};
use crate::http::problem::Problem;
use crate::http::wire::{PlaceRecord, StaffRecord};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use xitai_model::ids::{PlaceId, StaffId};
use xitai_model::organisation::Names;
use xitai_model::place::Role;

/// Found a bank: its own place and the first people, who sign in at its provider
#[derive(Debug, Args)]
pub struct FoundArgs {
    /// What the bank is called
    #[arg(long)]
    pub name: String,
    /// Its id among the places, which stays for ever, such as `suzhou-bank`
    #[arg(long, value_parser = PlaceId::parse)]
    pub id: PlaceId,
    /// A manager of head office, by the login that the provider gives; two people at least, each with a `--manager`
    #[arg(long = "manager", value_name = "LOGIN=NAME", value_parser = first, required = true)]
    pub managers: Vec<First>,
    /// A duty officer, who may stop anything at once
    #[arg(long = "duty-officer", value_name = "LOGIN=NAME", value_parser = first)]
    pub duty_officers: Vec<First>,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

fn first(text: &str) -> Result<First, String> {
    let (login, name) = text.split_once('=').ok_or("LOGIN=NAME is expected, such as wu-lan=吴兰")?;
    let login = StaffId::parse(login).map_err(|bad| bad.to_string())?;
    if !is_name(name) {
        return Err("a name has 1 to 80 plain characters".to_owned());
    }
    Ok(First { login, name: name.to_owned() })
}

pub fn run(args: FoundArgs) -> Ended {
    let config = Config::from(args.config);
    let data_dir = config.data_dir.clone();
    let names = Names { name: args.name.trim().to_owned(), names: BTreeMap::new() };
    let managers = args.managers.into_iter().map(|first| (Role::HeadOfficeManager, first));
    let duty_officers = args.duty_officers.into_iter().map(|first| (Role::DutyOfficer, first));
    // Asked before anything is opened: what is refused leaves no empty database behind.
    let founding = Founding::new(args.id, names, managers.chain(duty_officers).collect());
    match founding.and_then(|founding| offline::block_on(found(config, founding))) {
        Ok(founded) => told(args.json, &data_dir, &founded),
        Err(problem) => offline::failed(args.json, &problem),
    }
}

async fn found(config: Config, founding: Founding) -> Result<Founded, Problem> {
    let app = offline::app(config).await?;
    founding::found(&app, &app.host_ctx(), founding).await
}

fn told(as_json: bool, data_dir: &Path, founded: &Founded) -> Ended {
    let Founded { bank, staff } = founded;
    let people: Vec<StaffRecord> = staff.iter().map(StaffRecord::from).collect();
    let document = json!({ "bank": PlaceRecord::from(bank), "staff": people });
    let logins: Vec<&str> = staff.iter().map(|staff| staff.id.as_str()).collect();
    let line = format!(
        "{} is founded as {}. No password was set: {} sign in at the bank's provider.\n  \
         1. Name the provider in {}; its `staff_claim` gives these logins.\n  \
         2. Start the host: xitai serve, with the same data folder, database and keys.\n  \
         3. Sign in, and found places and hire people at /console/organisation.",
        bank.name,
        bank.id,
        logins.join(", "),
        data_dir.join(sign_in::FILE).display(),
    );
    report::done(as_json, &document, &line)
}
