//! Signatures as [Standard Webhooks](https://www.standardwebhooks.com) has them, in both directions.
//!
//! What is signed is `ID.TIMESTAMP.BODY`, by HMAC-SHA-256 under the endpoint's secret; the header holds `v1,` and the
//! base64 of it, one for each secret that is valid, separated by spaces.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

pub const ID_HEADER: &str = "webhook-id";
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// Signatures of one header that are looked at.
const SIGNATURES_MAX: usize = 8;

/// A secret that both sides hold.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What of an endpoint a secret is for. One direction's secret never verifies the other's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// We sign, the partner verifies.
    Outbound,
    /// The partner signs, we verify.
    Inbound,
}

impl Secret {
    /// The secret of an endpoint, derived from a key that never leaves the host, so that none is kept anywhere. A new
    /// `generation` is a new secret.
    pub fn derive(host_key: &[u8; 32], endpoint: &str, direction: Direction, generation: u32) -> Self {
        let direction = match direction {
            Direction::Outbound => "outbound",
            Direction::Inbound => "inbound",
        };
        let context = format!("xitai partner secret\n{direction}\n{generation}\n{endpoint}");
        Self(mac(host_key, &[context.as_bytes()]).finalize().into_bytes().into())
    }

    /// As it is given to the partner, once: `whsec_` and base64.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.0))
    }

    /// Reads what [`Self::reveal`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.strip_prefix("whsec_")?.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac
}

fn message_mac(secret: &Secret, id: &str, timestamp_s: i64, body: &[u8]) -> Hmac<Sha256> {
    mac(&secret.0, &[id.as_bytes(), b".", timestamp_s.to_string().as_bytes(), b".", body])
}

/// The value of the signature's header.
pub fn sign(secrets: &[Secret], id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let one =
        |secret| format!("v1,{}", BASE64.encode(&message_mac(secret, id, timestamp_s, body).finalize().into_bytes()));
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The tag of a text in base64url, as a partner writes it.
pub fn tag(secret: &Secret, text: &str) -> String {
    BASE64URL_NOPAD.encode(&mac(&secret.0, &[text.as_bytes()]).finalize().into_bytes())
}

/// Whether a tag in base64url is that of a text, under any of these secrets.
pub fn fits(secrets: &[Secret], text: &str, tag: &str) -> bool {
    let Ok(tag) = BASE64URL_NOPAD.decode(tag.as_bytes()) else { return false };
    secrets.iter().any(|secret| mac(&secret.0, &[text.as_bytes()]).verify_slice(&tag).is_ok())
}

/// Why a message isn't believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbelieved {
    /// A header is missing or can't be read.
    Malformed,
    /// It was signed too long ago, or its sender's clock is far ahead.
    OutOfTime,
    /// No signature fits.
    Forged,
}

