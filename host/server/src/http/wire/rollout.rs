//! Rollouts, freezes and the calendar on the wire.

use super::session::word;
use crate::app::figures::Minute;
use crate::app::freeze::Planning;
use crate::app::rollout::{Seen, Wish};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::code;
use xitai_model::ids::{BranchId, CustomerId, PlaceId};
use xitai_model::program::Channel;
use xitai_model::rollout::freeze::Freeze;
use xitai_model::rollout::{Audience, Command, Figures, Past, Planned, Segment, Share, Stage, Thresholds, Trip};

/// What shall change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRollout {
    version: Option<String>,
    /// Of the customers, with at most four decimals; 100 where it is absent.
    percent: Option<f64>,
    /// Empty: all.
    channels: Option<Vec<String>>,
    /// To whom else it is limited.
    audience: Option<AudienceWish>,
    /// Past these the machine halts it: `{errors_bp, refusals_bp, complaints_bp, p95_ms, calls_min, minutes}`, rates in
    /// parts of ten thousand calls. What is left out is the bank's default.
    #[schema(value_type = Option<Object>)]
    thresholds: Option<Thresholds>,
    /// Changes of the share that the host makes by itself.
    plan: Option<Vec<PlannedStep>>,
    /// Branches for which head office opens the program.
    opened: Option<Vec<String>>,
    all_branches: Option<bool>,
    /// Those of the caller's branches that have the program on.
    enabled: Option<Vec<String>>,
    /// The revision that was looked at: a newer one refuses the change.
    revision: Option<u64>,
}

/// Every condition that is set must hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AudienceWish {
    /// Branches and regions.
    #[serde(default)]
    places: Vec<String>,
    /// Ids of customers.
    #[serde(default)]
    customers: Vec<String>,
    /// Questions `{kind, value}` such as `member-of` `staff-union`, which the host answers from the bank's record.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    segments: Vec<Segment>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedStep {
    at_ms: i64,
    percent: f64,
}

/// A percentage with at most four decimals.
fn share(percent: f64) -> Result<Share, Problem> {
    Share::parse(&percent.to_string()).ok_or_else(|| Problem::new(code::ROLLOUT_PERCENT).detail(percent))
}

impl ChangeRollout {
    pub fn parsed(self) -> Result<Wish, Problem> {
        let channels = self.channels.as_deref().map(channels);
        let planned = |step: PlannedStep| Ok(Planned { at_ms: step.at_ms, share: share(step.percent)? });
        Ok(Wish {
            version: self.version.as_deref().map(version).transpose()?,
            share: self.percent.map(share).transpose()?,
            channels: channels.transpose()?,
            audience: self.audience.map(AudienceWish::parsed).transpose()?,
            thresholds: self.thresholds,
            plan: self.plan.map(|steps| steps.into_iter().map(planned).collect::<Result<_, Problem>>()).transpose()?,
            opened: self.opened.map(branches).transpose()?,
            all_branches: self.all_branches,
            enabled: self.enabled.map(branches).transpose()?,
            revision: self.revision,
        })
    }
}

/// Channels by their names.
pub(super) fn channels(list: &[String]) -> Result<Vec<Channel>, Problem> {
    list.iter().map(|text| word("channels", text)).collect()
}

impl AudienceWish {
    pub(super) fn parsed(self) -> Result<Audience, Problem> {
        Ok(Audience {
            channels: Vec::new(),
            places: self.places.iter().map(|id| PlaceId::parse(id)).collect::<Result<_, _>>()?,
            customers: self.customers.iter().map(|id| CustomerId::parse(id)).collect::<Result<_, _>>()?,
            segments: self.segments,
            from_ms: self.from_ms,
            until_ms: self.until_ms,
        })
    }
}

fn version(text: &str) -> Result<semver::Version, Problem> {
    semver::Version::parse(text).map_err(|fault| Problem::malformed(format!("version: {fault}")))
}

fn branches(list: Vec<String>) -> Result<Vec<BranchId>, Problem> {
    list.iter().map(|text| BranchId::parse(text).map_err(Problem::from)).collect()
}

/// Something to be done to a release that goes out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandRollout {
    /// `raise`, `lower`, `pause`, `resume`, `finish` or `roll-back`.
    command: String,
    /// The release that it is about; with `roll-back` the one that everybody goes to.
    version: String,
    /// Where the share shall be, with `raise` and `lower`.
    percent: Option<f64>,
    #[serde(default)]
    reason: String,
    /// The revision that was looked at: a newer one refuses the command.
    revision: Option<u64>,
}

impl CommandRollout {
    pub fn parsed(self) -> Result<(Command, Option<u64>), Problem> {
        let (version, reason) = (version(&self.version)?, self.reason);
        let to = || share(self.percent.ok_or_else(|| Problem::malformed("percent: say where to"))?);
        let command = match self.command.as_str() {
            "raise" => Command::Raise { version, to: to()? },
            "lower" => Command::Lower { version, to: to()? },
            "pause" => Command::Pause { version, reason },
            "resume" => Command::Resume { version },
            "finish" => Command::Finish { version },
            "roll-back" => Command::RollBack { to: version, reason },
            _ => return Err(Problem::malformed("command: raise, lower, pause, resume, finish or roll-back")),
        };
        Ok((command, self.revision))
    }
}

