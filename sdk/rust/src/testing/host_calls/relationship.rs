//! Threads in memory. Every purpose is taken to be reviewed, and the branch has a manager.

use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::services::relationship::{Author, Message};

pub fn manager_name() -> Result<String, Refusal> {
    answer(|_, _| Ok("客户经理".to_owned()))
}

pub fn note(purpose: &str, text: &str, key: &str) -> Result<(), Refusal> {
    answer(|call, world| {
        if call.acts_for_merchant || call.subject.is_empty() {
            return Err(refusal(RefusalKind::NotGranted, "thread.not-customer", "staff have no customer manager"));
        }
        if text.trim().is_empty() || text.chars().count() > 1_000 || text.contains("://") {
            return Err(refusal(RefusalKind::Invalid, "thread.text", "one to a thousand characters, no links"));
        }
        let at = world.now_ms;
        let thread = world.kept.threads.entry((call.subject.clone(), purpose.to_owned())).or_default();
        if let Some((_, before)) = thread.iter().find(|(held, _)| held == key) {
            let same = before.text == text.trim();
            return if same { Ok(()) } else { Err(refusal(RefusalKind::Conflict, "thread.key-reused", key)) };
        }
        let day = 24 * 3_600_000;
        let notes = thread.iter().filter(|(_, it)| it.author == Author::Program && at - it.at < day).count();
        if notes >= 5 {
            return Err(refusal(RefusalKind::Limited, "thread.rate", "five notes a day"));
        }
        let message = Message { author: Author::Program, text: text.trim().to_owned(), at };
        thread.push((key.to_owned(), message));
        Ok(())
    })
}

pub fn thread(purpose: &str, _after: Option<&str>) -> Result<(Vec<Message>, Option<String>), Refusal> {
    answer(|call, world| {
        let thread = world.kept.threads.get(&(call.subject.clone(), purpose.to_owned()));
        Ok((thread.into_iter().flatten().rev().map(|(_, message)| message.clone()).collect(), None))
    })
}
