//! A branch at eight in the morning: what was used and taken, what customers say, and what waits for whom.

use super::desk::{self, Asked};
use super::view::{BranchToday, Figure};
use super::{branch_books, zone_pages};
use crate::app::branch_today::{self, Today};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::takings::together;
use crate::app::{App, branch_books as books, me};
use crate::http::extract::{Path, Query};
use crate::http::handlers::books::branch_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Cell, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::charts;
use crate::pages::{Look, page, see};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::books::Totals;
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::money::{Currency, Money};
use xitai_model::policy::Action;

pub const HERE: &str = "/console/branches";
/// Days of the chart of money.
const CHART_DAYS: usize = 7;

pub fn routes() -> Vec<Route> {
    let reads = Access::May(Action::ReadMerchants);
    vec![
        row(Method::GET, HERE, reads, "page.branches", list),
        row(Method::GET, "/console/branches/{branch}", reads, "page.branch", show),
    ]
}

/// `GET /console/branches`: those whose books the caller reads; one's own at once.
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let branches = books::branches(&app, &ctx);
    if let [only] = branches.as_slice() {
        return Ok(see(&format!("{HERE}/{only}")));
    }
    let (catalog, words) = (app.catalog(), look.words());
    let row = |id: &BranchId| {
        let on = catalog.rollouts.values().filter(|kept| kept.value.is_offered(id)).count();
        let cells = vec![Cell::Text(place_name(&catalog, id, &words)), Cell::Number(on.to_string())];
        Row { href: Some(format!("{HERE}/{id}")), cells }
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["branch", "programs"].map(|key| words.say(key)).to_vec(),
        rows: branches.iter().map(row).collect(),
        empty: ("building", words.say("branches-empty"), words.say("branches-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("branch-today"), crumb: None, badge: None, body })
}

/// `GET /console/branches/{branch}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(branch): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let branch = branch_id(&branch)?;
    let today = branch_today::view(&app, &ctx, &branch).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let drawn = Drawn { catalog: &catalog, words: &words, branch: &branch, today: &today, now_ms: ctx.now_ms };
    let view = BranchToday {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        title: format!("{} · {}", words.say("branch-today"), place_name(&catalog, &branch, &words)),
        figures: drawn.figures(),
        charts: vec![drawn.chart()],
        parts: drawn.parts(),
    };
    page(&look, &view)
}

/// One branch's morning, to be drawn.
struct Drawn<'a> {
    catalog: &'a Catalog,
    words: &'a Words,
    branch: &'a BranchId,
    today: &'a Today,
    now_ms: i64,
}

