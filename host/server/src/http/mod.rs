//! The door: everything that comes in over HTTP passes one gate and finds its handler in one table.

pub mod extract;
pub mod format;
pub mod gate;
pub mod handlers;
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod stream;
pub mod wire;

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use problem::Problem;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use xitai_model::code;

/// The router of the whole product, built from the table.
pub fn router(app: Arc<App>) -> Router {
    let mut by_path: BTreeMap<&'static str, axum::routing::MethodRouter<Arc<App>>> = BTreeMap::new();
    for route in routes::table() {
        let entrance = gate::Entrance { app: app.clone(), route: Arc::new(route.facts.clone()) };
        let handler = (route.handler)()
            .layer::<_, Infallible>(axum::middleware::from_fn_with_state(entrance, gate::pass))
            .layer(DefaultBodyLimit::max(route.facts.body_bytes_max));
        let there = by_path.remove(route.facts.path).unwrap_or_default();
        by_path.insert(route.facts.path, there.merge(handler));
    }
    let lost = gate::Entrance { app: app.clone(), route: Arc::new(routes::Facts::of_nothing()) };
    // What no row knows passes the gate too, so that it is counted and answered like everything else.
    let gate = || axum::middleware::from_fn_with_state(lost.clone(), gate::pass);
    let mut router = Router::new();
    for (path, methods) in by_path {
        router = router.route(path, methods.fallback(wrong_method.layer(gate())));
    }
    router.fallback(not_found.layer(gate())).layer(CompressionLayer::new()).with_state(app)
}

async fn not_found() -> Problem {
    Problem::new(code::REQUEST_NOT_FOUND)
}

async fn wrong_method(method: Method) -> Problem {
    Problem::new(code::REQUEST_METHOD).detail(method)
}

/// Serves until `shutdown` is done; then open requests get their answers first.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}
