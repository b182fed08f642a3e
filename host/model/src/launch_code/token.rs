//! What is printed: `SET.GENERATION.NUMBER.PROOF`. The proof is over program, page and all that stands before it, under
//! the set's own key; half of it is enough, since it can't be tried but at the bank.

use crate::ids::{MatterId, ProgramId};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

const PROOF_BYTES: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub code: MatterId,
    pub generation: u32,
    pub number: u32,
    proof: [u8; PROOF_BYTES],
}

/// Whether a text is written as a token is. Programs have parameters of their own under the same name.
pub fn is_token(text: &str) -> bool {
    Token::parse(text).is_some()
}

impl Token {
    /// The token of a copy.
    pub fn of(key: &[u8; 32], program: &ProgramId, page: &str, code: MatterId, generation: u32, number: u32) -> Self {
        let mut proof = [0; PROOF_BYTES];
        let whole = mac(key, program, page, &code, generation, number).finalize().into_bytes();
        proof.copy_from_slice(&whole[..PROOF_BYTES]);
        Self { code, generation, number, proof }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let code = MatterId::parse(parts.next()?).ok()?;
        let (generation, number) = (plain_number(parts.next()?)?, plain_number(parts.next()?)?);
        let proof = BASE64URL_NOPAD.decode(parts.next()?.as_bytes()).ok()?.try_into().ok()?;
        parts.next().is_none().then_some(Self { code, generation, number, proof })
    }

    /// Whether its proof holds for a page of a program, under a key. Takes as long whether it nearly does or not at all.
    pub fn holds(&self, key: &[u8; 32], program: &ProgramId, page: &str) -> bool {
        let mac = mac(key, program, page, &self.code, self.generation, self.number);
        mac.verify_truncated_left(&self.proof).is_ok()
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.code, self.generation, self.number, BASE64URL_NOPAD.encode(&self.proof))
    }
}

/// A number as it is written, so that one copy has one text.
fn plain_number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Over parts that are each preceded by their length, so that no two copies share one.
fn mac(key: &[u8; 32], program: &ProgramId, page: &str, code: &MatterId, generation: u32, number: u32) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    let (generation, number) = (generation.to_be_bytes(), number.to_be_bytes());
    let parts: [&[u8]; 6] =
        [b"launch-code", program.as_str().as_bytes(), page.as_bytes(), code.as_str().as_bytes(), &generation, &number];
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}
