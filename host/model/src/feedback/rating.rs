//! Ratings. One for each settled payment, by the customer who paid it; it may be changed for a week. Its stars count at
//! once; its text is shown when the machine, or a person after it, has looked.

use super::written;
use crate::code;
use crate::direct::is_direct;
use crate::ids::{CustomerId, PaymentId, ProgramId, StaffId};
use crate::limits::{RATING_EDIT_MS_MAX, STORAGE_KEY_BYTES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::payment::{Payment, Status};
use crate::refusal::Refusal;
use crate::release::{Finding, Severity};
use serde::{Deserialize, Serialize};

/// The body of its matter, whose key is the payment. The text is the customer's: it is sealed under [`TEXT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// What it is about, by the program's name for it; empty: the program itself.
    pub about: String,
    pub payment: PaymentId,
    pub stars: u8,
    /// The program's key of the last change.
    pub key: String,
    pub first_ms: i64,
    pub changed_ms: i64,
    pub state: State,
    /// Codes of what the machine found.
    #[serde(default)]
    pub findings: Vec<String>,
    /// The merchant's.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// By whom it was taken down, and why.
    #[serde(default)]
    pub moderated: Option<(StaffId, String)>,
}

/// The sealed value that holds the text.
pub const TEXT: &str = "text";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The machine has not looked at the text yet.
    Checking,
    Shown,
    /// The machine found something: a person decides.
    Held,
    /// Neither shown nor counted.
    TakenDown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub text: String,
    pub key: String,
    pub at_ms: i64,
}

impl MatterBody for Rating {
    const KIND: MatterKind = MatterKind::Rating;
    fn due_ms(&self) -> Option<i64> {
        (self.state == State::Checking).then_some(self.changed_ms)
    }
}

impl Rating {
    /// Whether its stars are in the sums.
    pub fn counts(&self) -> bool {
        self.state != State::TakenDown
    }
}

/// What a customer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub about: String,
    pub payment: PaymentId,
    pub stars: u8,
    pub text: String,
    pub key: String,
}

impl Wish {
    pub fn checked(mut self) -> Result<Self, Refusal> {
        if !(1..=5).contains(&self.stars) {
            return Err(Refusal::of(code::RATING_STARS, self.stars.to_string()));
        }
        if self.about.len() > STORAGE_KEY_BYTES_MAX || self.about.chars().any(char::is_control) {
            return Err(Refusal::of(code::LIMIT_STORAGE_KEY, "about"));
        }
        self.text = written(&self.text)?;
        Ok(self)
    }
}

/// Whether a payment gives its customer a word: theirs, with this program, settled, not play money, and not all of it
/// given back.
pub fn may_rate(payment: &Payment, program: &ProgramId, customer: &CustomerId) -> Result<(), Refusal> {
    let is_theirs = payment.program == *program && payment.customer == *customer && !is_direct(payment);
    let is_settled = matches!(payment.status, Status::Settled | Status::PartlyCaptured) && !payment.practice;
    if is_theirs && is_settled && payment.refunded.minor < payment.captured.minor {
        return Ok(());
    }
    // Somebody else's payment and none at all look the same.
    Err(Refusal::of(code::RATING_NOT_PAID, ""))
}

/// What a wish comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Rated {
    /// It was said before.
    Same,
    First(Rating),
    Changed(Rating),
}

/// Takes a wish. `before` is the rating of the same payment with its text.
pub fn rate(before: Option<(&Rating, &str)>, wish: Wish, now_ms: i64) -> Result<Rated, Refusal> {
    let wish = wish.checked()?;
    let Wish { about, payment, stars, text, key } = wish;
    let state = if text.is_empty() { State::Shown } else { State::Checking };
    let Some((rating, held)) = before else {
        return Ok(Rated::First(Rating {
            about,
            payment,
            stars,
            key,
            first_ms: now_ms,
            changed_ms: now_ms,
            state,
            findings: Vec::new(),
            answer: None,
            moderated: None,
        }));
    };
    let same = rating.stars == stars && held == text && rating.about == about;
    if same && rating.key == key {
        return Ok(Rated::Same);
    }
    if rating.key == key {
        return Err(Refusal::of(code::FEEDBACK_KEY_REUSED, ""));
    }
    if rating.about != about {
        return Err(Refusal::of(code::RATING_EXISTS, ""));
    }
    if rating.state == State::TakenDown || now_ms >= rating.first_ms.saturating_add(RATING_EDIT_MS_MAX) {
        return Err(Refusal::of(code::RATING_EDIT_OVER, ""));
    }
    let state = if held == text { rating.state } else { state };
    Ok(Rated::Changed(Rating { stars, key, changed_ms: now_ms, state, ..rating.clone() }))
}

/// The machine has looked at the text.
pub fn checked(rating: &Rating, findings: &[Finding]) -> Rating {
    let grave = findings.iter().any(|finding| finding.severity != Severity::Info);
    Rating {
        state: if grave { State::Held } else { State::Shown },
        findings: findings.iter().map(|finding| finding.code.clone()).collect(),
        ..rating.clone()
    }
}

