//! A water company's system: what a meter owes, and that it was paid. A bill is told as paid under its payment, which is
//! noted once however often it is told. Kept in memory.

use super::{now_s, signed};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use xitai_egress::signature::Secret;
use xitai_model::day::Day;

/// Digits of a meter's number.
const METER: std::ops::RangeInclusive<usize> = 6..=12;
/// How far the clocks on the walls of a company in Suzhou are ahead of UTC.
const AHEAD_S: i64 = 8 * 3_600;

pub struct Water {
    outbound: Secret,
    /// The payment of a bill, by meter and bill.
    paid: Mutex<BTreeMap<(String, String), String>>,
}

#[derive(Deserialize)]
struct Paid {
    meter: String,
    payment: String,
    fen: i64,
}

impl Water {
    pub fn new(outbound: &str) -> Result<Self, String> {
        let outbound = Secret::parse(outbound).ok_or("a secret begins with whsec_")?;
        Ok(Self { outbound, paid: Mutex::default() })
    }
    fn paid(&self) -> MutexGuard<'_, BTreeMap<(String, String), String>> {
        self.paid.lock().expect("no holder of the lock panics")
    }
}

pub fn routes(water: Water) -> Router {
    Router::new()
        .route("/v1/meters/{meter}/bill", get(bill))
        .route("/v1/bills/{bill}/paid", post(paid))
        .with_state(Arc::new(water))
}

/// What this month cost: more for some meters than for others, and the same whenever it is asked.
fn due_fen(meter: &str) -> Option<i64> {
    let known = METER.contains(&meter.len()) && meter.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = meter.parse().ok().filter(|_| known)?;
    Some(18_00 + number % 97 * 75)
}

/// `GET /v1/meters/{meter}/bill`
async fn bill(State(water): State<Arc<Water>>, Path(meter): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if signed(&water.outbound, &headers, &body).is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(due) = due_fen(&meter) else { return StatusCode::NOT_FOUND.into_response() };
    let month: String = String::from(Day::of(now_s() * 1_000, AHEAD_S)).chars().take(7).collect();
    let is_paid = water.paid().contains_key(&(meter, month.clone()));
    axum::Json(json!({ "bill": month, "due_fen": if is_paid { 0 } else { due } })).into_response()
}

/// `POST /v1/bills/{bill}/paid`
async fn paid(State(water): State<Arc<Water>>, Path(bill): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if signed(&water.outbound, &headers, &body).is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(told) = serde_json::from_slice::<Paid>(&body) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    if due_fen(&told.meter) != Some(told.fen) {
        return (StatusCode::CONFLICT, axum::Json(json!({ "state": "another-amount" }))).into_response();
    }
    let mut all = water.paid();
    let held = all.entry((told.meter, bill)).or_insert_with(|| told.payment.clone());
    if *held == told.payment {
        return axum::Json(json!({ "state": "noted" })).into_response();
    }
    (StatusCode::CONFLICT, axum::Json(json!({ "state": "paid-before" }))).into_response()
}
