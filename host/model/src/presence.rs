//! Presence: that somebody was there, and meant exactly this.
//!
//! A passkey signs a challenge. Where it stands for a decision, the challenge is the digest of that decision: of a sheet
//! as it was shown, or of what a member of staff is about to do. So the signature says what was agreed to, and can be
//! checked again by whoever has the proof and nothing else.

use crate::code;
use crate::digest::Digest;
use crate::identity::Who;
use crate::limits;
use crate::matter::{MatterBody, MatterKind};
use crate::policy::StepUp;
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// A passkey of a customer or a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The credential's id, base64url.
    pub id: String,
    pub who: Who,
    /// What its owner calls it.
    pub name: String,
    pub made_ms: i64,
    pub used_ms: Option<i64>,
    /// Public key and counter, in the form of the crate that checks signatures.
    pub credential: String,
}

/// What a challenge is for. An answer to one is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A new passkey.
    Register,
    /// A sign-in with a passkey.
    SignIn,
    /// A proof for one digest.
    StepUp,
    /// A proof that was given and waits for what it is for.
    Proof,
    /// A one-time code.
    Code,
    /// A sign-in at a provider.
    Provider,
    /// A card that is being entered at its rail's own page.
    Card,
}

/// A question that waits for its one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// Not to be guessed: 32 random characters.
    pub id: String,
    pub purpose: Purpose,
    /// Absent before somebody has signed in.
    pub who: Option<Who>,
    pub expires_ms: i64,
    pub body: serde_json::Value,
}

impl Challenge {
    /// Whether it may be answered: by the right person, for the right purpose, in time.
    pub fn takes(&self, purpose: Purpose, who: Option<&Who>, now_ms: i64) -> bool {
        self.purpose == purpose && self.who.as_ref() == who && now_ms < self.expires_ms
    }
}

/// What a member of staff is about to do, as a document to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Intent<'a> {
    pub who: &'a Who,
    /// A word of [`crate::policy::Action`].
    pub action: &'a str,
    /// To what, exactly: everything that makes the decision this one and no other.
    pub subject: &'a str,
    /// 16 random bytes in hexadecimal, so that no signature serves twice.
    pub nonce: &'a str,
}

impl Intent<'_> {
    pub fn digest(&self) -> Digest {
        Digest::of_parts(&[
            b"intent",
            self.who.audit_name().as_bytes(),
            self.action.as_bytes(),
            self.subject.as_bytes(),
            self.nonce.as_bytes(),
        ])
    }
}

/// A proof of presence, as whoever needs it keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What was signed: the challenge.
    pub digest: Digest,
    /// The passkey's id.
    pub passkey: String,
    pub at_ms: i64,
    /// A JSON document with all that a check needs: key, signature and the signed bytes.
    pub text: String,
}

impl Proof {
    /// Whether it is young enough to count as presence.
    pub fn is_fresh(&self, now_ms: i64) -> bool {
        (0..limits::PROOF_MS_MAX).contains(&(now_ms - self.at_ms))
    }
}

/// A program asks the customer to prove once more that it is them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// For the customer: what it is for.
    pub purpose: String,
}

impl MatterBody for Asking {
    const KIND: MatterKind = MatterKind::Presence;
}

pub fn asking(purpose: &str) -> Result<Asking, Refusal> {
    let (purpose, most) = (purpose.trim(), limits::PRESENCE_PURPOSE_CHARS_MAX);
    if purpose.is_empty() || !text::is_clean(purpose, most) {
        return Err(Refusal::of(code::PRESENCE_PURPOSE, format!("1 to {most} characters")));
    }
    Ok(Asking { purpose: purpose.to_owned() })
}

/// How somebody proves presence on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// A passkey signs the digest of the sheet.
    Passkey,
    Password,
    /// They have nothing that the bank takes.
    None,
}

/// Which it is. Whoever has a passkey uses it: a weaker way beside it would be the way of whoever stole the phone.
pub fn factor(bank: StepUp, has_passkey: bool, has_password: bool) -> Factor {
    match (has_passkey, has_password, bank) {
        (true, _, _) => Factor::Passkey,
        (false, true, StepUp::Optional) => Factor::Password,
        (false, _, _) => Factor::None,
    }
}

/// How many wrong tries a one-time code takes, and whether it is this one. Codes are compared as digests, so that the
/// time of an answer says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeCode {
    pub digest: Digest,
    pub guesses: u32,
}

/// What a guess comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guessed {
    Right,
    /// With what is left to be guessed at.
    Wrong(OneTimeCode),
    /// That was the last one: the code is worth nothing any more.
    Over,
}

