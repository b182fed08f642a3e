//! The customer's own page: who is signed in, what the account holds, and how pages look.

use super::launcher::{branch_of, name_of};
use super::sign_in::{is_visitor, signed_out};
use super::view::{Erase, Me, Thing};
use crate::app::ctx::Ctx;
use crate::app::{App, erase, notice, passkey, profile, token};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::pages::cards::place_name;
use crate::pages::look::{self, Look};
use crate::pages::shell::Shell;
use crate::pages::{page, see, to};
use crate::render::web::html::Html;
use crate::render::web::{calendar, money};
use crate::words::{Locale, Words};
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::identity::Token;
use xitai_model::ledger::AccountKind;
use xitai_model::money::Money;
use xitai_model::presence::Passkey;

/// What the address says about the last form.
#[derive(Default, Deserialize)]
pub struct Asked {
    /// The code under which it was refused.
    refused: Option<String>,
}

/// `GET /app/me`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words, visiting) = (app.catalog(), look.words(), is_visitor(&ctx));
    let name = if visiting { words.say("visitor") } else { name_of(&ctx) };
    let branch = branch_of(&catalog, &ctx);
    let level = ctx.customer().map(|customer| crate::app::me::word(&customer.level));
    let passkeys = passkey::list(&app, &ctx).await?;
    let view = Me {
        shell: Shell {
            origin: app.identity.origin.clone(),
            unread: notice::unread(&app, &ctx).await?,
            ..look.shell(Some(&catalog), "me")
        },
        initial: name.chars().next().map(String::from).unwrap_or_default(),
        name,
        level: words.name("level", level.as_deref().unwrap_or("staff")),
        branch: branch.map(|branch| place_name(&catalog, &branch, &words)).unwrap_or_default(),
        balances: if visiting { Vec::new() } else { balances(&app, &ctx, &words).await? },
        visiting,
        problem: words.refused(asked.refused.as_deref()),
        erase: ctx.customer().filter(|_| !visiting).map(|customer| Erase {
            by_passkey: !passkeys.is_empty(),
            by_password: passkeys.is_empty() && !customer.password_hash.is_empty(),
            subject: customer.id.to_string(),
        }),
        passkeys: passkeys.iter().map(|passkey| passkey_line(passkey, &words, ctx.now_ms)).collect(),
        sign_ins: sign_ins(&app, &ctx, &words).await?,
    };
    page(&look, &view)
}

fn passkey_line(passkey: &Passkey, words: &Words, now_ms: i64) -> Thing {
    let made = words.say1("passkey-made", "when", calendar::short(words, passkey.made_ms, now_ms));
    let used =
        passkey.used_ms.map(|used_ms| words.say1("passkey-used", "when", calendar::short(words, used_ms, now_ms)));
    let line = used.map_or_else(|| made.clone(), |used| format!("{made} · {used}"));
    Thing { id: passkey.id.clone(), name: passkey.name.clone(), line, this: false }
}

async fn sign_ins(app: &App, ctx: &Ctx, words: &Words) -> Result<Vec<Thing>, Problem> {
    let tokens = token::list(app, ctx).await?;
    let thing = |token: &Token| {
        let how = words.name("how", &crate::app::me::word(&token.how));
        let when = calendar::short(words, token.made_ms, ctx.now_ms);
        let name = if token.name.is_empty() { words.say("device-unnamed") } else { token.name.clone() };
        let this = ctx.token.as_ref() == Some(&token.digest);
        Thing { id: token.id().to_owned(), name, line: format!("{how} · {when}"), this }
    };
    Ok(tokens.iter().map(thing).collect())
}

/// Back to the page, with why a form was refused.
fn back(done: Result<(), Problem>) -> Response {
    to("/app/me", done)
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// `POST /app/me/passkeys/{id}`
pub async fn rename_passkey(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Response {
    back(passkey::rename(&app, &ctx, &id, value(&pairs, "name").unwrap_or_default()).await.map(|_| ()))
}

/// `POST /app/me/tokens/{id}`
pub async fn end_sign_in(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Response {
    back(token::revoke(&app, &ctx, &id).await)
}

/// `POST /app/me/tokens`
pub async fn sign_out_everywhere(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    token::revoke_all(&app, &ctx).await?;
    signed_out()
}

/// `POST /app/me/erase`
pub async fn erase(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    match erase::erase(&app, &ctx, value(&pairs, "password")).await {
        Ok(()) => signed_out(),
        Err(problem) => Ok(back(Err(problem))),
    }
}

/// Currencies of one customer that are shown.
const CURRENCIES_MAX: usize = 20;

/// What the customer's account still has to give, in each of its currencies. Staff have none here.
async fn balances(app: &App, ctx: &Ctx, words: &Words) -> Result<Vec<Html>, Problem> {
    let Some(customer) = ctx.customer() else { return Ok(Vec::new()) };
    let mut all = app.store.available(AccountKind::Customer, customer.id.as_str(), CURRENCIES_MAX).await?;
    if all.is_empty() {
        all.push(Money::cny(0));
    }
    Ok(all.iter().map(|left| money::drawn_in(words, left)).collect())
}

/// `POST /app/me/look`: language and size of type go into the profile, and with the theme into this browser.
pub async fn look(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let said = |name: &str| value(&pairs, name).unwrap_or_default();
    let (locale, elder) = (Locale::of_tag(said("lang")), said("elder") == "on");
    profile::keep_look(&app, &ctx, locale, elder).await?;
    let mut response = see("/app/me");
    let headers = response.headers_mut();
    if let Some(locale) = locale {
        headers.append(header::SET_COOKIE, look::cookie(look::LOCALE_COOKIE, locale.tag()));
    }
    headers.append(header::SET_COOKIE, look::cookie(look::THEME_COOKIE, look::theme(said("theme"))));
    headers.append(header::SET_COOKIE, look::cookie(look::ELDER_COOKIE, if elder { "on" } else { "off" }));
    Ok(response)
}
