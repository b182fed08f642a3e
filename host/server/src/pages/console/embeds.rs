//! Partners' pages that show programs: registering one, deciding on it, taking it away.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, meant, proposed, said, verdict};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::embed::Done;
use crate::app::{App, embed, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::embed::{Embed, Origin, Terms};
use xitai_model::ids::{PlaceId, ProgramId};
use xitai_model::place::PlaceKind;
use xitai_model::policy::Action;

pub const HERE: &str = "/console/embeds";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (reads, proposes) = (Access::ForBank(Action::ReadEmbeds), Access::ForBank(Action::ProposeEmbed));
    let (decides, withdraws) = (Access::ForBank(Action::DecideEmbed), Access::ForBank(Action::WithdrawEmbed));
    vec![
        row(get.clone(), HERE, reads, "embed.list", list),
        row(post.clone(), HERE, proposes, "embed.proposed", propose),
        row(get, "/console/embeds/{id}", reads, "embed.view", show),
        row(post.clone(), "/console/embeds/{id}/decisions", decides, "embed.decided", decide),
        row(post.clone(), "/console/embeds/{id}/withdraw", withdraws, "embed.withdrawn", withdraw),
        row(post, "/console/embeds/{id}/secret", proposes, "embed.rotated", rotate),
    ]
}

fn badge(embed: &Embed, words: &Words) -> Badge {
    let tone = match embed.standing() {
        "live" => "success",
        "proposed" => "warning",
        "withdrawn" => "danger",
        _ => "",
    };
    Badge::new(words.name("embed-standing", embed.standing()), tone)
}

/// `GET /console/embeds`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadEmbeds)?;
    let (catalog, words) = (app.catalog(), look.words());
    let embeds = embed::list(&app, &ctx)?;
    let mut body = Body { tables: vec![table(&embeds, &catalog, &words, ctx.now_ms)], ..Body::default() };
    if desk::may_for_bank(&catalog, staff, Action::ProposeEmbed) {
        body.forms.push(propose_form(None, &catalog, &words));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("embeds"), crumb: None, badge: None, body })
}

fn table(embeds: &[Embed], catalog: &Catalog, words: &Words, now_ms: i64) -> Table {
    let row = |embed: &Embed| {
        let terms = embed.live.as_ref().or(embed.proposed.as_ref().map(|proposal| &proposal.what));
        let since = if embed.live.is_some() { calendar::short(words, embed.since_ms, now_ms) } else { String::new() };
        Row {
            href: Some(format!("{HERE}/{}", embed.id)),
            cells: vec![
                Cell::Text(embed.id.clone()),
                Cell::Text(terms.map(|terms| place_name(catalog, &terms.partner, words)).unwrap_or_default()),
                Cell::Text(terms.map(|terms| listed(&terms.origins, words)).unwrap_or_default()),
                Cell::Badge(badge(embed, words)),
                Cell::Text(since),
            ],
        }
    };
    Table {
        title: words.say("embeds"),
        columns: ["embed-name", "embed-partner", "embed-origins", "state", "time"].map(|key| words.say(key)).to_vec(),
        rows: embeds.iter().map(row).collect(),
        empty: ("link", words.say("embeds-empty"), words.say("embeds-empty-text")),
    }
}

/// A partner without a page has none.
fn listed<'a>(origins: impl IntoIterator<Item = &'a Origin>, words: &Words) -> String {
    let origins: Vec<&str> = origins.into_iter().map(Origin::as_str).collect();
    if origins.is_empty() { words.say("embed-no-page") } else { origins.join(", ") }
}

fn facts(terms: &Terms, catalog: &Catalog, words: &Words) -> Vec<(String, String)> {
    let programs: Vec<String> = terms.programs.iter().map(ToString::to_string).collect();
    vec![
        (words.say("embed-partner"), place_name(catalog, &terms.partner, words)),
        (words.say("embed-origins"), listed(&terms.origins, words)),
        (words.say("programs"), programs.join(", ")),
        (words.say("purpose"), terms.purpose.clone()),
    ]
}

fn told(terms: &Terms, catalog: &Catalog, words: &Words) -> String {
    let lines: Vec<String> =
        facts(terms, catalog, words).into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.join(" · ")
}

/// With what there is, where it is changed.
fn propose_form(embed: Option<&Embed>, catalog: &Catalog, words: &Words) -> Form {
    let terms = embed.and_then(|embed| embed.live.as_ref().or(embed.proposed.as_ref().map(|proposal| &proposal.what)));
    let lines = |all: Vec<String>| all.join("\n");
    let origins = terms.map(|terms| lines(terms.origins.iter().map(ToString::to_string).collect()));
    let programs = terms.map(|terms| lines(terms.programs.iter().map(ToString::to_string).collect()));
    let partners = catalog
        .places
        .values()
        .map(|kept| &kept.value)
        .filter(|place| place.over.is_none() && matches!(place.kind, PlaceKind::Merchant | PlaceKind::Partner));
    let mut partners: Vec<(String, String)> =
        partners.map(|place| (place.id.to_string(), place_name(catalog, &place.id, words))).collect();
    // A choice begins with what holds.
    partners.sort_by_key(|(id, _)| terms.is_none_or(|terms| terms.partner.as_str() != id));
    let name = match embed {
        Some(embed) => Field::hidden("id", embed.id.clone()),
        None => Field::text("id", words.say("embed-name")).hint(&words.say("embed-name-hint")),
    };
    Form {
        title: words.say(if embed.is_some() { "embed-change" } else { "embed-propose" }),
        text: words.say("embed-propose-text"),
        action: HERE.to_owned(),
        fields: vec![
            name,
            Field::choice("partner", words.say("embed-partner"), partners),
            Field::long("origins", words.say("embed-origins"))
                .hint(&words.say("embed-origins-hint"))
                .value(origins.unwrap_or_default())
                .optional(),
            Field::long("programs", words.say("programs"))
                .hint(&words.say("embed-programs-hint"))
                .value(programs.unwrap_or_default()),
            Field::text("purpose", words.say("purpose")).value(terms.map_or("", |terms| terms.purpose.as_str())),
        ],
        buttons: vec![Button::new("propose", words.say("propose"), "primary")],
    }
}

