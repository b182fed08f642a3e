//! How long a stop takes to reach everything: calls of 500 customers on two hosts over one PostgreSQL.

use super::bank::{Host, Place, Seeded, Seeding};
use super::figure::Figure;
use super::load::{Connection, Session};
use super::{Bench, Told};
use crate::clock::Clock;
use serde_json::json;
use std::time::{Duration, Instant};

const CALLS: usize = 500;
const WARM_UP: Duration = Duration::from_secs(3);
/// A client that is not told within this has not been stopped.
const GIVE_UP: Duration = Duration::from_secs(30);

/// What one client saw.
struct Seen {
    /// When its last event was answered as done.
    done: Instant,
    /// When it was told that the program is stopped.
    told: Instant,
}

pub async fn measure(bench: &Bench, place: &Place) -> Result<Vec<Figure>, Told> {
    let seeding = Seeding::open(place).await?;
    seeding.organisation(bench).await?;
    let program = seeding.programs(bench, 1, false).await?.remove(0).to_string();
    let customers = seeding.customers(bench, bench.sized(CALLS)).await?;
    let duty = seeding.duty_officer().await?;
    seeding.close().await;
    let hosts = [Host::start(place).await?, Host::start(place).await?];
    let spinner = bench.spinner("A stop under load");
    let mut clients = tokio::task::JoinSet::new();
    for (number, customer) in customers.into_iter().enumerate() {
        let (address, program) = (hosts[number % hosts.len()].address.clone(), program.clone());
        clients.spawn(async move { tap_until_stopped(&address, &customer, &program).await });
    }
    tokio::time::sleep(WARM_UP).await;
    let mut connection = Connection::open(&hosts[0].address).await?;
    let sent = Clock::Machine.monotonic();
    let body = json!({"kind": "program", "id": program, "reason": "bench"});
    connection.post::<serde_json::Value>("/api/v1/stops", &duty, &body).await?;
    let (mut done_ms, mut told_ms) = (0.0_f64, 0.0_f64);
    while let Some(client) = clients.join_next().await {
        let seen = client.map_err(|e| e.to_string())??;
        let after = |at: Instant| at.saturating_duration_since(sent).as_secs_f64() * 1e3;
        (done_ms, told_ms) = (done_ms.max(after(seen.done)), told_ms.max(after(seen.told)));
    }
    spinner.finish_and_clear();
    Ok(vec![Figure::new("stop_ms", done_ms, "ms"), Figure::new("stop_told_ms", told_ms, "ms")])
}

/// One customer who taps as fast as answers come, until the program is stopped.
async fn tap_until_stopped(address: &str, customer: &Seeded, program: &str) -> Result<Seen, Told> {
    let mut connection = Connection::open(address).await?;
    let mut session = opened(&mut connection, customer, program).await?;
    let began = Clock::Machine.monotonic();
    let mut done = began;
    loop {
        match session.tap(&mut connection, "count").await {
            Ok(_) => done = Clock::Machine.monotonic(),
            Err(told) if told.contains("program.stopped") => {
                return Ok(Seen { done, told: Clock::Machine.monotonic() });
            }
            // So many at once are sometimes asked to come back.
            Err(told) if is_later(&told) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(told) => return Err(told),
        }
        if began.elapsed() > WARM_UP + GIVE_UP {
            return Err("a client was never told of the stop".to_owned());
        }
    }
}

async fn opened(connection: &mut Connection, customer: &Seeded, program: &str) -> Result<Session, Told> {
    loop {
        match Session::open(connection, &customer.token, program).await {
            Err(told) if is_later(&told) => tokio::time::sleep(Duration::from_millis(20)).await,
            opened => return opened,
        }
    }
}

fn is_later(told: &str) -> bool {
    ["overloaded", "session.busy", "host.unavailable"].iter().any(|word| told.contains(word))
}
