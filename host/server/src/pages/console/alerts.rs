//! Alerts: what programs did beyond their habit, and the button that says "I have it".

use super::desk::{self, Asked, staff_name};
use crate::app::alert::counted;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, alert};
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::alerts::alert_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::alert::{Alert, State as AlertState};
use xitai_model::policy::Action;

pub const HERE: &str = "/console/alerts";
/// Forms on the page: those who take alerts take the newest first.
const FORMS_MAX: usize = 20;

pub fn routes() -> Vec<Route> {
    let (reads, takes) = (Access::ForBank(Action::ReadAlerts), Access::ForBank(Action::TakeAlerts));
    vec![row(Method::GET, HERE, reads, "page.alerts", list), row(Method::POST, HERE, takes, "alert.acknowledged", act)]
}

fn row_of(catalog: &Catalog, read: &Read<Alert>, words: &Words, now_ms: i64) -> Row {
    let alert = &read.body;
    let (state, by) = match &alert.state {
        AlertState::Raised { tells, .. } => (Badge::new(words.say("alert-raised"), "danger"), tells.to_string()),
        AlertState::GivenUp { tells } => (Badge::new(words.say("alert-given-up"), "danger"), tells.to_string()),
        AlertState::Acknowledged { by, .. } => {
            (Badge::new(words.say("alert-acknowledged"), "success"), staff_name(catalog, by))
        }
    };
    Row {
        href: Some(format!("/console/programs/{}", alert.program)),
        cells: vec![
            Cell::Text(super::program_card(catalog, &alert.program, words).name),
            Cell::Text(counted(alert, words)),
            Cell::Badge(state),
            Cell::Text(by),
            Cell::Text(calendar::short(words, alert.raised_ms, now_ms)),
        ],
    }
}

/// `GET /console/alerts`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadAlerts)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = alert::list(&app, &ctx).await?;
    let mut body = Body::default();
    if !app.duty.is_anybody() {
        body.notices.push(("info", words.say("alert-no-outlet")));
    }
    body.tables.push(Table {
        title: String::new(),
        columns: ["program", "alert", "state", "alert-told", "time"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(|read| row_of(&catalog, read, &words, ctx.now_ms)).collect(),
        empty: ("check", words.say("alerts-empty"), words.say("alerts-empty-text")),
    });
    if desk::may_for_bank(&catalog, staff, Action::TakeAlerts) {
        let open = all.iter().filter(|read| read.body.is_open()).take(FORMS_MAX);
        body.forms.extend(open.map(|read| form(&catalog, read, &words)));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("alerts"), crumb: None, badge: None, body })
}

fn form(catalog: &Catalog, read: &Read<Alert>, words: &Words) -> Form {
    Form {
        title: super::program_card(catalog, &read.body.program, words).name,
        text: counted(&read.body, words),
        action: HERE.to_owned(),
        fields: vec![Field::hidden("id", read.matter.id.to_string())],
        buttons: vec![Button::new("acknowledge", words.say("alert-take"), "primary")],
    }
}

/// `POST /console/alerts`
async fn act(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let done = alert::acknowledge(&app, &ctx, &alert_id(posted.value("id"))?).await;
    Ok(desk::back(HERE, done.map(|_| "alert-taken")))
}
