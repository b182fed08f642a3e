//! The thread between a customer and the branch's customer manager. A program opens one within a purpose that was
//! reviewed with its release, and may then read it; customer and manager write, each for themselves. The customer ends
//! it, and only they open it again.
//!
//! | state | Note | Write by customer | Write by manager | End | Resume |
//! |---|---|---|---|---|---|
//! | open | open | open | open | ended | - |
//! | ended | - | - | - | - | open |

use crate::code;
use crate::content::check::{Rules, scan_one};
use crate::ids::{BranchId, CustomerId, MatterId, ProgramId, StaffId};
use crate::limits::{MESSAGE_CHARS_MAX, MESSAGES_PER_HOUR_MAX, PROGRAM_NOTES_PER_DAY_MAX, THREAD_MESSAGES_MAX};
use crate::matter::{MatterBody, MatterKey, MatterKind};
use crate::refusal::Refusal;
use crate::release::Severity;
use crate::text;
use serde::{Deserialize, Serialize};

/// The name under which what was written is sealed.
pub const TEXT: &str = "text";

const HOUR_MS: i64 = 3_600_000;

/// Who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    Customer,
    Manager,
    Program,
}

impl Author {
    pub fn as_str(self) -> &'static str {
        match self {
            Author::Customer => "customer",
            Author::Manager => "manager",
            Author::Program => "program",
        }
    }
}

/// A thread as it stands. What was written in it are messages of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// One of the purposes of the program's manifest.
    pub purpose: String,
    /// Who answered last, or is first asked.
    pub manager: Option<StaffId>,
    pub messages: u32,
    pub last_ms: i64,
    pub last_by: Author,
    /// Up to when each side has read.
    pub customer_read_ms: i64,
    pub manager_read_ms: i64,
    /// When messages of the last hour, and notes of the last day, were written: bounded by their limits.
    pub recent: Vec<(Author, i64)>,
    pub ended_ms: Option<i64>,
}

/// One message: who wrote it and when. Its text is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub author: Author,
    /// Which manager.
    pub by: Option<StaffId>,
    pub at_ms: i64,
}

impl MatterBody for Thread {
    const KIND: MatterKind = MatterKind::Thread;
}
impl MatterBody for Message {
    const KIND: MatterKind = MatterKind::Message;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Write { author: Author, by: Option<StaffId> },
    Read { author: Author },
    End,
    Resume,
}

impl Thread {
    pub fn open(purpose: &str, now_ms: i64) -> Self {
        Self {
            purpose: purpose.to_owned(),
            manager: None,
            messages: 0,
            last_ms: now_ms,
            last_by: Author::Program,
            customer_read_ms: 0,
            manager_read_ms: 0,
            recent: Vec::new(),
            ended_ms: None,
        }
    }
    /// Whether somebody has yet to read what the other side wrote.
    pub fn is_unread_by(&self, author: Author) -> bool {
        let read_ms = match author {
            Author::Customer => self.customer_read_ms,
            Author::Manager => self.manager_read_ms,
            Author::Program => return false,
        };
        self.messages > 0 && self.last_by != author && read_ms < self.last_ms
    }
}

/// How many one side may write in which time.
fn allowance(author: Author) -> (usize, i64) {
    match author {
        Author::Customer | Author::Manager => (MESSAGES_PER_HOUR_MAX, HOUR_MS),
        Author::Program => (PROGRAM_NOTES_PER_DAY_MAX, 24 * HOUR_MS),
    }
}

/// The thread after a command.
pub fn apply(thread: &Thread, command: Command, now_ms: i64) -> Result<Thread, Refusal> {
    let mut next = thread.clone();
    match command {
        Command::Write { author, by } => {
            if thread.ended_ms.is_some() {
                return Err(Refusal::of(code::THREAD_ENDED, ""));
            }
            if thread.messages >= THREAD_MESSAGES_MAX {
                return Err(Refusal::of(code::THREAD_FULL, format!("{THREAD_MESSAGES_MAX} messages")));
            }
            next.recent.retain(|(by, at_ms)| now_ms - at_ms < allowance(*by).1);
            let (most, within_ms) = allowance(author);
            let own = next.recent.iter().filter(|(by, _)| *by == author);
            if own.clone().count() >= most {
                let first_ms = own.map(|(_, at_ms)| *at_ms).min().unwrap_or(now_ms);
                let wait_ms = u64::try_from(first_ms + within_ms - now_ms).unwrap_or(0);
                return Err(Refusal::of(code::THREAD_RATE, format!("{most} in {within_ms} ms")).retry_after(wait_ms));
            }
            next.recent.push((author, now_ms));
            next.messages += 1;
            (next.last_ms, next.last_by) = (now_ms, author);
            match author {
                Author::Customer => next.customer_read_ms = now_ms,
                Author::Manager => (next.manager_read_ms, next.manager) = (now_ms, by),
                Author::Program => {}
            }
        }
        Command::Read { author: Author::Customer } => next.customer_read_ms = now_ms,
        Command::Read { author: Author::Manager } => next.manager_read_ms = now_ms,
        Command::Read { author: Author::Program } => {}
        Command::End if thread.ended_ms.is_none() => next.ended_ms = Some(now_ms),
        Command::Resume if thread.ended_ms.is_some() => next.ended_ms = None,
        Command::End | Command::Resume => return Err(Refusal::of(code::THREAD_STATE, "")),
    }
    Ok(next)
}

