//! Publishers at head office: who is qualified for what and until when, what they filed, the keys they sign with.

use super::desk::{self, Asked};
use super::four_eyes::{decide_form_for, proposed, said, verdict};
use super::merchants::application_badge;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::publisher::{self, Filed};
use crate::app::{App, me, publisher_key, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publishers::{application_id, publisher_id};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::http::wire;
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::publisher::{keys, qualification};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::policy::Action;
use xitai_model::publisher::application::{Application, Grant, State as ApplicationState};
use xitai_model::publisher::{Publisher, Standing, Tier};

const HERE: &str = "/console/publishers";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let reads = Access::ForBank(Action::ReadPublishers);
    vec![
        row(get.clone(), HERE, reads, "publisher.list", list),
        row(get.clone(), "/console/publishers/{id}", reads, "publisher.view", show),
        row(
            post.clone(),
            "/console/publishers/{id}/keys/{key}",
            Access::ForBank(Action::RevokeKeys),
            "publisher-key.revoked",
            revoke,
        ),
        row(get, "/console/publisher-applications/{id}", reads, "publisher.application", show_application),
        // Who offers and who decides are two people: each is asked for where the form is known.
        row(post, "/console/publisher-applications/{id}", reads, "publisher.application-decided", act),
    ]
}

pub fn badge(it: &Publisher, words: &Words, now_ms: i64) -> Badge {
    let standing = it.standing(now_ms);
    let tone = match standing {
        Standing::New | Standing::Ending => "warning",
        Standing::Qualified => "success",
        Standing::Expired | Standing::Lapsed => "danger",
    };
    Badge::new(words.name("publisher-is", &me::word(&standing)), tone)
}

/// What a page says first where an end is near, or past.
pub fn deadline(it: &Publisher, words: &Words, now_ms: i64) -> Option<(&'static str, String)> {
    let until = calendar::exact(words.zone(), it.qualification.as_ref()?.until_ms)[..10].to_owned();
    match it.standing(now_ms) {
        Standing::New | Standing::Qualified => None,
        Standing::Ending => Some(("warning", words.say1("publisher-ending", "when", until))),
        Standing::Expired => Some(("danger", words.say1("publisher-expired", "when", until))),
        Standing::Lapsed => Some(("danger", words.say1("publisher-lapsed", "when", until))),
    }
}

/// What was granted, and until when.
pub fn qualification_facts(it: &Publisher, words: &Words, now_ms: i64) -> Facts {
    let mut rows =
        vec![(words.say("publisher-id"), it.id.to_string()), (words.say("state"), badge(it, words, now_ms).text)];
    if let Some(held) = &it.qualification {
        let day = |at_ms| calendar::exact(words.zone(), at_ms)[..10].to_owned();
        rows.extend([
            (words.say("publisher-categories"), held.categories.join(", ")),
            (words.say("publisher-tier"), words.name("tier", &me::word(&held.tier))),
            (words.say("publisher-department"), held.department.clone()),
            (words.say("publisher-contract"), held.contract.clone()),
            (words.say("publisher-holds"), format!("{} – {}", day(held.from_ms), day(held.until_ms))),
            (words.say("publisher-exit-plan"), held.exit_plan.clone()),
        ]);
    }
    Facts { title: words.say("qualification"), rows }
}

/// Documents of a file.
pub fn documents(all: &[Filed], words: &Words, now_ms: i64) -> Table {
    let row = |filed: &Filed| {
        let document = &filed.document;
        let expires = document.expires_ms.map(|at_ms| calendar::exact(words.zone(), at_ms)[..10].to_owned());
        let standing = match document.is_valid(now_ms) {
            true => Badge::new(words.say("document-valid"), "success"),
            false => Badge::new(words.say("document-over"), "danger"),
        };
        Row {
            href: Some(format!("/api/v1/publisher-documents/{}", filed.id)),
            cells: vec![
                Cell::Text(words.name("document", &me::word(&document.kind))),
                Cell::Text(format!("{} · {}", document.number, document.issuer)),
                Cell::Text(expires.unwrap_or_else(|| words.say("document-never"))),
                Cell::Badge(standing),
                Cell::Text(format!("{} · {} KiB", filed.name, document.size.div_ceil(1024))),
            ],
        }
    };
    let columns = ["document-kind", "document-number", "document-expires", "state", "document-file"];
    Table {
        title: words.say("documents"),
        columns: columns.map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("document", words.say("documents-none"), words.say("documents-none-text")),
    }
}

