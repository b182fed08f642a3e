//! Notices in memory. A test's bank has every template; customers allow them on the sheet, where the answer of
//! `template-0` is `once` or `lasting`.

use super::super::world::{Ask, Call, Sent, World};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::services::notices::Notice;
use std::rc::Rc;

const A_DAY_MAX: usize = 5;

pub fn subscribe(templates: &[String]) -> Result<String, Refusal> {
    answer(|call, world| {
        let twice = (1..templates.len()).any(|at| templates[..at].contains(&templates[at]));
        if templates.is_empty() || templates.len() > 3 || twice {
            return Err(refusal(RefusalKind::Invalid, "notice.asked", "one to three different templates"));
        }
        world.ids_given += 1;
        let ticket = format!("notices-{}", world.ids_given);
        let (templates, subject) = (templates.to_vec(), call.subject.clone());
        let agree = move |kept: &mut super::super::world::Kept,
                          answers: &std::collections::BTreeMap<String, String>| {
            let given = templates.iter().enumerate().filter_map(|(at, template)| {
                let given = answers.get(&format!("template-{at}"))?;
                let left = kept.notices_allowed.entry((subject.clone(), template.clone())).or_default();
                *left = if given == "lasting" { u32::MAX } else { left.saturating_add(1) };
                Some(format!("{template}:{given}"))
            });
            Some(given.collect::<Vec<_>>().join(" "))
        };
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree: Rc::new(agree) });
        Ok(ticket)
    })
}

pub fn send(notice: &Notice) -> Result<String, Refusal> {
    answer(|call, world| {
        let to = recipient(call, notice.to.as_deref())?;
        if let Some(before) = world.kept.notices.iter().find(|sent| sent.to == to && sent.notice.key == notice.key) {
            let same = before.notice == *notice;
            return match same {
                true => Ok(before.id.clone()),
                false => Err(refusal(RefusalKind::Conflict, "notice.key-reused", &notice.key)),
            };
        }
        if of_today(world, &to) >= A_DAY_MAX {
            return Err(refusal(RefusalKind::Limited, "notice.capped", "five a day"));
        }
        let left = world.kept.notices_allowed.entry((to.clone(), notice.template.clone())).or_default();
        match *left {
            0 => return Err(refusal(RefusalKind::NotConsented, "notice.not-consented", &notice.template)),
            u32::MAX => {}
            _ => *left -= 1,
        }
        world.ids_given += 1;
        let id = format!("notice-{}", world.ids_given);
        world.kept.notices.push(Sent { id: id.clone(), to, at_ms: world.now_ms, notice: notice.clone() });
        Ok(id)
    })
}

pub fn balance(to: Option<&str>, template: &str) -> Result<u32, Refusal> {
    answer(|call, world| {
        let to = recipient(call, to)?;
        let allowed = world.kept.notices_allowed.get(&(to.clone(), template.to_owned())).copied().unwrap_or(0);
        let left = A_DAY_MAX.saturating_sub(of_today(world, &to));
        Ok(allowed.min(u32::try_from(left).unwrap_or(0)))
    })
}

fn recipient(call: &Call, to: Option<&str>) -> Result<String, Refusal> {
    let own = Some(call.subject.as_str()).filter(|subject| !subject.is_empty() && !call.acts_for_merchant);
    match (to, own) {
        (None, Some(own)) => Ok(own.to_owned()),
        (None, None) => Err(refusal(RefusalKind::NotGranted, "notice.not-customer", "name the recipient")),
        (Some(to), own) if call.acts_for_merchant || Some(to) == own => Ok(to.to_owned()),
        (Some(to), _) => Err(refusal(RefusalKind::NotFound, "notice.recipient-unknown", to)),
    }
}

fn of_today(world: &World, to: &str) -> usize {
    let day = |at_ms: i64| at_ms.div_euclid(24 * 3_600_000);
    let today = day(world.now_ms);
    world.kept.notices.iter().filter(|sent| sent.to == to && day(sent.at_ms) == today).count()
}
