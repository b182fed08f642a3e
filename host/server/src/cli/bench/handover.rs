//! Going on elsewhere: from typing a code to the first screen there.

use super::bank::{Host, Place, Seeding};
use super::figure::{Figure, quantile};
use super::load::{Connection, Session};
use super::{Bench, Told};
use crate::clock::Clock;
use serde::Deserialize;
use serde_json::{Value, json};

/// Each customer goes on twice: more in a minute would be guessing.
const CUSTOMERS: usize = 100;
const EACH: usize = 2;

#[derive(Deserialize)]
struct Made {
    code: String,
}

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let seeding = Seeding::open(&place).await?;
    seeding.organisation(bench).await?;
    let program = seeding.programs(bench, 1, false).await?.remove(0).to_string();
    let customers = seeding.customers(bench, bench.sized(CUSTOMERS)).await?;
    seeding.close().await;
    let host = Host::start(&place).await?;
    let bar = bench.bar("Sessions that go on elsewhere", customers.len() as u64);
    let mut connection = Connection::open(&host.address).await?;
    let mut took = Vec::new();
    for customer in customers {
        let session = Session::open(&mut connection, &customer.token, &program).await?;
        for _ in 0..EACH {
            let path = format!("/api/v1/sessions/{}/handover", session.id);
            let made: Made = connection.post(&path, &customer.token, &json!({})).await?;
            let began = Clock::Machine.monotonic();
            let taken = json!({"code": made.code, "channel": "phone"});
            connection.post::<Value>("/api/v1/handovers", &customer.token, &taken).await?;
            took.push(began.elapsed().as_secs_f64() * 1e3);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    took.sort_by(f64::total_cmp);
    Ok(vec![Figure::new("handover_ms", quantile(&took, 0.5), "ms")])
}
