//! How an incident moves. All commands go to one that is open; a closed one stays as it is.
//!
//! | remedy | Propose | Approve | Return | Advance |
//! |---|---|---|---|---|
//! | nothing, or returned | proposed | - | - | - |
//! | proposed | proposed (the new one) | running | returned | - |
//! | running | - | - | - | running, finished |
//! | finished | proposed | - | - | - |
//!
//! An incident is not closed while a remedy runs.

use super::{Closed, Counts, Cursor, Incident, Note, NoticePlan, RefundPlan, Remedy, Reported, Running, Severity};
use crate::code;
use crate::ids::StaffId;
use crate::limits::{
    INCIDENT_FAILURES_MAX, INCIDENT_NOTE_CHARS_MAX, INCIDENT_NOTES_MAX, NOTICE_TEXT_CHARS_MAX, NOTICE_TITLE_CHARS_MAX,
    ORDER_TEXT_BYTES_MAX,
};
use crate::proposal::{By, Decided, Proposal, Verdict, decide};
use crate::refusal::{Refusal, refuse};
use crate::text;
use serde::Serialize;

/// What is done to an incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Note {
        by: StaffId,
        text: String,
    },
    /// How grave it is, and since when customers may be affected.
    Assess {
        severity: Severity,
        since_ms: i64,
    },
    Report {
        by: StaffId,
        reference: String,
    },
    ProposeRefund {
        plan: RefundPlan,
        by: By,
    },
    DecideRefund {
        verdict: Verdict,
        by: By,
    },
    /// A batch was done, up to a cursor; with the last one it is finished.
    AdvanceRefund {
        from: Cursor,
        to: Cursor,
        counts: Counts,
        last: bool,
    },
    ProposeNotice {
        plan: Box<NoticePlan>,
        by: By,
    },
    DecideNotice {
        verdict: Verdict,
        by: By,
    },
    AdvanceNotice {
        from: Cursor,
        to: Cursor,
        counts: Counts,
        last: bool,
    },
    Close {
        by: StaffId,
        note: String,
    },
}

/// The incident after a command.
pub fn apply(incident: &Incident, command: Command, now_ms: i64) -> Result<Incident, Refusal> {
    if !incident.is_open() {
        return refuse(code::INCIDENT_CLOSED, incident.id.as_str());
    }
    let mut next = incident.clone();
    match command {
        Command::Note { by, text } => {
            if next.notes.len() >= INCIDENT_NOTES_MAX {
                return refuse(code::LIMIT_INCIDENT_NOTES, format!("{INCIDENT_NOTES_MAX} notes"));
            }
            next.notes.push(Note { by, text: written(&text)?, at_ms: now_ms });
        }
        Command::Assess { severity, since_ms } => {
            if since_ms > now_ms {
                return refuse(code::INCIDENT_SINCE, format!("{since_ms} is yet to come"));
            }
            (next.severity, next.since_ms) = (severity, since_ms);
        }
        Command::Report { by, reference } => {
            // By when it was told is what counts: what is told later does not stand in its place.
            if let Some(told) = &next.reported {
                return refuse(code::INCIDENT_REPORTED, &told.reference);
            }
            next.reported = Some(Reported { by, reference: written(&reference)?, at_ms: now_ms });
        }
        Command::ProposeRefund { plan, by } => propose(&mut next.refund, checked(plan)?, by, now_ms)?,
        Command::DecideRefund { verdict, by } => decided(&mut next.refund, verdict, &by, now_ms)?,
        Command::AdvanceRefund { from, to, counts, last } => {
            advance(&mut next.refund, &from, to, &counts, last, now_ms)?;
        }
        Command::ProposeNotice { plan, by } => propose(&mut next.notice, worded(*plan)?, by, now_ms)?,
        Command::DecideNotice { verdict, by } => decided(&mut next.notice, verdict, &by, now_ms)?,
        Command::AdvanceNotice { from, to, counts, last } => {
            advance(&mut next.notice, &from, to, &counts, last, now_ms)?;
        }
        Command::Close { by, note } => {
            if next.refund.is_running() || next.notice.is_running() {
                return refuse(code::INCIDENT_RUNNING, incident.id.as_str());
            }
            next.closed = Some(Closed { by, note: written(&note)?, at_ms: now_ms });
        }
    }
    Ok(next)
}

/// A few sentences of somebody's own.
fn written(text: &str) -> Result<String, Refusal> {
    let kept: String = text.trim().chars().take(INCIDENT_NOTE_CHARS_MAX).collect();
    if kept.is_empty() { refuse(code::INCIDENT_NOTE_MISSING, "no text") } else { Ok(kept) }
}

fn checked(mut plan: RefundPlan) -> Result<RefundPlan, Refusal> {
    if !(1..=100).contains(&plan.percent) {
        return refuse(code::INCIDENT_PLAN, format!("{} percent", plan.percent));
    }
    match text::clean(&mut plan.reason, ORDER_TEXT_BYTES_MAX) {
        Ok(()) if !plan.reason.trim().is_empty() => Ok(plan),
        _ => refuse(code::INCIDENT_PLAN, "reason"),
    }
}

fn worded(plan: NoticePlan) -> Result<NoticePlan, Refusal> {
    for text in [&plan.zh, &plan.en] {
        let fits =
            |words: &str, most| !words.trim().is_empty() && text::is_clean(words, most) && !words.contains(['{', '}']);
        if !fits(&text.title, NOTICE_TITLE_CHARS_MAX) || !fits(&text.text, NOTICE_TEXT_CHARS_MAX) {
            return refuse(code::INCIDENT_PLAN, "words");
        }
    }
    Ok(plan)
}

fn propose<T: Serialize + Clone>(remedy: &mut Remedy<T>, what: T, by: By, now_ms: i64) -> Result<(), Refusal> {
    if remedy.is_running() {
        return refuse(code::INCIDENT_RUNNING, "it is being done");
    }
    remedy.proposed = Some(Proposal::new(what, by, now_ms));
    Ok(())
}

fn decided<T: Serialize + Clone>(
    remedy: &mut Remedy<T>,
    verdict: Verdict,
    by: &By,
    now_ms: i64,
) -> Result<(), Refusal> {
    match decide(remedy.proposed.as_ref(), verdict, by, now_ms)? {
        Decided::Returned(proposal) => remedy.proposed = Some(proposal),
        Decided::Approved(what) => {
            let maker = remedy.proposed.take().map(|proposal| proposal.by.staff);
            let before = remedy.running.as_ref().map_or(0, |last| last.before.saturating_add(1));
            remedy.running = Some(Running {
                what,
                before,
                by: maker.into_iter().chain([by.staff.clone()]).collect(),
                until_ms: now_ms,
                at: Cursor::default(),
                counts: Counts::default(),
                finished_ms: None,
            });
        }
    }
    Ok(())
}

/// A batch counts once: another host that did the same one comes too late.
fn advance<T>(
    remedy: &mut Remedy<T>,
    from: &Cursor,
    to: Cursor,
    counts: &Counts,
    last: bool,
    now_ms: i64,
) -> Result<(), Refusal> {
    let running = remedy.running.as_mut().filter(|running| running.finished_ms.is_none() && running.at == *from);
    let Some(running) = running else { return refuse(code::INCIDENT_RUNNING, "it is elsewhere by now") };
    running.at = to;
    running.counts = std::mem::take(&mut running.counts).and(counts, INCIDENT_FAILURES_MAX);
    running.finished_ms = last.then_some(now_ms);
    Ok(())
}
