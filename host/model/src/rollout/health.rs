//! What the host measures of a release, and when that is bad enough to take it back.

use crate::code;
use crate::limits::{
    HALT_CALLS_MIN, HALT_COMPLAINTS_BP, HALT_ERRORS_BP, HALT_REFUSALS_BP, HALT_SLOW_MS, HALT_WINDOW_MINUTES,
    HALT_WINDOW_MINUTES_MAX,
};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Upper ends of the classes of time that a call took, in ms; one more class holds what is longer.
pub const TOOK_MS: [u32; 9] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_000];
const CLASSES: usize = TOOK_MS.len() + 1;

/// Calls of a release, counted. Figures of minutes and of hosts add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub calls: u64,
    /// Calls that the program fell over.
    pub errors: u64,
    /// Calls in which the host refused something that the program asked for.
    pub refusals: u64,
    /// Complaints of customers about what the release did.
    pub complaints: u64,
    /// Computing of the program itself, in microseconds: what the release costs.
    #[serde(default)]
    pub compute_us: u64,
    /// How many calls took how long, by [`TOOK_MS`].
    pub took: [u64; CLASSES],
}

impl Figures {
    /// One call.
    pub fn of_call(took_ms: u64, fell: bool, refused: bool) -> Self {
        let mut took = [0; CLASSES];
        let class = TOOK_MS.iter().position(|end| took_ms <= u64::from(*end)).unwrap_or(CLASSES - 1);
        took[class] = 1;
        Self { calls: 1, errors: u64::from(fell), refusals: u64::from(refused), took, ..Self::default() }
    }
    pub fn of_complaint() -> Self {
        Self { complaints: 1, ..Self::default() }
    }
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.refusals += other.refusals;
        self.complaints += other.complaints;
        self.compute_us += other.compute_us;
        self.took.iter_mut().zip(other.took).for_each(|(sum, more)| *sum += more);
    }
    /// The time within which nineteen of twenty calls were done: the upper end of their class, twice the last end for
    /// what is longer. Nothing without calls.
    pub fn p95_ms(&self) -> Option<u64> {
        let wanted = (self.calls * 95).div_ceil(100);
        let mut seen = 0;
        let class = self.took.iter().position(|count| {
            seen += count;
            seen >= wanted && wanted > 0
        })?;
        Some(u64::from(TOOK_MS.get(class).copied().unwrap_or(TOOK_MS[TOOK_MS.len() - 1] * 2)))
    }
    /// As rows of name and number, for the store.
    pub fn parts(&self) -> Vec<(String, u64)> {
        let plain = [("calls", self.calls), ("errors", self.errors), ("refusals", self.refusals)];
        let plain = plain
            .into_iter()
            .chain([("complaints", self.complaints), ("compute-us", self.compute_us)])
            .map(|(name, n)| (name.to_owned(), n));
        let took = self.took.iter().enumerate().map(|(class, n)| (format!("took-{class}"), *n));
        plain.chain(took).filter(|(_, n)| *n > 0).collect()
    }
    /// Takes such a row in. A name that this release of the host doesn't know counts nothing.
    pub fn take(&mut self, name: &str, n: u64) {
        match name {
            "calls" => self.calls += n,
            "errors" => self.errors += n,
            "refusals" => self.refusals += n,
            "complaints" => self.complaints += n,
            "compute-us" => self.compute_us += n,
            _ => {
                let class = name.strip_prefix("took-").and_then(|class| class.parse::<usize>().ok());
                if let Some(count) = class.and_then(|class| self.took.get_mut(class)) {
                    *count += n;
                }
            }
        }
    }
    /// So many in ten thousand calls.
    fn rate_bp(&self, count: u64) -> u64 {
        count.saturating_mul(10_000).checked_div(self.calls).unwrap_or(0)
    }
}

/// What a stage may be measured at; past it, it is halted. Rates are in parts of ten thousand calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    pub errors_bp: u32,
    pub refusals_bp: u32,
    pub complaints_bp: u32,
    /// Nineteen of twenty calls are done within this.
    pub p95_ms: u32,
    /// With fewer calls nothing is said.
    pub calls_min: u32,
    /// Figures of so many minutes count together.
    pub minutes: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            errors_bp: HALT_ERRORS_BP,
            refusals_bp: HALT_REFUSALS_BP,
            complaints_bp: HALT_COMPLAINTS_BP,
            p95_ms: HALT_SLOW_MS,
            calls_min: HALT_CALLS_MIN,
            minutes: HALT_WINDOW_MINUTES,
        }
    }
}

/// What was measured when a threshold was passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    pub what: Measure,
    pub measured: u64,
    pub allowed: u64,
    pub figures: Figures,
    /// The figures are of the time between these.
    pub from_ms: i64,
    pub to_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    Errors,
    Latency,
    Refusals,
    Complaints,
}

impl Measure {
    pub fn as_str(self) -> &'static str {
        match self {
            Measure::Errors => "errors",
            Measure::Latency => "latency",
            Measure::Refusals => "refusals",
            Measure::Complaints => "complaints",
        }
    }
}

impl fmt::Display for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trip { what, measured, allowed, figures, .. } = self;
        let unit = if *what == Measure::Latency { "ms" } else { "of 10,000 calls" };
        write!(f, "{}: {measured} {unit}, allowed {allowed}, of {} calls", what.as_str(), figures.calls)
    }
}

impl Thresholds {
    /// With a floor of calls and a window that the figures are kept for.
    pub fn checked(self) -> Result<Self, Refusal> {
        let rates = [self.errors_bp, self.refusals_bp, self.complaints_bp];
        let fits = rates.iter().all(|rate| *rate <= 10_000)
            && self.calls_min >= 1
            && self.p95_ms >= 1
            && (1..=HALT_WINDOW_MINUTES_MAX).contains(&self.minutes);
        let told = format!("rates to 10000, calls_min and p95_ms from 1, minutes 1 to {HALT_WINDOW_MINUTES_MAX}");
        if fits { Ok(self) } else { Err(Refusal::of(code::ROLLOUT_THRESHOLDS, told)) }
    }
    /// From when on figures count for a stage that stands since then.
    pub fn from_ms(&self, since_ms: i64, now_ms: i64) -> i64 {
        since_ms.max(now_ms - i64::from(self.minutes) * 60_000)
    }

    /// The first threshold that the figures pass. They must be of enough calls: one failure of two says nothing.
    pub fn judge(&self, figures: &Figures, from_ms: i64, to_ms: i64) -> Option<Trip> {
        if figures.calls < u64::from(self.calls_min) {
            return None;
        }
        let measured = [
            (Measure::Errors, figures.rate_bp(figures.errors), self.errors_bp),
            (Measure::Latency, figures.p95_ms().unwrap_or(0), self.p95_ms),
            (Measure::Refusals, figures.rate_bp(figures.refusals), self.refusals_bp),
            (Measure::Complaints, figures.rate_bp(figures.complaints), self.complaints_bp),
        ];
        let passed = measured.into_iter().find(|(_, measured, allowed)| *measured > u64::from(*allowed));
        passed.map(|(what, measured, allowed)| Trip {
            what,
            measured,
            allowed: u64::from(allowed),
            figures: *figures,
            from_ms,
            to_ms,
        })
    }
}
