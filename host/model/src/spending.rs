//! Limits on spending, set by two people of head office: how much, or how often, in an hour, a day or a month, by each
//! customer, program, merchant or branch.
//!
//! A limit is a usage account of the ledger, see [`crate::payment::Claim`]: the payment counts towards it in the chain
//! of its money. Days are the bank's own.

use crate::code::{self, Code};
use crate::day::{Day, Period};
use crate::ledger::{AccountKey, AccountKind};
use crate::limits::SPENDING_MINOR_MAX;
use crate::money::{Currency, Money};
use crate::payment::{Claim, Counted, Payee, Payment, counts};
use crate::proposal::Rule;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Whose spending, or whose takings, are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    Customer,
    Program,
    Merchant,
    Branch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    Hour,
    Day,
    Month,
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Most {
    Money(Money),
    /// Payments, whatever their amount and currency: velocity.
    Times(u32),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub of: Of,
    /// One of them by its id; absent: each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    pub per: Per,
    pub most: Most,
}

/// When a payment is made, on the bank's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    pub day: Day,
    /// 0 to 23.
    pub hour: u8,
}

impl Of {
    pub const ALL: [Of; 4] = [Of::Customer, Of::Program, Of::Merchant, Of::Branch];
}
impl Per {
    pub const ALL: [Per; 3] = [Per::Hour, Per::Day, Per::Month];
    fn period(self, when: &When) -> String {
        match self {
            Per::Hour => format!("{}T{:02}", when.day, when.hour),
            Per::Day => Period::Day.name(when.day),
            Per::Month => Period::Month.name(when.day),
        }
    }
}

impl Limit {
    pub fn checked(self) -> Result<Self, Refusal> {
        let fits = match self.most {
            Most::Money(money) => (1..=SPENDING_MINOR_MAX).contains(&money.minor) && money.currency.numeric().is_some(),
            Most::Times(times) => times >= 1,
        };
        let named = self.only.as_ref().is_none_or(|only| (1..=128).contains(&only.len()) && only.is_ascii());
        if fits && named { Ok(self) } else { Err(Refusal::of(code::SPENDING_LIMIT, "how much, or of whom")) }
    }

    fn currency(&self) -> Currency {
        match self.most {
            Most::Money(money) => money.currency,
            Most::Times(_) => counts(),
        }
    }
    fn ceiling(&self) -> i64 {
        match self.most {
            Most::Money(money) => money.minor,
            Most::Times(times) => i64::from(times),
        }
    }
    /// The account that counts somebody's usage.
    pub fn account(&self, id: &str, who: &str, when: &When) -> AccountKey {
        AccountKey::new(AccountKind::Usage, format!("{id}:{who}:{}", self.per.period(when)), self.currency())
    }

    /// Whom a payment counts for, and how much of it.
    fn counts_for(&self, payment: &Payment) -> Vec<(String, i64)> {
        let whole = payment.payable.minor;
        let of: Vec<(String, i64)> = match self.of {
            Of::Customer => vec![(payment.customer.to_string(), whole)],
            Of::Program => vec![(payment.program.to_string(), whole)],
            Of::Branch => vec![(payment.branch.to_string(), whole)],
            Of::Merchant => of_merchants(payment),
        };
        of.into_iter().filter(|(who, _)| self.only.as_ref().is_none_or(|only| only == who)).collect()
    }
}

/// Each merchant once, with the sum of its legs.
fn of_merchants(payment: &Payment) -> Vec<(String, i64)> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for leg in &payment.legs {
        let Payee::Merchant(id) = &leg.payee else { continue };
        match sums.iter_mut().find(|(known, _)| known == id.as_str()) {
            Some((_, sum)) => *sum += leg.amount.minor,
            None => sums.push((id.to_string(), leg.amount.minor)),
        }
    }
    sums
}

/// What a payment takes of all limits that hold for it.
pub fn counted<'a>(rules: impl IntoIterator<Item = &'a Rule<Limit>>, payment: &Payment, when: &When) -> Vec<Counted> {
    let mut all = Vec::new();
    for rule in rules {
        let Some(limit) = &rule.live else { continue };
        let is_money = matches!(limit.most, Most::Money(_));
        if is_money && limit.currency() != payment.payable.currency {
            continue;
        }
        for (who, minor) in limit.counts_for(payment) {
            let amount = Money::new(if is_money { minor } else { 1 }, limit.currency());
            let claim = Claim { limit: rule.id.clone(), account: limit.account(&rule.id, &who, when), amount };
            all.push(Counted { claim, ceiling: limit.ceiling(), code: reached(limit) });
        }
    }
    all
}

/// Why a payment was refused that would have gone past a limit.
fn reached(limit: &Limit) -> &'static Code {
    match (limit.of, limit.most) {
        (Of::Customer, Most::Money(_)) => code::SPENDING_CUSTOMER,
        (Of::Customer, Most::Times(_)) => code::SPENDING_OFTEN,
        (Of::Program, _) => code::SPENDING_PROGRAM,
        (Of::Merchant, _) => code::SPENDING_MERCHANT,
        (Of::Branch, _) => code::SPENDING_BRANCH,
    }
}

