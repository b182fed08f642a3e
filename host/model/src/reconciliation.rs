//! Reconciliation: what payments say has moved, what the ledger says, and what the rail says, side by side for a day.
//!
//! Whatever the three don't agree on is a [`Break`]. It is kept, gets older, closes by itself when they agree later, and
//! is otherwise put right by a transfer that two people agree on. Nothing is ever edited.

mod breaks;
mod movements;
#[cfg(test)]
mod tests;

pub use breaks::{Break, Command, Corrected, Correction, Moved, State, apply, may_correct};
pub use movements::{of_cash, of_edge, of_envelope, of_ledger, of_payment, of_payout, of_statement, of_take};

use crate::day::Day;
use crate::matter::{MatterBody, MatterKind};
use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The documents: payments, statements, payouts, envelopes.
    Payments,
    Ledger,
    /// What carries the money: the bank's core, or the accounts at the ledger's own edge; of cash, whoever counted it.
    Rail,
}
impl Side {
    pub const ALL: [Side; 3] = [Side::Payments, Side::Ledger, Side::Rail];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A customer's money went to whom they paid.
    Capture,
    /// It came back.
    Refund,
    /// A merchant's day went out.
    PayOut,
    /// A program paid one of its customers out of its budget.
    ProgramPayOut,
    /// A giver filled a share of a red envelope.
    EnvelopeIn,
    /// A share went to whoever took it, or back to its giver.
    EnvelopeOut,
    /// Cash was counted. The bank has not seen it: each side only says so.
    Cash,
    /// Cash was given back over the counter.
    CashBack,
}
impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Capture,
        Kind::Refund,
        Kind::PayOut,
        Kind::ProgramPayOut,
        Kind::EnvelopeIn,
        Kind::EnvelopeOut,
        Kind::Cash,
        Kind::CashBack,
    ];
    /// Whether the ledger has told it by its reference ever since there are books. Of the others a day is compared that
    /// began after one was closed by a host that names them.
    pub fn is_of_old(self) -> bool {
        matches!(self, Kind::Capture | Kind::Refund | Kind::PayOut)
    }
}

/// What movements are told apart by: all sides know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Of {
    pub kind: Kind,
    /// The id of a payment or a payout; or the account: of the merchant who is paid out, of an envelope's share.
    pub reference: String,
}

/// One movement, as one side tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub of: Of,
    pub amount: Money,
    /// The day in which that side has it.
    pub day: Day,
    /// False where that side doesn't know what became of it.
    pub known: bool,
}

/// What one side tells.
pub type List = Vec<Movement>;
/// All three, in the order of [`Side::ALL`].
pub type Lists = [List; 3];

/// Why the sides differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    Missing,
    AmountDiffers,
    Twice,
    WrongDay,
    /// A side doesn't know what became of it.
    Unknown,
    CurrencyDiffers,
}
impl Why {
    pub const ALL: [Why; 6] =
        [Why::Missing, Why::AmountDiffers, Why::Twice, Why::WrongDay, Why::Unknown, Why::CurrencyDiffers];
}

/// What is not the same on all sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub of: Of,
    pub why: Why,
    /// Those that stand apart: where it is missing, there twice, unknown; all where no two agree.
    pub sides: Vec<Side>,
    /// The sum that each side has, in the order of [`Side::ALL`].
    pub sums: [i64; 3],
    /// By how much the sides differ; where they only differ in the day, what has moved.
    pub at_stake: Money,
}

/// Compares three lists, movement by movement. What agrees is not mentioned.
pub fn differences(lists: &Lists) -> Vec<Difference> {
    let mut groups: BTreeMap<&Of, [Vec<&Movement>; 3]> = BTreeMap::new();
    for (at, list) in lists.iter().enumerate() {
        for movement in list {
            groups.entry(&movement.of).or_default()[at].push(movement);
        }
    }
    groups.into_iter().filter_map(|(of, sides)| difference(of, &sides)).collect()
}

