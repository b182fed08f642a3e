//! A program that does what its script says. Tests of the platform's rules send it scripts: what to do at once, which
//! button to show, and what to do when that button is tapped or the host calls.
//!
//! A plain tap on `count` counts in three places, the state, the customer's storage and a shared counter, so that a
//! test can see whether all of a step was committed, and once.

mod content;
mod contract;
mod identity;
mod money;
mod reach;
mod script;

use script::{Command, Said};
use serde::{Deserialize, Serialize};
use xitai::prelude::*;

#[derive(Default, Serialize, Deserialize)]
pub struct Desk {
    /// Taps on `count`.
    count: u64,
    /// Host-made events that came.
    heard: Vec<String>,
    /// The button with an amount.
    pay: Option<Money>,
    /// What a tap on it does.
    on_pay: Vec<Command>,
    /// What a host-made event does.
    on_host: Vec<Command>,
    /// Payments asked for, by key: their id and ticket.
    asked: Vec<(String, String, Option<String>)>,
    watch: Vec<String>,
    /// Secure fields that are shown, by their names and tickets.
    fields: Vec<(String, String)>,
    said: Vec<String>,
}

impl Program for Desk {
    type State = Desk;

    fn open(_ctx: &Context, launch: &Launch) -> StepResult<Desk> {
        // What the host vouches for is shown, so that a test can see it.
        let signed = launch.signed.iter().map(|(name, value)| format!("signed:{name}={value}"));
        let desk = Desk { heard: signed.collect(), ..Desk::default() };
        let script = match launch.surface {
            // A card is asked for nothing, so that what it does is a setting.
            Surface::Card => Some(config::text("card")).filter(|text| !text.is_empty()),
            _ => launch.query_value("script").map(str::to_owned),
        };
        let commands = script.as_deref().map(script::read).transpose()?.unwrap_or_default();
        desk.perform(&commands)
    }

    /// Whatever another release says that its schema is, it is the same.
    fn upgrade(_ctx: &Context, _from_schema: u32, state: &[u8]) -> Result<Desk, Failure> {
        serde_json::from_slice(state).map_err(|e| Failure::new("state.unreadable", e.to_string()))
    }

    fn update(ctx: &Context, mut desk: Desk, event: Event) -> StepResult<Desk> {
        match &event {
            Event::Tapped(tap) if tap.id == "count" => {
                desk.count += 1;
                storage::set("count", &desk.count)?;
                counters::add("taps", 1)?;
                desk.perform(&[])
            }
            Event::Tapped(tap) if tap.id == "pay" => {
                let commands = desk.on_pay.clone();
                desk.perform(&commands)
            }
            Event::Submitted(submission) => {
                let commands = script::read(submission.text("script"))?;
                desk.perform(&commands)
            }
            Event::Tapped(_) | Event::Resumed | Event::Hidden => desk.perform(&[]),
            host => {
                desk.heard.push(heard(host));
                if matches!(ctx.actor, Actor::Nobody) {
                    log::info(&heard(host));
                }
                let commands = desk.on_host.clone();
                desk.perform(&commands)
            }
        }
    }
}

impl Desk {
    /// Does the commands in order and shows what came of them.
    fn perform(mut self, commands: &[Command]) -> StepResult<Desk> {
        self.said.clear();
        let (mut sheet, mut toasts) = (None, Vec::new());
        for command in commands {
            match command.perform(&mut self) {
                Ok(Said::Text(text)) => self.said.push(text),
                Ok(Said::Sheet(ticket)) => sheet = Some(ticket),
                Ok(Said::Toast(text)) => toasts.push(text),
                Ok(Said::Fail(code)) => return Err(Failure::new(code, "the script says so")),
                Err(refusal) => self.said.push(format!("refused:{}", refusal.code)),
            }
        }
        let watch = self.watch.clone();
        let mut step = Step::new(Desk::default(), self.screen()).sheet(sheet);
        for name in watch {
            step = step.watch(name);
        }
        for text in toasts {
            step = step.toast(text);
        }
        step.state = self;
        Ok(step)
    }

    fn screen(&self) -> xitai::ui::Screen {
        screen(
            "Desk",
            (
                heading(format!("count {}", self.count)).id("counted"),
                button("Count").id("count"),
                self.pay.map(|money| button("Pay").id("pay").primary().amount(money)),
                column(self.said.iter().map(|text| paragraph(text.as_str())).collect::<Vec<_>>()).id("said"),
                column(self.heard.iter().map(|text| paragraph(text.as_str())).collect::<Vec<_>>()).id("heard"),
                form((
                    text_field("Script").id("script").max_chars(4000),
                    self.fields.iter().map(|(name, ticket)| secure_field(name, ticket).id(name)).collect::<Vec<_>>(),
                    button("Run").id("run"),
                ))
                .id("desk"),
            ),
        )
    }
}

/// As much of it as a screen takes.
fn text_of(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(500).collect()
}

fn heard(event: &Event) -> String {
    match event {
        Event::SheetClosed(result) => {
            let outcome = format!("sheet:{:?}", result.outcome).to_lowercase().replace("outcome::", "");
            result.text.as_ref().map_or(outcome.clone(), |text| format!("{outcome}:{text}"))
        }
        Event::Changed(id) => format!("changed:{id}"),
        Event::Woken(key) => format!("woken:{key}"),
        Event::Replied(reply) => match &reply.answer {
            Ok(response) => format!("replied:{}:{}:{}", reply.call, response.status, text_of(&response.body)),
            Err(code) => format!("replied:{}:{code}", reply.call),
        },
        Event::Happened(happening) => {
            format!("happened:{}:{}:{}", happening.topic, happening.key, text_of(&happening.body))
        }
        Event::Noticed(name) => format!("noticed:{name}"),
        Event::Upgraded(from) => format!("upgraded:{from}"),
        _ => "other".to_owned(),
    }
}

xitai::export!(Desk);
