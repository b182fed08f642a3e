//! Yes-or-no questions about the customer that the bank answers, so that you need not know the fact itself.

use crate::Refusal;
use crate::host::proofs as host;

pub use crate::bindings::xitai::identity::proofs::{Answer, Predicate};

fn prove(kind: &str, value: &str, purpose: &str) -> Result<Answer, Refusal> {
    host::prove(&Predicate { kind: kind.to_owned(), value: value.to_owned() }, purpose)
}

/// Whether they have reached an age, on the bank's own day.
pub fn over_age(years: u16, purpose: &str) -> Result<Answer, Refusal> {
    prove("over-age", &years.to_string(), purpose)
}
/// Whether they live in a region: `CN`, or `CN-` and an administrative division.
pub fn resident_of(region: &str, purpose: &str) -> Result<Answer, Refusal> {
    prove("resident-of", region, purpose)
}
/// Whether they are in a group of the bank's.
pub fn member_of(group: &str, purpose: &str) -> Result<Answer, Refusal> {
    prove("member-of", group, purpose)
}
/// Whether they have an account of a kind, such as `current`.
pub fn has_account(kind: &str, purpose: &str) -> Result<Answer, Refusal> {
    prove("has-account", kind, purpose)
}
/// Whether their score band, 1 to 5, is at least this.
pub fn score_band_at_least(band: u8, purpose: &str) -> Result<Answer, Refusal> {
    prove("score-band-at-least", &band.to_string(), purpose)
}
/// Whether a product of this risk, `R1` to `R5`, suits them.
pub fn suitable_for(risk: &str, purpose: &str) -> Result<Answer, Refusal> {
    prove("suitable-for", risk, purpose)
}
/// Whether they are the guardian of another customer of this program, by that one's subject.
pub fn guardian_of(subject: &str, purpose: &str) -> Result<Answer, Refusal> {
    prove("guardian-of", subject, purpose)
}
/// A question of a kind that this SDK has no function for.
pub fn ask(kind: &str, value: &str, purpose: &str) -> Result<Answer, Refusal> {
    prove(kind, value, purpose)
}
