//! How the publisher stands with the bank: its qualification and its end, the documents of its file, applying.

use crate::app::ctx::Ctx;
use crate::app::publisher as file;
use crate::app::{App, me, publish};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publishers::application_id;
use crate::http::problem::Problem;
use crate::pages::board::{Board, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::console::desk::{self, Asked};
use crate::pages::console::merchants::application_badge;
use crate::pages::console::publishers::{badge, deadline, documents, qualification_facts};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::publisher::{DocumentKind, Publisher};

const HERE: &str = "/publisher/qualification";

/// `GET /publisher/qualification`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(&app, &ctx)?;
    let own = file::own(&app, &ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.notices.extend(deadline(&own, &words, ctx.now_ms));
    body.facts.push(qualification_facts(&own, &words, ctx.now_ms));
    let applied = file::own_applications(&app, &ctx).await?;
    let row = |read: &crate::app::feedback::Read<xitai_model::publisher::application::Application>| Row {
        href: None,
        cells: vec![
            Cell::Text(file::filing(&read.matter).map(|filing| filing.categories.join(", ")).unwrap_or_default()),
            Cell::Badge(application_badge(read.body.state, &words)),
            Cell::Text(calendar::short(&words, read.body.made_ms, ctx.now_ms)),
            Cell::Text(read.body.note.clone().unwrap_or_default()),
        ],
    };
    body.tables.push(Table {
        title: words.say("publisher-applications"),
        columns: ["publisher-categories", "state", "time", "reason"].map(|key| words.say(key)).to_vec(),
        rows: applied.iter().map(row).collect(),
        empty: ("document", words.say("publisher-applied-none"), words.say("publisher-applied-none-text")),
    });
    body.tables.push(documents(&file::own_documents(&app, &ctx).await?, &words, ctx.now_ms));
    body.forms.push(document_form(&words));
    match applied.iter().find(|read| read.body.is_open()) {
        Some(open) => body.forms.push(Form {
            title: words.say("publisher-waits"),
            text: words.say("publisher-waits-text"),
            action: format!("/publisher/qualification/{}", open.matter.id),
            fields: Vec::new(),
            buttons: vec![Button::new("withdraw", words.say("merchant-withdraw"), "danger")],
        }),
        None => body.forms.push(apply_form(&own, &words)),
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let badge = Some(badge(&own, &words, ctx.now_ms));
    page(&look, &Board { shell, title: words.say("qualification"), crumb: None, badge, body })
}

fn document_form(words: &Words) -> Form {
    let kinds = DocumentKind::ALL.map(|kind| (me::word(&kind), words.name("document", &me::word(&kind))));
    Form {
        title: words.say("document-add"),
        text: words.say("document-add-text"),
        action: "/api/v1/publisher/documents".to_owned(),
        fields: vec![
            Field::choice("kind", words.say("document-kind"), kinds.to_vec()),
            Field::text("number", words.say("document-number")),
            Field::text("issuer", words.say("document-issuer")),
            Field::text("expires", words.say("document-expires")).hint("2028-12-31").optional(),
            Field::file("file", words.say("document-file"), "image/png,image/jpeg,image/webp,application/pdf"),
        ],
        buttons: vec![Button::new("file", words.say("document-add"), "secondary")],
    }
}

fn apply_form(own: &Publisher, words: &Words) -> Form {
    let held = own.qualification.as_ref();
    let key = if held.is_some() { "publisher-renew" } else { "publisher-apply" };
    let categories = held.map(|held| held.categories.join(", ")).unwrap_or_default();
    let exit_plan = held.map(|held| held.exit_plan.clone()).unwrap_or_default();
    Form {
        title: words.say(key),
        text: words.say("publisher-apply-text"),
        action: HERE.to_owned(),
        fields: vec![
            Field::text("categories", words.say("publisher-categories")).hint("dining, shopping").value(categories),
            Field::long("exit_plan", words.say("publisher-exit-plan")).value(exit_plan),
            Field::text("contact", words.say("merchant-contact")),
        ],
        buttons: vec![Button::new("apply", words.say(key), "primary")],
    }
}

/// Names as they are typed: between commas or spaces.
pub fn categories(text: &str) -> Vec<String> {
    let parts = text.split([',', '，', '、', ' ']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// `POST /publisher/qualification`
pub async fn apply(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Response {
    let posted = Posted(pairs);
    let wanted = categories(posted.value("categories"));
    let done = file::apply(&app, &ctx, wanted, &posted.text("exit_plan"), posted.value("contact")).await;
    desk::back(HERE, done.map(|_| "proposed"))
}

/// `POST /publisher/qualification/{id}`: takes the application back.
pub async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Response {
    let done = match application_id(&id) {
        Ok(id) => file::withdraw(&app, &ctx, &id).await.map(|_| "withdrawn"),
        Err(problem) => Err(problem),
    };
    desk::back(HERE, done)
}
