//! What a review asks for beside two reviewers: points that a person looks at, the word of other desks of head office,
//! a deadline, and an appeal. The commands are in [`crate::release::apply`].

#[cfg(test)]
mod tests;

use crate::digest::Digest;
use crate::ids::StaffId;
use crate::limits::REVIEW_MS_MAX;
use crate::manifest::Manifest;
use crate::place::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who signs a release off, by what they look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Desk {
    /// Reviewers: two of them, always.
    #[default]
    Review,
    Product,
    Risk,
    Operations,
    Technology,
}

impl Desk {
    pub const ALL: [Desk; 5] = [Desk::Review, Desk::Product, Desk::Risk, Desk::Operations, Desk::Technology];

    pub fn as_str(self) -> &'static str {
        match self {
            Desk::Review => "review",
            Desk::Product => "product",
            Desk::Risk => "risk",
            Desk::Operations => "operations",
            Desk::Technology => "technology",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|desk| desk.as_str() == text)
    }
    /// Whose role speaks for it.
    pub fn role(self) -> Role {
        match self {
            Desk::Review => Role::Reviewer,
            Desk::Product => Role::Product,
            Desk::Risk => Role::Risk,
            Desk::Operations => Role::Operations,
            Desk::Technology => Role::Technology,
        }
    }
    /// People of this desk who must approve.
    pub fn people(self) -> usize {
        if self == Desk::Review { 2 } else { 1 }
    }
}

/// What puts a program into a tier in which further desks sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    Payments,
    IdentityClaims,
    SecureFields,
    RegulatedCategory,
}

impl Tier {
    pub const ALL: [Tier; 4] = [Tier::Payments, Tier::IdentityClaims, Tier::SecureFields, Tier::RegulatedCategory];

    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Payments => "payments",
            Tier::IdentityClaims => "identity-claims",
            Tier::SecureFields => "secure-fields",
            Tier::RegulatedCategory => "regulated-category",
        }
    }
    /// Whose word it asks for.
    pub fn desks(self) -> &'static [Desk] {
        match self {
            Tier::Payments => &[Desk::Risk, Desk::Operations],
            Tier::IdentityClaims => &[Desk::Product, Desk::Risk],
            Tier::SecureFields => &[Desk::Risk, Desk::Technology],
            Tier::RegulatedCategory => &[Desk::Product, Desk::Risk, Desk::Operations, Desk::Technology],
        }
    }
    fn holds(self, manifest: &Manifest) -> bool {
        let asks = |names: &[&str]| manifest.req_permissions.iter().any(|asked| names.contains(&asked.name.as_str()));
        match self {
            Tier::Payments => manifest.req_permissions.iter().any(|asked| asked.name.starts_with("xitai:payments/")),
            Tier::IdentityClaims => {
                asks(&["xitai:identity/claims", "xitai:identity/proofs", "xitai:identity/agreements"])
            }
            Tier::SecureFields => {
                asks(&["xitai:identity/secure-fields"])
                    || manifest.xitai.egress.iter().any(|egress| !egress.secure_fields.is_empty())
            }
            Tier::RegulatedCategory => REGULATED.contains(&manifest.xitai.category.as_str()),
        }
    }
}

/// Categories that are supervised for themselves.
const REGULATED: [&str; 8] =
    ["health", "credit", "lending", "insurance", "investment", "wealth", "securities", "funds"];

/// The tiers that a program is in.
pub fn tiers(manifest: &Manifest) -> Vec<Tier> {
    Tier::ALL.into_iter().filter(|tier| tier.holds(manifest)).collect()
}

/// The desks whose approval a program needs: reviewers, and those of its tiers.
pub fn desks(manifest: &Manifest) -> Vec<Desk> {
    let asked: Vec<Desk> = tiers(manifest).into_iter().flat_map(|tier| tier.desks()).copied().collect();
    Desk::ALL.into_iter().filter(|desk| *desk == Desk::Review || asked.contains(desk)).collect()
}

