//! Payments: what an order may be, how a payment moves, when a sheet may open and what its confirmation is bound to.

mod charge;
mod claims;
mod command;
mod fees;
mod legs;
mod order;
mod rail;
mod sheet;
mod state;
mod tender;
#[cfg(test)]
mod tests;

pub use charge::{Charge, Charged, charge};
pub use claims::{Claim, Counted, counts};
pub use command::{Applied, Command, Moved};
pub use fees::{Contracted, Fees};
pub use order::{Drafted, Facts, Party, draft, same_order};
pub use rail::{instructions_of, refund_elsewhere};
pub use sheet::SheetDoc;
pub use state::apply;

use crate::code;
use crate::coupon::Discount;
use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, MatterId, MerchantId, PaymentId, ProgramId, ReleaseId, SessionId, TicketId};
use crate::ledger::{AccountKey, AccountKind};
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use crate::tender::{Carrier, Tender, clearing};
use serde::{Deserialize, Serialize};

/// What a program asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub key: String,
    pub amount: Money,
    pub purpose: String,
    pub lines: Vec<Line>,
    pub splits: Vec<Split>,
    pub coupons: Vec<String>,
    pub capture_later: bool,
    pub expires_in_s: u32,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    pub quantity: u32,
    pub amount: Money,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub payee: Payee,
    pub amount: Money,
    pub role: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payee {
    Merchant(MerchantId),
    Branch(BranchId),
    HeadOffice,
    /// By pairwise subject.
    Customer(String),
    Other(String),
}

impl Payee {
    /// Reads a payee of a manifest: `merchant:tea-house`, `branch:suzhou` or `head-office`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "head-office" => Some(Payee::HeadOffice),
            Some(("merchant", id)) => MerchantId::parse(id).ok().map(Payee::Merchant),
            Some(("branch", id)) => BranchId::parse(id).ok().map(Payee::Branch),
            _ => None,
        }
    }
    /// The account that is credited. Customers and others have none: no grant can name them yet.
    pub fn account(&self, currency: Currency) -> Option<AccountKey> {
        match self {
            Payee::Merchant(id) => Some(AccountKey::new(AccountKind::Merchant, id.as_str(), currency)),
            Payee::Branch(id) => Some(AccountKey::new(AccountKind::Branch, id.as_str(), currency)),
            Payee::HeadOffice => Some(AccountKey::new(AccountKind::HeadOffice, "bank", currency)),
            Payee::Customer(_) | Payee::Other(_) => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Draft,
    AwaitingConfirmation,
    Held,
    /// Another rail was told, and has not answered yet.
    OnItsWay,
    Authorised,
    PartlyCaptured,
    Settled,
    Declined,
    Cancelled,
    Expired,
    /// Another rail was told, and nobody knows what became of it. The host finds out.
    Unknown,
    /// The customer pays in cash, and the merchant has not counted it yet.
    CashDue,
    Other,
}

impl Status {
    pub const ALL: [Status; 13] = [
        Status::Draft,
        Status::AwaitingConfirmation,
        Status::Held,
        Status::OnItsWay,
        Status::Authorised,
        Status::PartlyCaptured,
        Status::Settled,
        Status::Declined,
        Status::Cancelled,
        Status::Expired,
        Status::Unknown,
        Status::CashDue,
        Status::Other,
    ];
    /// Whether it waits for something that must come by `expires_ms`: a confirmation, head office's word, a capture.
    pub fn is_waiting(self) -> bool {
        use Status as S;
        matches!(self, S::Draft | S::AwaitingConfirmation | S::Held | S::Authorised | S::PartlyCaptured | S::CashDue)
    }
    /// Whether money of the customer is reserved for it.
    pub fn is_holding(self) -> bool {
        use Status as S;
        matches!(self, S::Held | S::OnItsWay | S::Unknown | S::Authorised | S::PartlyCaptured)
    }
    /// Whether another rail has the word: nothing is done to it, and no time is over, until that one has spoken.
    pub fn is_in_flight(self) -> bool {
        matches!(self, Status::OnItsWay | Status::Unknown)
    }
}

/// One leg of what is paid: who gets it, under which legal name, how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    pub payee: Payee,
    /// The legal name from the host's own register, never the program's.
    pub legal_name: String,
    pub role: String,
    pub amount: Money,
}

