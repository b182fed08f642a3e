//! Signing in at a provider with a browser: there, and back.
//!
//! The way back comes from another site, so it brings no cookie that is ours alone: a cookie of this sign-in's own,
//! which other sites' links may bring, ties it to the browser that began.

use super::sign_in::{gate, way_of, with_cookie};
use super::view::Entered;
use crate::app::ctx::Ctx;
use crate::app::provider::Returned;
use crate::app::{App, provider};
use crate::http::extract::{Path, Query};
use crate::http::handlers::tokens::device_of;
use crate::http::problem::Problem;
use crate::pages::{Look, page, see};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::limits;

const COOKIE: &str = "xitai_sign_in";

fn cookie(secret: &str, max_age_s: i64) -> Result<HeaderValue, Problem> {
    let text = format!("{COOKIE}={secret}; Path=/app/sign-in; HttpOnly; SameSite=Lax; Max-Age={max_age_s}");
    HeaderValue::from_str(&text).map_err(Problem::internal)
}

fn held(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /app/sign-in/{provider}?next=`
pub async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    let origin = &app.identity.origin;
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // The provider sends the browser back to the origin, so it must begin there, where its cookie is.
    if origin.split_once("://").is_some_and(|(_, authority)| authority != host) {
        app.identity.provider(&id)?;
        let next = if next.next.is_empty() { String::new() } else { format!("?next={}", next.next) };
        return Ok(see(&format!("{origin}/app/sign-in/{id}{next}")));
    }
    match provider::begin(&app, &ctx, &id, &next.next).await {
        Ok(begun) => {
            let mut response = see(&begun.url);
            let cookie = cookie(&begun.secret, limits::CHALLENGE_MS_MAX / 1_000)?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(problem) => refused(&app, &ctx, &look, &next.next, problem),
    }
}

/// `GET /app/sign-in/{provider}/back?state=&code=`
pub async fn back(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let code_name = app.identity.provider(&id)?.code_name();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let returned = Returned {
        state: value("state").unwrap_or_default(),
        code: value(code_name).filter(|code| !code.is_empty()),
        error: value("error"),
        secret: held(&headers).unwrap_or_default().to_owned(),
        device: device_of(&headers),
        locale: look.words().tag().to_owned(),
    };
    match provider::finish(&app, &ctx, &id, returned).await {
        Ok((made, next)) => {
            let view = Entered { shell: look.shell(Some(&app.catalog()), ""), next: way_of(&made, &next) };
            let mut response = with_cookie(page(&look, &view)?, &ctx, &made)?;
            response.headers_mut().append(header::SET_COOKIE, cookie("", 0)?);
            Ok(response)
        }
        Err(problem) => refused(&app, &ctx, &look, "", problem),
    }
}

/// The gate again, with the reason.
fn refused(app: &App, ctx: &Ctx, look: &Look, next: &str, problem: Problem) -> Result<Response, Problem> {
    let named = problem.code.code.starts_with("sign-in.") || problem.code.code.starts_with("auth.");
    if !named {
        return Err(problem);
    }
    tracing::info!(%problem, "a sign-in at a provider was refused");
    let mut response = page(look, &gate(app, ctx, look, ("", next), Some(&problem)))?;
    *response.status_mut() = problem.status();
    Ok(response)
}
