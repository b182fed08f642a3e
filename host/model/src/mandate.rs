//! Mandates: a customer's standing permission to be charged, under caps that the ledger enforces.
//!
//! | status | Agree | Decline, Lapse | Pause | Resume | Revoke | Expire |
//! |---|---|---|---|---|---|---|
//! | proposed | active | revoked, expired | - | - | revoked | expired |
//! | active | - | - | paused | - | revoked | expired |
//! | paused | - | - | - | active | revoked | expired |
//! | revoked, expired | - | - | - | - | - | - |

use crate::code;
use crate::day::{Day, Period};
use crate::ids::{MatterId, MerchantId};
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::limits::{MANDATE_MS_MAX, ORDER_TEXT_BYTES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::money::{Currency, Money};
use crate::payment::UnderMandate;
use crate::refusal::{Refusal, refuse};
use crate::text;
use serde::{Deserialize, Serialize};

/// What the customer agrees to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub purpose: String,
    pub each_at_most: Money,
    pub period: Period,
    pub period_at_most: Money,
    pub until_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Proposed,
    Active,
    Paused,
    Revoked,
    Expired,
}

/// A mandate as the bank keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    pub terms: Terms,
    pub status: Status,
    pub payee: MerchantId,
    /// From the host's own register, as it was agreed to.
    pub legal_name: String,
    /// Made in practice: it never moves money.
    pub practice: bool,
    /// When the customer agreed.
    pub agreed_ms: Option<i64>,
}

impl MatterBody for Mandate {
    const KIND: MatterKind = MatterKind::Mandate;
    fn due_ms(&self) -> Option<i64> {
        matches!(self.status, Status::Active | Status::Paused).then_some(self.terms.until_ms)
    }
}

/// What is done to a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Agree,
    Decline,
    /// Its sheet was not decided in time.
    Lapse,
    Pause,
    Resume,
    Revoke,
    /// Its own time is over.
    Expire,
}

impl Terms {
    /// The same with a purpose that people can read.
    pub fn cleaned(mut self) -> Result<Self, Refusal> {
        match text::clean(&mut self.purpose, ORDER_TEXT_BYTES_MAX) {
            Ok(()) if !self.purpose.trim().is_empty() => Ok(self),
            _ => refuse(code::MANDATE_TERMS_INVALID, "purpose"),
        }
    }
    /// Whether a customer may be asked about them.
    pub fn check(&self, now_ms: i64) -> Result<(), Refusal> {
        let wrong = |what: &str| refuse(code::MANDATE_TERMS_INVALID, what);
        let (each, period) = (self.each_at_most, self.period_at_most);
        if each.currency != period.currency || each.currency.numeric().is_none() {
            return wrong("currency");
        }
        if each.minor <= 0 || each.minor > period.minor || !period.is_in_range() {
            return wrong("caps");
        }
        if self.until_ms <= now_ms || self.until_ms > now_ms.saturating_add(MANDATE_MS_MAX) {
            return wrong("until");
        }
        Ok(())
    }
    pub fn currency(&self) -> Currency {
        self.each_at_most.currency
    }
}

impl Mandate {
    pub fn proposed(terms: Terms, payee: MerchantId, legal_name: String, practice: bool) -> Self {
        Self { terms, status: Status::Proposed, payee, legal_name, practice, agreed_ms: None }
    }
    /// Whether it binds the customer, or may yet.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Proposed | Status::Active | Status::Paused)
    }
    /// Whether it may be charged so much now, as far as the books are not asked.
    pub fn allows(&self, amount: Money, now_ms: i64) -> Result<(), Refusal> {
        if self.status != Status::Active || now_ms >= self.terms.until_ms {
            return refuse(code::MANDATE_NOT_ACTIVE, format!("{:?}", self.status).to_lowercase());
        }
        if amount.currency != self.terms.currency() {
            return refuse(code::PAYMENT_CURRENCY_DIFFERS, amount.currency.as_str());
        }
        if amount.minor > self.terms.each_at_most.minor {
            return refuse(code::MANDATE_EACH_EXCEEDED, format!("{amount} of {}", self.terms.each_at_most));
        }
        Ok(())
    }
    /// The next mandate.
    pub fn apply(&self, command: Command, now_ms: i64) -> Result<Self, Refusal> {
        use Status as S;
        let status = match (self.status, command) {
            (S::Proposed, Command::Agree) if now_ms < self.terms.until_ms => S::Active,
            (S::Proposed, Command::Decline) => S::Revoked,
            (S::Proposed, Command::Lapse) => S::Expired,
            (S::Active, Command::Pause) => S::Paused,
            (S::Paused, Command::Resume) if now_ms < self.terms.until_ms => S::Active,
            (S::Proposed | S::Active | S::Paused, Command::Revoke) => S::Revoked,
            (S::Proposed | S::Active | S::Paused, Command::Expire) if now_ms >= self.terms.until_ms => S::Expired,
            (status, command) => {
                return refuse(code::MANDATE_STATUS, format!("{command:?} while {status:?}").to_lowercase());
            }
        };
        let agreed_ms = if command == Command::Agree { Some(now_ms) } else { self.agreed_ms };
        Ok(Self { status, agreed_ms, ..self.clone() })
    }
}

/// The period that a charge at an instant counts in, on the bank's clocks.
pub fn period_of(terms: &Terms, now_ms: i64, ahead_s: i64) -> String {
    terms.period.name(Day::of(now_ms, ahead_s))
}

