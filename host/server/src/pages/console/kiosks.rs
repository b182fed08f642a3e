//! A branch's kiosks: registering a device, and taking one out of use.

use super::desk::{self, Asked};
use crate::app::ctx::Ctx;
use crate::app::{App, kiosk};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ids::BranchId;
use xitai_model::kiosk::Kiosk;
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};

pub const HERE: &str = "/console/kiosks";

pub fn routes() -> Vec<Route> {
    let keep = Access::May(Action::KeepKiosks);
    vec![
        row(Method::GET, HERE, Access::May(Action::ReadKiosks), "kiosk.list", list),
        row(Method::POST, HERE, keep, "kiosk.registered", register),
        row(Method::POST, "/console/kiosks/{id}/revoke", keep, "kiosk.revoked", revoke),
    ]
}

/// `GET /console/kiosks`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadKiosks)?;
    page(&look, &board(&app, &ctx, &look, staff, &asked, None)?)
}

/// The list; with the token of a device that has just been registered, which is shown this once.
fn board(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    asked: &Asked,
    token: Option<(String, String)>,
) -> Result<Board, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let all = kiosk::list(app, ctx)?;
    let may_keep = |branch: &BranchId| {
        let of_place = Resource { place: Some(branch), ..Resource::default() };
        desk::may(&catalog, staff, Action::KeepKiosks, of_place)
    };
    let mut body = Body::default();
    if let Some((name, token)) = token {
        body.notices.push(("success", words.say("kiosk-token-once")));
        body.facts.push(Facts { title: name, rows: vec![(words.say("kiosk-token"), token)] });
    }
    body.tables.push(table(&all, |branch| place_name(&catalog, branch, &words), &words, ctx.now_ms));
    let branches: Vec<(String, String)> = catalog
        .branches()
        .filter(|place| may_keep(&place.id))
        .map(|place| (place.id.to_string(), place_name(&catalog, &place.id, &words)))
        .collect();
    if !branches.is_empty() {
        body.forms.push(Form {
            title: words.say("kiosk-register"),
            text: words.say("kiosk-register-text"),
            action: HERE.to_owned(),
            fields: vec![
                Field::choice("branch", words.say("branch"), branches),
                Field::text("name", words.say("kiosk-name")).hint(&words.say("kiosk-name-hint")),
            ],
            buttons: vec![Button::new("register", words.say("kiosk-register"), "primary")],
        });
    }
    for kiosk in all.iter().filter(|kiosk| kiosk.is_in_use() && may_keep(&kiosk.branch)) {
        body.forms.push(Form {
            title: words.say1("kiosk-revoke", "name", kiosk.name.as_str()),
            text: words.say("kiosk-revoke-text"),
            action: format!("{HERE}/{}/revoke", kiosk.id),
            fields: Vec::new(),
            buttons: vec![Button::new("revoke", words.say1("kiosk-revoke", "name", kiosk.name.as_str()), "danger")],
        });
    }
    let shell = desk::desk(look, &catalog, staff, HERE, asked);
    Ok(Board { shell, title: words.say("kiosks"), crumb: None, badge: None, body })
}

fn table(all: &[Kiosk], branch: impl Fn(&BranchId) -> String, words: &Words, now_ms: i64) -> Table {
    let row = |kiosk: &Kiosk| {
        let (state, tone) = if kiosk.is_in_use() { ("in-use", "success") } else { ("revoked", "") };
        Row {
            href: None,
            cells: vec![
                Cell::Text(kiosk.name.clone()),
                Cell::Text(branch(&kiosk.branch)),
                Cell::Badge(Badge::new(words.name("kiosk", state), tone)),
                Cell::Text(kiosk.by.to_string()),
                Cell::Text(calendar::short(words, kiosk.made_ms, now_ms)),
            ],
        }
    };
    Table {
        title: words.say("kiosks"),
        columns: ["kiosk-name", "branch", "state", "kiosk-by", "time"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("grid", words.say("kiosks-empty"), words.say("kiosks-empty-text")),
    }
}

/// `POST /console/kiosks`
async fn register(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let staff = desk::staff(&app, &ctx, Action::KeepKiosks)?;
    let branch = BranchId::parse(posted.value("branch"))?;
    match kiosk::register(&app, &ctx, &branch, posted.value("name")).await {
        Ok(made) => {
            let shown = Some((made.kiosk.name.clone(), made.token));
            page(&look, &board(&app, &ctx, &look, staff, &Asked::default(), shown)?)
        }
        Err(problem) if problem.status().is_client_error() => Ok(desk::back(HERE, Err(problem))),
        Err(problem) => Err(problem),
    }
}

/// `POST /console/kiosks/{id}/revoke`
async fn revoke(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    Ok(desk::back(HERE, kiosk::revoke(&app, &ctx, &id).await.map(|_| "revoked")))
}
