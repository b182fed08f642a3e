//! Rolling out: whom a moving percentage moves, how fast a rollback takes effect, and how soon a package is live where
//! only the inspection looks at it.

use super::bank::{BRANCH, Place, Seeding};
use super::figure::{Figure, quantile};
use super::{Bench, Told};
use crate::app::ctx::{Caller, Ctx};
use crate::app::rollout::command;
use crate::app::session::{self, Open};
use crate::app::throwaway;
use crate::clock::Clock;
use crate::inspection;
use std::sync::Arc;
use xitai_model::commit::Change;
use xitai_model::day::Day;
use xitai_model::ids::{CustomerId, PlaceId, ProgramId, ReleaseId};
use xitai_model::program::{Channel, Surface};
use xitai_model::record::{Noun, Record};
use xitai_model::release::Severity;
use xitai_model::rollout::{Command, Share};

const CUSTOMERS: usize = 1_000_000;
/// A rollout that goes up, doubts, goes back and on, in percent.
const STEPS: [&str; 14] = ["1", "5", "10", "25", "50", "30", "10", "1", "0", "1", "10", "50", "90", "100"];
const ROLLBACKS: usize = 50;
const PUBLISHED: usize = 5;

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

/// From the command until whoever comes gets the other release.
pub async fn measure_rollback(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let seeding = Seeding::open(&place).await?;
    seeding.organisation(bench).await?;
    let program = seeding.programs(bench, 1, false).await?.remove(0);
    seeding.app.refresh_catalog().await.map_err(|problem| problem.to_string())?;
    let first = bench.till.manifest.version.name.clone();
    let second = semver::Version::new(first.major + 1, 0, 0);
    seeding.commit("bench.release", vec![second_release(&seeding, &program, &first, &second)?]).await?;
    let app = &seeding.app;
    let bar = bench.bar("Rollbacks", ROLLBACKS as u64);
    let mut took_ms = Vec::with_capacity(ROLLBACKS);
    for turn in 0..ROLLBACKS {
        let to = if turn % 2 == 0 { &second } else { &first };
        let back = Command::RollBack { to: to.clone(), reason: String::new() };
        let began = Clock::Machine.monotonic();
        command::perform(app, &app.host_ctx(), &program, back, None).await.map_err(|problem| problem.to_string())?;
        let catalog = app.catalog();
        let live = catalog.rollout(&program).and_then(|rollout| rollout.base()).map(|base| &base.version);
        if live != Some(to) {
            return Err(format!("{to} is not live after the rollback"));
        }
        took_ms.push(began.elapsed().as_secs_f64() * 1e3);
        bar.inc(1);
    }
    bar.finish_and_clear();
    seeding.close().await;
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

/// From a package's bytes to its first screen: inspected and compiled, with no reviewer. Its scenes are not played.
pub async fn measure_publishing(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let bar = bench.bar("Packages", PUBLISHED as u64);
    let mut took_ms = Vec::with_capacity(PUBLISHED);
    for _ in 0..PUBLISHED {
        took_ms.push(publish_once(bench).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    took_ms.sort_by(f64::total_cmp);
    Ok(vec![Figure::new("publish_to_live_ms", quantile(&took_ms, 0.5), "ms")])
}

/// In a bank of its own, since a host keeps what it has compiled.
async fn publish_once(bench: &Bench) -> Result<f64, Told> {
    let place = Place::embedded(bench)?;
    let seeding = Seeding::open(&place).await?;
    seeding.organisation(bench).await?;
    let customer = seeding.customers(bench, 1).await?.remove(0);
    let kept = seeding.app.store.customer(&customer.id).await.map_err(|e| format!("{e:?}"))?;
    let kept = Arc::new(kept.ok_or("the customer is kept")?);
    let package = bench.till.package.clone();
    let began = Clock::Machine.monotonic();
    let examined =
        tokio::task::spawn_blocking(move || inspection::examine(&package, Day::of(Clock::Machine.now_ms(), 0))).await;
    let examined = examined.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
    if let Some(found) = examined.findings.iter().find(|finding| finding.severity == Severity::Error) {
        return Err(format!("the package is refused: {} {}", found.code, found.evidence));
    }
    let program = seeding.programs(bench, 1, false).await?.remove(0);
    seeding.app.refresh_catalog().await.map_err(|problem| problem.to_string())?;
    opened(&seeding, &kept, &program).await?;
    let took_ms = began.elapsed().as_secs_f64() * 1e3;
    seeding.close().await;
    Ok(took_ms)
}

async fn opened(
    seeding: &Seeding,
    customer: &Arc<xitai_model::identity::Customer>,
    program: &ProgramId,
) -> Result<(), Told> {
    let host = seeding.app.host_ctx();
    let ctx = Ctx { actor: Caller::Customer(customer.clone()), ..host };
    let open = Open {
        program: program.clone(),
        page: None,
        query: Vec::new(),
        branch: Some(PlaceId::parse(BRANCH).map_err(|e| e.to_string())?),
        channel: Channel::Phone,
        locale: None,
        zone: None,
        elder_mode: None,
        surface: Surface::Page,
        practice: false,
    };
    session::open(&seeding.app, &ctx, open).await.map(|_| ()).map_err(|problem| problem.to_string())
}
