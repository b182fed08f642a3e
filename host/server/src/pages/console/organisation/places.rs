//! A place: what it is, what it was, and what may become of it.

use super::{HERE, names, place_badge};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, me, organisation, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::organisation::place_id;
use crate::http::problem::Problem;
use crate::pages::board::{Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::{names_of, place_name};
use crate::pages::console::desk::{self, Asked, staff_name};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::PlaceId;
use xitai_model::organisation::Command;
use xitai_model::place::{Place, PlaceKind};
use xitai_model::policy::Action;

/// `GET /console/organisation/places/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let reader = organisation::reader(&app, &ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let id = place_id(&id)?;
    let place = catalog.place(&id).ok_or_else(|| Problem::new(code::PLACE_NOT_FOUND))?;
    let named = |id: &Option<PlaceId>| id.as_ref().map(|id| place_name(&catalog, id, &words)).unwrap_or_default();
    let mut body = Body::default();
    let mut rows = vec![
        (words.say("place-id"), place.id.to_string()),
        (words.say("place-kind"), words.name("place-kind", &me::word(&place.kind))),
        (words.say("place-parent"), named(&place.parent)),
    ];
    if let Some(over) = &place.over {
        let when = calendar::exact(words.zone(), over.at_ms);
        rows.push((place_badge(place, &words).text, format!("{when} · {}", named(&over.into))));
    }
    body.facts.push(Facts { title: words.say("place"), rows });
    let row = |past: &xitai_model::place::PastPlace| Row {
        href: None,
        cells: vec![
            Cell::Text(calendar::exact(words.zone(), past.until_ms)),
            Cell::Text(names_of(&past.name, &past.names, &words)),
            Cell::Text(named(&past.parent)),
            Cell::Text(staff_name(&catalog, &past.by)),
        ],
    };
    body.tables.push(Table {
        title: words.say("place-past"),
        columns: ["place-until", "place-name", "place-parent", "place-by"].map(|key| words.say(key)).to_vec(),
        rows: place.past.iter().rev().map(row).collect(),
        empty: ("clock", words.say("place-past-none"), words.say("place-past-none-text")),
    });
    if place.over.is_none() && desk::may_for_bank(&catalog, reader, Action::KeepOrganisation) {
        let signs = step_up::asks(&app, &ctx, Action::KeepOrganisation).await?;
        body.forms = place_forms(&catalog, place, signs, &words);
    }
    let shell = desk::desk(&look, &catalog, reader, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("organisation")));
    let badge = Some(place_badge(place, &words));
    page(&look, &Board { shell, title: place_name(&catalog, &id, &words), crumb, badge, body })
}

fn place_forms(catalog: &Catalog, place: &Place, signs: bool, words: &Words) -> Vec<Form> {
    let form = |word: &'static str, text: &str, fields, look| Form {
        title: words.say(&format!("place-{word}")),
        text: words.say(text),
        action: format!("{HERE}/places/{}", place.id),
        fields,
        buttons: vec![Button::new(word, words.say(&format!("place-{word}")), look).signing(
            Action::KeepOrganisation.as_str(),
            format!("{word} {}", place.id),
            signs,
        )],
    };
    let english = place.names.get("en").cloned().unwrap_or_default();
    let fields = vec![
        Field::text("name", words.say("place-name")).value(place.name.as_str()),
        Field::text("english", words.say("place-name-english")).value(english).optional(),
    ];
    let mut all = vec![form("rename", "place-rename-text", fields, "primary")];
    if place.kind != PlaceKind::Bank {
        let others = |fits: &dyn Fn(&Place) -> bool| -> Vec<(String, String)> {
            let open = catalog.places.values().map(|kept| &kept.value).filter(|other| other.over.is_none());
            let fitting = open.filter(|other| other.id != place.id && fits(other));
            fitting.map(|other| (other.id.to_string(), place_name(catalog, &other.id, words))).collect()
        };
        let above = others(&|other| place.kind.may_lie_below(other.kind));
        let alike = others(&|other| other.kind == place.kind);
        let field = vec![Field::choice("parent", words.say("place-parent"), above)];
        all.push(form("move", "place-move-text", field, "secondary"));
        if !alike.is_empty() {
            let field = vec![Field::choice("into", words.say("place-into"), alike)];
            all.push(form("merge", "place-merge-text", field, "danger"));
        }
        all.push(form("close", "place-close-text", Vec::new(), "danger"));
    }
    all
}

/// `POST /console/organisation/places/{id}`
pub async fn change(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (place, posted) = (place_id(&id)?, Posted(pairs));
    let command = match posted.value("do") {
        "rename" => Ok(Command::Rename(names(&posted))),
        "move" => PlaceId::parse(posted.value("parent")).map(|parent| Command::Move { parent }),
        "merge" => PlaceId::parse(posted.value("into")).map(|into| Command::Merge { into }),
        _ => Ok(Command::Close),
    };
    let done = match command {
        Ok(command) => organisation::change(&app, &ctx, &place, command).await.map(|_| "organisation-done"),
        Err(bad) => Err(bad.into()),
    };
    Ok(desk::back(&format!("{HERE}/places/{place}"), done))
}
