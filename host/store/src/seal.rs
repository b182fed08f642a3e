//! Sealing: XChaCha20-Poly1305 under a data key, bound to the place where the bytes are kept.
//!
//! A sealed value is a random nonce of 24 bytes and the ciphertext. The place is authenticated with it, so that a
//! value that was moved to another row does not open.

use crate::StoreError;
use crate::error::corrupt;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;

pub(crate) const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// A key that seals.
pub(crate) struct SealingKey(XChaCha20Poly1305);

impl SealingKey {
    pub(crate) fn of_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(XChaCha20Poly1305::new(bytes.into()))
    }

    pub(crate) fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).expect("the operating system has randomness once it has started");
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.to_string().as_bytes() })
            .expect("encryption fails only past 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    pub(crate) fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (nonce, ciphertext) =
            sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| corrupt(format!("{place} is too short")))?;
        self.0
            .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad: place.to_string().as_bytes() })
            .map_err(|_| corrupt(format!("{place} does not open with its key")))
    }
}

/// Where a sealed value is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    DataKey(&'a str),
    Opening(&'a str),
    State(&'a str),
    Step(&'a str, u64),
    Storage(&'a str, &'a str, &'a str),
    Profile(&'a str),
    Matter(&'a str, u64),
    /// Session, position, and which host call of the step.
    Answer(&'a str, u64, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataKey(owner) => write!(f, "data key of {owner}"),
            Self::Opening(session) => write!(f, "opening of session {session}"),
            Self::State(session) => write!(f, "state of session {session}"),
            Self::Step(session, position) => write!(f, "step {position} of session {session}"),
            Self::Storage(program, customer, key) => write!(f, "storage {program} {customer} {key}"),
            Self::Matter(id, revision) => write!(f, "revision {revision} of matter {id}"),
            Self::Answer(session, position, call) => {
                write!(f, "answer {call} of step {position} of session {session}")
            }
            Self::Profile(customer) => write!(f, "profile of customer {customer}"),
        }
    }
}
