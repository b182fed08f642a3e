//! The organisation at head office: the tree of places, people and what they may do, and how both came to be so.

mod people;
mod places;

use super::desk::{self, Asked};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, me, organisation, role_name};
use crate::http::extract::{FormPairs, Query};
use crate::http::problem::Problem;
use crate::http::routes::{Access as Gate, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::ids::{PlaceId, PublisherId, StaffId};
use xitai_model::organisation::Names;
use xitai_model::place::{Access, Place, PlaceKind, Role, Staff};
use xitai_model::policy::Action;
use xitai_model::proposal::Proposal;

const HERE: &str = "/console/organisation";
/// Stands before a place's name once for each place above it.
const INDENT: &str = "　";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (reads, keeps) = (Gate::ForBank(Action::ReadOrganisation), Gate::ForBank(Action::KeepOrganisation));
    vec![
        row(get.clone(), HERE, reads, "organisation.read", list),
        row(post.clone(), HERE, keeps, "organisation.kept", add),
        row(get.clone(), "/console/organisation/places/{id}", reads, "page.place", places::show),
        row(post.clone(), "/console/organisation/places/{id}", keeps, "place.changed", places::change),
        row(get, "/console/organisation/staff/{id}", reads, "page.staff", people::show),
        // Who proposes and who decides are two people: each is asked for where the form is known.
        row(post, "/console/organisation/staff/{id}", reads, "staff.access-decided", people::change),
    ]
}

/// `GET /console/organisation`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let reader = organisation::reader(&app, &ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.tables.push(tree(&catalog, &words));
    body.tables.push(staff(&catalog, &words));
    if desk::may_for_bank(&catalog, reader, Action::KeepOrganisation) {
        body.forms = forms(&catalog, &words);
    }
    let shell = desk::desk(&look, &catalog, reader, HERE, &asked);
    page(&look, &Board { shell, title: words.say("organisation"), crumb: None, badge: None, body })
}

/// The tree, each place below the one that it belongs to.
fn tree(catalog: &Catalog, words: &Words) -> Table {
    let mut rows = Vec::new();
    if let Some(bank) = catalog.bank() {
        branch_of_tree(catalog, bank, 0, words, &mut rows);
    }
    Table {
        title: words.say("places"),
        columns: ["place", "place-kind", "state", "place-people"].map(|key| words.say(key)).to_vec(),
        rows,
        empty: ("building", words.say("places"), String::new()),
    }
}

fn branch_of_tree(catalog: &Catalog, place: &Place, depth: usize, words: &Words, rows: &mut Vec<Row>) {
    let people = catalog.staff.values().map(|kept| &kept.value);
    let there = people.filter(|staff| staff.roles.iter().any(|(_, at)| *at == place.id)).count();
    rows.push(Row {
        href: Some(format!("{HERE}/places/{}", place.id)),
        cells: vec![
            Cell::Text(format!("{}{}", INDENT.repeat(depth), place_name(catalog, &place.id, words))),
            Cell::Text(words.name("place-kind", &me::word(&place.kind))),
            Cell::Badge(place_badge(place, words)),
            Cell::Text(there.to_string()),
        ],
    });
    // A ring, which no command makes, ends here.
    if depth < catalog.places.len() {
        let all = catalog.places.values().map(|kept| &kept.value);
        for child in all.filter(|child| child.parent.as_ref() == Some(&place.id)) {
            branch_of_tree(catalog, child, depth + 1, words, rows);
        }
    }
}

fn place_badge(place: &Place, words: &Words) -> Badge {
    match &place.over {
        None => Badge::new(words.say("place-open"), "success"),
        Some(over) if over.into.is_some() => Badge::new(words.say("place-merged"), ""),
        Some(_) => Badge::new(words.say("place-closed"), ""),
    }
}

fn staff(catalog: &Catalog, words: &Words) -> Table {
    let row = |staff: &Staff| Row {
        href: Some(format!("{HERE}/staff/{}", staff.id)),
        cells: vec![
            Cell::Text(staff.name.clone()),
            Cell::Text(staff.id.to_string()),
            Cell::Text(roles(catalog, &staff.access(), words)),
            Cell::Badge(staff_badge(staff, words)),
        ],
    };
    Table {
        title: words.say("staff"),
        columns: ["staff-name", "staff-id", "staff-roles", "state"].map(|key| words.say(key)).to_vec(),
        rows: catalog.staff.values().map(|kept| row(&kept.value)).collect(),
        empty: ("people", words.say("staff"), String::new()),
    }
}

