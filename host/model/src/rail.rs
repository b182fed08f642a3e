//! Instructions to another rail, such as the bank's core: what is to be done with money there, and how far it is.
//!
//! An instruction is written in the commit of what it is for, and sent afterwards, under its own id for ever. The rail
//! does a thing once for an id, so that sending again is harmless; but it is only sent again when the rail has said that
//! it never arrived, or when it certainly never left.
//!
//! | state | Send | Ask | Heard | NeverArrived | Failed | GiveUp |
//! |---|---|---|---|---|---|---|
//! | made | sending, if due | - | - | - | - | refused, if it certainly never arrived |
//! | sending | - | asking, once its lease is over | done, refused, open | - | open; made, if it certainly never arrived | - |
//! | open | - | asking, if due | - | - | - | - |
//! | asking | - | asking, once its lease is over | done, refused, open | made; known again | open | - |
//! | done, refused | - | - | - | - | - | - |
//!
//! A host that dies between sending and writing down what came of it leaves the instruction `sending`; when its lease
//! is over another one *asks*. There is no giving up once it may have arrived: somebody has to know in the end.

#[cfg(test)]
mod tests;

use crate::code;
use crate::ids::{CustomerId, MatterId, PaymentId, RailId};
use crate::limits::{RAIL_CODE_BYTES_MAX, RAIL_LEASE_MS, RAIL_PATIENCE_MS};
use crate::matter::{MatterBody, MatterKind};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::tender::TenderKind;
use serde::{Deserialize, Serialize};

/// Pauses before the rail is asked or told again, before their jitter: short while somebody waits, then as a system
/// needs that is being mended.
const PAUSES_MS: [i64; 6] = [500, 2_000, 5_000, 15_000, 60_000, 300_000];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Hold money of the payer.
    Reserve,
    /// Take of what is held, all or a part.
    Capture,
    /// Let go of what is still held.
    Release,
    /// Take money of the payer now.
    Debit,
    /// Give back of what was taken.
    Refund,
    /// Give money to somebody.
    PayOut,
    /// Forget a card: its token is worth nothing any more. Moves no money.
    Unbind,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Reserve => "reserve",
            Kind::Capture => "capture",
            Kind::Release => "release",
            Kind::Debit => "debit",
            Kind::Refund => "refund",
            Kind::PayOut => "pay-out",
            Kind::Unbind => "unbind",
        }
    }
    /// Whether a customer waits for it, and nothing is lost if it is not done at all.
    pub fn may_be_given_up(self) -> bool {
        matches!(self, Kind::Reserve | Kind::Debit)
    }
}

/// Whose money it is at the rail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// An account at the bank, by the number that the core knows: the customer's.
    Account(String),
    /// A bound card; its token is looked up when the instruction is sent.
    Card(MatterId),
    /// That of an earlier instruction.
    Of(MatterId),
}

/// An instruction as it stands. Its matter's id is the rail's key, the same whenever it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    pub rail: RailId,
    pub kind: Kind,
    pub amount: Money,
    pub party: Party,
    pub tender: TenderKind,
    /// Absent where it is for no payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentId>,
    /// What the rail shows on its statements.
    pub reference: String,
    /// The same for all of a payment, on every rail that it passes (ISO 20022).
    pub end_to_end_id: String,
    pub made_ms: i64,
    /// Times that it was sent.
    pub tries: u32,
    /// Times in a row that the rail said nothing of use.
    pub unanswered: u32,
    /// Some try may have reached the rail.
    pub maybe_arrived: bool,
    pub state: State,
    /// What came of the newest request, for the bank's people: a status or the name of a fault.
    pub last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    /// To be sent.
    Made {
        due_ms: i64,
    },
    /// A host is sending it until then.
    Sending {
        until_ms: i64,
    },
    /// It was sent. `doubtful`: nobody knows what became of it; otherwise the rail has it and works on it.
    Open {
        due_ms: i64,
        doubtful: bool,
    },
    /// A host is asking what became of it until then.
    Asking {
        until_ms: i64,
        doubtful: bool,
    },
    Done {
        at_ms: i64,
    },
    Refused {
        at_ms: i64,
        code: String,
    },
}

