//! Stops: what stands, what a lift would set free, and the two people that a lift takes. A stop itself takes one person
//! and, from anywhere in the console, at most three clicks.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, said, verdict};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::stop::{self, Restores};
use crate::app::{App, me, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::stop::stop_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::policy::Action;
use xitai_model::stop::{HeldPayments, Lift, Standing, Stop, StopTarget, Swept};

pub const HERE: &str = "/console/stops";
const NEW: &str = "/console/stops/new";

pub fn routes() -> Vec<Route> {
    let (reads, stops) = (Access::ForBank(Action::ReadStops), Access::ForBank(Action::Stop));
    vec![
        row(Method::GET, HERE, reads, "page.stops", list),
        row(Method::GET, NEW, stops, "page.stop-new", choose),
        row(Method::POST, NEW, stops, "stop.made", make),
        row(Method::GET, "/console/stops/{id}", reads, "page.stop", show),
        row(Method::POST, "/console/stops/{id}", stops, "stop.lift-decided", act),
    ]
}

/// Where a stop is shown.
pub fn href(stop: &Stop) -> String {
    format!("{HERE}/{}", stop.id)
}

fn badge(stop: &Stop, words: &Words) -> Badge {
    let (word, tone) = match stop.standing() {
        Standing::Sweeping => ("sweeping", "danger"),
        Standing::InForce => ("in-force", "danger"),
        Standing::Proposed => ("proposed", "warning"),
        Standing::Lifted | Standing::Restored => ("lifted", "success"),
    };
    Badge::new(words.name("stop-standing", word), tone)
}

/// What is stopped, in people's words.
pub fn target(catalog: &Catalog, target: &StopTarget, words: &Words) -> String {
    let name = match target {
        StopTarget::Program(id) => super::program_card(catalog, id, words).name,
        StopTarget::Publisher(id) => catalog.publisher(id).map_or_else(|| id.to_string(), |it| it.name.clone()),
        StopTarget::Branch(id) => place_name(catalog, id, words),
        other => other.id(),
    };
    format!("{} · {name}", words.name("stop-kind", target.kind()))
}

/// `GET /console/stops`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadStops)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = stop::list(&app, &ctx)?;
    let row = |stop: &Stop| Row {
        href: Some(href(stop)),
        cells: vec![
            Cell::Text(target(&catalog, &stop.target, &words)),
            Cell::Badge(badge(stop, &words)),
            Cell::Text(stop.reason.clone()),
            Cell::Text(staff_name(&catalog, &stop.by)),
            Cell::Text(calendar::short(&words, stop.made_ms, ctx.now_ms)),
        ],
    };
    let mut body = Body::default();
    if desk::may_for_bank(&catalog, staff, Action::Stop) {
        body.links.push((words.say("stop-new"), NEW.to_owned()));
    }
    body.tables.push(Table {
        title: String::new(),
        columns: ["stop-target", "state", "reason", "stop-by", "time"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("check", words.say("stops-empty"), words.say("stops-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("stops"), crumb: None, badge: None, body })
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    id: String,
    refused: Option<String>,
}

/// `GET /console/stops/new?kind=&id=`: what can be stopped; once chosen, the form.
async fn choose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::Stop)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    match StopTarget::parse(&chosen.kind, &chosen.id) {
        Some(chosen) => {
            let signs = step_up::asks(&app, &ctx, Action::Stop).await?;
            body.forms.push(stop_form(&catalog, &chosen, signs, &words));
        }
        None => body.tables.extend(StopTarget::KINDS.map(|kind| choices(&catalog, kind, &words))),
    }
    let asked = Asked { refused: chosen.refused, ..Asked::default() };
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("stops")));
    page(&look, &Board { shell, title: words.say("stop-new"), crumb, badge: None, body })
}

fn stop_form(catalog: &Catalog, chosen: &StopTarget, signs: bool, words: &Words) -> Form {
    let (of, signed) = (Action::Stop.as_str(), step_up::stop_subject(chosen, false));
    Form {
        title: target(catalog, chosen, words),
        text: words.say("stop-text"),
        action: NEW.to_owned(),
        fields: vec![
            Field::hidden("kind", chosen.kind()),
            Field::hidden("id", chosen.id()),
            Field::long("reason", words.say("reason")).hint(&words.say("reason-hint")),
        ],
        buttons: vec![Button::new("stop", words.say("stop"), "danger").signing(of, signed, signs)],
    }
}

/// Everything of a kind that customers have something of.
fn choices(catalog: &Catalog, kind: &'static str, words: &Words) -> Table {
    let releases = || catalog.releases.values().map(|kept| &kept.value).filter(|it| !it.granted.is_empty());
    let targets: Vec<StopTarget> = match kind {
        "program" => catalog.programs.keys().cloned().map(StopTarget::Program).collect(),
        "release" => releases().map(|release| StopTarget::Release(release.id.clone())).collect(),
        "publisher" => catalog.publishers.keys().cloned().map(StopTarget::Publisher).collect(),
        "branch" => catalog.places.keys().cloned().map(StopTarget::Branch).collect(),
        "permission" => {
            let names = releases().flat_map(|it| it.manifest.req_permissions.iter().map(|asked| asked.name.clone()));
            names.collect::<BTreeSet<_>>().into_iter().map(StopTarget::Permission).collect()
        }
        _ => {
            let codes = releases().map(|release| release.manifest.platform_version.min_code);
            codes.collect::<BTreeSet<_>>().into_iter().map(StopTarget::Contract).collect()
        }
    };
    let row = |it: &StopTarget| {
        // Of what ids are made of, only a plus means something else in an address.
        let id = it.id().replace('+', "%2B");
        let stopped = stop::in_force(catalog, it).next().is_some();
        let state = stopped.then(|| Cell::Badge(Badge::new(words.say("stopped"), "danger")));
        Row {
            href: Some(format!("{NEW}?kind={kind}&id={id}")),
            cells: vec![Cell::Text(target(catalog, it, words)), state.unwrap_or(Cell::Text(it.id()))],
        }
    };
    Table {
        title: words.name("stop-kind", kind),
        columns: ["stop-target", "number"].map(|key| words.say(key)).to_vec(),
        rows: targets.iter().map(row).collect(),
        empty: ("check", words.say("stop-none-of-kind"), String::new()),
    }
}

/// `POST /console/stops/new`
async fn make(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let target = StopTarget::parse(posted.value("kind"), posted.value("id"));
    let target = target.ok_or_else(|| Problem::new(code::STOP_TARGET))?;
    match stop::make(&app, &ctx, target, &posted.text("reason")).await {
        Ok(stop) => Ok(desk::back(&href(&stop), Ok("stop"))),
        Err(problem) => Ok(desk::back(NEW, Err(problem))),
    }
}

/// `GET /console/stops/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadStops)?;
    let stop = stop::view(&app, &ctx, &stop_id(&id)?)?;
    let restores = stop::restores(&app, &ctx, &stop).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.facts.push(facts(&catalog, &stop, &words));
    body.facts.extend(stop.swept.map(|swept| closed(&swept, &words)));
    if stop.is_in_force() {
        body.facts.push(frees(&restores, &words));
    }
    if stop.standing() == Standing::Sweeping {
        body.notices.push(("info", words.say("stop-sweeping-text")));
    } else if stop.is_in_force() && desk::may_for_bank(&catalog, staff, Action::Stop) {
        let signs = step_up::asks(&app, &ctx, Action::Stop).await?;
        body.forms.extend(decision(&catalog, &stop, signs, &words));
        body.forms.push(proposal(&stop, signs, &words));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("stops")));
    let (title, badge) = (target(&catalog, &stop.target, &words), Some(badge(&stop, &words)));
    page(&look, &Board { shell, title, crumb, badge, body })
}

