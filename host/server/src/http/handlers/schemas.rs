//! The published schemas of what native apps draw.

use crate::http::extract::Path;
use crate::http::problem::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use xitai_model::code;

const SESSION: &str = include_str!("../../../assets/schema/session-1.json");

/// `GET /schemas/{name}`
pub async fn schema(Path(name): Path<String>) -> Result<Response, Problem> {
    let text = match name.as_str() {
        "session-1.json" => SESSION,
        _ => return Err(Problem::new(code::REQUEST_NOT_FOUND)),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/schema+json"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, text).into_response())
}

#[cfg(test)]
mod tests;
