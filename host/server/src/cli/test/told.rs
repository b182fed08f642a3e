//! What `xitai test` prints for people.

use super::Updated;
use crate::cli::report::{self, plain};
use crate::scene::random::RandomRun;
use crate::scene::record::Played;
use crate::scene::rehearse::Rehearsed;
use serde_json::{Value, json};
use xitai_model::code;
use xitai_model::release::Finding;

pub fn scene(played: &Played) {
    let verdict = if played.is_as_said() { "ok     " } else { "DIFFERS" };
    println!("{verdict} {}  {}  ({} turns, {})", played.file, plain(&played.title), played.turns.len(), played.cost());
    for turn in &played.turns {
        for difference in &turn.differences {
            println!("  {}:{}  {}: {} differs", played.file, turn.line, plain(&turn.act), difference.what);
            difference.lines.iter().for_each(|line| println!("      {}", plain(line)));
        }
    }
}

pub fn random(run: &RandomRun) {
    match &run.fell {
        None => println!("ok      {} random taps and hostile answers, --seed {}", run.taps, run.seed),
        Some(fell) => {
            println!("FELL    at random tap {}, --seed {}: {}", run.taps, run.seed, fell.code);
            fell.detail.lines().for_each(|line| println!("      {}", plain(line)));
            fell.after.iter().for_each(|tap| println!("      after {}", plain(tap)));
        }
    }
}

/// What is not told with its scene.
pub fn others(findings: &[Finding]) {
    let told = [code::SCENE_DIFFERS.code, code::SCENE_FELL.code];
    let others: Vec<Finding> =
        findings.iter().filter(|finding| !told.contains(&finding.code.as_str())).cloned().collect();
    report::findings(&others);
}

pub fn summary(rehearsed: &Rehearsed, failed: bool) -> String {
    let scenes = rehearsed.played.len();
    let differ = rehearsed.played.iter().filter(|played| !played.is_as_said()).count();
    match failed {
        false => format!("{scenes} scenes, each twice with equal results."),
        true if differ > 0 => {
            format!(
                "{differ} of {scenes} scenes differ. Mend the program, or run xitai test --update and look at what changed."
            )
        }
        true => format!("{scenes} scenes; mend the findings."),
    }
}

pub fn updated(updated: &Updated) -> String {
    let mut told = match updated.written.is_empty() {
        true => "The scenes say what comes; nothing was written.".to_owned(),
        false => format!("Written: {}. Look at the difference before you keep it.", updated.written.join(", ")),
    };
    for refused in &updated.refused {
        told += &format!("\n  refused at {}", plain(refused));
    }
    told
}

pub fn scene_document(played: &Played) -> Value {
    let turns: Vec<Value> = played
        .turns
        .iter()
        .map(|turn| {
            json!({
                "line": turn.line, "act": turn.act, "compute_us": turn.cost.compute_us,
                "memory_bytes": turn.cost.memory_bytes, "differences": turn.differences,
            })
        })
        .collect();
    json!({ "file": played.file, "title": played.title, "passed": played.is_as_said(), "turns": turns })
}
