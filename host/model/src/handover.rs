//! Going on elsewhere: a six-digit code, good for two minutes and once, continues a session on another channel, signs
//! somebody in at a kiosk, or links a chat to its customer.
//!
//! | state | Take | Withdraw | its time |
//! |---|---|---|---|
//! | open | taken, by whom the table below lets | over | over |
//! | taken | – | – | – |
//! | over | – | – | – |
//!
//! Who may take it: whoever types the code shows that they have seen it; that is enough only where nobody else is
//! signed in.
//!
//! | purpose | the same customer, signed in | another customer | a kiosk | the bank's window | a chat of the same customer | a chat of nobody | a chat of another |
//! |---|---|---|---|---|---|---|---|
//! | session | yes | no | yes | of a partner's visitor | yes | no | no |
//! | sign-in | no | no | yes | no | no | no | no |
//! | link | no | no | no | no | yes | yes | yes, anew |
//!
//! A code that was made at a kiosk opens no other kiosk: who stands by has read it. Whoever may not is told the same as
//! for a wrong code.

use crate::code;
use crate::digest::Digest;
use crate::ids::{CustomerId, SessionId};
use crate::limits::HANDOVER_MS_MAX;
use crate::matter::{MatterBody, MatterKind};
use crate::program::{Actor, Channel, Surface};
use crate::refusal::Refusal;
use crate::session::{Opening, Standing};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    pub purpose: Purpose,
    pub state: State,
    /// Its maker was at a kiosk, where others see the screen: it opens no other kiosk.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_kiosk: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// This session goes on there.
    Session(SessionId),
    /// A kiosk becomes the customer's for a visit.
    SignIn,
    /// A chat becomes the customer's.
    Link,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Open { until_ms: i64 },
    Taken { at_ms: i64, channel: Channel },
    Over,
}

impl MatterBody for HandOver {
    const KIND: MatterKind = MatterKind::HandOver;
}

/// Who types the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taker<'a> {
    /// Signed in on a phone, in a browser.
    Customer { customer: &'a CustomerId, channel: Channel },
    /// A registered kiosk: nobody is there but the one who types.
    Kiosk,
    /// The bank's own window, opened from a partner's page: whoever is there brings its visitor along, and nobody
    /// else's.
    Window,
    /// A chat, and the customer whom it is linked to.
    Chat { linked: Option<&'a CustomerId> },
}

impl Taker<'_> {
    pub fn channel(&self) -> Channel {
        match self {
            Taker::Customer { channel, .. } => *channel,
            Taker::Kiosk => Channel::Kiosk,
            Taker::Window => Channel::Phone,
            Taker::Chat { .. } => Channel::Chat,
        }
    }
}

/// Six digits, each as likely as the other.
pub fn digits(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

/// What the row of a code is found by: not the code itself.
pub fn about(digits: &str) -> String {
    format!("hand-over/{}", Digest::of_parts(&[b"hand-over", digits.as_bytes()]).hex())
}

impl HandOver {
    pub fn new(purpose: Purpose, at_kiosk: bool, now_ms: i64) -> Self {
        Self { purpose, state: State::Open { until_ms: now_ms + HANDOVER_MS_MAX }, at_kiosk }
    }

    /// Until when it can be taken, if it still can.
    pub fn open_until_ms(&self, now_ms: i64) -> Option<i64> {
        match self.state {
            State::Open { until_ms } if now_ms < until_ms => Some(until_ms),
            _ => None,
        }
    }

    /// The code is typed. `owner` is who made it.
    pub fn take(&self, owner: &CustomerId, taker: Taker<'_>, now_ms: i64) -> Result<Self, Refusal> {
        let is_let = match (&self.purpose, taker) {
            (Purpose::Session(_), Taker::Customer { customer, .. }) => customer == owner,
            (_, Taker::Kiosk) if self.at_kiosk => false,
            (Purpose::Session(_), Taker::Kiosk | Taker::Window) => true,
            (Purpose::Session(_), Taker::Chat { linked }) => linked == Some(owner),
            (Purpose::SignIn, taker) => taker == Taker::Kiosk,
            (Purpose::Link, Taker::Chat { .. }) => true,
            (Purpose::Link, _) => false,
        };
        if !is_let || self.open_until_ms(now_ms).is_none() {
            return Err(Refusal::of(code::HANDOVER_CODE, format!("{:?}", self.state)));
        }
        let state = State::Taken { at_ms: now_ms, channel: taker.channel() };
        Ok(Self { state, ..self.clone() })
    }

    /// Its maker wants it back.
    pub fn withdraw(&self, now_ms: i64) -> Result<Self, Refusal> {
        match self.open_until_ms(now_ms) {
            Some(_) => Ok(Self { state: State::Over, ..self.clone() }),
            None => Err(Refusal::of(code::HANDOVER_CODE, format!("{:?}", self.state))),
        }
    }
}

/// Whether a session can go on elsewhere at all: a customer's own page, with real money.
pub fn may_leave(opening: &Opening) -> Result<(), Refusal> {
    let is_own = opening.actor == Actor::Customer && opening.customer.is_some() && opening.staff.is_none();
    if is_own && opening.surface == Surface::Page && !opening.practice {
        return Ok(());
    }
    Err(Refusal::of(code::HANDOVER_NOT_HERE, "only a customer's own page goes on elsewhere"))
}

/// The session arrives at another channel, in the hand of another sign-in. What a tap armed is over: whoever is there
/// has tapped nothing. A sheet that is open stays and is shown anew: what the end before knows of it confirms nothing
/// any more, and Confirm is dead again for a moment.
pub fn arrive(standing: &mut Standing, channel: Channel, hand: Digest, nonce: String, now_ms: i64) {
    standing.channel = Some(channel);
    standing.held_by = Some(hand);
    standing.armed = None;
    if let Some(sheet) = &mut standing.sheet {
        sheet.nonce = nonce;
        sheet.shown_ms = now_ms;
    }
}

/// Whether a sign-in may act in the session: the one that took it over, and before that each of its customer.
pub fn acts(standing: &Standing, hand: Option<&Digest>) -> Result<(), Refusal> {
    match &standing.held_by {
        Some(held) if Some(held) != hand => Err(Refusal::of(code::SESSION_ELSEWHERE, "another sign-in has it")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