/// `GET /console/publishers`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadPublishers)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    let waiting: Vec<_> = publisher::applications(&app, &ctx).await?;
    let row = |read: &Read<Application>| Row {
        href: Some(format!("/console/publisher-applications/{}", read.matter.id)),
        cells: vec![
            Cell::Text(named(&catalog, &read.body)),
            Cell::Badge(application_badge(read.body.state, &words)),
            Cell::Text(calendar::short(&words, read.body.made_ms, ctx.now_ms)),
        ],
    };
    body.tables.push(Table {
        title: words.say("publisher-applications"),
        columns: ["publisher", "state", "time"].map(|key| words.say(key)).to_vec(),
        rows: waiting.iter().filter(|read| read.body.is_open()).map(row).collect(),
        empty: ("check", words.say("publisher-applications-none"), words.say("publisher-applications-none-text")),
    });
    let mut all: Vec<&Publisher> = catalog.publishers.values().map(|kept| &kept.value).collect();
    // What ends first stands first; who was never looked at before that.
    all.sort_by_key(|it| it.qualification.as_ref().map(|held| held.until_ms));
    let row = |it: &&Publisher| {
        let held = it.qualification.as_ref();
        let until = held.map(|held| calendar::exact(words.zone(), held.until_ms)[..10].to_owned());
        let text = |value: Option<String>| Cell::Text(value.unwrap_or_default());
        Row {
            href: Some(format!("{HERE}/{}", it.id)),
            cells: vec![
                Cell::Text(it.name.clone()),
                Cell::Badge(badge(it, &words, ctx.now_ms)),
                text(held.map(|held| words.name("tier", &me::word(&held.tier)))),
                text(held.map(|held| held.categories.join(", "))),
                text(held.map(|held| held.department.clone())),
                text(until),
            ],
        }
    };
    let columns =
        ["publisher", "state", "publisher-tier", "publisher-categories", "publisher-department", "publisher-until"];
    body.tables.push(Table {
        title: words.say("publishers"),
        columns: columns.map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("building", words.say("publishers"), String::new()),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("publishers"), crumb: None, badge: None, body })
}

fn named(catalog: &Catalog, application: &Application) -> String {
    let publisher = application.publisher.as_ref();
    let name = publisher.and_then(|id| catalog.publisher(id)).map(|it| it.name.clone());
    name.or_else(|| publisher.map(ToString::to_string)).unwrap_or_default()
}

/// `GET /console/publishers/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadPublishers)?;
    let it = publisher::view(&app, &ctx, &publisher_id(&id)?)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.notices.extend(deadline(&it, &words, ctx.now_ms));
    body.facts.push(qualification_facts(&it, &words, ctx.now_ms));
    body.tables.push(documents(&publisher::documents_of(&app, &ctx, &it.id).await?, &words, ctx.now_ms));
    let held: Vec<_> = publisher_key::of(&catalog, &it.id).cloned().collect();
    body.tables.push(keys::table(&held, &words, ctx.now_ms));
    if desk::may_for_bank(&catalog, staff, Action::RevokeKeys) {
        let signs = step_up::asks(&app, &ctx, Action::RevokeKeys).await?;
        let here = format!("{HERE}/{}/keys", it.id);
        body.forms.extend(keys::revoke_form(&held, &here, &words, ctx.now_ms, signs));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("publishers")));
    let badge = Some(badge(&it, &words, ctx.now_ms));
    page(&look, &Board { shell, title: it.name, crumb, badge, body })
}

/// `POST /console/publishers/{id}/keys/{key}`
async fn revoke(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, key)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let id = publisher_id(&id)?;
    let done = publisher_key::revoke(&app, &ctx, &key, Posted(pairs).value("reason"), None).await;
    Ok(desk::back(&format!("{HERE}/{id}"), done.map(|_| "key-revoked")))
}

