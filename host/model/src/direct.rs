//! Payments between a customer and a merchant without a program: by a code that one of them shows the other.
//!
//! They are payments like any other, with receipt, refunds, disputes and their place in the books. Where others name
//! their program and session, these name the host's own; no program has either, so that none ever sees them.

use crate::canonical::canonical;
use crate::code;
use crate::digest::Digest;
use crate::ids::{BranchId, MerchantId, PaymentId, ProgramId, ReleaseId, TicketId};
use crate::limits::{DIRECT_EXPIRES_S_MAX, SHEET_DEAD_MS};
use crate::money::Money;
use crate::payment::{Command, Evidence, Fees, Leg, Order, Payee, Payment, Status, apply};
use crate::refusal::Refusal;
use serde::Serialize;

/// What all of the host's own names begin with. Nobody can register a program under it.
pub const RESERVED: &str = "xitai.";
const PROGRAM: &str = "xitai.direct";

/// Under whose name they are kept.
pub fn program() -> ProgramId {
    ProgramId::parse(PROGRAM).expect("two lower-case words with a dot between them")
}
pub fn release() -> ReleaseId {
    ReleaseId { program: program(), version: semver::Version::new(1, 0, 0) }
}
pub fn is_direct(payment: &Payment) -> bool {
    payment.program.as_str() == PROGRAM
}

/// What is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub merchant: MerchantId,
    pub amount: Money,
    pub purpose: String,
    /// The asker's own number of it: the same one again is the same payment.
    pub key: String,
}

impl Ask {
    pub fn order(&self) -> Order {
        Order {
            key: format!("{}/{}", self.merchant, self.key),
            amount: self.amount,
            purpose: self.purpose.clone(),
            lines: Vec::new(),
            splits: Vec::new(),
            coupons: Vec::new(),
            capture_later: false,
            expires_in_s: DIRECT_EXPIRES_S_MAX,
        }
    }
}

/// The merchant that is paid; absent for payments of programs.
pub fn merchant_of(payment: &Payment) -> Option<&MerchantId> {
    match payment.legs.first().map(|leg| &leg.payee) {
        Some(Payee::Merchant(id)) if is_direct(payment) => Some(id),
        _ => None,
    }
}

/// A new payment with its sheet open: there is no program that would open it.
pub fn shown(draft: &Payment, now_ms: i64) -> Result<Payment, Refusal> {
    match apply(draft, Command::Show, &Fees::none(), now_ms)? {
        crate::payment::Applied::Moved(moved) => Ok(Payment { revision: draft.revision, ..moved.payment }),
        crate::payment::Applied::Already => Err(Refusal::of(code::PAYMENT_STATUS, "a new payment has no operations")),
    }
}

/// What the customer is shown and agrees to. The ticket is drawn at random with the payment, so that no two of these
/// documents are ever the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetDoc<'a> {
    pub kind: &'static str,
    pub ticket: &'a TicketId,
    pub payment: &'a PaymentId,
    pub order_key: &'a str,
    pub purpose: &'a str,
    pub amount: Money,
    pub discount: Money,
    pub payable: Money,
    pub legs: &'a [Leg],
    pub branch: &'a BranchId,
    pub expires_ms: i64,
}

impl<'a> SheetDoc<'a> {
    pub fn of(payment: &'a Payment) -> Self {
        Self {
            kind: "pay-direct",
            ticket: &payment.ticket,
            payment: &payment.id,
            order_key: &payment.order.key,
            purpose: &payment.order.purpose,
            amount: payment.order.amount,
            discount: payment.discount,
            payable: payment.payable,
            legs: &payment.legs,
            branch: &payment.branch,
            expires_ms: payment.expires_ms,
        }
    }
    pub fn digest(&self) -> Digest {
        Digest::of(canonical(self).as_bytes())
    }
    /// The evidence of a confirmation, where it names exactly this sheet. `token` is the digest of the sign-in.
    pub fn agreed(&self, named: &Digest, proof: &str, token: Digest, now_ms: i64) -> Result<Evidence, Refusal> {
        Evidence::of(canonical(self), named, proof, token, now_ms)
    }
}

