//! What happens to an entry: written, checked, reviewed, shown, taken off.

use super::entry::{Author, Draft, Entry, Owner, Past, Signoff, State, Takedown, Version, covers};
use super::risk;
use crate::code;
use crate::digest::Digest;
use crate::ids::{PublisherId, StaffId};
use crate::limits::{CONTENT_PAST_MAX, CONTENT_VERSIONS_MAX};
use crate::refusal::Refusal;
use crate::release::{Decision, Finding, Severity, bounded};

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Writes a new version, or on one that is still a draft.
    Write {
        number: Option<u32>,
        draft: Box<Draft>,
        by: Author,
    },
    /// Gives it to the machine.
    Submit {
        number: u32,
    },
    /// The machine has looked. A finding that must be mended sends the version back.
    Checked {
        number: u32,
        findings: Vec<Finding>,
    },
    /// A reviewer decides on exactly what they looked at.
    Decide(Verdict),
    /// Its authors take it back before it was decided.
    Withdraw {
        number: u32,
    },
    /// Takes a version off; all that are shown or will be, where none is named.
    Retire {
        number: Option<u32>,
    },
    /// Hides the whole entry at once.
    TakeDown {
        by: StaffId,
        reason: String,
    },
    /// Shows it again.
    Restore,
    Stock {
        units: Option<u64>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub number: u32,
    pub by: StaffId,
    pub person: String,
    /// For whom the reviewer publishes, if for anybody.
    pub publisher: Option<PublisherId>,
    pub decision: Decision,
    pub digest: Digest,
    pub note: String,
}

/// The entry after a command.
pub fn apply(entry: &Entry, command: Command, now_ms: i64) -> Result<Entry, Refusal> {
    let mut next = entry.clone();
    match command {
        Command::Write { number, draft, by } => write(&mut next, number, *draft, by, now_ms)?,
        Command::Submit { number } => {
            let version = in_state(&mut next, number, &[State::Draft])?;
            version.state = State::Checking;
            version.changed_ms = now_ms;
        }
        Command::Checked { number, findings } => checked(&mut next, number, findings, now_ms)?,
        Command::Decide(verdict) => decide(&mut next, verdict, now_ms)?,
        Command::Withdraw { number } => {
            let version = in_state(&mut next, number, &[State::Draft, State::Checking, State::Review])?;
            version.state = State::Withdrawn;
            version.changed_ms = now_ms;
        }
        Command::Retire { number } => retire(&mut next, number, now_ms)?,
        Command::TakeDown { by, reason } => {
            if next.takedown.is_some() {
                return Err(Refusal::of(code::CONTENT_TAKEN_DOWN, next.id.as_str()));
            }
            let reason = reason.trim().to_owned();
            if reason.is_empty() {
                return Err(Refusal::of(code::CONTENT_NOTE_MISSING, "no reason"));
            }
            next.takedown = Some(Takedown { by, reason, at_ms: now_ms });
        }
        Command::Restore => {
            next.takedown.take().ok_or_else(|| Refusal::of(code::CONTENT_STATE, "it is not taken down"))?;
        }
        Command::Stock { units } => next.stock = units,
    }
    clear_past(&mut next, now_ms);
    Ok(next)
}

fn find(entry: &mut Entry, number: u32) -> Result<&mut Version, Refusal> {
    let id = entry.id.to_string();
    let found = entry.versions.iter_mut().find(|version| version.number == number);
    found.ok_or_else(|| Refusal::of(code::CONTENT_NOT_FOUND, format!("{id} version {number}")))
}

fn in_state<'a>(entry: &'a mut Entry, number: u32, states: &[State]) -> Result<&'a mut Version, Refusal> {
    let version = find(entry, number)?;
    if states.contains(&version.state) {
        return Ok(version);
    }
    Err(Refusal::of(code::CONTENT_STATE, format!("version {number} is {:?}", version.state)))
}

fn write(entry: &mut Entry, number: Option<u32>, draft: Draft, by: Author, now_ms: i64) -> Result<(), Refusal> {
    let draft = draft.checked(entry.kind)?;
    let digest = draft.digest();
    if let Some(number) = number {
        let version = in_state(entry, number, &[State::Draft])?;
        if !version.authors.contains(&by) {
            version.authors.push(by);
        }
        (version.draft, version.digest, version.changed_ms) = (draft, digest, now_ms);
        return Ok(());
    }
    let waiting = |version: &&Version| matches!(version.state, State::Draft | State::Checking | State::Review);
    if entry.versions.iter().filter(waiting).count() >= CONTENT_VERSIONS_MAX {
        return Err(Refusal::of(code::CONTENT_TOO_MANY, format!("{CONTENT_VERSIONS_MAX} versions wait already")));
    }
    entry.versions.push(Version {
        number: entry.next_number(),
        state: State::Draft,
        draft,
        digest,
        authors: vec![by],
        made_ms: now_ms,
        changed_ms: now_ms,
        findings: Vec::new(),
        needs: 0,
        signoffs: Vec::new(),
        live_ms: None,
    });
    Ok(())
}