impl OneTimeCode {
    /// `challenge` keeps equal codes of different people apart.
    pub fn new(challenge: &str, code: &str) -> Self {
        Self { digest: Self::digest_of(challenge, code), guesses: 0 }
    }
    fn digest_of(challenge: &str, code: &str) -> Digest {
        Digest::of_parts(&[b"one-time code", challenge.as_bytes(), code.as_bytes()])
    }
    pub fn guess(&self, challenge: &str, code: &str) -> Guessed {
        if self.guesses >= limits::CODE_GUESSES_MAX {
            return Guessed::Over;
        }
        if self.digest == Self::digest_of(challenge, code) {
            return Guessed::Right;
        }
        let guesses = self.guesses + 1;
        if guesses >= limits::CODE_GUESSES_MAX {
            Guessed::Over
        } else {
            Guessed::Wrong(Self { guesses, ..self.clone() })
        }
    }
}

/// Six digits out of random bytes, each equally likely.
pub fn six_digits(random: [u8; 8]) -> String {
    // 2^64 is so much larger than a million that what the remainder prefers can't be noticed.
    format!("{:06}", u64::from_be_bytes(random) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StaffId;

    fn staff(id: &str) -> Who {
        Who::Staff(StaffId::parse(id).unwrap())
    }

    #[test]
    fn an_intent_is_of_one_person_one_action_one_thing_and_one_time() {
        let (sun, wu) = (staff("duty-sun"), staff("manager-wu"));
        let intent = Intent { who: &sun, action: "stop.make", subject: "cn.bank.canteen", nonce: "00" };
        let others = [
            Intent { who: &wu, ..intent },
            Intent { action: "stop.lift", ..intent },
            Intent { subject: "cn.bank.queue", ..intent },
            Intent { nonce: "01", ..intent },
            Intent { action: "stop.makecn", subject: ".bank.canteen", ..intent },
        ];
        for other in others {
            assert_ne!(other.digest(), intent.digest(), "{other:?}");
        }
        assert_eq!(intent.digest(), Intent { ..intent }.digest());
    }

    #[test]
    fn a_challenge_takes_its_own_answer_only() {
        let sun = staff("duty-sun");
        let challenge = Challenge {
            id: "c".to_owned(),
            purpose: Purpose::StepUp,
            who: Some(sun.clone()),
            expires_ms: 1_000,
            body: serde_json::Value::Null,
        };
        assert!(challenge.takes(Purpose::StepUp, Some(&sun), 999));
        assert!(!challenge.takes(Purpose::StepUp, Some(&sun), 1_000), "over");
        assert!(!challenge.takes(Purpose::SignIn, Some(&sun), 1), "another purpose");
        assert!(!challenge.takes(Purpose::StepUp, Some(&staff("manager-wu")), 1), "another person");
        assert!(!challenge.takes(Purpose::StepUp, None, 1), "nobody");
    }

    #[test]
    fn a_proof_grows_old() {
        let proof = Proof { digest: Digest::of(b"d"), passkey: "p".to_owned(), at_ms: 1_000, text: String::new() };
        assert!(proof.is_fresh(1_000) && proof.is_fresh(1_000 + limits::PROOF_MS_MAX - 1));
        assert!(!proof.is_fresh(1_000 + limits::PROOF_MS_MAX));
        assert!(!proof.is_fresh(999), "nothing is proved before its time");
    }

    #[test]
    fn what_it_is_for_is_a_sentence() {
        let most = limits::PRESENCE_PURPOSE_CHARS_MAX;
        assert_eq!(asking(" To change your card ").unwrap().purpose, "To change your card");
        assert!(asking(&"字".repeat(most)).is_ok());
        for purpose in ["", "  ", "a\u{202e}b", &"字".repeat(most + 1)] {
            assert_eq!(asking(purpose).unwrap_err().code, "presence.purpose", "{purpose:?}");
        }
    }

    #[test]
    fn whoever_has_a_passkey_uses_it_and_the_policy_says_what_else_counts() {
        use Factor::{None, Passkey, Password};
        let of = |passkey, password| [StepUp::Optional, StepUp::Required].map(|bank| factor(bank, passkey, password));
        assert_eq!(of(true, true), [Passkey, Passkey]);
        assert_eq!(of(true, false), [Passkey, Passkey]);
        assert_eq!(of(false, true), [Password, None]);
        assert_eq!(of(false, false), [None, None]);
    }

    #[test]
    fn a_code_takes_so_many_guesses_and_then_not_even_the_right_one() {
        let mut code = OneTimeCode::new("c1", "012345");
        assert_eq!(code.guess("c1", "012345"), Guessed::Right);
        assert!(matches!(code.guess("c2", "012345"), Guessed::Wrong(_)), "another challenge's");
        for _ in 1..limits::CODE_GUESSES_MAX {
            let Guessed::Wrong(next) = code.guess("c1", "000000") else { panic!("{code:?}") };
            code = next;
            assert_eq!(code.guess("c1", "012345"), Guessed::Right);
        }
        assert_eq!(code.guess("c1", "000000"), Guessed::Over);
        code.guesses += 1;
        assert_eq!(code.guess("c1", "012345"), Guessed::Over);
    }

    #[test]
    fn a_code_is_always_six_digits() {
        assert_eq!(six_digits([0; 8]), "000000");
        assert_eq!(six_digits([255; 8]).len(), 6);
        assert_eq!(six_digits(7_u64.to_be_bytes()), "000007");
    }
}
