//! Files: a test gives one by `confirm_sheet_with(&[("name", "bill.pdf"), ("text", "…")])`; its bytes are that text's.

use super::super::world::{Ask, Given, Kept};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::services::attachments::File;
use std::collections::BTreeMap;
use std::rc::Rc;

const PIECE: usize = 128 << 10;

pub fn request(_purpose: &str, _accept: &[String]) -> Result<String, Refusal> {
    answer(|call, world| {
        world.ids_given += 1;
        let (ticket, handle) = (format!("attach-{}", world.ids_given), format!("file-{}", world.ids_given));
        let subject = call.subject.clone();
        let agree = move |kept: &mut Kept, answers: &BTreeMap<String, String>| {
            let name = answers.get("name").cloned().unwrap_or_default();
            let media_type = if name.ends_with(".pdf") { "application/pdf" } else { "image/jpeg" }.to_owned();
            let bytes = answers.get("text").cloned().unwrap_or_default().into_bytes();
            kept.files.insert(handle.clone(), Given { subject: subject.clone(), name, media_type, bytes });
            Some(handle.clone())
        };
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree: Rc::new(agree) });
        Ok(ticket)
    })
}

fn own<T>(handle: &str, read: impl FnOnce(&Given) -> T) -> Result<T, Refusal> {
    answer(|call, world| {
        let found = world.kept.files.get(handle).filter(|file| file.subject == call.subject);
        found.map(read).ok_or_else(|| refusal(RefusalKind::NotFound, "attachment.not-found", handle))
    })
}

pub fn describe(handle: &str) -> Result<File, Refusal> {
    own(handle, |file| File {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size: file.bytes.len() as u64,
    })
}
pub fn read(handle: &str, offset: u64) -> Result<Vec<u8>, Refusal> {
    own(handle, |file| file.bytes.iter().skip(offset as usize).take(PIECE).copied().collect())
}
pub fn remove(handle: &str) -> Result<(), Refusal> {
    own(handle, |_| ())?;
    answer(|_, world| world.kept.files.remove(handle));
    Ok(())
}
