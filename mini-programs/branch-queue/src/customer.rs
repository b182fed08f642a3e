//! What a customer does: take a ticket, wait, be called, or leave.

mod screens;

use crate::queue::{Board, Service, Stage, Ticket, TicketName};
use crate::{State, title};
use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// Where the customer's newest ticket is noted, so that it is there again on every device and visit.
const TICKET_KEY: &str = "ticket";

/// A customer's session.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Visit {
    ticket: Option<TicketName>,
    /// Asks once more before the place is given up.
    asks_to_leave: bool,
    /// How often the customer was called when the page last said so.
    calls_heard: u32,
}

pub fn open(ctx: &Context) -> StepResult<State> {
    show(ctx, Visit { ticket: noted(ctx)?, ..Visit::default() })
}

/// The noted ticket, where it is still of use: open, or missed today.
fn noted(ctx: &Context) -> Result<Option<TicketName>, Failure> {
    let Some(name) = storage::get::<TicketName>(TICKET_KEY)? else { return Ok(None) };
    if name.day != ctx.local().date_key() {
        return Ok(None);
    }
    let stage = Ticket::load(&name)?.map(|ticket| ticket.stage);
    let of_use = stage.is_some_and(|stage| stage.is_open() || stage == Stage::Missed);
    Ok(of_use.then_some(name))
}

/// What stands for the queue in a branch's zone: one glance.
pub fn card(ctx: &Context) -> StepResult<State> {
    let ticket = noted(ctx)?.map(|name| Ticket::load(&name)).transpose()?.flatten();
    let visit = Visit { ticket: ticket.as_ref().map(|ticket| ticket.name.clone()), ..Visit::default() };
    let lines = match &ticket {
        Some(ticket) => {
            let board = Board::load(&ticket.name.day, ticket.name.service)?;
            say!(
                ctx,
                "{}：前面还有 {} 位",
                "{}: {} ahead of you",
                ticket.name.called(),
                board.ahead_of(ticket.name.number)
            )
        }
        None => ctx.say("手机取号，到号再来", "Take a ticket here, come when it is called").to_owned(),
    };
    let step = Step::new(State::Customer(visit), screen(title(ctx), (heading(title(ctx)), paragraph(lines))));
    Ok(ticket.into_iter().fold(step, |step, ticket| {
        step.watch(ticket.name.key()).watch(ticket.name.service.board_key(&ticket.name.day))
    }))
}

pub fn update(ctx: &Context, mut visit: Visit, event: Event) -> StepResult<State> {
    if let Some(service) = event.tap_after("take-").and_then(Service::from_key) {
        take(ctx, &mut visit, service)?;
    } else if event.is_tap("again") {
        let service = visit.ticket.as_ref().map(|name| name.service);
        if let Some(service) = service {
            take(ctx, &mut visit, service)?;
        }
    } else if event.is_tap("leave") {
        visit.asks_to_leave = true;
    } else if event.is_tap("stay") {
        visit.asks_to_leave = false;
    } else if event.is_tap("leave-now") {
        visit.asks_to_leave = false;
        if let Some(name) = &visit.ticket {
            Ticket::cancel(name)?;
        }
    } else if event.is_tap("done") {
        storage::remove(TICKET_KEY)?;
        visit = Visit::default();
    }
    show(ctx, visit)
}

/// Takes a ticket, unless the customer waits already: a second finger on the glass must not take two.
fn take(ctx: &Context, visit: &mut Visit, service: Service) -> Result<(), Failure> {
    if let Some(name) = noted(ctx)?
        && Ticket::load(&name)?.is_some_and(|ticket| ticket.stage.is_open())
    {
        visit.ticket = Some(name);
        return Ok(());
    }
    let ticket = Ticket::take(ctx, service)?;
    storage::set(TICKET_KEY, &ticket.name)?;
    *visit = Visit { ticket: Some(ticket.name), ..Visit::default() };
    Ok(())
}

fn show(ctx: &Context, mut visit: Visit) -> StepResult<State> {
    let ticket = visit.ticket.as_ref().map(Ticket::load).transpose()?.flatten();
    let Some(ticket) = ticket else {
        let day = ctx.local().date_key();
        let screen = screens::services(ctx, &day)?;
        let step = Step::new(State::Customer(Visit::default()), screen);
        return Ok(Service::ALL
            .into_iter()
            .fold(step, |step, service| step.watch(service.board_key(&day)).watch(service.taken_counter(&day))));
    };
    let board = Board::load(&ticket.name.day, ticket.name.service)?;
    let screen = screens::ticket(ctx, &ticket, &board, visit.asks_to_leave);
    let mut heard = None;
    if let Stage::Called { desk, times, .. } = ticket.stage
        && times > visit.calls_heard
    {
        visit.calls_heard = times;
        heard = Some(say!(ctx, "请到 {} 号窗口", "Please come to counter {}", desk));
    }
    let step = Step::new(State::Customer(visit), screen);
    let step = step.watch(ticket.name.key()).watch(ticket.name.service.board_key(&ticket.name.day));
    Ok(heard.into_iter().fold(step, Step::toast))
}
