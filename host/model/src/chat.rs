//! A chat: a screen is read as lines, what can be done on it has numbers, and a form is asked one question a message.
//!
//! What a message means follows from where the talk stands and from the screen alone ([`hear`]):
//!
//! | place | a number | `more`, `back` | `menu` | `phone` | other words |
//! |---|---|---|---|---|---|
//! | programs | opens that program | – | the list again | – | the list again |
//! | screen | taps it, asks for a number, begins a form, goes to a page | the next part, the one before | programs | goes on there | not understood |
//! | asking | the answer, or the button at the end | the question before, then the screen | programs | goes on there | the answer, where text is asked |
//!
//! Money is confirmed on the bank's own message alone, by typing the number that stands on it ([`decide`]): it follows
//! from the digest of exactly what was shown, so that it serves once, and for nothing else.

mod offer;
mod talk;
#[cfg(test)]
mod tests;

pub use offer::{Act, Offer, buttons, fields, is_asked, offers};
pub use talk::{Chat, Doing, Incoming, Line, Outgoing, Saying, Standing, TALK, Talk, about};

use crate::digest::Digest;
use crate::limits::{CHAT_PAY_MINOR_MAX, CHAT_WRONG_WORDS_MAX};
use crate::money::{Currency, Money};
use crate::program::Event;
use crate::screen::{Button, Element, Node, Screen};
use crate::tender::TenderKind;
use serde::{Deserialize, Serialize};

/// Where the talk with a chat user stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The list of programs.
    #[default]
    Programs,
    /// A part of the session's screen, counted from 0.
    Screen { part: u32 },
    /// The fields of a form, or one number. `at` is the field that is asked; past the last it is the button.
    Asking { node: String, at: u32, values: Vec<(String, String)> },
    /// The bank's own message waits for its number; so many were wrong.
    Confirming { missed: u32 },
}

/// What a message comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Another place of the same screen.
    Goes(Place),
    /// A customer's event.
    Posts(Event),
    /// A page of the same program.
    Opens(String),
    /// The program of this number, from 1 on.
    Program(usize),
    Programs,
    /// The session goes on elsewhere, by a code.
    Elsewhere,
    /// A code that somebody made elsewhere: for this chat, or for a session.
    Code(String),
    /// There is nothing of that number, or no such word.
    NotUnderstood,
    /// The value does not fit what is asked.
    Unfit,
}

/// Words that mean the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Back,
    More,
    Menu,
    Elsewhere,
    Skip,
}

fn word(text: &str) -> Option<Word> {
    Some(match text {
        "back" | "b" | "返回" | "上一步" | "назад" | "قبلی" | "بازگشت" => Word::Back,
        "more" | "m" | "更多" | "下一页" | "ещё" | "еще" | "بیشتر" => Word::More,
        "menu" | "0" | "菜单" | "首页" | "меню" | "منو" => Word::Menu,
        "phone" | "手机" | "换手机" | "телефон" | "گوشی" => Word::Elsewhere,
        "skip" | "-" | "跳过" | "пропустить" | "رد" => Word::Skip,
        _ => return None,
    })
}

/// A message as it is compared: without what surrounds it and without marks of direction, digits of any script that the
/// bank speaks as digits, in lower case.
pub fn folded(text: &str) -> String {
    let digit = |c: char, zero: char| char::from(b'0' + (c as u32 - zero as u32) as u8);
    let plain = |c: char| match c {
        '０'..='９' => digit(c, '０'),
        '۰'..='۹' => digit(c, '۰'),
        '٠'..='٩' => digit(c, '٠'),
        // As an Arabic keyboard writes the two letters.
        'ي' => 'ی',
        'ك' => 'ک',
        c => c,
    };
    let marks = |c: &char| matches!(c, '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}');
    let seen: String = text.chars().filter(|c| !marks(c)).collect();
    let trimmed = seen.trim().trim_end_matches(['.', '。', '!', '！', '、', '۔']);
    trimmed.chars().map(plain).collect::<String>().to_lowercase()
}

/// Digits of up to three places: what is longer is no number of a list.
fn number(folded: &str) -> Option<usize> {
    let fits = (1..=3).contains(&folded.len()) && folded.bytes().all(|b| b.is_ascii_digit());
    folded.parse().ok().filter(|number| fits && *number > 0)
}

