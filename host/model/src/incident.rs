//! Incidents: what happened, whom it met, what was done about it, and by when the regulator has to hear of it.
//!
//! An incident is opened by a stop or by hand. What customers get, money back and word of it, takes two people each; a
//! job does it in batches, and whoever dies in between is taken over at the cursor.

mod state;
#[cfg(test)]
mod tests;

pub use state::{Command, apply};

use crate::ids::{IncidentId, StaffId, StopId};
use crate::limits::{INCIDENT_LOOKBACK_MS, INCIDENT_REPORT_MAJOR_MS_MAX, INCIDENT_REPORT_MINOR_MS_MAX};
use crate::money::Money;
use crate::notice::template::{Text, Wording};
use crate::proposal::Proposal;
use crate::stop::{Stop, StopTarget};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub id: IncidentId,
    pub title: String,
    /// What it is about.
    pub about: StopTarget,
    pub severity: Severity,
    /// The stop that opened it, or that was made because of it.
    pub stop: Option<StopId>,
    pub opened_by: StaffId,
    pub opened_ms: i64,
    /// Customers may be affected from then on.
    pub since_ms: i64,
    #[serde(default)]
    pub notes: Vec<Note>,
    #[serde(default)]
    pub reported: Option<Reported>,
    #[serde(default)]
    pub refund: Remedy<RefundPlan>,
    #[serde(default)]
    pub notice: Remedy<NoticePlan>,
    #[serde(default)]
    pub closed: Option<Closed>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Minor,
    /// Money, data or many customers.
    #[default]
    Major,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub by: StaffId,
    pub text: String,
    pub at_ms: i64,
}

/// That the regulator was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub by: StaffId,
    /// The regulator's own number.
    pub reference: String,
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub by: StaffId,
    /// What came of it, and what was learnt.
    pub note: String,
    pub at_ms: i64,
}

/// Something done for all who were affected: proposed, decided by another person, then done in batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy<T> {
    #[serde(default = "Option::default")]
    pub proposed: Option<Proposal<T>>,
    #[serde(default = "Option::default")]
    pub running: Option<Running<T>>,
}
impl<T> Default for Remedy<T> {
    fn default() -> Self {
        Self { proposed: None, running: None }
    }
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running<T> {
    pub what: T,
    /// Plans of this kind that were carried out before: each is another deed, under a key of its own.
    #[serde(default)]
    pub before: u32,
    /// Who proposed and who approved it.
    pub by: Vec<StaffId>,
    /// What was made up to here is met.
    pub until_ms: i64,
    /// Behind the last one that was looked at.
    #[serde(default)]
    pub at: Cursor,
    pub counts: Counts,
    pub finished_ms: Option<i64>,
}

/// A place in the list of those affected, which has an order of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    pub program: String,
    pub after: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub done: u64,
    /// Nothing was to be done for them.
    pub skipped: u64,
    /// What could not be done; the first of them by name.
    pub failed: u64,
    #[serde(default)]
    pub failures: Vec<String>,
    /// Money that went back, of each currency.
    #[serde(default)]
    pub sums: Vec<Money>,
}

/// Money back to all who paid since the incident began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundPlan {
    /// Of what each payment still keeps.
    pub percent: u8,
    /// As customers and merchants read it.
    pub reason: String,
}

/// Word to all who were affected. What is approved is what they read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticePlan {
    pub zh: Text,
    pub en: Text,
}

impl NoticePlan {
    /// As notices are kept. It opens no page of a program that may be stopped.
    pub fn wording(&self) -> Wording {
        let texts = BTreeMap::from([("zh-CN".to_owned(), self.zh.clone()), ("en".to_owned(), self.en.clone())]);
        Wording { purpose: "incident".to_owned(), lasting: false, page: None, texts, variables: BTreeMap::new() }
    }
}

impl RefundPlan {
    /// What goes back of what is left, rounded up: nobody is given a fen less than was promised.
    pub fn of(&self, left: i64) -> i64 {
        let share = (i128::from(left.max(0)) * i128::from(self.percent) + 99) / 100;
        i64::try_from(share).unwrap_or(left).min(left.max(0))
    }
}

impl Counts {
    /// Two batches together.
    pub fn and(mut self, later: &Counts, failures_max: usize) -> Self {
        self.done += later.done;
        self.skipped += later.skipped;
        self.failed += later.failed;
        self.failures.extend(later.failures.iter().cloned());
        self.failures.truncate(failures_max);
        for money in &later.sums {
            self.add(*money);
        }
        self
    }
    pub fn add(&mut self, money: Money) {
        match self.sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(money.minor),
            None => self.sums.push(money),
        }
    }
}

impl<T> Remedy<T> {
    pub fn is_running(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.finished_ms.is_none())
    }
}

impl Incident {
    /// As a stop opens it: of the last day, and grave until somebody has looked.
    pub fn of_stop(id: IncidentId, stop: &Stop) -> Self {
        let since_ms = stop.made_ms - INCIDENT_LOOKBACK_MS;
        let opened = Self::new(id, stop.reason.clone(), stop.target.clone(), stop.by.clone(), since_ms, stop.made_ms);
        Self { stop: Some(stop.id.clone()), ..opened }
    }
    pub fn new(id: IncidentId, title: String, about: StopTarget, by: StaffId, since_ms: i64, now_ms: i64) -> Self {
        Self {
            id,
            title,
            about,
            severity: Severity::default(),
            stop: None,
            opened_by: by,
            opened_ms: now_ms,
            since_ms,
            notes: Vec::new(),
            reported: None,
            refund: Remedy::default(),
            notice: Remedy::default(),
            closed: None,
        }
    }
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
    /// By when the regulator has to hear of it.
    pub fn report_due_ms(&self) -> i64 {
        self.opened_ms
            + match self.severity {
                Severity::Major => INCIDENT_REPORT_MAJOR_MS_MAX,
                Severity::Minor => INCIDENT_REPORT_MINOR_MS_MAX,
            }
    }
    pub fn is_overdue(&self, now_ms: i64) -> bool {
        self.reported.is_none() && now_ms > self.report_due_ms()
    }
    /// The key under which a plan gives each payment back, or tells each customer, once.
    pub fn key<T>(&self, running: &Running<T>) -> String {
        match running.before {
            0 => format!("incident:{}", self.id),
            before => format!("incident:{}:{before}", self.id),
        }
    }
}
