//! What the machine found and saw of a release, kept beside it under its digest: the first thing that reviewers read.
//!
//! It is gathered in processes with limits: the package is examined, its scenes are played twice each and on every
//! channel, and the program is left to random taps. Scenes of which the live release's evidence has nothing that fits
//! are played on that release, too, so that there is always something to compare with. It is bounded, and never changed:
//! another release has its own.

use super::App;
use super::catalog::Catalog;
use super::damage;
use crate::http::problem::Problem;
use crate::inspection;
use crate::package::{self, Package};
use crate::scene::record::{Played, PlayedTurn, TurnCost};
use crate::scene::rehearse::Rehearsed;
use crate::scene::rehearse::Thoroughness;
use lru::LruCache;
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use xitai_model::digest::Digest;
use xitai_model::ids::ReleaseId;
use xitai_model::release::{Finding, Part, Release, Severity, bounded};
use xitai_model::scene;

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub component_bytes: u64,
    /// Interfaces that the component imports.
    pub imports: Vec<String>,
    pub rehearsed: Rehearsed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_live: Option<OnLive>,
}

/// Scenes of this release as the live one played them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OnLive {
    /// Which one that was.
    pub release: ReleaseId,
    pub component_bytes: u64,
    pub played: Vec<Played>,
}

/// What customers have while another release is looked at.
pub struct Live {
    release: ReleaseId,
    package: Vec<u8>,
    kept: Option<Arc<Evidence>>,
}

/// The release that customers have now: what a reviewer compares with.
pub fn live<'a>(catalog: &'a Catalog, release: &Release) -> Option<&'a Release> {
    let stage = catalog.rollout(&release.id.program)?.stages.last()?;
    let id = ReleaseId { program: release.id.program.clone(), version: stage.version.clone() };
    catalog.release(&id).filter(|live| live.id != release.id)
}

/// The same with its package and what is kept of its scenes.
pub async fn live_package(app: &App, catalog: &Catalog, release: &Release) -> Result<Option<Live>, Problem> {
    let Some(live) = live(catalog, release) else { return Ok(None) };
    let package = damage::file(app, live, Part::Package).await?;
    Ok(Some(Live { release: live.id.clone(), package, kept: of(app, live).await? }))
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
pub async fn gather(app: &App, package: Vec<u8>, live: Option<Live>) -> Result<Gathered, Problem> {
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
        let on_live = live.map(|live| played_on(&live, &package, &rehearsed, &within)).transpose()?.flatten();
        Ok::<_, std::io::Error>((examined, rehearsed, on_live))
    });
    let (examined, rehearsed, on_live) = looked.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let mut findings = examined.findings;
    findings.extend(rehearsed.findings.clone());
    let component_bytes = examined.component_bytes.len() as u64;
    let evidence = Evidence { component_bytes, imports: examined.imports.clone(), rehearsed, on_live };
    let (imports, components) = (examined.imports, examined.components);
    Ok(Gathered { findings: bounded(findings), imports, evidence, components })
}

/// Plays those scenes on the live release of which its evidence has nothing that fits. Nothing where all fit.
fn played_on(live: &Live, package: &[u8], now: &Rehearsed, within: &Path) -> std::io::Result<Option<OnLive>> {
    let fits = |played: &Played| {
        live.kept.as_ref().is_some_and(|kept| kept.rehearsed.played.iter().any(|it| same(it, played)))
    };
    let unseen: Vec<&str> = now.played.iter().filter(|it| !fits(it)).map(|it| it.file.as_str()).collect();
    let both = package::read(&live.package).package.zip(package::read(package).package);
    let Some((before, after)) = both.filter(|_| !unseen.is_empty()) else { return Ok(None) };
    let component_bytes = before.component.len() as u64;
    let played = inspection::rehearse(&with_scenes(before, after, &unseen)?, within, Thoroughness::default())?.played;
    Ok(Some(OnLive { release: live.release.clone(), component_bytes, played }))
}

/// The same scene: the same acts in the same order.
fn same(before: &Played, now: &Played) -> bool {
    let acts = |of: &Played| of.turns.iter().map(|turn| turn.act.clone()).collect::<Vec<_>>();
    before.file == now.file && acts(before) == acts(now)
}

/// A package with scenes of another one in place of its own.
fn with_scenes(package: Package, of: Package, wanted: &[&str]) -> std::io::Result<Vec<u8>> {
    let mut files = package.files;
    files.retain(|name, _| !scene::is_scene(name));
    files.extend(of.files.into_iter().filter(|(name, _)| wanted.contains(&name.as_str())));
    package::write(&files).map_err(|fault| std::io::Error::other(fault.to_string()))
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

/// What is known of the live release beside another one: what was kept of it, and the other's scenes as it played them.
pub async fn of_live(app: &App, live: &Release, now: Option<&Evidence>) -> Result<Option<Arc<Evidence>>, Problem> {
    let kept = of(app, live).await?;
    let Some(on_live) = now.and_then(|now| now.on_live.as_ref()).filter(|it| it.release == live.id) else {
        return Ok(kept);
    };
    let nothing = || Evidence { component_bytes: on_live.component_bytes, ..Evidence::default() };
    let mut known = kept.map_or_else(nothing, |kept| (*kept).clone());
    known.rehearsed.played.retain(|it| on_live.played.iter().all(|newer| newer.file != it.file));
    known.rehearsed.played.extend(on_live.played.iter().cloned());
    Ok(Some(Arc::new(known)))
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
