//! Ratings: those that the machine held back first, and taking down what must not stand.

use super::desk::{self, Asked};
use super::view::{RatingRow, Ratings};
use crate::app::ctx::Ctx;
use crate::app::feedback::{self, Read};
use crate::app::{App, me};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::feedback::rating_id;
use crate::http::problem::Problem;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::feedback::rating::{Rating, State as RatingState, TEXT};
use xitai_model::policy::Action;

const HERE: &str = "/console/ratings";

/// `GET /console/ratings?state=&q=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ModerateRatings)?;
    let (catalog, words) = (app.catalog(), look.words());
    let state = asked.state.clone().unwrap_or_else(|| "held".to_owned());
    let (found, _) = feedback::all_ratings(&app, &ctx, None).await?;
    let fits = |it: &&Read<Rating>| match state.as_str() {
        "held" => it.body.state == RatingState::Held,
        "taken-down" => it.body.state == RatingState::TakenDown,
        _ => true,
    };
    let row = |it: &Read<Rating>| RatingRow {
        id: it.matter.id.to_string(),
        card: match &it.matter.program {
            Some(program) => super::program_card(&catalog, program, &words),
            None => ProgramCard::bare("bank", None),
        },
        stars: it.body.stars,
        about: it.body.about.clone(),
        text: it.matter.unsealed(TEXT).unwrap_or_default(),
        findings: it
            .body
            .findings
            .iter()
            .map(|found| code::find(found).map_or(found.clone(), |code| code.text(words.tag()).to_owned()))
            .collect(),
        state: words.name("rating", &me::word(&it.body.state)),
        tone: match it.body.state {
            RatingState::Held => "warning",
            RatingState::TakenDown => "danger",
            RatingState::Checking | RatingState::Shown => "",
        },
        reason: it.body.moderated.as_ref().map(|(_, reason)| reason.clone()).unwrap_or_default(),
        may_show: matches!(it.body.state, RatingState::Held | RatingState::TakenDown),
        may_take_down: it.body.state != RatingState::TakenDown,
        when: calendar::short(&words, it.body.changed_ms, ctx.now_ms),
    };
    let view = Ratings {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        rows: found.iter().filter(fits).map(row).collect(),
        states: ["held", "taken-down", "all"].map(|state| (state, words.name("rating-list", state))).to_vec(),
        state,
    };
    page(&look, &view)
}

/// `POST /console/ratings/{id}`
pub async fn moderate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let shown = value("action") == "show";
    let done = feedback::moderate(&app, &ctx, &rating_id(&id)?, shown, value("reason")).await;
    Ok(desk::back(HERE, done.map(|()| if shown { "rating-shown" } else { "rating-taken-down" })))
}
