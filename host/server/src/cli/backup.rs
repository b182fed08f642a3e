//! `xitai backup`, `xitai restore` and `xitai migrate`.
//!
//! A backup is a folder: the database as it was at one moment, and the host's keys, without which nobody can read it.

use super::offline;
use super::report::{self, Ended};
use crate::config::{Config, ConfigArgs};
use crate::http::problem::Problem;
use clap::Args;
use serde_json::json;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use xitai_store::Store;

/// The parts of a backup.
const DATABASE: &str = "database";
const KEYS: &str = "keys";

/// Copy the database and the keys, also while a host runs
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// A folder that is not there yet
    pub to: PathBuf,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Bring a backup back, where no bank is yet
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The folder that `xitai backup` made
    pub from: PathBuf,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Bring the database to the form of this version
#[derive(Debug, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn backup(args: BackupArgs) -> Ended {
    let config = Config::from(args.config);
    if !offline::is_there(&config) {
        return offline::nothing_there(args.json, &config);
    }
    if args.to.exists() {
        let what = format!("{} is there already.", args.to.display());
        return report::refused(args.json, "client.folder-exists", &what, "Name a folder that is not there yet.", &[]);
    }
    let made = offline::block_on(async {
        private_dir(&args.to)?;
        copy_keys(&config.keys_dir, &args.to.join(KEYS))?;
        offline::store(&config).await?.backup(&args.to.join(DATABASE)).await.map_err(Problem::from)
    });
    match made {
        Ok(()) => {
            let line =
                format!("Backed up to {}. It holds the keys: keep it where only you can read it.", args.to.display());
            report::done(args.json, &json!({ "backup": args.to }), &line)
        }
        Err(problem) => {
            // Half a backup must not be taken for one. It was made by this very call.
            let _ = fs::remove_dir_all(&args.to);
            offline::failed(args.json, &problem)
        }
    }
}

pub fn restore(args: RestoreArgs) -> Ended {
    let config = Config::from(args.config);
    if !args.from.join(KEYS).is_dir() {
        let what = format!("{} is no backup.", args.from.display());
        return report::refused(args.json, "client.no-data", &what, "Name the folder that `xitai backup` made.", &[]);
    }
    if config.keys_dir.exists() {
        let what = format!("There is a bank at {} already.", config.data_dir.display());
        let way_out = "Restore into a new folder (--data), and then move it.";
        return report::refused(args.json, "client.folder-exists", &what, way_out, &[]);
    }
    let done = offline::block_on(async {
        private_dir(&config.data_dir)?;
        copy_keys(&args.from.join(KEYS), &config.keys_dir)?;
        let store_config = offline::store_config(&config)?;
        Store::restore(store_config, &args.from.join(DATABASE)).await?;
        offline::store(&config).await?.verify().await.map_err(Problem::from)
    });
    match done {
        Ok(verdict) if verdict.problem.is_none() => {
            let line = format!(
                "Restored {} audit records and {} transfers; they verify.",
                verdict.audit_records, verdict.transfers
            );
            let document = json!({ "audit_records": verdict.audit_records, "transfers": verdict.transfers });
            report::done(args.json, &document, &line)
        }
        Ok(verdict) => {
            let what = format!("The backup does not verify: {}.", verdict.problem.unwrap_or_default());
            report::refused(args.json, "client.bad-backup", &what, "Restore an older backup.", &[])
        }
        Err(problem) => offline::failed(args.json, &problem),
    }
}

pub fn migrate(args: MigrateArgs) -> Ended {
    let config = Config::from(args.config);
    // Opening brings the database to its newest form.
    let opened = offline::block_on(async {
        private_dir(&config.data_dir)?;
        offline::store(&config).await.map(|_| ())
    });
    match opened {
        Ok(()) => report::done(args.json, &json!({ "database": "newest" }), "The database has the newest form."),
        Err(problem) => offline::failed(args.json, &problem),
    }
}

fn private_dir(path: &Path) -> Result<(), Problem> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|fault| Problem::internal(format!("{}: {fault}", path.display())))
}

fn copy_keys(from: &Path, to: &Path) -> Result<(), Problem> {
    private_dir(to)?;
    let told = |path: &Path, fault: std::io::Error| Problem::internal(format!("{}: {fault}", path.display()));
    for entry in fs::read_dir(from).map_err(|fault| told(from, fault))?.flatten() {
        let copy = to.join(entry.file_name());
        fs::copy(entry.path(), &copy).map_err(|fault| told(&copy, fault))?;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).map_err(|fault| told(&copy, fault))?;
    }
    Ok(())
}
