//! What is kept of each thing that happened, and the way from the first to any of them.

use crate::app::cost::Heard;
use crate::scene::kept::Kept;
use crate::scene::play::Pages;
use crate::scene::record::TurnCost;
use xitai_model::scene::{Act, Came};

/// Something that happened on the stage, and the bank after it.
pub struct Moment {
    /// The one before it; the first has none.
    pub before: Option<usize>,
    pub what: What,
    pub who: Option<String>,
    /// In a few words.
    pub told: String,
    pub at_ms: i64,
    pub came: Came,
    pub cost: TurnCost,
    /// The calls that it brought about, the newest try of each.
    pub heard: Vec<Heard>,
    pub pages: Pages,
    pub release: String,
    /// Absent where it was so long ago that its copy is gone.
    pub kept: Option<Kept>,
}

#[derive(Clone)]
pub enum What {
    /// What a scene can say.
    Turn(Act),
    /// A new release, and the page came back on it.
    Reload,
    /// A developer's hand.
    State(Vec<u8>),
    /// Something else that was asked of the bank, such as another way to pay.
    Other,
}

impl What {
    pub fn word(&self) -> &'static str {
        match self {
            What::Turn(_) => "turn",
            What::Reload => "reload",
            What::State(_) => "state",
            What::Other => "other",
        }
    }
}

/// Copies that are kept at once; each is a database of its own.
pub const COPIES_MAX: usize = 100;

#[derive(Default)]
pub struct Moments {
    all: Vec<Moment>,
    /// The one that the bank stands at.
    at: Option<usize>,
}

impl Moments {
    pub fn all(&self) -> &[Moment] {
        &self.all
    }
    pub fn at(&self) -> Option<usize> {
        self.at
    }
    pub fn now(&self) -> Option<&Moment> {
        self.at.and_then(|at| self.all.get(at))
    }
    pub fn get(&self, id: usize) -> Option<&Moment> {
        self.all.get(id)
    }
    /// The bank stands at another one.
    pub fn go(&mut self, id: usize) {
        self.at = Some(id);
    }
    /// The bank stands before all of them.
    pub fn go_before_all(&mut self) {
        self.at = None;
    }
    /// Happened after the one at which the bank stood.
    pub fn push(&mut self, moment: Moment) {
        self.all.push(moment);
        self.at = Some(self.all.len() - 1);
        let kept = self.all.iter().filter(|moment| moment.kept.is_some()).count();
        for oldest in self.all.iter_mut().filter(|moment| moment.kept.is_some()).take(kept.saturating_sub(COPIES_MAX)) {
            oldest.kept = None;
        }
    }
    /// From the first to this one.
    pub fn way_to(&self, id: usize) -> Vec<usize> {
        let mut way: Vec<usize> = std::iter::successors(Some(id), |at| self.all.get(*at)?.before).collect();
        way.reverse();
        way
    }
    /// The way to where the bank stands, and on from there by what happened last: what going forward follows.
    pub fn line(&self) -> Vec<usize> {
        let Some(at) = self.at else { return Vec::new() };
        let mut line = self.way_to(at);
        while let Some(next) = self.all.iter().rposition(|moment| moment.before == line.last().copied()) {
            line.push(next);
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(before: &[Option<usize>]) -> Moments {
        let mut moments = Moments::default();
        for before in before {
            moments.push(Moment {
                before: *before,
                what: What::Other,
                who: None,
                told: String::new(),
                at_ms: 0,
                came: Came::default(),
                cost: TurnCost::default(),
                heard: Vec::new(),
                pages: Pages::new(),
                release: String::new(),
                kept: None,
            });
        }
        moments
    }

    #[test]
    fn a_line_goes_through_where_one_stands_and_on_by_what_came_last() {
        //  0 ─ 1 ─ 2 ─ 3
        //      └─ 4 ─ 5
        let mut moments = moments(&[None, Some(0), Some(1), Some(2), Some(1), Some(4)]);
        assert_eq!(moments.line(), [0, 1, 4, 5]);
        moments.go(2);
        assert_eq!(moments.line(), [0, 1, 2, 3]);
        moments.go(1);
        assert_eq!(moments.line(), [0, 1, 4, 5], "the newest branch");
        assert_eq!(moments.way_to(3), [0, 1, 2, 3]);
        assert!(Moments::default().line().is_empty());
    }
}
