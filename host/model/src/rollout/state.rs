//! How a rollout changes: commands on its stages.
//!
//! What takes a release away from people (lower, pause, halt, roll back) is always possible. What gives it to more
//! people is refused in a freeze window, and for a stage that is paused or halted. The base can be neither paused,
//! halted nor lowered: there is nothing behind it, so that a program which must go away is *stopped*, by a person. Only
//! who sets it anew, as head office may, gives it another share.

use super::{Audience, Past, Planned, Rollout, Share, Stage, StageState, Thresholds, Trip};
use crate::code::{self, Code};
use crate::limits::{ROLLOUT_PLAN_MAX, ROLLOUT_REASON_CHARS_MAX, ROLLOUT_STAGES_MAX};
use crate::refusal::Refusal;
use crate::text;
use semver::Version;

/// What is done to a rollout. Each names the release that it is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Puts a release at the head, or gives its stage another audience, share, thresholds and plan.
    Set {
        version: Version,
        share: Share,
        audience: Audience,
        thresholds: Thresholds,
        plan: Vec<Planned>,
    },
    Raise {
        version: Version,
        to: Share,
    },
    Lower {
        version: Version,
        to: Share,
    },
    /// A change of the plan that is due. It may go up or down.
    Step {
        version: Version,
        at_ms: i64,
    },
    Pause {
        version: Version,
        reason: String,
    },
    Resume {
        version: Version,
    },
    /// The machine's own: the figures passed a threshold.
    Halt {
        version: Version,
        trip: Trip,
    },
    /// The same for the base, where people must decide.
    Alarm {
        version: Version,
        trip: Trip,
    },
    /// Everybody goes to this release; those ahead of it are withdrawn.
    RollBack {
        to: Version,
        reason: String,
    },
    /// The release becomes the base for everybody.
    Finish {
        version: Version,
    },
}

impl Command {
    pub fn word(&self) -> &'static str {
        match self {
            Command::Set { .. } => "set",
            Command::Raise { .. } => "raise",
            Command::Lower { .. } => "lower",
            Command::Step { .. } => "step",
            Command::Pause { .. } => "pause",
            Command::Resume { .. } => "resume",
            Command::Halt { .. } => "halt",
            Command::Alarm { .. } => "alarm",
            Command::RollBack { .. } => "roll-back",
            Command::Finish { .. } => "finish",
        }
    }
    pub fn version(&self) -> &Version {
        match self {
            Command::Set { version, .. }
            | Command::Raise { version, .. }
            | Command::Lower { version, .. }
            | Command::Step { version, .. }
            | Command::Pause { version, .. }
            | Command::Resume { version }
            | Command::Halt { version, .. }
            | Command::Alarm { version, .. }
            | Command::Finish { version }
            | Command::RollBack { to: version, .. } => version,
        }
    }
    /// Whether it gives a release to more people, so that a freeze holds it up. Going back is not, going back to what
    /// is newer than the base is. Whether a planned step does is asked where it is taken.
    fn gives(&self, rollout: &Rollout) -> bool {
        match self {
            Command::Set { .. } | Command::Raise { .. } | Command::Resume { .. } | Command::Finish { .. } => true,
            Command::RollBack { to, .. } => rollout.base().is_some_and(|base| *to > base.version),
            _ => false,
        }
    }
    fn reason(&self) -> &str {
        match self {
            Command::Pause { reason, .. } | Command::RollBack { reason, .. } => reason,
            _ => "",
        }
    }
    fn trip(&self) -> Option<&Trip> {
        match self {
            Command::Halt { trip, .. } | Command::Alarm { trip, .. } => Some(trip),
            _ => None,
        }
    }
}

/// Who does it and when, and the freeze that covers a place where the program is on, if one does.
#[derive(Debug, Clone, Copy)]
pub struct Doing<'a> {
    pub by: &'a str,
    pub now_ms: i64,
    pub frozen: Option<&'a str>,
}

fn refuse<T>(code: &Code, detail: impl std::fmt::Display) -> Result<T, Refusal> {
    Err(Refusal::of(code, detail.to_string()))
}

