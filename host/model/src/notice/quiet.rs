//! Quiet hours: what comes in them waits until they are over, on the customer's own clock.

use super::{Refusal, code};
use crate::digest::Digest;
use crate::ids::{CustomerId, ProgramId};
use crate::matter::{MatterBody, MatterKey, MatterKind};
use serde::{Deserialize, Serialize};

const DAY_MINUTES: u16 = 24 * 60;

/// From and until, in minutes of the day. May go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    pub from: u16,
    pub until: u16,
}

impl Quiet {
    /// For customers who have said nothing: from ten in the evening until eight.
    pub const DEFAULT: Quiet = Quiet { from: 22 * 60, until: 8 * 60 };

    pub fn new(from: u16, until: u16) -> Result<Self, Refusal> {
        if from >= DAY_MINUTES || until >= DAY_MINUTES || from == until {
            return Err(Refusal::of(code::NOTICE_QUIET, format!("{from} to {until} minutes of the day")));
        }
        Ok(Self { from, until })
    }

    /// Reads `22:00` to `08:00`.
    pub fn parse(from: &str, until: &str) -> Result<Self, Refusal> {
        let minutes = |text: &str| {
            let (hours, minutes) = text.split_once(':')?;
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (text.len() == 5 && hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
        };
        match (minutes(from), minutes(until)) {
            (Some(from), Some(until)) => Self::new(from, until),
            _ => Err(Refusal::of(code::NOTICE_QUIET, "HH:MM is expected")),
        }
    }

    /// When they are over, where it is quiet now on a clock that is so far ahead of UTC.
    pub fn ends_ms(self, now_ms: i64, ahead_s: i64) -> Option<i64> {
        let local_s = now_ms.div_euclid(1_000).saturating_add(ahead_s);
        let second = local_s.rem_euclid(i64::from(DAY_MINUTES) * 60);
        let (from_s, until_s) = (i64::from(self.from) * 60, i64::from(self.until) * 60);
        let is_quiet =
            if from_s < until_s { (from_s..until_s).contains(&second) } else { second >= from_s || second < until_s };
        let left_s = (until_s - second).rem_euclid(i64::from(DAY_MINUTES) * 60);
        is_quiet.then(|| (now_ms.div_euclid(1_000) + left_s) * 1_000)
    }
}

/// As `22:00`.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What a customer has said: of one program, whether it is muted; of none, when it is quiet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub muted: bool,
    /// Absent: never quiet.
    pub quiet: Option<Quiet>,
    #[serde(default, skip_serializing_if = "Mail::is_off")]
    pub mail: Mail,
}

/// Whether notices go to the customer by mail as well. Nobody gets mail who has not asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Mail {
    #[default]
    Off,
    /// With the digest of what the link in each letter says, so that whoever has the letter can end them.
    On { stop: Digest },
    /// There was nobody at the address: the customer has to ask for it again.
    Bounced,
}

impl Mail {
    fn is_off(&self) -> bool {
        *self == Mail::Off
    }
    pub fn on(link: &str) -> Self {
        Mail::On { stop: digest_of(link) }
    }
    pub fn is_on(&self) -> bool {
        matches!(self, Mail::On { .. })
    }
    /// Whether a link ends it.
    pub fn is_ended_by(&self, link: &str) -> bool {
        matches!(self, Mail::On { stop } if *stop == digest_of(link))
    }
}

fn digest_of(link: &str) -> Digest {
    Digest::of_parts(&[b"notice-mail", link.as_bytes()])
}

/// The name of the sealed text of that link.
pub const STOP: &str = "stop";

impl Default for Settings {
    fn default() -> Self {
        Self { muted: false, quiet: Some(Quiet::DEFAULT), mail: Mail::Off }
    }
}

impl MatterBody for Settings {
    const KIND: MatterKind = MatterKind::NoticeSettings;
}

/// Where they lie: one for each program, and one for the customer.
pub fn settings_key(program: Option<&ProgramId>, customer: &CustomerId) -> MatterKey {
    MatterKey {
        kind: MatterKind::NoticeSettings,
        program: program.cloned(),
        owner: customer.to_string(),
        key: "settings".to_owned(),
    }
}
