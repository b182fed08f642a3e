//! Matters: what a customer, or a program in its branch, has with the bank over time, such as a call to a partner,
//! a rating or a complaint.
//!
//! Each kind has rules of its own, in the file of its noun. What they share is here: an id, a revision that grows by
//! one with each change, whose it is, the key under which a program asked for it, the ticket of its sheet, and when
//! the host has to look at it next. So a new kind needs no table, no index and no guard of its own.

use crate::ids::{BranchId, CustomerId, MatterId, ProgramId, SessionId, TicketId};
use crate::payment::Evidence;
use crate::program::Outcome;
use crate::sheet::{Arms, Asked};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal;)*) => {
        /// The nouns kept as matters.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum MatterKind {
            $($(#[doc = $doc])* #[serde(rename = $word)] $name,)*
        }
        impl MatterKind {
            pub const ALL: &[MatterKind] = &[$(MatterKind::$name),*];
            pub fn as_str(self) -> &'static str {
                match self { $(MatterKind::$name => $word),* }
            }
        }
    };
}

kinds! {
    /// A value that the host read for the program.
    SecureField = "secure-field";
    /// A call to a publisher's own system, and one that came from it.
    PartnerCall = "partner-call";
    Hook = "hook";
    /// Content that a program put forward.
    Draft = "draft";
    Rating = "rating";
    Complaint = "complaint";
    /// A payment that head office has to look at before it goes on.
    HeldPayment = "held-payment";
    /// A customer says that a payment was not right.
    Dispute = "dispute";
    /// Somebody wants to be paid through the bank.
    MerchantApplication = "merchant-application";
    /// A publisher asks head office to be qualified, and a document of its file.
    PublisherApplication = "publisher-application";
    PublisherDocument = "publisher-document";
    /// What the customer's device is asked for, such as a scan.
    Errand = "errand";
    /// A file that the customer gave.
    Attachment = "attachment";
    /// A notice to a customer, what they allow of them, the sheet that asks, and when they want to be left alone.
    Notice = "notice";
    NoticeConsent = "notice-consent";
    NoticeAsking = "notice-asking";
    NoticeSettings = "notice-settings";
    /// What a customer and their customer manager write to each other.
    Thread = "thread";
    /// A day of the bank's books, and what it brought to one payee.
    ClosedDay = "closed-day";
    Statement = "statement";
    /// A day that was compared with what the rail says, and what the sides don't agree on.
    Reconciliation = "reconciliation";
    Break = "break";
    Message = "message";
    /// A customer's standing permission to be charged.
    Mandate = "mandate";
    /// A customer's claim to pay less, and a one-time code that gives one.
    Coupon = "coupon";
    CouponCode = "coupon-code";
    /// The code that a customer shows at a till.
    PayCode = "pay-code";
    /// A proof of presence that a program asks for.
    Presence = "presence";
    /// Facts about the customer that a program may read, and each time it did.
    Consent = "consent";
    ClaimRead = "claim-read";
    /// A question about the customer that the host has answered to a program.
    Disclosure = "disclosure";
    /// A product of the bank that the customer signs.
    Agreement = "agreement";
    /// A program does something beyond its habit.
    Alert = "alert";
    /// A deadline of people's, told to whoever is on duty.
    Reminder = "reminder";
    /// Money to a customer, and what a program has to give.
    Payout = "payout";
    Funding = "funding";
    /// A gift in shares, and a share that somebody took.
    Envelope = "envelope";
    EnvelopeTake = "envelope-take";
    /// What another rail is told to do with money.
    Instruction = "instruction";
    /// Another bank's card, and cash that a merchant has still to count.
    Card = "card";
    CashDue = "cash-due";
    /// A session, or a sign-in, that goes on elsewhere by a code.
    HandOver = "hand-over";
    /// Somebody at a kiosk, until they leave it.
    KioskVisit = "kiosk-visit";
    /// The talk with a chat user.
    Chat = "chat";
    /// A way in from the bank's own app.
    AppTicket = "app-ticket";
    /// Links and QR codes into a program's page, and the programs that a customer keeps at hand.
    LaunchCode = "launch-code";
    Favourites = "favourites";
}

