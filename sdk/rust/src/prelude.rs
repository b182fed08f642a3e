//! Everything that most programs name: `use xitai::prelude::*;`.

pub use crate::payments::{Order, Payment, Status};
pub use crate::program::{Program, Step, StepResult};
pub use crate::services::{config, counters, log, shared, storage, wakeups};
pub use crate::ui::{
    Children, Node, amount, badge, button, card, choice, column, divider, form, heading, icon, image, item, items,
    key_values, link, notice, paragraph, progress, qr, quantity, row, screen, section, secure_field, tabs, text_field,
    timeline, toggle,
};
pub use crate::{
    Actor, Context, Event, Failure, Launch, Money, Outcome, Refusal, RefusalKind, Surface, identity, payments, say,
};
