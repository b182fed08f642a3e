//! Signing in and out.

use crate::app::ctx::Ctx;
use crate::app::{App, sign_in};
use crate::http::extract::{COOKIE, Json};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `POST /api/v1/tokens`
pub async fn make(State(app): State<Arc<App>>, ctx: Ctx, Json(body): Json<wire::SignIn>) -> Result<Response, Problem> {
    let made = sign_in::sign_in(&app, &ctx, &body.login, &body.password).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::SignedIn::from(made))).into_response())
}

/// `DELETE /api/v1/tokens/current`
pub async fn revoke(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    sign_in::sign_out(&app, &ctx).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cleared_cookie())]).into_response())
}

/// The cookie that pages carry. No script can read it and no other site can send it.
pub fn cookie(token: &str, max_age_s: i64) -> String {
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}")
}

pub fn cleared_cookie() -> String {
    cookie("", 0)
}