fn difference(of: &Of, sides: &[Vec<&Movement>; 3]) -> Option<Difference> {
    let currencies: BTreeSet<Currency> = sides.iter().flatten().map(|movement| movement.amount.currency).collect();
    let currency = *currencies.first()?;
    let sums = sides.each_ref().map(|side| side.iter().map(|movement| movement.amount.minor).sum::<i64>());
    let (least, most) = (sums.iter().min().copied()?, sums.iter().max().copied()?);
    let told = |why, apart: Vec<Side>, minor| {
        let at_stake = Money::new(minor, currency);
        Some(Difference { of: of.clone(), why, sides: apart, sums, at_stake })
    };
    let unknown = those(sides, |side| side.iter().any(|movement| !movement.known));
    // What went and came back is nothing, whether or not a side was told of it.
    if sums == [0; 3] && unknown.is_empty() && currencies.len() == 1 {
        return None;
    }
    let missing = those(sides, |side| side.is_empty());
    match () {
        () if !unknown.is_empty() => told(Why::Unknown, unknown, most),
        () if currencies.len() > 1 => told(Why::CurrencyDiffers, apart(sides, currencies_of), most),
        () if !missing.is_empty() => told(Why::Missing, missing, most - least),
        () if least != most => {
            let twice = those(sides, |side| amounts(side).len() > distinct(side).len());
            let same_but_for_that = sides.iter().all(|side| distinct(side) == distinct(&sides[0]));
            let (why, apart) = match same_but_for_that && !twice.is_empty() && twice.len() < sides.len() {
                true => (Why::Twice, twice),
                false => (Why::AmountDiffers, apart(sides, |side| amounts(side).iter().sum::<i64>())),
            };
            told(why, apart, most - least)
        }
        () => {
            let apart = apart(sides, by_day);
            if apart.is_empty() { None } else { told(Why::WrongDay, apart, most) }
        }
    }
}

type OfSide<'a> = Vec<&'a Movement>;

fn those(sides: &[OfSide<'_>; 3], is: impl Fn(&OfSide<'_>) -> bool) -> Vec<Side> {
    Side::ALL.into_iter().zip(sides).filter(|(_, side)| is(side)).map(|(name, _)| name).collect()
}

/// Those who stand alone against the other two; all where no two agree; none where all do.
fn apart<T: PartialEq>(sides: &[OfSide<'_>; 3], of: impl Fn(&OfSide<'_>) -> T) -> Vec<Side> {
    let [payments, ledger, rail] = sides.each_ref().map(of);
    match (payments == ledger, ledger == rail, payments == rail) {
        (true, true, _) => Vec::new(),
        (true, false, _) => vec![Side::Rail],
        (false, true, _) => vec![Side::Payments],
        (false, false, true) => vec![Side::Ledger],
        (false, false, false) => Side::ALL.to_vec(),
    }
}

fn currencies_of(side: &OfSide<'_>) -> BTreeSet<Currency> {
    side.iter().map(|movement| movement.amount.currency).collect()
}
fn amounts(side: &OfSide<'_>) -> Vec<i64> {
    side.iter().map(|movement| movement.amount.minor).collect()
}
fn distinct(side: &OfSide<'_>) -> BTreeSet<i64> {
    amounts(side).into_iter().collect()
}
fn by_day(side: &OfSide<'_>) -> BTreeMap<Day, i64> {
    let mut days = BTreeMap::new();
    for movement in side {
        *days.entry(movement.day).or_default() += movement.amount.minor;
    }
    days
}

/// How many, and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub movements: u64,
    pub minor: i64,
}

/// What the three sides have of a day, of one kind and currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: Kind,
    pub currency: Currency,
    /// In the order of [`Side::ALL`].
    pub sums: [Sum; 3],
}
impl Line {
    pub fn agrees(&self) -> bool {
        self.sums[0] == self.sums[1] && self.sums[1] == self.sums[2]
    }
}

/// A day that was reconciled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    pub day: Day,
    /// What the third list is, such as `embedded`.
    pub rail: String,
    pub lines: Vec<Line>,
    /// How many differences were found.
    pub breaks: u32,
    pub at_ms: i64,
}
impl MatterBody for Reconciled {
    const KIND: MatterKind = MatterKind::Reconciliation;
}

/// A list without what went and came back within it.
pub fn netted(list: List) -> List {
    let mut sums: BTreeMap<Of, i64> = BTreeMap::new();
    for movement in &list {
        *sums.entry(movement.of.clone()).or_default() += movement.amount.minor;
    }
    list.into_iter().filter(|movement| !movement.known || sums[&movement.of] != 0).collect()
}

/// Sums by kind and currency.
pub fn totals(lists: &Lists) -> Vec<Line> {
    let mut sums: BTreeMap<(Kind, Currency), [Sum; 3]> = BTreeMap::new();
    for (at, list) in lists.iter().enumerate() {
        for movement in list {
            let sum = &mut sums.entry((movement.of.kind, movement.amount.currency)).or_default()[at];
            sum.movements += 1;
            sum.minor += movement.amount.minor;
        }
    }
    sums.into_iter().map(|((kind, currency), sums)| Line { kind, currency, sums }).collect()
}
