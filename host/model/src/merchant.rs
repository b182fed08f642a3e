//! Merchants: who is paid, where they sell, who speaks for them, and what the bank charges them.
//!
//! A merchant is a noun of its own: many have no program and no publisher. Their contracts are dated and numbered; a
//! payment names the number that it is charged under, so that a later contract changes nothing of it. A program never
//! sets a fee.

pub mod advance;
pub mod application;
mod contract;
#[cfg(test)]
mod tests;

pub use contract::{Cash, Contract, OnRefund, Rate, Terms};

use crate::code;
use crate::identity::Who;
use crate::ids::{MerchantId, PlaceId, PublisherId, StaffId};
use crate::limits::{
    MERCHANT_CONTRACTS_MAX, MERCHANT_NAME_CHARS_MAX, MERCHANT_PEOPLE_MAX, MERCHANT_SHOPS_MAX, MERCHANT_TABLES_MAX,
};
use crate::money::Currency;
use crate::proposal::{self, By, Decided, Proposal, Verdict};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// A merchant as the bank keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    pub id: MerchantId,
    pub legal_name: String,
    /// Whose programs may name it in their manifests, where it has one.
    #[serde(default)]
    pub publisher: Option<PublisherId>,
    /// ISO 18245, for merchant codes.
    pub category_code: String,
    pub city: String,
    /// The branch that looks after it.
    #[serde(default)]
    pub branch: Option<PlaceId>,
    #[serde(default)]
    pub shops: Vec<Shop>,
    #[serde(default)]
    pub people: Vec<Person>,
    #[serde(default)]
    pub settlement: Option<Settlement>,
    /// In the order of their numbers, 1 first. None is ever taken out: payments name them.
    #[serde(default)]
    pub contracts: Vec<Contract>,
    /// What waits for a second person.
    #[serde(default)]
    pub proposed: Option<Proposal<Terms>>,
    /// Taken out of business; what was paid before is settled and refunded all the same.
    #[serde(default)]
    pub closed: Option<Closed>,
}

/// A place where it sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    pub name: String,
    #[serde(default)]
    pub address: String,
    /// Names of tables, windows or tills: what a code on the spot is about.
    #[serde(default)]
    pub tables: Vec<String>,
}

/// Somebody who speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub who: Who,
    pub role: PersonRole,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonRole {
    /// Sees all of it, answers disputes, changes shops and people.
    Owner,
    /// Takes money at a till.
    Cashier,
}

/// Where a closed day's money goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    pub holder: String,
    pub bank: String,
    pub account: String,
}
impl Settlement {
    /// As pages show it: the last four places.
    pub fn masked(&self) -> String {
        let tail: Vec<char> = self.account.chars().rev().take(4).collect();
        format!("···· {}", tail.into_iter().rev().collect::<String>())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub by: StaffId,
    pub at_ms: i64,
    pub note: String,
}

/// What is done to a merchant by head office.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Propose(Terms),
    Decide(Verdict),
    Close { note: String },
    Open,
}

impl Merchant {
    /// One without shops, people and contracts: nobody can pay it until it has a contract.
    pub fn new(id: MerchantId, legal_name: &str, category_code: &str, city: &str) -> Self {
        Self {
            id,
            legal_name: legal_name.to_owned(),
            publisher: None,
            category_code: category_code.to_owned(),
            city: city.to_owned(),
            branch: None,
            shops: Vec::new(),
            people: Vec::new(),
            settlement: None,
            contracts: Vec::new(),
            proposed: None,
            closed: None,
        }
    }

