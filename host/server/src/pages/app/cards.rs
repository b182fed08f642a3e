//! The customer's cards of other banks: what can pay, and the way to the page where another one is entered.

use super::view::Entered;
use crate::app::ctx::Ctx;
use crate::app::{App, card};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::cards::card_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{AppBoard, Body, Button, Cell, Form, Posted, Row, Table};
use crate::pages::{Look, page, refused, see, to};
use crate::render::web::calendar;
use crate::render::web::sheet::card_name;
use axum::extract::State;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;

const HERE: &str = "/app/cards";

pub fn routes() -> Vec<Route> {
    let (get, post, own) = (Method::GET, Method::POST, Access::SignedIn);
    vec![
        row(get.clone(), HERE, own, "page.cards", list),
        // By a link: a form of ours may not lead to another site.
        row(get.clone(), "/app/cards/add", own, "card.asked", begin),
        // The way back comes from another site, without the cookie of the sign-in: the next page is ours again.
        row(get.clone(), "/app/cards/back", Access::Anyone, "page.card-back", back),
        row(get, "/app/cards/bound", own, "card.bound", bound),
        row(post, "/app/cards/{id}", own, "card.removed", remove),
    ]
}

#[derive(Deserialize)]
pub struct Asked {
    said: Option<String>,
    refused: Option<String>,
}

/// `GET /app/cards`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let cards = card::own(&app, &ctx).await?;
    let mut body = Body::default();
    body.notices.extend(words.refused(asked.refused.as_deref()).map(|text| ("danger", text)));
    if asked.said.as_deref() == Some("bound") {
        body.notices.push(("success", words.say("said-card-bound")));
    }
    body.tables.push(Table {
        title: String::new(),
        columns: ["card", "card-since"].map(|key| words.say(key)).to_vec(),
        rows: cards
            .iter()
            .map(|card| Row {
                href: None,
                cells: vec![
                    Cell::Text(card_name(&card.body.issuer, &card.body.last_four)),
                    Cell::Text(calendar::date(&words, card.matter.made_ms)),
                ],
            })
            .collect(),
        empty: ("pay", words.say("cards-empty"), words.say("cards-empty-text")),
    });
    if app.rails.of_cards().is_some() {
        body.notices.push(("info", words.say("card-add-text")));
        body.links.push((words.say("card-add"), format!("{HERE}/add")));
    }
    body.forms.extend(cards.iter().map(|card| Form {
        title: card_name(&card.body.issuer, &card.body.last_four),
        text: words.say("card-remove-text"),
        action: format!("{HERE}/{}", card.matter.id),
        fields: Vec::new(),
        buttons: vec![Button::new("remove", words.say("card-remove"), "danger")],
    }));
    let shell = look.shell(Some(&catalog), "me");
    page(&look, &AppBoard { shell, title: words.say("cards"), back: "/app/me".to_owned(), badge: None, body })
}

/// The bank's address as this browser knows it: its origin, or another name of this very machine, where the sign-in is.
fn here(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_near = |authority: &str| {
        let name = authority.rsplit_once(':').map_or(authority, |(name, _)| name);
        ["localhost", "127.0.0.1"].contains(&name)
    };
    match app.identity.origin.split_once("://") {
        Some((scheme, authority)) if is_near(authority) && is_near(host) => format!("{scheme}://{host}"),
        _ => app.identity.origin.clone(),
    }
}

/// `GET /app/cards/add`: to the rail's own page.
async fn begin(State(app): State<Arc<App>>, ctx: Ctx, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(match card::begin(&app, &ctx, &here(&app, &headers)).await {
        Ok(url) => see(&url),
        Err(problem) => refused(HERE, &problem),
    })
}

#[derive(Deserialize)]
struct Returned {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

impl Returned {
    /// Both are what a rail and this host make: nothing that would need escaping.
    fn is_plain(&self) -> bool {
        let plain =
            |text: &str| text.len() <= 256 && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it));
        plain(&self.state) && plain(&self.code)
    }
}

/// `GET /app/cards/back?state=&code=`
async fn back(State(app): State<Arc<App>>, look: Look, Query(returned): Query<Returned>) -> Result<Response, Problem> {
    if !returned.is_plain() {
        return Err(Problem::new(code::CARD_STATE));
    }
    let next = format!("{HERE}/bound?state={}&code={}", returned.state, returned.code);
    page(&look, &Entered { shell: look.shell(Some(&app.catalog()), ""), next })
}

/// `GET /app/cards/bound?state=&code=`
async fn bound(State(app): State<Arc<App>>, ctx: Ctx, Query(returned): Query<Returned>) -> Result<Response, Problem> {
    Ok(match card::finish(&app, &ctx, &returned.state, &returned.code).await {
        Ok(_) => see(&format!("{HERE}?said=bound")),
        Err(problem) => refused(HERE, &problem),
    })
}

/// `POST /app/cards/{id}`
async fn remove(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    if Posted(pairs).value("do") != "remove" {
        return Ok(see(HERE));
    }
    Ok(to(HERE, card::remove(&app, &ctx, &card_id(&id)?).await))
}