fn roles(catalog: &Catalog, access: &Access, words: &Words) -> String {
    let one = |(role, place): &(Role, PlaceId)| {
        format!("{} · {}", words.name("role", &role_name(*role)), place_name(catalog, place, words))
    };
    let publisher = access.publisher.iter().map(ToString::to_string);
    let all: Vec<String> = access.roles.iter().map(one).chain(publisher).collect();
    if all.is_empty() { words.say("staff-nothing") } else { all.join(", ") }
}

fn staff_badge(staff: &Staff, words: &Words) -> Badge {
    match (&staff.closed, staff.proposed.as_ref().is_some_and(Proposal::is_waiting)) {
        (Some(_), _) => Badge::new(words.say("staff-closed"), "danger"),
        (None, true) => Badge::new(words.say("proposal-waiting"), "warning"),
        (None, false) => Badge::new(words.say("staff-open"), "success"),
    }
}

/// Places that are open, as a form offers them.
fn open_places(catalog: &Catalog, words: &Words) -> Vec<(String, String)> {
    let open = catalog.places.values().map(|kept| &kept.value).filter(|place| place.over.is_none());
    open.map(|place| (place.id.to_string(), place_name(catalog, &place.id, words))).collect()
}

fn kinds(words: &Words) -> Vec<(String, String)> {
    let kinds = [PlaceKind::Region, PlaceKind::Branch, PlaceKind::Merchant, PlaceKind::Partner];
    kinds.map(|kind| (me::word(&kind), words.name("place-kind", &me::word(&kind)))).to_vec()
}

fn forms(catalog: &Catalog, words: &Words) -> Vec<Form> {
    let form = |title: &str, text: &str, fields, word| Form {
        title: words.say(title),
        text: words.say(text),
        action: HERE.to_owned(),
        fields,
        buttons: vec![Button::new(word, words.say(title), "primary")],
    };
    vec![
        form(
            "place-found",
            "place-found-text",
            vec![
                Field::text("id", words.say("place-id")).hint("wuxi"),
                Field::text("name", words.say("place-name")),
                Field::text("english", words.say("place-name-english")).optional(),
                Field::choice("kind", words.say("place-kind"), kinds(words)),
                Field::choice("parent", words.say("place-parent"), open_places(catalog, words)),
            ],
            "found",
        ),
        form(
            "staff-hire",
            "staff-hire-text",
            vec![
                Field::text("id", words.say("staff-id")).hint("risk-li"),
                Field::text("name", words.say("staff-name")),
                Field::text("person", words.say("staff-person")),
            ],
            "hire",
        ),
        form(
            "publisher-add",
            "publisher-add-text",
            vec![
                Field::text("id", words.say("publisher-id")).hint("river-tea"),
                Field::text("name", words.say("publisher-name")),
            ],
            "publisher",
        ),
    ]
}

fn names(posted: &Posted) -> Names {
    let name = posted.value("name").to_owned();
    let english = posted.filled("english").map(|english| ("en".to_owned(), english.to_owned()));
    let own = english.is_some().then(|| ("zh-CN".to_owned(), name.clone()));
    Names { names: english.into_iter().chain(own).collect::<BTreeMap<_, _>>(), name }
}

/// `POST /console/organisation`
async fn add(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Response {
    let posted = Posted(pairs);
    desk::back(HERE, added(&app, &ctx, &posted).await.map(|()| "organisation-done"))
}

async fn added(app: &App, ctx: &Ctx, posted: &Posted) -> Result<(), Problem> {
    match posted.value("do") {
        "found" => {
            let kind = kind_of(posted.value("kind"))?;
            let (id, parent) = (PlaceId::parse(posted.value("id"))?, PlaceId::parse(posted.value("parent"))?);
            organisation::found(app, ctx, id, kind, parent, names(posted)).await.map(|_| ())
        }
        "hire" => {
            let id = StaffId::parse(posted.value("id"))?;
            organisation::hire(app, ctx, id, posted.value("name"), posted.value("person")).await.map(|_| ())
        }
        _ => {
            let id = PublisherId::parse(posted.value("id"))?;
            organisation::add_publisher(app, ctx, id, posted.value("name")).await.map(|_| ())
        }
    }
}

fn kind_of(word: &str) -> Result<PlaceKind, Problem> {
    serde_json::from_value(serde_json::Value::from(word)).map_err(|_| Problem::malformed("kind"))
}
