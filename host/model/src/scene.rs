//! Scenes: what people do with a program, and what they then see. A scene is a file of the program's package, written
//! and read by people (`docs/scenes.md`), and the host performs it as it performs customers: [`read`] makes it from its
//! text, the server's stage plays it, [`Turn::differences`] says where what came is not what the scene says.

mod compare;
mod file;
mod read;
#[cfg(test)]
mod tests;

pub use compare::{Came, Difference, lines};
pub use read::read;

use crate::claims::Facts;
use crate::content::Kind;
use crate::identity::Level;
use crate::ids::BranchId;
use crate::money::Money;
use crate::program::{Channel, Surface};
use std::collections::BTreeMap;

/// The folder of a package that scenes are in, and how their names end.
pub const FOLDER: &str = "scenes/";
pub const EXTENSION: &str = ".toml";

/// Whether a file of a package is a scene.
pub fn is_scene(name: &str) -> bool {
    name.strip_prefix(FOLDER)
        .and_then(|rest| rest.strip_suffix(EXTENSION))
        .is_some_and(|stem| !stem.is_empty() && !stem.contains('/'))
}

#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The file that it stands in, such as `scenes/lunch.toml`.
    pub file: String,
    pub title: String,
    pub given: Given,
    pub turns: Vec<Turn>,
}

/// The bank as it is before anybody does anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub at_ms: i64,
    /// What everything random is drawn from.
    pub seed: u64,
    pub branch: BranchId,
    pub channel: Channel,
    pub locale: String,
    pub zone: String,
    /// The branch's own values.
    pub config: BTreeMap<String, String>,
    /// Values in the program's `shared-storage`.
    pub shared: BTreeMap<String, String>,
    pub counters: BTreeMap<String, i64>,
    pub people: BTreeMap<String, Person>,
    pub campaigns: Vec<GivenCampaign>,
    pub content: Vec<GivenContent>,
    /// Whether the bank's core carries the customers' accounts: what moves there waits until it has spoken.
    pub core: bool,
}

/// Somebody who comes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub part: Part,
    pub funds: Money,
    /// Values in the program's `storage`.
    pub storage: BTreeMap<String, String>,
    /// What the bank knows about them.
    pub facts: Facts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Customer(Level),
    /// A staff actor of the branch.
    Manager,
    Clerk,
}

/// A campaign that head office pays for, running.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenCampaign {
    pub id: String,
    pub title: String,
    pub worth: Money,
    pub minimum_spend: Money,
}

/// An entry of the branch's library, approved and shown to everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenContent {
    pub kind: Kind,
    /// By BCP 47 tag.
    pub titles: BTreeMap<String, String>,
    pub summaries: BTreeMap<String, String>,
    pub price: Option<Money>,
    pub stock: Option<u64>,
    pub tags: Vec<String>,
    pub details: BTreeMap<String, String>,
}

/// One thing that happens, and what is to be seen then.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The line of its file at which it begins.
    pub line: usize,
    /// Whose page it is about; nobody where only time passes or a partner speaks.
    pub who: Option<String>,
    pub act: Act,
    pub then: Then,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Opens the program; the page that was open before is left.
    Open(Opened),
    Tap {
        node: String,
        value: Option<String>,
    },
    /// Fields that are left out keep what they show.
    Submit {
        form: String,
        button: String,
        values: Vec<(String, String)>,
        /// Fields for which nothing is entered or chosen, whatever they show.
        emptied: Vec<String>,
    },
    /// Enters a value into a secure field.
    Fill {
        node: String,
        value: String,
    },
    Sheet(SheetAct),
    /// Looks at the page as it stands.
    Look,
    /// The page goes to the background.
    Leave,
    /// The page comes back.
    Resume,
    Wait {
        ms: i64,
    },
    /// A partner answers the oldest call that waits for it.
    Partner {
        endpoint: String,
        answer: PartnerAct,
    },
    /// A partner tells something by itself.
    Webhook {
        endpoint: String,
        topic: String,
        /// The newest call to the endpoint is what it is about.
        of_call: bool,
        body: String,
    },
    /// The bank's core answers for the oldest instruction that waits for it.
    Core(CoreAct),
}

impl Act {
    /// Whether it is about somebody's page.
    pub fn is_somebodys(&self) -> bool {
        !matches!(self, Act::Wait { .. } | Act::Partner { .. } | Act::Webhook { .. } | Act::Core(_))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    pub page: String,
    pub query: Vec<(String, String)>,
    /// Absent: the scene's.
    pub channel: Option<Channel>,
    pub locale: Option<String>,
    pub elder_mode: bool,
    pub surface: Surface,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SheetAct {
    /// With what the sheet asks for.
    Confirm(Vec<(String, String)>),
    Decline,
    /// Nobody decides until its time is over.
    Expire,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PartnerAct {
    Reply {
        status: u16,
        body: String,
    },
    /// Takes the call and never answers, until the host gives up: what came of it is unknown.
    Hangs,
    /// Can't be reached, until the host gives up.
    Away,
}

/// As `docs/rail.md` has a rail's answers.
#[derive(Debug, Clone, PartialEq)]
pub enum CoreAct {
    Done,
    /// With the code of its reason.
    Refused(String),
    /// It has it, and will know later.
    Pending,
    /// It does not know itself: so is the payment.
    Unknown,
    /// Takes it and never answers: nobody knows.
    Silent,
    /// Can't be reached: it has certainly never had it.
    Away,
}

impl CoreAct {
    /// Those that need no more than their name.
    pub const PLAIN: [CoreAct; 5] = [CoreAct::Done, CoreAct::Pending, CoreAct::Unknown, CoreAct::Silent, CoreAct::Away];

    pub fn name(&self) -> &'static str {
        match self {
            CoreAct::Done => "done",
            CoreAct::Refused(_) => "refused",
            CoreAct::Pending => "pending",
            CoreAct::Unknown => "unknown",
            CoreAct::Silent => "silent",
            CoreAct::Away => "away",
        }
    }
    pub fn of_name(name: &str, code: Option<String>) -> Option<Self> {
        let plain = Self::PLAIN.into_iter().find(|act| act.name() == name);
        let refused = || CoreAct::Refused(code.unwrap_or_else(|| "insufficient-funds".to_owned()));
        plain.or_else(|| (name == "refused").then(refused))
    }
}

/// What is to be seen. What is left out is not compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Then {
    /// The page as a text drawing.
    pub screen: Option<String>,
    /// The open sheet as a text drawing; empty where none is open.
    pub sheet: Option<String>,
    /// Kinds of the effects, in order.
    pub effects: Option<Vec<String>>,
    /// The host's functions that were called, in order; `×3` behind one that was called three times in a row.
    pub asked: Option<Vec<String>>,
    /// The code of the refusal that is to be met.
    pub refused: Option<String>,
}
