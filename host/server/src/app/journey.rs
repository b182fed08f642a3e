//! Visits of programs: counted in memory, handed to the database every second, and read as what people look at.
//!
//! Nobody is named in them, and nothing is decided by them. A host that dies loses at most a second of what it counted.

use super::catalog::Catalog;
use super::ctx::Ctx;
use super::{App, books, me, publish};
use crate::http::problem::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use xitai_model::code;
use xitai_model::day::Day;
use xitai_model::ids::{BranchId, PlaceId, ProgramId};
use xitai_model::journey::{Journey, Stage};
use xitai_model::limits::{JOURNEY_DAYS_KEPT, JOURNEY_DAYS_MAX, JOURNEY_ROWS_MAX};
use xitai_model::policy::{Action, Resource};
use xitai_model::program::Actor;
use xitai_model::session::{Session, Standing};
use xitai_store::JourneyRow;

/// Rows that one transaction takes.
const ROWS_AT_ONCE: usize = 200;

/// What is counted together: all of a row but its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    program: String,
    day: i64,
    branch: String,
    channel: String,
    origin: &'static str,
    page: String,
    code: String,
    what: &'static str,
}

/// Counted and not yet handed on.
#[derive(Default)]
pub struct Tally {
    counted: Mutex<BTreeMap<Key, u64>>,
}

impl Tally {
    fn counted(&self) -> MutexGuard<'_, BTreeMap<Key, u64>> {
        self.counted.lock().expect("no holder of the lock panics")
    }
}

fn number(day: Day) -> i64 {
    day.days_since(Day::of(0, 0))
}

/// Where a visit is, as it is counted: staff are a channel of their own. A session that was given back is on the phone
/// before anybody goes on with it there.
fn channel(session: &Session, journey: &Journey) -> String {
    match session.opening.actor {
        Actor::Staff(_) => "staff".to_owned(),
        _ => me::word(&journey.channel.unwrap_or(session.channel())),
    }
}

/// Counts what a committed step came to.
pub fn count(app: &App, ctx: &Ctx, before: &Session, after: &Session) {
    let Some(journey) = &after.standing.journey else { return };
    let was = before.standing.journey.as_ref();
    // One that was done has nothing left that could be lost.
    if journey.follows(was)
        && let Some(was) = was.filter(|was| !was.is_done())
    {
        add(app, ctx, before, was, [Stage::MovedOn]);
    }
    add(app, ctx, after, journey, journey.new_since(was));
}

/// The same for a sheet that was decided.
pub fn count_left(app: &App, ctx: &Ctx, session: &Session, after: &Standing) {
    if let Some(journey) = &after.journey {
        add(app, ctx, session, journey, journey.new_since(session.standing.journey.as_ref()));
    }
}

fn add(app: &App, ctx: &Ctx, session: &Session, journey: &Journey, stages: impl IntoIterator<Item = Stage>) {
    let mut stages = stages.into_iter().peekable();
    if stages.peek().is_none() {
        return;
    }
    let key = |stage: Stage| Key {
        program: session.opening.program.to_string(),
        day: number(app.config.zone.day(ctx.now_ms)),
        branch: session.opening.branch.to_string(),
        channel: channel(session, journey),
        origin: journey.origin.as_str(),
        page: journey.page.clone(),
        code: journey.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        what: stage.as_str(),
    };
    let mut counted = app.visits.counted();
    for stage in stages {
        *counted.entry(key(stage)).or_default() += 1;
    }
}

/// Hands on what was counted. What the database did not take is handed on the next time.
pub async fn hand_on(app: &App) -> Result<(), Problem> {
    let counted: Vec<(Key, u64)> = std::mem::take(&mut *app.visits.counted()).into_iter().collect();
    let oldest = number(app.config.zone.day(app.clock.now_ms())) - JOURNEY_DAYS_KEPT;
    for (at, part) in counted.chunks(ROWS_AT_ONCE).enumerate() {
        let rows = part.iter().map(|(key, n)| row(key, *n)).collect();
        if let Err(error) = app.store.add_journeys(rows, oldest).await {
            let mut kept = app.visits.counted();
            for (key, n) in &counted[at * ROWS_AT_ONCE..] {
                *kept.entry(key.clone()).or_default() += n;
            }
            return Err(error.into());
        }
    }
    Ok(())
}

fn row(key: &Key, n: u64) -> JourneyRow {
    let Key { program, day, branch, channel, origin, page, code, what } = key.clone();
    JourneyRow { program, day, branch, channel, origin: origin.to_owned(), page, code, what: what.to_owned(), n }
}

