//! `xitai logs`: what a program wrote, and what became of calls that failed.

use super::client::{Client, ClientFault};
use super::report::{Ended, plain};
use clap::Args;
use serde_json::Value;
use std::time::Duration;

/// Show a program's log
#[derive(Debug, Args)]
pub struct LogsArgs {
    /// The program's id
    pub program: String,
    /// Go on showing new lines
    #[arg(long, short)]
    pub follow: bool,
    /// The host; else the one signed in to last
    #[arg(long)]
    pub host: Option<String>,
    /// Print one JSON document for each line
    #[arg(long)]
    pub json: bool,
}

/// How often new lines are asked for.
const ASK_EVERY: Duration = Duration::from_secs(1);

pub fn run(args: LogsArgs) -> Ended {
    match show(&args) {
        Ok(()) => Ended::Done,
        Err(fault) => fault.end(args.json),
    }
}

fn show(args: &LogsArgs) -> Result<(), ClientFault> {
    let client = Client::signed_in(args.host.as_deref())?;
    let mut after: Option<i64> = None;
    loop {
        let from = after.map_or_else(String::new, |after| format!("?after={after}"));
        let page = client.get(&format!("/publisher/programs/{}/logs{from}", args.program))?;
        let lines = page["lines"].as_array().cloned().unwrap_or_default();
        for line in &lines {
            println!("{}", if args.json { line.to_string() } else { text(line) });
        }
        after = lines.last().and_then(|line| line["number"].as_i64()).or(after);
        if lines.is_empty() {
            if !args.follow {
                return Ok(());
            }
            std::thread::sleep(ASK_EVERY);
        }
    }
}

fn text(line: &Value) -> String {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let code = text("code");
    let code = if code.is_empty() { code } else { format!(" [{code}]") };
    let line = plain(&text("text"));
    format!("{} {:<5} {} {}{code} {line}", text("at"), text("level"), text("version"), text("branch"))
}
