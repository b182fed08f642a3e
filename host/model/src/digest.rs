//! Digests that name their algorithm: `sha256:` and 64 hexadecimal digits.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_parts(&[bytes])
    }
    /// The digest of parts, each preceded by its length, so that no two lists of parts share one.
    /// A single part is hashed plainly, so that `sha256sum` prints the same.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            if parts.len() > 1 {
                hasher.update((part.len() as u64).to_be_bytes());
            }
            hasher.update(part);
        }
        Self::of_sha256(&hasher.finalize().into())
    }
    /// A digest that was computed elsewhere.
    pub fn of_sha256(bytes: &[u8; 32]) -> Self {
        Self(format!("sha256:{}", data_encoding::HEXLOWER.encode(bytes)))
    }
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix("sha256:")?;
        let fits = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        let bytes = data_encoding::HEXLOWER.decode(self.hex().as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.expect("parsed as 64 hexadecimal digits")
    }
    /// The hexadecimal digits, for file names.
    pub fn hex(&self) -> &str {
        &self.0["sha256:".len()..]
    }
}
impl TryFrom<String> for Digest {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a digest: sha256: and 64 lower-case hexadecimal digits")
    }
}
impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.0
    }
}
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_other_tools_print() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").as_str(), empty);
        assert_eq!(Digest::parse(empty).unwrap().hex(), &empty[7..]);
        assert_ne!(Digest::of_parts(&[b"ab", b"c"]), Digest::of_parts(&[b"a", b"bc"]));
        for text in ["", "sha256:", &empty[7..], &empty.to_uppercase(), "md5:e3b0c44298fc1c149afbf4c8996fb924"] {
            assert_eq!(Digest::parse(text), None, "{text}");
        }
    }
}
