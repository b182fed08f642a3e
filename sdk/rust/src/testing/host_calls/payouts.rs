//! Payouts out of the budget that a test gives the program with [`crate::testing::Bank::set_budget`].

use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::types::values::Money;

/// A payout that was made.
#[derive(Clone)]
pub(crate) struct Paid {
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) minor: i64,
    pub(crate) reason: String,
    pub(crate) key: String,
}

pub fn pay(to: &str, amount: &Money, reason: &str, key: &str) -> Result<String, Refusal> {
    answer(|_, world| {
        if amount.minor <= 0 {
            return Err(refusal(RefusalKind::Invalid, "payment.amount-not-positive", ""));
        }
        if let Some(before) = world.kept.payouts.iter().find(|it| it.to == to && it.key == key) {
            let same = before.minor == amount.minor && before.reason == reason;
            let differs = || refusal(RefusalKind::Conflict, "payout.key-differs", key);
            return if same { Ok(before.id.clone()) } else { Err(differs()) };
        }
        if !world.sessions.iter().any(|session| session.subject == to) {
            return Err(refusal(RefusalKind::NotFound, "payout.no-customer", to));
        }
        if world.kept.budget < amount.minor {
            return Err(refusal(RefusalKind::Limited, "payout.budget", ""));
        }
        world.kept.budget -= amount.minor;
        let balance = world.kept.balance(to) + amount.minor;
        world.kept.balances.insert(to.to_owned(), balance);
        world.ids_given += 1;
        let id = format!("payout-{}", world.ids_given);
        let (to, reason, key) = (to.to_owned(), reason.to_owned(), key.to_owned());
        world.kept.payouts.push(Paid { id: id.clone(), to, minor: amount.minor, reason, key });
        Ok(id)
    })
}
