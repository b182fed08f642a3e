//! The way from a link, a code or a card to a program's page. What can't be opened is said before a script runs, with the
//! reason and a way out.

use super::view::{LaunchRefused, Opening};
use crate::app::ctx::Ctx;
use crate::app::launch_code::{self, Said};
use crate::app::session::Open;
use crate::app::{App, launch, trial};
use crate::http::extract::{Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::shell::Shell;
use crate::pages::{Look, page};
use crate::render::web::query_of;
use crate::words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::ProgramId;
use xitai_model::journey::Origin;
use xitai_model::program::Channel;

/// `GET /app/open/{program}?page=&t=&via=&…`
pub async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(program): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut said = Said::of(query);
    let id = program_id(&program)?;
    // A version in a link is for those who try it.
    if let Some(version) = &said.version {
        let tries = trial::for_tester(&app, &ctx)?;
        said.practice |= tries.iter().any(|(_, it)| it.id.program == id && it.id.version.to_string() == *version);
    }
    // A page that there is no more leads to the first one, as the packaging rule has it.
    if let Err(problem) = opens(&app, &ctx, &id, &said).await {
        if problem.code == code::PROGRAM_PAGE_NOT_FOUND && said.code.is_none() {
            said.page = None;
        }
        if let Err(problem) = opens(&app, &ctx, &id, &said).await {
            return refused(&app, &ctx, &look, &id, &said, problem).await;
        }
    }
    let catalog = app.catalog();
    let card = card_of_program(&catalog, &id, &look.words()).unwrap_or_else(|| ProgramCard::bare(&program, None));
    // The script keeps this for itself: the program hears nothing of it.
    let from = said.from.as_ref().map(|from| ("from".to_owned(), from.to_string()));
    let view = Opening {
        shell: Shell { practice: said.practice, ..look.shell(Some(&catalog), "") },
        card,
        query: query_of(said.query.iter().chain(&from)),
        page: said.page.unwrap_or_default(),
        practice: said.practice,
        code: said.code.unwrap_or_default(),
        via: said.origin.as_str(),
    };
    page(&look, &view)
}

/// Whether it would open, on a phone or in a wide window.
async fn opens(app: &App, ctx: &Ctx, id: &ProgramId, said: &Said) -> Result<(), Problem> {
    let (open, scanned) = launch_code::resolve(app, ctx, said.open(id.clone(), Channel::Phone)).await?;
    let (catalog, zone) = (app.catalog(), app.config.zone);
    let admitted = launch::admit(&catalog, ctx, &open, zone)
        .or_else(|_| launch::admit(&catalog, ctx, &Open { channel: Channel::Web, ..open.clone() }, zone));
    let told = |problem| if scanned.is_some() { launch_code::told(ctx, problem) } else { problem };
    admitted.map(|_| ()).map_err(told)
}

/// The page that says why not, and what else there is. What is the host's own trouble is told as everywhere.
async fn refused(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    id: &ProgramId,
    said: &Said,
    problem: Problem,
) -> Result<Response, Problem> {
    if problem.status().is_server_error() && problem.code.family() != "program" || said.practice {
        return Err(problem);
    }
    let (catalog, words) = (app.catalog(), look.words());
    // Without the code, where the program is for this customer at all.
    let plain = Said { origin: Origin::Launcher, ..Said::default() };
    let is_open = said.code.is_some() && opens(app, ctx, id, &plain).await.is_ok();
    let view = LaunchRefused {
        shell: look.shell(Some(&catalog), ""),
        card: card_of_program(&catalog, id, &words),
        title: words::happened(problem.code, words.tag()).into_owned(),
        mend: words::mend(problem.code, words.tag()).into_owned(),
        code: problem.code.code,
        opens: is_open.then(|| format!("/app/open/{id}?via=launcher")),
        scans: said.code.is_some(),
    };
    let mut response = page(look, &view)?;
    *response.status_mut() = problem.status();
    problem.add_headers(&mut response);
    Ok(response)
}
