//! Durable events a second over HTTP: each answer means that the step is on disk.

use super::bank::{Host, Place, Seeded, Seeding};
use super::figure::{Figure, quantile};
use super::load::{Connection, Session};
use super::{Bench, Told};
use crate::clock::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

const CONNECTIONS: usize = 64;
const WARM_UP: Duration = Duration::from_secs(2);

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;

pub async fn measure(bench: &Bench, place: &Place, suffix: &str) -> Result<Vec<Figure>, Told> {
    let seeding = Seeding::open(place).await?;
    seeding.organisation(bench).await?;
    let programs = seeding.programs(bench, 1, false).await?;
    let customers = seeding.customers(bench, CONNECTIONS).await?;
    seeding.close().await;
    let host = Host::start(place).await?;
    let spinner = bench.spinner("Durable events");
    let phase = Arc::new(AtomicU8::new(WARMING));
    let mut workers = tokio::task::JoinSet::new();
    for customer in customers {
        let (address, phase, program) = (host.address.clone(), phase.clone(), programs[0].to_string());
        workers.spawn(async move { tap_on(&address, &customer, &program, &phase).await });
    }
    tokio::time::sleep(WARM_UP).await;
    phase.store(MEASURING, Ordering::Relaxed);
    let (began, used_us) = (Clock::Machine.monotonic(), host.processor_us()?);
    tokio::time::sleep(bench.window()).await;
    phase.store(OVER, Ordering::Relaxed);
    let (seconds, used_us) = (began.elapsed().as_secs_f64(), host.processor_us()? - used_us);
    let mut latencies_ms: Vec<f64> = Vec::new();
    while let Some(worker) = workers.join_next().await {
        latencies_ms.extend(worker.map_err(|e| e.to_string())??);
    }
    spinner.finish_and_clear();
    latencies_ms.sort_by(f64::total_cmp);
    Ok(vec![
        Figure::new(format!("events_durable_per_s{suffix}"), latencies_ms.len() as f64 / seconds, "events/s"),
        Figure::new(format!("events_durable_p99_ms{suffix}"), quantile(&latencies_ms, 0.99), "ms"),
        Figure::new(format!("events_durable_host_us{suffix}"), used_us / latencies_ms.len().max(1) as f64, "us"),
    ])
}

/// One customer who taps as fast as answers come; the latencies of those within the window.
async fn tap_on(address: &str, customer: &Seeded, program: &str, phase: &AtomicU8) -> Result<Vec<f64>, Told> {
    let mut connection = Connection::open(address).await?;
    let mut session = Session::open(&mut connection, &customer.token, program).await?;
    let mut latencies_ms = Vec::new();
    loop {
        let sent_in = phase.load(Ordering::Relaxed);
        let sent = Clock::Machine.monotonic();
        session.tap(&mut connection, "count").await?;
        let answered_in = phase.load(Ordering::Relaxed);
        if sent_in == MEASURING && answered_in == MEASURING {
            latencies_ms.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        if answered_in == OVER {
            return Ok(latencies_ms);
        }
    }
}
