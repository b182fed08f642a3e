//! Notices: how a program reaches a customer without learning an address. The words are a reviewed template's, the
//! customer has allowed it, and the host decides when.
//!
//! | stage | Defer | Deliver | Drop | Read |
//! |---|---|---|---|---|
//! | waiting | waiting, later | delivered | dropped | - |
//! | delivered | - | - | - | read |
//! | read | - | - | - | read |
//! | dropped | - | - | - | - |
//!
//! Beside its stage a notice has an outlet: whether the bank's own push system has been told of it, or a letter sent. That
//! is tried until it is taken, under the notice's id, and changes nothing for the customer's page.

pub mod consent;
mod content;
pub mod quiet;
pub mod template;
#[cfg(test)]
mod tests;

pub use content::{Content, Said, Value};

use crate::code::{self, Code};
use crate::day::Day;
use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, ProgramId};
use crate::limits::{NOTICE_AHEAD_MS_MAX, NOTICE_LEASE_MS, NOTICE_TRIES_MAX, NOTICES_PER_DAY_MAX};
use crate::matter::{MatterBody, MatterKey, MatterKind};
use crate::refusal::Refusal;
use crate::services::SharedKey;
use serde::{Deserialize, Serialize};

/// The name under which the words and the values of a notice are sealed.
pub const CONTENT: &str = "content";

/// Pauses between the tries of the outlet: short at first, then long enough for a system to be started again.
const PAUSES_MS: [i64; NOTICE_TRIES_MAX as usize - 1] = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];

/// A notice as it stands. What it says is sealed with it: see [`Content`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub template: String,
    /// The page of the program that it opens.
    pub page: Option<String>,
    /// Whether it was sent on a lasting permission, which may be taken back until it is delivered.
    pub lasting: bool,
    /// Of what the program asked for: the same key with something else is a conflict.
    pub request: Digest,
    pub stage: Stage,
    pub outlet: Outlet,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Stage {
    Waiting {
        due_ms: i64,
    },
    Delivered {
        at_ms: i64,
    },
    Read {
        delivered_ms: i64,
        at_ms: i64,
    },
    /// The customer took the permission back before it was delivered, or is gone.
    Dropped {
        code: String,
    },
}

