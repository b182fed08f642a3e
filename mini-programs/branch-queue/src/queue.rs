//! Tickets, and the board that says how far the calling is.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use xitai::prelude::*;
use xitai::services::shared::Versioned;

/// Pages of a hundred tickets that one call looks at while it seeks somebody who still waits.
const PAGES_MAX: usize = 3;
/// Days that tickets and boards are kept, today's included.
const KEPT_DAYS: i64 = 2;
/// Tickets and boards that one event clears away, so that it stays quick.
const CLEARED_MAX: usize = 30;
/// Where tickets and boards are kept: below them the day, then the service.
const TICKETS: &str = "ticket/";
const BOARDS: &str = "board/";
/// Calls that the board remembers.
const CALLS_SHOWN_MAX: usize = 6;
/// Numbers without a ticket that are looked at again.
const SKIPPED_MAX: usize = 8;
/// A desk that called within this time is taken to be open.
const DESK_OPEN_MS: i64 = 30 * 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    Personal,
    Business,
    Wealth,
}

impl Service {
    pub const ALL: [Service; 3] = [Service::Personal, Service::Business, Service::Wealth];

    pub fn key(self) -> &'static str {
        match self {
            Service::Personal => "personal",
            Service::Business => "business",
            Service::Wealth => "wealth",
        }
    }
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.key() == key)
    }
    /// The first sign of its tickets.
    pub fn letter(self) -> char {
        match self {
            Service::Personal => 'A',
            Service::Business => 'B',
            Service::Wealth => 'C',
        }
    }
    pub fn name(self, ctx: &Context) -> &'static str {
        match self {
            Service::Personal => ctx.say("个人业务", "Personal banking"),
            Service::Business => ctx.say("对公业务", "Business banking"),
            Service::Wealth => ctx.say("理财咨询", "Wealth advice"),
        }
    }
    pub fn what(self, ctx: &Context) -> &'static str {
        match self {
            Service::Personal => ctx.say("开户、存取款、挂失、转账", "Accounts, cash, lost cards, transfers"),
            Service::Business => ctx.say("企业开户、结算、票据", "Company accounts, settlement, bills"),
            Service::Wealth => ctx.say("理财、基金、保险、贷款", "Savings, funds, insurance, loans"),
        }
    }
    pub fn board_key(self, day: &str) -> String {
        format!("{BOARDS}{day}/{}", self.key())
    }
    /// Of the keys of its tickets of a day.
    fn tickets_prefix(self, day: &str) -> String {
        format!("{TICKETS}{day}/{}/", self.key())
    }
    /// Draws numbers.
    pub fn number_counter(self, day: &str) -> String {
        format!("number-{day}-{}", self.key())
    }
    /// Moves in the same commit as a new ticket, so that who watches it finds the ticket.
    pub fn taken_counter(self, day: &str) -> String {
        format!("taken-{day}-{}", self.key())
    }
}

/// Names a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketName {
    pub day: String,
    pub service: Service,
    pub number: u64,
}

impl TicketName {
    pub fn key(&self) -> String {
        format!("{}{:06}", self.service.tickets_prefix(&self.day), self.number)
    }
    /// As it is called out: `A012`.
    pub fn called(&self) -> String {
        called(self.service, self.number)
    }
}

pub fn called(service: Service, number: u64) -> String {
    format!("{}{number:03}", service.letter())
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Waiting,
    Called { desk: u32, at_ms: i64, times: u32 },
    Served,
    Missed,
    Cancelled,
}