/// `GET /console/publisher-applications/{id}`
async fn show_application(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadPublishers)?;
    let read = publisher::application(&app, &ctx, &application_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.facts.push(filing_facts(&read, &words));
    if let Some(of) = &read.body.publisher {
        body.tables.push(documents(&publisher::documents_of(&app, &ctx, of).await?, &words, ctx.now_ms));
    }
    let here = format!("/console/publisher-applications/{id}");
    if let Some(offer) = &read.body.offer {
        body.facts.push(proposed(&catalog, offer, granted(&offer.what, &words), &words));
        let waits = offer.is_waiting() && read.body.state == ApplicationState::Offered;
        if waits && desk::may_for_bank(&catalog, staff, Action::DecidePublishers) {
            let signs = step_up::asks(&app, &ctx, Action::DecidePublishers).await?;
            body.forms.push(decide_form_for(Action::DecidePublishers, &here, &id, &offer.digest(), signs, &words));
        }
    }
    if read.body.is_open() && desk::may_for_bank(&catalog, staff, Action::QualifyPublishers) {
        body.forms.push(offer_form(&here, &read, &words));
    }
    if read.body.is_open() && desk::may_for_bank(&catalog, staff, Action::DecidePublishers) {
        body.forms.push(Form {
            title: words.say("merchant-turn-down"),
            text: String::new(),
            action: here,
            fields: vec![Field::text("note", words.say("reason"))],
            buttons: vec![Button::new("turn-down", words.say("merchant-turn-down"), "danger")],
        });
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("publishers")));
    let badge = Some(application_badge(read.body.state, &words));
    page(&look, &Board { shell, title: named(&catalog, &read.body), crumb, badge, body })
}

fn filing_facts(read: &Read<Application>, words: &Words) -> Facts {
    let mut rows = Vec::new();
    if let Some(filing) = publisher::filing(&read.matter) {
        rows.extend([
            (words.say("publisher-categories"), filing.categories.join(", ")),
            (words.say("publisher-exit-plan"), filing.exit_plan),
            (words.say("merchant-contact"), filing.contact),
        ]);
        let end = filing.first_end_ms.map(|at_ms| calendar::exact(words.zone(), at_ms)[..10].to_owned());
        rows.extend(end.map(|end| (words.say("publisher-first-end"), end)));
    }
    rows.extend(read.body.note.clone().map(|note| (words.say("reason"), note)));
    Facts { title: words.say("publisher-application"), rows }
}

fn granted(grant: &Grant, words: &Words) -> String {
    let until = calendar::exact(words.zone(), grant.until_ms)[..10].to_owned();
    let tier = words.name("tier", &me::word(&grant.tier));
    format!("{} · {tier} · {} · {} · {until}", grant.categories.join(", "), grant.department, grant.contract)
}

fn offer_form(here: &str, read: &Read<Application>, words: &Words) -> Form {
    let asked = publisher::filing(&read.matter).map(|filing| filing.categories.join(", ")).unwrap_or_default();
    let tiers = Tier::ALL.map(|tier| (me::word(&tier), words.name("tier", &me::word(&tier))));
    Form {
        title: words.say("publisher-offer"),
        text: words.say("publisher-offer-text"),
        action: here.to_owned(),
        fields: vec![
            Field::text("categories", words.say("publisher-categories")).value(asked),
            Field::choice("tier", words.say("publisher-tier"), tiers.to_vec()),
            Field::text("department", words.say("publisher-department")),
            Field::text("contract", words.say("publisher-contract")),
            Field::text("until", words.say("publisher-until")).hint("2028-12-31"),
        ],
        buttons: vec![Button::new("offer", words.say("publisher-offer"), "primary")],
    }
}

/// `POST /console/publisher-applications/{id}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (application, posted) = (application_id(&id)?, Posted(pairs));
    let done = match posted.value("do") {
        "offer" => {
            let of = |name: &str| posted.value(name).to_owned();
            let categories = qualification::categories(posted.value("categories"));
            let offer =
                wire::OfferPublisher::new(categories, &of("tier"), &of("department"), &of("contract"), &of("until"));
            match offer.parsed(look.words().zone()) {
                Ok(grant) => publisher::offer(&app, &ctx, &application, grant).await.map(|_| "proposed"),
                Err(problem) => Err(problem),
            }
        }
        "turn-down" => publisher::turn_down(&app, &ctx, &application, posted.text("note")).await.map(|_| "returned"),
        _ => publisher::decide(&app, &ctx, &application, verdict(&posted)?).await.map(|_| said(&posted, "approve")),
    };
    Ok(desk::back(&format!("/console/publisher-applications/{id}"), done))
}
