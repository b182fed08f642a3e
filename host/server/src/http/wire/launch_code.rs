//! Launch codes on the wire, and the visits that are counted.

use crate::app::journey::{Counts, Line, Stretch, Visits};
use crate::app::launch_code::Set;
use crate::app::me::word as word_of;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::ids::{BranchId, MerchantId};
use xitai_model::launch_code::Wish;

/// A set of codes for one page and one place. `{n}` in label and parameters stands for the number of the copy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeLaunchCodes {
    /// One of the manifest's pages; the first where it is absent.
    page: Option<String>,
    /// Name and value of what the program may rely on, such as `["table", "{n}"]`.
    #[serde(default)]
    parameters: Vec<(String, String)>,
    /// Where it opens; absent: in the branch of whoever scans it.
    branch: Option<String>,
    /// Given to the program as `merchant` and `shop`.
    merchant: Option<String>,
    shop: Option<String>,
    /// What stands under the code.
    label: String,
    /// The number of the first copy, 1 where it is absent.
    first: Option<u32>,
    /// How many copies, 1 where it is absent.
    count: Option<u32>,
    expires_ms: i64,
}

impl MakeLaunchCodes {
    pub fn parsed(self) -> Result<Wish, Problem> {
        Ok(Wish {
            page: self.page.unwrap_or_default(),
            parameters: self.parameters,
            branch: self.branch.as_deref().map(BranchId::parse).transpose()?,
            merchant: self.merchant.as_deref().map(MerchantId::parse).transpose()?,
            shop: self.shop,
            label: self.label,
            first: self.first.unwrap_or(1),
            count: self.count.unwrap_or(1),
            expires_ms: self.expires_ms,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchCodesQuery {
    /// `in-use`, which is meant where it is absent, or `past`.
    state: Option<String>,
    pub after: Option<String>,
}

impl LaunchCodesQuery {
    pub fn in_use(&self) -> Result<bool, Problem> {
        match self.state.as_deref() {
            None | Some("in-use") => Ok(true),
            Some("past") => Ok(false),
            Some(_) => Err(Problem::malformed("state: in-use or past")),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LaunchCodes {
    /// Newest first, without their copies.
    pub codes: Vec<LaunchCodeRecord>,
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LaunchCodeRecord {
    pub id: String,
    pub program: String,
    pub page: String,
    pub parameters: Vec<(String, String)>,
    pub branch: Option<String>,
    pub merchant: Option<String>,
    pub shop: Option<String>,
    pub label: String,
    pub first: u32,
    pub count: u32,
    pub expires_ms: i64,
    /// One more with each new key.
    pub generation: u32,
    /// `in-use`, `over` or `revoked`.
    pub standing: String,
    pub by: String,
    pub made_ms: i64,
    /// What is printed, while the set is in use.
    pub copies: Vec<LaunchCopy>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LaunchCopy {
    pub number: u32,
    pub label: String,
    /// What the QR code holds.
    pub address: String,
}

impl LaunchCodeRecord {
    pub fn of(set: Set, now_ms: i64) -> Self {
        let standing = word_of(&set.code.standing(now_ms));
        let what = set.code.what;
        Self {
            id: set.id.to_string(),
            program: set.program.to_string(),
            page: what.page,
            parameters: what.parameters,
            branch: what.branch.map(|it| it.to_string()),
            merchant: what.merchant.map(|it| it.to_string()),
            shop: what.shop,
            label: what.label,
            first: what.first,
            count: what.count,
            expires_ms: what.expires_ms,
            generation: set.code.generation,
            standing,
            by: set.code.by.to_string(),
            made_ms: set.made_ms,
            copies: set
                .copies
                .into_iter()
                .map(|it| LaunchCopy { number: it.number, label: it.label, address: it.address })
                .collect(),
        }
    }
}

/// Programs at hand, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Favourites {
    pub programs: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct JourneysQuery {
    /// How many days up to today, 7 where it is absent.
    days: Option<i64>,
    /// One branch; all of them where it is absent.
    branch: Option<String>,
}

impl JourneysQuery {
    pub fn parsed(&self) -> Result<Stretch, Problem> {
        let branch = self.branch.as_deref().filter(|text| !text.is_empty()).map(BranchId::parse).transpose()?;
        Ok(Stretch { days: self.days.unwrap_or(7), branch })
    }
}

/// How people came to a program and how far, by day and channel. Nobody is named.
#[derive(Debug, Serialize, ToSchema)]
pub struct Journeys {
    /// Days of the bank.
    pub from: String,
    pub until: String,
    /// Newest day first.
    pub lines: Vec<JourneyLine>,
    /// There are more lines than one answer holds.
    pub cut: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct JourneyLine {
    pub day: String,
    pub branch: String,
    /// `phone`, `web`, `kiosk`, `chat`, `embed` or `staff`.
    pub channel: String,
    /// What led there, such as `code`, `launcher`, `search`, `hand-over`.
    pub origin: String,
    /// The page that the visit began at.
    pub page: String,
    /// The set of codes that led there; empty where none did.
    pub code: String,
    /// `opened`, `acted`, `asked`, `done` and `moved_on`: visits that came so far.
    #[schema(value_type = Object)]
    pub counts: Counts,
}

impl From<Visits> for Journeys {
    fn from(visits: Visits) -> Self {
        let line = |(it, counts): (Line, Counts)| JourneyLine {
            day: it.day.to_string(),
            branch: it.branch,
            channel: it.channel,
            origin: it.origin,
            page: it.page,
            code: it.code,
            counts,
        };
        Self {
            from: visits.from.to_string(),
            until: visits.until.to_string(),
            lines: visits.lines.into_iter().map(line).collect(),
            cut: visits.cut,
        }
    }
}
