//! Random taps and hostile answers: whatever a customer or a partner does, a program answers with a screen, or says in
//! its own words that it can't. The same seed taps the same.

use super::play::Player;
use super::{Rehearsal, Unplayed};
use super::{partner, rail};
use crate::app::cost::Heard;
use crate::app::session::SheetBody;
use crate::clock::Held;
use crate::http::problem::{fault_code, fault_text};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use xitai_model::limits::{NODE_ID_BYTES_MAX, RANDOM_TAPS_MAX};
use xitai_model::program::{Event, Surface};
use xitai_model::scene::{Act, CoreAct, Given, Opened, Part, PartnerAct, Person, Scene, SheetAct, Then, Turn};
use xitai_model::screen::{Element, Node, Screen};
use xitai_model::sheet::{self, FieldInput};
use xitai_runtime::call::Fault;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RandomRun {
    pub seed: u64,
    pub taps: usize,
    /// The code of what the program fell on, what it says, and the last things that were done.
    pub fell: Option<Fell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fell {
    pub code: String,
    pub detail: String,
    pub after: Vec<String>,
}

/// The code under which the SDKs of TypeScript and Python tell of an exception that the program did not catch.
const EXCEPTION: &str = "program.exception";
/// How many of the last taps a finding names.
const TRAIL: usize = 12;

/// Texts that have broken programs before.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "1e309",
    "NaN",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{\"a\":[",
    "../../etc/passwd",
    "\u{1F600}\u{1F468}\u{200D}\u{1F469}",
    "\u{0627}\u{0644}",
    "2026-02-30",
    "%s%n",
];
/// What a partner says that nobody agreed on.
const REPLIES: &[(u16, &str)] = &[
    (200, ""),
    (200, "null"),
    (200, "[]"),
    (200, "{}"),
    (200, "[{}]"),
    (200, "{\"state\":7,\"slot\":-1,\"number\":\"x\"}"),
    (200, "<html>busy</html>"),
    (200, "[[[[[[[[[[[[[[[["),
    (201, "{\"slot\":99999999999999999999}"),
    (204, ""),
    (302, ""),
    (400, "{}"),
    (404, "not found"),
    (409, "{\"state\":null}"),
    (500, "\u{0}\u{1}"),
];

struct Dice(Held);

impl Dice {
    fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_be_bytes(bytes) % sides.max(1) as u64) as usize
    }
    fn of<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// Taps at random on a bank as `given` says, each person on a page of their own.
pub async fn run(rehearsal: &Rehearsal, given: &Given, seed: u64, taps: usize) -> Result<RandomRun, Unplayed> {
    let mut given = given.clone();
    given.seed = seed;
    let anybody = Person {
        part: Part::Customer(xitai_model::identity::Level::AccountHolder),
        funds: xitai_model::money::Money::cny(50_000),
        storage: Default::default(),
        facts: Default::default(),
    };
    given.people.entry("somebody".to_owned()).or_insert(anybody);
    let scene = Scene { file: "random".to_owned(), title: String::new(), given, turns: Vec::new() };
    let bank = rehearsal.bank(&scene.given).await?;
    let mut player = Player::new(&bank, &scene.given, None);
    let dice = Dice(Held::new(0, seed));
    let people: Vec<String> = scene.given.people.keys().cloned().collect();
    let pages = &rehearsal.package.manifest.pages;
    let mut trail: Vec<String> = Vec::new();
    let mut fell = None;
    let mut done = 0;
    for number in 1..=taps.min(RANDOM_TAPS_MAX) {
        let Some(who) = dice.of(&people) else { break };
        let act = act(&dice, &mut player, who, pages).await;
        let turn = Turn { line: 0, who: Some(who.clone()), act, then: Then::default() };
        let turn = match &turn.act {
            act if act.is_somebodys() => turn,
            _ => Turn { who: None, ..turn },
        };
        let came = player.turn(number as u64, &turn).await?;
        trail.push(told(&turn, &came.act));
        done = number;
        if let Some(fault) = player.heard.iter().filter_map(Heard::fell).find(|fault| is_to_mend(fault)) {
            let after = trail.split_off(trail.len().saturating_sub(TRAIL));
            fell = Some(Fell { code: fault_code(fault).code.to_owned(), detail: fault_text(fault), after });
            break;
        }
    }
    bank.close().await;
    Ok(RandomRun { seed, taps: done, fell })
}