impl Drawn<'_> {
    fn say(&self, key: &str) -> String {
        self.words.say(key)
    }
    fn program(&self, id: &ProgramId) -> (String, String) {
        (super::program_card(self.catalog, id, self.words).name, format!("/console/programs/{id}"))
    }
    fn books(&self) -> String {
        format!("{}/{}", branch_books::HERE, self.branch)
    }

    fn figure(&self, key: &str, mark: &'static str, href: String, value: String, note: String) -> Figure {
        Figure { href, mark, name: self.say(&format!("branch-{key}")), value, note, tone: "" }
    }

    /// A number of things that wait, in a colour where there are any.
    fn count(&self, key: &str, mark: &'static str, href: String, count: usize, tone: &'static str) -> Figure {
        let note = self.say(&format!("branch-{key}-note"));
        Figure { tone: if count > 0 { tone } else { "" }, ..self.figure(key, mark, href, count.to_string(), note) }
    }

    fn figures(&self) -> Vec<Figure> {
        let today = self.today;
        let [sessions, yesterday] = [today.used_today.sessions, today.used_yesterday.customers].map(|n| n.to_string());
        let used = self.words.say_with("branch-used-note", &[("sessions", &sessions), ("n", &yesterday)]);
        let (calls, errors) = today
            .calls
            .iter()
            .fold((0, 0), |(calls, errors), (_, figures)| (calls + figures.calls, errors + figures.errors));
        let (stars, ratings) = today.ratings.iter().fold((0, 0), |(stars, n), (_, more, of)| (stars + more, n + of));
        let open = |key: &str| format!("#{key}");
        let decisions = today.settings.len() + usize::from(today.zone);
        let errors = Figure {
            tone: if errors > 0 { "warning" } else { "" },
            ..self.figure(
                "errors",
                "danger",
                open("calls"),
                errors.to_string(),
                self.words.say1("branch-errors-note", "n", calls),
            )
        };
        let mut all =
            vec![self.figure("used", "people", open("calls"), today.used_today.customers.to_string(), used), errors];
        all.extend(self.takings());
        all.extend([
            self.figure(
                "ratings",
                "star",
                open("ratings"),
                average(stars, ratings),
                self.words.say1("branch-ratings-note", "n", ratings),
            ),
            self.count("complaints", "flag", open("complaints"), today.complaints.len(), "warning"),
            self.count("rollouts", "chart", open("rollouts"), today.stages.len(), ""),
            self.count("stops", "stop", open("rollouts"), today.stops.len(), "danger"),
            self.count("decisions", "shield", open("decisions"), decisions, "warning"),
            self.count("freezes", "clock", "/console/calendar".to_owned(), today.freezes.len(), ""),
            self.count("owed", "wallet", open("merchants"), today.owed.len(), "warning"),
            self.count("breaks", "check", open("merchants"), today.breaks.len(), "danger"),
        ]);
        all
    }

    /// What was taken on the newest closed day, and in this month so far.
    fn takings(&self) -> [Figure; 2] {
        let gross =
            |totals: Option<&Totals>| money::text(&Money::new(totals.map_or(0, |totals| totals.gross), Currency::CNY));
        let newest = self.today.days.first();
        let (day, href) = newest.map_or_else(
            || (self.say("branch-no-day"), self.books()),
            |(day, _)| (day.to_string(), format!("{}/{day}", self.books())),
        );
        let last = gross(newest.and_then(|(_, sums)| sums.get(&Currency::CNY)));
        let month = self.words.zone().day(self.now_ms).to_string()[..7].to_owned();
        let of_month = self.today.days.iter().filter(|(day, _)| day.to_string().starts_with(&month));
        let sums = together(of_month.map(|(_, sums)| sums));
        [
            self.figure("day", "receipt", href, last, day),
            self.figure("month", "chart", self.books(), gross(sums.get(&Currency::CNY)), month),
        ]
    }

    fn chart(&self) -> charts::Drawn {
        let newest = &self.today.days[..self.today.days.len().min(CHART_DAYS)];
        charts::money(newest, self.books(), self.words)
    }

    /// What is behind the figures, each under the name that its figure leads to.
    fn parts(&self) -> Vec<(&'static str, Body)> {
        let body = |table: Table| Body { tables: vec![table], ..Body::default() };
        vec![
            ("decisions", body(self.decisions())),
            ("complaints", body(self.complaints())),
            ("rollouts", body(self.rollouts())),
            ("merchants", body(self.merchants())),
            ("ratings", body(self.ratings())),
            ("calls", body(self.calls())),
        ]
    }

    fn table(&self, key: &str, columns: &[&str], rows: Vec<Row>) -> Table {
        Table {
            title: self.say(&format!("branch-{key}")),
            columns: columns.iter().map(|column| self.say(column)).collect(),
            rows,
            empty: ("check", self.say("branch-quiet"), self.say(&format!("branch-{key}-none"))),
        }
    }

    fn decisions(&self) -> Table {
        let waits = || Cell::Badge(Badge::new(self.say("proposal-waiting"), "warning"));
        let setting = |id: &ProgramId| {
            let (name, href) = self.program(id);
            let href = format!("{href}/settings/{}", self.branch);
            Row { href: Some(href), cells: vec![Cell::Text(name), Cell::Text(self.say("settings")), waits()] }
        };
        let zone = || Row {
            href: Some(format!("{}/{}", zone_pages::HERE, self.branch)),
            cells: vec![
                Cell::Text(place_name(self.catalog, self.branch, self.words)),
                Cell::Text(self.say("zones")),
                waits(),
            ],
        };
        let freeze = |it: &xitai_model::rollout::freeze::Freeze| {
            let span = [it.from_ms, it.until_ms].map(|at| calendar::short(self.words, at, self.now_ms)).join(" – ");
            let badge = Badge::new(self.say("freeze"), "");
            Row {
                href: Some("/console/calendar".to_owned()),
                cells: vec![Cell::Text(it.reason.clone()), Cell::Text(span), Cell::Badge(badge)],
            }
        };
        let settings = self.today.settings.iter().map(setting);
        let rows = settings.chain(self.today.zone.then(zone)).chain(self.today.freezes.iter().map(freeze)).collect();
        self.table("decisions", &["program", "proposal-what", "state"], rows)
    }

    /// Which program they are about and how long there is time. What they say is between customer and head office.
    fn complaints(&self) -> Table {
        let row = |it: &crate::app::feedback::Read<xitai_model::feedback::complaint::Complaint>| {
            let program = it.matter.program.as_ref().map(|id| self.program(id));
            let (name, href) = program.map_or((String::new(), None), |(name, href)| (name, Some(href)));
            let badge = Badge::new(self.words.name("complaint", &me::word(&it.body.state)), "warning");
            let short = |at_ms| Cell::Text(calendar::short(self.words, at_ms, self.now_ms));
            Row {
                href,
                cells: vec![Cell::Text(name), short(it.body.opened_ms), short(it.body.deadline_ms), Cell::Badge(badge)],
            }
        };
        let rows = self.today.complaints.iter().map(row).collect();
        self.table("complaints", &["program", "complaint-opened", "complaint-clock", "state"], rows)
    }

    fn rollouts(&self) -> Table {
        let stop = |(id, stop): &(ProgramId, xitai_model::stop::Stop)| {
            let (name, href) = self.program(id);
            let badge = Badge::new(self.say("stopped"), "danger");
            let since = calendar::short(self.words, stop.made_ms, self.now_ms);
            Row {
                href: Some(href),
                cells: vec![Cell::Text(name), Cell::Text(stop.reason.clone()), Cell::Text(since), Cell::Badge(badge)],
            }
        };
        let stage = |(id, stage): &(ProgramId, xitai_model::rollout::Stage)| {
            let (name, href) = self.program(id);
            let tone = if stage.is_running() { "info" } else { "warning" };
            let badge = Badge::new(format!("{} %", stage.share), tone);
            let since = calendar::short(self.words, stage.since_ms, self.now_ms);
            Row {
                href: Some(href),
                cells: vec![
                    Cell::Text(name),
                    Cell::Text(stage.version.to_string()),
                    Cell::Text(since),
                    Cell::Badge(badge),
                ],
            }
        };
        let rows = self.today.stops.iter().map(stop).chain(self.today.stages.iter().map(stage)).collect();
        self.table("rollouts", &["program", "branch-what", "time", "state"], rows)
    }

    fn merchants(&self) -> Table {
        let owed = |(id, name, owed): &(xitai_model::ids::MerchantId, String, Money)| Row {
            href: Some(format!("/console/merchants/{id}")),
            cells: vec![Cell::Text(name.clone()), Cell::Text(self.say("branch-owed")), Cell::Money(money::drawn(owed))],
        };
        let broken = |it: &crate::app::feedback::Read<xitai_model::reconciliation::Break>| {
            let stake = money::drawn(&it.body.difference.at_stake);
            Row {
                href: Some(format!("{}/{}", self.books(), it.body.day)),
                cells: vec![
                    Cell::Text(it.body.day.to_string()),
                    Cell::Text(self.say("branch-breaks")),
                    Cell::Money(stake),
                ],
            }
        };
        let rows = self.today.owed.iter().map(owed).chain(self.today.breaks.iter().map(broken)).collect();
        self.table("merchants", &["merchant", "branch-what", "amount"], rows)
    }

    fn ratings(&self) -> Table {
        let row = |(id, stars, count): &(ProgramId, u64, u64)| {
            let (name, href) = self.program(id);
            let cells = vec![Cell::Text(name), Cell::Number(average(*stars, *count)), Cell::Number(count.to_string())];
            Row { href: Some(href), cells }
        };
        let rows = self.today.ratings.iter().map(row).collect();
        self.table("ratings", &["program", "branch-stars", "branch-number"], rows)
    }

    fn calls(&self) -> Table {
        let row = |(id, figures): &(ProgramId, xitai_model::rollout::Figures)| {
            let (name, href) = self.program(id);
            let numbers = [figures.calls, figures.errors, figures.refusals].map(|n| Cell::Number(n.to_string()));
            Row { href: Some(href), cells: [Cell::Text(name)].into_iter().chain(numbers).collect() }
        };
        let rows = self.today.calls.iter().map(row).collect();
        self.table("calls", &["program", "figure-calls", "figure-errors", "figure-refusals"], rows)
    }
}

/// Stars with a tenth; a dash where nobody has rated.
fn average(stars: u64, ratings: u64) -> String {
    if ratings == 0 {
        return "–".to_owned();
    }
    let tenths = (stars * 10 + ratings / 2) / ratings;
    format!("{}.{}", tenths / 10, tenths % 10)
}