/// A point that no machine can see.
#[derive(Debug, PartialEq, Eq)]
pub struct Point {
    pub id: &'static str,
    pub en: &'static str,
    pub zh: &'static str,
}

/// The human checklist. Each point is ticked by somebody by name before a release is approved.
pub const CHECKLIST: [Point; 8] = [
    Point {
        id: "h1",
        en: "Its category fits what it shows and what its publisher is licensed for.",
        zh: "类目与内容及发布方资质相符。",
    },
    Point {
        id: "h2",
        en: "It is complete: nothing is a placeholder, and a test account gets through it.",
        zh: "功能完整，没有占位内容，测试账号可以走通。",
    },
    Point {
        id: "h3",
        en: "The words on privacy name each fact that it reads, and what for.",
        zh: "隐私说明写明了每项信息及其用途。",
    },
    Point {
        id: "h4",
        en: "What customers write is moderated, and can be reported and blocked.",
        zh: "用户发布的内容经过审核，可以举报和屏蔽。",
    },
    Point {
        id: "h5",
        en: "It writes to customers only as an answer to what they did.",
        zh: "只在用户操作之后才发送消息。",
    },
    Point {
        id: "h6",
        en: "Price, fees, yearly cost and risk are said; nothing lures or hurries.",
        zh: "价格、费用、年化成本和风险均已说明，没有诱导或制造紧迫感。",
    },
    Point {
        id: "h7",
        en: "Whoever pays for its offers, merchant, branch or head office, has agreed.",
        zh: "优惠由商户、分行或总行承担的，出资方均已同意。",
    },
    Point {
        id: "h8",
        en: "It is settled what becomes of coupons, money and data when it is retired.",
        zh: "退出方案明确：下线后优惠券、资金和数据如何处理。",
    },
];

pub fn is_point(id: &str) -> bool {
    CHECKLIST.iter().any(|point| point.id == id)
}

/// How far a release's review is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewing {
    /// 0, and one more with an appeal: sign-offs and ticks count in their own round.
    pub round: u32,
    /// What the machine found and saw, as it was kept.
    pub evidence: Option<Digest>,
    /// By when it must be decided; 0 where nothing waits.
    pub deadline_ms: i64,
    /// When its deadline was passed, and head office's manager told.
    pub escalated_ms: Option<i64>,
    /// Points of the checklist by their ids.
    pub ticks: BTreeMap<String, Tick>,
    /// Findings that must be accepted, by their keys.
    #[serde(default)]
    pub accepted: BTreeMap<String, Acceptance>,
    pub appeal: Option<Appeal>,
}

/// A point looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    pub by: StaffId,
    pub person: String,
    pub at_ms: i64,
}

/// A finding that somebody has taken upon themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub by: StaffId,
    pub person: String,
    pub reason: String,
    pub at_ms: i64,
}

/// The publisher's word against a return: others decide now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    pub by: StaffId,
    pub person: String,
    pub reason: String,
    pub at_ms: i64,
}

impl Reviewing {
    /// A new round, with a clock of its own. What the machine found stays.
    pub fn begun(&self, round: u32, now_ms: i64) -> Self {
        Self {
            round,
            evidence: self.evidence.clone(),
            deadline_ms: now_ms + REVIEW_MS_MAX,
            escalated_ms: None,
            ticks: BTreeMap::new(),
            accepted: BTreeMap::new(),
            appeal: self.appeal.clone(),
        }
    }
    /// Points that nobody has ticked.
    pub fn open_points(&self) -> Vec<&'static str> {
        CHECKLIST.iter().map(|point| point.id).filter(|id| !self.ticks.contains_key(*id)).collect()
    }
    pub fn is_overdue(&self, now_ms: i64) -> bool {
        self.deadline_ms > 0 && now_ms >= self.deadline_ms
    }
}
