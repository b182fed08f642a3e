//! The second factor before a first passkey: a one-time code by the bank's own way, a passkey that is there already, or
//! a sign-in that was made with two factors just now.

use super::App;
use super::challenge;
use super::ctx::Ctx;
use super::identity::{Codes, has_strong_sign_in, who};
use super::publish::commit;
use super::rate::Guesses;
use super::{me, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::presence::{Challenge, Guessed, OneTimeCode, Purpose, six_digits};

/// A code that somebody typed, and the challenge that it answers.
#[derive(Debug, Clone)]
pub struct TypedCode {
    pub challenge: String,
    pub code: String,
}

/// Sends the caller a code. Gives the challenge to answer.
pub async fn send_code(app: &App, ctx: &Ctx) -> Result<Challenge, Problem> {
    let who = who(ctx)?;
    if matches!(app.identity.codes, Codes::Off) {
        return Err(Problem::new(code::AUTH_CODES_CLOSED));
    }
    app.rates.guess(Guesses::CodeSent, &who.audit_name(), ctx.now_ms)?;
    let digits = six_digits(app.clock.random());
    let mut waits = challenge::make(app, ctx, Purpose::Code, Some(who.clone()), json!(null));
    waits.body = json!(OneTimeCode::new(&waits.id, &digits));
    let (to, locale) = (who.audit_name(), me::locale(ctx).to_owned());
    match &app.identity.codes {
        Codes::Off => {}
        // Openly a demo's means: the line is made to be found.
        Codes::Log => {
            let login = ctx.customer().map_or(to.as_str(), |customer| customer.login.as_str());
            println!("[demo] One-time code for {login}: {digits}");
        }
        Codes::Gateway(gateway) => {
            let (gateway, to) = (gateway.clone(), to.clone());
            app.identity.outside(move || gateway.send(&to, &digits, &locale)).await?;
        }
    }
    let changes = vec![Change::Challenge(waits.clone())];
    commit(app, ctx, Vec::new(), changes, "code.sent", &to, json!({})).await?;
    Ok(waits)
}

/// What shows that there was a second factor, for one thing to be done. The changes go into that thing's commit.
pub async fn check(
    app: &App,
    ctx: &Ctx,
    typed: Option<&TypedCode>,
    action: &str,
    subject: &str,
) -> Result<Vec<Change>, Problem> {
    if let Some(id) = &ctx.step_up {
        let taken = step_up::for_intent(app, ctx, id, action, subject).await?;
        return Ok(vec![taken.change]);
    }
    if let Some(typed) = typed {
        return Ok(vec![check_code(app, ctx, typed).await?]);
    }
    if has_strong_sign_in(ctx) {
        return Ok(Vec::new());
    }
    let who = who(ctx)?;
    let has_passkey = super::identity::has_passkey(app, &who).await?;
    Err(Problem::new(code::AUTH_FACTOR)
        .member("step_up", json!({ "action": action, "subject": subject, "has_passkey": has_passkey }))
        .member("codes", (!matches!(app.identity.codes, Codes::Off)).into()))
}

async fn check_code(app: &App, ctx: &Ctx, typed: &TypedCode) -> Result<Change, Problem> {
    let who = who(ctx)?;
    app.rates.guess(Guesses::Passkey, &who.audit_name(), ctx.now_ms)?;
    let waits = challenge::waiting(app, ctx, &typed.challenge, Purpose::Code, Some(&who)).await?;
    let code: OneTimeCode = serde_json::from_value(waits.body.clone()).map_err(Problem::internal)?;
    let change = match code.guess(&waits.id, typed.code.trim()) {
        Guessed::Right => return Ok(challenge::taken(&waits)),
        Guessed::Wrong(left) => Change::Challenge(Challenge { body: json!(left), ..waits }),
        Guessed::Over => challenge::taken(&waits),
    };
    let name = who.audit_name();
    commit(app, ctx, Vec::new(), vec![change], "code.refused", &name, json!({})).await.map_err(challenge::lost)?;
    Err(Problem::new(code::AUTH_CODE))
}
