//! `feedback`: the customer's word. Ratings need a settled payment; complaints reach head office unseen by the
//! publisher: no function here gives one out.

use super::Collected;
use crate::bindings::xitai::content::feedback as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::content::search::squeezed;
use xitai_model::feedback::complaint::{Complaint, Said, THREAD, first_words};
use xitai_model::feedback::rating::{self, Rated, Rating, State, TEXT, Wish, may_rate};
use xitai_model::feedback::{Tally, about, tally, tally_of_program};
use xitai_model::ids::{CustomerId, PaymentId};
use xitai_model::limits::COMPLAINTS_OPEN_MAX;
use xitai_model::matter::Matter;
use xitai_model::refusal::Refusal;
use xitai_model::services::SharedKey;

/// What this call adds to the sums.
#[derive(Default)]
pub(crate) struct Tallies {
    deltas: BTreeMap<SharedKey, i64>,
}

impl Tallies {
    pub(super) fn collect(self, collected: &mut Collected) {
        for (key, delta) in self.deltas.into_iter().filter(|(_, delta)| *delta != 0) {
            collected.changes.push(Change::CounterAdd { key, delta, at_least: 0, at_most: i64::MAX });
        }
    }
    fn add(&mut self, tally: Tally, stars: i64, ratings: i64) {
        *self.deltas.entry(tally.stars).or_default() += stars;
        *self.deltas.entry(tally.ratings).or_default() += ratings;
    }
}

#[derive(Serialize)]
struct Rate {
    about: String,
    payment: Option<String>,
    stars: u8,
    text: String,
    key: String,
}
#[derive(Serialize)]
struct Complain {
    about: String,
    text: String,
    key: String,
}
#[derive(Serialize)]
struct Ratings {
    about: String,
    after: Option<String>,
}
#[derive(Serialize)]
struct Answer {
    rating: String,
    text: String,
    key: String,
}
#[derive(Serialize)]
struct About {
    about: String,
}
#[derive(Serialize, Deserialize)]
struct Told {
    id: String,
    stars: u8,
    text: String,
    at_ms: i64,
    answer: Option<String>,
}

fn text_of(matter: &Matter) -> String {
    matter.unsealed(TEXT).unwrap_or_default()
}

impl CallState {
    /// The customer whom the call serves. Staff have no word about their own shop.
    fn customer_with_a_word(&self) -> Result<CustomerId, Refusal> {
        let customer = self.scope.customer.clone().filter(|_| !self.scope.acts_for_merchant);
        customer.ok_or_else(|| Refusal::of(code::FEEDBACK_NOT_CUSTOMER, ""))
    }

    fn feedback_rate(&mut self, reads: &Reads<'_>, ask: Rate) -> Result<(), Halt> {
        let customer = self.customer_with_a_word()?;
        super::check_key(&ask.key)?;
        let not_paid = || Refusal::of(code::RATING_NOT_PAID, "");
        let id = ask.payment.as_deref().and_then(|id| PaymentId::parse(id).ok()).ok_or_else(not_paid)?;
        let payment = reads.ports.payment(&id, reads.within)?.ok_or_else(not_paid)?;
        may_rate(&payment, &self.scope.program, &customer)?;
        let before = self.matter_under_key::<Rating>(reads, id.as_str())?;
        let held = before.as_ref().map(|(matter, rating)| (rating, text_of(matter)));
        let wish = Wish { about: ask.about, payment: id, stars: ask.stars, text: ask.text, key: ask.key }.checked()?;
        let (text, name) = (wish.text.clone(), wish.about.clone());
        let old = held.as_ref().map_or(0, |(rating, _)| i64::from(rating.stars));
        let said = rating::rate(held.as_ref().map(|(rating, text)| (*rating, text.as_str())), wish, self.now_ms)?;
        let (mut matter, stars, ratings) = match (said, &before) {
            (Rated::First(rating), _) => {
                let mut matter = self.new_matter(&rating);
                matter.key = Some(rating.payment.to_string());
                matter.about = Some(about(&self.scope.program, &name));
                (matter, i64::from(rating.stars), 1)
            }
            (Rated::Changed(rating), Some((matter, _))) => {
                (matter.moved(&rating, self.now_ms), i64::from(rating.stars) - old, 0)
            }
            (Rated::Same | Rated::Changed(_), _) => return Ok(()),
        };
        matter.seal(TEXT, &text);
        self.keep_matter(matter);
        let (program, bank) = (self.scope.program.clone(), self.scope.bank.clone());
        self.pending.tallies.add(tally(&program, &bank, &name), stars, ratings);
        self.pending.tallies.add(tally_of_program(&program, &bank), stars, ratings);
        Ok(())
    }

