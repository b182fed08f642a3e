//! `xitai shadow --package NEW.ma FILE…`: sessions that customers gave away, performed by a release that has not performed
//! them, and everything that it does otherwise: screens, host calls, effects, the rest of each step, what it costs. Each
//! host call has the answer that the recording has; nothing is asked of anybody, and nothing happens.

use super::recorded::{self, Performing, Refused};
use super::report::{self, Ended};
use crate::http::problem::{fault_code, fault_text};
use crate::render::text;
use crate::scene::record::TurnCost;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xitai_model::digest::Digest;
use xitai_model::journal::HostCall;
use xitai_model::program::{Effect, Step};
use xitai_model::recording::{RecordedStep, Recording};
use xitai_model::scene;
use xitai_runtime::call::{Answers, Fallen, Performance};

/// Perform sessions that customers gave away with another release, and list what it does otherwise
#[derive(Debug, Args)]
pub struct ShadowArgs {
    /// Files that customers gave away
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The new release's package, or a program's folder, which is built first; else the program of this folder
    #[arg(long)]
    pub package: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// What came of one file.
#[derive(Debug, Serialize)]
struct Shadowed {
    file: String,
    steps: usize,
    /// Steps that could not be performed, and why.
    passed_over: Vec<String>,
    differences: Vec<Difference>,
    /// The dearest step of it.
    cost: TurnCost,
}

/// One step that comes otherwise.
#[derive(Debug, Serialize)]
struct Difference {
    position: u64,
    what: String,
    /// Lines, each with ` `, `-` (recorded) or `+` (the new release) before it.
    screen: Vec<String>,
    calls: Vec<String>,
    effects: Vec<String>,
    /// The rest of the step: its sheet, its state, what it watches.
    rest: Vec<String>,
    /// What the new release fell on.
    fell: Option<String>,
}

pub fn run(args: ShadowArgs) -> Ended {
    let refused = |it: Refused| report::refused(args.json, it.code.code, &it.what, it.code.mend_en, &[]);
    let performing = match Performing::of(&recorded::named(args.package.as_ref()), args.json) {
        Ok(performing) => performing,
        Err(it) => return report::refused(args.json, "build.failed", &it.what, &it.way_out, &it.findings),
    };
    let mut all = Vec::new();
    for file in &args.files {
        let recording = recorded::read(file).and_then(|read| performing.is_of(&read).map(|()| read));
        match recording {
            Ok(recording) => all.push(shadow(&performing, file, &recording)),
            Err(fault) => return refused(fault),
        }
    }
    say(&args, &performing, &all)
}

fn say(args: &ShadowArgs, performing: &Performing, all: &[Shadowed]) -> Ended {
    let manifest = &performing.package.manifest;
    let program = format!("{} {}", manifest.app_id, manifest.version.name);
    let differing: usize = all.iter().map(|one| one.differences.len()).sum();
    if args.json {
        println!("{}", json!({ "program": program, "same": differing == 0, "files": all }));
    } else {
        all.iter().for_each(tell);
        let steps: usize = all.iter().map(|one| one.steps).sum();
        println!("{program}: {differing} of {steps} steps come otherwise.");
    }
    if differing == 0 { Ended::Done } else { Ended::Refused }
}

fn tell(one: &Shadowed) {
    println!("{} ({} steps, at most {})", one.file, one.steps, one.cost);
    one.passed_over.iter().for_each(|told| println!("  passed over {}", report::plain(told)));
    for it in &one.differences {
        println!("  {:>4} {}", it.position, report::plain(&it.what));
        let parts =
            [("screen", &it.screen), ("host calls", &it.calls), ("effects", &it.effects), ("besides", &it.rest)];
        for (name, lines) in parts.iter().filter(|(_, lines)| !lines.is_empty()) {
            println!("       {name}");
            lines.iter().for_each(|line| println!("         {}", report::plain(line)));
        }
        if let Some(fell) = &it.fell {
            println!("       falls: {}", report::plain(fell));
        }
    }
}

fn shadow(performing: &Performing, file: &Path, recording: &Recording) -> Shadowed {
    let mut shadowed = Shadowed {
        file: file.display().to_string(),
        steps: recording.steps.len(),
        passed_over: Vec::new(),
        differences: Vec::new(),
        cost: TurnCost::default(),
    };
    // The new release goes on with its own state; after what it could not perform, with the one that was kept.
    let mut state: Option<Vec<u8>> = Some(recording.state.clone().unwrap_or_default().0);
    for step in recording.steps.iter().filter(|step| step.step_digest.is_some()) {
        let (before, withheld) = (state.take(), step.withheld);
        let kept = step.body.state.clone().map(|kept| kept.0);
        let Some(before) = before.filter(|_| !withheld) else {
            let why = if withheld { "what it read is withheld" } else { "the state before it is not known" };
            shadowed.passed_over.push(format!("{} {}: {why}", step.position, super::replay::what(&step.body.entry)));
            state = kept;
            continue;
        };
        let answers = Answers::Alike(Arc::new(step.body.calls.clone()));
        let Some(performed) = performing.perform(step, &before, answers) else { continue };
        let cost = match &performed {
            Ok(it) => it.cost,
            Err(it) => *it.cost,
        };
        let cost = TurnCost { compute_us: cost.compute_us, memory_bytes: cost.memory_bytes };
        shadowed.cost = shadowed.cost.most(cost);
        shadowed.differences.extend(difference(step, &performed));
        state = performed.map_or(kept, |it| Some(it.step.state.0));
    }
    shadowed
}

fn difference(step: &RecordedStep, performed: &Result<Performance, Fallen>) -> Option<Difference> {
    let empty = Difference {
        position: step.position,
        what: super::replay::what(&step.body.entry),
        screen: Vec::new(),
        calls: Vec::new(),
        effects: Vec::new(),
        rest: Vec::new(),
        fell: None,
    };
    let lines = |old: &str, new: &str| if old == new { Vec::new() } else { changed(&scene::lines(old, new)) };
    match performed {
        Err(fallen) => {
            let fell = format!("{} {}", fault_code(&fallen.fault).code, fault_text(&fallen.fault));
            let calls = lines(&asked(&step.body.calls), &asked(&fallen.calls));
            Some(Difference { fell: Some(fell), calls, ..empty })
        }
        Ok(it) => {
            let found = Difference {
                screen: lines(&text::screen(&step.body.screen), &text::screen(&it.step.screen)),
                calls: lines(&asked(&step.body.calls), &asked(&it.calls)),
                effects: lines(&effects(&step.body.effects), &effects(&it.step.effects)),
                rest: rest(step, &it.step),
                ..empty
            };
            let parts = [&found.screen, &found.calls, &found.effects, &found.rest];
            parts.iter().any(|part| !part.is_empty()).then_some(found)
        }
    }
}

/// What comes otherwise of the rest. The recording has no sheet and only now and then a state, but the digest of the
/// whole step: what makes the new step the recorded one when it is put back is what differs.
fn rest(step: &RecordedStep, performed: &Step) -> Vec<String> {
    let whole = |it: &Step| serde_json::to_vec(it).map(|whole| Digest::of(&whole)).ok();
    let is_recorded = |it: &Step| whole(it) == step.step_digest;
    let mut found = Vec::new();
    if is_recorded(performed) {
        return found;
    }
    let kept = &step.body;
    let mut put_back = Step { screen: kept.screen.clone(), effects: kept.effects.clone(), ..performed.clone() };
    if performed.screen != kept.screen && text::screen(&performed.screen) == text::screen(&kept.screen) {
        found.push("the screen, in what its text does not show".to_owned());
    }
    if let Some(state) = kept.state.as_ref().filter(|state| **state != performed.state) {
        put_back.state = state.clone();
        found.push("the state".to_owned());
    }
    if is_recorded(&put_back) {
        return found;
    }
    // A ticket comes to a program in an answer, most often in the step that shows it.
    let tickets = kept.calls.iter().flat_map(|call| texts(&call.answer)).map(|ticket| Some(ticket.to_owned()));
    let mut sheets = tickets.chain([None]).filter(|sheet| *sheet != performed.sheet);
    match sheets.find(|sheet| is_recorded(&Step { sheet: sheet.clone(), ..put_back.clone() })) {
        Some(sheet) => {
            let named = |sheet: &Option<String>| sheet.clone().unwrap_or_else(|| "no sheet".to_owned());
            found.push(format!("- sheet: {}", named(&sheet)));
            found.push(format!("+ sheet: {}", named(&performed.sheet)));
        }
        None => found.push("state, sheet or watches".to_owned()),
    }
    found
}

/// The texts in a value, however deep.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text.as_str()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(all) => all.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The lines that are not the same on both sides.
fn changed(lines: &[String]) -> Vec<String> {
    lines.iter().filter(|line| !line.starts_with("  ")).cloned().collect()
}

fn asked(calls: &[HostCall]) -> String {
    calls.iter().map(|call| format!("{} {}", call.function, call.arguments)).collect::<Vec<_>>().join("\n")
}

fn effects(all: &[Effect]) -> String {
    all.iter().map(|effect| format!("{} {}", effect.kind, effect.json)).collect::<Vec<_>>().join("\n")
}
