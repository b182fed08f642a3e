//! Campaigns and coupons on the wire.

use crate::app::campaign::Burned;
use crate::app::coupon::Held;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::campaign::{Campaign, Costs, Funder, Rule, Share, Signed, State, Worth};
use xitai_model::coupon::Standing;
use xitai_model::identity::{Level, Who};
use xitai_model::ids::{CampaignId, PlaceId, ProgramId, StaffId};
use xitai_model::money::Money;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeCampaign {
    /// Such as `spring-tea-2027`.
    id: String,
    title: String,
    /// Programs in which it counts; all where none is named.
    #[serde(default)]
    programs: Vec<String>,
    /// Branches and regions whose customers have it; the whole bank where none is named.
    #[serde(default)]
    places: Vec<String>,
    /// The least that the bank must know about the customer: `visitor`, `registered`, `verified` or `account-holder`.
    #[schema(value_type = String)]
    #[serde(default = "account_holder")]
    level: Level,
    #[schema(value_type = Object)]
    minimum_spend: Money,
    /// `{"fixed": MONEY}`, or `{"percent": {"basis_points": 1000, "at_most": MONEY}}`.
    #[schema(value_type = Object)]
    worth: Worth,
    /// Coupons for each customer.
    each_customer: u32,
    from_ms: i64,
    until_ms: i64,
    /// How long a coupon can be used.
    valid_s: u32,
    #[serde(default)]
    by_code: bool,
    /// What a coupon costs; free where absent.
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
    funders: Vec<ProposedShare>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposedShare {
    /// `merchant:ID`, `branch:ID` or `head-office`.
    funder: String,
    /// Of each coupon, in hundredths of a percent; all together 10,000.
    basis_points: u32,
    /// The most that it gives.
    #[schema(value_type = Object)]
    cap: Money,
}

fn account_holder() -> Level {
    Level::AccountHolder
}

pub fn funder(text: &str) -> Result<Funder, Problem> {
    Funder::parse(text).ok_or_else(|| Problem::malformed("funder: merchant:ID, branch:ID or head-office"))
}

impl ProposeCampaign {
    /// The proposal, still without whoever makes it.
    pub fn parsed(self) -> Result<Campaign, Problem> {
        let share = |it: ProposedShare| {
            let funder = funder(&it.funder)?;
            Ok(Share { funder, basis_points: it.basis_points, cap: it.cap, accepted: Vec::new() })
        };
        Ok(Campaign {
            id: CampaignId::parse(&self.id)?,
            title: self.title,
            rule: Rule {
                programs: self.programs.iter().map(|id| ProgramId::parse(id)).collect::<Result<_, _>>()?,
                places: self.places.iter().map(|id| PlaceId::parse(id)).collect::<Result<_, _>>()?,
                level: self.level,
                minimum_spend: self.minimum_spend,
                worth: self.worth,
                each_customer: self.each_customer,
                from_ms: self.from_ms,
                until_ms: self.until_ms,
                valid_s: self.valid_s,
                by_code: self.by_code,
            },
            price: self.price,
            shares: self.funders.into_iter().map(share).collect::<Result<_, Problem>>()?,
            state: State::Proposed,
            proposed: Signed { by: Who::Staff(StaffId::parse("nobody")?), person: String::new(), at_ms: 0 },
            stopped: None,
            codes: 0,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepCampaign {
    /// `accept` or `stop`.
    step: String,
    /// For whom it is accepted.
    #[serde(default)]
    funder: String,
    /// Why it is stopped.
    #[serde(default)]
    reason: String,
}

pub enum CampaignStep {
    Accept(Funder),
    Stop(String),
}

impl StepCampaign {
    pub fn parsed(self) -> Result<CampaignStep, Problem> {
        match self.step.as_str() {
            "accept" => funder(&self.funder).map(CampaignStep::Accept),
            "stop" => Ok(CampaignStep::Stop(self.reason)),
            _ => Err(Problem::malformed("step: accept or stop")),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeCouponCodes {
    pub count: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CouponCodes {
    /// Told this once.
    pub codes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignRecord {
    pub id: String,
    pub title: String,
    /// `proposed`, `live` or `stopped`.
    #[schema(value_type = String)]
    pub state: State,
    #[schema(value_type = Object)]
    pub rule: Rule,
    #[schema(value_type = Option<Object>)]
    pub price: Option<Money>,
    pub funders: Vec<FunderRecord>,
    pub proposed_by: String,
    pub stopped_for: Option<String>,
    pub codes: u32,
    /// How many coupons the budgets give.
    pub coupons: i64,
    /// What it costs at most when 60 and when 100 percent of them are used.
    #[schema(value_type = Object)]
    pub cost_at_60: Money,
    #[schema(value_type = Object)]
    pub cost_at_100: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FunderRecord {
    #[schema(value_type = String)]
    pub funder: Funder,
    pub basis_points: u32,
    #[schema(value_type = Object)]
    pub cap: Money,
    /// Who accepted it.
    pub accepted_by: Vec<String>,
    pub accepted: bool,
    #[schema(value_type = Object)]
    pub left: Money,
    #[schema(value_type = Object)]
    pub promised: Money,
    #[schema(value_type = Object)]
    pub spent: Money,
    #[schema(value_type = Object)]
    pub cost_at_60: Money,
    #[schema(value_type = Object)]
    pub cost_at_100: Money,
}

impl CampaignRecord {
    pub fn of(campaign: Campaign, costs: &Costs, burned: &[Burned]) -> Self {
        let parts = campaign.shares.iter().zip(&costs.funders).zip(burned);
        let funder = |((share, cost), burned): ((&Share, &xitai_model::campaign::Cost), &Burned)| FunderRecord {
            funder: share.funder.clone(),
            basis_points: share.basis_points,
            cap: share.cap,
            accepted_by: share.accepted.iter().map(|signed| signed.by.name()).collect(),
            accepted: share.is_accepted(),
            left: burned.left,
            promised: burned.promised,
            spent: burned.spent,
            cost_at_60: cost.at_60,
            cost_at_100: cost.at_100,
        };
        Self {
            id: campaign.id.to_string(),
            title: campaign.title.clone(),
            state: campaign.state,
            price: campaign.price,
            funders: parts.map(funder).collect(),
            proposed_by: campaign.proposed.by.name(),
            stopped_for: campaign.stopped.as_ref().map(|(_, reason)| reason.clone()),
            codes: campaign.codes,
            coupons: costs.coupons,
            cost_at_60: costs.at_60,
            cost_at_100: costs.at_100,
            rule: campaign.rule,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Campaigns {
    /// Newest proposal first.
    pub campaigns: Vec<CampaignRecord>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimCoupon {
    pub campaign: String,
    /// The same claim sent twice under one key is one.
    pub key: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CouponRecord {
    pub id: String,
    pub campaign: String,
    pub title: String,
    #[schema(value_type = Object)]
    pub worth: Worth,
    #[schema(value_type = Object)]
    pub minimum_spend: Money,
    pub expires_ms: i64,
    /// `free`, `locked`, `used` or `over`.
    pub state: &'static str,
}

/// The name of a standing.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Offered => "offered",
        Standing::Free => "free",
        Standing::Locked => "locked",
        Standing::Used => "used",
        Standing::Over | Standing::Gone => "over",
    }
}

impl From<&Held> for CouponRecord {
    fn from(held: &Held) -> Self {
        let coupon = &held.coupon;
        Self {
            id: held.id.to_string(),
            campaign: coupon.campaign.to_string(),
            title: coupon.title.clone(),
            worth: coupon.worth,
            minimum_spend: coupon.minimum_spend,
            expires_ms: coupon.expires_ms,
            state: standing(held.standing),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Coupons {
    /// Newest first.
    pub coupons: Vec<CouponRecord>,
    pub next: Option<String>,
}
