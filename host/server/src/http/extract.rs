//! How handlers get at a request: each part parsed once, each failure a problem that says where.

use super::problem::Problem;
use crate::app::ctx::Ctx;
use crate::words::Locale;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::BadId;

/// The gate has put it there.
impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Ctx>().cloned().ok_or_else(|| Problem::internal("a route without a gate"))
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(Problem::new(code::REQUEST_MEDIA_TYPE).detail("this takes application/json"));
        }
        let bytes = body(request, state).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|e| Problem::malformed(format!("body: {e}")))
    }
}

/// A JSON body that may be left out.
pub struct MaybeJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_json = kind.starts_with("application/json");
        let bytes = body(request, state).await?;
        match (bytes.is_empty(), is_json) {
            (true, _) => Ok(Self(T::default())),
            (false, true) => {
                serde_json::from_slice(&bytes).map(Self).map_err(|e| Problem::malformed(format!("body: {e}")))
            }
            (false, false) => Err(Problem::new(code::REQUEST_MEDIA_TYPE).detail("this takes application/json")),
        }
    }
}

/// A body as it came, within the route's limit.
pub struct Raw(pub axum::body::Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        body(request, state).await.map(Self)
    }
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<axum::body::Bytes, Problem> {
    use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
    axum::body::Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::new(code::REQUEST_TOO_LARGE)
        }
        other => Problem::malformed("body: it broke off").because(other),
    })
}

/// A body of `application/x-www-form-urlencoded`, as the pages' forms send it: pairs in order.
pub struct FormPairs(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for FormPairs {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let axum::Form(pairs) = axum::Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|e| Problem::malformed("form").because(e))?;
        Ok(Self(pairs))
    }
}

/// Parts of the path.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(value) = axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|e| Problem::new(code::REQUEST_NOT_FOUND).because(e))?;
        Ok(Self(value))
    }
}

/// The query.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Query(value) = axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|e| Problem::malformed(format!("query: {}", e.body_text())))?;
        Ok(Self(value))
    }
}

/// The pairs of a query that stands in a text, read as those of a request are.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let uri = axum::http::Uri::builder().path_and_query(format!("/?{query}")).build();
    let read = |uri: axum::http::Uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok();
    uri.ok().and_then(read).map(|axum::extract::Query(pairs)| pairs).unwrap_or_default()
}

/// The first language of `Accept-Language` that the host speaks; Chinese where nothing is said.
pub fn preferred_locale(headers: &axum::http::HeaderMap) -> &'static str {
    let wanted = headers.get(axum::http::header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let otherwise = if wanted.is_empty() { Locale::ZhCn } else { Locale::En };
    Locale::of_accept_language(wanted).unwrap_or(otherwise).tag()
}

/// The sign-in token of a request, and whether it came by cookie.
pub struct Presented {
    pub token: String,
    pub by_cookie: bool,
}

/// The name of the cookie that pages carry.
pub const COOKIE: &str = "xitai_token";

pub fn presented(headers: &axum::http::HeaderMap) -> Option<Presented> {
    use axum::http::header;
    if let Some(value) = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()) {
        let token = value.strip_prefix("Bearer ")?.trim().to_owned();
        return Some(Presented { token, by_cookie: false });
    }
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let token = pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).next()?;
    Some(Presented { token, by_cookie: true })
}

/// The digest under which a token is kept.
pub fn token_digest(token: &str) -> Digest {
    Digest::of(token.as_bytes())
}

impl From<BadId> for Problem {
    fn from(bad: BadId) -> Self {
        Problem::malformed(bad)
    }
}