    /// The same words again are the same complaint.
    fn feedback_complain(&mut self, reads: &Reads<'_>, ask: Complain) -> Result<String, Halt> {
        let customer = self.customer_with_a_word()?;
        super::check_prefix(&ask.about)?;
        let text = first_words(&ask.text)?;
        let first = |matter: &Matter| matter.unsealed::<Vec<Said>>(THREAD)?.into_iter().next().map(|said| said.text);
        if let Some((matter, before)) = self.matter_under_key::<Complaint>(reads, &ask.key)? {
            let same = before.about == ask.about && first(&matter).is_none_or(|held| held == text);
            let reused = || Refusal::of(code::FEEDBACK_KEY_REUSED, ask.key.clone());
            return if same { Ok(matter.id.to_string()) } else { Err(reused().into()) };
        }
        let of = MattersOf::Customer(customer, self.scope.program.clone());
        let (newest, _) = self.matters::<Complaint>(reads, &of, None)?;
        let open: Vec<_> = newest.iter().filter(|(_, complaint)| complaint.is_open()).collect();
        let says_the_same = |matter: &Matter| first(matter).is_some_and(|held| squeezed(&held) == squeezed(&text));
        if let Some((matter, _)) = open.iter().find(|(matter, _)| says_the_same(matter)) {
            return Ok(matter.id.to_string());
        }
        if open.len() >= COMPLAINTS_OPEN_MAX {
            return Err(Refusal::of(code::COMPLAINT_TOO_MANY, format!("{COMPLAINTS_OPEN_MAX} are open")).into());
        }
        let mut matter = self.new_matter(&Complaint::open(&ask.about, None, self.now_ms));
        matter.key = Some(ask.key);
        // No program hears how it goes on: the customer does, from the bank.
        matter.session = None;
        matter.seal(THREAD, &vec![Said { at_ms: self.now_ms, by_bank: false, text }]);
        let id = matter.id.to_string();
        self.keep_matter(matter);
        Ok(id)
    }

    /// What was taken down is left out; what was not looked at yet has stars and no text.
    fn feedback_ratings(&self, reads: &Reads<'_>, ask: &Ratings) -> Result<(Vec<Told>, Option<String>), Halt> {
        super::check_prefix(&ask.about)?;
        let of = MattersOf::About(about(&self.scope.program, &ask.about));
        let (page, cursor) = self.matters::<Rating>(reads, &of, ask.after.as_deref())?;
        let told = page.into_iter().filter(|(_, rating)| rating.counts()).map(|(matter, rating)| Told {
            text: if rating.state == State::Shown { text_of(&matter) } else { String::new() },
            id: matter.id.to_string(),
            stars: rating.stars,
            at_ms: rating.changed_ms,
            answer: rating.answer.map(|answer| answer.text),
        });
        Ok((told.collect(), cursor))
    }

    fn feedback_answer(&mut self, reads: &Reads<'_>, ask: &Answer) -> Result<(), Halt> {
        super::check_key(&ask.key)?;
        let own = self.matter::<Rating>(reads, &ask.rating)?.filter(|(matter, _)| self.is_own_branchs_matter(matter));
        let (matter, rating) = own.ok_or_else(|| Refusal::of(code::RATING_NOT_FOUND, ""))?;
        if let Some(answered) = rating::answer(&rating, &ask.text, &ask.key, self.now_ms)? {
            self.keep_matter(matter.moved(&answered, self.now_ms));
        }
        Ok(())
    }

    fn feedback_tally(&self, reads: &Reads<'_>, name: &str) -> Result<(u64, u32), Halt> {
        super::check_prefix(name)?;
        let tally = tally(&self.scope.program, &self.scope.bank, name);
        let sum = |key: &SharedKey| -> Result<u64, Halt> {
            let own = self.pending.tallies.deltas.get(key).copied().unwrap_or(0);
            let kept = reads.ports.counter(key, reads.within)?;
            Ok(u64::try_from(kept.saturating_add(own)).unwrap_or(0))
        };
        Ok((sum(&tally.stars)?, u32::try_from(sum(&tally.ratings)?).unwrap_or(u32::MAX)))
    }
}

type Done = wasmtime::Result<Result<(), values::Refusal>>;

impl wit::Host for CallState {
    fn rate(&mut self, about: String, payment: Option<String>, stars: u8, text: String, key: String) -> Done {
        let ask = Rate { about, payment, stars, text, key };
        Ok(CallState::answer(self, "feedback.rate", ask, Self::feedback_rate)?.map_err(Into::into))
    }

    fn complain(
        &mut self,
        about: String,
        text: String,
        key: String,
    ) -> wasmtime::Result<Result<String, values::Refusal>> {
        let ask = Complain { about, text, key };
        Ok(CallState::answer(self, "feedback.complain", ask, Self::feedback_complain)?.map_err(Into::into))
    }

    fn ratings(
        &mut self,
        about: String,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<wit::Rating>, Option<String>), values::Refusal>> {
        let ask = Ratings { about, after };
        let answer =
            CallState::answer(self, "feedback.ratings", ask, |state, reads, ask| state.feedback_ratings(reads, &ask))?;
        let rating =
            |it: Told| wit::Rating { id: it.id, stars: it.stars, text: it.text, at: it.at_ms, answer: it.answer };
        let page = |(page, cursor): (Vec<Told>, _)| (page.into_iter().map(rating).collect(), cursor);
        Ok(answer.map(page).map_err(Into::into))
    }

    fn answer(&mut self, rating: String, text: String, key: String) -> Done {
        let ask = Answer { rating, text, key };
        let answer =
            CallState::answer(self, "feedback.answer", ask, |state, reads, ask| state.feedback_answer(reads, &ask))?;
        Ok(answer.map_err(Into::into))
    }

    fn tally(&mut self, about: String) -> wasmtime::Result<Result<(u64, u32), values::Refusal>> {
        let ask = About { about };
        let answer = CallState::answer(self, "feedback.tally", ask, |state, reads, ask| {
            state.feedback_tally(reads, &ask.about)
        })?;
        Ok(answer.map_err(Into::into))
    }
}
