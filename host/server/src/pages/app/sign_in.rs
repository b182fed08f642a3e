//! Signing in and out with a browser. The token lives in a cookie that no script can read.

use super::view::SignIn;
use crate::app::ctx::{Caller, Ctx};
use crate::app::{App, sign_in as tokens};
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::tokens::{cleared_cookie, cookie};
use crate::http::problem::Problem;
use crate::pages::{Look, page, see};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::place::Role;

#[derive(Deserialize)]
pub struct Next {
    /// The path to go to afterwards, base64url.
    #[serde(default)]
    next: String,
}

/// A path of this host, or nothing: a sign-in must not lead elsewhere. Browsers take tabs and line breaks out of an
/// address, so that a path with one can be another host's.
fn path_of(next: &str) -> Option<String> {
    let path = String::from_utf8(BASE64URL_NOPAD.decode(next.as_bytes()).ok()?).ok()?;
    let safe =
        path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control);
    safe.then_some(path)
}

/// Where somebody begins.
pub fn home_of(ctx: &Ctx) -> &'static str {
    let Some(staff) = ctx.staff() else { return "/app" };
    home_of_roles(|wanted| staff.roles.iter().any(|(role, _)| *role == wanted))
}

fn home_of_roles(has: impl Fn(Role) -> bool) -> &'static str {
    if has(Role::Developer) {
        "/publisher"
    } else if has(Role::Clerk) || (has(Role::Manager) && !has(Role::BranchOperator)) {
        "/app"
    } else {
        "/console"
    }
}

/// `GET /app/sign-in?next=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    if !matches!(ctx.actor, Caller::Anonymous) && look.kept_locale().is_none() {
        return Ok(see(&path_of(&next.next).unwrap_or_else(|| home_of(&ctx).to_owned())));
    }
    page(
        &look,
        &SignIn { shell: look.shell(Some(&app.catalog()), ""), login: String::new(), next: next.next, problem: None },
    )
}

/// `POST /app/sign-in`
pub async fn sign_in(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    match tokens::sign_in(&app, &ctx, value("login"), value("password")).await {
        Ok(made) => {
            let roles = |wanted: Role| made.who.roles.iter().any(|(role, _)| *role == crate::app::role_name(wanted));
            let home = if made.who.kind == "staff" { home_of_roles(roles) } else { "/app" };
            let mut response = see(&path_of(value("next")).unwrap_or_else(|| home.to_owned()));
            let cookie = cookie(&made.token, (made.expires_ms - ctx.now_ms) / 1_000);
            response
                .headers_mut()
                .append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Problem::internal)?);
            Ok(response)
        }
        Err(problem) if problem.code.code == code::AUTH_BAD_PASSWORD.code || problem.retry_after_ms.is_some() => {
            let said = problem.code.text(look.words().tag()).to_owned();
            let (login, next) = (value("login").to_owned(), value("next").to_owned());
            let mut response =
                page(&look, &SignIn { shell: look.shell(Some(&app.catalog()), ""), login, next, problem: Some(said) })?;
            *response.status_mut() = problem.status();
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /app/sign-out`
pub async fn sign_out(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    tokens::sign_out(&app, &ctx).await?;
    let mut response = see("/app/sign-in");
    let cleared = HeaderValue::from_str(&cleared_cookie()).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cleared);
    Ok(response)
}
