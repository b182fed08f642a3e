//! Documents of the release plane. They are few and small, so that each host reads them whole; each has a version,
//! and a change names the version that it was made from.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The nouns kept as documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noun {
    Place,
    Staff,
    Publisher,
    /// The public half of a key that a publisher signs with.
    PublisherKey,
    Merchant,
    Program,
    Release,
    Rollout,
    Stop,
    Incident,
    Content,
    /// A picture that people uploaded; its bytes are a blob.
    Media,
    /// A branch's own values for a program's `config`.
    Config,
    /// Where a partner's system is.
    Endpoint,
    /// The reviewed words of a program's notices.
    NoticeTemplate,
    /// How much, or how often, may be paid.
    SpendingLimit,
    /// What is looked at before money moves.
    RiskRule,
    /// A public key that the bank signs with, or signed with once.
    SigningKey,
    Campaign,
    /// A release that is open to testers, by the release's id.
    Trial,
    /// A time in which no release goes to more people.
    Freeze,
    /// A program going to a region or to the bank.
    Promotion,
    /// What is known against versions of a package that programs are built from.
    Advisory,
    /// A device of a branch at which customers help themselves.
    Kiosk,
    /// The cards of a place, by the place's id.
    ZonePage,
    /// A partner's pages that show programs.
    Embed,
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

impl Record {
    /// A document of one of this crate's types.
    pub fn of(noun: Noun, id: impl Into<String>, version: u64, body: &impl Serialize) -> Self {
        let body = serde_json::to_value(body).expect("documents have text keys and no failing parts");
        Self { noun, id: id.into(), version, body }
    }
    /// The body as its type. Where it isn't one, the store holds what this crate never wrote.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.body)
    }
}

impl Noun {
    pub const ALL: &[Noun] = &[
        Noun::Place,
        Noun::Staff,
        Noun::Publisher,
        Noun::PublisherKey,
        Noun::Merchant,
        Noun::Program,
        Noun::Release,
        Noun::Rollout,
        Noun::Stop,
        Noun::Incident,
        Noun::Content,
        Noun::Media,
        Noun::Config,
        Noun::Endpoint,
        Noun::NoticeTemplate,
        Noun::SpendingLimit,
        Noun::RiskRule,
        Noun::SigningKey,
        Noun::Campaign,
        Noun::Trial,
        Noun::Freeze,
        Noun::Promotion,
        Noun::Advisory,
        Noun::Kiosk,
        Noun::ZonePage,
        Noun::Embed,
    ];
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|noun| noun.as_str() == text)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Noun::Place => "place",
            Noun::Staff => "staff",
            Noun::Publisher => "publisher",
            Noun::PublisherKey => "publisher-key",
            Noun::Merchant => "merchant",
            Noun::Program => "program",
            Noun::Release => "release",
            Noun::Rollout => "rollout",
            Noun::Stop => "stop",
            Noun::Incident => "incident",
            Noun::Content => "content",
            Noun::Media => "media",
            Noun::Config => "config",
            Noun::Endpoint => "endpoint",
            Noun::NoticeTemplate => "notice-template",
            Noun::SpendingLimit => "spending-limit",
            Noun::RiskRule => "risk-rule",
            Noun::SigningKey => "signing-key",
            Noun::Campaign => "campaign",
            Noun::Trial => "trial",
            Noun::Freeze => "freeze",
            Noun::Promotion => "promotion",
            Noun::Advisory => "advisory",
            Noun::Kiosk => "kiosk",
            Noun::ZonePage => "zone-page",
            Noun::Embed => "embed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PublisherId;
    use crate::release::Publisher;

    #[test]
    fn a_document_comes_back_as_its_type() {
        let id = PublisherId::parse("suzhou-branch").unwrap();
        let publisher = Publisher { verified: true, ..Publisher::new(id, "苏州分行") };
        let record = Record::of(Noun::Publisher, "suzhou-branch", 3, &publisher);
        assert_eq!(record.parse::<Publisher>().unwrap(), publisher);
        assert!(record.parse::<crate::stop::Stop>().is_err());
        for noun in Noun::ALL.iter().copied() {
            assert_eq!(Noun::parse(noun.as_str()), Some(noun));
            assert_eq!(serde_json::to_value(noun).unwrap(), noun.as_str());
        }
    }
}
