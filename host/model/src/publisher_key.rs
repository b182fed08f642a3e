//! Keys that publishers sign their packages with. The bank has the public halves; the secret ones never reach it.
//!
//! A package is judged by when the bank received it, never by what it says about its own time: who has stolen a key may
//! write any time into it. So a revocation names the time from which the key is not believed any more. What came before
//! and was approved goes on, because two people and the bank's own signature stand behind it; what came before and is
//! not approved yet has to be signed again with a key that counts.

use crate::canonical::canonical;
use crate::code;
use crate::ids::{PublisherId, StaffId};
use crate::limits::{NAME_CHARS_MAX, PUBLISHER_KEY_OVERLAP_MS, PUBLISHER_KEYS_MAX, PUBLISHER_REASON_CHARS_MAX};
use crate::refusal::Refusal;
use crate::signature::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherKey {
    /// See [`PublicKey::id`].
    pub id: String,
    pub publisher: PublisherId,
    pub public: PublicKey,
    /// What people call it, such as `build machine`.
    pub name: String,
    pub by: StaffId,
    pub since_ms: i64,
    /// Another key has taken its place: what comes from then on is not signed by it.
    #[serde(default)]
    pub until_ms: Option<i64>,
    #[serde(default)]
    pub revoked: Option<Revoked>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub by: StaffId,
    pub at_ms: i64,
    /// From then on it is not believed: when it was lost, as far as its holder knows.
    pub from_ms: i64,
    pub reason: String,
}

/// How a key stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Counts,
    /// It counts until the end of the overlap with the key that took its place.
    Ending,
    Ended,
    Revoked,
}

/// Somebody wants to sign with this key from now on.
#[derive(Debug, Clone)]
pub struct Registration {
    pub publisher: PublisherId,
    pub public: PublicKey,
    pub name: String,
    /// The key's own signature over [`registration_text`].
    pub proof: Signature,
    pub by: StaffId,
}

/// What a key signs to show that its holder has it, for this publisher and no other. It needs no nonce: what somebody
/// else could do with a copy is to register the same key for the same publisher, and a key is registered once.
pub fn registration_text(publisher: &PublisherId, public: &PublicKey) -> String {
    canonical(&serde_json::json!({ "format": "xitai-publisher-key-1", "publisher": publisher, "key": public }))
}

/// The key, registered. `there` is a key of the same id, whoever's; `own` are all keys of the publisher.
pub fn register<'a>(
    wish: Registration,
    there: Option<&PublisherKey>,
    own: impl Iterator<Item = &'a PublisherKey>,
    now_ms: i64,
) -> Result<PublisherKey, Refusal> {
    if !wish.public.verifies(&registration_text(&wish.publisher, &wish.public), &wish.proof) {
        return Err(Refusal::of(code::PUBLISHER_KEY_PROOF, wish.public.id()));
    }
    if let Some(there) = there {
        return Err(Refusal::of(code::PUBLISHER_KEY_TAKEN, &there.id));
    }
    if own.filter(|key| key.takes(now_ms).is_ok()).count() >= PUBLISHER_KEYS_MAX {
        return Err(Refusal::of(code::PUBLISHER_KEYS_FULL, format!("at most {PUBLISHER_KEYS_MAX}")));
    }
    let name: String = wish.name.trim().chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        return Err(Refusal::of(code::REQUEST_MALFORMED, "name: what the key is for"));
    }
    let Registration { publisher, public, by, .. } = wish;
    Ok(PublisherKey { id: public.id(), publisher, public, name, by, since_ms: now_ms, until_ms: None, revoked: None })
}

impl PublisherKey {
    pub fn standing(&self, now_ms: i64) -> Standing {
        match (&self.revoked, self.until_ms) {
            (Some(_), _) => Standing::Revoked,
            (None, Some(until_ms)) if until_ms <= now_ms => Standing::Ended,
            (None, Some(_)) => Standing::Ending,
            (None, None) => Standing::Counts,
        }
    }

    /// Whether what the bank received at this time may be signed by it.
    pub fn takes(&self, received_ms: i64) -> Result<(), Refusal> {
        if self.revoked.as_ref().is_some_and(|revoked| received_ms >= revoked.from_ms) {
            return Err(Refusal::of(code::PACKAGE_KEY_REVOKED, &self.id));
        }
        if self.until_ms.is_some_and(|until_ms| received_ms >= until_ms) {
            return Err(Refusal::of(code::PACKAGE_KEY_ENDED, &self.id));
        }
        Ok(())
    }

    /// Whether a release that came at this time may still be approved: not once its key was revoked, even where it
    /// came before.
    pub fn lets_approve(&self, received_ms: i64) -> Result<(), Refusal> {
        match &self.revoked {
            Some(_) => Err(Refusal::of(code::PACKAGE_KEY_REVOKED, &self.id)),
            None => self.takes(received_ms),
        }
    }

    /// The key once another has taken its place: both count for a while, so that no build that is under way fails.
    pub fn replaced(&self, now_ms: i64) -> Result<Self, Refusal> {
        match self.standing(now_ms) {
            Standing::Counts => Ok(Self { until_ms: Some(now_ms + PUBLISHER_KEY_OVERLAP_MS), ..self.clone() }),
            Standing::Ending => Ok(self.clone()),
            Standing::Ended | Standing::Revoked => Err(Refusal::of(code::PUBLISHER_KEY_OVER, &self.id)),
        }
    }