/// The rollout after a command.
pub fn apply(rollout: &Rollout, command: &Command, doing: Doing<'_>) -> Result<Rollout, Refusal> {
    if let Some(freeze) = doing.frozen.filter(|_| command.gives(rollout)) {
        return refuse(code::ROLLOUT_FROZEN, freeze);
    }
    if !text::is_clean(command.reason(), ROLLOUT_REASON_CHARS_MAX) {
        return refuse(code::ROLLOUT_REASON, format!("at most {ROLLOUT_REASON_CHARS_MAX} characters"));
    }
    let version = command.version();
    let from = rollout.stage(version).map(|stage| stage.share);
    let mut next = match command {
        Command::Set { share, audience, thresholds, plan, .. } => {
            let stage = Stage {
                version: version.clone(),
                share: *share,
                audience: audience.clone(),
                state: StageState::Running,
                thresholds: thresholds.clone(),
                plan: plan.clone(),
                since_ms: doing.now_ms,
            };
            set(rollout, stage)?
        }
        Command::Raise { to, .. } => reshared(rollout, version, *to, true)?,
        Command::Lower { to, .. } => reshared(rollout, version, *to, false)?,
        Command::Step { at_ms, .. } => step(rollout, version, *at_ms, doing)?,
        Command::Pause { reason, .. } => {
            let stage = ahead(rollout, version)?;
            running(stage)?;
            with(rollout, Stage { state: StageState::Paused { reason: reason.clone() }, ..stage.clone() })
        }
        Command::Resume { .. } => resumed(rollout, version, doing.now_ms)?,
        Command::Halt { trip, .. } => {
            let stage = ahead(rollout, version)?;
            running(stage)?;
            with(rollout, Stage { state: StageState::Halted { trip: trip.clone() }, ..stage.clone() })
        }
        Command::Alarm { trip, .. } => alarmed(rollout, version, trip)?,
        Command::RollBack { .. } => rolled_back(rollout, version, doing.now_ms)?,
        Command::Finish { .. } => {
            running(present(rollout, version)?)?;
            only(rollout, version, doing.now_ms)
        }
    };
    let halted = rollout.stages.iter().filter(|stage| matches!(stage.state, StageState::Halted { .. }));
    next.withdrawn.extend(halted.map(|stage| stage.version.clone()));
    next.withdrawn.retain(|withdrawn| next.stages.iter().all(|stage| stage.version != *withdrawn));
    next.withdrawn.sort();
    next.withdrawn.dedup();
    let to = next.stage(version).map(|stage| stage.share);
    next.remember(Past {
        at_ms: doing.now_ms,
        by: doing.by.to_owned(),
        what: command.word().to_owned(),
        version: version.clone(),
        from,
        to,
        reason: command.reason().to_owned(),
        trip: command.trip().cloned(),
    });
    Ok(next)
}

fn present<'a>(rollout: &'a Rollout, version: &Version) -> Result<&'a Stage, Refusal> {
    rollout.stage(version).ok_or_else(|| Refusal::of(code::ROLLOUT_NO_STAGE, version.to_string()))
}

/// A stage that has the base behind it.
fn ahead<'a>(rollout: &'a Rollout, version: &Version) -> Result<&'a Stage, Refusal> {
    let stage = present(rollout, version)?;
    match rollout.base() {
        Some(base) if base.version == *version => refuse(code::ROLLOUT_BASE, version),
        _ => Ok(stage),
    }
}

fn running(stage: &Stage) -> Result<(), Refusal> {
    match &stage.state {
        StageState::Running => Ok(()),
        StageState::Paused { .. } => refuse(code::ROLLOUT_PAUSED, &stage.version),
        StageState::Halted { trip } => refuse(code::ROLLOUT_HALTED, format!("{}: {trip}", stage.version)),
    }
}

/// The rollout with a stage in the place of the one of its version.
fn with(rollout: &Rollout, stage: Stage) -> Rollout {
    let mut next = rollout.clone();
    if let Some(there) = next.stages.iter_mut().find(|there| there.version == stage.version) {
        *there = stage;
    }
    next
}

fn set(rollout: &Rollout, stage: Stage) -> Result<Rollout, Refusal> {
    if let Some(there) = rollout.stage(&stage.version) {
        running(there)?;
    }
    planned(&stage.plan)?;
    let mut next = rollout.clone();
    // What goes to everybody leaves nothing for the stages behind it.
    let whole = stage.share.is_all() && stage.audience.is_everybody();
    if whole {
        next.stages.clear();
        next.alarm = None;
    }
    // What is there keeps its place: were the base put at the head, another release would be what all fall back on.
    match next.stages.iter_mut().find(|there| there.version == stage.version) {
        Some(there) => *there = stage,
        None => next.stages.insert(0, stage),
    }
    if next.stages.len() > ROLLOUT_STAGES_MAX {
        return refuse(code::ROLLOUT_STAGES, format!("at most {ROLLOUT_STAGES_MAX}"));
    }
    Ok(next)
}

