//! Calls to partners: a test answers them by `Page::reply` or `Page::reply_failed`.

use super::super::world::Asked;
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::services::partner::Request;

const OPEN_MAX: usize = 4;

pub fn call(request: &Request) -> Result<String, Refusal> {
    answer(|call, world| {
        if !request.path.starts_with('/') {
            return Err(refusal(RefusalKind::Invalid, "partner.path", "a path begins with /"));
        }
        let same_key = |asked: &&Asked| asked.request.key == request.key && asked.subject == call.subject;
        if let Some(before) = world.kept.calls.iter().find(same_key) {
            let same = format!("{:?}", before.request) == format!("{request:?}");
            let conflict = || refusal(RefusalKind::Conflict, "partner.key-conflict", &request.key);
            return if same { Ok(before.id.clone()) } else { Err(conflict()) };
        }
        let open = world.kept.calls.iter().filter(|asked| asked.session == call.session && !asked.answered).count();
        if open >= OPEN_MAX {
            return Err(refusal(RefusalKind::Limited, "limit.partner-calls", "4 calls are open"));
        }
        for (name, ticket) in &request.sealed {
            match world.kept.fields.get(ticket) {
                None => return Err(refusal(RefusalKind::NotFound, "secure-field.not-found", name)),
                Some(None) => return Err(refusal(RefusalKind::Conflict, "secure-field.empty", name)),
                Some(Some(_)) => {}
            }
        }
        let sealed = request.sealed.iter();
        let sealed = sealed.filter_map(|(name, ticket)| Some((name.clone(), world.kept.fields.remove(ticket)??)));
        let sealed = sealed.collect();
        world.ids_given += 1;
        let id = format!("call-{}", world.ids_given);
        let (session, subject, request) = (call.session, call.subject.clone(), request.clone());
        world.kept.calls.push(Asked { id: id.clone(), session, subject, request, sealed, answered: false });
        Ok(id)
    })
}