fn facts(catalog: &Catalog, stop: &Stop, words: &Words) -> Facts {
    let exact = |at_ms| calendar::exact(words.zone(), at_ms)[..16].to_owned();
    let said = |id, at_ms| format!("{} · {}", staff_name(catalog, id), exact(at_ms));
    let mut rows = vec![
        (words.say("reason"), stop.reason.clone()),
        (words.say("stop-by"), said(&stop.by, stop.made_ms)),
        (words.say("fact-number"), stop.target.id()),
    ];
    if let Some(lift) = &stop.lift {
        let (by, why) = (said(&lift.by.staff, lift.at_ms), &lift.what.reason);
        rows.push((words.say("lift-proposed-by"), format!("{by} · {why}")));
        rows.extend(
            lift.returned
                .as_ref()
                .map(|back| (words.say("lift-returned"), format!("{} · {}", said(&back.by, back.at_ms), back.note))),
        );
    }
    rows.extend(stop.lifted.as_ref().map(|lifted| (words.say("lifted-by"), said(&lifted.by, lifted.at_ms))));
    Facts { title: String::new(), rows }
}

/// What was closed when it was made.
fn closed(swept: &Swept, words: &Words) -> Facts {
    let mut rows = vec![
        (words.say("swept-closed"), swept.closed.to_string()),
        (words.say("swept-held"), swept.held.to_string()),
        (words.say("swept-returned"), swept.returned.to_string()),
    ];
    if swept.left > 0 {
        rows.push((words.say("swept-left"), swept.left.to_string()));
    }
    Facts { title: words.say("swept"), rows }
}

