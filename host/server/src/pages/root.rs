//! Addresses outside of the three sets of pages: the front door, assets, and public links into programs.

use super::{assets, see};
use crate::app::rate::RateClass;
use crate::http::extract::Path;
use crate::http::routes::{Access, Route, row};
use axum::extract::RawQuery;
use axum::http::Method;
use axum::response::Response;

pub fn routes() -> Vec<Route> {
    vec![
        row(Method::GET, "/", Access::Anyone, "page.front", front),
        row(Method::GET, "/assets/{name}", Access::Anyone, "page.asset", assets::serve).rate(RateClass::Free),
        row(Method::GET, "/miniapp/{id}/{*page}", Access::Anyone, "page.link", link),
    ]
}

/// `GET /`
async fn front() -> Response {
    see("/app")
}

/// `GET /miniapp/{id}/{page}?…`: the public link of a page of a program.
async fn link(Path((id, page)): Path<(String, String)>, RawQuery(query): RawQuery) -> Response {
    let query = query.map(|query| format!("&{query}")).unwrap_or_default();
    see(&format!("/app/open/{id}?page={page}{query}"))
}
