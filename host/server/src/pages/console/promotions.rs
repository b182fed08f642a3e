//! A program's promotion: how it does, where it shall go, and the second person's decision.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, meant, said, verdict};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, promotion, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Facts, Field, Form, Posted};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{PlaceId, PublisherId};
use xitai_model::place::PlaceKind;
use xitai_model::policy::Action;
use xitai_model::promotion::{Evidence, Promotion};
use xitai_model::proposal::{Rule, Wanted};

const HERE: &str = "/console/programs/{id}/promotion";

pub fn routes() -> Vec<Route> {
    let reads = Access::ForBank(Action::ReadRelease);
    vec![
        row(Method::GET, HERE, reads, "page.promotion", show),
        row(Method::POST, HERE, reads, "promotion.changed", act),
    ]
}

/// `GET /console/programs/{id}/promotion`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRelease)?;
    let (catalog, words, program) = (app.catalog(), look.words(), program_id(&id)?);
    let evidence = promotion::evidence(&app, &ctx, &program).await?;
    let mut body = Body { facts: vec![facts("evidence", &evidence, &catalog, &words)], ..Body::default() };
    let rule = match promotion::view(&app, &ctx, &program) {
        Ok(rule) => Some(rule),
        Err(problem) if problem.code == code::PROMOTION_NOT_FOUND => None,
        Err(problem) => return Err(problem),
    };
    if let Some(live) = rule.as_ref().and_then(|rule| rule.live.as_ref()) {
        let by = rule.iter().flat_map(|rule| &rule.by).map(|id| staff_name(&catalog, id)).collect::<Vec<_>>();
        let mut rows = goes(live, &catalog, &words);
        rows.push((words.say("merchant-by"), by.join(", ")));
        body.facts.push(Facts { title: words.say("promotion-done"), rows });
    }
    if desk::may_for_bank(&catalog, staff, Action::DecidePromotion) {
        let signs = step_up::asks(&app, &ctx, Action::DecidePromotion).await?;
        body.forms.extend(rule.as_ref().and_then(|rule| decision(rule, &id, signs, &catalog, &words)));
    }
    if desk::may_for_bank(&catalog, staff, Action::Promote) {
        body.forms.push(propose_form(&id, &catalog, &words));
    }
    let waits = rule.as_ref().is_some_and(Rule::is_waiting);
    let badge = waits.then(|| Badge::new(words.say("proposal-waiting"), "warning"));
    let crumb = Some((format!("/console/programs/{id}"), id.clone()));
    let shell = desk::desk(&look, &catalog, staff, "/console/programs", &asked);
    page(&look, &Board { shell, title: words.say("promotion"), crumb, badge, body })
}

fn facts(title: &str, it: &Evidence, catalog: &Catalog, words: &Words) -> Facts {
    let figures = &it.figures;
    let average = match it.ratings {
        0 => "–".to_owned(),
        n => format!("{}.{} / 5 ({n})", it.stars / n, it.stars * 10 / n % 10),
    };
    let branches = it.branches.iter().map(|branch| place_name(catalog, branch, words)).collect::<Vec<_>>().join(", ");
    let rows = [
        ("version", it.version.to_string()),
        ("enabled-in", branches),
        ("figure-calls", figures.calls.to_string()),
        ("figure-errors", figures.errors.to_string()),
        ("figure-latency", figures.p95_ms().map_or_else(|| "–".to_owned(), |ms| format!("≤ {ms} ms"))),
        ("figure-complaints", figures.complaints.to_string()),
        ("evidence-rating", average),
        ("evidence-cost", format!("{:.1} s", figures.compute_us as f64 / 1e6)),
    ];
    Facts { title: words.say(title), rows: rows.map(|(key, value)| (words.say(key), value)).to_vec() }
}

/// Where it goes, and to whom.
fn goes(it: &Promotion, catalog: &Catalog, words: &Words) -> Vec<(String, String)> {
    let name = |id: &PublisherId| catalog.publisher(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let owner = match &it.owner {
        Some(owner) => format!("{} → {}", name(&it.from_owner), name(owner)),
        None => name(&it.from_owner),
    };
    vec![
        (words.say("promotion-to"), place_name(catalog, &it.to, words)),
        (words.say("promotion-owner"), owner),
        (words.say("version"), it.evidence.version.to_string()),
    ]
}

fn decision(rule: &Rule<Promotion>, id: &str, signs: bool, catalog: &Catalog, words: &Words) -> Option<Form> {
    let proposal = rule.proposed.as_ref().filter(|proposal| proposal.is_waiting())?;
    let Wanted::Set(wanted) = &proposal.what else { return None };
    let digest = proposal.digest();
    let signed = |word: &str| promotion::subject(id, &meant(word, digest.clone(), String::new()));
    let told = goes(wanted, catalog, words).into_iter().map(|(name, value)| format!("{name}: {value}"));
    let (action, text) = (format!("/console/programs/{id}/promotion"), told.collect::<Vec<_>>().join(" · "));
    let form = decide_form(action, text, words.say("approve"), &digest, words);
    Some(form.signing(Action::DecidePromotion, signs, signed))
}

fn propose_form(id: &str, catalog: &Catalog, words: &Words) -> Form {
    let wider = catalog.places.values().map(|kept| &kept.value).filter(|place| place.kind != PlaceKind::Branch);
    let places = wider.map(|place| (place.id.to_string(), place_name(catalog, &place.id, words))).collect();
    let mut owners = vec![(String::new(), words.say("promotion-owner-stays"))];
    owners.extend(catalog.publishers.values().map(|kept| (kept.value.id.to_string(), kept.value.name.clone())));
    Form {
        title: words.say("promotion-propose"),
        text: words.say("promotion-propose-text"),
        action: format!("/console/programs/{id}/promotion"),
        fields: vec![
            Field::choice("to", words.say("promotion-to"), places),
            Field::choice("owner", words.say("promotion-owner"), owners),
        ],
        buttons: vec![Button::new("propose", words.say("propose"), "primary")],
    }
}

/// `POST /console/programs/{id}/promotion`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    desk::staff(&app, &ctx, Action::ReadRelease)?;
    let done = perform(&app, &ctx, &id, &Posted(pairs)).await;
    Ok(desk::back(&format!("/console/programs/{id}/promotion"), done))
}

async fn perform(app: &App, ctx: &Ctx, id: &str, posted: &Posted) -> Result<&'static str, Problem> {
    let program = program_id(id)?;
    match posted.value("do") {
        "propose" => {
            let owner = posted.filled("owner").map(PublisherId::parse).transpose()?;
            promotion::propose(app, ctx, &program, PlaceId::parse(posted.value("to"))?, owner).await.map(|_| "proposed")
        }
        _ => promotion::decide(app, ctx, &program, verdict(posted)?).await.map(|_| said(posted, "approve")),
    }
}