/// Whether a rule's id can stand in an account's name.
pub fn is_id(id: &str) -> bool {
    (1..=32).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && id.as_bytes()[0].is_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment() -> Payment {
        let fen = |minor: i64| serde_json::json!({ "minor": minor, "currency": "CNY" });
        let leg = |payee: serde_json::Value, minor: i64| serde_json::json!({ "payee": payee, "legal_name": "x", "role": "sale", "amount": fen(minor) });
        let merchant = |id: &str| serde_json::json!({ "merchant": id });
        serde_json::from_value(serde_json::json!({
            "id": "00000000050C1G60R30C1G60R3", "revision": 1, "session": "00000000010C1G60R30C1G60R3",
            "program": "cn.bank.canteen", "release": { "program": "cn.bank.canteen", "version": "1.0.0" },
            "branch": "suzhou", "customer": "00000000010C1G60R30C1G60R3",
            "order": { "key": "1", "amount": fen(1_000), "purpose": "x", "lines": [], "splits": [], "coupons": [],
                       "capture_later": false, "expires_in_s": 60 },
            "legs": [leg(merchant("tea"), 300), leg(merchant("rice"), 500), leg(merchant("tea"), 200)],
            "status": "draft", "discount": fen(0), "payable": fen(1_000), "captured": fen(0), "refunded": fen(0),
            "decline_code": null, "ticket": "00000000010C1G60R30C1G60R3", "armed_chain": null, "made_ms": 1,
            "updated_ms": 1, "expires_ms": 9, "practice": false, "evidence": null, "holds": [], "operations": []
        }))
        .unwrap()
    }
    fn rule(id: &str, of: Of, only: Option<&str>, per: Per, most: Most) -> Rule<Limit> {
        let limit = Limit { of, only: only.map(str::to_owned), per, most };
        Rule { live: Some(limit.checked().unwrap()), ..Rule::new(id) }
    }
    fn taken(rules: &[Rule<Limit>]) -> Vec<(String, i64, i64)> {
        let when = When { day: Day::parse("2026-11-27").unwrap(), hour: 9 };
        let counted = counted(rules, &payment(), &when).into_iter();
        counted.map(|c| (c.claim.account.owner, c.claim.amount.minor, c.ceiling)).collect()
    }

    #[test]
    fn a_payment_counts_towards_each_limit_that_is_about_it() {
        let money = Most::Money(Money::cny(5_000));
        let usd = Most::Money(Money::new(1, Currency::parse("USD").unwrap()));
        let all = [
            rule("a", Of::Customer, None, Per::Day, money),
            rule("b", Of::Merchant, None, Per::Month, money),
            rule("c", Of::Merchant, Some("rice"), Per::Day, money),
            rule("d", Of::Merchant, Some("other"), Per::Day, money),
            rule("e", Of::Program, None, Per::Hour, Most::Times(3)),
            rule("f", Of::Branch, Some("suzhou"), Per::Day, money),
            rule("g", Of::Customer, None, Per::Day, usd),
            Rule::new("h"),
        ];
        let expected = [
            ("a:00000000010C1G60R30C1G60R3:2026-11-27", 1_000, 5_000),
            ("b:tea:2026-11", 500, 5_000),
            ("b:rice:2026-11", 500, 5_000),
            ("c:rice:2026-11-27", 500, 5_000),
            ("e:cn.bank.canteen:2026-11-27T09", 1, 3),
            ("f:suzhou:2026-11-27", 1_000, 5_000),
        ];
        assert_eq!(taken(&all), expected.map(|(owner, minor, most)| (owner.to_owned(), minor, most)));
    }

    #[test]
    fn a_limit_is_about_something() {
        let limit = |most, only: Option<&str>| {
            let only = only.map(str::to_owned);
            Limit { of: Of::Customer, only, per: Per::Day, most }.checked().map(|_| ()).map_err(|r| r.code)
        };
        assert_eq!(limit(Most::Money(Money::cny(SPENDING_MINOR_MAX)), None), Ok(()));
        for most in [
            Most::Money(Money::cny(SPENDING_MINOR_MAX + 1)),
            Most::Money(Money::cny(0)),
            Most::Money(Money::new(1, counts())),
            Most::Times(0),
        ] {
            assert_eq!(limit(most, None), Err("spending.limit".to_owned()), "{most:?}");
        }
        assert_eq!(limit(Most::Times(1), Some("")), Err("spending.limit".to_owned()));
        for (id, fits) in [("day", true), ("per-day-2", true), ("", false), ("2x", false), ("a:b", false)] {
            assert_eq!(is_id(id), fits, "{id}");
        }
    }
}
