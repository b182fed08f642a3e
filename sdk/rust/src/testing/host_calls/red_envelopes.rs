//! Red envelopes: [`crate::testing::Page::confirm_sheet`] pays for one. Random shares are two halves of what is left here,
//! so that tests can count on them.

use super::super::world::{Ask, Kept, World};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::payments::red_envelopes::Envelope;
use crate::bindings::xitai::types::values::Money;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An envelope with its shares and who took which.
#[derive(Clone)]
pub(crate) struct Gift {
    pub(crate) envelope: Envelope,
    pub(crate) giver: String,
    pub(crate) key: String,
    pub(crate) total: Money,
    pub(crate) ttl_ms: i64,
    pub(crate) shares: Vec<i64>,
    /// When it is over, once it was paid for.
    pub(crate) until_ms: Option<i64>,
    pub(crate) taken: BTreeMap<String, i64>,
}

fn not_found(id: &str) -> Refusal {
    refusal(RefusalKind::NotFound, "envelope.not-found", id)
}

fn shares(total: i64, count: u32, equal: bool) -> Vec<i64> {
    let mut rest = total;
    (1..=i64::from(count))
        .rev()
        .map(|left| {
            let share = if equal || left == 1 { rest / left } else { (rest / 2).clamp(1, rest - (left - 1)) };
            rest -= share;
            share
        })
        .collect()
}

pub fn give(total: &Money, count: u32, equal: bool, ttl_s: u32, key: &str) -> Result<Envelope, Refusal> {
    answer(|call, world| {
        if let Some(before) = world.kept.gifts.iter().find(|it| it.giver == call.subject && it.key == key) {
            return Ok(before.envelope.clone());
        }
        if !(1..=100).contains(&count) || total.minor < i64::from(count) {
            return Err(refusal(RefusalKind::Invalid, "envelope.invalid", key));
        }
        world.ids_given += 1;
        let (id, ticket) = (format!("envelope-{}", world.ids_given), format!("ticket-{}", world.ids_given));
        let envelope = Envelope { id: id.clone(), ticket: Some(ticket.clone()), left: count };
        world.kept.gifts.push(Gift {
            envelope: envelope.clone(),
            giver: call.subject.clone(),
            key: key.to_owned(),
            total: total.clone(),
            ttl_ms: i64::from(ttl_s) * 1_000,
            shares: shares(total.minor, count, equal),
            until_ms: None,
            taken: BTreeMap::new(),
        });
        let until_ms = world.now_ms;
        let agree = Rc::new(move |kept: &mut Kept, _: &_| paid(kept, &id, until_ms));
        world.kept.asks.insert(ticket, Ask { session: call.session, arms: Some((total.clone(), call.chain)), agree });
        Ok(envelope)
    })
}

/// The giver pays; where they can't, nothing is given.
fn paid(kept: &mut Kept, id: &str, now_ms: i64) -> Option<String> {
    let gift = kept.gifts.iter_mut().find(|gift| gift.envelope.id == id)?;
    let (giver, minor) = (gift.giver.clone(), gift.total.minor);
    (gift.envelope.ticket, gift.until_ms) = (None, Some(now_ms + gift.ttl_ms));
    let balance = kept.balance(&giver) - minor;
    kept.balances.insert(giver, balance);
    Some(id.to_owned())
}

pub fn take(id: &str, _key: &str) -> Result<Money, Refusal> {
    answer(|call, world| {
        let now_ms = world.now_ms;
        let gift = world.kept.gifts.iter_mut().find(|gift| gift.envelope.id == id).ok_or_else(|| not_found(id))?;
        let currency = gift.total.currency.clone();
        if let Some(minor) = gift.taken.get(&call.subject) {
            return Ok(Money { minor: *minor, currency });
        }
        if gift.until_ms.is_none_or(|until_ms| now_ms >= until_ms) {
            return Err(refusal(RefusalKind::Conflict, "envelope.not-open", id));
        }
        let share = gift.shares.get(gift.taken.len()).copied();
        let minor = share.ok_or_else(|| refusal(RefusalKind::Limited, "envelope.empty", id))?;
        gift.taken.insert(call.subject.clone(), minor);
        gift.envelope.left -= 1;
        let balance = world.kept.balance(&call.subject) + minor;
        world.kept.balances.insert(call.subject.clone(), balance);
        Ok(Money { minor, currency })
    })
}

pub fn get(id: &str) -> Result<Envelope, Refusal> {
    answer(|_, world| {
        let gift = world.kept.gifts.iter().find(|gift| gift.envelope.id == id);
        gift.map(|gift| gift.envelope.clone()).ok_or_else(|| not_found(id))
    })
}

/// Gives back what nobody took of envelopes that are over.
pub(in crate::testing) fn give_back(world: &mut World) {
    let now_ms = world.now_ms;
    let mut back = Vec::new();
    for gift in world.kept.gifts.iter_mut().filter(|gift| gift.until_ms.is_some_and(|until_ms| until_ms <= now_ms)) {
        let left: i64 = gift.shares.drain(gift.taken.len().min(gift.shares.len())..).sum();
        back.push((gift.giver.clone(), left));
    }
    for (giver, minor) in back {
        let balance = world.kept.balance(&giver) + minor;
        world.kept.balances.insert(giver, balance);
    }
}