/// What a rail says of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done,
    Refused(String),
    /// It has it, and will know later.
    Pending,
    /// It does not know itself.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A host takes it to send it.
    Send,
    /// A host takes it to ask what became of it.
    Ask,
    Heard(Answer),
    /// The rail has never seen it.
    NeverArrived,
    /// No answer, or none that can be read.
    Failed {
        may_have_arrived: bool,
        name: String,
    },
    /// It can't be sent now, and its customer has waited long enough.
    GiveUp,
}

/// What the instruction's payment has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Done,
    Refused(String),
    /// From here on nobody knows; told once, until something is known again.
    Doubtful,
    /// It is known again: the rail works on it, or it has never arrived and is sent anew.
    Working,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub instruction: Instruction,
    pub news: Option<News>,
}

impl MatterBody for Instruction {
    const KIND: MatterKind = MatterKind::Instruction;
    fn due_ms(&self) -> Option<i64> {
        match self.state {
            State::Made { due_ms } | State::Open { due_ms, .. } => Some(due_ms),
            State::Sending { until_ms } | State::Asking { until_ms, .. } => Some(until_ms),
            State::Done { .. } | State::Refused { .. } => None,
        }
    }
}

impl Instruction {
    /// The end of a card.
    pub fn unbind(rail: RailId, card: &MatterId, now_ms: i64) -> Self {
        let (nothing, party) = (Money::cny(0), Party::Card(card.clone()));
        Self::made(rail, Kind::Unbind, nothing, party, TenderKind::Card, card.to_string(), now_ms)
    }
    /// Money for a customer's account, for a payout whose id it carries from end to end.
    pub fn pay_out(rail: RailId, payout: &MatterId, to: &CustomerId, amount: Money, now_ms: i64) -> Self {
        let party = Party::Account(to.to_string());
        Self::made(rail, Kind::PayOut, amount, party, TenderKind::Account, payout.to_string(), now_ms)
    }
    /// The payout that it is for.
    pub fn payout(&self) -> Option<MatterId> {
        (self.kind == Kind::PayOut).then(|| MatterId::parse(&self.end_to_end_id).ok())?
    }
    /// A new one, for no payment.
    pub fn made(
        rail: RailId,
        kind: Kind,
        amount: Money,
        party: Party,
        tender: TenderKind,
        end_to_end_id: String,
        now_ms: i64,
    ) -> Self {
        Self {
            rail,
            kind,
            amount,
            party,
            tender,
            payment: None,
            reference: String::new(),
            end_to_end_id,
            made_ms: now_ms,
            tries: 0,
            unanswered: 0,
            maybe_arrived: false,
            state: State::Made { due_ms: now_ms },
            last: String::new(),
        }
    }
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Done { .. } | State::Refused { .. })
    }
    /// Whether nobody knows what became of it.
    pub fn is_doubtful(&self) -> bool {
        matches!(self.state, State::Open { doubtful: true, .. } | State::Asking { doubtful: true, .. })
    }
    /// Whether it should be given up where it can't be sent: nothing can have come of it, and somebody waits.
    pub fn is_hopeless(&self, now_ms: i64) -> bool {
        matches!(self.state, State::Made { .. })
            && !self.maybe_arrived
            && self.kind.may_be_given_up()
            && now_ms >= self.made_ms + RAIL_PATIENCE_MS
    }
    fn to(self, state: State) -> Self {
        Self { state, ..self }
    }
    /// How long until the next request: half to one and a half times the pause. `jitter` is random.
    fn pause_ms(&self, jitter: u16) -> i64 {
        let pause = PAUSES_MS[(self.unanswered as usize).min(PAUSES_MS.len() - 1)];
        pause / 2 + pause * i64::from(jitter) / i64::from(u16::MAX)
    }
    fn refused(self, code: String, now_ms: i64) -> Moved {
        let news = Some(News::Refused(code.clone()));
        Moved { instruction: self.to(State::Refused { at_ms: now_ms, code }), news }
    }
    /// Nothing is known yet; it is asked again later.
    fn open(self, doubtful: bool, now_ms: i64, jitter: u16) -> Moved {
        let was = self.is_doubtful();
        let due_ms = now_ms + self.pause_ms(jitter);
        let news = match (was, doubtful) {
            (false, true) => Some(News::Doubtful),
            (true, false) => Some(News::Working),
            _ => None,
        };
        let unanswered = self.unanswered.saturating_add(1);
        Moved { instruction: Self { unanswered, ..self }.to(State::Open { due_ms, doubtful }), news }
    }
    fn heard(self, answer: Answer, now_ms: i64, jitter: u16) -> Moved {
        let heard = Self { maybe_arrived: true, ..self };
        match answer {
            Answer::Done => Moved { instruction: heard.to(State::Done { at_ms: now_ms }), news: Some(News::Done) },
            Answer::Refused(code) => heard.refused(code, now_ms),
            Answer::Pending => heard.open(false, now_ms, jitter),
            Answer::Unknown => heard.open(true, now_ms, jitter),
        }
    }
}