/// What a lift would set free.
fn frees(restores: &Restores, words: &Words) -> Facts {
    let sums: Vec<String> = restores.held_sums.iter().map(money::text).collect();
    let more = if restores.and_more { "+" } else { "" };
    let held = format!("{}{more} {}", restores.held, sums.join(", "));
    let mut rows = vec![
        (words.say("frees-held"), held.trim().to_owned()),
        (words.say("frees-mandates"), restores.mandates.to_string()),
        (words.say("frees-calls"), restores.calls.to_string()),
        (words.say("frees-notices"), restores.notices.to_string()),
    ];
    let frozen = restores.frozen.iter();
    rows.extend(frozen.map(|it| (format!("{} · {}", words.say("frees-frozen"), it.name), money::text(&it.amount))));
    Facts { title: words.say("frees"), rows }
}

fn held_words(held: HeldPayments, words: &Words) -> String {
    words.name("lift-held", &me::word(&held))
}

/// What the second person says to the lift that waits.
fn decision(catalog: &Catalog, stop: &Stop, signs: bool, words: &Words) -> Option<Form> {
    let waiting = stop.waiting()?;
    let signed = step_up::stop_subject(&stop.target, true);
    let by = staff_name(catalog, &waiting.by.staff);
    let text = format!("{by}: {} · {}", waiting.what.reason, held_words(waiting.what.held, words));
    let form = decide_form(href(stop), text, words.say("lift"), &waiting.digest(), words);
    Some(form.signing(Action::Stop, signs, |_| signed.clone()))
}

fn proposal(stop: &Stop, signs: bool, words: &Words) -> Form {
    let (of, signed) = (Action::Stop.as_str(), step_up::stop_subject(&stop.target, true));
    let held = [HeldPayments::Review, HeldPayments::GoOn].map(|it| (me::word(&it), held_words(it, words)));
    Form {
        title: words.say("lift-propose"),
        text: words.say("lift-propose-text"),
        action: href(stop),
        fields: vec![
            Field::choice("held", words.say("frees-held"), held.to_vec()),
            Field::long("reason", words.say("lift-reason")),
        ],
        buttons: vec![Button::new("propose", words.say("propose"), "secondary").signing(of, signed, signs)],
    }
}

/// `POST /console/stops/{id}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (posted, stop) = (Posted(pairs), stop_id(&id)?);
    let done = match posted.value("do") {
        "propose" => {
            let held = match posted.value("held") {
                "go-on" => HeldPayments::GoOn,
                _ => HeldPayments::Review,
            };
            let lift = Lift { held, reason: posted.text("reason") };
            stop::propose_lift(&app, &ctx, &stop, lift).await.map(|_| "proposed")
        }
        _ => stop::decide_lift(&app, &ctx, &stop, verdict(&posted)?).await.map(|_| said(&posted, "lift")),
    };
    Ok(desk::back(&format!("{HERE}/{id}"), done))
}
