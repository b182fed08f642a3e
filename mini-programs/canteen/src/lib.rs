//! The branch's canteen: customers choose, pay and fetch; the manager keeps the menu and sees orders arrive.
//!
//! - The menu is one shared value; what is left of each dish is a counter, so that a rush never makes anybody wait.
//! - Stock is taken together with the payment request, in the tap that opens the sheet, and given back by whatever
//!   event says that nothing will be paid: a declined or expired sheet, a changed payment.
//! - An order that is paid becomes a shared value under its pick-up number; from then on that is the truth about it,
//!   watched by the customer who waits for it and changed by the manager.

mod customer;
mod hours;
mod manager;
mod menu;
mod order;

use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// The program.
pub struct Canteen;

/// What a session remembers, by who is at its screen.
#[derive(Serialize, Deserialize)]
pub enum State {
    /// Somebody who eats.
    Customer(customer::Visit),
    /// Somebody who runs the canteen.
    Manager(manager::Desk),
    /// Nobody: the session that belongs to the branch.
    Background,
}

impl Program for Canteen {
    type State = State;

    fn open(ctx: &Context, launch: &Launch) -> StepResult<State> {
        match (&ctx.actor, launch.surface) {
            (_, Surface::Background) | (Actor::Nobody, _) => Ok(background(ctx)),
            (_, Surface::Card) => customer::card(ctx),
            _ if ctx.is_staff("manager") => manager::open(ctx),
            _ => customer::open(ctx, launch),
        }
    }

    fn update(ctx: &Context, state: State, event: Event) -> StepResult<State> {
        match state {
            State::Customer(visit) => customer::update(ctx, visit, event),
            State::Manager(desk) => manager::update(ctx, desk, event),
            State::Background => Ok(background(ctx)),
        }
    }
}

fn background(ctx: &Context) -> Step<State> {
    Step::new(State::Background, screen(canteen_name(ctx), ()))
}

/// What the branch calls its canteen.
fn canteen_name(ctx: &Context) -> String {
    let name = config::text(ctx.say("name", "name-en"));
    if name.is_empty() { ctx.say("职工食堂", "Staff Canteen").to_owned() } else { name }
}

xitai::export!(Canteen);