/// A rail's code of a refusal, as it may be kept and shown: one that is none becomes the general one.
pub fn refusal_code(text: &str) -> String {
    let fits = (1..=RAIL_CODE_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.');
    let named = format!("rail.{}", text.strip_prefix("rail.").unwrap_or(text));
    // The host's own words are not the rail's to use.
    let is_own = [code::RAIL_STATE, code::RAIL_UNREACHABLE].iter().any(|own| own.code == named);
    let known = code::find(&named).filter(|_| fits && !is_own).unwrap_or(code::RAIL_REFUSED);
    known.code.to_owned()
}

/// The instruction after a command. `jitter` is random.
pub fn apply(instruction: &Instruction, command: Command, now_ms: i64, jitter: u16) -> Result<Moved, Refusal> {
    let next = instruction.clone();
    let silent = |instruction| Ok(Moved { instruction, news: None });
    match (&instruction.state, command) {
        (State::Made { due_ms }, Command::Send) if now_ms >= *due_ms => {
            let next = Instruction { tries: next.tries.saturating_add(1), ..next };
            silent(next.to(State::Sending { until_ms: now_ms + RAIL_LEASE_MS }))
        }
        (State::Made { .. }, Command::GiveUp) if instruction.is_hopeless(now_ms) => {
            Ok(next.refused(code::RAIL_UNREACHABLE.code.to_owned(), now_ms))
        }
        // Whoever was sending it is lost, and so is what it heard.
        (State::Sending { until_ms }, Command::Ask) if now_ms >= *until_ms => {
            let next = Instruction { maybe_arrived: true, ..next };
            let state = State::Asking { until_ms: now_ms + RAIL_LEASE_MS, doubtful: true };
            Ok(Moved { instruction: next.to(state), news: Some(News::Doubtful) })
        }
        (State::Open { due_ms: from_ms, doubtful } | State::Asking { until_ms: from_ms, doubtful }, Command::Ask)
            if now_ms >= *from_ms =>
        {
            let doubtful = *doubtful;
            silent(next.to(State::Asking { until_ms: now_ms + RAIL_LEASE_MS, doubtful }))
        }
        (State::Sending { .. } | State::Asking { .. }, Command::Heard(answer)) => {
            let last = answer.as_str().to_owned();
            Ok(Instruction { last, ..next }.heard(answer, now_ms, jitter))
        }
        // Nothing came of it, so there is no doubt any more: it is on its way anew.
        (State::Asking { doubtful, .. }, Command::NeverArrived) => {
            let due_ms = now_ms + instruction.pause_ms(jitter);
            let (unanswered, last) = (next.unanswered.saturating_add(1), "never arrived".to_owned());
            let instruction = Instruction { unanswered, last, ..next }.to(State::Made { due_ms });
            Ok(Moved { instruction, news: doubtful.then_some(News::Working) })
        }
        (State::Sending { .. }, Command::Failed { may_have_arrived: false, name }) => {
            let due_ms = now_ms + instruction.pause_ms(jitter);
            let unanswered = next.unanswered.saturating_add(1);
            silent(Instruction { unanswered, last: name, ..next }.to(State::Made { due_ms }))
        }
        (State::Sending { .. }, Command::Failed { name, .. }) => {
            Ok(Instruction { maybe_arrived: true, last: name, ..next }.open(true, now_ms, jitter))
        }
        (State::Asking { doubtful, .. }, Command::Failed { name, .. }) => {
            let doubtful = *doubtful;
            Ok(Instruction { last: name, ..next }.open(doubtful, now_ms, jitter))
        }
        (state, _) => Err(Refusal::of(code::RAIL_STATE, format!("the instruction is {state:?}"))),
    }
}

impl Answer {
    pub fn as_str(&self) -> &'static str {
        match self {
            Answer::Done => "done",
            Answer::Refused(_) => "refused",
            Answer::Pending => "pending",
            Answer::Unknown => "unknown",
        }
    }
}
