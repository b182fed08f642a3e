//! Visits: every handle adds to the same rows, they are read by program, days and branch, and old ones are forgotten.

use crate::support::*;
use xitai_store::JourneyRow;

on_both!(visits_of_two_hosts_add_up, visits_are_read_by_days_and_branch, old_visits_are_forgotten);

const CANTEEN: &str = "cn.bank.suzhou.canteen";

fn row(day: i64, branch: &str, what: &str, n: u64) -> JourneyRow {
    let text = |text: &str| text.to_owned();
    JourneyRow {
        program: text(CANTEEN),
        day,
        branch: text(branch),
        channel: text("phone"),
        origin: text("code"),
        page: text("pages/index"),
        code: String::new(),
        what: text(what),
        n,
    }
}

async fn visits_of_two_hosts_add_up(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    one.add_journeys(vec![row(7, "suzhou", "opened", 3), row(7, "suzhou", "acted", 1)], 0).await.unwrap();
    other.add_journeys(vec![row(7, "suzhou", "opened", 4)], 0).await.unwrap();
    let found = one.journeys(CANTEEN, (7, 7), None, 9).await.unwrap();
    assert_eq!(found, [row(7, "suzhou", "acted", 1), row(7, "suzhou", "opened", 7)]);
    let sums = other.journey_sums(0, 9).await.unwrap();
    let text = |text: &str| text.to_owned();
    let sum = |what: &str, n: u64| (text(CANTEEN), text("suzhou"), text(what), n);
    assert_eq!(sums, [sum("acted", 1), sum("opened", 7)]);
}

async fn visits_are_read_by_days_and_branch(place: Place) {
    let store = place.open().await;
    let other = JourneyRow { program: "cn.bank.suzhou.other".to_owned(), ..row(8, "suzhou", "opened", 9) };
    let rows =
        vec![row(7, "suzhou", "opened", 1), row(8, "nanjing", "opened", 2), row(9, "suzhou", "opened", 3), other];
    store.add_journeys(rows, 0).await.unwrap();
    let read = async |days, branch, limit| store.journeys(CANTEEN, days, branch, limit).await.unwrap();
    let whole = [row(9, "suzhou", "opened", 3), row(8, "nanjing", "opened", 2), row(7, "suzhou", "opened", 1)];
    assert_eq!(read((0, 99), None, 9).await, whole);
    assert_eq!(read((0, 99), None, 2).await, whole[..2]);
    assert_eq!(read((8, 8), None, 9).await, whole[1..2]);
    assert_eq!(read((0, 99), Some("nanjing"), 9).await, whole[1..2]);
    assert_eq!(read((0, 99), Some("nowhere"), 9).await, []);
    assert_eq!(store.journey_sums(7, 7).await.unwrap().len(), 1);
}

async fn old_visits_are_forgotten(place: Place) {
    let store = place.open().await;
    store.add_journeys(vec![row(7, "suzhou", "opened", 3), row(8, "suzhou", "opened", 2)], 0).await.unwrap();
    store.add_journeys(vec![row(9, "suzhou", "opened", 1)], 8).await.unwrap();
    let left = store.journeys(CANTEEN, (0, 99), None, 9).await.unwrap();
    assert_eq!(left, [row(9, "suzhou", "opened", 1), row(8, "suzhou", "opened", 2)]);
}
