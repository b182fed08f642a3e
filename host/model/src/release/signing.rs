//! The two signatures of a release: its publisher's over the package, and the bank's over exactly what was approved.
//! Each text begins with a format of its own, so that a signature over one thing is never one over another.

use super::Release;
use crate::canonical::canonical;
use crate::code;
use crate::digest::Digest;
use crate::refusal::Refusal;
use crate::signature::{PublicKey, Signature, SigningKey};
use serde::{Deserialize, Serialize};

/// What stands in a package's signing block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageSignature {
    pub key: PublicKey,
    /// Of the package as it was built, without the signing block.
    pub content: Digest,
    pub signature: Signature,
}

/// What a publisher's key signs. The content's manifest names program and version, so that the signature of one
/// release is good for no other.
fn package_text(content: &Digest) -> String {
    canonical(&serde_json::json!({ "format": "xitai-package-1", "content": content }))
}

impl PackageSignature {
    pub fn sign(content: Digest, key: &SigningKey) -> Self {
        Self { signature: key.sign(&package_text(&content)), key: key.public(), content }
    }
    /// Whether it is this key's over exactly what the package holds, by the digest that was just computed.
    pub fn is_over(&self, content: &Digest) -> bool {
        self.content == *content && self.key.verifies(&package_text(content), &self.signature)
    }
}

/// The bank's own signature, made with the second approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countersignature {
    /// Id of the bank's key, as it is published.
    pub key: String,
    pub at_ms: i64,
    pub signature: Signature,
}

/// What the bank signs: all that makes a release what it is when it runs.
fn approval_text(release: &Release, key: &str, at_ms: i64) -> String {
    canonical(&serde_json::json!({
        "format": "xitai-approval-1",
        "release": release.id.to_string(),
        "publisher": release.publisher,
        "package": release.package,
        "component": release.component,
        "granted": release.granted,
        "publisher_key": release.signature.as_ref().map(|signature| signature.key.id()),
        "key": key,
        "at_ms": at_ms,
    }))
}

impl Countersignature {
    pub fn sign(release: &Release, key: &SigningKey, at_ms: i64) -> Self {
        let id = key.public().id();
        Self { signature: key.sign(&approval_text(release, &id, at_ms)), key: id, at_ms }
    }
}

impl Release {
    /// Whether the bank has signed exactly this. `key` is the published key that the countersignature names.
    pub fn check_countersignature(&self, key: impl FnOnce(&str) -> Option<PublicKey>) -> Result<(), Refusal> {
        let refuse = || Refusal::of(code::RELEASE_NOT_COUNTERSIGNED, self.id.to_string());
        let held = self.countersignature.as_ref().ok_or_else(refuse)?;
        let key = key(&held.key).filter(|key| key.id() == held.key).ok_or_else(refuse)?;
        let text = approval_text(self, &held.key, held.at_ms);
        if key.verifies(&text, &held.signature) { Ok(()) } else { Err(refuse()) }
    }
}
