//! The page's own files, in the binary: nothing is loaded from anywhere else.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const PAGE: &str = include_str!("../../assets/dev/dev.html");
const STYLE: &str = concat!(include_str!("../../assets/tokens.css"), include_str!("../../assets/dev/dev.css"));
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /`
pub async fn whole() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, PAGE).into_response()
}

/// `GET /dev/{asset}`
pub async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "dev.css" => ("text/css; charset=utf-8", STYLE),
        "dev.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/dev/dev.js")),
        "drawing.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/dev/drawing.js")),
        "words.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/dev/words.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
