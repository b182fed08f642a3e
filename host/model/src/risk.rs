//! What head office looks at before money moves: rules, set by two people, that let a movement go, ask for a fresh
//! proof of presence, hold it until somebody has looked at it, or refuse it. The gravest answer counts.

mod held;

pub use held::{Approval, Held, HeldState, approve, decline, lapse, released_with};

use crate::code::{self, Code};
use crate::identity::Level;
use crate::money::Money;
use crate::payment::{Payee, Payment};
use crate::proposal::Rule;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Which movement of money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moves {
    /// A customer confirms.
    #[default]
    Sale,
    /// A merchant takes what was authorised.
    Capture,
    /// A merchant gives back.
    Refund,
}

/// What a rule is about. What is absent doesn't matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    pub moves: Moves,
    /// From this amount on, in its currency.
    pub from: Option<Money>,
    pub program: Option<String>,
    pub merchant: Option<String>,
    pub branch: Option<String>,
    /// Hours of the bank's day, such as 23 to 6.
    pub hours: Option<(u8, u8)>,
    /// Somebody whom this customer has not paid before.
    pub new_payee: bool,
    /// Customers below this level.
    pub below: Option<Level>,
}

/// What becomes of a movement that the rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// A passkey signs the sheet. May be skipped for so long after presence was proved; `otherwise` is for customers
    /// who have no passkey.
    StepUp {
        skip_s: u32,
        otherwise: Otherwise,
    },
    /// Held until so many people of head office let it go.
    Hold {
        people: u8,
    },
    Deny,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    Allow,
    Hold,
    Deny,
}

/// Why, in a word of the registry that the customer and head office can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    Amount,
    Payee,
    Hours,
    Pattern,
    Blocked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRule {
    #[serde(default)]
    pub when: When,
    pub then: Then,
    pub why: Why,
}

/// What is known of a movement.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub moves: Moves,
    pub payment: &'a Payment,
    pub amount: Money,
    /// On the bank's clock.
    pub hour: u8,
    /// The customer's, where a customer acts.
    pub level: Option<Level>,
    /// Whether one of the payees was never paid by this customer.
    pub new_payee: bool,
    /// How long ago presence was proved.
    pub proved_ago_ms: i64,
    pub has_passkey: bool,
    /// A passkey has signed this very sheet.
    pub signed: bool,
}

/// The answer, gravest last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Allow,
    StepUp { rule: String },
    Hold { people: u8, rule: String, why: WhyCode },
    Deny { rule: String, why: WhyCode },
}
/// The code of a reason.
pub type WhyCode = &'static str;

impl Why {
    pub const ALL: [Why; 5] = [Why::Amount, Why::Payee, Why::Hours, Why::Pattern, Why::Blocked];

    pub fn code(self) -> &'static Code {
        match self {
            Why::Amount => code::RISK_AMOUNT,
            Why::Payee => code::RISK_PAYEE,
            Why::Hours => code::RISK_HOURS,
            Why::Pattern => code::RISK_PATTERN,
            Why::Blocked => code::RISK_BLOCKED,
        }
    }
}

impl RiskRule {
    pub fn checked(self) -> Result<Self, Refusal> {
        let wrong = |what: &str| Err(Refusal::of(code::RISK_RULE, what));
        match self.then {
            Then::Hold { people } if !(1..=2).contains(&people) => return wrong("one or two people let it go"),
            Then::StepUp { .. } | Then::Hold { .. } if self.when.moves != Moves::Sale => {
                return wrong("a capture or a refund is let go or refused: nobody sits at its sheet");
            }
            Then::StepUp { .. } | Then::Hold { .. } | Then::Deny => {}
        }
        if self.when.hours.is_some_and(|(from, to)| from > 23 || to > 23) {
            return wrong("hours are 0 to 23");
        }
        if self.when.from.is_some_and(|from| from.minor < 0 || !from.is_in_range()) {
            return wrong("the amount");
        }
        Ok(self)
    }

    fn is_about(&self, facts: &Facts) -> bool {
        let (when, payment) = (&self.when, facts.payment);
        let paid = |merchant: &String| {
            payment.legs.iter().any(|leg| matches!(&leg.payee, Payee::Merchant(id) if id.as_str() == merchant))
        };
        let from = |from: Money| facts.amount.currency == from.currency && facts.amount.minor >= from.minor;
        when.moves == facts.moves
            && when.from.is_none_or(from)
            && when.program.as_ref().is_none_or(|program| payment.program.as_str() == program)
            && when.branch.as_ref().is_none_or(|branch| payment.branch.as_str() == branch)
            && when.merchant.as_ref().is_none_or(paid)
            && when.hours.is_none_or(|hours| within(facts.hour, hours))
            && (!when.new_payee || facts.new_payee)
            && when.below.is_none_or(|below| facts.level.is_some_and(|level| level < below))
    }

    fn verdict(&self, id: &str, facts: &Facts) -> Verdict {
        let (rule, why) = (id.to_owned(), self.why.code().code);
        let hold = |people| Verdict::Hold { people, rule: rule.clone(), why };
        match self.then {
            Then::Deny => Verdict::Deny { rule, why },
            Then::Hold { people } => hold(people),
            Then::StepUp { skip_s, .. } if facts.signed || is_fresh(skip_s, facts.proved_ago_ms) => Verdict::Allow,
            Then::StepUp { .. } if facts.has_passkey => Verdict::StepUp { rule },
            Then::StepUp { otherwise: Otherwise::Allow, .. } => Verdict::Allow,
            Then::StepUp { otherwise: Otherwise::Hold, .. } => hold(1),
            Then::StepUp { otherwise: Otherwise::Deny, .. } => Verdict::Deny { rule, why },
        }
    }
}

fn is_fresh(skip_s: u32, ago_ms: i64) -> bool {
    skip_s > 0 && ago_ms < i64::from(skip_s) * 1_000
}

/// Also over midnight: 23 to 6 is at night. The last hour is within.
fn within(hour: u8, (from, to): (u8, u8)) -> bool {
    if from <= to { (from..=to).contains(&hour) } else { hour >= from || hour <= to }
}

/// Whether any rule has to know who was paid before.
pub fn asks_payees<'a>(rules: impl IntoIterator<Item = &'a Rule<RiskRule>>) -> bool {
    rules.into_iter().filter_map(|rule| rule.live.as_ref()).any(|rule| rule.when.new_payee)
}

/// What becomes of a movement.
pub fn assess<'a>(rules: impl IntoIterator<Item = &'a Rule<RiskRule>>, facts: &Facts) -> Verdict {
    let live = rules.into_iter().filter_map(|rule| Some((rule.id.as_str(), rule.live.as_ref()?)));
    let verdicts = live.filter(|(_, rule)| rule.is_about(facts)).map(|(id, rule)| rule.verdict(id, facts));
    verdicts.max().unwrap_or(Verdict::Allow)
}

#[cfg(test)]
mod tests;