fn planned(plan: &[Planned]) -> Result<(), Refusal> {
    if plan.len() > ROLLOUT_PLAN_MAX {
        return refuse(code::ROLLOUT_PLAN, format!("at most {ROLLOUT_PLAN_MAX} steps"));
    }
    match plan.windows(2).find(|pair| pair[0].at_ms >= pair[1].at_ms) {
        Some(_) => refuse(code::ROLLOUT_PLAN, "each step comes after the one before it"),
        None => Ok(()),
    }
}

/// Figures go on through a change of the share: a release that is bad for one per cent is bad for ten.
fn reshared(rollout: &Rollout, version: &Version, to: Share, up: bool) -> Result<Rollout, Refusal> {
    let stage = if up { present(rollout, version)? } else { ahead(rollout, version)? };
    match (&stage.state, up) {
        (StageState::Running, _) | (StageState::Paused { .. }, false) => {}
        _ => running(stage)?,
    }
    let fits = if up { to > stage.share } else { to < stage.share };
    if !fits {
        let asked = if up { "raise" } else { "lower" };
        return refuse(code::ROLLOUT_PERCENT, format!("{asked} to {to} from {}", stage.share));
    }
    Ok(with(rollout, Stage { share: to, ..stage.clone() }))
}

/// Takes the first step of the plan; a freeze holds up one that gives, a pause holds up all.
fn step(rollout: &Rollout, version: &Version, at_ms: i64, doing: Doing<'_>) -> Result<Rollout, Refusal> {
    let stage = present(rollout, version)?;
    running(stage)?;
    let due = stage.plan.first().filter(|due| due.at_ms == at_ms && due.at_ms <= doing.now_ms);
    let Some(due) = due else { return refuse(code::ROLLOUT_PLAN, "no such step is due") };
    if due.share > stage.share
        && let Some(freeze) = doing.frozen
    {
        return refuse(code::ROLLOUT_FROZEN, freeze);
    }
    Ok(with(rollout, Stage { share: due.share, plan: stage.plan[1..].to_vec(), ..stage.clone() }))
}

fn resumed(rollout: &Rollout, version: &Version, now_ms: i64) -> Result<Rollout, Refusal> {
    let stage = present(rollout, version)?;
    if stage.is_running() {
        return refuse(code::ROLLOUT_RUNNING, version);
    }
    // A person answers for going on: what was counted before no longer does.
    Ok(with(rollout, Stage { state: StageState::Running, since_ms: now_ms, ..stage.clone() }))
}

fn alarmed(rollout: &Rollout, version: &Version, trip: &Trip) -> Result<Rollout, Refusal> {
    present(rollout, version)?;
    if rollout.alarm.is_some() {
        return refuse(code::ROLLOUT_HALTED, "the alarm is raised");
    }
    Ok(Rollout { alarm: Some(trip.clone()), ..rollout.clone() })
}

/// Everybody goes to one release, whether or not it is among the stages now.
fn rolled_back(rollout: &Rollout, to: &Version, now_ms: i64) -> Result<Rollout, Refusal> {
    match rollout.stages.as_slice() {
        [] => return refuse(code::ROLLOUT_NO_STAGE, to),
        [alone] if alone.version == *to => return refuse(code::ROLLOUT_RUNNING, to),
        _ => {}
    }
    let mut next = only(rollout, to, now_ms);
    let left = rollout.stages.iter().map(|stage| stage.version.clone()).filter(|version| version != to);
    next.withdrawn.extend(left);
    Ok(next)
}

/// One release for all whom the base was for.
fn only(rollout: &Rollout, version: &Version, now_ms: i64) -> Rollout {
    let audience = rollout.base().map(|base| base.audience.clone()).unwrap_or_default();
    let thresholds = rollout.stage(version).map(|stage| stage.thresholds.clone()).unwrap_or_default();
    let stage = Stage {
        version: version.clone(),
        share: Share::ALL,
        audience,
        state: StageState::Running,
        thresholds,
        plan: Vec::new(),
        since_ms: now_ms,
    };
    Rollout { stages: vec![stage], alarm: None, ..rollout.clone() }
}
