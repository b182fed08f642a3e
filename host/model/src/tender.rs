//! What a payment is paid with. The ledger's own account is one tender among others: where another rail carries a
//! payment, the books stand against that rail's clearing account instead, and know what it has done once it says so.

use crate::ids::{MatterId, RailId};
use crate::ledger::{AccountKey, AccountKind};
use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Tender {
    /// The customer's account at this bank.
    #[default]
    Account,
    /// Another bank's card.
    Card(CardFace),
    /// Coins and notes, which the bank never sees.
    Cash,
}

/// What anybody may see of a card: never its number, which the host does not know, and never its token.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CardFace {
    pub card: MatterId,
    pub issuer: String,
    pub last_four: String,
}

/// The kinds of tender, as configurations and contracts name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenderKind {
    Account,
    Card,
    Cash,
}

impl Tender {
    pub fn kind(&self) -> TenderKind {
        match self {
            Tender::Account => TenderKind::Account,
            Tender::Card(_) => TenderKind::Card,
            Tender::Cash => TenderKind::Cash,
        }
    }
    /// For documents that leave the usual out.
    pub fn is_account(&self) -> bool {
        *self == Tender::Account
    }
}

impl TenderKind {
    pub fn as_str(self) -> &'static str {
        match self {
            TenderKind::Account => "account",
            TenderKind::Card => "card",
            TenderKind::Cash => "cash",
        }
    }
}

/// Another rail carries a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    pub rail: RailId,
    /// The instruction that debits or reserves, once there is one. All others of the payment are of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<MatterId>,
    /// A capture that the rail has not answered yet. Nothing else is done to the payment meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capturing: Option<Capturing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capturing {
    pub instruction: MatterId,
    pub amount: Money,
    pub key: String,
}

impl Carrier {
    pub fn on(rail: RailId) -> Self {
        Self { rail, first: None, capturing: None }
    }
}

/// The account that stands for a rail in the books. Below zero by what the rail owes the bank.
pub fn clearing(rail: &RailId, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Transit, format!("rail:{rail}"), currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tender_reads_as_documents_have_it() {
        let card = MatterId::new(1, [1; 10]);
        let face = CardFace { card: card.clone(), issuer: "Other Bank".to_owned(), last_four: "4242".to_owned() };
        for (tender, kind, text) in [
            (Tender::Account, "account", r#"{"by":"account"}"#.to_owned()),
            (Tender::Cash, "cash", r#"{"by":"cash"}"#.to_owned()),
            (
                Tender::Card(face),
                "card",
                format!(r#"{{"by":"card","card":"{card}","issuer":"Other Bank","last_four":"4242"}}"#),
            ),
        ] {
            assert_eq!(serde_json::to_string(&tender).unwrap(), text);
            assert_eq!(serde_json::from_str::<Tender>(&text).unwrap(), tender);
            assert_eq!(tender.kind().as_str(), kind);
        }
    }
}