/// Where and to whom a program goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolloutState {
    pub program: String,
    /// Changes of it may name this number.
    pub revision: u64,
    pub stages: Vec<RolloutStage>,
    pub opened: Vec<String>,
    pub all_branches: bool,
    pub enabled: Vec<String>,
    pub withdrawn: Vec<String>,
    #[schema(value_type = Vec<Object>)]
    pub withheld: Vec<xitai_model::rollout::Withheld>,
    /// The base is worse than its thresholds.
    #[schema(value_type = Option<Object>)]
    pub alarm: Option<Trip>,
    /// Newest first.
    #[schema(value_type = Vec<Object>)]
    pub history: Vec<Past>,
    pub changed_by: String,
    pub changed_ms: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RolloutStage {
    pub version: String,
    pub percent: f64,
    #[schema(value_type = Vec<String>)]
    pub channels: Vec<Channel>,
    pub places: Vec<String>,
    /// How many customers it names.
    pub customers: usize,
    #[schema(value_type = Vec<Object>)]
    pub segments: Vec<Segment>,
    pub from_ms: Option<i64>,
    pub until_ms: Option<i64>,
    /// `{is: running | paused | halted}`, with the reason or the figures.
    #[schema(value_type = Object)]
    pub state: xitai_model::rollout::StageState,
    #[schema(value_type = Object)]
    pub thresholds: Thresholds,
    #[schema(value_type = Vec<Object>)]
    pub plan: Vec<Planned>,
    pub since_ms: i64,
}

impl From<Stage> for RolloutStage {
    fn from(stage: Stage) -> Self {
        let Audience { channels, places, customers, segments, from_ms, until_ms } = stage.audience;
        Self {
            version: stage.version.to_string(),
            percent: stage.share.percent(),
            channels,
            places: places.iter().map(ToString::to_string).collect(),
            customers: customers.len(),
            segments,
            from_ms,
            until_ms,
            state: stage.state,
            thresholds: stage.thresholds,
            plan: stage.plan,
            since_ms: stage.since_ms,
        }
    }
}

impl From<Seen> for RolloutState {
    fn from(Seen { rollout, revision }: Seen) -> Self {
        Self {
            program: rollout.program.to_string(),
            revision,
            stages: rollout.stages.into_iter().map(Into::into).collect(),
            opened: rollout.opened.iter().map(ToString::to_string).collect(),
            all_branches: rollout.all_branches,
            enabled: rollout.enabled.iter().map(ToString::to_string).collect(),
            withdrawn: rollout.withdrawn.iter().map(ToString::to_string).collect(),
            withheld: rollout.withheld,
            alarm: rollout.alarm,
            history: rollout.history,
            changed_by: rollout.changed_by.to_string(),
            changed_ms: rollout.changed_ms,
        }
    }
}

/// What is measured of the releases that go out.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolloutFigures {
    pub releases: Vec<ReleaseFigures>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseFigures {
    pub version: String,
    /// Of the window that it is judged by.
    #[schema(value_type = Object)]
    pub figures: Figures,
    pub p95_ms: Option<u64>,
    /// Of the last hour, oldest first; minutes without a call are left out.
    #[schema(value_type = Vec<Object>)]
    pub minutes: Vec<Minute>,
}

/// Holds a permission back, or releases it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithholdPermission {
    /// Such as `xitai:payments/payments`.
    pub permission: String,
    /// Of one release; absent: of all.
    pub version: Option<String>,
    /// False: the permission is released again.
    pub withheld: bool,
    #[serde(default)]
    pub reason: String,
}

impl WithholdPermission {
    pub fn version(&self) -> Result<Option<semver::Version>, Problem> {
        self.version.as_deref().map(version).transpose()
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFreeze {
    /// The bank, a region or a branch.
    place: String,
    from_ms: i64,
    until_ms: i64,
    reason: String,
}

impl PlanFreeze {
    pub fn parsed(self) -> Result<Planning, Problem> {
        let place = PlaceId::parse(&self.place)?;
        Ok(Planning { place, from_ms: self.from_ms, until_ms: self.until_ms, reason: self.reason })
    }
}

/// Why a program must go on during a freeze.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskException {
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FreezeRecord {
    pub id: String,
    pub place: String,
    pub from_ms: i64,
    pub until_ms: i64,
    pub reason: String,
    pub by: String,
    pub ended_ms: Option<i64>,
    /// Programs that may go on: each with what waits, and the digest that a decision names.
    pub exceptions: Vec<super::RuleRecord>,
}

impl From<&Freeze> for FreezeRecord {
    fn from(freeze: &Freeze) -> Self {
        Self {
            id: freeze.id.clone(),
            place: freeze.place.to_string(),
            from_ms: freeze.from_ms,
            until_ms: freeze.until_ms,
            reason: freeze.reason.clone(),
            by: freeze.by.to_string(),
            ended_ms: freeze.ended.as_ref().map(|ended| ended.at_ms),
            exceptions: freeze.exceptions.iter().map(super::RuleRecord::of).collect(),
        }
    }
}

/// What is planned: freezes, and steps of releases.
#[derive(Debug, Serialize, ToSchema)]
pub struct Calendar {
    pub freezes: Vec<FreezeRecord>,
    pub steps: Vec<CalendarStep>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarStep {
    pub program: String,
    pub version: String,
    pub at_ms: i64,
    pub percent: f64,
    /// The freeze that will hold it up, by its reason.
    pub held_up: Option<String>,
}
