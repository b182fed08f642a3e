//! Registering with a hospital: choose a doctor and a day, give the identity number, pay, and be told the number.
//!
//! - Doctors and slots are the hospital's own system's, asked through `partner`. Nothing here is a copy that can be wrong.
//! - The identity number goes from the bank's own field to the hospital, once; this program never sees it.
//! - The fee is paid first, and the slot asked for afterwards. Whatever the hospital answers, or that it does not, the
//!   registration ends either booked or with the money on its way back: see [`registration::Registration`].
//! - A customer's session may not pay anything back. It notes what is owed, and the session that belongs to the branch
//!   pays it: see [`money_back`].

mod doctors;
mod money_back;
mod registration;
mod screens;
mod visit;

use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// The program.
pub struct HospitalRegistration;

/// What a session remembers, by whose it is.
#[derive(Serialize, Deserialize)]
pub enum State {
    /// Somebody who sees a doctor.
    Patient(visit::Visit),
    /// Nobody: the session that belongs to the branch.
    Background,
}

impl Program for HospitalRegistration {
    type State = State;

    fn open(ctx: &Context, launch: &Launch) -> StepResult<State> {
        match (&ctx.actor, launch.surface) {
            (_, Surface::Background) | (Actor::Nobody, _) => money_back::pay_all(ctx),
            (_, Surface::Card) => visit::card(ctx),
            _ => visit::open(ctx, launch),
        }
    }

    fn update(ctx: &Context, state: State, event: Event) -> StepResult<State> {
        match state {
            State::Patient(visit) => visit::update(ctx, visit, event),
            State::Background => money_back::pay_all(ctx),
        }
    }
}

/// What the branch calls its hospital.
fn hospital_name(ctx: &Context) -> String {
    let name = config::text(ctx.say("name", "name-en"));
    if name.is_empty() { ctx.say("医院挂号", "Hospital registration").to_owned() } else { name }
}

xitai::export!(HospitalRegistration);
