//! What a program had the customer print: a page of the host's, drawn from what the sheet showed.

use super::view::PrintPage;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::me::customer_id;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::html::Html;
use crate::render::web::{calendar, qr};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::errand::{DOCUMENT, Document, Errand};
use xitai_model::ids::MatterId;
use xitai_model::matter::MatterKind;
use xitai_model::program::Outcome;
use xitai_model::sheet::Asked;

/// `GET /app/prints/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&look, &sheet(&app, &ctx, &look, &id, "/app").await?)
}

/// What is printed, with the way back to a set of pages.
pub async fn sheet(app: &App, ctx: &Ctx, look: &Look, id: &str, pages: &str) -> Result<PrintPage, Problem> {
    let missing = || Problem::new(code::ERRAND_NOT_FOUND);
    let id = MatterId::parse(id).map_err(|_| missing())?;
    let own = customer_id(ctx)?;
    let matter = app.store.matter(&id).await?.filter(|it| it.kind == MatterKind::Errand);
    let matter = matter.filter(|matter| matter.customer.as_ref() == Some(own)).ok_or_else(missing)?;
    let agreed = matches!(matter.asked, Some(Asked::Decided { outcome: Outcome::Agreed, .. }));
    let Errand::Print = matter.read().map_err(Problem::internal)? else { return Err(missing()) };
    let document: Document = matter.unsealed(DOCUMENT).filter(|_| agreed).ok_or_else(missing)?;
    let (catalog, words) = (app.catalog(), look.words());
    let program = matter.program.as_ref();
    let card = program.and_then(|id| card_of_program(&catalog, id, &words));
    let code = document.code.as_ref().map(|code| {
        let mut html = Html::new();
        qr::draw(&mut html, code, code);
        html
    });
    Ok(PrintPage {
        idle: None,
        back: matter.session.as_ref().map_or_else(|| pages.to_owned(), |id| format!("{pages}/sessions/{id}")),
        card: card.unwrap_or_else(|| ProgramCard::bare(program.map_or("bank", |id| id.as_str()), None)),
        title: document.title,
        lines: document.lines,
        note: document.note,
        code_text: document.code,
        code,
        when: calendar::exact(words.zone(), matter.updated_ms),
        shell: look.shell(Some(&catalog), ""),
    })
}
