//! One event in a fresh sandbox through the product's own path, beside the bare engine doing the same.

use super::figure::Figure;
use super::{Bench, Told};
use xitai_model::program::Event;

const EVENTS: usize = 20_000;

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let spinner = bench.spinner("Events in a sandbox");
    let component = bench.till.component.clone();
    let events = bench.sized(EVENTS) as u32;
    let tap = Event::Tapped { id: "count".to_owned(), value: None };
    let run = tokio::task::spawn_blocking(move || xitai_runtime::bench::event_sandbox(&component, &tap, events)).await;
    let run = run.map_err(|e| e.to_string())?.map_err(|fault| fault.to_string())?;
    spinner.finish_and_clear();
    let microseconds = |duration: std::time::Duration| duration.as_secs_f64() * 1e6;
    let figure = Figure::new("event_sandbox", microseconds(run.perform), "us");
    Ok(vec![figure.against("bare_wasmtime", microseconds(run.bare))])
}
