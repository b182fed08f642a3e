//! Screens for a chat: lines to read, what can be done under numbers, one question a message.
//!
//! Which number means what is the model's ([`xitai_model::chat`]); here it gets words. A screen is cut into parts of at
//! most five choices, each a message; the numbers count through, so that each is good from every part.

mod lines;
mod sheet;
#[cfg(test)]
mod tests;

pub(super) use lines::said;
pub use sheet::{elsewhere, is_confirmed_here, sheet};

use super::web::money;
use crate::words::Words;
use lines::Block;
use xitai_model::chat::{asked, buttons, fields, offers, shown};
use xitai_model::limits::{CHAT_CHOICES_MAX, CHAT_MESSAGE_CHARS_MAX};
use xitai_model::screen::{Element, Node, Screen};
use xitai_model::text::clean;

/// What drawing needs beside the screen.
#[derive(Clone, Copy)]
pub struct Drawing {
    pub words: Words,
    pub now_ms: i64,
}

/// The messages of a screen, in order; at least one.
pub fn parts(screen: &Screen, drawing: &Drawing) -> Vec<String> {
    let mut parts: Vec<Vec<Block>> = vec![Vec::new()];
    for block in lines::blocks(screen, &offers(screen), drawing) {
        for block in block.cut(CHAT_MESSAGE_CHARS_MAX) {
            let now = parts.last().map(Vec::as_slice).unwrap_or_default();
            let (choices, chars) = now.iter().fold((0, 0), |(c, n), b| (c + b.choices, n + b.chars() + 1));
            let over = choices + block.choices > CHAT_CHOICES_MAX || chars + block.chars() > CHAT_MESSAGE_CHARS_MAX;
            // A title stands with what follows it.
            let is_title = |block: &Block| block.is_title;
            if over && !now.iter().all(is_title) {
                let last = parts.last_mut().map(|part| part.pop_if(|last| is_title(last))).unwrap_or_default();
                parts.push(last.into_iter().collect());
            }
            if let Some(last) = parts.last_mut() {
                last.push(block);
            }
        }
    }
    let of = parts.len();
    parts.into_iter().enumerate().map(|(number, blocks)| message(screen, &blocks, number, of, drawing)).collect()
}

