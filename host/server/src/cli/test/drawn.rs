//! `xitai test --draw`: what the scenes of a program look like on each channel and in each language, as text that people
//! read side by side and compare with what it was before.

use super::{ready, unplayed};
use crate::cli::build::BuildFault;
use crate::package::Package;
use crate::scene::record::Played;
use std::path::Path;
use xitai_model::program::Channel;
use xitai_model::scene::{Act, EXTENSION, FOLDER, Scene};

const CHANNELS: [(Channel, &str); 3] = [(Channel::Phone, "phone"), (Channel::Kiosk, "kiosk"), (Channel::Chat, "chat")];

/// Plays each scene on each channel in each language; the names of the files that were written.
pub async fn write(package: &Package, folder: &Path, languages: &[String]) -> Result<Vec<String>, BuildFault> {
    let (scenes, rehearsal) = ready(package)?;
    std::fs::create_dir_all(folder).map_err(|fault| BuildFault::file(folder, fault))?;
    let mut files = Vec::new();
    for scene in &scenes {
        let stem = scene.file.trim_start_matches(FOLDER).trim_end_matches(EXTENSION);
        let own = [scene.given.locale.clone()];
        for language in if languages.is_empty() { &own } else { languages } {
            let scene = spoken(scene, language);
            for (channel, name) in CHANNELS {
                let played = rehearsal.play(&scene, Some(channel)).await.map_err(unplayed)?;
                let file = format!("{stem}.{name}.{language}.txt");
                let path = folder.join(&file);
                std::fs::write(&path, text(&played, name, language)).map_err(|fault| BuildFault::file(&path, fault))?;
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// The scene with everybody speaking that language.
fn spoken(scene: &Scene, language: &str) -> Scene {
    let mut scene = scene.clone();
    language.clone_into(&mut scene.given.locale);
    for turn in &mut scene.turns {
        if let Act::Open(opened) = &mut turn.act {
            opened.locale = None;
        }
    }
    scene
}

fn text(played: &Played, channel: &str, language: &str) -> String {
    let mut text = format!("{}\n{channel}, {language}\n", played.title);
    for turn in &played.turns {
        text.push_str(&format!("\n## {}\n", turn.act));
        if let Some(code) = &turn.came.refused {
            text.push_str(&format!("refused: {code}\n"));
        }
        if let Some(screen) = &turn.came.screen {
            text.push_str(screen);
            text.push('\n');
        }
        if !turn.came.sheet.is_empty() {
            text.push_str(&format!("--- the bank's sheet\n{}\n", turn.came.sheet));
        }
    }
    text
}
