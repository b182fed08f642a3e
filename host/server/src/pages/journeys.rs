//! How people come to programs and how far they come, at both desks: by channel as funnels, by what led there, by page, by
//! set of codes and by day. The console sees the programs of its own places, a publisher its own.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::journey::{self, Counts, Stretch, Visits};
use crate::app::{App, launch_code, publish};
use crate::http::extract::{Path, Query};
use crate::http::handlers::launching::{code_id, journeys_csv};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::http::wire::JourneysQuery;
use crate::pages::board::{Board, Body, Cell, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::console::desk::{self, Asked};
use crate::pages::console::program_card;
use crate::pages::shell::Desk;
use crate::pages::{Look, page};
use crate::render::web::funnel;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::policy::Action;

pub const CONSOLE: &str = "/console/journeys";
const PUBLISHER: &str = "/publisher";
/// Days that one looks at.
const DAYS: [i64; 3] = [7, 30, 90];
/// Days of the list of all programs.
const OVERVIEW_DAYS: i64 = 7;
/// Where the part of a set's number begins that tells it from another one: its last six characters.
const MARK_FROM: usize = 20;

pub fn routes() -> Vec<Route> {
    let (get, reads) = (Method::GET, Access::May(Action::ReadRollout));
    vec![
        row(get.clone(), CONSOLE, reads, "page.journeys", list),
        row(get.clone(), "/console/journeys/{id}", reads, "page.program-journeys", show),
        row(get.clone(), "/console/journeys/{id}/csv", reads, "journey.table", journeys_csv),
        row(get.clone(), "/publisher/programs/{id}/journeys", reads, "page.program-journeys", show),
        row(get, "/publisher/programs/{id}/journeys/csv", reads, "journey.table", journeys_csv),
    ]
}

/// `GET /console/journeys`: the programs of the last days, the most used first.
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRollout)?;
    let (catalog, words) = (app.catalog(), look.words());
    let row = |(program, counts): &(ProgramId, Counts)| Row {
        href: Some(format!("{CONSOLE}/{program}")),
        cells: std::iter::once(Cell::Text(program_card(&catalog, program, &words).name))
            .chain(numbers(counts).into_iter().map(Cell::Number))
            .collect(),
    };
    let all = journey::overview(&app, &ctx, OVERVIEW_DAYS).await?;
    let mut body = Body::default();
    body.tables.push(Table {
        title: words.say1("journeys-days", "n", OVERVIEW_DAYS),
        columns: columns("program", &words),
        rows: all.iter().map(row).collect(),
        empty: ("chart", words.say("journeys-empty"), words.say("journeys-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, CONSOLE, &asked);
    page(&look, &Board { shell, title: words.say("journeys"), crumb: None, badge: None, body })
}

/// Heads of a table whose lines are counts of something.
fn columns(of: &str, words: &Words) -> Vec<String> {
    let counts = ["opened", "acted", "asked", "done", "moved-on", "share"];
    std::iter::once(words.say(of)).chain(counts.map(|key| words.say(&format!("journey-{key}")))).collect()
}

fn numbers(counts: &Counts) -> Vec<String> {
    let share = counts.done_percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"));
    let counts = [counts.opened, counts.acted, counts.asked, counts.done, counts.moved_on];
    counts.iter().map(ToString::to_string).chain([share]).collect()
}

#[derive(Template)]
#[template(path = "journeys.html")]
struct JourneysPage {
    shell: Desk,
    title: String,
    crumb: (String, String),
    /// Name, address, and whether it is what is shown.
    days: Vec<(String, String, bool)>,
    branches: Vec<(String, String, bool)>,
    csv: String,
    funnels: Vec<Funnel>,
    /// What stands where funnels would be.
    empty: Html,
    body: Body,
}
struct Funnel {
    title: String,
    drawn: Html,
}

/// `GET /console/journeys/{id}?days=&branch=`, and a publisher's own.
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path(id): Path<String>,
    Query(asked): Query<JourneysQuery>,
) -> Result<Response, Problem> {
    let program = program_id(&id)?;
    let (catalog, words) = (app.catalog(), look.words());
    let is_publishers = uri.path().starts_with(PUBLISHER);
    let stretch = stretch(&catalog, &ctx, &program, asked.parsed()?);
    let visits = journey::view(&app, &ctx, &program, &stretch).await?;
    let staff = match is_publishers {
        true => publish::developer(&app, &ctx)?.0,
        false => desk::staff(&app, &ctx, Action::ReadRollout)?,
    };
    let here = if is_publishers { PUBLISHER } else { CONSOLE };
    let name = program_card(&catalog, &program, &words).name;
    let view = JourneysPage {
        shell: desk::desk(&look, &catalog, staff, here, &Asked::default()),
        crumb: match is_publishers {
            true => (format!("/publisher/programs/{program}"), name.clone()),
            false => (CONSOLE.to_owned(), words.say("journeys")),
        },
        title: words.say1("journeys-of", "name", name),
        days: DAYS
            .into_iter()
            .map(|days| {
                let it = Stretch { days, ..stretch.clone() };
                (words.say1("journeys-days", "n", days), address(uri.path(), &it), days == stretch.days)
            })
            .collect(),
        branches: branches(&catalog, &ctx, &program, &stretch, uri.path(), &words),
        csv: address(&format!("{}/csv", uri.path()), &stretch),
        funnels: funnels(&visits, &words),
        empty: crate::pages::parts::empty("chart", words.say("journeys-empty"), words.say("journeys-empty-text")),
        body: body(&app, &ctx, &catalog, &program, &visits, &words).await?,
    };
    page(&look, &view)
}

/// What was asked for; somebody of one branch, who may not see all of them, sees theirs.
fn stretch(catalog: &Catalog, ctx: &Ctx, program: &ProgramId, asked: Stretch) -> Stretch {
    let own = journey::branches(catalog, ctx, program);
    match (&asked.branch, own.as_slice()) {
        (None, [first, ..]) if !journey::sees_all(catalog, ctx, program) => {
            Stretch { branch: Some(first.clone()), ..asked }
        }
        _ => asked,
    }
}

fn address(path: &str, stretch: &Stretch) -> String {
    let branch = stretch.branch.as_ref().map(|branch| format!("&branch={branch}")).unwrap_or_default();
    format!("{path}?days={}{branch}", stretch.days)
}

fn branches(
    catalog: &Catalog,
    ctx: &Ctx,
    program: &ProgramId,
    stretch: &Stretch,
    path: &str,
    words: &Words,
) -> Vec<(String, String, bool)> {
    let link = |branch: Option<&BranchId>, name: String| {
        let it = Stretch { branch: branch.cloned(), ..stretch.clone() };
        (name, address(path, &it), it.branch == stretch.branch)
    };
    let all = journey::sees_all(catalog, ctx, program).then(|| link(None, words.say("journeys-all-branches")));
    let own = journey::branches(catalog, ctx, program);
    let enabled = |branch: &&BranchId| catalog.rollout(program).is_some_and(|it| it.enabled.contains(branch));
    let own: Vec<_> =
        own.iter().filter(enabled).map(|branch| link(Some(branch), place_name(catalog, branch, words))).collect();
    all.into_iter().chain(own).collect()
}

/// One funnel a channel, the most used first.
fn funnels(visits: &Visits, words: &Words) -> Vec<Funnel> {
    let sums = most(visits.by(|line| line.channel.clone()));
    let stage = |key: &str, n: u64| (words.say(&format!("journey-{key}")), n);
    let funnel = |(at, (channel, counts)): (usize, (String, Counts))| {
        let title = words.name("journey-channel", &channel);
        let stages = [
            stage("opened", counts.opened),
            stage("acted", counts.acted),
            stage("asked", counts.asked),
            stage("done", counts.done),
        ];
        let says = words.say1("journey-funnel", "n", counts.done_percent().unwrap_or(0));
        Funnel { drawn: funnel::drawn(&format!("funnel-{at}"), &title, &says, &stages), title }
    };
    sums.into_iter().enumerate().map(funnel).collect()
}

async fn body(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    program: &ProgramId,
    visits: &Visits,
    words: &Words,
) -> Result<Body, Problem> {
    let mut body = Body::default();
    if visits.cut {
        body.notices.push(("warning", words.say("journeys-cut")));
    }
    let table = |of: &str, sums: Vec<(String, Counts)>| Table {
        title: words.say(&format!("journeys-by-{of}")),
        columns: columns(&format!("journey-{of}"), words),
        rows: sums
            .into_iter()
            .map(|(name, counts)| Row {
                href: None,
                cells: std::iter::once(Cell::Text(name))
                    .chain(numbers(&counts).into_iter().map(Cell::Number))
                    .collect(),
            })
            .collect(),
        empty: ("chart", words.say("journeys-empty"), words.say("journeys-empty-text")),
    };
    if visits.lines.is_empty() {
        return Ok(body);
    }
    body.tables.push(table("channel", most(visits.by(|line| words.name("journey-channel", &line.channel)))));
    body.tables.push(table("origin", most(visits.by(|line| words.name("journey-origin", &line.origin)))));
    body.tables.push(table("page", most(visits.by(|line| line.page.clone()))));
    let codes = by_code(app, ctx, program, visits).await?;
    if !codes.is_empty() {
        body.tables.push(table("code", most(codes)));
    }
    let places = visits.by(|line| line.branch.clone());
    if places.len() > 1 {
        let name = |id: &str| BranchId::parse(id).map_or_else(|_| id.to_owned(), |id| place_name(catalog, &id, words));
        let named = places.into_iter().map(|(id, counts)| (name(&id), id, counts)).collect();
        body.tables.push(table("branch", most(told_apart(named))));
    }
    let days = visits.by(|line| line.day).into_iter().rev();
    body.tables.push(table("day", days.map(|(day, counts)| (day.to_string(), counts)).collect()));
    Ok(body)
}

/// The sums, the most used first.
fn most(sums: impl IntoIterator<Item = (String, Counts)>) -> Vec<(String, Counts)> {
    let mut sums: Vec<(String, Counts)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.opened));
    sums
}

/// The sums of each set of codes. Who may look after a set reads its label, others its number.
async fn by_code(app: &App, ctx: &Ctx, program: &ProgramId, visits: &Visits) -> Result<Vec<(String, Counts)>, Problem> {
    let mut named = Vec::new();
    for (code, counts) in visits.by(|line| line.code.clone()) {
        if code.is_empty() {
            continue;
        }
        let label = launch_code::label(app, ctx, program, &code_id(&code)?).await;
        let end = code.chars().skip(MARK_FROM).collect();
        named.push((label.unwrap_or(code), end, counts));
    }
    Ok(told_apart(named))
}

/// Names with what each is known by otherwise, which stands behind those that several have: two sets of codes may have
/// one label, and two branches one name.
fn told_apart(named: Vec<(String, String, Counts)>) -> Vec<(String, Counts)> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (name, ..) in &named {
        *times.entry(name.clone()).or_default() += 1;
    }
    let apart = |(name, mark, counts): (String, String, Counts)| {
        let is_shared = times.get(&name).is_some_and(|times| *times > 1);
        (if is_shared { format!("{name} · {mark}") } else { name }, counts)
    };
    named.into_iter().map(apart).collect()
}
