//! The inventory for the regulator: every program with what is known of it, and what to do with those that nobody
//! needs. The advice follows from the lines alone.

use crate::ids::ProgramId;
use crate::limits::{
    INVENTORY_INCIDENTS_MAX, INVENTORY_LIKENESS_PERCENT, INVENTORY_RATINGS_MIN, INVENTORY_STARS_TENTHS_MIN,
    INVENTORY_TRIAL_MS, INVENTORY_USERS_MIN,
};
use crate::text;
use serde::Serialize;
use std::collections::BTreeSet;

/// A program, as far as the regulator asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    pub program: ProgramId,
    pub name: String,
    pub publisher: String,
    /// Who answers for it at the bank, by the publisher's qualification; empty without one.
    pub department: String,
    pub category: String,
    pub state: State,
    pub version: String,
    pub made_ms: i64,
    /// Branches that offer it.
    pub branches: u32,
    /// Customers who used it in the last thirty days, and their sessions.
    pub users: u64,
    pub sessions: u64,
    /// Payments of the last thirty days.
    pub payments: u64,
    pub ratings: u64,
    /// Mean of the stars, in tenths.
    pub stars_tenths: u32,
    pub permissions: BTreeSet<String>,
    /// Why it uses personal data.
    pub purposes: Vec<String>,
    /// Of the last year.
    pub incidents: u32,
    /// What is held of customers should it go: open payments, mandates, calls.
    pub open: u64,
    pub advice: Vec<Advice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Live,
    Stopped,
    /// Uploaded or reviewed, and offered nowhere.
    Off,
    Retired,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Live => "live",
            State::Stopped => "stopped",
            State::Off => "off",
            State::Retired => "retired",
        }
    }
}

/// What to do with a program, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Advice {
    Retire {
        why: Why,
    },
    /// It does what another one does that is used more.
    Merge {
        with: ProgramId,
    },
    /// What must end before it can go without anybody being left with something half done.
    FinishFirst {
        open: u64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    LowUse,
    PoorRating,
    Risk,
}

impl Why {
    pub fn as_str(self) -> &'static str {
        match self {
            Why::LowUse => "low-use",
            Why::PoorRating => "poor-rating",
            Why::Risk => "risk",
        }
    }
}

/// Writes the advice on each line. Programs that are retired already need none.
pub fn advise(lines: &mut [Line], now_ms: i64) {
    let advice: Vec<Vec<Advice>> = lines.iter().map(|line| of_line(line, lines, now_ms)).collect();
    for (line, advice) in lines.iter_mut().zip(advice) {
        line.advice = advice;
    }
}

fn of_line(line: &Line, all: &[Line], now_ms: i64) -> Vec<Advice> {
    if line.state == State::Retired {
        return Vec::new();
    }
    let mut advice: Vec<Advice> = reasons(line, now_ms).into_iter().map(|why| Advice::Retire { why }).collect();
    let others = all.iter().filter(|other| other.state == State::Live && is_redundant(line, other));
    if let Some(with) = others.max_by_key(|other| (other.users, other.program.clone())) {
        advice.push(Advice::Merge { with: with.program.clone() });
    }
    if !advice.is_empty() && line.open > 0 {
        advice.push(Advice::FinishFirst { open: line.open });
    }
    advice
}

fn reasons(line: &Line, now_ms: i64) -> Vec<Why> {
    let tried = now_ms - line.made_ms >= INVENTORY_TRIAL_MS;
    let low = tried && line.users < INVENTORY_USERS_MIN;
    let poor = line.ratings >= INVENTORY_RATINGS_MIN && line.stars_tenths < INVENTORY_STARS_TENTHS_MIN;
    let risky = line.incidents > INVENTORY_INCIDENTS_MAX;
    [(low, Why::LowUse), (poor, Why::PoorRating), (risky, Why::Risk)]
        .into_iter()
        .filter_map(|(is, why)| is.then_some(why))
        .collect()
}

/// Whether a program does what another one does that is used more: the same category, and a name that reads alike or
/// nearly the same permissions.
fn is_redundant(line: &Line, other: &Line) -> bool {
    let less = (line.users, &line.program) < (other.users, &other.program);
    let names = text::reads_alike(&line.name, &other.name);
    let does_much = line.permissions.len() > 2 && other.permissions.len() > 2;
    let alike = does_much && likeness_percent(&line.permissions, &other.permissions) >= INVENTORY_LIKENESS_PERCENT;
    line.program != other.program && less && line.category == other.category && (names || alike)
}

