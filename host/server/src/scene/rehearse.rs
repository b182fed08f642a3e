//! Everything that scenes tell about a package: each played twice with equal results, once more for every other channel,
//! measured against the manifest's budget, and the program left to random taps.

use super::random::{self, RandomRun};
use super::record::{Played, TurnCost, place};
use super::{Rehearsal, Unplayed, scenes};
use crate::package::Package;
use serde::{Deserialize, Serialize};
use std::path::Path;
use xitai_model::code;
use xitai_model::program::Channel;
use xitai_model::release::{Finding, Severity, bounded};
use xitai_model::scene::{self, Given, Scene};

/// How far to go.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Thoroughness {
    /// Channels on which each scene is played beside its own.
    pub channels: Vec<Channel>,
    /// A random run for each.
    pub seeds: Vec<u64>,
    pub taps: usize,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rehearsed {
    pub played: Vec<Played>,
    /// The same scenes on other channels. They are drawn and not compared: a scene is written for one.
    pub elsewhere: Vec<Played>,
    pub random: Vec<RandomRun>,
    pub findings: Vec<Finding>,
}

impl Rehearsed {
    /// Nothing could be played.
    pub fn unplayed(told: &str) -> Self {
        Self { findings: vec![Finding::error(code::SCENE_NOT_PLAYED, scene::FOLDER, told)], ..Self::default() }
    }

    /// As it is kept: what can be seen in words stays to the last, screens as trees go first, those of other channels
    /// before the scene's own.
    pub fn bounded(mut self, bytes_max: usize) -> Self {
        let is_within = |it: &Self| serde_json::to_vec(it).is_ok_and(|text| text.len() <= bytes_max);
        let cuts: [fn(&mut Self); 4] = [
            |it| it.elsewhere.iter_mut().for_each(without_screens),
            |it| it.played.iter_mut().for_each(without_screens),
            |it| it.elsewhere.clear(),
            |it| it.played.clear(),
        ];
        for cut in cuts {
            if is_within(&self) {
                break;
            }
            cut(&mut self);
        }
        self.findings = bounded(self.findings);
        self
    }
    /// Whether a developer has something to mend: a finding that refuses, or a fall that somebody brought about who only
    /// taps.
    pub fn fails(&self) -> bool {
        self.findings.iter().any(fails)
    }
    pub fn cost(&self) -> TurnCost {
        self.played.iter().fold(TurnCost::default(), |most, played| most.most(played.cost()))
    }
}

/// Whether a finding is something to mend.
pub fn fails(finding: &Finding) -> bool {
    finding.severity == Severity::Error || finding.code == code::SCENE_FELL.code
}

fn without_screens(played: &mut Played) {
    played.turns.iter_mut().for_each(|turn| turn.screen = None);
}

/// Plays what is to be played.
pub async fn rehearse(package: Package, within: &Path, how: &Thoroughness) -> Result<Rehearsed, Unplayed> {
    let mut all = Rehearsed::default();
    let scenes = match scenes(&package) {
        Ok(scenes) => scenes,
        Err(findings) => return Ok(Rehearsed { findings, ..all }),
    };
    if scenes.is_empty() {
        let told = "nothing shows what the program does";
        all.findings.push(Finding::of(Severity::Warning, code::SCENE_NONE, scene::FOLDER, told));
    }
    let budget = package.manifest.xitai.budget;
    let rehearsal = Rehearsal::open(package, within)?;
    for scene in &scenes {
        let (first, second) = match (rehearsal.play(scene, None).await, rehearsal.play(scene, None).await) {
            (Ok(first), Ok(second)) => (first, second),
            (Err(Unplayed::Scene(told) | Unplayed::Component(told)), _)
            | (_, Err(Unplayed::Scene(told) | Unplayed::Component(told))) => {
                all.findings.push(Finding::error(code::SCENE_NOT_PLAYED, &scene.file, told));
                continue;
            }
            (Err(broken), _) | (_, Err(broken)) => return Err(broken),
        };
        all.findings.extend(unlike(scene, &first, &second));
        let played = first.measured_again(&second);
        all.findings.extend(differences(scene, &played));
        for turn in &played.turns {
            let past = turn.cost.past(&budget);
            all.findings.extend(past.map(|told| Finding::error(code::SCENE_BUDGET, place(scene, turn), told)));
        }
        all.played.push(played);
        for channel in how.channels.iter().filter(|channel| **channel != scene.given.channel) {
            all.elsewhere.push(rehearsal.play(scene, Some(*channel)).await?);
        }
    }
    // As the first scene has the bank, or as an empty one is.
    let given = scenes.into_iter().next().map_or_else(nothing_given, |scene| scene.given);
    for seed in &how.seeds {
        let run = random::run(&rehearsal, &given, *seed, how.taps).await?;
        all.findings.extend(fell(&run));
        all.random.push(run);
    }
    Ok(all)
}

pub fn nothing_given() -> Given {
    let bare = "title = \"Nothing\"\n[[when]]\nwait = \"1s\"\n";
    scene::read("nothing", bare).expect("this is a scene").given
}

fn unlike(scene: &Scene, first: &Played, second: &Played) -> Option<Finding> {
    let (one, other) = first.first_unlike(second)?;
    let lines =
        scene::lines(one.came.screen.as_deref().unwrap_or_default(), other.came.screen.as_deref().unwrap_or_default());
    let parts = Some(changed(&lines)).filter(|told| !told.is_empty()).into_iter();
    let told: Vec<String> = parts.chain(one.came.unlike(&other.came)).collect();
    let told = if told.is_empty() { "the screen's structure".to_owned() } else { told.join("\n") };
    Some(Finding::error(code::SCENE_NOT_REPEATABLE, place(scene, one), told))
}

/// The lines of a comparison that are not the same on both sides.
fn changed(lines: &[String]) -> String {
    let changed: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.starts_with("  ")).collect();
    changed.join("\n")
}

fn differences(scene: &Scene, played: &Played) -> Vec<Finding> {
    let turns = played.turns.iter();
    let each = turns.flat_map(|turn| turn.differences.iter().map(move |difference| (turn, difference)));
    each.map(|(turn, difference)| {
        let told = format!("{}:\n{}", difference.what, changed(&difference.lines));
        Finding::error(code::SCENE_DIFFERS, place(scene, turn), told)
    })
    .collect()
}

/// For reviewers to weigh: what chance brought about may be nothing that a customer ever does.
fn fell(run: &RandomRun) -> Option<Finding> {
    let fell = run.fell.as_ref()?;
    let what = fell.detail.lines().next().unwrap_or_default();
    let told = format!("{} {what}\nafter: {}", fell.code, fell.after.join("; "));
    let place = format!("random taps, seed {}, tap {}", run.seed, run.taps);
    Some(Finding::of(Severity::Warning, code::SCENE_FELL, place, told))
}