/// What a mandate has taken in a period.
pub fn usage(under: &UnderMandate, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Usage, format!("mandate:{}:{}", under.id, under.period), currency)
}

fn control(currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Control, "mandates", currency)
}

/// Counts a charge towards the cap of its period, or refuses it.
pub fn counts(under: &UnderMandate, amount: Money, cap: Money, payment: &crate::ids::PaymentId) -> Transfer {
    Transfer {
        debit: control(amount.currency),
        credit: usage(under, amount.currency),
        amount,
        movement: Movement::Post,
        purpose: Purpose::Limit,
        payment: Some(payment.clone()),
        ceiling: Some(cap.minor),
    }
}

/// What is refunded may be taken again in the same period.
pub fn counts_back(under: &UnderMandate, amount: Money, payment: &crate::ids::PaymentId) -> Transfer {
    let back = counts(under, amount, amount, payment);
    Transfer { debit: back.credit, credit: back.debit, ceiling: None, ..back }
}

/// Which mandate a charge's usage account belongs to: for who reads a refused ceiling.
pub fn is_usage(account: &AccountKey, id: &MatterId) -> bool {
    account.kind == AccountKind::Usage && account.owner.starts_with(&format!("mandate:{id}:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            purpose: "水费".to_owned(),
            each_at_most: Money::cny(10_000),
            period: Period::Month,
            period_at_most: Money::cny(25_000),
            until_ms: 1_000_000,
        }
    }
    fn at(status: Status) -> Mandate {
        let payee = MerchantId::parse("water-works").unwrap();
        Mandate { status, ..Mandate::proposed(terms(), payee, "自来水公司".to_owned(), false) }
    }

    #[test]
    fn a_mandate_moves_by_its_table() {
        use Command as C;
        use Status as S;
        let all = [S::Proposed, S::Active, S::Paused, S::Revoked, S::Expired];
        let table: [(C, [Option<S>; 5]); 7] = [
            (C::Agree, [Some(S::Active), None, None, None, None]),
            (C::Decline, [Some(S::Revoked), None, None, None, None]),
            (C::Lapse, [Some(S::Expired), None, None, None, None]),
            (C::Pause, [None, Some(S::Paused), None, None, None]),
            (C::Resume, [None, None, Some(S::Active), None, None]),
            (C::Revoke, [Some(S::Revoked), Some(S::Revoked), Some(S::Revoked), None, None]),
            (C::Expire, [None; 5]),
        ];
        for (command, row) in table {
            for (from, to) in all.into_iter().zip(row) {
                let got = at(from).apply(command, 999_999).map(|next| next.status);
                assert_eq!(got.clone().ok(), to, "{command:?} while {from:?}: {got:?}");
            }
        }
        for (from, over) in all.into_iter().zip([true, true, true, false, false]) {
            let got = at(from).apply(C::Expire, 1_000_000).map(|next| next.status);
            assert_eq!(got.ok(), over.then_some(S::Expired), "{from:?} when its time is over");
        }
        assert!(at(S::Paused).apply(C::Resume, 1_000_000).is_err(), "nothing begins after the end");
        assert_eq!(at(S::Active).due_ms(), Some(1_000_000));
        assert_eq!((at(S::Proposed).due_ms(), at(S::Revoked).due_ms()), (None, None));
    }

    #[test]
    fn terms_that_say_nothing_are_refused() {
        type Change = fn(&mut Terms);
        let cases: [Change; 10] = [
            |t| t.purpose = "  ".to_owned(),
            |t| t.purpose = "x".repeat(257),
            |t| t.each_at_most = Money::cny(0),
            |t| t.each_at_most = Money::cny(25_001),
            |t| t.period_at_most = Money::cny(crate::money::MINOR_MAX + 1),
            |t| t.period_at_most = Money::new(25_000, Currency::parse("USD").unwrap()),
            |t| t.each_at_most.currency = Currency::parse("XXX").unwrap(),
            |t| t.until_ms = 1_000,
            |t| t.until_ms = 1_001 + MANDATE_MS_MAX,
            |t| t.until_ms = i64::MAX,
        ];
        for (number, change) in cases.into_iter().enumerate() {
            let mut terms = terms();
            change(&mut terms);
            assert_eq!(
                terms.cleaned().and_then(|terms| terms.check(1_000)).unwrap_err().code,
                "mandate.terms-invalid",
                "case {number}"
            );
        }
        let longest = Terms { until_ms: 1_000 + MANDATE_MS_MAX, ..terms() };
        assert!(longest.check(1_000).is_ok());
    }

    #[test]
    fn only_an_active_mandate_is_charged_and_not_for_more_than_each() {
        let refused = |mandate: Mandate, money, now_ms| mandate.allows(money, now_ms).unwrap_err().code;
        assert!(at(Status::Active).allows(Money::cny(10_000), 5).is_ok());
        assert_eq!(refused(at(Status::Active), Money::cny(10_001), 5), "mandate.each-exceeded");
        assert_eq!(refused(at(Status::Active), Money::cny(1), 1_000_000), "mandate.not-active");
        let usd = Money::new(1, Currency::parse("USD").unwrap());
        assert_eq!(refused(at(Status::Active), usd, 5), "payment.currency-differs");
        for status in [Status::Proposed, Status::Paused, Status::Revoked, Status::Expired] {
            assert_eq!(refused(at(status), Money::cny(1), 5), "mandate.not-active");
        }
    }
}
