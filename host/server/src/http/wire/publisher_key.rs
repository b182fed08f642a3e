//! Publishers' keys on the wire.

use crate::app::publisher_key::Wish;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::publisher_key::{PublisherKey, Standing};
use xitai_model::signature::{PublicKey, Signature};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterKey {
    /// `ed25519:` and 64 hexadecimal digits.
    public: String,
    /// What people shall call it.
    name: String,
    /// The key's signature over the canonical JSON `{"format":"xitai-publisher-key-1","key":…,"publisher":…}`.
    proof: String,
    /// Id of the key whose place it takes: that one counts for a month more.
    replaces: Option<String>,
}

impl RegisterKey {
    pub fn parsed(self) -> Result<Wish, Problem> {
        let public = PublicKey::parse(&self.public);
        let proof = Signature::parse(&self.proof);
        Ok(Wish {
            public: public.ok_or_else(|| Problem::malformed("public: ed25519: and 64 hexadecimal digits"))?,
            name: self.name,
            proof: proof.ok_or_else(|| Problem::malformed("proof: ed25519: and 128 hexadecimal digits"))?,
            replaces: self.replaces,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeKey {
    /// What happened.
    #[serde(default)]
    pub reason: String,
    /// From when on it is not believed, at the latest now; now where it is absent.
    pub from_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherKeys {
    /// Newest first.
    pub keys: Vec<PublisherKeyRecord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherKeyRecord {
    pub id: String,
    pub publisher: String,
    pub public: String,
    pub name: String,
    pub registered_by: String,
    pub since_ms: i64,
    /// `counts`, `ending`, `ended` or `revoked`.
    pub standing: &'static str,
    /// Another key took its place: what comes from then on is not signed by it.
    pub until_ms: Option<i64>,
    /// Who revoked it when, from when on, and why.
    #[schema(value_type = Option<Object>)]
    pub revoked: Option<xitai_model::publisher_key::Revoked>,
}

impl PublisherKeyRecord {
    pub fn of(key: &PublisherKey, now_ms: i64) -> Self {
        Self {
            id: key.id.clone(),
            publisher: key.publisher.to_string(),
            public: key.public.to_string(),
            name: key.name.clone(),
            registered_by: key.by.to_string(),
            since_ms: key.since_ms,
            standing: standing(key.standing(now_ms)),
            until_ms: key.until_ms,
            revoked: key.revoked.clone(),
        }
    }
}

pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Counts => "counts",
        Standing::Ending => "ending",
        Standing::Ended => "ended",
        Standing::Revoked => "revoked",
    }
}
