//! Reconciliation: each closed day is compared over payments, ledger and rail; what differs is a break that is looked at
//! again until the sides agree, or two people have put it right.
//!
//! What another rail carries is compared with that rail's own list of the day. On the embedded rail nobody outside keeps
//! books: the third list is then what the accounts at the ledger's edge say. It finds what the host wrote wrongly, and no
//! mistake of a bank's core.

mod documents;
mod one;

pub use one::told;

use super::App;
use super::books::{self, bank, keep_new};
use super::breaks::keep;
use super::ctx::Ctx;
use super::feedback::read;
use super::publish::may_for_bank;
use super::rail_days::Days;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::books::{ClosedDay, Stretch};
use xitai_model::code;
use xitai_model::day::Day;
use xitai_model::ledger::Booked;
use xitai_model::limits::{BOOKS_PAGE_MAX, BREAKS_MAX};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::policy::Action;
use xitai_model::reconciliation::{
    Break, Command, Difference, Kind, List, Lists, Movement, Of, Reconciled, Why, apply, differences, netted, of_edge,
    of_ledger, totals,
};

/// What the third list is called where it is the ledger's own edge.
const RAIL: &str = "embedded";
/// Days of a rail that are asked for because of one payment: it lives no longer.
const RAIL_DAYS_MAX: usize = 31;

/// Compares the days that are closed and not compared yet, oldest first.
pub async fn reconcile_days(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let newest = newest(app).await?.first().map(|newest| newest.day);
    let closed = books::days(app).await?;
    let mut told = Days::default();
    for day in closed.iter().rev().filter(|closed| newest.is_none_or(|newest| closed.day > newest)) {
        reconcile(app, ctx, day, &mut told).await?;
    }
    Ok(())
}

async fn reconcile(app: &App, ctx: &Ctx, closed: &ClosedDay, told: &mut Days) -> Result<(), Problem> {
    let lists = lists_of_day(app, closed, told).await?;
    let mut breaks = 0;
    for difference in differences(&lists) {
        // A day begins for the ledger with a commit, for others with an instant: what only lies on the other side of
        // midnight is seen when all of it is looked at.
        let Some(difference) = over_all_days(app, &difference.of, closed, told).await?.0 else { continue };
        breaks += 1;
        let accounts = one::accounts(app, &difference.of).await?;
        let found = Break::found(closed.day, difference, accounts, ctx.now_ms);
        let about = found.difference.of.reference.clone();
        keep_new(app, ctx, &found, found.key(), Some(about), Vec::new(), "break.found").await?;
    }
    let done = Reconciled { day: closed.day, rail: rail_name(app), lines: totals(&lists), breaks, at_ms: ctx.now_ms };
    keep_new(app, ctx, &done, done.day.to_string(), None, Vec::new(), "books.day-reconciled").await
}

/// What the third list is read from.
fn rail_name(app: &App) -> String {
    app.rails.carries().map_or_else(|| RAIL.to_owned(), |rail| rail.id.to_string())
}

/// What each side has in a day.
async fn lists_of_day(app: &App, closed: &ClosedDay, told: &mut Days) -> Result<Lists, Problem> {
    let (zone, day) = (app.config.zone, closed.day);
    let before = closed_day(app, day.before()).await?;
    // The first day that is ever closed holds all that was before it.
    let since_ms = if before.is_some() { books::instant(zone, day, 0)? } else { 0 };
    let until_ms = books::instant(zone, day.next(), 0)?;
    let days = zone.day(since_ms)..zone.day(until_ms);
    let mut payments = documents::since(app, since_ms).await?;
    payments.retain(|movement| days.contains(&movement.day));
    let Stretch { mut after, last } = closed.stretch;
    let (mut ledger, mut rail) = (List::new(), documents::cash_since(app, since_ms).await?);
    rail.retain(|movement| days.contains(&movement.day));
    loop {
        let page = app.store.transfers_between(after, last, BOOKS_PAGE_MAX).await?;
        let Some(end) = page.last().map(|booked| booked.id) else { break };
        ledger.extend(of_ledger(&page, |_| day));
        rail.extend(of_edge(&page, |_| day));
        after = end;
    }
    let first = payments.iter().map(|movement| movement.day).min().unwrap_or(day);
    for day in days_between(first, day) {
        rail.extend(told.of(app, day).await?.iter().cloned());
    }
    let all = before.is_none_or(|before| before.names_all);
    let compared = |list: List| netted(list.into_iter().filter(|it| all || it.of.kind.is_of_old()).collect());
    Ok([payments, ledger, rail].map(compared))
}