/// Whether a program must not fall so, whatever is done to it. What it says in words of its own it may; what the host has
/// no room, no answer or no journal for says nothing about it.
fn is_to_mend(fault: &Fault) -> bool {
    match fault {
        Fault::Failure(failure) => failure.code == EXCEPTION,
        Fault::Stopped | Fault::Overloaded | Fault::Host(_) | Fault::Withheld(_) | Fault::Diverged(_) => false,
        Fault::Trap(_) | Fault::Compute | Fault::Time | Fault::Memory | Fault::Recursion => true,
        Fault::HostCalls | Fault::HostCallBytes | Fault::BadStep { .. } => true,
    }
}

/// The turn with what it carried, so that it can be done again by hand.
fn told(turn: &Turn, words: &str) -> String {
    match &turn.act {
        Act::Submit { values, .. } => format!("{words} with {values:?}"),
        Act::Partner { answer: PartnerAct::Reply { body, .. }, .. } => format!("{words} {body:?}"),
        _ => words.to_owned(),
    }
}

/// Something that can be done now.
async fn act(dice: &Dice, player: &mut Player<'_>, who: &str, pages: &[String]) -> Act {
    let opens = || {
        let page = dice.of(pages).cloned().unwrap_or_default();
        Act::Open(Opened {
            page,
            query: Vec::new(),
            channel: None,
            locale: None,
            elder_mode: dice.below(4) == 0,
            surface: if dice.below(8) == 0 { Surface::Card } else { Surface::Page },
        })
    };
    let Ok(view) = player.view(who, None).await else { return opens() };
    if let Some(open) = &view.sheet {
        return match dice.below(4) {
            0 => Act::Sheet(SheetAct::Decline),
            1 => Act::Sheet(SheetAct::Expire),
            _ => Act::Sheet(SheetAct::Confirm(answers(dice, &open.body))),
        };
    }
    if let Some(endpoint) = partner::waiting(player.bank).await
        && dice.below(2) == 0
    {
        let answer = match dice.below(6) {
            0 => PartnerAct::Hangs,
            1 => PartnerAct::Away,
            _ => {
                let (status, body) = dice.of(REPLIES).copied().unwrap_or((200, ""));
                PartnerAct::Reply { status, body: body.to_owned() }
            }
        };
        return Act::Partner { endpoint, answer };
    }
    if rail::waits(player.bank).await && dice.below(2) == 0 {
        let refused = CoreAct::Refused("insufficient-funds".to_owned());
        let all: Vec<CoreAct> = CoreAct::PLAIN.into_iter().chain([refused]).collect();
        return Act::Core(dice.of(&all).cloned().unwrap_or(CoreAct::Done));
    }
    match dice.below(12) {
        0 => opens(),
        1 => Act::Leave,
        2 => Act::Resume,
        3 => Act::Wait { ms: [1_000, 60_000, 3_600_000, 86_400_000][dice.below(4)] },
        _ => {
            let nodes: Vec<&Node> = view.screen.nodes.iter().collect();
            let tries = (0..8).filter_map(|_| dice.of(&nodes).and_then(|node| on(dice, &view.screen, node)));
            tries.into_iter().next().unwrap_or(Act::Look)
        }
    }
}

/// Ticks what is to be ticked, and writes something into the rest.
fn answers(dice: &Dice, body: &SheetBody) -> Vec<(String, String)> {
    let SheetBody::Ask { parts, .. } = body else { return Vec::new() };
    let fields = parts.iter().filter_map(|part| match part {
        sheet::Part::Field(field) => Some(field),
        _ => None,
    });
    fields
        .map(|field| {
            let ticks = field.input == FieldInput::Tick;
            let text = if ticks { "yes" } else { dice.of(HOSTILE).copied().unwrap_or("") };
            (field.name.clone(), text.to_owned())
        })
        .collect()
}

