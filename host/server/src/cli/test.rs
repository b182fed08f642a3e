//! `xitai test`: plays a program's scenes on banks of its own, in this very host, and says where what came is not what
//! they say. `docs/scenes.md` is how they are written.

mod drawn;
pub mod golden;
mod junit;
mod told;

use super::build::{self, BuildFault};
use super::report::{self, Ended};
use crate::package::{self, Package};
use crate::scene::record::{Played, place};
use crate::scene::rehearse::{Rehearsed, Thoroughness, rehearse};
use crate::scene::{Rehearsal, Unplayed, scenes};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use xitai_model::code;
use xitai_model::release::Finding;
use xitai_model::scene::Scene;

/// Play a program's scenes, and leave it to random taps
#[derive(Debug, Args)]
pub struct TestArgs {
    /// A program's folder, which is built first, or a package
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Write what came into the scenes; look at the difference before you keep it
    #[arg(long)]
    pub update: bool,
    /// Write the results as JUnit's XML, for machines
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// What random taps are drawn from; the same seed taps the same
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// Random taps; 0 leaves them out
    #[arg(long, default_value_t = 60)]
    pub taps: usize,
    /// Write what the scenes look like on phone, kiosk and in a chat, as text, into a folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "update")]
    pub draw: Option<PathBuf>,
    /// In which languages they are drawn, such as `zh-CN,en`; in their own where none is named
    #[arg(long, value_delimiter = ',', requires = "draw")]
    pub languages: Vec<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: TestArgs) -> Ended {
    let refused =
        |fault: BuildFault| report::refused(args.json, "build.failed", &fault.what, &fault.way_out, &fault.findings);
    if args.update && !args.path.is_dir() {
        report::refused(args.json, "client.bad-name", "A package's scenes can't be written.", "Name its folder.", &[]);
        return Ended::Usage;
    }
    let package = match package_of(&args) {
        Ok(package) => package,
        Err(fault) => return refused(fault),
    };
    if args.update {
        let updated = super::offline::block_on(update(&package, &args.path));
        return match updated {
            Ok(updated) => {
                let document = json!({ "written": updated.written, "refused": updated.refused });
                report::done(args.json, &document, &told::updated(&updated))
            }
            Err(fault) => refused(fault),
        };
    }
    if let Some(folder) = &args.draw {
        return match super::offline::block_on(drawn::write(&package, folder, &args.languages)) {
            Ok(files) => {
                let told = format!("{} drawings in {}.", files.len(), folder.display());
                report::done(args.json, &json!({ "drawn": files }), &told)
            }
            Err(fault) => refused(fault),
        };
    }
    let how = Thoroughness {
        channels: Vec::new(),
        seeds: (args.taps > 0).then_some(u64::from(args.seed)).into_iter().collect(),
        taps: args.taps,
    };
    let program = format!("{} {}", package.manifest.app_id, package.manifest.version.name);
    match super::offline::block_on(rehearse(package, &std::env::temp_dir(), &how)) {
        Ok(rehearsed) => say(&args, &program, &rehearsed),
        Err(fault) => {
            let code = code::SCENE_NOT_PLAYED;
            report::refused(args.json, code.code, fault.told(), code.mend_en, &[])
        }
    }
}

fn package_of(args: &TestArgs) -> Result<Package, BuildFault> {
    let path = match args.path.is_dir() {
        true => build::build(&args.path, &build::Options::of_command(args.json))?.path,
        false => args.path.clone(),
    };
    let bytes = std::fs::read(&path).map_err(|fault| BuildFault::file(&path, fault))?;
    let reading = package::read(&bytes);
    reading.package.ok_or_else(|| BuildFault {
        what: format!("{} is not a package.", path.display()),
        way_out: "Mend the findings.".to_owned(),
        findings: reading.findings,
    })
}

/// The scenes of a package, and where they are played.
fn ready(package: &Package) -> Result<(Vec<Scene>, Rehearsal), BuildFault> {
    let wrong = |findings: Vec<Finding>| BuildFault {
        what: "The scenes can't be read.".to_owned(),
        way_out: "Mend the findings.".to_owned(),
        findings,
    };
    let scenes = scenes(package).map_err(wrong)?;
    Ok((scenes, Rehearsal::open(package.clone(), &std::env::temp_dir()).map_err(unplayed)?))
}

fn unplayed(fault: Unplayed) -> BuildFault {
    BuildFault::new(fault.told(), code::SCENE_NOT_PLAYED.mend_en)
}

/// What writing goldens came to.
#[derive(Default)]
struct Updated {
    /// Scenes whose file changed.
    written: Vec<String>,
    /// Turns that were refused: most often a tap on what is not there.
    refused: Vec<String>,
}

/// Writes what comes into the scenes of a folder.
async fn update(package: &Package, folder: &Path) -> Result<Updated, BuildFault> {
    let (scenes, rehearsal) = ready(package)?;
    let mut updated = Updated::default();
    for scene in &scenes {
        let played: Played = rehearsal.play(scene, None).await.map_err(unplayed)?;
        let path = folder.join(&scene.file);
        let before = std::fs::read_to_string(&path).map_err(|fault| BuildFault::file(&path, fault))?;
        let after =
            golden::written(&before, &played).map_err(|fault| BuildFault::new(fault, code::SCENE_MALFORMED.mend_en))?;
        let refused = played.turns.iter().filter_map(|turn| Some((turn, turn.came.refused.as_ref()?)));
        updated.refused.extend(refused.map(|(turn, code)| format!("{}: {code}", place(scene, turn))));
        if after != before {
            std::fs::write(&path, after).map_err(|fault| BuildFault::file(&path, fault))?;
            updated.written.push(scene.file.clone());
        }
    }
    Ok(updated)
}

fn say(args: &TestArgs, program: &str, rehearsed: &Rehearsed) -> Ended {
    if let Some(path) = &args.junit
        && let Err(fault) = std::fs::write(path, junit::document(program, rehearsed))
    {
        let fault = BuildFault::file(path, fault);
        return report::refused(args.json, "client.no-file", &fault.what, &fault.way_out, &[]);
    }
    let failed = rehearsed.fails();
    if args.json {
        let scenes: Vec<_> = rehearsed.played.iter().map(told::scene_document).collect();
        let document = json!({
            "program": program, "passed": !failed, "scenes": scenes,
            "random": rehearsed.random, "findings": rehearsed.findings,
        });
        println!("{document}");
    } else {
        rehearsed.played.iter().for_each(told::scene);
        rehearsed.random.iter().for_each(told::random);
        told::others(&rehearsed.findings);
        println!("{}", told::summary(rehearsed, failed));
    }
    if failed { Ended::Refused } else { Ended::Done }
}
