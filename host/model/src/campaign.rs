//! Campaigns: who may have a coupon, what it is worth, and who bears its cost. A campaign is a document of the release
//! plane; its money is in the books.
//!
//! Each funder accepts its own share. With the last acceptance the caps move from the funders' accounts into the
//! campaign's budgets. A coupon that is given out moves its greatest worth from the budgets to what is promised; what
//! it takes off a payment goes from there to the payee; what it does not take goes back. So whatever happens at once,
//! nothing is spent that was not put in.

mod cost;
mod money;
#[cfg(test)]
mod tests;

pub use cost::{Cost, Costs, costs};
pub use money::{Reserve, budget, counted, fund, gave_back, promise, promised, refused, returned};

use crate::code;
use crate::identity::{Level, Who};
use crate::ids::{BranchId, CampaignId, MerchantId, PlaceId, ProgramId};
use crate::ledger::{AccountKey, AccountKind};
use crate::limits::{
    CAMPAIGN_CODES_MAX, CAMPAIGN_FUNDERS_MAX, CAMPAIGN_MS_MAX, CAMPAIGN_PLACES_MAX, CAMPAIGN_TITLE_CHARS_MAX,
    COUPON_VALID_S_MAX,
};
use crate::money::{Currency, Money};
use crate::refusal::{Refusal, refuse};
use crate::text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whose money it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Funder {
    Merchant(MerchantId),
    Branch(BranchId),
    HeadOffice,
}

impl Funder {
    /// Reads `merchant:tea-house`, `branch:suzhou` or `head-office`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "head-office" => Some(Funder::HeadOffice),
            Some(("merchant", id)) => MerchantId::parse(id).ok().map(Funder::Merchant),
            Some(("branch", id)) => BranchId::parse(id).ok().map(Funder::Branch),
            _ => None,
        }
    }
    /// Where its money is before and after.
    pub fn account(&self, currency: Currency) -> AccountKey {
        match self {
            Funder::Merchant(id) => AccountKey::new(AccountKind::Merchant, id.as_str(), currency),
            Funder::Branch(id) => AccountKey::new(AccountKind::Branch, id.as_str(), currency),
            Funder::HeadOffice => AccountKey::new(AccountKind::HeadOffice, "bank", currency),
        }
    }
    /// How many different people must accept for it.
    pub fn people(&self) -> usize {
        if matches!(self, Funder::HeadOffice) { 2 } else { 1 }
    }
}
impl fmt::Display for Funder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Funder::Merchant(id) => write!(f, "merchant:{id}"),
            Funder::Branch(id) => write!(f, "branch:{id}"),
            Funder::HeadOffice => f.write_str("head-office"),
        }
    }
}
impl From<Funder> for String {
    fn from(funder: Funder) -> String {
        funder.to_string()
    }
}
impl TryFrom<String> for Funder {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a funder: merchant:ID, branch:ID or head-office")
    }
}

/// What a coupon takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worth {
    Fixed(Money),
    /// Hundredths of a percent of what is still to be paid, rounded down, and at most so much.
    Percent {
        basis_points: u32,
        at_most: Money,
    },
}

impl Worth {
    /// The most that it ever takes off.
    pub fn at_most(&self) -> Money {
        match self {
            Worth::Fixed(money) => *money,
            Worth::Percent { at_most, .. } => *at_most,
        }
    }
    /// What it takes off an amount that is still to be paid.
    pub fn of(&self, rest: Money) -> i64 {
        let most = self.at_most().minor.min(rest.minor);
        match self {
            Worth::Fixed(_) => most,
            Worth::Percent { basis_points, .. } => {
                let part = i128::from(rest.minor) * i128::from(*basis_points) / 10_000;
                i64::try_from(part).map_or(most, |part| part.min(most))
            }
        }
    }
}

