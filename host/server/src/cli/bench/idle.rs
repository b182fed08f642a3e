//! What a bank costs that only waits: memory with many programs and sessions, and the first event of a cold program.

use super::bank::{BRANCH, Host, Place, Seeded, Seeding};
use super::figure::{Figure, quantile};
use super::load::{Connection, Session};
use super::{Bench, Told};
use crate::clock::Clock;
use futures::StreamExt;
use std::sync::Arc;
use xitai_model::bytes::Bytes;
use xitai_model::commit::Change;
use xitai_model::ids::{PlaceId, ProgramId, ReleaseId, SessionId};
use xitai_model::journal::{Entry, StepBody, StepRow};
use xitai_model::program::{Actor, Channel, Launch, Surface};
use xitai_model::screen::Screen;
use xitai_model::session::{Opening, Standing};

const PROGRAMS: usize = 1_000;
const SESSIONS: usize = 100_000;
const CUSTOMERS: usize = 1_000;
/// Commits under way while sessions are seeded.
const SEEDING_AT_ONCE: usize = 256;

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let seeding = Seeding::open(&place).await?;
    seeding.organisation(bench).await?;
    let programs = seeding.programs(bench, bench.sized(PROGRAMS), true).await?;
    let customers = seeding.customers(bench, bench.sized(CUSTOMERS)).await?;
    seeding.close().await;
    // A real first screen and state, as the program itself makes them, is what each seeded session holds.
    let host = Host::start(&place).await?;
    let mut connection = Connection::open(&host.address).await?;
    let opened = Session::open(&mut connection, &customers[0].token, programs[0].as_str()).await?;
    drop((connection, host));
    let seeding = Seeding::open(&place).await?;
    let id = SessionId::parse(&opened.id).map_err(|e| e.to_string())?;
    let pattern = seeding.app.store.session(&id).await.map_err(|e| format!("{e:?}"))?.ok_or("the session is kept")?;
    let cold = idle_sessions(bench, &seeding, &programs, &customers, &pattern).await?;
    seeding.close().await;

    let host = Host::start(&place).await?;
    let mut connection = Connection::open(&host.address).await?;
    let bar = bench.bar("First events of cold programs", cold.len() as u64);
    let mut cold_ms = Vec::with_capacity(cold.len());
    for mut session in cold {
        let sent = Clock::Machine.monotonic();
        session.tap(&mut connection, "count").await?;
        cold_ms.push(sent.elapsed().as_secs_f64() * 1e3);
        bar.inc(1);
    }
    bar.finish_and_clear();
    cold_ms.sort_by(f64::total_cmp);
    Ok(vec![
        Figure::new("resident_mib", host.resident_mib()?, "MiB"),
        Figure::new("cold_event_ms", quantile(&cold_ms, 0.5), "ms"),
    ])
}

/// Seeds the sessions; gives one of each program, on which nothing has happened yet.
async fn idle_sessions(
    bench: &Bench,
    seeding: &Seeding,
    programs: &[ProgramId],
    customers: &[Seeded],
    pattern: &xitai_model::session::Session,
) -> Result<Vec<Session>, Told> {
    let count = bench.sized(SESSIONS);
    let bar = bench.bar("Idle sessions", count as u64);
    let mut first = Vec::with_capacity(programs.len());
    let mut commits = Vec::with_capacity(count);
    for number in 0..count {
        let program = &programs[number % programs.len()];
        let customer = &customers[number % customers.len()];
        let id = SessionId::new(Clock::Machine.now_ms(), Clock::Machine.random());
        if number < programs.len() {
            first.push(Session::seeded(id.to_string(), customer.token.clone()));
        }
        commits.push(opened(id, program, customer, pattern));
    }
    let mut under_way = futures::stream::iter(commits)
        .map(|changes| seeding.commit("session.opened", changes))
        .buffer_unordered(SEEDING_AT_ONCE);
    while let Some(committed) = under_way.next().await {
        committed?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(first)
}

/// A session as `pattern` is after its first step.
fn opened(
    id: SessionId,
    program: &ProgramId,
    customer: &Seeded,
    pattern: &xitai_model::session::Session,
) -> Vec<Change> {
    let now_ms = Clock::Machine.now_ms();
    let release = ReleaseId { program: program.clone(), version: pattern.opening.release.version.clone() };
    let opening = Opening {
        id: id.clone(),
        program: program.clone(),
        release: release.clone(),
        branch: PlaceId::parse(BRANCH).expect("a branch"),
        customer: Some(customer.id.clone()),
        staff: None,
        subject: format!("s{}", customer.id),
        actor: Actor::Customer,
        surface: Surface::Page,
        channel: Channel::Phone,
        locale: "zh-CN".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        elder_mode: false,
        practice: false,
        seed: Bytes(Clock::Machine.random::<32>().to_vec()),
        opened_ms: now_ms,
    };
    let launch =
        Launch { page: "pages/index".to_owned(), query: Vec::new(), signed: Vec::new(), surface: Surface::Page };
    let standing = Standing { state_schema: 1, ..Standing::default() };
    let step = step(&id, now_ms, &release, launch, pattern.screen.clone(), pattern.state.clone());
    let opening = Arc::new(opening);
    vec![Change::SessionOpened { opening, state: pattern.state.clone(), standing }, Change::Step(Arc::new(step))]
}

fn step(
    id: &SessionId,
    at_ms: i64,
    release: &ReleaseId,
    launch: Launch,
    screen: Arc<Screen>,
    state: Vec<u8>,
) -> StepRow {
    StepRow {
        session: id.clone(),
        position: 1,
        at_ms,
        release: release.to_string(),
        sent: None,
        body: StepBody {
            entry: Entry::Opened { launch },
            context: None,
            calls: Vec::new(),
            screen,
            effects: Vec::new(),
            state: Some(Bytes(state)),
        },
        step_digest: None,
    }
}
