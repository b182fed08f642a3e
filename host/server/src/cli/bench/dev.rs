//! What a developer waits for, in each language: from an empty folder to the first screen, and from a save to the redrawn
//! page, as `xitai dev` in a process of its own shows them. Compilers are as warm as the machine has them: what is fetched
//! from registries is fetched by the first run.

use super::figure::{Figure, quantile};
use super::{Bench, Told};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a language is called in figures and by `xitai new`, and the file that is saved.
const LANGUAGES: [(&str, &str, &str); 3] =
    [("rust", "rust", "src/lib.rs"), ("js", "ts", "src/program.ts"), ("python", "python", "src/program.py")];
/// What every template's program says, and is made to say otherwise.
const SAID: &str = "已问好";
const SAVES: usize = 7;
/// The first build fetches and compiles whatever the language needs.
const WITHIN: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(2);

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let mut figures = Vec::new();
    for (name, lang, file) in LANGUAGES {
        let spinner = bench.spinner("Saves in each language");
        let measured = tokio::task::spawn_blocking(move || one(lang, file)).await.map_err(|e| e.to_string())?;
        spinner.finish_and_clear();
        match measured {
            Ok((first, redraw)) => {
                figures.push(Figure::new(format!("{name}_first_screen_s"), first, "s"));
                let figure =
                    if name == "rust" { "save_to_redraw_ms".to_owned() } else { format!("{name}_save_to_redraw_ms") };
                figures.push(Figure::new(figure, redraw, "ms"));
            }
            Err(told) => eprintln!("xitai: without {name}'s waits: {told}"),
        }
    }
    Ok(figures)
}

/// Seconds to the first screen, and the median of milliseconds from a save to the redrawn page.
fn one(lang: &str, file: &str) -> Result<(f64, f64), Told> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    let began = Instant::now();
    let new = Command::new(&me).args(["new", "tea", "--lang", lang]).current_dir(folder.path()).output();
    let new = new.map_err(|e| e.to_string())?;
    if !new.status.success() {
        return Err(String::from_utf8_lossy(&new.stderr).into_owned());
    }
    let program = folder.path().join("tea");
    let dev = Running::start(&me, &program)?;
    dev.until(SAID)?;
    let first = began.elapsed().as_secs_f64();
    let path = program.join(file);
    let source = std::fs::read_to_string(&path).map_err(|e| format!("{file}: {e}"))?;
    let mut took = Vec::with_capacity(SAVES);
    for number in 0..SAVES {
        let said = format!("第{number}次{SAID}");
        let saved = Instant::now();
        std::fs::write(&path, source.replace(SAID, &said)).map_err(|e| e.to_string())?;
        dev.until(&said)?;
        took.push(saved.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    Ok((first, quantile(&took, 0.5)))
}

/// A running `xitai dev`, which ends with the value.
struct Running {
    process: Child,
    view: String,
}

impl Running {
    fn start(me: &Path, program: &Path) -> Result<Self, Told> {
        let mut command = Command::new(me);
        command.arg("dev").current_dir(program).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|e| e.to_string())?;
        let said = process.stdout.take().ok_or("it says nothing")?;
        let mut lines = BufReader::new(said).lines();
        let address =
            lines.by_ref().map_while(Result::ok).find_map(|line| Some(line.get(line.find("http://")?..)?.to_owned()));
        // Whatever else it says is read away, so that it never waits for a reader.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let address = address.ok_or("it does not say where it is")?;
        Ok(Self { process, view: format!("{}/dev/view", address.trim_end_matches('/')) })
    }

    /// Waits until the page shows a text.
    fn until(&self, text: &str) -> Result<(), Told> {
        let deadline = Instant::now() + WITHIN;
        loop {
            let mut answer = ureq::get(&self.view).call().map_err(|e| e.to_string())?;
            let view: Value = answer.body_mut().read_json().map_err(|e| e.to_string())?;
            if view["play"]["session"]["screen"].as_str().is_some_and(|screen| screen.contains(text)) {
                return Ok(());
            }
            if let Some(fault) = view["build"]["fault"]["what"].as_str() {
                return Err(format!("{fault} {}", view["build"]["fault"]["said"].as_str().unwrap_or_default()));
            }
            if Instant::now() > deadline {
                return Err(format!("{text} was not shown within {} s", WITHIN.as_secs()));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