/// A person decides: shown, or taken down with a reason.
pub fn moderate(rating: &Rating, shown: bool, by: StaffId, reason: &str) -> Result<Rating, Refusal> {
    if shown {
        return Ok(Rating { state: State::Shown, moderated: Some((by, String::new())), ..rating.clone() });
    }
    if reason.trim().is_empty() {
        return Err(Refusal::of(code::CONTENT_NOTE_MISSING, "no reason"));
    }
    Ok(Rating { state: State::TakenDown, moderated: Some((by, reason.trim().to_owned())), ..rating.clone() })
}

/// The merchant answers, or says it better. `None`: that very answer is there already.
pub fn answer(rating: &Rating, text: &str, key: &str, now_ms: i64) -> Result<Option<Rating>, Refusal> {
    let text = written(text)?;
    if text.is_empty() {
        return Err(Refusal::of(code::FEEDBACK_TEXT, "it is empty"));
    }
    match &rating.answer {
        Some(said) if said.key == key && said.text == text => return Ok(None),
        Some(said) if said.key == key => return Err(Refusal::of(code::FEEDBACK_KEY_REUSED, "")),
        _ if rating.state == State::TakenDown => return Err(Refusal::of(code::RATING_NOT_FOUND, "")),
        _ => {}
    }
    Ok(Some(Rating { answer: Some(Answer { text, key: key.to_owned(), at_ms: now_ms }), ..rating.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(stars: u8, text: &str, key: &str) -> Wish {
        let payment = PaymentId::new(1, [1; 10]);
        Wish { about: "soup".to_owned(), payment, stars, text: text.to_owned(), key: key.to_owned() }
    }
    fn first() -> Rating {
        match rate(None, wish(4, "好吃", "a"), 1_000).unwrap() {
            Rated::First(rating) => rating,
            other => panic!("{other:?}"),
        }
    }
    fn code_of<T: std::fmt::Debug>(said: Result<T, Refusal>) -> String {
        said.unwrap_err().code
    }

    #[test]
    fn one_payment_has_one_rating_that_may_change_for_a_week() {
        let rating = first();
        assert_eq!((rating.state, rating.due_ms()), (State::Checking, Some(1_000)));
        let before = Some((&rating, "好吃"));
        assert_eq!(rate(before, wish(4, " 好吃 ", "a"), 2_000), Ok(Rated::Same));
        assert_eq!(code_of(rate(before, wish(5, "好吃", "a"), 2_000)), "feedback.key-reused");
        let last = 1_000 + RATING_EDIT_MS_MAX - 1;
        let Rated::Changed(changed) = rate(before, wish(2, "咸了", "b"), last).unwrap() else { panic!() };
        assert_eq!((changed.stars, changed.first_ms, changed.state), (2, 1_000, State::Checking));
        assert_eq!(code_of(rate(before, wish(2, "咸了", "b"), last + 1)), "rating.edit-over");
        let elsewhere = Wish { about: "rice".to_owned(), ..wish(5, "", "c") };
        assert_eq!(code_of(rate(before, elsewhere, 2_000)), "rating.exists");
        let taken = moderate(&rating, false, StaffId::parse("sun").unwrap(), "骂人").unwrap();
        assert_eq!(code_of(rate(Some((&taken, "好吃")), wish(5, "x", "d"), 2_000)), "rating.edit-over");
        assert!(!taken.counts());
        let Rated::First(silent) = rate(None, wish(3, "", "a"), 1).unwrap() else { panic!() };
        assert_eq!(silent.state, State::Shown, "without a text there is nothing to look at");
    }

    #[test]
    fn what_is_no_rating_is_refused() {
        for (stars, text, expected) in [(0, "", "rating.stars"), (6, "", "rating.stars"), (3, "a\0b", "feedback.text")]
        {
            assert_eq!(code_of(rate(None, wish(stars, text, "k"), 1)), expected);
        }
        let long = "长".repeat(crate::limits::FEEDBACK_TEXT_CHARS_MAX + 1);
        assert_eq!(code_of(rate(None, wish(3, &long, "k"), 1)), "feedback.text");
        assert!(rate(None, wish(3, &long[..long.len() - 3], "k"), 1).is_ok());
        assert_eq!(code_of(moderate(&first(), false, StaffId::parse("sun").unwrap(), " ")), "content.note-missing");
    }

    #[test]
    fn the_merchant_answers_once_a_key() {
        let answered = answer(&first(), "谢谢", "k1", 5).unwrap().unwrap();
        assert_eq!(answer(&answered, "谢谢", "k1", 6), Ok(None));
        assert_eq!(code_of(answer(&answered, "别的", "k1", 6)), "feedback.key-reused");
        let better = answer(&answered, "谢谢您", "k2", 7).unwrap().unwrap();
        assert_eq!(better.answer.map(|it| it.text).as_deref(), Some("谢谢您"));
        assert_eq!(code_of(answer(&first(), " ", "k", 5)), "feedback.text");
    }

    #[test]
    fn what_the_machine_finds_is_held_for_a_person() {
        let found = [Finding::of(Severity::Warning, code::CONTENT_CONTACT, "text", "138…")];
        let held = checked(&first(), &found);
        assert_eq!((held.state, held.due_ms(), held.counts()), (State::Held, None, true));
        assert_eq!(checked(&first(), &[]).state, State::Shown);
        assert_eq!(moderate(&held, true, StaffId::parse("sun").unwrap(), "").unwrap().state, State::Shown);
    }
}
