//! Rolling out: whom a moving percentage moves, and how fast a rollback takes effect.

use super::bank::{BRANCH, Host, Place, Seeding};
use super::figure::{Figure, quantile};
use super::load::Connection;
use super::{Bench, Told};
use crate::app::throwaway;
use crate::clock::Clock;
use serde_json::{Value, json};
use xitai_model::commit::Change;
use xitai_model::ids::{CustomerId, ProgramId, ReleaseId};
use xitai_model::record::{Noun, Record};
use xitai_model::rollout::Share;

const CUSTOMERS: usize = 1_000_000;
/// A rollout that goes up, doubts, goes back and on, in percent.
const STEPS: [&str; 14] = ["1", "5", "10", "25", "50", "30", "10", "1", "0", "1", "10", "50", "90", "100"];
const ROLLBACKS: usize = 50;

/// Pure: no bank is needed.
pub async fn measure_assignment(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let count = bench.sized(CUSTOMERS);
    let bar = bench.bar("Steps of a percentage", STEPS.len() as u64);
    let program = ProgramId::parse("bench.program-0").map_err(|e| e.to_string())?;
    let version = semver::Version::new(2, 0, 0);
    let customers: Vec<CustomerId> = (0..count as i64).map(|n| CustomerId::new(n, Clock::Machine.random())).collect();
    let mut has = vec![false; count];
    let (mut before, mut moved, mut uneven) = (Share::NOBODY, 0_u64, 0_f64);
    for step in STEPS {
        let share = Share::parse(step).ok_or_else(|| format!("{step} is a percentage"))?;
        let mut taken = 0_usize;
        for (customer, had) in customers.iter().zip(&mut has) {
            let takes = share.takes(&program, &version, customer);
            // Up, nobody loses it; down, nobody new gets it.
            moved += u64::from(if share >= before { *had && !takes } else { !*had && takes });
            *had = takes;
            taken += usize::from(takes);
        }
        let wanted = share.percent() / 100.0;
        uneven = uneven.max((taken as f64 / count as f64 - wanted).abs() * 100.0);
        before = share;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(vec![
        Figure::new("assignment_moved", moved as f64, "customers"),
        Figure::new("assignment_uneven", uneven, "percentage points at most"),
    ])
}

/// From the command until whoever comes gets the other release, both over HTTP.
pub async fn measure_rollback(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let seeding = Seeding::open(&place).await?;
    seeding.organisation(bench).await?;
    let program = seeding.programs(bench, 1, false).await?.remove(0);
    seeding.app.refresh_catalog().await.map_err(|problem| problem.to_string())?;
    let first = bench.till.manifest.version.name.clone();
    let second = semver::Version::new(first.major + 1, 0, 0);
    seeding.commit("bench.release", vec![second_release(&seeding, &program, &first, &second)?]).await?;
    let customers = seeding.customers(bench, ROLLBACKS).await?;
    let duty = seeding.duty_officer().await?;
    seeding.close().await;
    let host = Host::start(&place).await?;
    let mut connection = Connection::open(&host.address).await?;
    let commands = format!("/api/v1/programs/{program}/rollout/commands");
    let bar = bench.bar("Rollbacks", ROLLBACKS as u64);
    let mut took_ms = Vec::with_capacity(ROLLBACKS);
    // Each time somebody else comes, who has no session yet.
    for (turn, customer) in customers.iter().enumerate() {
        let to = if turn % 2 == 0 { &second } else { &first };
        let back = json!({"command": "roll-back", "version": to.to_string(), "reason": "bench"});
        let began = Clock::Machine.monotonic();
        connection.post::<Value>(&commands, &duty, &back).await?;
        let open = json!({"program": program, "channel": "phone", "branch": BRANCH});
        let view: Value = connection.post("/api/v1/sessions", &customer.token, &open).await?;
        took_ms.push(began.elapsed().as_secs_f64() * 1e3);
        if view["program"]["version"] != to.to_string() {
            return Err(format!("{to} is not live after the rollback: {}", view["program"]));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    took_ms.sort_by(f64::total_cmp);
    Ok(vec![Figure::new("rollback_ms", quantile(&took_ms, 0.5), "ms")])
}

fn second_release(
    seeding: &Seeding,
    program: &ProgramId,
    first: &semver::Version,
    second: &semver::Version,
) -> Result<Change, Told> {
    let catalog = seeding.app.catalog();
    let id = |version: &semver::Version| ReleaseId { program: program.clone(), version: version.clone() };
    let mut release = match catalog.release(&id(first)) {
        Some(release) => release.clone(),
        None => return Err("the first release is in the catalog".to_owned()),
    };
    release.id = id(second);
    release.manifest.version.name = second.clone();
    let release = throwaway::signed(release, Clock::Machine.now_ms());
    Ok(Change::Record(Record::of(Noun::Release, release.id.to_string(), 1, &release)))
}