/// What two have in common, of what either has.
fn likeness_percent(one: &BTreeSet<String>, other: &BTreeSet<String>) -> u32 {
    let (common, either) = (one.intersection(other).count(), one.union(other).count());
    u32::try_from(common * 100 / either.max(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(program: &str, name: &str, users: u64) -> Line {
        let permissions = ["a", "b", "c", "d", "e"].map(str::to_owned).into();
        Line {
            program: ProgramId::parse(program).unwrap(),
            name: name.to_owned(),
            publisher: "p".to_owned(),
            department: "d".to_owned(),
            category: "food".to_owned(),
            state: State::Live,
            version: "1.0.0".to_owned(),
            made_ms: 0,
            branches: 1,
            users,
            sessions: users,
            payments: 0,
            ratings: 0,
            stars_tenths: 0,
            permissions,
            purposes: Vec::new(),
            incidents: 0,
            open: 0,
            advice: Vec::new(),
        }
    }
    fn advised(mut lines: Vec<Line>, now_ms: i64) -> Vec<Vec<Advice>> {
        advise(&mut lines, now_ms);
        lines.into_iter().map(|line| line.advice).collect()
    }
    fn other(program: &str, name: &str, users: u64) -> Line {
        Line { permissions: ["x".to_owned()].into(), ..line(program, name, users) }
    }
    const LATER: i64 = INVENTORY_TRIAL_MS;

    #[test]
    fn low_use_is_told_once_a_program_had_its_time() {
        let retire = |why| vec![vec![Advice::Retire { why }]];
        let used = INVENTORY_USERS_MIN;
        assert_eq!(advised(vec![line("cn.a", "Tea", used - 1)], LATER), retire(Why::LowUse));
        assert_eq!(advised(vec![line("cn.a", "Tea", used - 1)], LATER - 1), [vec![]]);
        assert_eq!(advised(vec![line("cn.a", "Tea", used)], LATER), [vec![]]);
        let poor = Line {
            ratings: INVENTORY_RATINGS_MIN,
            stars_tenths: INVENTORY_STARS_TENTHS_MIN - 1,
            ..line("cn.a", "Tea", used)
        };
        assert_eq!(advised(vec![poor.clone()], LATER), retire(Why::PoorRating));
        assert_eq!(advised(vec![Line { ratings: INVENTORY_RATINGS_MIN - 1, ..poor.clone() }], LATER), [vec![]]);
        assert_eq!(advised(vec![Line { stars_tenths: INVENTORY_STARS_TENTHS_MIN, ..poor }], LATER), [vec![]]);
        let risky = Line { incidents: INVENTORY_INCIDENTS_MAX + 1, ..line("cn.a", "Tea", used) };
        assert_eq!(advised(vec![risky.clone()], LATER), retire(Why::Risk));
        assert_eq!(advised(vec![Line { incidents: INVENTORY_INCIDENTS_MAX, ..risky }], LATER), [vec![]]);
    }

    #[test]
    fn the_one_that_is_used_less_goes_into_the_other() {
        let with = |program: &str| Advice::Merge { with: ProgramId::parse(program).unwrap() };
        let alike = advised(vec![line("cn.a", "Tea", 20), line("cn.b", "Coffee", 90)], 0);
        assert_eq!(alike, [vec![with("cn.b")], vec![]], "nearly the same permissions");
        let named = advised(vec![other("cn.a", "TEA", 20), other("cn.b", "tea", 90)], 0);
        assert_eq!(named, [vec![with("cn.b")], vec![]], "a name that reads alike");
        let apart = advised(vec![other("cn.a", "Tea", 20), other("cn.b", "Coffee", 90)], 0);
        assert_eq!(apart, [vec![], vec![]]);
        let elsewhere = Line { category: "health".to_owned(), ..line("cn.b", "Tea", 90) };
        assert_eq!(advised(vec![line("cn.a", "Tea", 20), elsewhere], 0), [vec![], vec![]]);
        let off = Line { state: State::Off, ..line("cn.b", "Tea", 90) };
        assert_eq!(advised(vec![line("cn.a", "Tea", 20), off], 0)[0], [], "nobody goes into what is not offered");
        let twins = advised(vec![line("cn.a", "Tea", 9), line("cn.b", "Tea", 9)], 0);
        assert_eq!(twins.iter().filter(|advice| !advice.is_empty()).count(), 1, "one of them stays");
    }

    #[test]
    fn what_is_open_is_finished_first_and_what_is_gone_needs_no_advice() {
        let open = Line { open: 3, ..line("cn.a", "Tea", 0) };
        let told = advised(vec![open.clone()], LATER);
        assert_eq!(told[0].last(), Some(&Advice::FinishFirst { open: 3 }));
        assert_eq!(advised(vec![Line { users: 1_000, ..open.clone() }], LATER), [vec![]], "it stays");
        assert_eq!(advised(vec![Line { state: State::Retired, ..open }], LATER), [vec![]]);
    }
}