/// Six digits are a code that was made elsewhere.
fn code(folded: &str) -> Option<String> {
    let digits: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Whether a message may be somebody's code.
pub fn is_code(text: &str) -> bool {
    code(&folded(text)).is_some()
}

/// What a message means. `parts` is how many parts the screen was cut into; without a screen there is none.
pub fn hear(place: &Place, screen: Option<&Screen>, parts: u32, text: &str) -> Heard {
    let said = folded(text);
    let command = word(&said);
    // Unless six digits are what is asked for.
    let answers = matches!((place, screen), (Place::Asking { node, at, .. }, Some(screen))
        if takes(screen, node, *at, &said));
    if let (Some(code), false) = (code(&said), answers) {
        return Heard::Code(code);
    }
    let (Some(screen), false) = (screen, *place == Place::Programs) else {
        return number(&said).map_or(Heard::Programs, Heard::Program);
    };
    match (command, place) {
        // Zero may be the answer to how many.
        (Some(Word::Menu), Place::Asking { node, at, .. }) if said == "0" && takes(screen, node, *at, "0") => {
            answer(place, screen, text, &said)
        }
        (Some(Word::Menu), _) => Heard::Programs,
        (Some(Word::Elsewhere), _) => Heard::Elsewhere,
        (Some(Word::More), Place::Screen { part }) => match part + 1 < parts {
            true => Heard::Goes(Place::Screen { part: part + 1 }),
            false => Heard::NotUnderstood,
        },
        (Some(Word::Back), _) => back(place),
        (_, Place::Screen { .. }) => number(&said).map_or(Heard::NotUnderstood, |number| choose(screen, number)),
        (_, Place::Asking { .. }) => answer(place, screen, text, &said),
        (_, Place::Programs | Place::Confirming { .. }) => Heard::NotUnderstood,
    }
}

/// Whether what a message means on the screen that its writer was told is the same on the screen as it is now. Of the
/// screen that was told nothing may be kept any more.
pub fn still_means(heard: &Heard, place: &Place, told: Option<&Screen>, now: &Screen) -> bool {
    let named = match (heard, place) {
        // Of no screen, or of a page by its name.
        (Heard::Programs | Heard::Program(_) | Heard::Elsewhere | Heard::Code(_) | Heard::Opens(_), _) => return true,
        (Heard::Posts(Event::Tapped { id, .. }), _) => Some(id),
        (Heard::Posts(Event::Submitted { form, .. }), _) => Some(form),
        (Heard::Goes(Place::Asking { node, .. }), _)
        | (Heard::Unfit | Heard::NotUnderstood, Place::Asking { node, .. }) => Some(node),
        _ => None,
    };
    let Some(told) = told else { return false };
    // Only which node it is about is looked at.
    let about = |id: &String| Event::Tapped { id: id.clone(), value: None };
    told == now || named.is_some_and(|id| now.same_node(told, &about(id)))
}

fn back(place: &Place) -> Heard {
    match place {
        Place::Screen { part: 0 } => Heard::Programs,
        Place::Screen { part } => Heard::Goes(Place::Screen { part: part - 1 }),
        Place::Asking { node, at, values } if *at > 0 => {
            Heard::Goes(Place::Asking { node: node.clone(), at: at - 1, values: values.clone() })
        }
        Place::Asking { .. } | Place::Confirming { .. } => Heard::Goes(Place::Screen { part: 0 }),
        Place::Programs => Heard::Programs,
    }
}

/// The choice of a number.
fn choose(screen: &Screen, number: usize) -> Heard {
    let offers = offers(screen);
    let Some(offer) = offers.get(number - 1) else { return Heard::NotUnderstood };
    let Some(node) = screen.nodes.get(offer.node as usize) else { return Heard::NotUnderstood };
    let asks = || Heard::Goes(Place::Asking { node: node.id.clone(), at: 0, values: Vec::new() });
    match &offer.act {
        Act::Tap(value) => Heard::Posts(Event::Tapped { id: node.id.clone(), value: value.clone() }),
        Act::Number | Act::Form => asks(),
        Act::Link(page) => Heard::Opens(page.clone()),
        Act::Elsewhere => Heard::Elsewhere,
    }
}

/// The field that is asked; none at the end of a form, where a button is chosen.
pub fn asked<'a>(screen: &'a Screen, node: &str, at: u32) -> Option<&'a Node> {
    let named = screen.node(node)?;
    match named.element {
        Element::Form => fields(screen, node).get(at as usize).copied(),
        _ => Some(named),
    }
}

fn takes(screen: &Screen, node: &str, at: u32, value: &str) -> bool {
    asked(screen, node, at).is_some_and(|field| field.element.takes(value))
}

fn answer(place: &Place, screen: &Screen, text: &str, said: &str) -> Heard {
    let Place::Asking { node, at, values } = place else { return Heard::NotUnderstood };
    let Some(field) = asked(screen, node, *at) else { return press(screen, node, values, said) };
    let Some(given) = value_of(field, text, said) else { return Heard::Unfit };
    if let Element::Quantity(_) = field.element
        && field.id == *node
    {
        return Heard::Posts(Event::Tapped { id: node.clone(), value: given.into_iter().next() });
    }
    let mut values = values.clone();
    values.retain(|(name, _)| *name != field.id);
    values.extend(given.into_iter().map(|value| (field.id.clone(), value)));
    Heard::Goes(Place::Asking { node: node.clone(), at: at + 1, values })
}