impl MatterKind {
    /// Whether it tells the customer what a program has learnt: then it is kept also where the call came to nothing.
    pub fn tells_of_reading(self) -> bool {
        matches!(self, MatterKind::ClaimRead | MatterKind::Disclosure)
    }
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// A matter as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matter {
    pub kind: MatterKind,
    pub id: MatterId,
    /// 1 when made; grows by one with each change, and the commit compares it.
    pub revision: u64,
    /// Absent where it is between the customer and the bank alone.
    pub program: Option<ProgramId>,
    pub branch: BranchId,
    pub customer: Option<CustomerId>,
    /// Whose inbox hears of its changes.
    pub session: Option<SessionId>,
    /// The program's own number: one matter of a kind for each key of a program and customer (without a customer: of a
    /// program and branch), for ever.
    pub key: Option<String>,
    /// What else it is looked up by, such as the program of a rating.
    pub about: Option<String>,
    /// Of its sheet, and how far that is.
    pub ticket: Option<TicketId>,
    pub asked: Option<Asked>,
    pub made_ms: i64,
    pub updated_ms: i64,
    /// When the host has to look at it, if ever.
    pub due_ms: Option<i64>,
    /// The JSON of the kind's type in this crate. No personal value belongs here.
    pub body: Value,
    /// Personal values by name, see [`Matter::seal`]: encrypted at rest under the customer's key (without a customer:
    /// the background's). Absent where there are none, and after the key was destroyed.
    pub sealed: Option<Value>,
}

/// What is late stays among those that wait, and is looked at again so much after its deadline: in ten years, so that
/// nobody is told of it twice.
pub const LATE_AGAIN_MS: i64 = 10 * 366 * 24 * 3_600_000;

/// The type that a kind keeps as its body.
pub trait MatterBody: Serialize + DeserializeOwned {
    const KIND: MatterKind;
    /// When the host has to look at it, as it stands.
    fn due_ms(&self) -> Option<i64> {
        None
    }
}

/// Whose key space a key lies in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatterKey {
    pub kind: MatterKind,
    pub program: Option<ProgramId>,
    /// The customer, or the branch where there is none.
    pub owner: String,
    pub key: String,
}

impl Matter {
    /// A new one. Key, session, ticket, `about` and sealed values are set by its maker.
    pub fn new<T: MatterBody>(
        id: MatterId,
        program: Option<ProgramId>,
        branch: BranchId,
        customer: Option<CustomerId>,
        body: &T,
        now_ms: i64,
    ) -> Self {
        Self {
            kind: T::KIND,
            id,
            revision: 1,
            program,
            branch,
            customer,
            session: None,
            key: None,
            about: None,
            ticket: None,
            asked: None,
            made_ms: now_ms,
            updated_ms: now_ms,
            due_ms: body.due_ms(),
            body: plain(body),
            sealed: None,
        }
    }

    /// The body as its type. Where it isn't one, it is another kind, or the store holds what this crate never wrote.
    pub fn read<T: MatterBody>(&self) -> Result<T, serde_json::Error> {
        if self.kind != T::KIND {
            let (is, wanted) = (self.kind.as_str(), T::KIND.as_str());
            return Err(serde::de::Error::custom(format!("a {is} where a {wanted} was wanted")));
        }
        T::deserialize(&self.body)
    }

    /// The same with a ticket, whose sheet may be decided until `until_ms`.
    pub fn asks(mut self, ticket: TicketId, until_ms: i64, arms: Option<Arms>) -> Self {
        self.ticket = Some(ticket);
        self.asked = Some(Asked::Waiting { until_ms, arms });
        self.due_ms = Some(self.due_ms.map_or(until_ms, |due_ms| due_ms.min(until_ms)));
        self
    }

    /// The next revision, with another body.
    pub fn moved<T: MatterBody>(&self, body: &T, now_ms: i64) -> Self {
        let until_ms = self.asked.as_ref().and_then(Asked::until_ms);
        Self {
            revision: self.revision + 1,
            updated_ms: now_ms,
            due_ms: [body.due_ms(), until_ms].into_iter().flatten().min(),
            body: plain(body),
            ..self.clone()
        }
    }

    /// The next revision: nothing changes but when the host looks at it.
    pub fn put_off(&self, until_ms: i64, now_ms: i64) -> Self {
        Self { revision: self.revision + 1, updated_ms: now_ms, due_ms: Some(until_ms), ..self.clone() }
    }

    /// The next revision, with its sheet open.
    pub fn shown(&self, until_ms: i64, now_ms: i64) -> Self {
        let asked = Some(Asked::Shown { until_ms });
        Self { revision: self.revision + 1, updated_ms: now_ms, asked, ..self.clone() }
    }

    /// The next revision, once its sheet was declined or is over.
    pub fn over<T: MatterBody>(&self, body: &T, outcome: Outcome, now_ms: i64) -> Self {
        Self { asked: Some(Asked::Decided { outcome, agreed: None }), ..self.clone() }.moved(body, now_ms)
    }

