//! The queue of a branch's hall: customers take a ticket on their phone and are called there; clerks call.
//!
//! - A ticket is a shared value under its number; the page of who waits watches it, so it changes when a clerk calls.
//! - A board for each service says how far the calling is. A place in the queue is reckoned from the board alone, so
//!   that a long queue costs no more to show than a short one.
//! - Taking a ticket touches no value that others touch: a rush in the morning never makes anybody try again.

mod clerk;
mod customer;
mod queue;

use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// The program.
pub struct BranchQueue;

/// What a session remembers, by who is at its screen.
#[derive(Serialize, Deserialize)]
pub enum State {
    /// Somebody who waits.
    Customer(customer::Visit),
    /// Somebody who calls.
    Clerk(clerk::Desk),
    /// Nobody: the session that belongs to the branch.
    Background,
}

impl Program for BranchQueue {
    type State = State;

    fn open(ctx: &Context, launch: &Launch) -> StepResult<State> {
        match (&ctx.actor, launch.surface) {
            (_, Surface::Background) | (Actor::Nobody, _) => Ok(background(ctx)),
            (_, Surface::Card) => customer::card(ctx),
            _ if ctx.is_staff("clerk") || ctx.is_staff("manager") => clerk::open(ctx),
            _ => customer::open(ctx),
        }
    }

    fn update(ctx: &Context, state: State, event: Event) -> StepResult<State> {
        match state {
            State::Customer(visit) => customer::update(ctx, visit, event),
            State::Clerk(desk) => clerk::update(ctx, desk, event),
            State::Background => Ok(background(ctx)),
        }
    }
}

fn background(ctx: &Context) -> Step<State> {
    Step::new(State::Background, screen(title(ctx), ()))
}

fn title(ctx: &Context) -> &'static str {
    ctx.say("网点排队", "Branch Queue")
}

xitai::export!(BranchQueue);
