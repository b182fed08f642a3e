//! A program that did well in a branch goes to its region, and from there to the whole bank: one operation, which
//! widens for whom it is open and may hand it over to another publisher.
//!
//! What it did well by is written down with the proposal, and the second person approves exactly that. Nothing of the
//! program is reviewed again, since nothing of it changes; each branch still switches it on for itself, and customers
//! keep the name that the program knows them by, because that hangs on the program and not on who publishes it.

use crate::code;
use crate::ids::{BranchId, PlaceId, PublisherId};
use crate::place::{Place, PlaceKind};
use crate::refusal::Refusal;
use crate::rollout::{Figures, Rollout};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// A region, or the bank.
    pub to: PlaceId,
    pub from_owner: PublisherId,
    /// Who answers for it from then on; absent: who does now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PublisherId>,
    pub evidence: Evidence,
}

/// How the program does where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The live release.
    pub version: semver::Version,
    /// Branches that have it on.
    pub branches: Vec<BranchId>,
    /// Of the days that figures are kept for: use, falls, complaints, computing.
    pub figures: Figures,
    /// Sum and number of ratings.
    pub stars: i64,
    pub ratings: i64,
}

/// For whom the program is open after it is promoted: the branches of a region beside those it has, or the bank.
pub fn widened(rollout: &Rollout, to: &Place, branches_of: &[BranchId]) -> Result<Rollout, Refusal> {
    let refused = || Refusal::of(code::PROMOTION_SCOPE, to.id.as_str());
    let mut next = rollout.clone();
    match to.kind {
        PlaceKind::Branch | PlaceKind::Merchant | PlaceKind::Partner => return Err(refused()),
        PlaceKind::Bank => next.all_branches = true,
        PlaceKind::Region => {
            next.opened.extend(branches_of.iter().filter(|branch| !rollout.is_opened(branch)).cloned());
            next.opened.sort();
        }
    }
    if next == *rollout { Err(refused()) } else { Ok(next) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ProgramId, StaffId};

    fn branch(id: &str) -> BranchId {
        BranchId::parse(id).unwrap()
    }
    fn place(id: &str, kind: PlaceKind) -> Place {
        Place {
            id: branch(id),
            parent: None,
            kind,
            name: id.to_owned(),
            names: Default::default(),
            past: vec![],
            over: None,
        }
    }

    #[test]
    fn a_promotion_only_widens() {
        let of = [branch("nanjing"), branch("suzhou"), branch("wuxi")];
        let mut suzhou = Rollout::new(ProgramId::parse("cn.bank.canteen").unwrap(), StaffId::parse("wu").unwrap(), 0);
        suzhou.opened = vec![branch("suzhou")];
        suzhou.enabled = vec![branch("suzhou")];
        let region = place("jiangsu", PlaceKind::Region);
        let wider = widened(&suzhou, &region, &of).unwrap();
        assert_eq!(wider.opened, of);
        assert_eq!(wider.enabled, suzhou.enabled, "each branch switches it on for itself");
        assert_eq!(widened(&wider, &region, &of).unwrap_err().code, "promotion.scope", "it has all of these");
        let bank = widened(&wider, &place("bank", PlaceKind::Bank), &of).unwrap();
        assert!(bank.all_branches);
        assert!(widened(&bank, &region, &of).is_err(), "never back");
        assert!(widened(&suzhou, &place("nanjing", PlaceKind::Branch), &of).is_err());
    }
}
