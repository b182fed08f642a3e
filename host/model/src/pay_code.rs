//! The code that a customer shows at a till: a token for one payment, good for a minute. The bank keeps digests of it, so
//! that whoever reads its database can pay with none.
//!
//! There is one row for each customer, in which each new code takes the place of the one before: a customer has one code
//! at a time, on whichever phone it was made last.
//!
//! | state | Show | Ask | Miss | Lapse |
//! |---|---|---|---|---|
//! | off | shown | unknown | - | - |
//! | shown | shown anew | asked, while it is good | shown, or off after the last try | off |
//! | asked | shown | used | - | - |

use crate::code;
use crate::day::{Day, Period};
use crate::digest::Digest;
use crate::emvco::customer::Token;
use crate::ids::{BranchId, CustomerId, PaymentId};
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::limits::{PAY_CODE_MS_MAX, PAY_CODE_TRIES_MAX, PAY_CODE_UNASKED_DAY_MINOR_MAX, PAY_CODE_UNASKED_MINOR_MAX};
use crate::matter::{MatterBody, MatterKey, MatterKind};
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The name of the sealed text of the code, for the customer's own page.
pub const TEXT: &str = "code";
/// The name of the sealed evidence of what they let the bank pay without being asked.
pub const UNASKED: &str = "unasked";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayCode {
    pub state: State,
    /// Up to how much a payment needs no confirmation; absent: each is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unasked: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Off,
    Shown {
        proof: Digest,
        until_ms: i64,
        /// Wrong proofs that came with its number.
        missed: u32,
    },
    /// A merchant has asked by it. What became of that is the payment's to say.
    Asked {
        payment: PaymentId,
        /// Who of its people. The payment's own audit record goes into a receipt, and names the merchant only.
        by: String,
    },
}

impl MatterBody for PayCode {
    const KIND: MatterKind = MatterKind::PayCode;
}

/// What a token is to the row that its number leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// It may be asked by.
    Good,
    /// It was asked by before, for this payment.
    Used(PaymentId),
    /// Its number is right and its proof is not: the row has to remember.
    Missed(PayCode),
    /// Over, or never made. Whoever guesses is not told which.
    Unknown,
}

impl PayCode {
    pub fn off() -> Self {
        Self { state: State::Off, unasked: None }
    }
    /// A new code in the place of whatever was there.
    pub fn shown(&self, token: &Token, now_ms: i64) -> Self {
        let state = State::Shown { proof: proof(token), until_ms: now_ms + PAY_CODE_MS_MAX, missed: 0 };
        Self { state, ..self.clone() }
    }
    /// Until when the code that is shown is good, if one is.
    pub fn good_until_ms(&self, now_ms: i64) -> Option<i64> {
        match self.state {
            State::Shown { until_ms, .. } => Some(until_ms).filter(|until_ms| now_ms < *until_ms),
            _ => None,
        }
    }
    pub fn presented(&self, token: &Token, now_ms: i64) -> Presented {
        match &self.state {
            State::Off => Presented::Unknown,
            State::Asked { payment, .. } => Presented::Used(payment.clone()),
            State::Shown { until_ms, .. } if now_ms >= *until_ms => Presented::Unknown,
            State::Shown { proof: kept, .. } if *kept == proof(token) => Presented::Good,
            State::Shown { proof, until_ms, missed } if missed + 1 < PAY_CODE_TRIES_MAX => {
                let state = State::Shown { proof: proof.clone(), until_ms: *until_ms, missed: missed + 1 };
                Presented::Missed(Self { state, ..self.clone() })
            }
            State::Shown { .. } => Presented::Missed(Self { state: State::Off, ..self.clone() }),
        }
    }
    /// A merchant has asked by it: it asks no more.
    pub fn asked(&self, payment: PaymentId, by: String) -> Self {
        Self { state: State::Asked { payment, by }, ..self.clone() }
    }
    /// Whether this much is paid without being asked, as far as the books are not asked.
    pub fn pays_unasked(&self, amount: Money) -> bool {
        self.unasked.is_some_and(|most| most.currency == amount.currency && amount.minor <= most.minor)
    }
    /// What the customer lets the bank pay without being asked.
    pub fn with_unasked(&self, most: Option<Money>) -> Result<Self, Refusal> {
        let fits = most.is_none_or(|most| {
            most.currency == Currency::CNY && (1..=PAY_CODE_UNASKED_MINOR_MAX).contains(&most.minor)
        });
        if !fits {
            return Err(Refusal::of(code::PAY_CODE_UNASKED, "amount"));
        }
        Ok(Self { unasked: most, ..self.clone() })
    }
}

fn proof(token: &Token) -> Digest {
    Digest::of_parts(&[b"pay-code-proof", token.number().as_bytes(), token.proof()])
}

/// What the row of a token's number is found by.
pub fn about(token: &Token) -> String {
    format!("pay-code/{}", Digest::of_parts(&[b"pay-code-number", token.number().as_bytes()]))
}

