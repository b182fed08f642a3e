//! Whether the host lives, can serve, and how it does.

use crate::app::App;
use crate::http::wire;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, OnceLock};

/// `GET /healthz`
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database can be read and written, and the catalog is loaded.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let reached = async {
        app.store.writes().await?;
        app.catalog.refresh(&app.store).await.map(|_| ())
    };
    let database = matches!(tokio::time::timeout(std::time::Duration::from_secs(1), reached).await, Ok(Ok(())));
    let status = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let answer = wire::Readiness { ready: database, database, programs: app.catalog().programs.len() as u64 };
    (status, axum::Json(answer)).into_response()
}

/// `GET /metrics`
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    metrics::gauge!("xitai_calls_running").set(app.running.count() as f64);
    app.metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render()).into_response()
}

/// Seconds from 100 µs to 5 s.
const BUCKETS_S: [f64; 12] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 5.0];

/// The process's recorder: there is one, however many hosts a test starts in the process.
pub fn prometheus() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(install).clone()
}

fn install() -> PrometheusHandle {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS_S)
        .expect("the buckets are not empty");
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!("another recorder of measurements was there first");
    }
    handle
}