impl Stage {
    /// Still in the hall as far as the queue knows.
    pub fn is_open(&self) -> bool {
        matches!(self, Stage::Waiting | Stage::Called { .. })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub name: TicketName,
    pub taken_ms: i64,
    /// How many stood before it when it was taken.
    pub ahead_at_first: u32,
    pub stage: Stage,
}

impl Ticket {
    /// Takes the next number of a service.
    pub fn take(ctx: &Context, service: Service) -> Result<Self, Refusal> {
        let day = ctx.local().date_key();
        let board = Board::load(&day, service)?;
        let number = counters::next(&service.number_counter(&day))?;
        let ahead_at_first = board.ahead_of(number);
        let name = TicketName { day, service, number };
        let ticket = Self { name, taken_ms: ctx.now, ahead_at_first, stage: Stage::Waiting };
        shared::put(&ticket.name.key(), None, &ticket)?;
        counters::add(&service.taken_counter(&ticket.name.day), 1)?;
        Ok(ticket)
    }
    pub fn load(name: &TicketName) -> Result<Option<Self>, Refusal> {
        shared::get(&name.key())
    }
    /// Moves a ticket on, where it still is in a stage that `from` says.
    pub fn advance(name: &TicketName, from: fn(&Stage) -> bool, to: Stage) -> Result<bool, Refusal> {
        let Some(kept) = shared::get_versioned::<Ticket>(&name.key())? else { return Ok(false) };
        if !from(&kept.value.stage) {
            return Ok(false);
        }
        shared::put(&name.key(), Some(kept.version), &Ticket { stage: to, ..kept.value })?;
        Ok(true)
    }
    /// Leaves the queue. The board is told, so that those behind move up at once.
    pub fn cancel(name: &TicketName) -> Result<bool, Refusal> {
        let left = Self::advance(name, Stage::is_open, Stage::Cancelled)?;
        if left {
            shared::change(&name.service.board_key(&name.day), |board: &mut Board| board.leave(name.number))?;
        }
        Ok(left)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOut {
    pub number: u64,
    pub desk: u32,
    pub at_ms: i64,
}

/// How far the calling of one service on one day is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The highest number that was called.
    pub head: u64,
    /// Tickets up to the head; numbers without a ticket do not count.
    pub passed: u64,
    /// Numbers past the head that left the queue.
    pub gone: BTreeSet<u64>,
    /// Numbers before the head that had no ticket: drawn by a call that failed, or was still under way.
    pub skipped: Vec<u64>,
    /// The newest calls, newest first.
    pub calls: Vec<CallOut>,
    /// When each desk last called.
    pub desks: BTreeMap<u32, i64>,
}

impl Board {
    pub fn load(day: &str, service: Service) -> Result<Self, Refusal> {
        Ok(shared::get(&service.board_key(day))?.unwrap_or_default())
    }
    /// How many wait before a number.
    pub fn ahead_of(&self, number: u64) -> u32 {
        let between = number.saturating_sub(self.head + 1);
        let gone = self.gone.range(..number).count() as u64;
        u32::try_from(between.saturating_sub(gone)).unwrap_or(u32::MAX)
    }
    /// How many wait, when so many tickets were taken altogether.
    pub fn waiting(&self, taken: u64) -> u32 {
        let waiting = taken.saturating_sub(self.passed).saturating_sub(self.gone.len() as u64);
        u32::try_from(waiting).unwrap_or(u32::MAX)
    }
    /// Numbers past the head that nobody gave up, first in the queue first, without end.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        (self.head + 1..).filter(|number| !self.gone.contains(number))
    }
    /// Minutes until a number is called, reckoned with the desks that are open.
    pub fn wait_minutes(&self, ctx: &Context, ahead: u32) -> u32 {
        let open = self.desks.values().filter(|at_ms| ctx.now - **at_ms < DESK_OPEN_MS).count().max(1);
        let each = u32::try_from(config::number("minutes").unwrap_or(5).clamp(1, 60)).unwrap_or(5);
        (ahead + 1).saturating_mul(each).div_ceil(u32::try_from(open).unwrap_or(1))
    }
    fn leave(&mut self, number: u64) {
        if number > self.head {
            self.gone.insert(number);
        } else if self.skipped.contains(&number) {
            self.skipped.retain(|skipped| *skipped != number);
            self.passed += 1;
        }
        self.calls.retain(|call| call.number != number);
    }
    /// Notes a call; `missing` are the numbers before it that had no ticket.
    fn call_out(&mut self, number: u64, missing: &[u64], desk: u32, at_ms: i64) {
        if number > self.head {
            self.passed += number - self.head - missing.len() as u64;
            self.skipped.extend(missing);
        } else {
            self.passed += 1;
        }
        self.skipped.retain(|skipped| *skipped != number);
        let old = self.skipped.len().saturating_sub(SKIPPED_MAX);
        self.skipped.drain(..old);
        self.head = self.head.max(number);
        let head = self.head;
        self.gone.retain(|gone| *gone > head);
        self.calls.retain(|call| call.desk != desk);
        self.calls.insert(0, CallOut { number, desk, at_ms });
        self.calls.truncate(CALLS_SHOWN_MAX);
        self.desks.insert(desk, at_ms);
    }
}

/// Calls whoever is first in the queue of a service to a desk.
pub fn call_next(ctx: &Context, service: Service, desk: u32) -> Result<Option<TicketName>, Refusal> {
    let day = ctx.local().date_key();
    let board = Board::load(&day, service)?;
    if board.waiting(taken(service, &day)?) == 0 {
        return Ok(None);
    }
    let name = |number| TicketName { day: day.clone(), service, number };
    for number in &board.skipped {
        if Ticket::load(&name(*number))?.is_some_and(|ticket| ticket.stage == Stage::Waiting) {
            return call(ctx, &name(*number), &[], desk).map(Some);
        }
    }
    let (mut missing, mut before) = (Vec::new(), board.head);
    let mut after = Some(name(board.head).key());
    for _ in 0..PAGES_MAX {
        let (page, more) = shared::entries::<Ticket>(&service.tickets_prefix(&day), after.as_deref())?;
        for (_, Versioned { value: ticket, .. }) in page {
            let number = ticket.name.number;
            missing.extend((before + 1..number).filter(|number| !board.gone.contains(number)));
            before = number;
            if ticket.stage == Stage::Waiting {
                return call(ctx, &ticket.name, &missing, desk).map(Some);
            }
        }
        after = more;
        if after.is_none() {
            break;
        }
    }
    Ok(None)
}

/// Calls a ticket that waits; `missing` are the numbers before it that have none.
fn call(ctx: &Context, name: &TicketName, missing: &[u64], desk: u32) -> Result<TicketName, Refusal> {
    let called = Stage::Called { desk, at_ms: ctx.now, times: 1 };
    Ticket::advance(name, |stage| *stage == Stage::Waiting, called)?;
    let call_out = |board: &mut Board| board.call_out(name.number, missing, desk, ctx.now);
    shared::change(&name.service.board_key(&name.day), call_out)?;
    Ok(name.clone())
}

/// Clears away tickets and boards of days past, the oldest first.
pub fn clear_old(ctx: &Context) -> Result<(), Refusal> {
    let oldest_kept = ctx.local_at(ctx.now - (KEPT_DAYS - 1) * 86_400_000).date_key();
    for prefix in [TICKETS, BOARDS] {
        let (page, _) = shared::entries::<serde::de::IgnoredAny>(prefix, None)?;
        let is_old = |key: &str| key.strip_prefix(prefix).is_some_and(|rest| rest < oldest_kept.as_str());
        for (key, kept) in page.into_iter().filter(|(key, _)| is_old(key)).take(CLEARED_MAX) {
            shared::remove(&key, kept.version)?;
        }
    }
    Ok(())
}

/// Tickets of a service taken on a day.
pub fn taken(service: Service, day: &str) -> Result<u64, Refusal> {
    Ok(u64::try_from(counters::read(&service.taken_counter(day))?).unwrap_or(0))
}

/// Calls somebody again who was called before.
pub fn call_again(ctx: &Context, name: &TicketName, desk: u32) -> Result<bool, Refusal> {
    let Some(ticket) = Ticket::load(name)? else { return Ok(false) };
    let Stage::Called { times, .. } = ticket.stage else { return Ok(false) };
    let again = Stage::Called { desk, at_ms: ctx.now, times: times + 1 };
    Ticket::advance(name, |stage| matches!(stage, Stage::Called { .. }), again)
}

/// Ends what happens at a desk: served, or not there.
pub fn finish(name: &TicketName, to: Stage) -> Result<bool, Refusal> {
    let done = Ticket::advance(name, |stage| matches!(stage, Stage::Called { .. }), to)?;
    if done {
        shared::change(&name.service.board_key(&name.day), |board: &mut Board| board.leave(name.number))?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::Board;

    #[test]
    fn places_count_who_is_really_before() {
        let mut board = Board::default();
        assert_eq!((board.ahead_of(1), board.ahead_of(5)), (0, 4));
        board.leave(2);
        assert_eq!((board.ahead_of(2), board.ahead_of(5)), (1, 3));
        board.call_out(1, &[], 3, 0);
        assert_eq!((board.ahead_of(5), board.passed), (2, 1));
        // 3 had no ticket when 4 was called: it is looked at again, and 5 is next.
        board.call_out(4, &[3], 3, 1);
        assert_eq!((board.ahead_of(5), board.skipped.as_slice(), board.gone.len()), (0, [3].as_slice(), 0));
        assert_eq!(board.numbers().take(2).collect::<Vec<_>>(), [5, 6]);
        // Tickets 1, 2, 4, 5 and 6 were taken; then 3 came after all.
        assert_eq!((board.waiting(5), board.waiting(6)), (2, 3));
        board.call_out(3, &[], 2, 2);
        assert!(board.skipped.is_empty());
        assert_eq!((board.waiting(6), board.calls.len()), (2, 2));
    }
}
