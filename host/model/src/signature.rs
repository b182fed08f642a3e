//! Signatures that name their algorithm: `ed25519:` and hexadecimal digits, for keys and signatures alike.

use crate::digest::Digest;
use data_encoding::HEXLOWER;
use ed25519_dalek::Signer;
use serde::{Deserialize, Serialize};
use std::fmt;

const ALGORITHM: &str = "ed25519:";

/// What the host signs with. Never printed.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// A public key, as text `ed25519:` and 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(String);

/// A signature, as text `ed25519:` and 128 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature(String);

impl SigningKey {
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }
    pub fn public(&self) -> PublicKey {
        PublicKey(format!("{ALGORITHM}{}", HEXLOWER.encode(self.0.verifying_key().as_bytes())))
    }
    pub fn sign(&self, text: &str) -> Signature {
        Signature(format!("{ALGORITHM}{}", HEXLOWER.encode(&self.0.sign(text.as_bytes()).to_bytes())))
    }
}
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().id())
    }
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.strip_prefix(ALGORITHM)?.as_bytes()).ok()?.try_into().ok()
}

impl PublicKey {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = decoded::<32>(text)?;
        ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok()?;
        Some(Self(text.to_owned()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// What documents name the key by: the first 16 digits of the digest of its text.
    pub fn id(&self) -> String {
        Digest::of(self.0.as_bytes()).hex()[..16].to_owned()
    }
    /// Whether the signature is this key's over exactly this text. A weak key signs nothing.
    pub fn verifies(&self, text: &str, signature: &Signature) -> bool {
        let (Some(key), Some(signature)) = (decoded::<32>(&self.0), decoded::<64>(&signature.0)) else { return false };
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        ed25519_dalek::VerifyingKey::from_bytes(&key)
            .is_ok_and(|key| key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for PublicKey {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a public key: ed25519: and 64 lower-case hexadecimal digits")
    }
}
impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.0
    }
}

impl Signature {
    pub fn parse(text: &str) -> Option<Self> {
        decoded::<64>(text).map(|_| Self(text.to_owned()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Signature {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a signature: ed25519: and 128 lower-case hexadecimal digits")
    }
}
impl From<Signature> for String {
    fn from(signature: Signature) -> String {
        signature.0
    }
}

/// A public key as the bank publishes it. One that is no longer signed with stays: what it signed still verifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    pub id: String,
    pub public: PublicKey,
    pub since_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // RFC 8032, 7.1, test 2.
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let key = SigningKey::of_seed(&HEXLOWER.decode(seed.as_bytes()).unwrap().try_into().unwrap());
        let public = "ed25519:3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(key.public().as_str(), public);
        let signature = key.sign("\u{72}");
        assert_eq!(
            signature.as_str(),
            "ed25519:92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        assert!(key.public().verifies("r", &signature));
        assert!(!key.public().verifies("s", &signature));
        assert!(!format!("{key:?}").contains(&seed[..8]));
    }

    #[test]
    fn texts_that_are_no_keys_are_refused() {
        let key = SigningKey::of_seed(&[7; 32]).public();
        assert_eq!(PublicKey::parse(key.as_str()), Some(key.clone()));
        for text in ["", "ed25519:", &key.as_str()[8..], &key.as_str().to_uppercase(), "rsa:00"] {
            assert_eq!(PublicKey::parse(text), None, "{text}");
        }
        // The neutral element: everything would verify under it.
        let weak = PublicKey("ed25519:0100000000000000000000000000000000000000000000000000000000000000".into());
        let nothing = Signature(format!("ed25519:01{}", "0".repeat(126)));
        assert!(!weak.verifies("any text", &nothing));
    }
}
