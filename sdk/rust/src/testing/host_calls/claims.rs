//! Consents: a test says what the bank knows by `Bank::knows`, agrees by `confirm_sheet_with(&[("legal-name", "yes")])`,
//! and takes back by `Bank::withdraw_consents`.

use super::super::world::{Ask, Consented};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::identity::claims::{Consent, ConsentRequest};
use std::rc::Rc;

const CLAIMS: [&str; 8] =
    ["display-name", "legal-name", "phone", "email", "address", "birth-date", "identity-number", "branch-manager"];
const DAY_MS: i64 = 24 * 3_600_000;

pub fn request(ask: &ConsentRequest) -> Result<String, Refusal> {
    answer(|call, world| {
        let all = || ask.claims.iter().chain(&ask.optional);
        if all().next().is_none() {
            return Err(refusal(RefusalKind::Invalid, "claims.none", ""));
        }
        if let Some(unknown) = all().find(|claim| !CLAIMS.contains(&claim.as_str())) {
            return Err(refusal(RefusalKind::Invalid, "claims.unknown", unknown));
        }
        if ask.purpose.trim().is_empty() {
            return Err(refusal(RefusalKind::Invalid, "claims.purpose", "it is empty"));
        }
        if !(1..=365).contains(&ask.keep_days) {
            return Err(refusal(RefusalKind::Invalid, "claims.keep-days", "1 to 365"));
        }
        let known = |claim: &String| world.facts.contains_key(&(call.subject.clone(), claim.clone()));
        if let Some(missing) = ask.claims.iter().find(|claim| !known(claim)) {
            return Err(refusal(RefusalKind::NotFound, "claims.missing", missing));
        }
        let asked: Vec<String> = all().filter(|claim| known(claim)).cloned().collect();
        if asked.is_empty() {
            return Err(refusal(RefusalKind::NotFound, "claims.missing", &ask.optional.join(", ")));
        }
        world.ids_given += 1;
        let (id, ticket) = (format!("consent-{}", world.ids_given), format!("ask-{}", world.ids_given));
        let (subject, needed) = (call.subject.clone(), ask.claims.clone());
        let expires = world.now_ms + i64::from(ask.keep_days) * DAY_MS;
        let agree = Rc::new(move |kept: &mut super::super::world::Kept, answers: &std::collections::BTreeMap<_, _>| {
            let ticked = |claim: &&String| answers.get(*claim).is_some_and(|answer: &String| answer == "yes");
            let granted: Vec<String> = asked.iter().filter(ticked).cloned().collect();
            assert!(
                needed.iter().all(|claim| granted.contains(claim)),
                "the sheet can't be confirmed without {needed:?}"
            );
            assert!(!granted.is_empty(), "the sheet can't be confirmed with nothing ticked");
            let consent = Consent { id: id.clone(), granted, expires };
            kept.consents.push(Consented { subject: subject.clone(), consent, withdrawn: false });
            Some(id.clone())
        });
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree });
        Ok(ticket)
    })
}

pub fn granted() -> Result<Vec<Consent>, Refusal> {
    answer(|call, world| {
        let now_ms = world.now_ms;
        let holds =
            |given: &&Consented| given.subject == call.subject && !given.withdrawn && now_ms < given.consent.expires;
        Ok(world.kept.consents.iter().filter(holds).map(|given| given.consent.clone()).collect())
    })
}

pub fn read(consent: &str) -> Result<Vec<(String, String)>, Refusal> {
    answer(|call, world| {
        let own = |given: &&Consented| given.consent.id == consent && given.subject == call.subject;
        let given = world.kept.consents.iter().find(own);
        let given = given.ok_or_else(|| refusal(RefusalKind::NotFound, "consent.not-found", consent))?;
        if given.withdrawn || world.now_ms >= given.consent.expires {
            return Err(refusal(RefusalKind::NotConsented, "consent.over", consent));
        }
        let value =
            |claim: &String| Some((claim.clone(), world.facts.get(&(call.subject.clone(), claim.clone()))?.clone()));
        Ok(given.consent.granted.iter().filter_map(value).collect())
    })
}