fn terms(posted: &Posted) -> Result<Terms, Problem> {
    let (origins, programs) = (posted.text("origins"), posted.text("programs"));
    let origin = |text: &str| Origin::parse(text).ok_or_else(|| Problem::malformed(format!("origins: {text} is none")));
    Ok(Terms {
        partner: PlaceId::parse(posted.value("partner"))?,
        origins: origins.split_whitespace().map(origin).collect::<Result<_, _>>()?,
        programs: programs.split_whitespace().map(ProgramId::parse).collect::<Result<_, _>>()?,
        purpose: posted.value("purpose").to_owned(),
    })
}

/// `POST /console/embeds`
async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let id = posted.value("id");
    let done = match terms(&posted) {
        Ok(terms) => embed::propose(&app, &ctx, id, terms).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(Done { embed, secret: Some(secret) }) => {
            one(&app, &ctx, &look, &embed.id, Asked::default(), Some(secret)).await
        }
        Ok(Done { embed, .. }) => Ok(desk::back(&format!("{HERE}/{}", embed.id), Ok("proposed"))),
        Err(problem) if problem.status().is_client_error() => Ok(desk::back(HERE, Err(problem))),
        Err(problem) => Err(problem),
    }
}

/// `GET /console/embeds/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    one(&app, &ctx, &look, &id, asked, None).await
}

/// One embed; with its secret right after that was made, and never again.
async fn one(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    id: &str,
    asked: Asked,
    secret: Option<String>,
) -> Result<Response, Problem> {
    let staff = desk::staff(app, ctx, Action::ReadEmbeds)?;
    let embed = embed::view(app, ctx, id)?;
    let (catalog, words) = (app.catalog(), look.words());
    let may = |action| desk::may_for_bank(&catalog, staff, action);
    let mut body = Body::default();
    if let Some(secret) = secret {
        body.notices.push(("success", words.say("embed-secret-once")));
        body.facts.push(Facts { title: embed.id.clone(), rows: vec![(words.say("embed-secret"), secret)] });
    }
    if let Some(live) = &embed.live {
        let mut rows = facts(live, &catalog, &words);
        let by: Vec<String> = embed.by.iter().map(|id| staff_name(&catalog, id)).collect();
        rows.push((words.say("merchant-by"), by.join(", ")));
        body.facts.push(Facts { title: words.say("embed-holds"), rows });
    }
    if let Some(withdrawn) = &embed.withdrawn {
        let rows = vec![(staff_name(&catalog, &withdrawn.by), withdrawn.note.clone())];
        body.facts.push(Facts { title: words.say("embed-standing-withdrawn"), rows });
    }
    if let Some(proposal) = &embed.proposed {
        body.facts.push(proposed(&catalog, proposal, told(&proposal.what, &catalog, &words), &words));
        if proposal.is_waiting() && may(Action::DecideEmbed) {
            let digest = proposal.digest();
            let signs = step_up::asks(app, ctx, Action::DecideEmbed).await?;
            let signed = |word: &str| embed::subject(id, &meant(word, digest.clone(), String::new()));
            let action = format!("{HERE}/{id}/decisions");
            let form = decide_form(action, words.say("proposal-text"), words.say("approve"), &digest, &words);
            body.forms.push(form.signing(Action::DecideEmbed, signs, signed));
        }
    }
    if may(Action::ProposeEmbed) {
        body.forms.push(propose_form(Some(&embed), &catalog, &words));
        body.forms.push(Form {
            title: words.say("embed-rotate"),
            text: words.say("embed-rotate-text"),
            action: format!("{HERE}/{id}/secret"),
            fields: Vec::new(),
            buttons: vec![Button::new("rotate", words.say("embed-rotate"), "secondary")],
        });
    }
    if may(Action::WithdrawEmbed) && (embed.live.is_some() || embed.proposed.is_some()) {
        body.forms.push(Form {
            title: words.say("embed-withdraw"),
            text: words.say("embed-withdraw-text"),
            action: format!("{HERE}/{id}/withdraw"),
            fields: vec![Field::text("note", words.say("note"))],
            buttons: vec![Button::new("withdraw", words.say("embed-withdraw"), "danger")],
        });
    }
    let crumb = Some((HERE.to_owned(), words.say("embeds")));
    let shell = desk::desk(look, &catalog, staff, HERE, &asked);
    page(look, &Board { shell, title: embed.id.clone(), crumb, badge: Some(badge(&embed, &words)), body })
}

/// `POST /console/embeds/{id}/decisions`
async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let done = match verdict(&posted) {
        Ok(verdict) => embed::decide(&app, &ctx, &id, verdict).await,
        Err(problem) => Err(problem),
    };
    Ok(desk::back(&format!("{HERE}/{id}"), done.map(|_| said(&posted, "approve"))))
}

/// `POST /console/embeds/{id}/withdraw`
async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let done = embed::withdraw(&app, &ctx, &id, Posted(pairs).text("note")).await;
    Ok(desk::back(&format!("{HERE}/{id}"), done.map(|_| "withdrawn")))
}

/// `POST /console/embeds/{id}/secret`
async fn rotate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let done = embed::rotate(&app, &ctx, &id).await?;
    one(&app, &ctx, &look, &id, Asked::default(), done.secret).await
}
