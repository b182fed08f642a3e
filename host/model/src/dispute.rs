//! Disputes: a customer says from the receipt that a payment was not right. The merchant answers, head office decides,
//! and what goes back goes back as any refund does. Two clocks run: until the answer, and until the decision.

use crate::code;
use crate::feedback::written;
use crate::ids::{CustomerId, MerchantId, PaymentId, StaffId};
use crate::limits::{DISPUTE_ANSWER_MS_MAX, DISPUTE_DECIDE_MS_MAX, DISPUTE_OPEN_MS_MAX, DISPUTE_STEPS_MAX};
use crate::matter::{LATE_AGAIN_MS, MatterBody, MatterKind};
use crate::money::Money;
use crate::payment::{Payee, Payment, Status};
use crate::refusal::Refusal;
use crate::tender::Tender;
use serde::{Deserialize, Serialize};

/// The sealed value that holds what was said, in order.
pub const THREAD: &str = "thread";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    NotReceived,
    NotAsDescribed,
    WrongAmount,
    PaidTwice,
    /// The customer says that it was somebody else.
    NotMe,
    Other,
}

impl Reason {
    pub const ALL: [Reason; 6] = [
        Reason::NotReceived,
        Reason::NotAsDescribed,
        Reason::WrongAmount,
        Reason::PaidTwice,
        Reason::NotMe,
        Reason::Other,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The merchant's turn.
    Open,
    /// Head office's turn: the merchant has answered, or has let its time pass.
    Answered,
    Unanswered,
    /// Head office gave something back.
    Refunded,
    /// Head office found that nothing is owed.
    Rejected,
    Withdrawn,
}

impl State {
    pub const ALL: [State; 6] =
        [State::Open, State::Answered, State::Unanswered, State::Refunded, State::Rejected, State::Withdrawn];
}

/// The body of its matter. What was said is sealed under [`THREAD`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    pub payment: PaymentId,
    pub merchant: Option<MerchantId>,
    pub reason: Reason,
    pub state: State,
    /// What was paid when it was opened, refunds taken off: more than that never goes back.
    pub at_stake: Money,
    /// What it was paid with: where money goes back to, if any does.
    #[serde(default, skip_serializing_if = "Tender::is_account")]
    pub tender: Tender,
    pub opened_ms: i64,
    pub answer_by_ms: i64,
    pub decide_by_ms: i64,
    /// The decision came late, or has not come; it stays said.
    #[serde(default)]
    pub late: bool,
    /// The merchant says that the customer is right.
    #[serde(default)]
    pub agrees: bool,
    #[serde(default)]
    pub refund: Option<Money>,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at_ms: i64,
    pub by: Side,
    /// Of the bank's staff.
    pub staff: Option<StaffId>,
    /// Such as `opened` or `answered`.
    pub what: String,
    /// How the bank's staff proved that it was them. It stays here: the audit record of a refund goes into a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Customer,
    Merchant,
    Bank,
}

/// Something said to the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub at_ms: i64,
    pub by: Side,
    pub text: String,
}

