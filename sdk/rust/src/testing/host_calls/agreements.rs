//! Agreements about entries of the library: what a `risk` above what `Bank::proves` says is unsuitable. A sheet that is
//! confirmed signs; `cooling-off-hours` of the entry say how long it can be taken back.

use super::super::world::{Ask, Kept, Signed};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::identity::agreements::{Agreement, Status};
use crate::bindings::xitai::types::values::Money;
use std::rc::Rc;

const HOUR_MS: i64 = 3_600_000;

pub fn propose(product: &str, amount: Option<&Money>, key: &str) -> Result<Agreement, Refusal> {
    answer(|call, world| {
        let same = |it: &&Signed| it.subject == call.subject && it.key == key;
        if let Some(there) = world.kept.agreements.iter().find(same) {
            let is_it = there.agreement.product == product && there.agreement.amount.as_ref() == amount;
            return match is_it {
                true => Ok(there.agreement.clone()),
                false => Err(refusal(RefusalKind::Conflict, "agreement.key-reused", key)),
            };
        }
        let entry = world.library.iter().find(|entry| entry.id == product);
        let entry = entry.ok_or_else(|| refusal(RefusalKind::NotFound, "content.not-found", product))?;
        let detail = |name: &str| entry.details.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        let risk = detail("risk").ok_or_else(|| refusal(RefusalKind::Invalid, "agreement.product", "risk"))?;
        let hours: i64 = detail("cooling-off-hours").and_then(|hours| hours.parse().ok()).unwrap_or(0);
        let suits = world.proofs.contains(&(call.subject.clone(), "suitable-for".to_owned(), risk.clone()));
        world.ids_given += 1;
        let (id, ticket) = (format!("agreement-{}", world.ids_given), format!("sign-{}", world.ids_given));
        let agreement = Agreement {
            id: id.clone(),
            product: product.to_owned(),
            status: if suits { Status::Proposed } else { Status::Unsuitable },
            amount: amount.cloned(),
            until: None,
            reasons: if suits { Vec::new() } else { vec![format!("not suitable-for {risk}")] },
            ticket: suits.then(|| ticket.clone()),
        };
        let kept = Signed { subject: call.subject.clone(), key: key.to_owned(), agreement: agreement.clone() };
        world.kept.agreements.push(kept);
        if suits {
            let (now_ms, signed) = (world.now_ms, id);
            let agree = Rc::new(move |kept: &mut Kept, _: &std::collections::BTreeMap<String, String>| {
                let found = kept.agreements.iter_mut().find(|it| it.agreement.id == signed);
                let it = &mut found.expect("it was proposed").agreement;
                it.ticket = None;
                it.status = if hours > 0 { Status::CoolingOff } else { Status::InForce };
                it.until = (hours > 0).then_some(now_ms + hours * HOUR_MS);
                Some(signed.clone())
            });
            let arms = amount.map(|amount| (amount.clone(), call.chain));
            world.kept.asks.insert(ticket, Ask { session: call.session, arms, agree });
        }
        Ok(agreement)
    })
}

fn find<'k>(kept: &'k mut Kept, subject: &str, id: &str) -> Result<&'k mut Agreement, Refusal> {
    let own = kept.agreements.iter_mut().find(|it| it.subject == subject && it.agreement.id == id);
    own.map(|it| &mut it.agreement).ok_or_else(|| refusal(RefusalKind::NotFound, "agreement.not-found", id))
}

fn passed(agreement: &mut Agreement, now_ms: i64) {
    if agreement.status == Status::CoolingOff && agreement.until.is_some_and(|until| now_ms >= until) {
        agreement.status = Status::InForce;
        agreement.until = None;
    }
}

pub fn get(id: &str) -> Result<Agreement, Refusal> {
    answer(|call, world| {
        let now_ms = world.now_ms;
        let agreement = find(&mut world.kept, &call.subject, id)?;
        passed(agreement, now_ms);
        Ok(agreement.clone())
    })
}

pub fn withdraw(id: &str, _key: &str) -> Result<Agreement, Refusal> {
    answer(|call, world| {
        let now_ms = world.now_ms;
        let agreement = find(&mut world.kept, &call.subject, id)?;
        passed(agreement, now_ms);
        match agreement.status {
            Status::CoolingOff => agreement.status = Status::Withdrawn,
            Status::Withdrawn => {}
            Status::InForce | Status::Ended => {
                return Err(refusal(RefusalKind::Conflict, "agreement.cooled-off", id));
            }
            _ => return Err(refusal(RefusalKind::Conflict, "agreement.not-signed", id)),
        }
        agreement.until = None;
        Ok(agreement.clone())
    })
}