    /// The key, revoked from a time on. Told again, the earlier time counts: what was believed less stays so.
    pub fn revoke(&self, from_ms: i64, reason: &str, by: StaffId, now_ms: i64) -> Result<Self, Refusal> {
        let reason: String = reason.trim().chars().take(PUBLISHER_REASON_CHARS_MAX).collect();
        if reason.is_empty() {
            return Err(Refusal::of(code::PUBLISHER_KEY_REASON, &self.id));
        }
        if from_ms > now_ms {
            return Err(Refusal::of(code::PUBLISHER_KEY_TIME, "from_ms is to come"));
        }
        let from_ms = self.revoked.as_ref().map_or(from_ms, |before| before.from_ms.min(from_ms));
        Ok(Self { revoked: Some(Revoked { by, at_ms: now_ms, from_ms, reason }), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::SigningKey;

    fn publisher(id: &str) -> PublisherId {
        PublisherId::parse(id).unwrap()
    }
    fn staff() -> StaffId {
        StaffId::parse("lin").unwrap()
    }
    fn wish(seed: u8, of: &str) -> Registration {
        let key = SigningKey::of_seed(&[seed; 32]);
        let proof = key.sign(&registration_text(&publisher("tea"), &key.public()));
        Registration { publisher: publisher(of), public: key.public(), name: " build ".into(), proof, by: staff() }
    }
    fn key(seed: u8) -> PublisherKey {
        register(wish(seed, "tea"), None, [].iter(), 1_000).unwrap()
    }
    fn told<T>(answer: Result<T, Refusal>) -> String {
        answer.err().map_or_else(String::new, |refusal| refusal.code)
    }

    #[test]
    fn only_who_has_the_key_registers_it_once_for_their_publisher() {
        let made = key(1);
        assert_eq!((made.name.as_str(), made.standing(1_000)), ("build", Standing::Counts));
        // The proof says tea: nobody else registers the key with it.
        assert_eq!(told(register(wish(1, "coffee"), None, [].iter(), 1_000)), "publisher-key.proof");
        let other = Registration { public: SigningKey::of_seed(&[2; 32]).public(), ..wish(1, "tea") };
        assert_eq!(told(register(other, None, [].iter(), 1_000)), "publisher-key.proof");
        assert_eq!(told(register(wish(1, "tea"), Some(&made), [].iter(), 1_000)), "publisher-key.taken");
    }

    #[test]
    fn a_publisher_has_so_many_keys_that_count() {
        let edge = u8::try_from(PUBLISHER_KEYS_MAX).unwrap();
        let mut own: Vec<PublisherKey> = (1..=edge).map(key).collect();
        let another = |own: &[PublisherKey]| told(register(wish(99, "tea"), None, own.iter(), 2_000));
        assert_eq!(another(&own), "publisher-key.full");
        assert_eq!(another(&own[1..]), "");
        own[0] = own[0].revoke(1_500, "lost", staff(), 2_000).unwrap();
        assert_eq!(another(&own), "", "one that is revoked takes no place");
    }

    #[test]
    fn a_key_and_the_one_in_its_place_overlap() {
        let old = key(1).replaced(5_000).unwrap();
        let end = 5_000 + PUBLISHER_KEY_OVERLAP_MS;
        assert_eq!((old.standing(5_000), old.standing(end)), (Standing::Ending, Standing::Ended));
        assert_eq!(old.takes(end - 1), Ok(()));
        assert_eq!(told(old.takes(end)), "package.key-ended");
        assert_eq!(old.lets_approve(end - 1), Ok(()), "what came in time is decided whenever the reviewers do");
        assert_eq!(old.replaced(6_000).unwrap(), old, "replaced twice ends no later");
        assert_eq!(told(old.replaced(end)), "publisher-key.over");
    }

    #[test]
    fn a_revoked_key_is_believed_before_its_time_only() {
        let lost = key(1).revoke(4_000, "the laptop was stolen", staff(), 9_000).unwrap();
        assert_eq!(lost.takes(3_999), Ok(()));
        for received in [4_000, 9_000, 10_000] {
            assert_eq!(told(lost.takes(received)), "package.key-revoked", "{received}");
        }
        assert_eq!(told(lost.lets_approve(3_999)), "package.key-revoked", "nothing is approved under it any more");
        assert_eq!(told(lost.replaced(9_000)), "publisher-key.over");
        let from = |key: &PublisherKey| key.revoked.as_ref().map(|revoked| revoked.from_ms);
        assert_eq!(from(&lost.revoke(6_000, "again", staff(), 9_500).unwrap()), Some(4_000), "never later");
        assert_eq!(from(&lost.revoke(2_000, "earlier", staff(), 9_500).unwrap()), Some(2_000));
        assert_eq!(told(key(1).revoke(9_001, "to come", staff(), 9_000)), "publisher-key.time");
        assert_eq!(told(key(1).revoke(9_000, "  ", staff(), 9_000)), "publisher-key.reason-missing");
    }
}
