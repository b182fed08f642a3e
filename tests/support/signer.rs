//! A publisher's key, and packages that are signed with it: written from the description of the format, not with the
//! product's own code.

use crate::http::{Answer, Caller};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use xitai_model::digest::Digest;
use xitai_model::ids::PublisherId;
use xitai_model::publisher_key::registration_text;
use xitai_model::signature::SigningKey;

const MAGIC: &[u8] = b"RPK Sig Block 42";

pub struct Signer(SigningKey);

impl Signer {
    /// The same key for the same name.
    pub fn named(name: &str) -> Self {
        Self(SigningKey::of_seed(&Sha256::digest(name.as_bytes()).into()))
    }
    pub fn id(&self) -> String {
        self.0.public().id()
    }
    pub fn public(&self) -> String {
        self.0.public().to_string()
    }
    /// The proof that this key's holder works for a publisher.
    pub fn proof(&self, publisher: &str) -> String {
        let publisher = PublisherId::parse(publisher).expect("a publisher's id");
        String::from(self.0.sign(&registration_text(&publisher, &self.0.public())))
    }
    pub fn register(&self, who: &Caller) -> Answer {
        self.register_instead(who, None)
    }
    /// Registers it in the place of another.
    pub fn register_instead(&self, who: &Caller, replaces: Option<&str>) -> Answer {
        let publisher = who.get("/api/v1/me").ok()["publisher"].as_str().expect("a publisher").to_owned();
        let body = json!({
            "public": self.public(), "name": "tests", "proof": self.proof(&publisher), "replaces": replaces,
        });
        who.post("/api/v1/publisher/keys", &body)
    }

    /// The package with a signing block before its central directory. What is no ZIP, or has a block, stays as it is.
    pub fn sign(&self, package: &[u8]) -> Vec<u8> {
        let Some(directory) = directory(package) else { return package.to_vec() };
        if package[..directory].ends_with(MAGIC) {
            return package.to_vec();
        }
        self.sign_for(package, &Digest::of(package))
    }

    /// The same with a signature over something else.
    pub fn sign_for(&self, package: &[u8], content: &Digest) -> Vec<u8> {
        let directory = directory(package).expect("a package is a zip");
        let text = json!({ "content": content, "format": "xitai-package-1" }).to_string();
        let value = json!({ "key": self.public(), "content": content, "signature": self.0.sign(&text) }).to_string();
        let size = (8 + 4 + value.len() + 8 + MAGIC.len()) as u64;
        let mut signed = package[..directory].to_vec();
        signed.extend(size.to_le_bytes());
        signed.extend((4 + value.len() as u64).to_le_bytes());
        signed.extend(b"XIT1");
        signed.extend(value.as_bytes());
        signed.extend(size.to_le_bytes());
        signed.extend(MAGIC);
        let moved = u32::try_from(signed.len()).expect("a small package");
        signed.extend(&package[directory..]);
        let place = signed.len() - 6;
        signed[place..place + 4].copy_from_slice(&moved.to_le_bytes());
        signed
    }
}

/// Where the central directory of a plain ZIP begins.
fn directory(package: &[u8]) -> Option<usize> {
    let end = package.len().checked_sub(22)?;
    let place = package[end..].starts_with(b"PK\x05\x06").then(|| &package[end + 16..end + 20])?;
    let directory = u32::from_le_bytes(place.try_into().ok()?) as usize;
    (directory <= end).then_some(directory)
}
