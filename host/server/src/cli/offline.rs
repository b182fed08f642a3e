//! Commands that work on a data folder, with or without a host running on it.

use super::report::{self, Ended};
use crate::app::App;
use crate::app::keys::HostKeys;
use crate::clock::Clock;
use crate::config::Config;
use crate::http::problem::Problem;
use std::future::Future;
use std::sync::Arc;
use xitai_store::{Store, StoreConfig};

/// Runs an asynchronous command to its end.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a process that has just begun can start threads")
        .block_on(work)
}

/// Whether there is a bank to work on: a command that only looks must not make an empty one.
pub fn is_there(config: &Config) -> bool {
    match config.database.strip_prefix("sqlite:") {
        Some(path) => std::path::Path::new(path).is_file() && config.keys_dir.is_dir(),
        None => config.keys_dir.is_dir(),
    }
}

pub async fn store(config: &Config) -> Result<Store, Problem> {
    Ok(Store::open(store_config(config)?).await?)
}

pub fn store_config(config: &Config) -> Result<StoreConfig, Problem> {
    let keys = HostKeys::open(&config.keys_dir, &Clock::Machine)?;
    Ok(StoreConfig { url: config.database.clone(), master_key: keys.master })
}

pub async fn app(config: Config) -> Result<Arc<App>, Problem> {
    App::open(config).await
}

/// There is no bank in the folder.
pub fn nothing_there(as_json: bool, config: &Config) -> Ended {
    let what = format!("There is no bank at {}.", config.data_dir.display());
    let way_out = "Name its folder with --data or XITAI_DATA, and its database with --database.";
    report::refused(as_json, "client.no-data", &what, way_out, &[])
}

/// A problem on this machine: the operator may read the internal text.
pub fn failed(as_json: bool, problem: &Problem) -> Ended {
    let told = problem.internal.clone().or_else(|| problem.detail.clone()).unwrap_or_default();
    let what = format!("{} {told} ({})", problem.code.en, problem.code.code);
    report::refused(as_json, problem.code.code, what.trim(), problem.code.mend_en, &[])
}
