//! Every element of the contract as lines of a message.

use super::{Drawing, button_text, name, texts};
use crate::render::web::{calendar, figure, money};
use crate::words::Words;
use std::iter::Peekable;
use std::slice::Iter;
use xitai_model::chat::{Act, Offer, is_asked, shown};
use xitai_model::limits::SCREEN_DEPTH_MAX;
use xitai_model::screen::{Chart, Element, Item, Moment, Node, Screen, Tone};

/// Lines that stay together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub text: String,
    pub choices: usize,
    /// It says nothing without what follows it.
    pub is_title: bool,
}

impl Block {
    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }
    /// The same as messages take it: a text that is too long for one goes on in the next.
    pub fn cut(self, chars_max: usize) -> Vec<Block> {
        if self.chars() <= chars_max {
            return vec![self];
        }
        let chars: Vec<char> = self.text.chars().collect();
        let pieces = chars.chunks(chars_max).map(|piece| piece.iter().collect::<String>());
        pieces
            .enumerate()
            .map(|(at, text)| Block { text, choices: if at == 0 { self.choices } else { 0 }, is_title: false })
            .collect()
    }
}

/// All of a screen, in reading order.
pub(super) fn blocks(screen: &Screen, offers: &[Offer], drawing: &Drawing) -> Vec<Block> {
    let offers = offers.iter().peekable();
    let mut writer = Writer { screen, drawing, offers, number: 0, in_form: false, blocks: Vec::new() };
    writer.node(screen.root, 0);
    writer.blocks
}

struct Writer<'a> {
    screen: &'a Screen,
    drawing: &'a Drawing,
    /// Those that are still to be numbered; they come in the order of the walk.
    offers: Peekable<Iter<'a, Offer>>,
    number: usize,
    in_form: bool,
    blocks: Vec<Block>,
}

impl<'a> Writer<'a> {
    /// A checked screen has no bad index and no cycle; the bounds keep this total.
    fn node(&mut self, index: u32, depth: usize) {
        let screen = self.screen;
        let Some(node) = screen.nodes.get(index as usize).filter(|_| depth <= SCREEN_DEPTH_MAX) else { return };
        match &node.element {
            // It is asked once the form is chosen.
            element if self.in_form && is_asked(element) => self.children(node, depth),
            // Its own offer is the rest of it, and comes last.
            Element::Items(items) => {
                self.children(node, depth);
                if items.more {
                    let words = self.words();
                    let text = items.total.map(|total| words.say1("items-more-of", "n", total));
                    self.offer(index, |_| text.clone().unwrap_or_else(|| words.say("items-more")));
                }
            }
            Element::Tabs(names) => {
                for (name, child) in names.iter().zip(&node.children) {
                    self.title(name);
                    self.node(*child, depth + 1);
                }
            }
            Element::Form => self.form(index, node, depth),
            Element::Choice(_) | Element::Toggle(_) | Element::Quantity(_) => self.control(index, node),
            _ if self.offers.peek().is_some_and(|offer| offer.node == index) => {
                let text = self.chosen(node);
                self.offer(index, |_| text.clone());
                self.children(node, depth);
            }
            _ => {
                self.read(node);
                self.children(node, depth);
            }
        }
    }

    fn children(&mut self, node: &'a Node, depth: usize) {
        node.children.iter().for_each(|child| self.node(*child, depth + 1));
    }

    fn words(&self) -> Words {
        self.drawing.words
    }

    fn say(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.blocks.push(Block { text, choices: 0, is_title: false });
        }
    }

    fn title(&mut self, text: &str) {
        self.blocks.push(Block { text: format!("— {text} —"), choices: 0, is_title: true });
    }

    /// The offers of a node, each with its number.
    fn offer(&mut self, index: u32, text: impl Fn(&Act) -> String) {
        while let Some(offer) = self.offers.next_if(|offer| offer.node == index) {
            self.number += 1;
            let text = format!("{}. {}", self.number, text(&offer.act));
            self.blocks.push(Block { text, choices: 1, is_title: false });
        }
    }

    /// What is read and chosen beside the questions, then the form as one choice.
    fn form(&mut self, index: u32, node: &'a Node, depth: usize) {
        self.in_form = true;
        self.children(node, depth);
        self.in_form = false;
        let words = self.words();
        let fields = xitai_model::chat::fields(self.screen, &node.id);
        let named: Vec<String> = fields.iter().map(|field| name(field, &words)).collect();
        let label = node.label.clone().unwrap_or_else(|| named.join(", "));
        self.offer(index, |act| match act {
            Act::Elsewhere => words.say1("chat-form-elsewhere", "what", label.as_str()),
            _ => words.say1("chat-form", "what", label.as_str()),
        });
    }

    /// What acts at once, outside of a form.
    fn control(&mut self, index: u32, node: &Node) {
        let words = self.words();
        match &node.element {
            Element::Choice(choice) => {
                self.say(node.label.as_deref().map(|label| format!("{label}:")).unwrap_or_default());
                let text = |act: &Act| {
                    let Act::Tap(Some(key)) = act else { return String::new() };
                    let mark = if choice.selected.contains(key) { " ✓" } else { "" };
                    format!("{}{mark}", texts(&node.element, std::slice::from_ref(key), &words))
                };
                self.offer(index, text);
            }
            element => {
                let now = texts(element, &shown(element), &words);
                self.offer(index, |_| format!("{}: {now}", name(node, &words)));
            }
        }
    }

    /// The text of what can be chosen as a whole.
    fn chosen(&self, node: &Node) -> String {
        match &node.element {
            Element::Button(_) => button_text(node, &self.words()),
            Element::Item(one) => item(one, &self.words()),
            Element::Link(link) => format!("{} {}", self.words().apart(&link.text), self.words().onward()),
            Element::SecureField(_) => {
                let name = node.label.clone().unwrap_or_else(|| self.words().say("secure-over"));
                self.words().say1("chat-form-elsewhere", "what", name)
            }
            _ => node.label.clone().unwrap_or_else(|| self.words().say("open")),
        }
    }

    /// What is read only.
    fn read(&mut self, node: &Node) {
        match &node.element {
            Element::Section(title) | Element::Heading(title) => self.title(title),
            _ => self.say(said(node, self.drawing)),
        }
    }
}

