//! Paid orders a second: a tap that opens the sheet, and its confirmation, on open sessions of many programs.
//!
//! A sheet cannot be confirmed in its first half second, so that a finger in motion does not pay. Many more sessions
//! are under way than there are connections; each connection takes whichever of its sessions is due.

use super::bank::{Host, Place, Seeded, Seeding};
use super::figure::{Figure, quantile};
use super::load::{Connection, Session, Sheet};
use super::{Bench, Told};
use crate::clock::Clock;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 64;
const PROGRAMS: usize = 100;
const SESSIONS: usize = 2_000;
const WARM_UP: Duration = Duration::from_secs(3);
/// A little more than the sheet's dead time.
const UNTIL_CONFIRM: Duration = Duration::from_millis(510);

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;

pub async fn measure(bench: &Bench, place: &Place, suffix: &str) -> Result<Vec<Figure>, Told> {
    let seeding = Seeding::open(place).await?;
    seeding.organisation(bench).await?;
    let programs = seeding.programs(bench, bench.sized(PROGRAMS), false).await?;
    let customers = seeding.customers(bench, bench.sized(SESSIONS)).await?;
    seeding.close().await;
    let host = Host::start(place).await?;
    let phase = Arc::new(AtomicU8::new(WARMING));
    let ready = Arc::new(tokio::sync::Barrier::new(CONNECTIONS + 1));
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..CONNECTIONS {
        let mine: Vec<(Seeded, String)> = customers
            .iter()
            .enumerate()
            .skip(number)
            .step_by(CONNECTIONS)
            .map(|(at, customer)| (customer.clone(), programs[at % programs.len()].to_string()))
            .collect();
        let (address, phase, ready) = (host.address.clone(), phase.clone(), ready.clone());
        workers.spawn(async move { pay_on(&address, mine, &phase, &ready).await });
    }
    let spinner = bench.spinner("Paid orders");
    tokio::select! {
        _ = ready.wait() => {}
        Some(ended) = workers.join_next() => {
            let told = ended.map_err(|e| e.to_string())?.err();
            return Err(told.unwrap_or_else(|| "a connection ended before all were ready".to_owned()));
        }
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
    drop(host);
    check_books(bench, place, latencies_ms.len() as u64).await?;
    latencies_ms.sort_by(f64::total_cmp);
    Ok(vec![
        Figure::new(format!("paid_orders_per_s{suffix}"), latencies_ms.len() as f64 / seconds, "orders/s"),
        Figure::new(format!("paid_orders_p99_ms{suffix}"), quantile(&latencies_ms, 0.99), "ms"),
        Figure::new(format!("paid_orders_host_us{suffix}"), used_us / latencies_ms.len().max(1) as f64, "us"),
    ])
}

/// Orders count only if the books that they left behind are whole and hold a transfer for each.
async fn check_books(bench: &Bench, place: &Place, orders: u64) -> Result<(), Told> {
    let spinner = bench.spinner("Checking the books");
    let verdict = place.store().await?.verify().await.map_err(|e| format!("{e:?}"))?;
    spinner.finish_and_clear();
    match verdict.problem {
        Some(problem) => Err(format!("the books are not whole: {problem}")),
        None if verdict.transfers < orders => Err(format!("{} transfers for {orders} orders", verdict.transfers)),
        None => Ok(()),
    }
}

/// A session with its open sheet, if it has one, and when it may go on.
struct Order {
    session: Session,
    sheet: Option<Sheet>,
    due: Instant,
}

/// One connection with its share of the sessions. Gives the time of each confirmation within the window.
async fn pay_on(
    address: &str,
    customers: Vec<(Seeded, String)>,
    phase: &AtomicU8,
    ready: &tokio::sync::Barrier,
) -> Result<Vec<f64>, Told> {
    let mut connection = Connection::open(address).await?;
    let mut orders = VecDeque::new();
    for (customer, program) in customers {
        let session = Session::open(&mut connection, &customer.token, &program).await?;
        orders.push_back(Order { session, sheet: None, due: Clock::Machine.monotonic() });
    }
    ready.wait().await;
    let mut latencies_ms = Vec::new();
    // Each session is due a fixed time after its last turn, so the oldest is always the next.
    while let Some(mut order) = orders.pop_front() {
        if phase.load(Ordering::Relaxed) == OVER {
            break;
        }
        tokio::time::sleep_until(order.due.into()).await;
        let sent_in = phase.load(Ordering::Relaxed);
        let sent = Clock::Machine.monotonic();
        match order.sheet.take() {
            None => {
                let view = order.session.tap(&mut connection, "pay").await?;
                order.sheet = Some(view.sheet.ok_or("a tap on the pay button opens a sheet")?);
                order.due = Clock::Machine.monotonic() + UNTIL_CONFIRM;
            }
            Some(sheet) => {
                let view = order.session.confirm(&mut connection, &sheet).await?;
                if view.sheet.is_some() {
                    return Err("a confirmed sheet is closed".to_owned());
                }
                if sent_in == MEASURING && phase.load(Ordering::Relaxed) == MEASURING {
                    latencies_ms.push(sent.elapsed().as_secs_f64() * 1e3);
                }
                order.due = Clock::Machine.monotonic();
            }
        }
        match order.sheet {
            Some(_) => orders.push_back(order),
            None => orders.push_front(order),
        }
    }
    Ok(latencies_ms)
}
