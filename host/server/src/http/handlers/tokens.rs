//! Signing in and out, where somebody is signed in, machines' tokens, and providers.

use crate::app::ctx::Ctx;
use crate::app::{App, passkey, provider, sign_in, token, visitor};
use crate::http::extract::{COOKIE, Json, MaybeJson, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_identity::provider::People;
use xitai_model::code;
use xitai_model::ids::{BranchId, StaffId};

/// `POST /api/v1/tokens`
pub async fn make(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    MaybeJson(body): MaybeJson<wire::SignIn>,
) -> Result<Response, Problem> {
    let device = body.device.clone().unwrap_or_else(|| device_of(&headers));
    let made = match (&body.login, &body.password, &body.challenge, &body.credential) {
        (Some(login), Some(password), None, None) => sign_in::sign_in(&app, &ctx, login, password, &device).await?,
        (None, None, Some(challenge), Some(credential)) => {
            passkey::sign_in(&app, &ctx, challenge, credential, &device).await?
        }
        (None, None, None, None) => {
            let branch = body.branch.as_deref().map(BranchId::parse).transpose()?;
            let preferred = crate::http::extract::preferred_locale(&headers);
            let locale = body.locale.as_deref().and_then(crate::words::Locale::of_tag).map_or(preferred, |it| it.tag());
            visitor::enter(&app, &ctx, branch.as_ref(), locale, &device).await?
        }
        _ => return Err(Problem::malformed("either login and password, or challenge and credential, or nothing")),
    };
    Ok((StatusCode::CREATED, axum::Json(wire::SignedIn::from(made))).into_response())
}

/// `DELETE /api/v1/tokens/current`
pub async fn revoke(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    sign_in::sign_out(&app, &ctx).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cleared_cookie())]).into_response())
}

/// `GET /api/v1/providers`
pub async fn providers(State(app): State<Arc<App>>, headers: HeaderMap) -> axum::Json<wire::Providers> {
    let tag = crate::http::extract::preferred_locale(&headers);
    let of = |people, word| {
        app.identity.providers(people).map(move |provider| wire::Provider {
            id: provider.config.id.clone(),
            name: provider.name(tag).to_owned(),
            people: word,
            page: format!("/app/sign-in/{}", provider.config.id),
        })
    };
    let providers = of(People::Customers, "customers").chain(of(People::Staff, "staff")).collect();
    axum::Json(wire::Providers { providers })
}

fn listed(ctx: &Ctx, tokens: &[xitai_model::identity::Token]) -> axum::Json<wire::Tokens> {
    let tokens = tokens.iter().map(|token| wire::Token::of(token, ctx.token.as_ref())).collect();
    axum::Json(wire::Tokens { tokens })
}

/// `GET /api/v1/me/tokens`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Tokens>, Problem> {
    Ok(listed(&ctx, &token::list(&app, &ctx).await?))
}

/// `DELETE /api/v1/me/tokens`
pub async fn revoke_all(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    token::revoke_all(&app, &ctx).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cleared_cookie())]).into_response())
}

/// `DELETE /api/v1/me/tokens/{token}`
pub async fn revoke_one(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    token::revoke(&app, &ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/publisher/tokens`
pub async fn machines(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Tokens>, Problem> {
    Ok(listed(&ctx, &token::machines(&app, &ctx).await?))
}

/// `POST /api/v1/publisher/tokens`
pub async fn make_machine(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::MakeMachineToken>,
) -> Result<Response, Problem> {
    person(&ctx)?;
    Ok(machine_made(token::make_machine(&app, &ctx, body.wanted()).await?))
}

fn machine_made(made: token::MadeMachine) -> Response {
    let body = wire::MachineToken { token: made.text, kept: wire::Token::of(&made.token, None) };
    (StatusCode::CREATED, axum::Json(body)).into_response()
}

/// `GET /api/v1/machines`
pub async fn bank_machines(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Tokens>, Problem> {
    Ok(listed(&ctx, &token::bank_machines(&app, &ctx).await?))
}

/// `POST /api/v1/machines`
pub async fn make_bank_machine(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::MakeMachineToken>,
) -> Result<Response, Problem> {
    person(&ctx)?;
    Ok(machine_made(token::make_bank_machine(&app, &ctx, body.wanted()).await?))
}

/// `DELETE /api/v1/publisher/tokens/{token}`
pub async fn revoke_machine(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    person(&ctx)?;
    token::revoke(&app, &ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A machine makes no tokens and ends none: whoever has stolen one must not get a second.
fn person(ctx: &Ctx) -> Result<(), Problem> {
    if ctx.scopes.is_some() { Err(Problem::new(code::AUTH_SCOPE)) } else { Ok(()) }
}

pub fn staff_id(text: &str) -> Result<StaffId, Problem> {
    StaffId::parse(text).map_err(|_| Problem::new(code::STAFF_NOT_FOUND))
}

/// `PUT /api/v1/staff/{id}/providers/{provider}`
pub async fn bind_staff(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, provider_id)): Path<(String, String)>,
    Json(body): Json<wire::BindStaff>,
) -> Result<StatusCode, Problem> {
    provider::bind_staff(&app, &ctx, &staff_id(&id)?, &provider_id, &body.subject).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/staff/{id}/providers/{provider}`
pub async fn unbind_staff(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, provider_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    provider::unbind_staff(&app, &ctx, &staff_id(&id)?, &provider_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a sign-in is called after the program that asked: browser and system, as people know them.
pub fn device_of(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map(|it| it.1);
    // Each of these also names those below it.
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("AlipayClient", "Alipay"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("xitai/", "xitai"),
    ]);
    let system = first(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// The cookie that pages carry. No script can read it and no other site can send it.
pub fn cookie(token: &str, max_age_s: i64) -> String {
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}")
}

pub fn cleared_cookie() -> String {
    cookie("", 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_device_is_called_what_people_call_it() {
        let cases = [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
                "Chrome · Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile Safari/604.1",
                "Safari · iPhone",
            ),
            ("Mozilla/5.0 (Linux; Android 14) Chrome/99 Safari/537 MicroMessenger/8.0", "WeChat · Android"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126.0", "Edge · Windows"),
            ("xitai/0.1.0", "xitai"),
            ("", ""),
        ];
        for (agent, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
            assert_eq!(device_of(&headers), expected, "{agent}");
        }
    }
}
