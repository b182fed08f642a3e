//! The customer's own page: who is signed in, what the account holds, and how pages look.

use super::launcher::{branch_of, name_of};
use super::view::Me;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::extract::FormPairs;
use crate::http::problem::Problem;
use crate::pages::cards::place_name;
use crate::pages::look::{self, Look};
use crate::pages::{page, see};
use crate::render::web::html::Html;
use crate::render::web::money;
use crate::words::Locale;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::money::{Currency, Money};

/// `GET /app/me`
pub async fn show(State(app): State<Arc<App>>, ctx: Ctx, look: Look) -> Result<Response, Problem> {
    let (catalog, words, name) = (app.catalog(), look.words(), name_of(&ctx));
    let branch = branch_of(&catalog, &ctx);
    let level = ctx.customer().map(|customer| crate::app::me::word(&customer.level));
    let view = Me {
        shell: look.shell(Some(&catalog), "me"),
        initial: name.chars().next().map(String::from).unwrap_or_default(),
        name,
        level: words.name("level", level.as_deref().unwrap_or("staff")),
        branch: branch.map(|branch| place_name(&catalog, &branch, &words)).unwrap_or_default(),
        balance: balance(&app, &ctx).await?,
    };
    page(&look, &view)
}

/// What the customer's account still has to give. Staff have none here.
async fn balance(app: &App, ctx: &Ctx) -> Result<Option<Html>, Problem> {
    let Some(customer) = ctx.customer() else { return Ok(None) };
    let account = AccountKey { kind: AccountKind::Customer, owner: customer.id.to_string(), currency: Currency::CNY };
    let balances = app.store.balances(&account).await?;
    Ok(Some(money::drawn(&Money::new(balances.available(), Currency::CNY))))
}

/// `POST /app/me/look`: language, theme and size of type, kept in this browser.
pub async fn look(FormPairs(pairs): FormPairs) -> Response {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let mut response = see("/app/me");
    let headers = response.headers_mut();
    if let Some(locale) = Locale::of_tag(value("lang")) {
        headers.append(header::SET_COOKIE, look::cookie(look::LOCALE_COOKIE, locale.tag()));
    }
    headers.append(header::SET_COOKIE, look::cookie(look::THEME_COOKIE, look::theme(value("theme"))));
    let elder = if value("elder") == "on" { "on" } else { "off" };
    headers.append(header::SET_COOKIE, look::cookie(look::ELDER_COOKIE, elder));
    response
}