impl MatterBody for Dispute {
    const KIND: MatterKind = MatterKind::Dispute;
    fn due_ms(&self) -> Option<i64> {
        match self.state {
            State::Open => Some(self.answer_by_ms),
            State::Answered | State::Unanswered if self.late => Some(self.decide_by_ms.saturating_add(LATE_AGAIN_MS)),
            State::Answered | State::Unanswered => Some(self.decide_by_ms),
            State::Refunded | State::Rejected | State::Withdrawn => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// By the merchant's own people, or by the branch for it.
    Answer {
        agrees: bool,
        text: String,
        staff: Option<StaffId>,
    },
    /// The customer says more, until it is decided.
    Say {
        text: String,
    },
    Withdraw,
    /// By head office; nothing where it rejects.
    Decide {
        refund: Option<Money>,
        text: String,
        staff: StaffId,
    },
    /// A clock is over.
    Overdue,
}

/// Whether a customer may dispute a payment, and what is at stake then.
pub fn may_open(payment: &Payment, customer: &CustomerId, now_ms: i64) -> Result<Money, Refusal> {
    if payment.customer != *customer {
        return Err(Refusal::of(code::PAYMENT_NOT_FOUND, ""));
    }
    let paid = matches!(payment.status, Status::Settled | Status::PartlyCaptured) && !payment.practice;
    let at_stake = payment.captured.minus(payment.refunded).filter(|left| paid && left.minor > 0);
    let Some(at_stake) = at_stake else {
        return Err(Refusal::of(code::DISPUTE_NOT_PAID, format!("{:?}", payment.status)));
    };
    let confirmed_ms = payment.evidence.as_ref().map_or(payment.made_ms, |evidence| evidence.confirmed_ms);
    if now_ms >= confirmed_ms.saturating_add(DISPUTE_OPEN_MS_MAX) {
        return Err(Refusal::of(code::DISPUTE_TOO_LATE, format!("confirmed at {confirmed_ms}")));
    }
    Ok(at_stake)
}

/// Who has to answer: the first merchant among the payees; where there is none, the branch does.
pub fn answering(payment: &Payment) -> Option<MerchantId> {
    payment.legs.iter().find_map(|leg| match &leg.payee {
        Payee::Merchant(id) => Some(id.clone()),
        _ => None,
    })
}

impl Dispute {
    /// The same with the proof of whoever has just decided.
    pub fn proved(mut self, proof: Option<String>) -> Self {
        if let Some(last) = self.steps.last_mut() {
            last.proof = proof;
        }
        self
    }
    pub fn open(payment: &Payment, reason: Reason, at_stake: Money, now_ms: i64) -> Self {
        let step = Step { at_ms: now_ms, by: Side::Customer, staff: None, what: "opened".to_owned(), proof: None };
        Self {
            payment: payment.id.clone(),
            merchant: answering(payment),
            reason,
            state: State::Open,
            at_stake,
            tender: payment.tender.clone(),
            opened_ms: now_ms,
            answer_by_ms: now_ms.saturating_add(DISPUTE_ANSWER_MS_MAX),
            decide_by_ms: now_ms.saturating_add(DISPUTE_DECIDE_MS_MAX),
            late: false,
            agrees: false,
            refund: None,
            steps: vec![step],
        }
    }
    /// Whether head office still has to decide.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::Answered | State::Unanswered)
    }
}

/// What somebody says must say something.
pub fn words(text: &str) -> Result<String, Refusal> {
    let text = written(text)?;
    if text.is_empty() { Err(Refusal::of(code::FEEDBACK_TEXT, "it is empty")) } else { Ok(text) }
}

/// The dispute after a command, and what is added to its thread.
pub fn apply(dispute: &Dispute, command: Command, now_ms: i64) -> Result<(Dispute, Option<Said>), Refusal> {
    let mut next = dispute.clone();
    let state = || Err(Refusal::of(code::DISPUTE_STATE, format!("it is {:?}", dispute.state)));
    if !dispute.is_open() {
        return state();
    }
    let (by, staff, what, said) = match command {
        Command::Answer { agrees, text, staff } => {
            if dispute.state != State::Open {
                return state();
            }
            next.state = State::Answered;
            next.agrees = agrees;
            (Side::Merchant, staff, "answered", Some(words(&text)?))
        }
        Command::Say { text } => {
            if dispute.steps.len() >= DISPUTE_STEPS_MAX {
                return Err(Refusal::of(code::DISPUTE_STATE, format!("{DISPUTE_STEPS_MAX} steps")));
            }
            (Side::Customer, None, "said", Some(words(&text)?))
        }
        Command::Withdraw => {
            next.state = State::Withdrawn;
            (Side::Customer, None, "withdrawn", None)
        }
        Command::Decide { refund, text, staff } => {
            if dispute.state == State::Open {
                return state();
            }
            check_refund(dispute, refund)?;
            next.state = if refund.is_some() { State::Refunded } else { State::Rejected };
            next.refund = refund;
            (Side::Bank, Some(staff), "decided", Some(words(&text)?))
        }
        Command::Overdue => match dispute.state {
            State::Open if now_ms >= dispute.answer_by_ms => {
                next.state = State::Unanswered;
                (Side::Merchant, None, "unanswered", None)
            }
            State::Answered | State::Unanswered if !dispute.late && now_ms >= dispute.decide_by_ms => {
                next.late = true;
                (Side::Bank, None, "late", None)
            }
            _ => return state(),
        },
    };
    next.steps.push(Step { at_ms: now_ms, by, staff, what: what.to_owned(), proof: None });
    Ok((next, said.map(|text| Said { at_ms: now_ms, by, text })))
}

fn check_refund(dispute: &Dispute, refund: Option<Money>) -> Result<(), Refusal> {
    let Some(refund) = refund else { return Ok(()) };
    let within = refund.currency == dispute.at_stake.currency && (1..=dispute.at_stake.minor).contains(&refund.minor);
    if within { Ok(()) } else { Err(Refusal::of(code::DISPUTE_REFUND, format!("{refund} of {}", dispute.at_stake))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wu() -> StaffId {
        StaffId::parse("wu").unwrap()
    }
    fn dispute(state: State) -> Dispute {
        Dispute {
            payment: PaymentId::new(1, [1; 10]),
            merchant: None,
            reason: Reason::NotReceived,
            state,
            at_stake: Money::cny(1_000),
            tender: Tender::Account,
            opened_ms: 0,
            answer_by_ms: DISPUTE_ANSWER_MS_MAX,
            decide_by_ms: DISPUTE_DECIDE_MS_MAX,
            late: false,
            agrees: false,
            refund: None,
            steps: Vec::new(),
        }
    }
    fn decide(refund: Option<i64>) -> Command {
        Command::Decide { refund: refund.map(Money::cny), text: "看过了".to_owned(), staff: wu() }
    }

    #[test]
    fn each_command_in_each_state() {
        let answer = Command::Answer { agrees: false, text: "送到了".to_owned(), staff: None };
        let say = Command::Say { text: "没有".to_owned() };
        let commands = [answer, say, Command::Withdraw, decide(Some(1_000)), decide(None), Command::Overdue].map(Some);
        use State as S;
        for state in State::ALL {
            let after = commands.clone().map(|command| {
                let command = command.expect("each is one");
                apply(&dispute(state), command, DISPUTE_DECIDE_MS_MAX).map(|(next, _)| next.state).ok()
            });
            let expected = match state {
                S::Open => [Some(S::Answered), Some(S::Open), Some(S::Withdrawn), None, None, Some(S::Unanswered)],
                S::Answered | S::Unanswered => {
                    [None, Some(state), Some(S::Withdrawn), Some(S::Refunded), Some(S::Rejected), Some(state)]
                }
                S::Refunded | S::Rejected | S::Withdrawn => [None; 6],
            };
            assert_eq!(after, expected, "{state:?}");
        }
    }

    #[test]
    fn two_clocks_run() {
        let open = dispute(State::Open);
        assert_eq!(open.due_ms(), Some(DISPUTE_ANSWER_MS_MAX));
        assert!(apply(&open, Command::Overdue, DISPUTE_ANSWER_MS_MAX - 1).is_err());
        let (silent, _) = apply(&open, Command::Overdue, DISPUTE_ANSWER_MS_MAX).unwrap();
        assert_eq!((silent.state, silent.due_ms()), (State::Unanswered, Some(DISPUTE_DECIDE_MS_MAX)));
        let (late, _) = apply(&silent, Command::Overdue, DISPUTE_DECIDE_MS_MAX).unwrap();
        assert!(late.late && late.due_ms() > silent.due_ms());
        assert!(apply(&late, Command::Overdue, DISPUTE_DECIDE_MS_MAX + 1).is_err(), "it is said once");
        let (decided, said) = apply(&late, decide(None), DISPUTE_DECIDE_MS_MAX + 5).unwrap();
        assert_eq!((decided.due_ms(), said.unwrap().by), (None, Side::Bank));
    }

    #[test]
    fn no_more_goes_back_than_is_at_stake_and_words_are_needed() {
        let answered = dispute(State::Answered);
        for minor in [0, -1, 1_001] {
            assert_eq!(apply(&answered, decide(Some(minor)), 5).unwrap_err().code, "dispute.refund");
        }
        assert_eq!(apply(&answered, decide(Some(1)), 5).unwrap().0.refund, Some(Money::cny(1)));
        let silent = Command::Decide { refund: None, text: " ".to_owned(), staff: wu() };
        assert_eq!(apply(&answered, silent, 5).unwrap_err().code, "feedback.text");
        let mut long = answered;
        while long.steps.len() < DISPUTE_STEPS_MAX {
            long = apply(&long, Command::Say { text: "x".to_owned() }, 5).unwrap().0;
        }
        assert!(apply(&long, Command::Say { text: "x".to_owned() }, 5).is_err());
        assert!(apply(&long, decide(None), 5).is_ok());
    }
}