/// Where a customer's row lies.
pub fn key_of(customer: &CustomerId) -> MatterKey {
    MatterKey { kind: MatterKind::PayCode, program: None, owner: customer.to_string(), key: "pay-code".to_owned() }
}

/// What was paid without being asked in a day of the bank.
pub fn usage(customer: &CustomerId, day: Day, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Usage, format!("pay-code:{customer}:{}", Period::Day.name(day)), currency)
}

/// Counts a payment that nobody was asked about, or refuses it.
pub fn counts(customer: &CustomerId, day: Day, amount: Money, payment: &PaymentId) -> Transfer {
    Transfer {
        debit: AccountKey::new(AccountKind::Control, "pay-codes", amount.currency),
        credit: usage(customer, day, amount.currency),
        amount,
        movement: Movement::Post,
        purpose: Purpose::Limit,
        payment: Some(payment.clone()),
        ceiling: Some(PAY_CODE_UNASKED_DAY_MINOR_MAX),
    }
}

/// What the customer agrees to when they let small amounts go unasked, as it is digested and kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnaskedDoc<'a> {
    pub kind: &'static str,
    pub customer: &'a CustomerId,
    pub branch: &'a BranchId,
    pub each_at_most: Money,
    pub day_at_most: Money,
}

impl<'a> UnaskedDoc<'a> {
    pub fn of(customer: &'a CustomerId, branch: &'a BranchId, most: Money) -> Self {
        let day_at_most = Money::new(PAY_CODE_UNASKED_DAY_MINOR_MAX, most.currency);
        Self { kind: "pay-code-unasked", customer, branch, each_at_most: most, day_at_most }
    }
    pub fn shown(&self) -> String {
        crate::canonical::canonical(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(seed: u8) -> Token {
        Token::new([seed; 16])
    }
    fn payment() -> PaymentId {
        PaymentId::new(1, [1; 10])
    }

    #[test]
    fn a_code_is_good_for_a_minute_and_for_one_payment() {
        let shown = PayCode::off().shown(&token(1), 1_000);
        assert_eq!(shown.good_until_ms(1_000), Some(1_000 + PAY_CODE_MS_MAX));
        assert_eq!(shown.presented(&token(1), PAY_CODE_MS_MAX + 999), Presented::Good);
        assert_eq!(shown.presented(&token(1), PAY_CODE_MS_MAX + 1_000), Presented::Unknown);
        assert_eq!(shown.good_until_ms(PAY_CODE_MS_MAX + 1_000), None);
        let asked = shown.asked(payment(), "customer:x".to_owned());
        assert_eq!(asked.presented(&token(1), 1_001), Presented::Used(payment()));
        assert_eq!(asked.good_until_ms(1_001), None);
        let anew = asked.shown(&token(2), 2_000);
        assert_eq!(anew.presented(&token(2), 2_000), Presented::Good);
        assert_eq!(PayCode::off().presented(&token(1), 0), Presented::Unknown);
    }

    #[test]
    fn wrong_proofs_end_it() {
        let right = token(1);
        let mut code = PayCode::off().shown(&right, 0);
        for left in (1..PAY_CODE_TRIES_MAX).rev() {
            let Presented::Missed(next) = code.presented(&token(2), 5) else { panic!("{left} tries are left") };
            assert_eq!(next.presented(&right, 5), Presented::Good, "{left} tries are left");
            code = next;
        }
        let Presented::Missed(over) = code.presented(&token(2), 5) else { panic!("the last try") };
        assert_eq!((over.presented(&right, 5), over.state), (Presented::Unknown, State::Off));
    }

    #[test]
    fn numbers_and_proofs_leave_digests_only() {
        let body = serde_json::to_string(&PayCode::off().shown(&token(1), 0)).unwrap();
        assert!(!body.contains(token(1).number()), "{body}");
        assert_ne!(about(&token(1)), about(&token(2)));
        assert!(!about(&token(1)).contains(token(1).number()));
    }

    #[test]
    fn what_goes_unasked_has_the_banks_own_end() {
        let code = PayCode::off();
        assert!(!code.pays_unasked(Money::cny(1)), "nothing, unless the customer says so");
        let most = Money::cny(PAY_CODE_UNASKED_MINOR_MAX);
        let code = code.with_unasked(Some(most)).unwrap();
        assert!(code.pays_unasked(most));
        assert!(!code.pays_unasked(Money::cny(most.minor + 1)));
        let usd = Money::new(1, Currency::parse("USD").unwrap());
        assert!(!code.pays_unasked(usd));
        for wrong in [Money::cny(0), Money::cny(most.minor + 1), usd] {
            assert_eq!(code.with_unasked(Some(wrong)).unwrap_err().code, "pay-code.unasked", "{wrong}");
        }
        assert_eq!(code.with_unasked(None).unwrap().unasked, None);
        let counted = counts(&CustomerId::new(1, [1; 10]), Day::of(0, 0), most, &payment());
        assert_eq!(counted.ceiling, Some(PAY_CODE_UNASKED_DAY_MINOR_MAX));
    }
}
