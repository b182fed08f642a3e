//! Documents of the release plane. They are few and small, so that each host reads them whole; each has a version,
//! and a change names the version that it was made from.

use serde::{Deserialize, Serialize};

/// The nouns kept as documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noun {
    Place,
    Staff,
    Publisher,
    Merchant,
    Program,
    Release,
    Rollout,
    Stop,
    Content,
    /// A branch's own values for a program's `config`.
    Config,
}

/// A document as it is kept. `body` is the JSON of the noun's type in this crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub noun: Noun,
    pub id: String,
    /// 1 when made.
    pub version: u64,
    pub body: serde_json::Value,
}

impl Noun {
    pub fn as_str(self) -> &'static str {
        match self {
            Noun::Place => "place",
            Noun::Staff => "staff",
            Noun::Publisher => "publisher",
            Noun::Merchant => "merchant",
            Noun::Program => "program",
            Noun::Release => "release",
            Noun::Rollout => "rollout",
            Noun::Stop => "stop",
            Noun::Content => "content",
            Noun::Config => "config",
        }
    }
}