/// What of a node is read, without what is below it.
pub(in crate::render) fn said(node: &Node, drawing: &Drawing) -> String {
    let words = drawing.words;
    match &node.element {
        Element::Section(title) | Element::Heading(title) => title.clone(),
        Element::Divider => "———".to_owned(),
        Element::Item(one) => item(one, &words),
        Element::Paragraph(text) => text.clone(),
        Element::Notice(notice) => format!("{} {}", tone(notice.tone), notice.text),
        Element::Badge(text) => format!("[{text}]"),
        Element::KeyValues(pairs) => pairs
            .iter()
            .map(|(key, value)| format!("{}: {}", words.apart(key), words.apart(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        Element::Amount(amount) => match &node.label {
            Some(label) => format!("{}: {}", words.apart(label), money::text_in(&words, amount)),
            None => money::text_in(&words, amount),
        },
        Element::Image(image) => words.say1("chat-image", "alt", image.alt.as_str()),
        Element::Icon(_) => node.label.clone().unwrap_or_default(),
        Element::Qr(text) => format!("{}: {text}", node.label.clone().unwrap_or_else(|| words.say("chat-code"))),
        Element::Media(handle) => words.say1("chat-on-phone", "what", node.label.as_deref().unwrap_or(handle)),
        Element::Document(document) => words.say1("chat-on-phone", "what", document.title.as_str()),
        Element::Progress(progress) => {
            let label = node.label.as_deref().map(|label| format!("{label}: ")).unwrap_or_default();
            format!("{label}{}", figure::course(progress, &words))
        }
        Element::Chart(chart) => charted(node, chart, &words),
        Element::Timeline(moments) => moments.iter().map(|one| moment(one, drawing)).collect::<Vec<_>>().join("\n"),
        Element::Coupon(handle) => {
            format!("{}: {handle}", node.label.clone().unwrap_or_else(|| words.say("coupon")))
        }
        Element::Button(_) => format!("({})", button_text(node, &words)),
        // Outside of a form nothing is asked of it.
        Element::TextField(_) | Element::DateField(_) => {
            format!("{}: {}", name(node, &words), texts(&node.element, &shown(&node.element), &words))
        }
        _ => String::new(),
    }
}

fn moment(moment: &Moment, drawing: &Drawing) -> String {
    let words = drawing.words;
    match moment.reached {
        true => format!("● {} {}", words.apart(&moment.text), calendar::short(&words, moment.at_ms, drawing.now_ms)),
        false => format!("○ {}", moment.text),
    }
}

fn item(item: &Item, words: &Words) -> String {
    let mut line = words.apart(&item.title).into_owned();
    item.subtitle.iter().for_each(|text| line += &format!(" / {}", words.apart(text)));
    item.trailing.iter().for_each(|text| line += &format!(" … {}", words.apart(text)));
    line
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Info | Tone::Other => "ℹ",
        Tone::Success => "✓",
        Tone::Warning | Tone::Danger => "⚠",
    }
}

/// Points that a message names; of more the last ones are told.
const POINTS_MAX: usize = 12;

fn charted(node: &Node, chart: &Chart, words: &Words) -> String {
    let mut lines: Vec<String> = node.label.iter().map(|label| format!("{label}:")).collect();
    let past = chart.points.len().saturating_sub(POINTS_MAX);
    let told = chart.points.iter().skip(past);
    lines.extend(told.map(|(name, value)| format!("  {name}: {}", figure::figure(*value, chart, words))));
    lines.join("\n")
}