    /// The next revision, once its sheet was agreed to. The evidence is sealed with it.
    pub fn agreed<T: MatterBody>(&self, body: &T, evidence: &Evidence, now_ms: i64) -> Self {
        let asked = Some(Asked::Decided { outcome: Outcome::Agreed, agreed: Some(evidence.digest.clone()) });
        let mut next = Self { asked, ..self.clone() }.moved(body, now_ms);
        next.seal("evidence", evidence);
        next
    }

    /// Puts a personal value beside those that are sealed already.
    pub fn seal(&mut self, name: &str, value: &impl Serialize) {
        let mut values = match self.sealed.take() {
            Some(Value::Object(values)) => values,
            _ => serde_json::Map::new(),
        };
        values.insert(name.to_owned(), plain(value));
        self.sealed = Some(Value::Object(values));
    }

    /// A personal value; absent where it was never there, and after the key was destroyed.
    pub fn unsealed<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.sealed.as_ref()?.get(name)?).ok()
    }

    /// Whether its sheet can still be decided.
    pub fn is_undecided(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.until_ms().is_some())
    }

    /// Where its key lies, if it has one.
    pub fn keyed(&self) -> Option<MatterKey> {
        let key = self.key.clone()?;
        Some(MatterKey { kind: self.kind, program: self.program.clone(), owner: self.owner().to_owned(), key })
    }

    /// The customer, or the branch where there is none.
    pub fn owner(&self) -> &str {
        self.customer.as_ref().map_or(self.branch.as_str(), |customer| customer.as_str())
    }
}

fn plain<T: Serialize>(body: &T) -> Value {
    serde_json::to_value(body).expect("the model's documents are plain JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Note {
        text: String,
        due_ms: Option<i64>,
    }
    impl MatterBody for Note {
        const KIND: MatterKind = MatterKind::Complaint;
        fn due_ms(&self) -> Option<i64> {
            self.due_ms
        }
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Other {
        text: String,
    }
    impl MatterBody for Other {
        const KIND: MatterKind = MatterKind::Rating;
    }

    #[test]
    fn a_body_comes_back_as_its_type_and_no_other() {
        let note = Note { text: "好".to_owned(), due_ms: Some(9) };
        let branch = BranchId::parse("suzhou").unwrap();
        let made = Matter::new(MatterId::new(1, [1; 10]), None, branch, None, &note, 5);
        assert_eq!((made.revision, made.due_ms, made.owner()), (1, Some(9), "suzhou"));
        assert_eq!(made.read::<Note>().unwrap(), note);
        assert!(made.read::<Other>().is_err(), "the shape fits, the kind does not");
        let moved = made.moved(&Note { text: "done".to_owned(), due_ms: None }, 7);
        assert_eq!((moved.revision, moved.made_ms, moved.updated_ms, moved.due_ms), (2, 5, 7, None));
    }

    #[test]
    fn a_matter_is_due_when_its_sheet_is_over_or_its_body_says_so() {
        let note = |due_ms| Note { text: String::new(), due_ms };
        let branch = BranchId::parse("suzhou").unwrap();
        let made = |due_ms| Matter::new(MatterId::new(1, [1; 10]), None, branch.clone(), None, &note(due_ms), 5);
        let asks = |due_ms| made(due_ms).asks(TicketId::new(1, [2; 10]), 50, None);
        assert_eq!(asks(None).due_ms, Some(50));
        assert_eq!(asks(Some(9)).due_ms, Some(9));
        assert_eq!(asks(Some(90)).due_ms, Some(50));
        assert_eq!(asks(Some(90)).shown(50, 6).due_ms, Some(50));
        assert_eq!(asks(Some(90)).shown(50, 6).moved(&note(Some(90)), 7).due_ms, Some(50));
        let over = asks(Some(9)).over(&note(Some(90)), Outcome::Declined, 8);
        assert_eq!((over.due_ms, over.is_undecided(), over.revision), (Some(90), false, 2));
        let evidence = Evidence::of("{}".to_owned(), &Digest::of(b"{}"), "session", Digest::of(b"t"), 8).unwrap();
        let agreed = asks(None).agreed(&note(None), &evidence, 8);
        assert_eq!((agreed.due_ms, agreed.unsealed::<Evidence>("evidence")), (None, Some(evidence)));
    }

    #[test]
    fn kinds_have_one_name() {
        for kind in MatterKind::ALL {
            assert_eq!(MatterKind::parse(kind.as_str()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
