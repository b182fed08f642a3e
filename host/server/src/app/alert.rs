//! Alerts: what programs do is counted as it happens, held against their habit, and what is beyond it is told to whoever
//! is on duty, again and again until somebody has taken it.
//!
//! Each host counts what it sees and forgets it when it ends: a habit is an hour. What it finds becomes a matter under
//! the hour's own key, so that hosts that find the same thing raise one alert.

use super::App;
use super::ctx::Ctx;
use super::duty::Message;
use super::feedback::{Read, read};
use super::publish::{commit, may_for_bank};
use crate::http::problem::Problem;
use crate::words::Words;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use xitai_model::alert::{Alert, Command, Habit, Trail, apply};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{MatterId, ProgramId};
use xitai_model::limits::{ALERT_TRAILS_MAX, ALERT_WINDOW_MS, ALERT_WINDOWS};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::policy::Action;

/// Alerts of one turn, and of a list.
const TURN_MAX: usize = 50;
const PAGE: usize = 100;

/// What one host has counted.
#[derive(Default)]
pub struct Habits {
    counted: Mutex<HashMap<(ProgramId, Habit), Counted>>,
    found: Mutex<Vec<Found>>,
}

#[derive(Default)]
struct Counted {
    /// The number of the window that runs.
    window: i64,
    count: u32,
    /// Found beyond the habit in this window already.
    told: bool,
    trail: Trail,
}

/// Something beyond a habit.
struct Found {
    program: ProgramId,
    habit: Habit,
    count: u32,
    usual: u32,
}

impl Habits {
    /// Counts so many of something that a program did.
    pub fn count(&self, program: &ProgramId, habit: Habit, times: u32, now_ms: i64) {
        if times == 0 {
            return;
        }
        let mut all = lock(&self.counted);
        let key = (program.clone(), habit);
        if all.len() >= ALERT_TRAILS_MAX && !all.contains_key(&key) {
            all.retain(|_, counted| !counted.trail.is_silent() || counted.count > 0);
            if all.len() >= ALERT_TRAILS_MAX {
                return;
            }
        }
        let counted = all.entry(key).or_default();
        counted.roll(now_ms.div_euclid(ALERT_WINDOW_MS));
        counted.count = counted.count.saturating_add(times);
        if !counted.told && counted.trail.is_beyond(counted.count) {
            counted.told = true;
            let (count, usual) = (counted.count, counted.trail.usual());
            lock(&self.found).push(Found { program: program.clone(), habit, count, usual });
        }
    }
}

impl Counted {
    /// Goes on to a window; those in between had nothing in them.
    fn roll(&mut self, window: i64) {
        if self.window == 0 {
            self.window = window;
        }
        let silent = (window - self.window - 1).clamp(0, ALERT_WINDOWS as i64);
        if window > self.window {
            self.trail.push(self.count);
            (0..silent).for_each(|_| self.trail.push(0));
            (self.window, self.count, self.told) = (window, 0, false);
        }
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().expect("no holder of the lock panics")
}

/// Raises what was found, and tells of what nobody has taken.
pub async fn look(app: &App) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let mut found = std::mem::take(&mut *lock(&app.habits.found));
    while let Some(one) = found.pop() {
        if let Err(problem) = raise(app, &ctx, &one).await {
            // In this window it is not found again: it stays for the next turn.
            found.push(one);
            lock(&app.habits.found).append(&mut found);
            return Err(problem);
        }
    }
    if !app.duty.is_anybody() {
        return Ok(());
    }
    for matter in app.store.matters_due(MatterKind::Alert, ctx.now_ms, TURN_MAX).await? {
        tell(app, &ctx, read::<Alert>(matter)?).await?;
    }
    Ok(())
}

