//! Becoming a merchant: somebody applies, head office makes an offer, another person of head office approves it. Only
//! then is there a merchant.

use super::{Merchant, Person, PersonRole, Settlement, Shop, Terms, check_shops};
use crate::application::{self, Offered};
pub use crate::application::{State, apply};
use crate::code::{self, Code};
use crate::ids::{BranchId, MerchantId, StaffId};
use crate::limits::MERCHANT_NAME_CHARS_MAX;
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// What somebody writes who wants to be paid. Kept sealed: name, licence and account may be a person's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    pub legal_name: String,
    /// The number of the business licence.
    pub licence: String,
    /// ISO 18245.
    pub category_code: String,
    pub city: String,
    /// How head office reaches them.
    pub contact: String,
    pub shops: Vec<Shop>,
    pub settlement: Settlement,
}

/// Under which name the wish is sealed in its matter.
pub const WISH: &str = "wish";

/// The body of its matter.
pub type Application = application::Application<Offer>;
pub type Command = application::Command<Offer>;

/// What head office offers: the id that the merchant will have, and the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub merchant: MerchantId,
    pub terms: Terms,
}

impl MatterBody for Application {
    const KIND: MatterKind = MatterKind::MerchantApplication;
}

impl Offered for Offer {
    const STATE: &'static Code = code::MERCHANT_APPLICATION_STATE;
    fn check(&self) -> Result<(), Refusal> {
        self.terms.check()
    }
}

impl Wish {
    /// What can be kept and shown, or why not.
    pub fn checked(self) -> Result<Self, Refusal> {
        let wrong = |what: &str| Err(Refusal::of(code::MERCHANT_WISH, what));
        let named = |text: &str| !text.trim().is_empty() && text::is_clean(text, MERCHANT_NAME_CHARS_MAX);
        for (what, text) in [
            ("legal_name", &self.legal_name),
            ("licence", &self.licence),
            ("city", &self.city),
            ("contact", &self.contact),
            ("settlement.holder", &self.settlement.holder),
            ("settlement.bank", &self.settlement.bank),
        ] {
            if !named(text) {
                return wrong(what);
            }
        }
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if self.category_code.len() != 4 || !digits(&self.category_code) {
            return wrong("category_code");
        }
        if !(8..=34).contains(&self.settlement.account.len())
            || !self.settlement.account.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            return wrong("settlement.account");
        }
        check_shops(&self.shops)?;
        Ok(self)
    }
}

/// The merchant that an approved application makes. `people` are the two of head office.
pub fn made(
    application: &Application,
    wish: &Wish,
    offer: &Offer,
    branch: BranchId,
    people: &[StaffId],
    now_ms: i64,
) -> Merchant {
    let mut merchant = Merchant::new(offer.merchant.clone(), &wish.legal_name, &wish.category_code, &wish.city);
    merchant.publisher.clone_from(&application.publisher);
    merchant.branch = Some(branch);
    merchant.shops.clone_from(&wish.shops);
    merchant.people = vec![Person { who: application.applicant.clone(), role: PersonRole::Owner }];
    merchant.settlement = Some(wish.settlement.clone());
    merchant.with_contract(offer.terms.clone(), people, now_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Who;
    use crate::ids::CustomerId;
    use crate::money::Currency;
    use crate::proposal::{By, Verdict};

    fn by(name: &str) -> By {
        By { staff: StaffId::parse(name).unwrap(), person: format!("person of {name}") }
    }
    fn application() -> Application {
        Application::new(Who::Customer(CustomerId::new(1, [1; 10])), None, None, 5)
    }
    fn offer() -> Command {
        let merchant = MerchantId::parse("tea-house").unwrap();
        Command::Offer(Offer { merchant, terms: Terms::flat(Currency::CNY, 60) })
    }
    fn approve(application: &Application) -> Command {
        Command::Decide(Verdict::Approve { digest: application.offer.as_ref().unwrap().digest() })
    }

    #[test]
    fn two_people_of_head_office_make_a_merchant() {
        let offered = apply(&application(), offer(), Some(&by("wu")), 6).unwrap();
        assert_eq!(offered.state, State::Offered);
        let own = apply(&offered, approve(&offered), Some(&by("wu")), 7).unwrap_err();
        assert_eq!(own.code, "proposal.own-work");
        let approved = apply(&offered, approve(&offered), Some(&by("chen")), 7).unwrap();
        assert_eq!((approved.state, approved.due_ms()), (State::Approved, None));
        assert_eq!(apply(&approved, offer(), Some(&by("wu")), 8).unwrap_err().code, "merchant.application-state");
    }

    #[test]
    fn nobody_decides_on_their_own() {
        let (wu, person) = (Who::Staff(StaffId::parse("wu").unwrap()), Some("person of wu".to_owned()));
        let own = Application::new(wu, person, None, 5);
        for command in [offer(), Command::TurnDown { note: "x".to_owned() }] {
            assert_eq!(apply(&own, command, Some(&by("wu")), 6).unwrap_err().code, "proposal.own-work");
        }
        assert!(apply(&own, offer(), Some(&by("chen")), 6).is_ok());
        assert!(apply(&application(), Command::Withdraw, Some(&by("wu")), 6).is_err(), "only the applicant");
        assert_eq!(apply(&application(), Command::Withdraw, None, 6).unwrap().state, State::Withdrawn);
        let silent = apply(&application(), Command::TurnDown { note: " ".to_owned() }, Some(&by("wu")), 6);
        assert_eq!(silent.unwrap_err().code, "proposal.note-missing");
    }

    #[test]
    fn a_wish_says_what_head_office_needs() {
        let text = |text: &str| text.to_owned();
        let wish = || Wish {
            legal_name: text("河边茶馆"),
            licence: text("91320500MA1MXXXX0X"),
            category_code: text("5814"),
            city: text("Suzhou"),
            contact: text("0512-1234"),
            shops: vec![],
            settlement: Settlement {
                holder: text("河边茶馆"),
                bank: text("示例银行"),
                account: text("6222000011112222"),
            },
        };
        assert!(wish().checked().is_ok());
        type Change = fn(&mut Wish);
        let changes: [Change; 6] = [
            |w| w.legal_name = " ".to_owned(),
            |w| w.legal_name = "x".repeat(MERCHANT_NAME_CHARS_MAX + 1),
            |w| w.category_code = "58a4".to_owned(),
            |w| w.settlement.account = "1234567".to_owned(),
            |w| w.settlement.account = "6222 0000".to_owned(),
            |w| w.contact = "a\u{202e}b".to_owned(),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut wish = wish();
            change(&mut wish);
            assert_eq!(wish.checked().unwrap_err().code, "merchant.wish", "{at}");
        }
    }
}
