//! Figures of releases: every handle adds to the same rows, and old ones are forgotten.

use crate::support::*;
use xitai_store::FiguresRow;

on_both!(figures_of_two_hosts_add_up, old_figures_are_forgotten);

fn row(minute: i64, what: &str, n: u64) -> FiguresRow {
    FiguresRow { release: "cn.bank.suzhou.canteen@1.0.0".to_owned(), minute, what: what.to_owned(), n }
}

async fn figures_of_two_hosts_add_up(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    one.add_figures(vec![row(7, "calls", 3), row(7, "errors", 1), row(8, "calls", 2)], 0).await.unwrap();
    other.add_figures(vec![row(7, "calls", 4), row(8, "errors", 5)], 0).await.unwrap();
    let found = one.figures("cn.bank.suzhou.canteen@1.0.0", 7).await.unwrap();
    let expected = [row(7, "calls", 7), row(7, "errors", 1), row(8, "calls", 2), row(8, "errors", 5)];
    assert_eq!(found, expected);
    assert_eq!(other.figures("cn.bank.suzhou.canteen@1.0.0", 8).await.unwrap(), expected[2..]);
    assert_eq!(other.figures("cn.bank.suzhou.canteen@1.0.1", 0).await.unwrap(), []);
}

async fn old_figures_are_forgotten(place: Place) {
    let store = place.open().await;
    store.add_figures(vec![row(7, "calls", 3), row(8, "calls", 2)], 0).await.unwrap();
    store.add_figures(vec![row(9, "calls", 1)], 8).await.unwrap();
    let left = store.figures("cn.bank.suzhou.canteen@1.0.0", 0).await.unwrap();
    assert_eq!(left, [row(8, "calls", 2), row(9, "calls", 1)]);
}
