//! Customers, their levels and their sign-ins.
//!
//! A level says how well the bank knows somebody, and it only rises. It rises on one and the same record, so that
//! whatever programs know of the customer stays theirs; only where the record that a sign-in leads to is another one is
//! a visitor's record taken over by that ([`joins`]).

use crate::code::{self, Code};
use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, StaffId};
use crate::limits;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Visitor,
    Registered,
    Verified,
    AccountHolder,
    Other,
}

/// What a customer can do that not every level may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Open programs, and keep data in them.
    UsePrograms,
    /// Sign in again later: with a password, a provider or a passkey.
    SignInAgain,
    /// Give a program facts about oneself that somebody has checked.
    GiveVerifiedClaims,
    /// Pay, or let something be taken, from an account at this bank.
    PayFromAccount,
}

impl Act {
    pub const ALL: [Act; 4] = [Act::UsePrograms, Act::SignInAgain, Act::GiveVerifiedClaims, Act::PayFromAccount];

    /// The lowest level that may do it.
    pub fn least(self) -> Level {
        match self {
            Act::UsePrograms => Level::Visitor,
            Act::SignInAgain => Level::Registered,
            Act::GiveVerifiedClaims => Level::Verified,
            Act::PayFromAccount => Level::AccountHolder,
        }
    }
}

/// Whether a level may do something, or why not. `Other` is the own record of a member of staff, whom the bank knows.
pub fn may(level: Level, act: Act) -> Result<(), &'static Code> {
    if level >= act.least() {
        return Ok(());
    }
    Err(match act {
        Act::PayFromAccount => code::LEVEL_NO_ACCOUNT,
        Act::UsePrograms | Act::SignInAgain | Act::GiveVerifiedClaims => code::LEVEL_TOO_LOW,
    })
}

/// What was shown about somebody, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A sign-in that can be repeated: the person is the same as last time, whoever that is.
    SignIn,
    /// A provider that the bank trusts with it has checked the identity.
    CheckedIdentity,
    /// The bank's own provider named the customer.
    Account,
}

impl Level {
    /// The level after something was shown. It never falls: a sign-in with less does not undo what was checked.
    pub fn raised_by(self, shown: Shown) -> Level {
        let least = match shown {
            Shown::SignIn => Level::Registered,
            Shown::CheckedIdentity => Level::Verified,
            Shown::Account => Level::AccountHolder,
        };
        self.max(least)
    }
}

/// What becomes of a visitor who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    /// Nobody had this sign-in: the visitor's own record goes up.
    Rises,
    /// The sign-in leads to another record, which takes the visitor's over, subjects and all.
    IsTakenOver,
    /// There is no visitor, or nothing to take over.
    Nothing,
}

/// Decides it. Only a visitor's record is ever taken over: nobody else's is without an owner.
pub fn joins(visitor: Option<&Customer>, led_to: Option<&Customer>) -> Joins {
    match (visitor.filter(|visitor| visitor.level == Level::Visitor), led_to) {
        (None, _) => Joins::Nothing,
        (Some(_), None) => Joins::Rises,
        (Some(visitor), Some(known)) if visitor.id == known.id => Joins::Nothing,
        (Some(_), Some(_)) => Joins::IsTakenOver,
    }
}

/// A customer. `profile` is personal and encrypted at rest under the customer's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    /// The sign-in name, in lower case.
    pub login: String,
    pub password_hash: String,
    pub level: Level,
    /// The branch that serves the customer.
    pub branch: BranchId,
    pub profile: Profile,
}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub display_name: String,
    pub locale: String,
    pub zone: String,
    pub elder_mode: bool,
    /// What the bank knows beside how to address them.
    #[serde(default)]
    pub facts: crate::claims::Facts,
}

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    Customer(CustomerId),
    Staff(StaffId),
}

impl Who {
    /// A short name: of staff their own, of others as audit records have it.
    pub fn name(&self) -> String {
        match self {
            Who::Staff(id) => id.to_string(),
            Who::Customer(_) => self.audit_name(),
        }
    }
    /// As audit records and proofs name somebody.
    pub fn audit_name(&self) -> String {
        match self {
            Who::Customer(id) => format!("customer:{id}"),
            Who::Staff(id) => format!("staff:{id}"),
        }
    }
}

/// How somebody signed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    #[default]
    Password,
    Passkey,
    Provider,
    /// At a provider that asked for a second factor.
    StrongProvider,
    /// Without an account.
    Visit,
    /// Made by its owner for a machine.
    Machine,
    /// At a kiosk, for a visit: as a visitor, or by a code from the customer's own phone.
    Kiosk,
    /// A chat that its customer linked.
    Chat,
    /// By a ticket of the bank's own app, which has signed the customer in.
    App,
    /// A visitor of a partner's page.
    Embed,
}

impl How {
    /// How long such a sign-in lasts at most.
    pub fn lasts_ms(self) -> i64 {
        match self {
            How::Kiosk => limits::KIOSK_VISIT_MS_MAX,
            How::Chat => limits::CHAT_LINK_MS_MAX,
            How::App => limits::APP_SIGN_IN_MS_MAX,
            How::Embed => limits::EMBED_SIGN_IN_MS_MAX,
            _ => limits::TOKEN_MS_MAX,
        }
    }
    /// Whether it proves that its owner is there: what began with a code that was typed does not, nor does a ticket:
    /// when its customer last showed that to the bank's app is not known here.
    pub fn proves(self) -> bool {
        !self.is_lent() && !matches!(self, How::App | How::Embed)
    }
    /// Whether it was lent by another sign-in. It begets no further one, and takes nothing back.
    pub fn is_lent(self) -> bool {
        matches!(self, How::Kiosk | How::Chat)
    }
}

/// A sign-in. The token itself is never kept, only its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub digest: Digest,
    pub who: Who,
    pub made_ms: i64,
    pub expires_ms: i64,
    /// When presence was proved: at sign-in.
    pub proved_ms: i64,
    pub how: How,
    /// What its owner knows it by: the device, or the name that they gave a machine's.
    pub name: String,
    /// A machine's token does only this: words of [`crate::policy::Action`]; a partner's visitor is bound to their
    /// embed. Absent for people.
    pub scopes: Option<Vec<String>>,
}

impl Token {
    /// Names the sign-in to its owner. It says nothing about the token itself.
    pub fn id(&self) -> &str {
        &self.digest.hex()[..32]
    }
}

/// Whose a provider's subject is. The subject itself is not kept: a stolen database shall not say who uses WeChat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub key: Digest,
    pub provider: String,
    pub who: Who,
    pub made_ms: i64,
}

impl Binding {
    pub fn key_of(provider: &str, subject: &str) -> Digest {
        Digest::of_parts(&[b"identity", provider.as_bytes(), subject.as_bytes()])
    }
    pub fn of(provider: &str, subject: &str, who: Who, made_ms: i64) -> Self {
        Self { key: Self::key_of(provider, subject), provider: provider.to_owned(), who, made_ms }
    }
}

/// Why a customer can't be erased yet: something is still between them and the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StillOpen {
    Balance,
    Payment,
    Mandate,
}

impl StillOpen {
    pub fn code(self) -> &'static Code {
        match self {
            StillOpen::Balance => code::CUSTOMER_BALANCE_OPEN,
            StillOpen::Payment => code::CUSTOMER_PAYMENT_OPEN,
            StillOpen::Mandate => code::CUSTOMER_MANDATE_OPEN,
        }
    }
}

#[cfg(test)]
mod tests;