fn message(screen: &Screen, blocks: &[Block], number: usize, of: usize, drawing: &Drawing) -> String {
    let words = drawing.words;
    let mut lines: Vec<String> = blocks.iter().map(|block| block.text.clone()).collect();
    if of > 1 {
        let place = [("n", (number + 1).to_string()), ("of", of.to_string())];
        let place: Vec<(&'static str, &str)> = place.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lines.push(words.say_with(if number + 1 < of { "chat-part-more" } else { "chat-part" }, &place));
    }
    in_its_name(screen, lines)
}

/// A message in which a program speaks: under the title of its screen, and without the mark of the bank's own message.
/// Whatever a program writes on a screen comes into a chat through here.
fn in_its_name(screen: &Screen, lines: Vec<String>) -> String {
    let title = format!("【{}】", screen.title.replace(char::is_control, " "));
    let all: Vec<String> = std::iter::once(title).chain(lines).collect();
    all.join("\n").replace(is_lock, "")
}

/// 🔒 and its like: the bank's own message begins with it.
fn is_lock(c: char) -> bool {
    matches!(c, '🔏' | '🔐' | '🔒' | '🔓')
}

/// What a program says in passing: a screen was looked through for marks that turn the direction, and this was not.
pub fn toast(screen: &Screen, text: &str) -> Option<String> {
    let plain = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    let mut said: String = text.chars().take(CHAT_MESSAGE_CHARS_MAX).map(plain).collect();
    clean(&mut said, CHAT_MESSAGE_CHARS_MAX).ok()?;
    let said = said.trim();
    (!said.is_empty()).then(|| in_its_name(screen, vec![said.to_owned()]))
}

/// The question for the field at `at`, or at the end of a form what was answered and its buttons.
pub fn question(screen: &Screen, node: &str, at: u32, values: &[(String, String)], drawing: &Drawing) -> String {
    let words = drawing.words;
    match asked(screen, node, at) {
        Some(field) => in_its_name(screen, ask(screen, node, field, at, &words)),
        None => {
            let mut lines: Vec<String> =
                fields(screen, node).iter().map(|field| answered(field, values, &words)).collect();
            for (number, button) in buttons(screen, node).iter().enumerate() {
                lines.push(format!("{}. {}", number + 1, button_text(button, &words)));
            }
            lines.push(words.say("chat-send"));
            in_its_name(screen, lines)
        }
    }
}

fn ask(screen: &Screen, form: &str, field: &Node, at: u32, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    let of = fields(screen, form).len();
    if of > 1 {
        lines.push(format!("({}/{of})", at + 1));
    }
    lines.push(format!("{}{}", words.apart(&name(field, words)), if field.element.is_required() { " *" } else { "" }));
    match &field.element {
        Element::Choice(choice) => {
            for (number, (_, text)) in choice.options.iter().enumerate() {
                lines.push(format!("{}. {}", number + 1, words.apart(text)));
            }
            lines.push(words.say(if choice.many { "chat-ask-many" } else { "chat-ask-one" }));
        }
        Element::Toggle(_) => lines.push(words.say("chat-ask-toggle")),
        Element::DateField(date) => {
            let bounds = [date.earliest.as_deref(), date.latest.as_deref()];
            lines.push(match bounds {
                [None, None] => words.say("chat-ask-date"),
                [from, to] => format!("{} ({}…{})", words.say("chat-ask-date"), from.unwrap_or(""), to.unwrap_or("")),
            });
        }
        Element::Quantity(quantity) => lines.push(words.say_with(
            "chat-ask-number",
            &[("from", &quantity.minimum.to_string()), ("to", &quantity.maximum.to_string())],
        )),
        Element::TextField(text) if !text.hint.is_empty() => lines.push(text.hint.clone()),
        _ => {}
    }
    let now = shown(&field.element);
    let is_form = matches!(screen.node(form).map(|node| &node.element), Some(Element::Form));
    if is_form && (!field.element.is_required() || !now.is_empty()) {
        let held = texts(&field.element, &now, words);
        lines.push(match held.is_empty() {
            true => words.say("chat-skip"),
            false => words.say1("chat-skip-keeps", "value", held),
        });
    }
    lines.push(words.say("chat-back"));
    lines
}

fn answered(field: &Node, values: &[(String, String)], words: &Words) -> String {
    let given: Vec<String> =
        values.iter().filter(|(name, _)| *name == field.id).map(|(_, value)| value.clone()).collect();
    let text = texts(&field.element, &given, words);
    format!("{}: {}", name(field, words), if text.is_empty() { "–".to_owned() } else { text })
}

/// Values as they are read: the options' texts, yes and no.
fn texts(element: &Element, values: &[String], words: &Words) -> String {
    let one = |value: &String| match element {
        Element::Choice(choice) => {
            let option = choice.options.iter().find(|(key, _)| key == value);
            option.map_or_else(|| value.clone(), |(_, text)| text.clone())
        }
        Element::Toggle(_) => words.say(if value == "true" { "chat-yes" } else { "chat-no" }),
        _ => value.clone(),
    };
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What a field is called.
pub(super) fn name(field: &Node, words: &Words) -> String {
    match (&field.label, &field.element) {
        (Some(label), _) => label.clone(),
        (None, Element::Toggle(toggle)) => toggle.text.clone(),
        (None, Element::TextField(text)) if !text.hint.is_empty() => text.hint.clone(),
        (None, Element::Quantity(_)) => words.say("quantity"),
        (None, _) => field.id.clone(),
    }
}

/// A button in words: the money that it agrees to first.
fn button_text(node: &Node, words: &Words) -> String {
    match &node.element {
        Element::Button(button) => match &button.amount {
            Some(amount) => format!("{} {}", money::text_in(words, amount), words.apart(&button.text)),
            None => button.text.clone(),
        },
        _ => String::new(),
    }
}

/// Programs to choose from.
pub fn programs(names: &[String], linked: bool, words: &Words) -> String {
    let mut lines = vec![words.say("chat-programs")];
    let names = names.iter().map(|name| name.replace(is_lock, ""));
    lines.extend(names.enumerate().map(|(number, name)| format!("{}. {}", number + 1, words.apart(&name))));
    if lines.len() == 1 {
        lines.push(words.say("zone-empty"));
    }
    lines.push(words.say(if linked { "chat-programs-linked" } else { "chat-programs-link" }));
    lines.join("\n")
}
