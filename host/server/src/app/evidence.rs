//! What the machine found and saw of a release, kept beside it under its digest: the first thing that reviewers read.
//!
//! It is gathered in processes with limits: the package is examined, its scenes are played twice each and on every
//! channel, and the program is left to random taps. It is bounded, and never changed: another release has its own.

use super::App;
use crate::http::problem::Problem;
use crate::inspection;
use crate::scene::record::{Played, PlayedTurn, TurnCost};
use crate::scene::rehearse::Rehearsed;
use lru::LruCache;
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock, Mutex};
use xitai_model::digest::Digest;
use xitai_model::release::{Finding, Release, Severity, bounded};
use xitai_model::scene;

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub component_bytes: u64,
    /// Interfaces that the component imports.
    pub imports: Vec<String>,
    pub rehearsed: Rehearsed,
}

/// An upload, looked at.
pub struct Gathered {
    pub findings: Vec<Finding>,
    pub imports: Vec<String>,
    pub evidence: Evidence,
    /// What its bill of materials lists.
    pub components: Vec<xitai_model::sbom::Component>,
}

/// Looks at a package. What it says about the package is a finding; an `Err` is this machine's.
pub async fn gather(app: &App, package: Vec<u8>) -> Result<Gathered, Problem> {
    let within = app.config.data_dir.clone();
    let today = app.config.zone.day(app.clock.now_ms());
    let looked = tokio::task::spawn_blocking(move || {
        let examined = inspection::examine(&package, today)?;
        // What would be refused anyway is not played.
        let refused = examined.findings.iter().any(|finding| finding.severity == Severity::Error);
        let rehearsed = match refused {
            true => Rehearsed::default(),
            false => inspection::rehearse(&package, &within, inspection::of_uploads())?,
        };
        Ok::<_, std::io::Error>((examined, rehearsed))
    });
    let (examined, rehearsed) = looked.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let mut findings = examined.findings;
    findings.extend(rehearsed.findings.clone());
    let component_bytes = examined.component_bytes.len() as u64;
    let evidence = Evidence { component_bytes, imports: examined.imports.clone(), rehearsed };
    let (imports, components) = (examined.imports, examined.components);
    Ok(Gathered { findings: bounded(findings), imports, evidence, components })
}

/// Keeps it under its digest.
pub async fn keep(app: &App, evidence: &Evidence) -> Result<Digest, Problem> {
    let text = serde_json::to_vec(evidence).map_err(Problem::internal)?;
    let digest = Digest::of(&text);
    app.store.put_blob(&digest, &text).await?;
    Ok(digest)
}

/// Evidence that pages were drawn from lately.
const HELD_MAX: NonZeroUsize = NonZeroUsize::new(8).expect("eight");
static HELD: LazyLock<Mutex<LruCache<Digest, Arc<Evidence>>>> = LazyLock::new(|| Mutex::new(LruCache::new(HELD_MAX)));

/// A release's evidence; nothing where it came before there was any.
pub async fn of(app: &App, release: &Release) -> Result<Option<Arc<Evidence>>, Problem> {
    let Some(digest) = &release.reviewing.evidence else { return Ok(None) };
    if let Some(held) = HELD.lock().expect("no holder of the lock panics").get(digest) {
        return Ok(Some(held.clone()));
    }
    let text =
        app.store.blob(digest).await?.ok_or_else(|| Problem::internal(format!("evidence {digest} is missing")))?;
    let evidence: Arc<Evidence> = Arc::new(serde_json::from_slice(&text).map_err(Problem::internal)?);
    HELD.lock().expect("no holder of the lock panics").put(digest.clone(), evidence.clone());
    Ok(Some(evidence))
}

/// A turn beside the same turn of the live release.
pub struct Beside<'a> {
    pub turn: &'a PlayedTurn,
    pub before: Option<&'a PlayedTurn>,
}

impl Beside<'_> {
    /// Whether its page reads otherwise than the live one's. A turn that the live release never showed is new, not
    /// changed.
    pub fn is_changed(&self) -> bool {
        self.before.is_some_and(|before| {
            before.came.screen != self.turn.came.screen || before.came.sheet != self.turn.came.sheet
        })
    }
    /// The lines of its page and sheet that differ, each with `-` or `+` before it.
    pub fn changed_lines(&self) -> Vec<String> {
        let Some(before) = self.before.filter(|_| self.is_changed()) else { return Vec::new() };
        let text = |turn: &PlayedTurn| format!("{}\n{}", turn.came.screen.clone().unwrap_or_default(), turn.came.sheet);
        let lines = scene::lines(&text(before), &text(self.turn));
        lines.into_iter().filter(|line| !line.starts_with("  ")).collect()
    }
}

/// The turns of a scene beside those of the live release: the same file, the same place, the same act.
pub fn beside<'a>(played: &'a Played, live: Option<&'a Evidence>) -> Vec<Beside<'a>> {
    let before = live.and_then(|live| live.rehearsed.played.iter().find(|before| before.file == played.file));
    let turns = played.turns.iter().enumerate();
    let same = |at: usize, turn: &PlayedTurn| before?.turns.get(at).filter(|before| before.act == turn.act);
    turns.map(|(at, turn)| Beside { turn, before: same(at, turn) }).collect()
}

impl Evidence {
    /// The same scene on another channel.
    pub fn elsewhere(&self, file: &str) -> Vec<&Played> {
        self.rehearsed.elsewhere.iter().filter(|played| played.file == file).collect()
    }
    pub fn cost(&self) -> TurnCost {
        self.rehearsed.cost()
    }
}