/// Checks a message by its three headers. Nothing is said about whether it was seen before.
pub fn verify(
    secrets: &[Secret],
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now_s: i64,
    tolerance_s: i64,
) -> Result<(), Unbelieved> {
    let timestamp_s: i64 = timestamp.parse().map_err(|_| Unbelieved::Malformed)?;
    if id.is_empty() || timestamp_s.to_string() != timestamp {
        return Err(Unbelieved::Malformed);
    }
    let mut given = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).take(SIGNATURES_MAX).peekable();
    if given.peek().is_none() {
        return Err(Unbelieved::Malformed);
    }
    let fits = given.any(|text| {
        let Ok(tag) = BASE64.decode(text.as_bytes()) else { return false };
        secrets.iter().any(|secret| message_mac(secret, id, timestamp_s, body).verify_slice(&tag).is_ok())
    });
    match fits {
        false => Err(Unbelieved::Forged),
        // After the signature: a forger learns nothing about our clock.
        true if timestamp_s.abs_diff(now_s) > tolerance_s.unsigned_abs() => Err(Unbelieved::OutOfTime),
        true => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn the_specifications_own_example_verifies() {
        let key = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", b"{\"test\": 2432232314}");
        let content = [id.as_bytes(), b".1614265330.", body].concat();
        let tag = BASE64.encode(&mac(&key, &[&content]).finalize().into_bytes());
        assert_eq!(tag, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_text_has_its_tag_under_either_secret() {
        let (old, new) = (Secret([1; 32]), Secret([2; 32]));
        let signed = tag(&old, "launch");
        assert!(fits(&[new.clone(), old.clone()], "launch", &signed));
        for (secrets, text, given) in [
            (vec![new], "launch", signed.as_str()),
            (vec![old.clone()], "lunch", &signed),
            (vec![old.clone()], "launch", &signed[1..]),
            (vec![old.clone()], "launch", ""),
            (Vec::new(), "launch", &signed),
        ] {
            assert!(!fits(&secrets, text, given), "{text} {given}");
        }
    }

    #[test]
    fn only_the_signed_message_verifies_and_only_in_time() {
        let (old, new) = (Secret([1; 32]), Secret([2; 32]));
        let both = [old.clone(), new.clone()];
        let header = sign(&both, "msg_1", 1_000, b"{}");
        let check = |secrets: &[Secret], id: &str, at: &str, signatures: &str, body: &[u8], now_s| {
            verify(secrets, id, at, signatures, body, now_s, 300)
        };
        assert_eq!(check(std::slice::from_ref(&old), "msg_1", "1000", &header, b"{}", 1_000), Ok(()), "either secret");
        assert_eq!(check(std::slice::from_ref(&new), "msg_1", "1000", &header, b"{}", 1_000), Ok(()), "either secret");
        assert_eq!(check(&both, "msg_1", "1000", &header, b"{}", 1_300), Ok(()), "the edge of time");
        assert_eq!(check(&both, "msg_1", "1000", &header, b"{}", 700), Ok(()), "a clock that is behind");
        assert_eq!(check(&both, "msg_1", "1000", &header, b"{}", 1_301), Err(Unbelieved::OutOfTime));
        assert_eq!(check(&both, "msg_1", "1000", &header, b"{}", 699), Err(Unbelieved::OutOfTime));
        assert_eq!(check(&both, "msg_2", "1000", &header, b"{}", 1_000), Err(Unbelieved::Forged));
        assert_eq!(check(&both, "msg_1", "1001", &header, b"{}", 1_000), Err(Unbelieved::Forged));
        assert_eq!(check(&both, "msg_1", "1000", &header, b"{ }", 1_000), Err(Unbelieved::Forged));
        assert_eq!(check(&[], "msg_1", "1000", &header, b"{}", 1_000), Err(Unbelieved::Forged));
        assert_eq!(check(&[Secret([3; 32])], "msg_1", "1000", &header, b"{}", 1_000), Err(Unbelieved::Forged));
        for signatures in ["", "v1", "v2,abc", "v1a,abc"] {
            assert_eq!(check(&both, "msg_1", "1000", signatures, b"{}", 1_000), Err(Unbelieved::Malformed));
        }
        for at in ["", "x", "+1000", "01000", "1000.0", " 1000"] {
            assert_eq!(check(&both, "msg_1", at, &header, b"{}", 1_000), Err(Unbelieved::Malformed), "{at:?}");
        }
        let truncated = &header[..30];
        assert_eq!(check(&both, "msg_1", "1000", truncated, b"{}", 1_000), Err(Unbelieved::Forged));
    }

    #[test]
    fn secrets_differ_by_endpoint_direction_and_generation() {
        let secret = |endpoint, direction, generation| Secret::derive(&[7; 32], endpoint, direction, generation);
        let one = secret("cn.bank.clinic/hospital", Direction::Outbound, 1);
        assert_eq!(Secret::parse(&one.reveal()), Some(one.clone()));
        assert_eq!(one, secret("cn.bank.clinic/hospital", Direction::Outbound, 1));
        assert_ne!(one, secret("cn.bank.clinic/other", Direction::Outbound, 1));
        assert_ne!(one, secret("cn.bank.clinic/hospital", Direction::Inbound, 1));
        assert_ne!(one, secret("cn.bank.clinic/hospital", Direction::Outbound, 2));
        assert_eq!(format!("{one:?}"), "Secret", "it is in no log");
        assert_eq!(Secret::parse("whsec_AAAA"), None);
    }
}
