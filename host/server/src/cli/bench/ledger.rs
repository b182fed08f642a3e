//! The ledger alone: durable transfers a second, in batches; under rules; as its tables grow; and beside PostgreSQL's
//! own benchmark.

use super::bank::Place;
use super::figure::Figure;
use super::postgres::Postgres;
use super::{Bench, Told};
use xitai_store::bench::{RULED_CHAIN, fund, ledger_transfers, ruled_transfers};

const TRANSFERS: usize = 300_000;
/// Transfers of one commit, and tasks that commit at once.
const CHAIN: usize = 8;
const TASKS: usize = 512;

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let store = place.store().await?;
    let spinner = bench.spinner("Transfers");
    let transfers = bench.sized(TRANSFERS) as u64;
    let run = ledger_transfers(&store, transfers, CHAIN, TASKS).await.map_err(|e| format!("{e:?}"))?;
    spinner.finish_and_clear();
    Ok(vec![Figure::new("ledger_transfers_per_s", run.transfers_per_s, "transfers/s")])
}

/// Where the rate is looked at, and over how many transfers.
const FEW: usize = 10_000;
const MANY: usize = 1_000_000;
const LOOK: usize = 100_000;

/// Sales under rules on the embedded database, from the first to the millionth transfer: the rate of the whole run,
/// and the rate at its end beside that at its beginning.
pub async fn measure_ruled(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let store = place.store().await?;
    let told = |refusal| format!("{refusal:?}");
    fund(&store).await.map_err(told)?;
    let spinner = bench.spinner("Transfers under rules");
    let sales = |transfers: usize| transfers as u64 / RULED_CHAIN;
    let (few, many, look) = (sales(FEW), sales(bench.sized(MANY)), sales(bench.sized(LOOK)));
    let mut rates = Vec::new();
    let (mut transfers, mut seconds) = (0.0, 0.0);
    for part in [0..few, few..few + look, few + look..many, many..many + look] {
        let run = ruled_transfers(&store, part, TASKS).await.map_err(told)?;
        transfers += run.transfers as f64;
        seconds += run.transfers as f64 / run.transfers_per_s;
        rates.push(run.transfers_per_s);
    }
    spinner.finish_and_clear();
    let verdict = store.verify().await.map_err(|e| format!("{e:?}"))?;
    if let Some(problem) = verdict.problem {
        return Err(format!("the books do not verify: {problem}"));
    }
    let at_few = "the rate at ten thousand";
    Ok(vec![
        Figure::new("ledger_ruled_transfers_per_s", transfers / seconds, "transfers/s"),
        Figure::new("ledger_flatness", rates[3], "transfers/s").against(at_few, rates[1]),
    ])
}

/// Clients of `pgbench` among which its best rate is looked for.
const CLIENTS: [usize; 5] = [4, 8, 16, 32, 64];
/// A row of `pgbench_branches` for each client and more, so that none waits for another's.
const SCALE: usize = 100;

/// Sales under rules on PostgreSQL, beside the TPC-B-like script of `pgbench` on the same server.
pub async fn measure_against_pgbench(bench: &Bench, postgres: &Postgres) -> Result<Vec<Figure>, Told> {
    let spinner = bench.spinner("pgbench");
    postgres.database("tpcb")?;
    postgres.pgbench("tpcb", &["-i", "-q", "-s", &bench.sized(SCALE).to_string()])?;
    let seconds = (bench.args.seconds.max(1)).to_string();
    let mut best = 0.0_f64;
    for clients in CLIENTS {
        let clients = clients.to_string();
        let said = postgres.pgbench("tpcb", &["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds])?;
        best = best.max(tps(&said).ok_or_else(|| format!("pgbench said no rate: {said}"))?);
    }
    let place = Place::on(bench, postgres.database("ledger")?)?;
    let store = place.store().await?;
    let told = |refusal| format!("{refusal:?}");
    fund(&store).await.map_err(told)?;
    let sales = bench.sized(TRANSFERS) as u64 / RULED_CHAIN;
    // The first tenth only warms the caches of both sides.
    ruled_transfers(&store, 0..sales / 10, TASKS).await.map_err(told)?;
    let run = ruled_transfers(&store, sales / 10..sales, TASKS).await.map_err(told)?;
    spinner.finish_and_clear();
    let against = "TPC-B-like transactions of pgbench";
    Ok(vec![Figure::new("ledger_against_pgbench", run.transfers_per_s, "transfers/s").against(against, best)])
}

/// `tps = 1234.5 (without initial connection time)`
fn tps(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        let said =
            "number of clients: 4\nlatency average = 3.2 ms\ntps = 1249.703125 (without initial connection time)\n";
        assert_eq!(tps(said), Some(1_249.703_125));
        assert_eq!(tps("pgbench: error"), None);
    }
}
