//! The customer's word: ratings tied to a payment, and complaints that reach head office past the publisher.

pub mod complaint;
pub mod rating;

use crate::ids::{BranchId, ProgramId};
use crate::limits::FEEDBACK_TEXT_CHARS_MAX;
use crate::refusal::Refusal;
use crate::services::SharedKey;
use crate::{code, text};

/// What customers and merchants write here: bounded, without control characters, trimmed.
pub fn written(text: &str) -> Result<String, Refusal> {
    if !text::is_enterable(text, FEEDBACK_TEXT_CHARS_MAX) {
        return Err(Refusal::of(code::FEEDBACK_TEXT, format!("at most {FEEDBACK_TEXT_CHARS_MAX} plain characters")));
    }
    let mut cleaned = text.trim().to_owned();
    // Nothing is left in it that this refuses.
    text::clean(&mut cleaned, FEEDBACK_TEXT_CHARS_MAX)
        .map_err(|fault| Refusal::of(code::FEEDBACK_TEXT, format!("{fault:?}")))?;
    Ok(cleaned)
}

/// What ratings of a program are about: a name that the program chose; empty for the program itself.
pub fn about(program: &ProgramId, name: &str) -> String {
    format!("rating/{program}/{name}")
}

/// Where the sums of a rating's subject are kept, exact and in the same commit. The names begin with a control
/// character, which no program can write, so that no program can move them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub stars: SharedKey,
    pub ratings: SharedKey,
}

/// The sums of one subject.
pub fn tally(program: &ProgramId, bank: &BranchId, name: &str) -> Tally {
    keys(program, bank, &format!("about/{name}"))
}
/// The sums of all subjects of a program.
pub fn tally_of_program(program: &ProgramId, bank: &BranchId) -> Tally {
    keys(program, bank, "all")
}

fn keys(program: &ProgramId, bank: &BranchId, name: &str) -> Tally {
    let key =
        |sum: &str| SharedKey { program: program.clone(), branch: bank.clone(), name: format!("\u{1}{sum}/{name}") };
    Tally { stars: key("stars"), ratings: key("ratings") }
}