/// What a person writes: bounded, trimmed, without control characters. What they say is their own.
pub fn written(text: &str) -> Result<String, Refusal> {
    let trimmed = text.trim();
    if trimmed.is_empty() || !text::is_enterable(trimmed, MESSAGE_CHARS_MAX) {
        return Err(Refusal::of(code::THREAD_TEXT, format!("1 to {MESSAGE_CHARS_MAX} plain characters")));
    }
    Ok(trimmed.to_owned())
}

/// What a program writes: the same, and neither a link nor a number that must not be written down.
pub fn noted(text: &str) -> Result<String, Refusal> {
    let trimmed = written(text)?;
    let findings = scan_one("note", &trimmed, &Rules::default());
    let is_refused =
        findings.iter().any(|finding| finding.severity == Severity::Error || finding.code == code::CONTENT_LINK.code);
    if is_refused || !text::is_clean(&trimmed.replace('\n', " "), MESSAGE_CHARS_MAX) {
        return Err(Refusal::of(code::THREAD_TEXT, "no links, card or identity numbers"));
    }
    Ok(trimmed)
}

/// Where a thread lies: one for each purpose of a program and customer.
pub fn thread_key(program: &ProgramId, customer: &CustomerId, purpose: &str) -> MatterKey {
    MatterKey {
        kind: MatterKind::Thread,
        program: Some(program.clone()),
        owner: customer.to_string(),
        key: purpose.to_owned(),
    }
}

/// What messages of a thread are found by.
pub fn messages_of(thread: &MatterId) -> String {
    format!("thread/{thread}")
}

/// What threads of a branch are found by, for its managers.
pub fn threads_in(branch: &BranchId) -> String {
    format!("branch/{branch}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(thread: &Thread, author: Author, now_ms: i64) -> Result<Thread, String> {
        apply(thread, Command::Write { author, by: None }, now_ms).map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_thread_is_ended_and_opened_by_its_customer() {
        let open = write(&Thread::open("loans", 1), Author::Program, 1).unwrap();
        assert!(open.is_unread_by(Author::Customer) && open.is_unread_by(Author::Manager));
        let said = write(&open, Author::Customer, 2).unwrap();
        assert_eq!((said.is_unread_by(Author::Customer), said.is_unread_by(Author::Manager)), (false, true));
        let read = apply(&said, Command::Read { author: Author::Manager }, 3).unwrap();
        assert!(!read.is_unread_by(Author::Manager));
        let ended = apply(&read, Command::End, 4).unwrap();
        for author in [Author::Customer, Author::Manager, Author::Program] {
            assert_eq!(write(&ended, author, 5), Err("thread.ended".to_owned()), "{author:?}");
        }
        assert!(apply(&ended, Command::End, 5).is_err());
        let again = apply(&ended, Command::Resume, 6).unwrap();
        assert!(write(&again, Author::Manager, 7).is_ok() && apply(&again, Command::Resume, 7).is_err());
    }

    #[test]
    fn each_side_has_its_rate_and_a_thread_its_length() {
        for (author, most, within_ms) in [
            (Author::Customer, MESSAGES_PER_HOUR_MAX, HOUR_MS),
            (Author::Manager, MESSAGES_PER_HOUR_MAX, HOUR_MS),
            (Author::Program, PROGRAM_NOTES_PER_DAY_MAX, 24 * HOUR_MS),
        ] {
            let mut thread = Thread::open("loans", 0);
            for _ in 0..most {
                thread = write(&thread, author, 10).unwrap();
            }
            assert_eq!(write(&thread, author, 10 + within_ms - 1), Err("thread.rate".to_owned()), "{author:?}");
            assert!(write(&thread, author, 10 + within_ms).is_ok());
        }
        let mut thread = Thread::open("loans", 0);
        for at in 0..THREAD_MESSAGES_MAX {
            thread = write(&thread, Author::Customer, i64::from(at) * HOUR_MS).unwrap();
        }
        assert_eq!(write(&thread, Author::Manager, i64::MAX / 2), Err("thread.full".to_owned()));
        assert!(thread.recent.len() <= 2 * MESSAGES_PER_HOUR_MAX);
    }

    #[test]
    fn what_is_written_is_plain_and_bounded() {
        assert_eq!(written(" 您好\n再见 ").unwrap(), "您好\n再见");
        assert!(written(&"字".repeat(MESSAGE_CHARS_MAX)).is_ok());
        for text in ["", "  ", "a\u{7}b", &"字".repeat(MESSAGE_CHARS_MAX + 1)] {
            assert!(written(text).is_err(), "{text:.10}");
        }
        assert!(written("see https://bank.example").is_ok(), "a customer may");
        for text in ["see https://bank.example", "evil.com", "卡号 6222021234567890128", "a\u{202e}b"] {
            assert!(noted(text).is_err(), "{text}");
        }
        assert!(noted("您的房贷申请\n需要补充材料").is_ok());
    }
}
