//! The customer's word. A rating needs a settled payment; complaints reach head office and nobody else.

use crate::Refusal;
use crate::bindings::xitai::content::feedback as contract;
use crate::host::feedback as host;
pub use contract::Rating;

/// The customer rates what a payment was for: one to five stars. Each payment has one rating, which may be changed for
/// a week under a new key. `about` is the program's own name for what is rated; empty: the program.
pub fn rate(about: &str, payment: &str, stars: u8, text: &str, key: &str) -> Result<(), Refusal> {
    host::rate(about, Some(payment), stars, text, key)
}
/// The customer complains to head office; the number of the complaint is answered, which the customer finds in the app.
pub fn complain(about: &str, text: &str, key: &str) -> Result<String, Refusal> {
    host::complain(about, text, key)
}
/// Ratings, newest first: a page of them, and the cursor to the next where there is one.
pub fn ratings(about: &str, after: Option<&str>) -> Result<(Vec<Rating>, Option<String>), Refusal> {
    host::ratings(about, after)
}
/// Staff answer a rating of their branch; again under a new key says it better.
pub fn answer(rating: &str, text: &str, key: &str) -> Result<(), Refusal> {
    host::answer(rating, text, key)
}
/// Stars and ratings so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The sum of all stars.
    pub stars: u64,
    /// How many ratings they are of.
    pub ratings: u32,
}
impl Tally {
    /// Such as `4.7`; nothing where nobody has rated.
    pub fn average(&self) -> Option<String> {
        let count = u64::from(self.ratings);
        let tenths = (self.stars * 10 + count / 2).checked_div(count)?;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }
}
/// What the ratings sum to.
pub fn tally(about: &str) -> Result<Tally, Refusal> {
    let (stars, ratings) = host::tally(about)?;
    Ok(Tally { stars, ratings })
}
