//! `xitai replay SESSION`: performs a session's committed steps again from its journal and compares each with what was
//! committed, byte for byte. A session that its customer gave away is a file: [`file`].
//!
//! The program runs in the same sandbox as ever, but its host calls are answered from the journal and nothing is
//! committed. State is carried from step to step, and compared wherever the journal holds it.

mod file;

use super::offline;
use super::recorded;
use super::report::{self, Ended};
use crate::app::App;
use crate::app::launch::{self, Called};
use crate::config::{Config, ConfigArgs};
use crate::http::problem::{Problem, fault_text};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::{ReleaseId, SessionId};
use xitai_model::journal::{Entry as StepEntry, StepBody, StepRow};
use xitai_model::session::Session;
use xitai_runtime::call::{Answers, Call, Entry, Fallen, Performance};

/// Perform a session's steps again and compare
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The session's id in the bank here, or a file that its customer gave away
    pub session: String,
    /// For a file: the package that performed it, or a program's folder, which is built first; else this folder's program
    #[arg(long)]
    pub package: Option<PathBuf>,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// What came of one position.
#[derive(Debug, Serialize)]
struct Compared {
    position: u64,
    what: String,
    same: bool,
    /// It can't be performed again: what it read was sealed under a consent's key, which is destroyed.
    withheld: bool,
    /// Where it differs.
    difference: Option<String>,
}

/// Rows that are read at once.
const PAGE: usize = 256;

pub fn run(args: ReplayArgs) -> Ended {
    if Path::new(&args.session).is_file() {
        return file::run(Path::new(&args.session), &recorded::named(args.package.as_ref()), args.json);
    }
    let config = Config::from(args.config);
    if !offline::is_there(&config) {
        return offline::nothing_there(args.json, &config);
    }
    let Ok(id) = SessionId::parse(&args.session) else {
        let what = format!("`{}` is not a session's id.", args.session);
        report::refused(
            args.json,
            "client.bad-name",
            &what,
            "It has 26 digits and capital letters; a file must be there.",
            &[],
        );
        return Ended::Usage;
    };
    let compared = offline::block_on(async {
        let app = offline::app(config).await?;
        replay(&app, &id).await
    });
    match compared {
        Ok(compared) => say(args.json, &id, &compared, WITHHELD),
        Err(problem) => offline::failed(args.json, &problem),
    }
}

/// Why steps of a bank's own session are passed over.
const WITHHELD: &str = "what they read was given by a consent that is over, and its key is destroyed. Steps after them \
    replay from the state that was kept.";

fn say(as_json: bool, id: &SessionId, compared: &[Compared], why: &str) -> Ended {
    let differs = compared.iter().find(|step| !step.same && !step.withheld);
    let withheld = compared.iter().filter(|step| step.withheld).count();
    let document = json!({ "session": id, "steps": compared, "same": differs.is_none(), "withheld": withheld });
    if !as_json {
        for step in compared {
            let verdict = match (step.same, step.withheld) {
                (true, _) => "same",
                (false, true) => "withheld",
                (false, false) => "DIFFERS",
            };
            println!("{:>6}  {verdict:<8} {}", step.position, step.what);
        }
    }
    match differs {
        None => report::done(as_json, &document, &summary(compared.len() - withheld, withheld, why)),
        Some(step) => {
            let told = step.difference.clone().unwrap_or_default();
            if as_json {
                println!("{document}")
            } else {
                eprintln!("position {}: {told}", step.position)
            }
            Ended::Refused
        }
    }
}

fn summary(same: usize, withheld: usize, why: &str) -> String {
    let all = format!("{same} positions replay byte for byte.");
    match withheld {
        0 => all,
        _ => format!("{all} {withheld} can't be performed again: {why}"),
    }
}

/// Performs every step of the session again, until the first that differs.
async fn replay(app: &App, id: &SessionId) -> Result<Vec<Compared>, Problem> {
    let session = app.store.session_fresh(id).await?.ok_or_else(|| Problem::new(code::SESSION_NOT_FOUND))?;
    let mut at = Session { position: 0, state: Vec::new(), ..session };
    let mut compared = Vec::new();
    loop {
        let rows = app.store.steps(id, at.position + 1, PAGE).await?;
        if rows.is_empty() {
            return Ok(compared);
        }
        for row in rows {
            let position = row.position;
            let what = what(&row.body.entry);
            let withheld = is_withheld(&row);
            let difference = match withheld {
                true => pass_over(&mut at, row),
                false => step(app, &mut at, row).await?,
            };
            let same = difference.is_none() && !withheld;
            compared.push(Compared { position, what, same, withheld, difference });
            if !same && !withheld {
                return Ok(compared);
            }
        }
    }
}

