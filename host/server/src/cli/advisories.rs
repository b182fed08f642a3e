//! `xitai advisories load FILE`: what is known against packages that programs are built from, in the format of OSV. The
//! operator brings the file; the host asks no network for it.

use super::client::{Client, ClientFault};
use super::report::{self, Ended};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Records of one request.
const AT_ONCE: usize = 100;

/// Load what is known against packages that programs are built from
#[derive(Debug, Args)]
pub struct AdvisoriesArgs {
    #[command(subcommand)]
    pub what: What,
}

#[derive(Debug, Subcommand)]
pub enum What {
    /// Load records in the format of OSV: a JSON document, a list of them, or one a line
    Load {
        file: PathBuf,
        /// The host; else the one signed in to last
        #[arg(long)]
        host: Option<String>,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: AdvisoriesArgs) -> Ended {
    let What::Load { file, host, json } = args.what;
    match read(&file).and_then(|records| load(&records, host.as_deref())) {
        Ok((read, changed)) => {
            let line = format!("{read} advisories read, {changed} new or changed.");
            report::done(json, &json!({ "read": read, "changed": changed }), &line)
        }
        Err(fault) => fault.end(json),
    }
}

fn read(file: &Path) -> Result<Vec<Value>, ClientFault> {
    let told = |fault: &dyn std::fmt::Display| {
        let way_out = "Name a file of OSV records, as osv.dev and RustSec give them out.";
        ClientFault::new("client.no-advisories", format!("{}: {fault}.", file.display()), way_out)
    };
    let text = std::fs::read_to_string(file).map_err(|fault| told(&fault))?;
    match serde_json::from_str(&text) {
        Ok(Value::Array(records)) => Ok(records),
        Ok(record) => Ok(vec![record]),
        Err(_) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            lines.map(serde_json::from_str).collect::<Result<_, _>>().map_err(|fault| told(&fault))
        }
    }
}

fn load(records: &[Value], host: Option<&str>) -> Result<(u64, u64), ClientFault> {
    let client = Client::signed_in(host)?;
    let (mut read, mut changed) = (0, 0);
    for part in records.chunks(AT_ONCE) {
        let answer = client.put("/advisories", &json!({ "records": part }))?;
        read += answer["read"].as_u64().unwrap_or_default();
        changed += answer["changed"].as_u64().unwrap_or_default();
    }
    Ok((read, changed))
}