/// Who may have one, and where it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Programs in which it is given out and used; all where none is named.
    pub programs: Vec<ProgramId>,
    /// Branches and regions whose customers may use it; the whole bank where none is named.
    pub places: Vec<PlaceId>,
    /// The least that the bank must know about the customer.
    pub level: Level,
    pub minimum_spend: Money,
    pub worth: Worth,
    /// Coupons for each customer.
    pub each_customer: u32,
    pub from_ms: i64,
    pub until_ms: i64,
    /// How long a coupon can be used, from when it was given out.
    pub valid_s: u32,
    /// Given out against a one-time code, and not otherwise.
    pub by_code: bool,
}

/// A funder's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub funder: Funder,
    /// Of each coupon, in hundredths of a percent. Those of all funders sum to 10,000.
    pub basis_points: u32,
    /// The most that it gives.
    pub cap: Money,
    pub accepted: Vec<Signed>,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The account: staff, or one of a merchant's own people.
    #[serde(flatten)]
    pub by: Who,
    pub person: String,
    pub at_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not every funder has accepted.
    Proposed,
    Live,
    /// Nothing is given out any more. Coupons that were given out stay good: they were promised.
    Stopped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    pub id: CampaignId,
    pub title: String,
    pub rule: Rule,
    /// What a coupon costs the customer; free where absent.
    pub price: Option<Money>,
    pub shares: Vec<Share>,
    pub state: State,
    pub proposed: Signed,
    pub stopped: Option<(Signed, String)>,
    /// One-time codes made so far.
    pub codes: u32,
}

/// What is done to a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A funder accepts its share.
    Accept(Funder),
    Stop {
        reason: String,
    },
    /// More one-time codes.
    MakeCodes(u32),
}

impl Campaign {
    pub fn currency(&self) -> Currency {
        self.rule.minimum_spend.currency
    }

    /// A proposal that makes sense.
    pub fn check(&mut self, now_ms: i64) -> Result<(), Refusal> {
        let wrong = |what: &str| refuse(code::CAMPAIGN_INVALID, what);
        if text::clean(&mut self.title, CAMPAIGN_TITLE_CHARS_MAX).is_err() || self.title.trim().is_empty() {
            return wrong("title");
        }
        let (rule, currency) = (&self.rule, self.currency());
        let amounts = [rule.minimum_spend, rule.worth.at_most()].into_iter().chain(self.price);
        let mut amounts = amounts.chain(self.shares.iter().map(|share| share.cap));
        if currency.numeric().is_none() || amounts.any(|money| money.currency != currency || !money.is_in_range()) {
            return wrong("currency");
        }
        if rule.minimum_spend.minor < 0 || rule.worth.at_most().minor <= 0 {
            return wrong("worth");
        }
        if matches!(rule.worth, Worth::Percent { basis_points, .. } if !(1..=10_000).contains(&basis_points)) {
            return wrong("percent");
        }
        if self.price.is_some_and(|price| price.minor <= 0) {
            return wrong("price");
        }
        if rule.each_customer == 0
            || rule.programs.len() > CAMPAIGN_PLACES_MAX
            || rule.places.len() > CAMPAIGN_PLACES_MAX
        {
            return wrong("who");
        }
        if rule.until_ms <= now_ms
            || rule.from_ms >= rule.until_ms
            || rule.until_ms > now_ms.saturating_add(CAMPAIGN_MS_MAX)
            || !(1..=COUPON_VALID_S_MAX).contains(&rule.valid_s)
        {
            return wrong("window");
        }
        self.check_shares()
    }

    fn check_shares(&self) -> Result<(), Refusal> {
        let wrong = |what: &str| refuse(code::CAMPAIGN_INVALID, what);
        if self.shares.is_empty() || self.shares.len() > CAMPAIGN_FUNDERS_MAX {
            return wrong("funders");
        }
        let mut funders: Vec<&Funder> = self.shares.iter().map(|share| &share.funder).collect();
        funders.sort();
        funders.dedup();
        let sum: u64 = self.shares.iter().map(|share| u64::from(share.basis_points)).sum();
        let whole = self.shares.iter().all(|share| share.basis_points > 0) && sum == 10_000;
        if funders.len() < self.shares.len() || !whole {
            return wrong("shares");
        }
        let reserved = self.reserve();
        let covered = |(share, reserve): (&Share, &Reserve)| share.cap.minor >= reserve.amount.minor.max(1);
        if !self.shares.iter().zip(&reserved).all(covered) {
            return wrong("caps");
        }
        Ok(())
    }