    /// The contract in force at a time, where there is one.
    pub fn contract_at(&self, at_ms: i64) -> Option<&Contract> {
        self.contracts.iter().filter(|contract| contract.from_ms <= at_ms).max_by_key(|c| (c.from_ms, c.number))
    }
    pub fn contract(&self, number: u32) -> Option<&Contract> {
        self.contracts.iter().find(|contract| contract.number == number)
    }
    /// The number of the contract that a payment in a currency is charged under, or why there can be none.
    pub fn charges(&self, currency: Currency, at_ms: i64) -> Result<u32, Refusal> {
        if self.closed.is_some() {
            return Err(Refusal::of(code::MERCHANT_CLOSED, self.id.as_str()));
        }
        let contract = self.contract_at(at_ms).filter(|contract| contract.terms.rates.contains_key(&currency));
        contract.map(|contract| contract.number).ok_or_else(|| {
            Refusal::of(code::MERCHANT_NO_CONTRACT, format!("{} has no contract for {currency}", self.id))
        })
    }
    /// How much it may owe for refunds, by the contract in force.
    pub fn may_owe(&self, currency: Currency, at_ms: i64) -> i64 {
        let rate = self.contract_at(at_ms).and_then(|contract| contract.terms.rates.get(&currency));
        rate.map_or(0, |rate| rate.advance_minor)
    }
    /// Whether a publisher's programs may name it in their codes: it is theirs, and in business.
    pub fn is_open_for(&self, publisher: &PublisherId) -> bool {
        self.closed.is_none() && self.publisher.as_ref() == Some(publisher)
    }
    pub fn role_of(&self, who: &Who) -> Option<PersonRole> {
        self.people.iter().find(|person| person.who == *who).map(|person| person.role)
    }

    /// A contract that holds from a time on, under the next number.
    pub fn with_contract(mut self, terms: Terms, by: &[StaffId], now_ms: i64) -> Self {
        let number = self.contracts.len() as u32 + 1;
        let from_ms = terms.from_ms.max(now_ms);
        self.contracts.push(Contract { number, from_ms, terms, by: by.to_vec(), approved_ms: now_ms });
        self
    }
}

/// The merchant after a command.
pub fn apply(merchant: &Merchant, command: Command, by: &By, now_ms: i64) -> Result<Merchant, Refusal> {
    let mut next = merchant.clone();
    match command {
        Command::Propose(terms) => {
            terms.check()?;
            if merchant.contracts.len() >= MERCHANT_CONTRACTS_MAX {
                return Err(Refusal::of(code::MERCHANT_TERMS, format!("{MERCHANT_CONTRACTS_MAX} contracts")));
            }
            next.proposed = Some(Proposal::new(terms, by.clone(), now_ms));
            Ok(next)
        }
        Command::Decide(verdict) => match proposal::decide(merchant.proposed.as_ref(), verdict, by, now_ms)? {
            Decided::Returned(proposal) => {
                next.proposed = Some(proposal);
                Ok(next)
            }
            Decided::Approved(terms) => {
                let maker = next.proposed.take().map(|proposal| proposal.by.staff);
                let people: Vec<StaffId> = maker.into_iter().chain([by.staff.clone()]).collect();
                Ok(next.with_contract(terms, &people, now_ms))
            }
        },
        Command::Close { note } if note.trim().is_empty() => Err(Refusal::of(code::PROPOSAL_NOTE_MISSING, "no note")),
        Command::Close { note } => {
            next.closed = Some(Closed { by: by.staff.clone(), at_ms: now_ms, note: note.trim().to_owned() });
            Ok(next)
        }
        Command::Open => {
            next.closed = None;
            Ok(next)
        }
    }
}

/// Whether shops, tables and people are what the bank can keep and show.
pub fn check_shops(shops: &[Shop]) -> Result<(), Refusal> {
    let named = |name: &str| !name.trim().is_empty() && text::is_clean(name, MERCHANT_NAME_CHARS_MAX);
    let fits = |shop: &Shop| {
        named(&shop.name)
            && text::is_clean(&shop.address, MERCHANT_NAME_CHARS_MAX)
            && shop.tables.len() <= MERCHANT_TABLES_MAX
            && shop.tables.iter().all(|table| named(table))
    };
    if shops.len() <= MERCHANT_SHOPS_MAX && shops.iter().all(fits) {
        return Ok(());
    }
    let rule = format!("at most {MERCHANT_SHOPS_MAX} shops with names, each of at most {MERCHANT_TABLES_MAX} tables");
    Err(Refusal::of(code::MERCHANT_SHOPS, rule))
}

/// Whether people can be kept: bounded, each once, and one of them an owner.
pub fn check_people(people: &[Person]) -> Result<(), Refusal> {
    let once = people.iter().enumerate().all(|(at, one)| people[..at].iter().all(|other| other.who != one.who));
    let owned = people.iter().any(|person| person.role == PersonRole::Owner);
    if once && owned && people.len() <= MERCHANT_PEOPLE_MAX {
        return Ok(());
    }
    Err(Refusal::of(code::MERCHANT_PEOPLE, format!("each once, at most {MERCHANT_PEOPLE_MAX}, one of them an owner")))
}
