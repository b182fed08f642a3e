//! The same page of twenty nodes in each language: one event in a fresh sandbox, beside the bare engine with the same
//! bytes, in one run.

use super::figure::Figure;
use super::till::Till;
use super::{Bench, Told};
use std::time::Duration;
use xitai_model::program::Event;

/// What a language is called in figures, where its program lies, and how many events tell its median.
const LANGUAGES: [(&str, &str, usize); 4] = [
    ("rust", "tests/guests/twenty-rust", 20_000),
    ("js", "tests/guests/twenty-ts", 4_000),
    ("python", "tests/guests/twenty-python", 1_000),
    // What a script would cost that a shared engine evaluates for each event: see decision 0047.
    ("script", "tests/guests/twenty-script", 1_000),
];

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let mut figures = Vec::new();
    for (name, folder, events) in LANGUAGES {
        let program = match Till::built(folder) {
            Ok(program) => program,
            Err(told) => {
                eprintln!("xitai: without {name}'s figures: {told}");
                continue;
            }
        };
        let spinner = bench.spinner("Events in each language");
        let bytes = program.package.len();
        let (events, tap) = (bench.sized(events) as u32, Event::Tapped { id: "count".to_owned(), value: None });
        let run =
            tokio::task::spawn_blocking(move || xitai_runtime::bench::event_sandbox(&program.component, &tap, events));
        let run = run.await.map_err(|e| e.to_string())?.map_err(|fault| fault.to_string())?;
        spinner.finish_and_clear();
        let microseconds = |duration: Duration| duration.as_secs_f64() * 1e6;
        let event = Figure::new(format!("{name}_event_us"), microseconds(run.perform), "us");
        figures.push(event.against("bare_wasmtime", microseconds(run.bare)));
        figures.push(Figure::new(format!("{name}_package_bytes"), bytes as f64, "bytes"));
    }
    Ok(figures)
}
