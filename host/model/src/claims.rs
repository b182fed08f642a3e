//! Facts about a customer, each of which is given to a program only by the customer's consent.
//!
//! The bank's record has them, sealed with the rest of the profile. What a program gets is what the record says at the
//! moment of reading.

use crate::identity::{Act, Customer, Level};
use crate::ids::CustomerId;
use crate::predicate::Suitability;
use serde::{Deserialize, Serialize};

macro_rules! claims {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal;)*) => {
        /// What can be asked for. The contract's registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Claim {
            $($(#[doc = $doc])* #[serde(rename = $word)] $name,)*
        }
        impl Claim {
            pub const ALL: &[Claim] = &[$(Claim::$name),*];
            pub fn as_str(self) -> &'static str {
                match self { $(Claim::$name => $word),* }
            }
        }
    };
}

claims! {
    /// What they chose to be called.
    DisplayName = "display-name";
    LegalName = "legal-name";
    Phone = "phone";
    Email = "email";
    Address = "address";
    /// `YYYY-MM-DD`.
    BirthDate = "birth-date";
    IdentityNumber = "identity-number";
    /// The name of whoever looks after them at their branch.
    BranchManager = "branch-manager";
}

impl Claim {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|claim| claim.as_str() == text)
    }

    /// What a customer must be to give it: what somebody has checked is given by whom the bank has checked.
    pub fn act(self) -> Act {
        match self {
            Claim::DisplayName | Claim::Phone | Claim::Email => Act::UsePrograms,
            Claim::LegalName | Claim::Address | Claim::BirthDate | Claim::IdentityNumber | Claim::BranchManager => {
                Act::GiveVerifiedClaims
            }
        }
    }

    /// As much of a value as the customer needs to recognise it on a sheet that somebody may look at over their
    /// shoulder.
    pub fn masked(self, value: &str) -> String {
        let (first, last) = match self {
            Claim::IdentityNumber => (1, 2),
            Claim::Phone => (3, 2),
            Claim::DisplayName
            | Claim::LegalName
            | Claim::Email
            | Claim::Address
            | Claim::BirthDate
            | Claim::BranchManager => return value.to_owned(),
        };
        let chars: Vec<char> = value.chars().collect();
        if chars.len() <= first + last {
            return "•".repeat(chars.len());
        }
        let head: String = chars[..first].iter().collect();
        let tail: String = chars[chars.len() - last..].iter().collect();
        format!("{head}{}{tail}", "•".repeat(4))
    }
}

/// What the bank's record says about a customer. Absent where nobody has said or checked it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<String>,
    /// `CN-` and the administrative division of where they live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residence: Option<String>,
    /// Groups that the bank keeps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Kinds of accounts, such as `current`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// 1 to 5, 5 being the best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_band: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suitability: Option<Suitability>,
    /// Customers whose guardian they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wards: Vec<CustomerId>,
}

/// A customer as programs may come to know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub level: Level,
    pub display_name: String,
    pub facts: Facts,
    pub branch_manager: Option<String>,
}

impl Known {
    pub fn of(customer: &Customer, branch_manager: Option<String>) -> Self {
        Self {
            level: customer.level,
            display_name: customer.profile.display_name.clone(),
            facts: customer.profile.facts.clone(),
            branch_manager,
        }
    }

    /// What there is to give, if anything.
    pub fn value(&self, claim: Claim) -> Option<&str> {
        let facts = &self.facts;
        let value = match claim {
            Claim::DisplayName => Some(&self.display_name),
            Claim::LegalName => facts.legal_name.as_ref(),
            Claim::Phone => facts.phone.as_ref(),
            Claim::Email => facts.email.as_ref(),
            Claim::Address => facts.address.as_ref(),
            Claim::BirthDate => facts.birth_date.as_ref(),
            Claim::IdentityNumber => facts.identity_number.as_ref(),
            Claim::BranchManager => self.branch_manager.as_ref(),
        };
        value.map(String::as_str).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::may;

    #[test]
    fn claims_have_one_name() {
        for claim in Claim::ALL {
            assert_eq!(Claim::parse(claim.as_str()), Some(*claim));
            assert_eq!(serde_json::to_value(claim).unwrap(), claim.as_str());
        }
        assert_eq!(Claim::parse("Legal-Name"), None);
    }

    #[test]
    fn what_was_checked_is_given_by_whom_the_bank_has_checked() {
        for claim in Claim::ALL {
            assert!(may(Level::Verified, claim.act()).is_ok(), "{claim:?}");
            let visitors = may(Level::Visitor, claim.act()).is_ok();
            assert_eq!(visitors, matches!(claim, Claim::DisplayName | Claim::Phone | Claim::Email), "{claim:?}");
        }
    }

    #[test]
    fn numbers_are_masked_on_the_sheet() {
        assert_eq!(Claim::IdentityNumber.masked("320508199002281234"), "3••••34");
        assert_eq!(Claim::Phone.masked("13912345678"), "139••••78");
        assert_eq!(Claim::Phone.masked("12345"), "•••••");
        assert_eq!(Claim::LegalName.masked("王小明"), "王小明");
    }

    #[test]
    fn an_empty_value_is_none() {
        let known =
            Known { level: Level::Visitor, display_name: String::new(), facts: Facts::default(), branch_manager: None };
        assert!(Claim::ALL.iter().all(|claim| known.value(*claim).is_none()));
    }
}