/// From one day to another, at most so many of the last.
fn days_between(first: Day, last: Day) -> Vec<Day> {
    let days = std::iter::successors(Some(last), |day| Some(day.before()));
    days.take_while(|day| *day >= first).take(RAIL_DAYS_MAX).collect()
}

/// What the sides say of one movement whatever the day, and how they differ, if they do. A payout, which has only
/// its merchant's name, is looked for from a day on.
async fn over_all_days(
    app: &App,
    of: &Of,
    from: &ClosedDay,
    told: &mut Days,
) -> Result<(Option<Difference>, Lists), Problem> {
    let zone = app.config.zone;
    let one::Told { documents: payments, booked, counted } = one::told(app, of, from.stretch.after).await?;
    let day = |booked: &Booked| zone.day(booked.at_ms);
    let mut rail = of_edge(&booked, day);
    rail.extend(counted);
    // The rail may have it in any of the days that the payment names, in that in which it was found, and a day later.
    let named = || payments.iter().map(|movement| movement.day).chain([from.day]);
    let (first, last) = (named().min().unwrap_or(from.day), named().max().unwrap_or(from.day).next());
    for day in days_between(first, last.min(zone.day(app.clock.now_ms()))) {
        rail.extend(told.of(app, day).await?.iter().cloned());
    }
    let mut lists = [payments, of_ledger(&booked, day), rail];
    let counts = |movement: &Movement| movement.of == *of && (of.kind != Kind::PayOut || movement.day >= from.day);
    lists.iter_mut().for_each(|list| list.retain(counts));
    Ok((differences(&lists).into_iter().next(), lists))
}

/// Looks at open breaks again: those that the sides agree on by now are closed.
pub async fn look_again(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let open = app.store.matters_due(MatterKind::Break, ctx.now_ms, BREAKS_MAX).await?;
    if open.is_empty() || app.rails.carries().is_some() && !app.rails.may_compare(ctx.now_ms) {
        return Ok(());
    }
    let mut told = Days::default();
    for matter in open {
        let found = read::<Break>(matter)?;
        let Some(from) = closed_day(app, found.body.day).await? else { continue };
        let (difference, lists) = over_all_days(app, &found.body.difference.of, &from, &mut told).await?;
        let today = app.config.zone.day(ctx.now_ms);
        let is_past = lists.iter().flatten().all(|movement| movement.day < today);
        let command = match difference {
            // The same money on all sides; in which of the days that are over it lies harms nobody any more.
            Some(difference) if difference.why == Why::WrongDay && is_past => Command::Agreed,
            Some(difference) => Command::Seen(difference),
            None => Command::Agreed,
        };
        let moved = apply(&found.body, command, ctx.now_ms)?;
        if moved.next == found.body {
            continue;
        }
        let action = if moved.next.is_open() { "break.changed" } else { "break.agreed" };
        match keep(app, ctx, &found, moved.next, Vec::new(), action, json!({}), None).await {
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            done => drop(done?),
        }
    }
    Ok(())
}

async fn closed_day(app: &App, day: Day) -> Result<Option<ClosedDay>, Problem> {
    of_day(app, MatterKind::ClosedDay, day).await?.map(read::<ClosedDay>).transpose().map(|it| it.map(|it| it.body))
}

async fn of_day(app: &App, kind: MatterKind, day: Day) -> Result<Option<Matter>, Problem> {
    let key = MatterKey { kind, program: None, owner: bank(app)?.to_string(), key: day.to_string() };
    Ok(app.store.matter_by_key(&key).await?)
}

/// A day as it was compared.
pub async fn view_day(app: &App, ctx: &Ctx, day: Day) -> Result<Reconciled, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadBreaks)?;
    let found = of_day(app, MatterKind::Reconciliation, day).await?;
    let found = found.ok_or_else(|| Problem::new(code::RECONCILIATION_NOT_FOUND))?;
    Ok(read::<Reconciled>(found)?.body)
}

/// Days that were compared, newest first.
pub async fn days(app: &App, ctx: &Ctx) -> Result<Vec<Reconciled>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadBreaks)?;
    newest(app).await
}

/// As [`books::days`] has them.
async fn newest(app: &App) -> Result<Vec<Reconciled>, Problem> {
    let (page, _) = app.store.matters(MatterKind::Reconciliation, None, books::LIST_MAX).await?;
    let days = page.into_iter().map(|matter| read::<Reconciled>(matter).map(|found| found.body));
    let mut days = days.collect::<Result<Vec<_>, Problem>>()?;
    days.sort_by_key(|it| std::cmp::Reverse(it.day));
    Ok(days)
}