/// The button at the end of a form.
fn press(screen: &Screen, form: &str, values: &[(String, String)], said: &str) -> Heard {
    let buttons = buttons(screen, form);
    match number(said).and_then(|number| buttons.get(number - 1)) {
        Some(button) => {
            let (form, button) = (form.to_owned(), button.id.clone());
            Heard::Posts(Event::Submitted { form, button, values: values.to_vec() })
        }
        None => Heard::NotUnderstood,
    }
}

/// The values that an answer gives a field; none where it does not fit. What is skipped keeps what it shows.
fn value_of(field: &Node, text: &str, said: &str) -> Option<Vec<String>> {
    let element = &field.element;
    let shown = shown(element);
    if word(said) == Some(Word::Skip) {
        return (!element.is_required() || !shown.is_empty()).then_some(shown);
    }
    let given = match element {
        Element::TextField(_) => vec![text.trim().to_owned()],
        Element::Choice(choice) => {
            let mut keys = Vec::new();
            for part in said.split([' ', ',', '，', '、', '،']).filter(|part| !part.is_empty()) {
                let (key, _) = choice.options.get(number(part)? - 1)?;
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
            let fits = !keys.is_empty() && (choice.many || keys.len() == 1);
            fits.then_some(keys)?
        }
        Element::Toggle(_) => vec![
            match said {
                "1" | "yes" | "y" | "是" | "да" | "بله" => "true",
                "2" | "no" | "n" | "否" | "нет" | "خیر" | "نه" => "false",
                _ => return None,
            }
            .to_owned(),
        ],
        Element::DateField(_) => vec![said.replace(['/', '.'], "-")],
        _ => vec![said.to_owned()],
    };
    let fits = given.iter().all(|value| element.takes(value));
    let filled = !element.is_required() || given.iter().any(|value| !value.trim().is_empty());
    (fits && filled).then_some(given)
}

/// What a field holds as it is shown.
pub fn shown(element: &Element) -> Vec<String> {
    match element {
        Element::TextField(field) => Some(field.value.clone()).filter(|value| !value.is_empty()).into_iter().collect(),
        Element::Choice(choice) => choice.selected.clone(),
        Element::Toggle(toggle) => vec![toggle.on.to_string()],
        Element::DateField(field) => field.value.iter().cloned().collect(),
        Element::Quantity(quantity) => vec![quantity.value.to_string()],
        _ => Vec::new(),
    }
}

/// The money that a choice agrees to pay, if it is a button with an amount.
pub fn amount(node: &Node) -> Option<Money> {
    match &node.element {
        Element::Button(Button { amount, .. }) => *amount,
        _ => None,
    }
}

/// The number to type under the bank's own message.
pub fn confirm_word(digest: &Digest) -> String {
    let head = digest.hex().get(..12).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
    // Never with a leading zero, and never six digits, which are a code.
    format!("{}", 1_000 + head % 9_000)
}

/// Whether a payment may be confirmed in a chat at all: small, and from the account.
pub fn may_confirm(payable: Money, tender: TenderKind) -> bool {
    payable.currency == Currency::CNY && payable.minor <= CHAT_PAY_MINOR_MAX && tender == TenderKind::Account
}

/// What the way to another program begins with.
pub const OPENS: &str = "/app/open/";

/// Whether a sheet that is no payment may be agreed to in a chat: not what is signed, nothing that takes money later, and
/// nothing that leads to a page which a chat has not, such as to what is printed. `then` is where it leads.
pub fn may_agree(kind: &str, then: Option<&str>) -> bool {
    matches!(kind, "coupon" | "errand" | "notice-asking" | "consent") && then.is_none_or(|to| to.starts_with(OPENS))
}

/// What a message under the bank's own message decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    Confirms,
    Declines,
    /// Another number; so many were wrong.
    Wrong(u32),
    Elsewhere,
}

pub fn decide(digest: &Digest, missed: u32, text: &str) -> Decided {
    let said = folded(text);
    match word(&said) {
        Some(Word::Elsewhere) => return Decided::Elsewhere,
        Some(Word::Back | Word::Menu) => return Decided::Declines,
        _ => {}
    }
    match said.as_str() {
        "no" | "n" | "cancel" | "取消" | "不" | "нет" | "отмена" | "نه" | "خیر" | "لغو" => {
            Decided::Declines
        }
        said if said == confirm_word(digest) => Decided::Confirms,
        _ if missed + 1 >= CHAT_WRONG_WORDS_MAX => Decided::Declines,
        _ => Decided::Wrong(missed + 1),
    }
}
