//! What goes into a program: context, launch and event.

use super::same_cases;
use crate::bindings::exports::xitai::program::program as wit;
use xitai_model::program::{Actor, Context, Event, Launch, Outcome, Surface};

same_cases!(Surface => wit::Surface: Page, Card, Background, Other);
same_cases!(Outcome => wit::Outcome: Agreed, Declined, Expired, Pending, Failed, Other);

impl From<&Context> for wit::Context {
    fn from(it: &Context) -> Self {
        Self {
            now: it.now_ms,
            channel: it.channel.into(),
            locale: it.locale.clone(),
            zone: it.zone.clone(),
            utc_offset_minutes: it.utc_offset_minutes,
            elder_mode: it.elder_mode,
            branch: it.branch.clone(),
            actor: match &it.actor {
                Actor::Customer => wit::Actor::Customer,
                Actor::Staff(role) => wit::Actor::Staff(role.clone()),
                Actor::Nobody => wit::Actor::Nobody,
            },
            practice: it.practice,
            supports: it.supports.clone(),
            seed: it.seed.0.clone(),
        }
    }
}

impl From<&Launch> for wit::Launch {
    fn from(it: &Launch) -> Self {
        Self { page: it.page.clone(), query: it.query.clone(), signed: it.signed.clone(), surface: it.surface.into() }
    }
}

impl From<&Event> for wit::Event {
    fn from(it: &Event) -> Self {
        match it.clone() {
            Event::Tapped { id, value } => wit::Event::Tapped(wit::Tap { id, value }),
            Event::Submitted { form, button, values } => {
                wit::Event::Submitted(wit::Submission { form, button, values })
            }
            Event::SheetClosed { ticket, outcome, text } => {
                wit::Event::SheetClosed(wit::SheetResult { ticket, outcome: outcome.into(), text })
            }
            Event::Changed { id } => wit::Event::Changed(id),
            Event::Replied { call, answer } => wit::Event::Replied(wit::Reply {
                call,
                answer: answer.map(|it| wit::Response { status: it.status, body: it.body.0 }),
            }),
            Event::Woken { key } => wit::Event::Woken(key),
            Event::Noticed { name } => wit::Event::Noticed(name),
            Event::Happened { topic, key, body } => wit::Event::Happened(wit::Happening { topic, key, body: body.0 }),
            Event::Resumed => wit::Event::Resumed,
            Event::Hidden => wit::Event::Hidden,
            Event::Upgraded { from_schema } => wit::Event::Upgraded(from_schema),
        }
    }
}
