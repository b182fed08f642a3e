//! What other rails were told, and what is not known yet.

use super::desk::{self, Asked};
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, me, rail};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Cell, Row, Table};
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::policy::Action;
use xitai_model::rail::{Instruction, State as Stands};

const HERE: &str = "/console/rails";

pub fn routes() -> Vec<Route> {
    vec![row(Method::GET, HERE, Access::ForBank(Action::ReadRails), "page.rails", list)]
}

fn badge(it: &Instruction, words: &Words) -> Badge {
    let (name, tone) = match &it.state {
        _ if it.is_doubtful() => ("unknown", "danger"),
        Stands::Made { .. } | Stands::Sending { .. } | Stands::Open { .. } | Stands::Asking { .. } => {
            ("open", "warning")
        }
        Stands::Done { .. } => ("done", "success"),
        Stands::Refused { .. } => ("refused", ""),
    };
    Badge::new(words.name("instruction", name), tone)
}

fn table(title: &str, all: &[Read<Instruction>], words: &Words, now_ms: i64) -> Table {
    let row = |read: &Read<Instruction>| Row {
        href: None,
        cells: vec![
            Cell::Text(words.name("instruction-kind", &me::word(&read.body.kind))),
            Cell::Money(money::drawn(&read.body.amount)),
            Cell::Text(format!("{} · {}", read.body.rail, read.body.reference)),
            Cell::Text(read.body.payment.as_ref().map(ToString::to_string).unwrap_or_default()),
            Cell::Text(format!("{} · {}", read.body.tries, read.body.last)),
            Cell::Badge(badge(&read.body, words)),
            Cell::Text(calendar::short(words, read.body.made_ms, now_ms)),
        ],
    };
    let columns = ["instruction-does", "amount", "purpose", "fact-number", "instruction-tries", "state", "time"];
    Table {
        title: words.say(title),
        columns: columns.map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("check", words.say("rails-empty"), words.say("rails-empty-text")),
    }
}

/// `GET /console/rails`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRails)?;
    let (catalog, words) = (app.catalog(), look.words());
    let listed = rail::list(&app, &ctx).await?;
    let mut body = Body::default();
    body.tables.push(table("rails-open", &listed.open, &words, ctx.now_ms));
    body.tables.push(table("rails-newest", &listed.newest, &words, ctx.now_ms));
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("rails"), crumb: None, badge: None, body })
}
