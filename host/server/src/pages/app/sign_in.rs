//! Signing in and out with a browser. The token lives in a cookie that no script can read.

use super::view::SignIn;
use crate::app::ctx::{Caller, Ctx};
use crate::app::sign_in::MadeToken;
use crate::app::{App, passkey, sign_in as tokens, visitor};
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::tokens::{cleared_cookie, cookie, device_of};
use crate::http::problem::Problem;
use crate::pages::shell::Shell;
use crate::pages::{Look, page, see};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use std::sync::Arc;
use xitai_identity::provider::People;
use xitai_model::identity::Level;
use xitai_model::place::Role;

#[derive(Deserialize)]
pub struct Next {
    /// The path to go to afterwards, base64url.
    #[serde(default)]
    next: String,
}

/// A path of this host, or nothing: a sign-in must not lead elsewhere. Browsers take tabs and line breaks out of an
/// address, so that a path with one can be another host's.
pub fn path_of(next: &str) -> Option<String> {
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
    } else if has(Role::CustomerManager) {
        "/console/threads"
    } else {
        "/console"
    }
}

/// The page, with what was typed before and why it was refused.
pub fn gate(app: &App, ctx: &Ctx, look: &Look, typed: (&str, &str), problem: Option<&Problem>) -> SignIn {
    let tag = look.words().tag();
    let buttons = |people| {
        let named = |it: &Arc<xitai_identity::Provider>| (it.config.id.clone(), it.name(tag).to_owned());
        app.identity.providers(people).map(named).collect()
    };
    SignIn {
        shell: Shell { origin: app.identity.origin.clone(), ..look.shell(Some(&app.catalog()), "") },
        login: typed.0.to_owned(),
        next: typed.1.to_owned(),
        problem: problem.map(|problem| look.words().problem(problem.code)),
        customers: buttons(People::Customers),
        staff: buttons(People::Staff),
        visiting: is_visitor(ctx),
    }
}

/// Whether a visitor asks: signed in, and free to sign in as somebody.
pub fn is_visitor(ctx: &Ctx) -> bool {
    ctx.customer().is_some_and(|customer| customer.level == Level::Visitor)
}

/// `GET /app/sign-in?next=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    let nobody = matches!(ctx.actor, Caller::Anonymous) || is_visitor(&ctx);
    if !nobody && !look.is_chosen() {
        return Ok(see(&path_of(&next.next).unwrap_or_else(|| home_of(&ctx).to_owned())));
    }
    page(&look, &gate(&app, &ctx, &look, ("", &next.next), None))
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

/// Where somebody who has just signed in goes.
pub fn way_of(made: &MadeToken, next: &str) -> String {
    let roles = |wanted: Role| made.who.roles.iter().any(|(role, _)| *role == crate::app::role_name(wanted));
    let home = if made.who.kind == "staff" { home_of_roles(roles) } else { "/app" };
    path_of(next).unwrap_or_else(|| home.to_owned())
}

/// Puts the token's cookie on an answer.
pub fn with_cookie(mut response: Response, ctx: &Ctx, made: &MadeToken) -> Result<Response, Problem> {
    let cookie = cookie(&made.token, (made.expires_ms - ctx.now_ms) / 1_000);
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// What a form came to: on, or back to the form with the reason. What is the host's own trouble has a page of its own.
fn entered(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    typed: (&str, &str),
    made: Result<MadeToken, Problem>,
) -> Result<Response, Problem> {
    match made {
        Ok(made) => with_cookie(see(&way_of(&made, typed.1)), ctx, &made),
        Err(problem) if !problem.code.code.starts_with("host.") => {
            let mut response = page(look, &gate(app, ctx, look, typed, Some(&problem)))?;
            *response.status_mut() = problem.status();
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /app/sign-in`
pub async fn sign_in(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (login, password) = (value(&pairs, "login"), value(&pairs, "password"));
    let made = tokens::sign_in(&app, &ctx, login, password, &device_of(&headers)).await;
    entered(&app, &ctx, &look, (login, value(&pairs, "next")), made)
}

/// `POST /app/sign-in/passkey`: what the script got from the authenticator.
pub async fn by_passkey(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let answer = serde_json::from_str(value(&pairs, "credential")).unwrap_or_default();
    let made = passkey::sign_in(&app, &ctx, value(&pairs, "challenge"), &answer, &device_of(&headers)).await;
    entered(&app, &ctx, &look, ("", value(&pairs, "next")), made)
}

/// `POST /app/visit`: goes on without an account.
pub async fn visit(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let next = value(&pairs, "next");
    // Whoever is here already stays who they are.
    if !matches!(ctx.actor, Caller::Anonymous) {
        return Ok(see(&path_of(next).unwrap_or_else(|| home_of(&ctx).to_owned())));
    }
    let made = visitor::enter(&app, &ctx, None, look.words().tag(), &device_of(&headers)).await;
    entered(&app, &ctx, &look, ("", next), made)
}

/// `POST /app/sign-out`
pub async fn sign_out(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    tokens::sign_out(&app, &ctx).await?;
    signed_out()
}

/// Back at the gate, without a cookie.
pub fn signed_out() -> Result<Response, Problem> {
    let mut response = see("/app/sign-in");
    let cleared = HeaderValue::from_str(&cleared_cookie()).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cleared);
    Ok(response)
}
