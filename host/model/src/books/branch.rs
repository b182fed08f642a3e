//! A branch's day: its own account and the merchants that it looks after, side by side and together.

use super::{Statement, Totals};
use crate::day::Day;
use crate::digest::Digest;
use crate::ids::BranchId;
use crate::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchDay {
    pub branch: BranchId,
    pub day: Day,
    /// The branch's own first, then its merchants'.
    pub statements: Vec<Statement>,
    pub totals: BTreeMap<Currency, Totals>,
    /// Of the statements' digests in their order.
    pub digest: Digest,
}
/// What signed ones are called.
pub const KIND: &str = "branch-statement";

impl BranchDay {
    pub fn of(branch: BranchId, day: Day, statements: Vec<Statement>) -> Self {
        let (totals, digest) = (together(&statements), digest(&statements));
        Self { branch, day, statements, totals, digest }
    }
    /// Adds it up again: whoever has the file can do it without the bank.
    pub fn check(&self) -> Result<(), &'static str> {
        match () {
            () if self.statements.iter().any(|it| it.day != self.day) => Err("a statement is of another day"),
            () if together(&self.statements) != self.totals => Err("the totals are not the sums of the statements"),
            () if digest(&self.statements) != self.digest => Err("the statements are not those that were digested"),
            () => Ok(()),
        }
    }
}

/// The sums of several accounts, for each currency.
pub fn together(statements: &[Statement]) -> BTreeMap<Currency, Totals> {
    let mut totals: BTreeMap<Currency, Totals> = BTreeMap::new();
    for statement in statements {
        totals.entry(statement.account.currency).or_default().join(&statement.totals);
    }
    totals
}

fn digest(statements: &[Statement]) -> Digest {
    let parts: Vec<String> = statements.iter().map(|it| format!("{} {}", it.key(), it.digest)).collect();
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    Digest::of_parts(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::{Payout, Running, Stretch};
    use crate::ledger::{AccountKey, AccountKind};

    fn statement(owner: &str, gross: i64) -> Statement {
        let day = Day::parse("2026-11-27").unwrap();
        let account = AccountKey::new(AccountKind::Merchant, owner, Currency::CNY);
        let empty = Running::new(account, 0).closed(day, Stretch { after: 0, last: 0 }, |_| Payout::None);
        let discounts = BTreeMap::from([("suzhou".to_owned(), 10)]);
        Statement { totals: Totals { gross, discounts, fees: 1, ..Totals::default() }, ..empty }
    }

    #[test]
    fn a_branchs_day_is_its_statements_together() {
        let day = Day::parse("2026-11-27").unwrap();
        let branch = BranchId::parse("suzhou").unwrap();
        let whole = BranchDay::of(branch, day, vec![statement("tea", 500), statement("rice", 300)]);
        let totals = &whole.totals[&Currency::CNY];
        assert_eq!((totals.gross, totals.discount(), totals.fees, totals.net()), (800, 20, 2, 818));
        assert_eq!(whole.check(), Ok(()));
        let mut without = whole.clone();
        without.statements.pop();
        assert!(without.check().is_err());
        let mut forged = whole.clone();
        forged.totals.get_mut(&Currency::CNY).unwrap().fees = 0;
        assert!(forged.check().is_err());
        let mut turned = whole;
        turned.statements.reverse();
        assert!(turned.check().is_err(), "the digest is over their order");
    }
}