/// How many visits came how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub opened: u64,
    pub acted: u64,
    pub asked: u64,
    pub done: u64,
    pub moved_on: u64,
}

impl Counts {
    fn take(&mut self, what: &str, n: u64) {
        match what {
            "opened" => self.opened += n,
            "acted" => self.acted += n,
            "asked" => self.asked += n,
            "done" => self.done += n,
            "moved-on" => self.moved_on += n,
            // A stage that a newer host counts.
            _ => {}
        }
    }
    /// How many of a hundred visits were done with what they came for. One that moved on is neither done nor dropped.
    pub fn done_percent(&self) -> Option<u64> {
        let stayed = self.opened.saturating_sub(self.moved_on);
        (stayed > 0).then(|| (self.done * 100 / stayed).min(100))
    }
}

/// One line of a program's figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub day: Day,
    pub branch: String,
    pub channel: String,
    pub origin: String,
    pub page: String,
    pub code: String,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub days: i64,
    pub branch: Option<BranchId>,
}

/// A program's visits over some days.
pub struct Visits {
    pub from: Day,
    pub until: Day,
    /// Newest day first.
    pub lines: Vec<(Line, Counts)>,
    /// There were more lines than are looked at.
    pub cut: bool,
}

impl Visits {
    /// Summed by something that the lines have.
    pub fn by<K: Ord>(&self, of: impl Fn(&Line) -> K) -> BTreeMap<K, Counts> {
        let mut sums: BTreeMap<K, Counts> = BTreeMap::new();
        for (line, counts) in &self.lines {
            let sum = sums.entry(of(line)).or_default();
            sum.opened += counts.opened;
            sum.acted += counts.acted;
            sum.asked += counts.asked;
            sum.done += counts.done;
            sum.moved_on += counts.moved_on;
        }
        sums
    }
}

/// Whether the caller may see a program's figures of a place: a publisher its own program's everywhere, a branch those
/// of its own places.
fn may_see(catalog: &Catalog, ctx: &Ctx, program: &ProgramId, place: &PlaceId) -> bool {
    let publisher = catalog.program(program).map(|program| &program.publisher);
    let resource = Resource { place: Some(place), publisher, ..Resource::default() };
    publish::may(catalog, ctx, Action::ReadRollout, resource).is_ok()
}

fn whole_bank(catalog: &Catalog) -> Result<PlaceId, Problem> {
    catalog.bank().map(|bank| bank.id.clone()).ok_or_else(|| Problem::internal("there is no bank among the places"))
}

/// Whether the caller may look at all branches of a program together.
pub fn sees_all(catalog: &Catalog, ctx: &Ctx, program: &ProgramId) -> bool {
    whole_bank(catalog).is_ok_and(|bank| may_see(catalog, ctx, program, &bank))
}

/// The branches whose figures of a program the caller may look at one by one.
pub fn branches(catalog: &Catalog, ctx: &Ctx, program: &ProgramId) -> Vec<BranchId> {
    catalog.branches().map(|place| place.id.clone()).filter(|it| may_see(catalog, ctx, program, it)).collect()
}

/// A program's visits of the last days: in one branch, or in all for whoever may see all.
pub async fn view(app: &App, ctx: &Ctx, program: &ProgramId, asked: &Stretch) -> Result<Visits, Problem> {
    let catalog = app.catalog();
    catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let place = asked.branch.clone().map_or_else(|| whole_bank(&catalog), Ok)?;
    if !may_see(&catalog, ctx, program, &place) {
        return Err(Problem::new(code::AUTH_FORBIDDEN));
    }
    if !(1..=JOURNEY_DAYS_MAX).contains(&asked.days) {
        return Err(Problem::malformed(format!("days: 1 to {JOURNEY_DAYS_MAX}")));
    }
    let until = number(app.config.zone.day(ctx.now_ms));
    let from = until - asked.days + 1;
    let branch = asked.branch.as_ref().map(|branch| branch.as_str());
    let rows = app.store.journeys(program.as_str(), (from, until), branch, JOURNEY_ROWS_MAX + 1).await?;
    let (lines, cut) = folded(rows, JOURNEY_ROWS_MAX);
    Ok(Visits { from: day(from), until: day(until), lines, cut })
}

