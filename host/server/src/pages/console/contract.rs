//! The contract by its callers: which programs use which interface, and what of it goes away.

use super::desk::{self, Asked};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Cell, Row, Table};
use crate::pages::{Look, page};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::collections::BTreeSet;
use std::sync::Arc;
use xitai_model::contract::{DEPRECATED, deprecated};
use xitai_model::ids::ReleaseId;
use xitai_model::manifest::PERMISSIONS;
use xitai_model::policy::Action;

const HERE: &str = "/console/contract";

pub fn routes() -> Vec<Route> {
    vec![row(Method::GET, HERE, Access::ForBank(Action::ReadRelease), "page.contract", show)]
}

/// `GET /console/contract`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRelease)?;
    let (catalog, words) = (app.catalog(), look.words());
    let body = Body { tables: vec![table(&catalog, &words)], ..Body::default() };
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("contract"), crumb: None, badge: None, body })
}

fn table(catalog: &Catalog, words: &Words) -> Table {
    let row = |interface: &&str| {
        let badge = match deprecated(interface, DEPRECATED) {
            Some(row) => Badge::new(words.say1("contract-until", "day", row.sunset), "warning"),
            None => Badge::new(words.say("contract-stays"), "success"),
        };
        let callers = callers(catalog, interface);
        Row {
            href: None,
            cells: vec![
                Cell::Text((*interface).to_owned()),
                Cell::Text(callers.len().to_string()),
                Cell::Text(callers.into_iter().collect::<Vec<_>>().join(", ")),
                Cell::Badge(badge),
            ],
        }
    };
    Table {
        title: String::new(),
        columns: ["contract-interface", "contract-callers", "programs", "state"].map(|key| words.say(key)).to_vec(),
        rows: PERMISSIONS.iter().map(row).collect(),
        empty: ("list", words.say("contract"), String::new()),
    }
}

/// Programs of which some release that goes out was granted the interface.
fn callers(catalog: &Catalog, interface: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (program, kept) in &catalog.rollouts {
        let ids =
            kept.value.stages.iter().map(|it| ReleaseId { program: program.clone(), version: it.version.clone() });
        let mut live = ids.filter_map(|id| catalog.release(&id));
        if live.any(|release| release.granted.iter().any(|granted| granted == interface)) {
            found.insert(program.to_string());
        }
    }
    found
}
