//! Ratings and complaints by the rules of the stage.

use super::super::world::{Complaint, Rated};
use super::{Refusal, RefusalKind, answer as serve, refusal};
use crate::bindings::xitai::content::feedback::Rating;
use crate::bindings::xitai::payments::payments::Status;

/// A week.
const EDIT_MS: i64 = 7 * 24 * 3_600_000;

pub fn rate(about: &str, payment: Option<&str>, stars: u8, text: &str, key: &str) -> Result<(), Refusal> {
    serve(|call, world| {
        if call.acts_for_merchant || call.subject.is_empty() {
            return Err(refusal(RefusalKind::NotGranted, "feedback.not-customer", "staff have no word here"));
        }
        if !(1..=5).contains(&stars) {
            return Err(refusal(RefusalKind::Invalid, "rating.stars", "one to five"));
        }
        let settled = |status: Status| matches!(status, Status::Settled | Status::PartlyCaptured);
        let paid = world.kept.payments.iter().find(|bill| {
            Some(bill.payment.id.as_str()) == payment && bill.subject == call.subject && settled(bill.payment.status)
        });
        let not_paid = || refusal(RefusalKind::NotGranted, "rating.not-paid", "only who has paid can rate");
        let payment = paid.map(|bill| bill.payment.id.clone()).ok_or_else(not_paid)?;
        let now = world.now_ms;
        if let Some(before) = world.kept.ratings.iter_mut().find(|it| it.payment == payment) {
            let same = before.rating.stars == stars && before.rating.text == text && before.about == about;
            return match (before.key == key, same) {
                (true, true) => Ok(()),
                (true, false) => Err(refusal(RefusalKind::Conflict, "feedback.key-reused", key)),
                _ if before.about != about => Err(refusal(RefusalKind::Conflict, "rating.exists", &payment)),
                _ if now >= before.first_ms + EDIT_MS => {
                    Err(refusal(RefusalKind::Conflict, "rating.edit-over", &payment))
                }
                _ => {
                    (before.rating.stars, before.rating.at) = (stars, now);
                    text.clone_into(&mut before.rating.text);
                    key.clone_into(&mut before.key);
                    Ok(())
                }
            };
        }
        world.ids_given += 1;
        let id = format!("rating-{}", world.ids_given);
        let rating = Rating { id, stars, text: text.to_owned(), at: now, answer: None };
        let (about, key) = (about.to_owned(), key.to_owned());
        world.kept.ratings.push(Rated { payment, about, key, first_ms: now, rating });
        Ok(())
    })
}
pub fn complain(about: &str, text: &str, key: &str) -> Result<String, Refusal> {
    serve(|call, world| {
        if call.acts_for_merchant || call.subject.is_empty() {
            return Err(refusal(RefusalKind::NotGranted, "feedback.not-customer", "staff have no word here"));
        }
        if text.trim().is_empty() {
            return Err(refusal(RefusalKind::Invalid, "feedback.text", "it is empty"));
        }
        let own = |it: &&Complaint| it.subject == call.subject && (it.key == key || it.text == text);
        if let Some(before) = world.kept.complaints.iter().find(own) {
            return Ok(before.id.clone());
        }
        world.ids_given += 1;
        let id = format!("complaint-{}", world.ids_given);
        world.kept.complaints.push(Complaint {
            id: id.clone(),
            subject: call.subject.clone(),
            key: key.to_owned(),
            about: about.to_owned(),
            text: text.to_owned(),
        });
        Ok(id)
    })
}
pub fn ratings(about: &str, _after: Option<&str>) -> Result<(Vec<Rating>, Option<String>), Refusal> {
    serve(|_, world| {
        let mine = world.kept.ratings.iter().rev().filter(|it| it.about == about);
        Ok((mine.map(|it| it.rating.clone()).collect(), None))
    })
}
pub fn answer(rating: &str, text: &str, _key: &str) -> Result<(), Refusal> {
    serve(|call, world| {
        let found = world.kept.ratings.iter_mut().find(|it| it.rating.id == rating && call.acts_for_merchant);
        let found = found.ok_or_else(|| refusal(RefusalKind::NotFound, "rating.not-found", rating))?;
        found.rating.answer = Some(text.to_owned());
        Ok(())
    })
}
pub fn tally(about: &str) -> Result<(u64, u32), Refusal> {
    serve(|_, world| {
        let stars = world.kept.ratings.iter().filter(|it| it.about == about).map(|it| u64::from(it.rating.stars));
        Ok((stars.clone().sum(), u32::try_from(stars.count()).unwrap_or(u32::MAX)))
    })
}
