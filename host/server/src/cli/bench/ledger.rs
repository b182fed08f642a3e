//! The ledger alone: durable transfers a second, in batches.

use super::bank::Place;
use super::figure::Figure;
use super::{Bench, Told};

const TRANSFERS: usize = 300_000;
/// Transfers of one commit, and tasks that commit at once.
const CHAIN: usize = 8;
const TASKS: usize = 512;

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let store = place.store().await?;
    let spinner = bench.spinner("Transfers");
    let transfers = bench.sized(TRANSFERS) as u64;
    let run =
        xitai_store::bench::ledger_transfers(&store, transfers, CHAIN, TASKS).await.map_err(|e| format!("{e:?}"))?;
    spinner.finish_and_clear();
    Ok(vec![Figure::new("ledger_transfers_per_s", run.transfers_per_s, "transfers/s")])
}