    /// The next campaign, and whether its budgets are to be filled now.
    pub fn apply(&self, command: Command, by: Signed) -> Result<(Self, bool), Refusal> {
        let mut next = self.clone();
        match (self.state, command) {
            (State::Proposed, Command::Accept(funder)) => {
                next.accept(&funder, by)?;
                let all = next.shares.iter().all(Share::is_accepted);
                next.state = if all { State::Live } else { State::Proposed };
                Ok((next, all))
            }
            (State::Proposed | State::Live, Command::Stop { mut reason }) => {
                let fits = text::clean(&mut reason, CAMPAIGN_TITLE_CHARS_MAX).is_ok() && !reason.trim().is_empty();
                if !fits {
                    return refuse(code::CAMPAIGN_INVALID, "reason");
                }
                next.state = State::Stopped;
                next.stopped = Some((by, reason));
                Ok((next, false))
            }
            (State::Live, Command::MakeCodes(count)) if self.rule.by_code => {
                next.codes = self.codes.saturating_add(count);
                if count == 0 || next.codes > CAMPAIGN_CODES_MAX {
                    return refuse(code::CAMPAIGN_CODES, format!("{} of {CAMPAIGN_CODES_MAX}", next.codes));
                }
                Ok((next, false))
            }
            (state, _) => refuse(code::CAMPAIGN_STATE, format!("{state:?}").to_lowercase()),
        }
    }

    /// Whoever proposed it spends nobody's money with the same hand, and nobody counts twice.
    fn accept(&mut self, funder: &Funder, by: Signed) -> Result<(), Refusal> {
        let same = by.person == self.proposed.person;
        let share = self.shares.iter_mut().find(|share| share.funder == *funder);
        let share = share.ok_or_else(|| Refusal::of(code::CAMPAIGN_NO_FUNDER, funder.to_string()))?;
        if same || share.accepted.iter().any(|before| before.person == by.person) {
            return refuse(code::CAMPAIGN_SAME_PERSON, by.person);
        }
        if share.is_accepted() {
            return refuse(code::CAMPAIGN_STATE, "accepted");
        }
        share.accepted.push(by);
        Ok(())
    }

    /// Whether coupons are given out now.
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.state == State::Live && (self.rule.from_ms..self.rule.until_ms).contains(&now_ms)
    }
    /// Whether nothing more will be given out, so that what is left goes back to its funders.
    pub fn is_over(&self, now_ms: i64) -> bool {
        self.state == State::Stopped || self.state == State::Live && now_ms >= self.rule.until_ms
    }
    /// Whether its coupons count in a program of a branch.
    pub fn counts_in(
        &self,
        program: &ProgramId,
        branch: &BranchId,
        is_within: impl Fn(&PlaceId, &PlaceId) -> bool,
    ) -> bool {
        let rule = &self.rule;
        let here = rule.places.is_empty() || rule.places.iter().any(|place| is_within(branch, place));
        here && (rule.programs.is_empty() || rule.programs.contains(program))
    }
    /// Whether it may be given to a customer of this level now. `by_code`: against a code.
    pub fn gives(&self, level: Level, by_code: bool, now_ms: i64) -> Result<(), Refusal> {
        if !self.is_open(now_ms) {
            return refuse(code::CAMPAIGN_NOT_OPEN, self.id.as_str());
        }
        if self.rule.by_code != by_code {
            return refuse(code::CAMPAIGN_BY_CODE, self.id.as_str());
        }
        if level < self.rule.level {
            return refuse(code::CAMPAIGN_LEVEL, self.id.as_str());
        }
        Ok(())
    }
}

impl Share {
    pub fn is_accepted(&self) -> bool {
        self.accepted.len() >= self.funder.people()
    }
}
