//! Going on elsewhere, on the customer's own pages: the code, where one is typed, and taking a session back.

use super::view::{ContinuePage, HandOverPage};
use crate::app::ctx::Ctx;
use crate::app::handover::Made;
use crate::app::{App, handover};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::pages::{Look, page, see};
use crate::render::web::html::Html;
use crate::render::web::qr;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::handover::Purpose;
use xitai_model::ids::SessionId;
use xitai_model::program::Channel;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    code: String,
    refused: Option<String>,
}

/// `POST /app/sessions/{id}/handover`
pub async fn make(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let session = SessionId::parse(&id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    let made = handover::make(&app, &ctx, &session).await?;
    let back = format!("/app/sessions/{session}");
    page(&look, &code_page(&app, &look, made, ("handover", "handover-text"), true, back))
}

/// `POST /app/me/codes`
pub async fn lend(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let to = pairs.iter().find(|(name, _)| name == "to").map_or("", |(_, to)| to.as_str());
    let (purpose, says) = match to {
        "kiosk" => (Purpose::SignIn, ("handover-kiosk", "handover-kiosk-text")),
        "chat" => (Purpose::Link, ("handover-chat", "handover-chat-text")),
        _ => return Err(Problem::malformed("to: kiosk or chat")),
    };
    let made = handover::lend(&app, &ctx, purpose).await?;
    page(&look, &code_page(&app, &look, made, says, false, "/app/me".to_owned()))
}

/// A code as it is shown. The address in its picture is for a phone; a code that lends a sign-in is for none.
pub fn code_page(
    app: &App,
    look: &Look,
    made: Made,
    (title, text): (&str, &str),
    with_qr: bool,
    back: String,
) -> HandOverPage {
    let words = look.words();
    let qr = with_qr.then(|| {
        let mut html = Html::new();
        let address = format!("{}/app/continue?code={}", app.identity.origin, made.code);
        qr::draw(&mut html, &address, &words.say("qr-code"));
        html
    });
    let code = format!("{} {}", &made.code[..3], &made.code[3..]);
    HandOverPage {
        shell: look.shell(Some(&app.catalog()), ""),
        title: words.say(title),
        text: words.say(text),
        code,
        qr,
        id: made.id.to_string(),
        until_ms: made.until_ms,
        back,
    }
}

/// `GET /app/continue?code=`: nothing is taken by looking.
pub async fn form(State(app): State<Arc<App>>, look: Look, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let code: String = asked.code.chars().filter(char::is_ascii_digit).take(6).collect();
    let problem = look.words().refused(asked.refused.as_deref());
    page(&look, &ContinuePage { shell: look.shell(Some(&app.catalog()), ""), code, problem })
}

/// `POST /app/continue`
pub async fn take(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let code = pairs.iter().find(|(name, _)| name == "code").map_or("", |(_, code)| code.as_str());
    Ok(match handover::take(&app, &ctx, code, Channel::Phone).await {
        Ok(view) => see(&format!("/app/sessions/{}", view.session)),
        Err(problem) => crate::pages::refused("/app/continue", &problem),
    })
}

/// `POST /app/sessions/{id}/back`
pub async fn take_back(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let session = SessionId::parse(&id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    handover::take_back(&app, &ctx, &session, Channel::Phone).await?;
    Ok(see(&format!("/app/sessions/{session}")))
}
