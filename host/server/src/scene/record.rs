//! What is kept of a performance.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use xitai_model::manifest::Budget;
use xitai_model::program::Channel;
use xitai_model::scene::{Act, Came, CoreAct, Difference, PartnerAct, Scene, SheetAct, Turn};
use xitai_model::screen::Screen;

/// A scene as it was played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Played {
    pub file: String,
    pub title: String,
    pub channel: Channel,
    pub turns: Vec<PlayedTurn>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlayedTurn {
    pub line: usize,
    pub who: Option<String>,
    /// What happened, in a few words.
    pub act: String,
    pub came: Came,
    /// The page of whom it is about.
    pub screen: Option<Arc<Screen>>,
    pub cost: TurnCost,
    pub differences: Vec<Difference>,
}

/// The dearest call of a turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnCost {
    pub compute_us: u64,
    pub memory_bytes: u64,
}

impl TurnCost {
    pub fn most(self, other: TurnCost) -> TurnCost {
        TurnCost {
            compute_us: self.compute_us.max(other.compute_us),
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
        }
    }
    /// The lower of two measurements of the same: the other one was disturbed.
    fn least(self, other: TurnCost) -> TurnCost {
        TurnCost {
            compute_us: self.compute_us.min(other.compute_us),
            memory_bytes: self.memory_bytes.min(other.memory_bytes),
        }
    }
    /// Which parts of a budget it passes, as people read it.
    pub fn past(&self, budget: &Budget) -> Option<String> {
        let computed = self.compute_us > u64::from(budget.compute_ms) * 1_000;
        let held = self.memory_bytes > u64::from(budget.memory_mib) << 20;
        (computed || held)
            .then(|| format!("{self}; the budget is {} ms and {} MiB", budget.compute_ms, budget.memory_mib))
    }
}

impl std::fmt::Display for TurnCost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.memory_bytes * 10) >> 20;
        let (ms, us) = (self.compute_us / 1_000, self.compute_us % 1_000 / 100);
        write!(f, "{ms}.{us} ms, {}.{} MiB", tenths / 10, tenths % 10)
    }
}

impl Played {
    pub fn is_as_said(&self) -> bool {
        self.turns.iter().all(|turn| turn.differences.is_empty())
    }
    pub fn cost(&self) -> TurnCost {
        self.turns.iter().fold(TurnCost::default(), |most, turn| most.most(turn.cost))
    }
    /// The first turn that another performance of the same scene shows otherwise.
    pub fn first_unlike<'a>(&'a self, other: &'a Played) -> Option<(&'a PlayedTurn, &'a PlayedTurn)> {
        let alike = |a: &PlayedTurn, b: &PlayedTurn| a.came == b.came && a.screen == b.screen;
        self.turns.iter().zip(&other.turns).find(|(a, b)| !alike(a, b))
    }
    /// With the lower of both measurements.
    pub fn measured_again(mut self, other: &Played) -> Played {
        for (turn, again) in self.turns.iter_mut().zip(&other.turns) {
            turn.cost = turn.cost.least(again.cost);
        }
        self
    }
}

/// A turn in a few words: `wang taps pay`.
pub fn in_words(turn: &Turn) -> String {
    let who = turn.who.as_deref().unwrap_or_default();
    match &turn.act {
        Act::Open(opened) => format!("{who} opens {}", opened.page),
        Act::Tap { node, value: Some(value) } => format!("{who} sets {node} to {value}"),
        Act::Tap { node, value: None } => format!("{who} taps {node}"),
        Act::Submit { form, button, .. } => format!("{who} submits {form} by {button}"),
        Act::Fill { node, .. } => format!("{who} fills in {node}"),
        Act::Sheet(SheetAct::Confirm(_)) => format!("{who} confirms the sheet"),
        Act::Sheet(SheetAct::Decline) => format!("{who} declines the sheet"),
        Act::Sheet(SheetAct::Expire) => format!("{who} lets the sheet run out"),
        Act::Look => format!("{who} looks"),
        Act::Leave => format!("{who} leaves the page"),
        Act::Resume => format!("{who} comes back"),
        Act::Wait { ms } => format!("{} s pass", ms / 1_000),
        Act::Partner { endpoint, answer: PartnerAct::Reply { status, .. } } => format!("{endpoint} replies {status}"),
        Act::Partner { endpoint, answer: PartnerAct::Hangs } => format!("{endpoint} hangs"),
        Act::Partner { endpoint, answer: PartnerAct::Away } => format!("{endpoint} is away"),
        Act::Webhook { endpoint, topic, .. } => format!("{endpoint} tells {topic}"),
        Act::Core(CoreAct::Refused(code)) => format!("the core refuses: {code}"),
        Act::Core(core) => format!("the core: {}", core.name()),
    }
}

/// Where a turn stands, as findings name it.
pub fn place(scene: &Scene, turn: &PlayedTurn) -> String {
    format!("{}:{} ({})", scene.file, turn.line, turn.act)
}
