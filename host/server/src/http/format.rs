//! In which form a session is asked for: the host's own JSON, or A2UI.

use super::problem::Problem;
use crate::app::App;
use crate::app::session::SessionView;
use crate::render::a2ui;
use crate::words::{Locale, Words};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A2UI's own media type.
pub const A2UI: &str = "application/a2ui+json";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Session,
    A2ui,
}

impl Format {
    /// What the address says comes before what the header accepts.
    fn of(query: &str, headers: &HeaderMap) -> Result<Self, Problem> {
        let named = query.split('&').find_map(|pair| pair.strip_prefix("format="));
        match named {
            Some("session") => Ok(Self::Session),
            Some("a2ui") => Ok(Self::A2ui),
            Some(_) => Err(Problem::malformed("format: session or a2ui")),
            None => {
                let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
                let first = accepted.split(',').next().and_then(|one| one.split(';').next()).unwrap_or_default();
                Ok(if first.trim().eq_ignore_ascii_case(A2UI) { Self::A2ui } else { Self::Session })
            }
        }
    }

    /// A session in this form. Of the bank's own sheet an A2UI surface says nothing: it is in the session's own JSON.
    pub fn answer(self, app: &App, status: StatusCode, view: SessionView) -> Response {
        match self {
            Self::Session => (status, axum::Json(view)).into_response(),
            Self::A2ui => {
                let files = format!("/app/files/{}/{}/", view.program.id, view.program.version);
                let surface = view.session.to_string();
                let locale = Locale::of_tag(&view.locale).unwrap_or(Locale::ZhCn);
                let drawing = a2ui::Drawing {
                    surface: &surface,
                    origin: &app.identity.origin,
                    files: &files,
                    words: Words::of(locale, view.zone.parse().unwrap_or(app.config.zone)),
                    now_ms: app.clock.now_ms(),
                };
                let headers = [
                    (header::CONTENT_TYPE.as_str(), A2UI.to_owned()),
                    (POSITION, view.position.to_string()),
                    (SHEET, view.sheet.as_ref().map_or("none", |sheet| sheet.kind).to_owned()),
                ];
                (status, headers, a2ui::messages(&view.screen, &drawing).to_string()).into_response()
            }
        }
    }
}

/// What A2UI has no place for: the position that an event is made on, and whether the bank asks for something.
const POSITION: &str = "x-xitai-position";
const SHEET: &str = "x-xitai-sheet";

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(parts.uri.query().unwrap_or_default(), &parts.headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_address_comes_before_the_header() {
        let of = |query: &str, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            Format::of(query, &headers).ok()
        };
        for (query, accept, expected) in [
            ("", "*/*", Some(Format::Session)),
            ("", "application/json", Some(Format::Session)),
            ("", "application/a2ui+json", Some(Format::A2ui)),
            ("", "Application/A2UI+json;q=1, */*", Some(Format::A2ui)),
            ("after=3&format=a2ui", "application/json", Some(Format::A2ui)),
            ("format=session", "application/a2ui+json", Some(Format::Session)),
            ("format=xml", "*/*", None),
        ] {
            assert_eq!(of(query, accept), expected, "{query} {accept}");
        }
    }
}
