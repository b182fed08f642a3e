//! What a clerk does: open a counter, call, call again, finish.

mod screens;

use crate::State;
use crate::queue::{self, Service, Stage, Ticket, TicketName};
use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// Counters that a hall may have.
pub const DESKS_MAX: u32 = 30;
/// After this time the page says that the customer may be passed over.
const LATE_AFTER_MS: u64 = 3 * 60_000;
const LATE_KEY: &str = "late";

/// A clerk's session.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Desk {
    /// The number of the counter, 0 before it is opened.
    desk: u32,
    /// What is served here, in the order in which it is called.
    services: Vec<Service>,
    current: Option<TicketName>,
    /// The customer was called a while ago and has not come.
    late: bool,
    served: u32,
    /// Said once, on the next screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

pub fn open(ctx: &Context) -> StepResult<State> {
    queue::clear_old(ctx)?;
    show(ctx, Desk::default())
}

pub fn update(ctx: &Context, mut desk: Desk, event: Event) -> StepResult<State> {
    desk.message = None;
    match &event {
        Event::Submitted(form) if form.form == "counter" => open_counter(ctx, &mut desk, form),
        Event::Tapped(tap) => tapped(ctx, &mut desk, &tap.id)?,
        Event::Woken(key) if key == LATE_KEY => desk.late = desk.current.is_some(),
        _ => {}
    }
    show(ctx, desk)
}

fn open_counter(ctx: &Context, desk: &mut Desk, form: &xitai::Submission) {
    let number = form.number("desk").and_then(|number| u32::try_from(number).ok());
    let services: Vec<Service> = form.chosen("services").into_iter().filter_map(Service::from_key).collect();
    match number.filter(|number| (1..=DESKS_MAX).contains(number)) {
        Some(number) if !services.is_empty() => {
            desk.desk = number;
            desk.services = services;
        }
        _ => {
            desk.message =
                Some(ctx.say("请选窗口号和至少一项业务。", "Choose a counter and at least one service.").to_owned())
        }
    }
}

fn tapped(ctx: &Context, desk: &mut Desk, id: &str) -> Result<(), Failure> {
    match id {
        "next" => {
            end(desk, Stage::Served)?;
            call(ctx, desk)?;
        }
        "recall" => {
            if let Some(name) = &desk.current
                && queue::call_again(ctx, name, desk.desk)?
            {
                desk.late = false;
                wakeups::after_ms(LATE_AFTER_MS, LATE_KEY)?;
                desk.message = Some(say!(ctx, "已再次呼叫 {}", "Called {} again", name.called()));
            }
        }
        "served" => end(desk, Stage::Served)?,
        "missed" => end(desk, Stage::Missed)?,
        "close" => {
            end(desk, Stage::Served)?;
            desk.desk = 0;
        }
        _ => {}
    }
    Ok(())
}

/// Calls the first in the queue of the first service that anybody waits for.
fn call(ctx: &Context, desk: &mut Desk) -> Result<(), Failure> {
    for service in desk.services.clone() {
        if let Some(name) = queue::call_next(ctx, service, desk.desk)? {
            desk.current = Some(name);
            wakeups::after_ms(LATE_AFTER_MS, LATE_KEY)?;
            return Ok(());
        }
    }
    desk.message = Some(ctx.say("现在没有人等候。", "Nobody is waiting right now.").to_owned());
    Ok(())
}

fn end(desk: &mut Desk, stage: Stage) -> Result<(), Failure> {
    desk.late = false;
    let Some(name) = desk.current.take() else { return Ok(()) };
    wakeups::cancel(LATE_KEY);
    if queue::finish(&name, stage.clone())? && stage == Stage::Served {
        desk.served += 1;
    }
    Ok(())
}

fn show(ctx: &Context, mut desk: Desk) -> StepResult<State> {
    if desk.desk == 0 {
        let screen = screens::counter(ctx, &desk);
        return Ok(Step::new(State::Clerk(desk), screen));
    }
    let ticket = desk.current.as_ref().map(Ticket::load).transpose()?.flatten();
    let ticket = ticket.filter(|ticket| ticket.stage.is_open());
    if let (None, Some(name)) = (&ticket, desk.current.take_if(|_| ticket.is_none())) {
        desk.late = false;
        desk.message = Some(say!(ctx, "{} 已离开队伍", "{} has left the queue", name.called()));
    }
    let day = ctx.local().date_key();
    let screen = screens::desk(ctx, &desk, ticket.as_ref(), &day)?;
    let services = desk.services.clone();
    let current = desk.current.as_ref().map(TicketName::key);
    let step = services.iter().fold(Step::new(State::Clerk(desk), screen), |step, service| {
        step.watch(service.board_key(&day)).watch(service.taken_counter(&day))
    });
    Ok(current.into_iter().fold(step, Step::watch))
}