/// What a step answers, in a word or two.
pub fn what(entry: &StepEntry) -> String {
    match entry {
        StepEntry::Opened { launch } => format!("opened {}", launch.page),
        StepEntry::Event { event } => {
            let document = serde_json::to_value(event).unwrap_or_default();
            format!("{} {}", document["type"].as_str().unwrap_or_default(), document["id"].as_str().unwrap_or_default())
        }
        StepEntry::Sheet { outcome, .. } => format!("sheet {outcome:?}"),
    }
}

fn is_withheld(row: &StepRow) -> bool {
    row.body.calls.iter().any(|call| call.withheld)
}

/// Goes on from what was kept of a step that can't be performed.
fn pass_over(at: &mut Session, row: StepRow) -> Option<String> {
    at.position = row.position;
    at.screen = row.body.screen;
    if let Some(state) = row.body.state {
        at.state = state.0;
    }
    Some("what it read is withheld: the key of a consent was destroyed".to_owned())
}

/// Performs one step; what differs, if anything. Moves `at` to the step's position.
async fn step(app: &App, at: &mut Session, row: StepRow) -> Result<Option<String>, Problem> {
    at.position = row.position;
    let Some(expected) = row.step_digest.clone() else {
        // No program ran: a decided sheet changes neither state nor screen.
        return Ok(None);
    };
    match perform(app, at, &row).await? {
        Err(fallen) => Ok(Some(format!("the call ended in {}", fault_text(&fallen.fault)))),
        Ok(performed) => {
            let whole = serde_json::to_vec(&performed.step).map_err(Problem::internal)?;
            let found = Digest::of(&whole);
            let kept_state = row.body.state.as_ref();
            let difference = if found != expected {
                Some(format!(
                    "the step's digest is {found}, committed was {expected}: {}",
                    differs_in(&performed, &row.body)
                ))
            } else if kept_state.is_some_and(|kept| kept.0 != performed.step.state.0) {
                Some("the state differs from the one kept".to_owned())
            } else {
                None
            };
            at.state = performed.step.state.0;
            at.screen = performed.step.screen;
            Ok(difference)
        }
    }
}

/// Names what differs, of what the journal keeps.
fn differs_in(performed: &Performance, kept: &StepBody) -> String {
    let mut parts = Vec::new();
    if performed.step.screen != kept.screen {
        parts.push("screen");
    }
    if performed.step.effects != kept.effects {
        parts.push("effects");
    }
    if kept.state.as_ref().is_some_and(|kept| kept.0 != performed.step.state.0) {
        parts.push("state");
    }
    if parts.is_empty() { "state, sheet or watches".to_owned() } else { parts.join(", ") }
}

async fn perform(app: &App, at: &Session, row: &StepRow) -> Result<Result<Performance, Fallen>, Problem> {
    let catalog = app.catalog();
    let id = ReleaseId::parse(&row.release).map_err(Problem::internal)?;
    let release = catalog.release(&id).ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND).because(&id))?;
    let loaded = launch::load(app, release).await?;
    let entry = match &row.body.entry {
        StepEntry::Opened { launch } => Entry::Open(launch.clone()),
        StepEntry::Event { event } => Entry::Update { state: at.state.clone(), event: event.clone() },
        StepEntry::Sheet { .. } => return Err(Problem::internal("a sheet's row has a step's digest")),
    };
    let context = row.body.context.clone().ok_or_else(|| Problem::internal("a step without its context"))?;
    let called = Called {
        opening: &at.opening,
        standing: &at.standing,
        position: row.position,
        proved_ms: at.opening.opened_ms,
    };
    let scope = launch::scope(app, &app.host_ctx(), &catalog, release, &called).await?;
    let call = Call {
        scope: Arc::new(scope),
        context,
        entry,
        answers: Answers::Recorded(Arc::new(row.body.calls.clone())),
        stopped: Arc::new(AtomicBool::new(false)),
    };
    Ok(app.runtime.perform_here(&loaded, &call))
}