/// A payment as the bank keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub id: PaymentId,
    /// Grows by one with each change; the commit compares it.
    pub revision: u64,
    pub session: SessionId,
    pub program: ProgramId,
    pub release: ReleaseId,
    pub branch: BranchId,
    pub customer: CustomerId,
    pub order: Order,
    pub legs: Vec<Leg>,
    pub status: Status,
    pub discount: Money,
    pub payable: Money,
    pub captured: Money,
    pub refunded: Money,
    pub decline_code: Option<String>,
    /// What was left of the customer's own limit that it would have gone past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Money>,
    pub ticket: TicketId,
    /// The chain of the tap in which it was made, if any.
    pub armed_chain: Option<u64>,
    pub made_ms: i64,
    pub updated_ms: i64,
    pub expires_ms: i64,
    pub practice: bool,
    pub evidence: Option<Evidence>,
    /// Ids of the pending ledger transfers that hold the money, while held or authorised: one for each leg, then those
    /// of coupons.
    pub holds: Vec<i64>,
    /// Under which contracts its merchants are charged, as they stood when it was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<Contracted>,
    /// What it took of the bank's limits when it was confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// When money was captured that no merchant's capture took: at the confirmation, or when it was let go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_ms: Option<i64>,
    /// Merchant operations done under a key: capture, cancel, refund; with the digest of their arguments.
    pub operations: Vec<Operation>,
    /// What coupons take off, by coupon and funder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
    /// Held by a stop, and not by a rule: it was authorised before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Where it was charged under a standing permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<UnderMandate>,
    /// What the customer pays with.
    #[serde(default, skip_serializing_if = "Tender::is_account")]
    pub tender: Tender,
    /// The rail that carries it; absent where the bank's own ledger does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
}

/// The mandate that a payment was charged under, and the period that it counts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnderMandate {
    pub id: MatterId,
    pub period: String,
}

/// What the customer saw and agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The digest that the confirmation named; of [`Evidence::shown`].
    pub digest: Digest,
    /// The canonical text of the sheet, as it was digested.
    pub shown: String,
    pub confirmed_ms: i64,
    /// How presence was proved, such as `session` (signed in).
    pub proof: String,
    /// Digest of the sign-in token used.
    pub token: Digest,
}

impl Evidence {
    /// Of a confirmation that names exactly what was shown.
    pub fn of(shown: String, named: &Digest, proof: &str, token: Digest, now_ms: i64) -> Result<Self, Refusal> {
        let digest = Digest::of(shown.as_bytes());
        if digest != *named {
            return Err(Refusal::of(code::SHEET_DIGEST_DIFFERS, format!("{named} was named, {digest} was shown")));
        }
        Ok(Self { digest, shown, confirmed_ms: now_ms, proof: proof.to_owned(), token })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub key: String,
    /// `capture`, `cancel` or `refund`.
    pub kind: String,
    pub amount: Money,
    pub at_ms: i64,
    /// Why a refund was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Payment {
    /// The customer's account at this bank.
    pub fn customer_account(&self) -> AccountKey {
        AccountKey::new(AccountKind::Customer, self.customer.as_str(), self.payable.currency)
    }
    /// The account that pays in the books: the customer's, or the clearing account of the rail that carries it.
    pub fn payer_account(&self) -> AccountKey {
        match &self.carrier {
            None => self.customer_account(),
            Some(carrier) => clearing(&carrier.rail, self.payable.currency),
        }
    }
    /// When its time is over, while that counts: what another rail has the word of does not end by a clock.
    pub fn due_ms(&self) -> Option<i64> {
        (self.status.is_waiting() && !self.is_capturing()).then_some(self.expires_ms)
    }
    /// Whether a rail has still to say what came of a capture.
    fn is_capturing(&self) -> bool {
        self.carrier.as_ref().is_some_and(|carrier| carrier.capturing.is_some())
    }
    /// Whether it came to nothing before its rail took anything: then its coupons are free again. One that a stop has
    /// held was authorised: what its coupons promised has gone back to their funders.
    pub fn gives_coupons_back(&self) -> bool {
        let Some(carrier) = &self.carrier else { return false };
        match self.status {
            Status::Declined => !self.suspended,
            Status::Cancelled | Status::Expired => carrier.first.is_none(),
            _ => false,
        }
    }
    /// Whether a rail has still to say if it is paid, so that its coupons may come back.
    pub fn is_undecided_by_rail(&self) -> bool {
        let undecided = matches!(self.status, Status::Held | Status::OnItsWay | Status::Unknown);
        self.carrier.is_some() && undecided && !self.suspended
    }
}