/// What rows come to, newest day first, and whether there are more of them than `most`. A line has a row for each
/// stage: the one that the cut goes through is left out, since its counts would be too low.
fn folded(mut rows: Vec<JourneyRow>, most: usize) -> (Vec<(Line, Counts)>, bool) {
    let cut = rows.len() > most;
    rows.truncate(most + 1);
    if cut && let Some(last) = rows.last().map(line_of) {
        while rows.last().is_some_and(|row| line_of(row) == last) {
            rows.pop();
        }
    }
    let mut lines: BTreeMap<Line, Counts> = BTreeMap::new();
    for row in &rows {
        lines.entry(line_of(row)).or_default().take(&row.what, row.n);
    }
    (lines.into_iter().rev().collect(), cut)
}

fn line_of(row: &JourneyRow) -> Line {
    Line {
        day: day(row.day),
        branch: row.branch.clone(),
        channel: row.channel.clone(),
        origin: row.origin.clone(),
        page: row.page.clone(),
        code: row.code.clone(),
    }
}

fn day(number: i64) -> Day {
    Day::of(number.saturating_mul(86_400_000), 0)
}

/// The sums of the last days, program by program: what the caller may see of each.
pub async fn overview(app: &App, ctx: &Ctx, days: i64) -> Result<Vec<(ProgramId, Counts)>, Problem> {
    let catalog = app.catalog();
    let until = number(app.config.zone.day(ctx.now_ms));
    let mut sums: BTreeMap<ProgramId, Counts> = BTreeMap::new();
    for (program, branch, what, n) in app.store.journey_sums(until - days + 1, until).await? {
        let (program, branch) = (ProgramId::parse(&program)?, PlaceId::parse(&branch)?);
        if may_see(&catalog, ctx, &program, &branch) {
            sums.entry(program).or_default().take(&what, n);
        }
    }
    let mut all: Vec<(ProgramId, Counts)> = sums.into_iter().collect();
    all.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.opened));
    Ok(all)
}

/// A program's visits as a table that a spreadsheet opens in Chinese, see [`books::csv`]: a line a day, branch, channel,
/// origin, page and set of codes. One that is cut says so in its last line.
pub fn csv(visits: &Visits) -> Result<Vec<u8>, Problem> {
    let head = [
        "日期 Day",
        "网点 Branch",
        "渠道 Channel",
        "来源 Origin",
        "页面 Page",
        "码 Code",
        "打开 Opened",
        "操作 Acted",
        "确认单 Asked",
        "完成 Done",
        "转走 Moved on",
    ];
    let mut out = books::table(&head)?;
    for (line, counts) in &visits.lines {
        let Line { day, branch, channel, origin, page, code } = line;
        let Counts { opened, acted, asked, done, moved_on } = counts;
        let numbers = [opened, acted, asked, done, moved_on].map(ToString::to_string);
        let texts = [&day.to_string(), branch, channel, origin, page, code];
        out.write_record(texts.into_iter().chain(numbers.iter())).map_err(Problem::internal)?;
    }
    if visits.cut {
        let rest = std::iter::repeat_n("", head.len() - 1);
        out.write_record(std::iter::once("未完 Incomplete").chain(rest)).map_err(Problem::internal)?;
    }
    out.into_inner().map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(page: &str, what: Stage, n: u64) -> JourneyRow {
        let text = |text: &str| text.to_owned();
        let (program, branch, channel) = (text("cn.bank.a"), text("suzhou"), text("phone"));
        let (origin, code, what) = (text("search"), String::new(), text(what.as_str()));
        JourneyRow { program, day: 1, branch, channel, origin, page: text(page), code, what, n }
    }

    #[test]
    fn a_table_that_is_cut_has_whole_lines_and_says_so() {
        let rows = vec![
            row("pages/a", Stage::Acted, 2),
            row("pages/a", Stage::Opened, 3),
            row("pages/b", Stage::Acted, 1),
            row("pages/b", Stage::Opened, 4),
        ];
        let told = |most: usize| {
            let (lines, cut) = folded(rows.clone(), most);
            let told = lines.iter().map(|(line, counts)| (line.page.clone(), counts.opened));
            let told: Vec<(String, u64)> = told.collect();
            let visits = Visits { from: day(1), until: day(1), lines, cut };
            let table = String::from_utf8(csv(&visits).unwrap()).unwrap();
            (told, cut, table.ends_with("未完 Incomplete,,,,,,,,,,\r\n"))
        };
        let (a, b) = (("pages/a".to_owned(), 3), ("pages/b".to_owned(), 4));
        assert_eq!(told(4), (vec![b, a.clone()], false, false));
        assert_eq!(told(3), (vec![a.clone()], true, true), "half a line is none");
        assert_eq!(told(2), (vec![a], true, true));
        assert_eq!(told(1), (Vec::new(), true, true));
    }
}
