//! Fees that go back. Only the branch's own session may refund, so a patient's session notes what is owed, in the same
//! step in which it learns of it, and the branch's session pays as soon as it notices.

use crate::State;
use serde::{Deserialize, Serialize};
use xitai::payments::merchant;
use xitai::prelude::*;
use xitai::ui;

/// Where debts are kept: below it the payment.
const DUE: &str = "due/";
/// Moves with each debt; the branch's session watches it.
const OWED: &str = "owed";
/// Debts paid in one event, so that it stays quick.
const PAID_AT_ONCE_MAX: usize = 20;
const AGAIN_MS: u64 = 60_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Due {
    payment: String,
    amount: Money,
    reason: String,
}

/// Notes that a fee has to go back. Once for a payment, however often it is asked.
pub fn owe(payment: &str, amount: Money, reason: &str) -> Result<(), Refusal> {
    let key = format!("{DUE}{payment}");
    if shared::get_versioned::<Due>(&key)?.is_none() {
        let due = Due { payment: payment.to_owned(), amount, reason: reason.to_owned() };
        shared::put(&key, None, &due)?;
        counters::add(OWED, 1)?;
    }
    Ok(())
}

/// Pays what is owed, and waits for more.
pub fn pay_all(_ctx: &Context) -> StepResult<State> {
    let (due, more) = shared::entries::<Due>(DUE, None)?;
    let left = more.is_some() || due.len() > PAID_AT_ONCE_MAX;
    let mut failed = false;
    for (key, debt) in due.into_iter().take(PAID_AT_ONCE_MAX) {
        match merchant::refund(&debt.value.payment, debt.value.amount, &debt.value.reason, "back") {
            Ok(_) => shared::remove(&key, debt.version)?,
            Err(refusal) => {
                failed = true;
                log::error(&format!("{} does not go back: {} {}", debt.value.payment, refusal.code, refusal.detail));
            }
        }
    }
    if left || failed {
        wakeups::after_ms(AGAIN_MS, "owed")?;
    }
    Ok(Step::new(State::Background, ui::no_screen()).watch(OWED))
}