/// What a node lets one do.
fn on(dice: &Dice, screen: &Arc<Screen>, node: &Node) -> Option<Act> {
    let tap = |value: Option<String>| Act::Tap { node: node.id.clone(), value };
    let act = match &node.element {
        Element::Form => return submit(dice, screen, node),
        Element::SecureField(_) => Act::Fill { node: node.id.clone(), value: "11010519491231002X".to_owned() },
        Element::Tabs(tabs) => tap(Some(dice.below(tabs.len().max(1)).to_string())),
        Element::Items(_) => tap(Some("more".to_owned())),
        Element::Choice(_) | Element::Toggle(_) | Element::Quantity(_) => tap(Some(entered(dice, &node.element)?)),
        _ => tap(None),
    };
    // What the host itself would refuse tells nothing about the program.
    match &act {
        Act::Tap { node, value } => {
            let event = Event::Tapped { id: node.clone(), value: value.clone() };
            screen.accepts(&event).is_ok().then_some(act)
        }
        _ => Some(act),
    }
}

fn submit(dice: &Dice, screen: &Arc<Screen>, form: &Node) -> Option<Act> {
    let below = screen.below_id(&form.id);
    let buttons: Vec<&&Node> = below.iter().filter(|node| matches!(node.element, Element::Button(_))).collect();
    let button = dice.of(&buttons)?.id.clone();
    let values = below.iter().filter_map(|node| Some((node.id.clone(), entered(dice, &node.element)?))).collect();
    Some(Act::Submit { form: form.id.clone(), button, values, emptied: Vec::new() })
}

/// Something that a field takes, or may have to take.
fn entered(dice: &Dice, element: &Element) -> Option<String> {
    match element {
        Element::TextField(field) => {
            // Whoever does not know what to type types what the hint says.
            let text = if dice.below(4) == 0 { field.hint.as_str() } else { dice.of(HOSTILE).copied().unwrap_or("") };
            let most = if field.max_chars == 0 { NODE_ID_BYTES_MAX } else { field.max_chars as usize };
            let whole = if dice.below(6) == 0 { "戏".repeat(most) } else { text.to_owned() };
            Some(whole.chars().take(most).collect())
        }
        Element::Choice(choice) => dice.of(&choice.options).map(|(key, _)| key.clone()),
        Element::Toggle(_) => Some((dice.below(2) == 0).to_string()),
        Element::DateField(field) => {
            field.latest.clone().or_else(|| field.earliest.clone()).or_else(|| Some("2026-03-03".to_owned()))
        }
        Element::Quantity(quantity) => {
            let span = (quantity.maximum - quantity.minimum) as usize;
            Some((quantity.minimum as usize + dice.below(span.saturating_add(1))).to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xitai_model::code;
    use xitai_model::program::Failure;

    fn failure(code: &str) -> Fault {
        Fault::Failure(Failure { code: code.to_owned(), detail: "TypeError: x is null".to_owned() })
    }

    #[test]
    fn a_program_may_say_in_its_own_words_that_it_can_not_go_on() {
        for own in ["shop.closed", "partner.unreachable", "state.schema"] {
            assert!(!is_to_mend(&failure(own)), "{own}");
        }
        assert!(is_to_mend(&failure("program.exception")));
    }

    #[test]
    fn whatever_else_a_program_falls_on_is_to_mend() {
        let bad_step = |code: &str| Fault::BadStep { code: code.to_owned(), detail: String::new() };
        let broken = [code::SCREEN_DUPLICATE_ID, code::LIMIT_SCREEN_BYTES, code::LIMIT_STATE_BYTES];
        let limits = [
            Fault::Trap("unreachable".to_owned()),
            Fault::Compute,
            Fault::Time,
            Fault::Memory,
            Fault::Recursion,
            Fault::HostCalls,
            Fault::HostCallBytes,
        ];
        for fault in broken.iter().map(|code| bad_step(code.code)).chain(limits) {
            assert!(is_to_mend(&fault), "{fault:?}");
        }
    }

    #[test]
    fn what_the_host_can_not_do_is_no_fault_of_the_program() {
        let told = || "the database is away".to_owned();
        let of_host = [Fault::Stopped, Fault::Overloaded, Fault::Host(told()), Fault::Withheld(told())];
        for fault in of_host.into_iter().chain([Fault::Diverged(told())]) {
            assert!(!is_to_mend(&fault), "{fault:?}");
        }
    }
}
