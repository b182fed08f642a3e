//! What is kept of the talk with a chat user: where it stands, what came and is not answered yet, what is to be sent.
//!
//! One row for each customer that a chat user was; the newest is the one that counts. Whatever was said is sealed under
//! that customer's key. Messages are taken first and answered afterwards, one by one, in the order in which they were
//! taken: a host that dies in between leaves them to another.

use super::Place;
use crate::code;
use crate::digest::Digest;
use crate::ids::{ProgramId, SessionId};
use crate::limits::{CHAT_LINES_KEPT, CHAT_OUTGOING_MAX, CHAT_RETRY_MS_MAX, CHAT_TRIES_MAX, CHAT_WAITING_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::program::Event;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The name of the sealed part.
pub const TALK: &str = "talk";

/// The part of the row that is not sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    pub channel: String,
    /// Another customer, or nobody any more.
    pub closed: bool,
    /// When something is to be answered or sent.
    pub due_ms: Option<i64>,
}

impl MatterBody for Chat {
    const KIND: MatterKind = MatterKind::Chat;
    fn due_ms(&self) -> Option<i64> {
        self.due_ms
    }
}

/// What a chat user's rows are found by. The bank's database does not say who uses which chat.
pub fn about(channel: &str, user: &str) -> String {
    format!("chat/{channel}/{}", Digest::of_parts(&[b"chat-user", channel.as_bytes(), user.as_bytes()]).hex())
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// As the channel names its user.
    pub user: String,
    /// The sign-in that it acts by.
    pub token: Option<Digest>,
    pub at: Standing,
    /// What the first waiting message does, written down before it is done.
    pub doing: Option<Doing>,
    pub incoming: Vec<Incoming>,
    pub outgoing: Vec<Outgoing>,
    /// Messages made so far.
    pub said: u64,
    /// The last lines, for the bank's own page.
    pub lines: Vec<Line>,
}

/// Where it stands. An answer moves it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub place: Place,
    pub session: Option<SessionId>,
    /// Events of the session that were taken from here.
    pub client_seq: u64,
    /// The position that was told last.
    pub told: u64,
    /// The digest of the bank's message that waits for its number.
    pub confirming: Option<Digest>,
    /// The programs in the order in which they were listed.
    pub menu: Vec<ProgramId>,
}

/// An event that is about to be sent. After a crash it is sent again under the same number, and taken once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doing {
    pub event: Event,
    pub seen: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    pub id: String,
    /// Empty where it was too long to be kept.
    pub text: String,
    pub too_long: bool,
    pub at_ms: i64,
    /// The user that a customer's own chat goes on as, where this links it: another than before, so that whoever knew
    /// the name of the stranger's has nothing of the customer's. Only the bank's own page names its users itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_as: Option<String>,
}

/// Something that is said to a chat user. Whose it is follows from who says it, never from what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    pub text: String,
    /// The bank's own message, which no program can write.
    pub is_banks: bool,
}

impl Saying {
    pub fn banks(text: String) -> Self {
        Self { text, is_banks: true }
    }
}

impl From<String> for Saying {
    fn from(text: String) -> Self {
        Self { text, is_banks: false }
    }
}

impl From<&str> for Saying {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub number: u64,
    pub text: String,
    /// See [`Saying`].
    #[serde(default)]
    pub is_banks: bool,
    pub tries: u32,
    pub not_before_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub by_customer: bool,
    /// See [`Saying`].
    #[serde(default)]
    pub is_banks: bool,
    pub text: String,
    pub at_ms: i64,
}

impl Talk {
    pub fn of(user: &str) -> Self {
        Self { user: user.to_owned(), ..Self::default() }
    }

    /// Takes a message behind those that wait.
    pub fn take(&mut self, message: Incoming) -> Result<(), Refusal> {
        if self.incoming.len() >= CHAT_WAITING_MAX {
            return Err(Refusal::of(code::CHAT_BUSY, format!("{CHAT_WAITING_MAX} messages wait")).retry_after(1_000));
        }
        self.keep(true, &Saying::from(message.text.as_str()), message.at_ms);
        self.incoming.push(message);
        Ok(())
    }

    /// Something to be sent. Where nothing gets through, the oldest go.
    pub fn say(&mut self, saying: impl Into<Saying>, now_ms: i64) {
        let saying = saying.into();
        self.said += 1;
        self.keep(false, &saying, now_ms);
        let Saying { text, is_banks } = saying;
        self.outgoing.push(Outgoing { number: self.said, text, is_banks, tries: 0, not_before_ms: now_ms });
        let past = self.outgoing.len().saturating_sub(CHAT_OUTGOING_MAX);
        self.outgoing.drain(..past);
    }

    fn keep(&mut self, by_customer: bool, said: &Saying, at_ms: i64) {
        self.lines.push(Line { by_customer, is_banks: said.is_banks, text: said.text.clone(), at_ms });
        let past = self.lines.len().saturating_sub(CHAT_LINES_KEPT);
        self.lines.drain(..past);
    }

    /// The message that is to be sent next: none behind one that is waiting, so that they arrive in order.
    pub fn next(&self, now_ms: i64) -> Option<&Outgoing> {
        self.outgoing.first().filter(|next| next.not_before_ms <= now_ms)
    }

    /// It got through, or nobody takes it.
    pub fn sent(&mut self, number: u64) {
        self.outgoing.retain(|one| one.number != number);
    }

    /// It did not get through: again later, and longer each time.
    pub fn failed(&mut self, number: u64, now_ms: i64) {
        let Some(one) = self.outgoing.iter_mut().find(|one| one.number == number) else { return };
        one.tries += 1;
        one.not_before_ms = now_ms + (1_000_i64 << one.tries.min(16)).min(CHAT_RETRY_MS_MAX);
        if one.tries >= CHAT_TRIES_MAX {
            self.sent(number);
        }
    }

    /// When the host has to look at it.
    pub fn due_ms(&self, now_ms: i64) -> Option<i64> {
        let waiting = self.incoming.first().map(|_| now_ms);
        waiting.or_else(|| self.outgoing.first().map(|next| next.not_before_ms))
    }

    /// The first waiting message is answered: it waits no more, the talk stands elsewhere, and this is said. What came or
    /// was sent meanwhile stays.
    pub fn answered(&mut self, id: &str, at: Standing, says: Vec<Saying>, now_ms: i64) {
        self.incoming.retain(|message| message.id != id);
        self.doing = None;
        self.at = at;
        says.into_iter().for_each(|saying| self.say(saying, now_ms));
    }
}

impl Standing {
    /// Whatever it was in the middle of is over.
    pub fn leave(&mut self) {
        *self = Self { menu: std::mem::take(&mut self.menu), ..Self::default() };
    }
}
