//! The benchmark runs; its figure is printed, not judged, since a test build runs on busy cores.

use crate::support::*;
use xitai_store::bench::ledger_transfers;

on_both!(the_ledger_takes_many_transfers);

async fn the_ledger_takes_many_transfers(place: Place) {
    let store = place.open().await;
    let run = ledger_transfers(&store, 20_000, 4, 256).await.unwrap();
    eprintln!("{} transfers in {} commits: {:.0}/s", run.transfers, run.commits, run.transfers_per_s);
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (20_000 + 10_000, None));
}