/// Whether the customer may decide now. Declining is never too soon.
pub fn may_decide(payment: &Payment, confirms: bool, now_ms: i64) -> Result<(), Refusal> {
    if payment.status != Status::AwaitingConfirmation {
        return Err(Refusal::of(code::SHEET_NOT_OPEN, "decided"));
    }
    if now_ms >= payment.expires_ms {
        return Err(Refusal::of(code::SHEET_EXPIRED, format!("at {}", payment.expires_ms)));
    }
    let alive_ms = payment.made_ms + SHEET_DEAD_MS;
    if confirms && now_ms < alive_ms {
        let wait_ms = (alive_ms - now_ms).clamp(1, SHEET_DEAD_MS) as u64;
        return Err(Refusal::of(code::SHEET_TOO_SOON, format!("made at {}", payment.made_ms)).retry_after(wait_ms));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CustomerId, SessionId};
    use crate::payment::{Drafted, Facts, Party, draft};
    use std::convert::Infallible;

    fn ask() -> Ask {
        let merchant = MerchantId::parse("tea-house").unwrap();
        Ask { merchant, amount: Money::cny(1_200), purpose: "茶".to_owned(), key: "17".to_owned() }
    }

    fn payment() -> Payment {
        let (ask, customer) = (ask(), CustomerId::new(1, [3; 10]));
        let (session, branch) = (SessionId::new(1, [4; 10]), BranchId::parse("suzhou").unwrap());
        let facts = Facts {
            id: PaymentId::new(1, [1; 10]),
            ticket: TicketId::new(1, [2; 10]),
            session: &session,
            program: &program(),
            release: &release(),
            branch: &branch,
            customer: Some(&customer),
            existing: None,
            merchant: Some(&ask.merchant),
            payees: &[],
            discounts: &[],
            armed_chain: None,
            tickets_open: 0,
            practice: false,
            now_ms: 1_000,
        };
        let party = |_: &Payee| {
            Ok::<_, Infallible>(Some(Party { legal_name: "河边茶馆".to_owned(), contract: Some(Ok(1)) }))
        };
        let Ok(Ok(Drafted::New(draft))) = draft(ask.order(), facts, party) else { panic!("a new payment") };
        shown(&draft, 1_000).unwrap()
    }

    #[test]
    fn it_waits_for_the_customer_from_the_start_and_names_its_merchant() {
        let payment = payment();
        assert_eq!((payment.status, payment.revision), (Status::AwaitingConfirmation, 1));
        assert_eq!(merchant_of(&payment).map(MerchantId::as_str), Some("tea-house"));
        assert_eq!(payment.order.key, "tea-house/17", "two merchants' numbers are two");
        assert!(program().as_str().starts_with(RESERVED));
        let other = Payment { program: ProgramId::parse("cn.bank.tea").unwrap(), ..payment };
        assert_eq!(merchant_of(&other), None, "a program's payments are its own");
    }

    #[test]
    fn it_is_decided_between_the_pause_and_the_end() {
        let payment = payment();
        let refused = |at, confirms| may_decide(&payment, confirms, at).unwrap_err().code;
        assert_eq!(refused(1_000 + SHEET_DEAD_MS - 1, true), "sheet.too-soon");
        assert_eq!(may_decide(&payment, true, 1_000 + SHEET_DEAD_MS), Ok(()));
        assert_eq!(may_decide(&payment, false, 1_000), Ok(()), "declining is never too soon");
        assert_eq!(refused(payment.expires_ms, false), "sheet.expired");
        let settled = Payment { status: Status::Settled, ..payment.clone() };
        assert_eq!(may_decide(&settled, true, 9_000).unwrap_err().code, "sheet.not-open");
    }

    #[test]
    fn each_thing_that_is_shown_is_a_part_of_what_is_agreed() {
        let payment = payment();
        let digest = SheetDoc::of(&payment).digest();
        type Change = fn(&mut Payment);
        let changes: [Change; 5] = [
            |it| it.payable = Money::cny(1_201),
            |it| it.order.purpose = "酒".to_owned(),
            |it| it.legs[0].legal_name = "茶馆".to_owned(),
            |it| it.ticket = TicketId::new(1, [9; 10]),
            |it| it.expires_ms += 1,
        ];
        for change in changes {
            let mut other = payment.clone();
            change(&mut other);
            assert_ne!(SheetDoc::of(&other).digest(), digest);
            let refused = SheetDoc::of(&other).agreed(&digest, "session", Digest::of(b"t"), 5).unwrap_err();
            assert_eq!(refused.code, "sheet.digest-differs");
        }
    }
}
