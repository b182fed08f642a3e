//! What moves on the staff's open pages by itself: which kind of thing a record of the audit trail changed.
//!
//! Only the kind travels to a page; what has changed it asks for again, with its reader's own rights.

use crate::policy::Action;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal, $right:ident;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $($(#[doc = $doc])* $name,)*
        }
        impl Kind {
            pub const ALL: &[Kind] = &[$(Kind::$name),*];
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$name => $word),* }
            }
            /// What somebody must be allowed to hear of it.
            pub fn right(self) -> Action {
                match self { $(Kind::$name => Action::$right),* }
            }
        }
    };
}

kinds! {
    /// Releases and how they stand in review.
    Reviews = "reviews", ReadRelease;
    Alerts = "alerts", ReadAlerts;
    Stops = "stops", ReadStops;
    Rollouts = "rollouts", ReadRollout;
    /// What is measured of releases that go out: it moves all the time and stands in no record.
    Figures = "figures", ReadRollout;
    Held = "held", ReadHeld;
    Incidents = "incidents", ReadIncidents;
    Complaints = "complaints", ReadComplaints;
    Zones = "zones", ReadZones;
    Settings = "settings", ConfigureProgram;
}

impl Kind {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// What a record with this action changed, if it is anything that a page shows.
    pub fn of(action: &str) -> Option<Self> {
        Some(match action.split('.').next()? {
            "release" => Self::Reviews,
            "alert" => Self::Alerts,
            "stop" | "program" => Self::Stops,
            "rollout" | "freeze" | "permission" | "promotion" => Self::Rollouts,
            "payment" if is_of_held(action) => Self::Held,
            "incident" => Self::Incidents,
            "complaint" => Self::Complaints,
            "zone" if action != "zone.card-drawn" => Self::Zones,
            "setting" => Self::Settings,
            _ => return None,
        })
    }
}

fn is_of_held(action: &str) -> bool {
    let of_held = ["payment.held", "payment.held-by-stop", "payment.release-approved", "payment.released"];
    of_held.contains(&action) || ["payment.declined", "payment.hold-lapsed", "payment.expired"].contains(&action)
}

/// How far the trail has been looked through, and where each kind was last changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    pub seq: u64,
    changed: BTreeMap<Kind, u64>,
    /// Which turn of the figures it is.
    turn: i64,
}

impl Seen {
    /// After the records with these numbers and actions.
    pub fn after<'a>(&self, records: impl IntoIterator<Item = (u64, &'a str)>, turn: i64) -> Self {
        let mut next = Self { turn, ..self.clone() };
        for (seq, action) in records {
            next.seq = next.seq.max(seq);
            if let Some(kind) = Kind::of(action) {
                next.changed.insert(kind, seq);
            }
        }
        next
    }
    /// After records that nobody looked through: everything may have changed.
    pub fn jumped(seq: u64, turn: i64) -> Self {
        let recorded = Kind::ALL.iter().filter(|kind| **kind != Kind::Figures);
        Self { seq, changed: recorded.map(|kind| (*kind, seq)).collect(), turn }
    }
    /// What has changed since `seq`; figures where another turn than `turn` has come.
    pub fn since(&self, seq: u64, turn: i64) -> Vec<Kind> {
        let is_new = |kind: &&Kind| match kind {
            Kind::Figures => self.turn != turn,
            kind => self.changed.get(kind).is_some_and(|at| *at > seq),
        };
        Kind::ALL.iter().filter(is_new).copied().collect()
    }
    pub fn turn(&self) -> i64 {
        self.turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_say_what_they_changed() {
        let cases = [
            ("release.inspected", Some(Kind::Reviews)),
            ("alert.raised", Some(Kind::Alerts)),
            ("program.stopped", Some(Kind::Stops)),
            ("stop.lifted", Some(Kind::Stops)),
            ("rollout.opened", Some(Kind::Rollouts)),
            ("payment.held", Some(Kind::Held)),
            ("payment.held-by-stop", Some(Kind::Held)),
            ("payment.confirmed", None),
            ("zone.decided", Some(Kind::Zones)),
            ("zone.card-drawn", None),
            ("session.event", None),
            ("", None),
        ];
        for (action, kind) in cases {
            assert_eq!(Kind::of(action), kind, "{action}");
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
    }

    #[test]
    fn who_was_away_hears_of_all_that_changed_meanwhile_and_of_nothing_before() {
        let start = Seen::default().after([(1, "session.event"), (2, "alert.raised")], 7);
        assert_eq!((start.seq, start.since(0, 7), start.since(2, 7)), (2, vec![Kind::Alerts], vec![]));
        let next = start.after([(3, "stop.made"), (4, "session.event")], 7);
        assert_eq!((next.since(2, 7), next.since(0, 7)), (vec![Kind::Stops], vec![Kind::Alerts, Kind::Stops]));
        assert_eq!(next.since(4, 7), vec![]);
        assert_eq!(next.since(4, 6), vec![Kind::Figures], "figures come by time");
        let jumped = Seen::jumped(900, 7);
        assert_eq!(jumped.since(4, 7).len(), Kind::ALL.len() - 1, "what nobody looked through may be anything");
        assert_eq!(jumped.since(900, 7), vec![]);
    }
}