fn checked(entry: &mut Entry, number: u32, findings: Vec<Finding>, now_ms: i64) -> Result<(), Refusal> {
    let live = entry.live(now_ms).map(|version| version.draft.clone());
    let kind = entry.kind;
    let version = in_state(entry, number, &[State::Checking])?;
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    version.state = if refused { State::Returned } else { State::Review };
    version.needs = risk::eyes(kind, &version.draft, live.as_ref());
    version.findings = bounded(findings);
    version.changed_ms = now_ms;
    Ok(())
}

/// Whoever wrote on it doesn't decide about it, nor does anybody of the publisher whose program put it forward. People
/// are told apart, not accounts.
fn decide(entry: &mut Entry, verdict: Verdict, now_ms: i64) -> Result<(), Refusal> {
    let live = entry.live(now_ms).map(|version| version.draft.clone());
    let kind = entry.kind;
    let of_publisher = match &entry.owner {
        Owner::Program { publisher, .. } => verdict.publisher.as_ref() == Some(publisher),
        Owner::Place(_) => false,
    };
    let version = in_state(entry, verdict.number, &[State::Review])?;
    if verdict.digest != version.digest {
        let told = format!("{} was looked at, {} is in review", verdict.digest, version.digest);
        return Err(Refusal::of(code::CONTENT_DIGEST_DIFFERS, told));
    }
    let wrote = |author: &Author| author.staff.as_ref() == Some(&verdict.by) || author.person == verdict.person;
    if of_publisher || version.authors.iter().any(wrote) {
        return Err(Refusal::of(code::CONTENT_OWN_WORK, verdict.by.as_str()));
    }
    let approved = version.signoffs.iter().any(|signoff| signoff.person == verdict.person);
    let Verdict { by, person, decision, digest, note, .. } = verdict;
    match decision {
        Decision::Approve if approved => return Err(Refusal::of(code::CONTENT_SAME_PERSON, by.as_str())),
        Decision::Return if note.trim().is_empty() => return Err(Refusal::of(code::CONTENT_NOTE_MISSING, "no note")),
        Decision::Return => version.state = State::Returned,
        Decision::Approve => {}
    }
    version.signoffs.push(Signoff { by, person, decision, digest, note, at_ms: now_ms });
    version.changed_ms = now_ms;
    // What is shown may have changed since the check: the stricter question counts.
    version.needs = version.needs.max(risk::eyes(kind, &version.draft, live.as_ref()));
    if decision == Decision::Approve && version.signoffs.len() >= usize::from(version.needs) {
        version.state = State::Live;
        version.live_ms = Some(now_ms);
    }
    Ok(())
}

fn retire(entry: &mut Entry, number: Option<u32>, now_ms: i64) -> Result<(), Refusal> {
    let mut retired = 0;
    for version in &mut entry.versions {
        if version.state == State::Live && number.is_none_or(|number| number == version.number) {
            version.state = State::Retired;
            version.changed_ms = now_ms;
            retired += 1;
        }
    }
    if retired == 0 {
        return Err(Refusal::of(code::CONTENT_STATE, "nothing of it is shown"));
    }
    Ok(())
}

/// Puts away what can be shown no more, and of what was given up all but the newest few.
fn clear_past(entry: &mut Entry, now_ms: i64) {
    let over = |version: &Version| {
        let ended = version.draft.until_ms.is_some_and(|until| until <= now_ms);
        version.state == State::Retired
            || version.state == State::Live && (ended || entry.versions.iter().any(|it| covers(it, version, now_ms)))
    };
    let given_up = |version: &&Version| matches!(version.state, State::Returned | State::Withdrawn);
    let many = entry.versions.iter().filter(given_up).count().saturating_sub(CONTENT_VERSIONS_MAX);
    let oldest: Vec<u32> = entry.versions.iter().filter(given_up).take(many).map(|version| version.number).collect();
    let goes: Vec<bool> = entry.versions.iter().map(|it| over(it) || oldest.contains(&it.number)).collect();
    let mut goes = goes.into_iter();
    let (gone, kept): (Vec<Version>, Vec<Version>) =
        entry.versions.drain(..).partition(|_| goes.next().unwrap_or(false));
    entry.versions = kept;
    entry.past.extend(gone.into_iter().map(|version| Past {
        number: version.number,
        state: if version.state == State::Live { State::Retired } else { version.state },
        digest: version.digest,
        signoffs: version.signoffs,
        live_ms: version.live_ms,
        ended_ms: now_ms,
    }));
    let first = entry.past.len().saturating_sub(CONTENT_PAST_MAX);
    entry.past.drain(..first);
}