/// How far the bank's own push system has been told, or the letter gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outlet {
    None,
    Queued {
        due_ms: i64,
        tries: u32,
    },
    /// A host has it until then.
    Sending {
        until_ms: i64,
        tries: u32,
    },
    Sent {
        tries: u32,
    },
    GivenUp {
        tries: u32,
    },
    /// There is nobody at the address.
    Bounced {
        tries: u32,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The customer's quiet hours.
    Defer {
        until_ms: i64,
    },
    /// To the customer's page; with an outlet, to that as well.
    Deliver {
        outlet: bool,
    },
    Drop(&'static Code),
    Read,
    /// A host takes it to tell the outlet.
    Send,
    /// The outlet has it.
    Sent,
    Failed,
    /// The outlet will never take it.
    Bounced,
    /// There is nothing left to tell.
    GiveUp,
}

impl MatterBody for Notice {
    const KIND: MatterKind = MatterKind::Notice;
    fn due_ms(&self) -> Option<i64> {
        match (&self.stage, &self.outlet) {
            (Stage::Waiting { due_ms }, _) | (_, Outlet::Queued { due_ms, .. }) => Some(*due_ms),
            (_, Outlet::Sending { until_ms, .. }) => Some(*until_ms),
            _ => None,
        }
    }
}

/// A notice as a program makes it.
pub fn made(
    template: &str,
    page: Option<String>,
    lasting: bool,
    request: Digest,
    not_before_ms: Option<i64>,
    now_ms: i64,
) -> Result<Notice, Refusal> {
    let due_ms = not_before_ms.unwrap_or(now_ms).max(now_ms);
    if due_ms.saturating_sub(now_ms) > NOTICE_AHEAD_MS_MAX {
        return Err(Refusal::of(code::NOTICE_TOO_FAR, format!("at most {NOTICE_AHEAD_MS_MAX} ms ahead")));
    }
    let stage = Stage::Waiting { due_ms };
    Ok(Notice { template: template.to_owned(), page, lasting, request, stage, outlet: Outlet::None })
}

/// The notice after a command. Reading again changes nothing.
pub fn apply(notice: &Notice, command: Command, now_ms: i64) -> Result<Notice, Refusal> {
    let mut next = notice.clone();
    match (&notice.stage, &notice.outlet, command) {
        (Stage::Waiting { .. }, _, Command::Defer { until_ms }) => next.stage = Stage::Waiting { due_ms: until_ms },
        (Stage::Waiting { .. }, _, Command::Deliver { outlet }) => {
            next.stage = Stage::Delivered { at_ms: now_ms };
            next.outlet = if outlet { Outlet::Queued { due_ms: now_ms, tries: 0 } } else { Outlet::None };
        }
        (Stage::Waiting { .. }, _, Command::Drop(code)) => next.stage = Stage::Dropped { code: code.code.to_owned() },
        (Stage::Delivered { at_ms }, _, Command::Read) => {
            next.stage = Stage::Read { delivered_ms: *at_ms, at_ms: now_ms };
        }
        (Stage::Read { .. }, _, Command::Read) => {}
        (_, Outlet::Queued { due_ms, tries } | Outlet::Sending { until_ms: due_ms, tries }, Command::Send)
            if *due_ms <= now_ms =>
        {
            // A lease that ran out was a try too: nobody knows what came of it.
            next.outlet = match *tries {
                tries if tries < NOTICE_TRIES_MAX => {
                    Outlet::Sending { until_ms: now_ms + NOTICE_LEASE_MS, tries: tries + 1 }
                }
                tries => Outlet::GivenUp { tries },
            };
        }
        (_, Outlet::Sending { tries, .. }, Command::Sent) => next.outlet = Outlet::Sent { tries: *tries },
        (_, Outlet::Sending { tries, .. }, Command::Failed) => {
            next.outlet = match PAUSES_MS.get((*tries as usize).saturating_sub(1)) {
                Some(pause_ms) => Outlet::Queued { due_ms: now_ms + pause_ms, tries: *tries },
                None => Outlet::GivenUp { tries: *tries },
            };
        }
        (_, Outlet::Sending { tries, .. }, Command::Bounced) => next.outlet = Outlet::Bounced { tries: *tries },
        (_, Outlet::Sending { tries, .. }, Command::GiveUp) => next.outlet = Outlet::GivenUp { tries: *tries },
        (stage, _, command) => {
            return Err(Refusal::of(code::NOTICE_STATE, format!("{command:?} where it is {stage:?}")));
        }
    }
    Ok(next)
}

impl Notice {
    /// Whether the customer sees it, and when it came.
    pub fn delivered_ms(&self) -> Option<i64> {
        match self.stage {
            Stage::Delivered { at_ms } | Stage::Read { delivered_ms: at_ms, .. } => Some(at_ms),
            Stage::Waiting { .. } | Stage::Dropped { .. } => None,
        }
    }
    pub fn is_unread(&self) -> bool {
        matches!(self.stage, Stage::Delivered { .. })
    }
}

/// Where the program's own number of a notice lies: with its recipient.
pub fn key_of(program: &ProgramId, recipient: &CustomerId, key: &str) -> MatterKey {
    MatterKey {
        kind: MatterKind::Notice,
        program: Some(program.clone()),
        owner: recipient.to_string(),
        key: key.to_owned(),
    }
}

/// Where a program's notices to a customer on one of the bank's days are counted. The name begins with a control
/// character, which no program can write, and says nothing of whom it is about.
pub fn count_of(program: &ProgramId, bank: &BranchId, recipient: &CustomerId, day: Day) -> SharedKey {
    let whom = Digest::of_parts(&[b"notices", program.as_str().as_bytes(), recipient.as_str().as_bytes()]);
    let name = format!("{COUNTED}{day}/{}", &whom.hex()[..32]);
    SharedKey { program: program.clone(), branch: bank.clone(), name }
}

/// What the names of such counts begin with.
const COUNTED: &str = "\u{1}notices/";
/// Which names belong to days that are over, seen from the name of a count: from the first up to the second, two days
/// before, since it is still that day somewhere for one day at most. None where it is a program's own counter.
pub fn counts_over(name: &str) -> Option<(String, String)> {
    let day = Day::parse(name.strip_prefix(COUNTED)?.split_once('/')?.0)?;
    Some((COUNTED.to_owned(), format!("{COUNTED}{}", day.before().before())))
}

/// How many more a program may send a customer on a day.
pub fn left_of_day(counted: i64) -> u32 {
    let left = i64::from(NOTICES_PER_DAY_MAX).saturating_sub(counted).max(0);
    u32::try_from(left).unwrap_or(0)
}
