//! Write mini programs for the Xitai platform in Rust.
//!
//! A mini program is a pure function. The host calls [`Program::open`] when a customer comes and
//! [`Program::update`] for each event; both give back a [`Step`]: the new state, the screen, and perhaps a sheet.
//! Each call runs in a fresh sandbox. What the call asks of the bank through [`services`], [`payments`] and their
//! like is committed together with its step, or not at all if the call fails.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use xitai::prelude::*;
//!
//! #[derive(Default, Serialize, Deserialize)]
//! struct Greeter {
//!     cups: u32,
//! }
//!
//! impl Program for Greeter {
//!     type State = Greeter;
//!
//!     fn open(ctx: &Context, _launch: &Launch) -> StepResult<Greeter> {
//!         Ok(step(ctx, Greeter::default()))
//!     }
//!
//!     fn update(ctx: &Context, mut tea: Greeter, event: Event) -> StepResult<Greeter> {
//!         if event.is_tap("more") {
//!             tea.cups += 1;
//!         }
//!         Ok(step(ctx, tea))
//!     }
//! }
//!
//! fn step(ctx: &Context, tea: Greeter) -> Step<Greeter> {
//!     let screen = screen(ctx.say("茶馆", "Tea house"), (
//!         heading(say!(ctx, "已喝 {} 杯", "{} cups so far", tea.cups)),
//!         button(ctx.say("再来一杯", "One more")).id("more").primary(),
//!     ));
//!     Step::new(tea, screen)
//! }
//!
//! xitai::export!(Greeter);
//!
//! // The same program on the developer's own machine, without a host:
//! use xitai::testing::Bank;
//! let bank = Bank::new();
//! let mut page = bank.customer("wang").open::<Greeter>("pages/index");
//! page.tap("more");
//! assert!(page.drawing().contains("已喝 1 杯"));
//! ```
//!
//! Permission is one list: the interfaces whose functions a program calls are the imports of its component, and
//! its manifest must ask for exactly those. Functions that are never called leave no import. Where the manifest
//! asks for `xitai:services/log`, `export!` makes a panic a line in the publisher's log, with its place in the source;
//! without it a panic is a trap that says no more.

pub mod authoring;
#[doc(hidden)]
pub mod bindings;
pub mod calendar;
mod context;
pub mod feedback;
pub mod identity;
pub mod library;
mod money;
pub mod payments;
pub mod prelude;
#[doc(hidden)]
pub mod program;
mod random;
mod refusal;
pub mod services;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod ui;

pub use bindings::exports::xitai::program::program::{
    Actor, Context, Effect, Event, Failure, Happening, Launch, Outcome, Reply, Response, SheetResult, Submission,
    Surface, Tap,
};
pub use bindings::xitai::types::values::{Channel, Extension, Refusal, RefusalKind};
pub use money::{Currency, Money};
pub use program::{Celebration, Program, Step, StepResult};
pub use random::Random;

/// The functions that the host supplies: the contract's own on the stage, the fake bank's in a native test.
mod host {
    #[cfg(target_arch = "wasm32")]
    pub(crate) use crate::bindings::xitai::{
        content::{authoring, feedback, library},
        identity::{agreements, claims, customer, presence, proofs, secure_fields},
        payments::{coupons, mandates, merchant_codes, merchant_payments, payments, payouts, red_envelopes},
        services::{
            attachments, config, counters, locator, log, notices, partner, printer, programs, relationship, scanner,
            shared_storage, sharing, storage, wakeups,
        },
    };
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) use crate::testing::host_calls::{
        agreements, attachments, authoring, claims, config, counters, coupons, customer, feedback, library, locator,
        log, mandates, merchant_codes, merchant_payments, notices, partner, payments, payouts, presence, printer,
        programs, proofs, red_envelopes, relationship, scanner, secure_fields, shared_storage, sharing, storage,
        wakeups,
    };
}