async fn raise(app: &App, ctx: &Ctx, found: &Found) -> Result<(), Problem> {
    let Found { program, habit, count, usual } = found;
    let (habit, count, usual) = (*habit, *count, *usual);
    let catalog = app.catalog();
    let Some(bank) = catalog.bank().map(|bank| bank.id.clone()) else { return Ok(()) };
    let alert = Alert::raised(program.clone(), habit, count, usual, ctx.now_ms);
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, Some(program.clone()), bank, None, &alert, ctx.now_ms);
    matter.key = Some(alert.key());
    let guards: Vec<Guard> = matter.keyed().map(Guard::MatterKeyFree).into_iter().collect();
    let detail = json!({ "habit": habit, "count": count, "usual": usual });
    let changes = vec![Change::Matter(Box::new(matter))];
    match commit(app, ctx, guards, changes, "alert.raised", program.as_str(), detail).await {
        Ok(()) => {
            metrics::counter!("xitai_alerts_total", "habit" => habit.as_str()).increment(1);
            Ok(())
        }
        // There is one of this hour.
        Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Writes down that it is told, then tells it: whoever dies in between has told it once less.
async fn tell(app: &App, ctx: &Ctx, found: Read<Alert>) -> Result<(), Problem> {
    let next = apply(&found.body, Command::Tell, ctx.now_ms)?;
    if !keep(app, ctx, &found, &next, "alert.told").await? {
        return Ok(());
    }
    let alert = &found.body;
    let message = Message {
        // The webhook's taker knows an alert by its own id; each letter about it is another letter.
        id: found.matter.id.to_string(),
        kind: "alert.raised",
        at_ms: alert.raised_ms,
        data: json!({
            "alert": found.matter.id, "program": alert.program, "habit": alert.habit,
            "count": alert.count, "usual": alert.usual,
        }),
        times: next.tells(),
        opens: "/console/alerts".to_owned(),
    };
    app.duty.tell(app, &message, |words| said(app, alert, words)).await;
    Ok(())
}

/// In the words of the page.
pub fn counted(alert: &Alert, words: &Words) -> String {
    let counts = [("count", alert.count.to_string()), ("usual", alert.usual.to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("{} · {}", words.name("habit", alert.habit.as_str()), words.say_with("alert-counts", &counts))
}

fn said(app: &App, alert: &Alert, words: &Words) -> (String, String) {
    let catalog = app.catalog();
    let name = catalog.releases_of(&alert.program).next_back().map(|release| release.manifest.name.clone());
    let program = name.map_or_else(|| alert.program.to_string(), |name| format!("{name} ({})", alert.program));
    (words.say1("alert-mail", "program", program), counted(alert, words))
}

/// Says whether it was kept: another host may have been first.
async fn keep(app: &App, ctx: &Ctx, found: &Read<Alert>, next: &Alert, action: &str) -> Result<bool, Problem> {
    let guard = Guard::MatterAt { matter: found.matter.id.clone(), revision: found.matter.revision };
    let changes = vec![Change::Matter(Box::new(found.matter.moved(next, ctx.now_ms)))];
    let detail = json!({ "habit": next.habit, "state": next.state });
    match commit(app, ctx, vec![guard], changes, action, next.program.as_str(), detail).await {
        Ok(()) => Ok(true),
        Err(CommitRefusal::Moved(_)) => Ok(false),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Alerts, those that nobody has taken first, each kind newest first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<Read<Alert>>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadAlerts)?;
    let (page, _) = app.store.matters(MatterKind::Alert, None, PAGE).await?;
    let mut all = page.into_iter().map(read::<Alert>).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|it| (!it.body.is_open(), std::cmp::Reverse(it.body.raised_ms)));
    Ok(all)
}

/// Somebody has it: it is told no more. Again changes nothing.
pub async fn acknowledge(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Alert>, Problem> {
    let by = may_for_bank(&app.catalog(), ctx, Action::TakeAlerts)?.id.clone();
    let missing = || Problem::new(code::ALERT_NOT_FOUND);
    let matter = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Alert).ok_or_else(missing)?;
    let found = read::<Alert>(matter)?;
    let next = apply(&found.body, Command::Acknowledge { by }, ctx.now_ms)?;
    if next != found.body && !keep(app, ctx, &found, &next, "alert.acknowledged").await? {
        return Err(Problem::new(code::REQUEST_CONFLICT));
    }
    Ok(Read { matter: found.matter.moved(&next, ctx.now_ms), body: next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use xitai_model::limits::ALERT_FLOOR;

    #[test]
    fn what_is_beyond_a_habit_is_found_once_a_window() {
        let habits = Habits::default();
        let program = ProgramId::parse("cn.bank.suzhou.canteen").expect("an id");
        let found = || std::mem::take(&mut *lock(&habits.found)).len();
        for _ in 1..ALERT_FLOOR {
            habits.count(&program, Habit::Traps, 1, ALERT_WINDOW_MS);
        }
        assert_eq!(found(), 0);
        habits.count(&program, Habit::Traps, 5, ALERT_WINDOW_MS);
        habits.count(&program, Habit::Traps, 500, ALERT_WINDOW_MS);
        habits.count(&program, Habit::Egress, ALERT_FLOOR - 1, ALERT_WINDOW_MS);
        assert_eq!(found(), 1, "once, and of one habit");
        habits.count(&program, Habit::Traps, ALERT_FLOOR, 3 * ALERT_WINDOW_MS);
        assert_eq!(found(), 0, "the window before makes a habit of it: the larger of the two middle ones");
        let other = ProgramId::parse("cn.bank.suzhou.queue").expect("an id");
        habits.count(&other, Habit::Refusals, ALERT_FLOOR, 3 * ALERT_WINDOW_MS);
        assert_eq!(found(), 1);
    }
}
