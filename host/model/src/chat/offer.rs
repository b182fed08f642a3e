//! What can be done on a screen by saying a number.

use crate::limits::SCREEN_DEPTH_MAX;
use crate::screen::{Element, Node, Screen};

/// One thing that a customer can choose. Its number is its place in the list, from 1 on, over all of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Index of the node in the screen.
    pub node: u32,
    pub act: Act,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A tap with this value.
    Tap(Option<String>),
    /// A number is asked for, then tapped.
    Number,
    /// Its fields are asked one by one.
    Form,
    /// Another page of the program.
    Link(String),
    /// It can't be done in a chat: it goes on elsewhere.
    Elsewhere,
}

/// Everything that can be chosen on a screen, in the order in which it is read.
pub fn offers(screen: &Screen) -> Vec<Offer> {
    let mut found = Vec::new();
    walk(screen, screen.root, (0, false), &mut found);
    found
}

/// What a form asks by itself, one question a message. All else in it can be chosen beside the form.
pub fn is_asked(element: &Element) -> bool {
    element.is_field() || matches!(element, Element::Form | Element::Button(_) | Element::SecureField(_))
}

/// A checked screen has no bad index and no cycle; the bounds keep this total.
fn walk(screen: &Screen, index: u32, (depth, in_form): (usize, bool), found: &mut Vec<Offer>) {
    let Some(node) = screen.nodes.get(index as usize).filter(|_| depth <= SCREEN_DEPTH_MAX) else { return };
    let acts = if in_form && is_asked(&node.element) { Vec::new() } else { of_node(screen, node) };
    let own = acts.into_iter().map(|act| Offer { node: index, act });
    let below = (depth + 1, in_form || matches!(node.element, Element::Form));
    // A form is one choice, behind what is read and chosen in it.
    if matches!(node.element, Element::Form) {
        node.children.iter().for_each(|child| walk(screen, *child, below, found));
        found.extend(own);
        return;
    }
    found.extend(own);
    node.children.iter().for_each(|child| walk(screen, *child, below, found));
    // The rest of a list comes after what there is of it.
    if matches!(&node.element, Element::Items(items) if items.more) {
        found.push(Offer { node: index, act: Act::Tap(Some("more".to_owned())) });
    }
}

fn of_node(screen: &Screen, node: &Node) -> Vec<Act> {
    let whole = || Act::Tap(None);
    match &node.element {
        Element::Button(button) if !button.disabled => vec![Act::Tap(button.value.clone())],
        Element::Card | Element::Item(_) if taps(node) => vec![whole()],
        Element::Choice(choice) => choice.options.iter().map(|(key, _)| Act::Tap(Some(key.clone()))).collect(),
        Element::Toggle(toggle) => vec![Act::Tap(Some((!toggle.on).to_string()))],
        Element::Quantity(_) => vec![Act::Number],
        Element::Link(link) => vec![Act::Link(link.page.clone())],
        Element::Form if asks_elsewhere(screen, node) => vec![Act::Elsewhere],
        Element::Form => vec![Act::Form],
        Element::SecureField(_) => vec![Act::Elsewhere],
        _ => Vec::new(),
    }
}

/// A hint that the whole of it may be tapped.
fn taps(node: &Node) -> bool {
    node.props.iter().any(|(name, value)| name == "tap" && value == "yes")
}

/// What the host reads for the program is never said in a chat.
fn asks_elsewhere(screen: &Screen, form: &Node) -> bool {
    screen.below_id(&form.id).iter().any(|node| matches!(node.element, Element::SecureField(_)))
}

/// The fields of a form in the order in which they are asked.
pub fn fields<'a>(screen: &'a Screen, form: &str) -> Vec<&'a Node> {
    screen.below_id(form).into_iter().filter(|node| node.element.is_field()).collect()
}

/// Its buttons that can be pressed.
pub fn buttons<'a>(screen: &'a Screen, form: &str) -> Vec<&'a Node> {
    let is_live = |node: &&Node| matches!(&node.element, Element::Button(button) if !button.disabled);
    screen.below_id(form).into_iter().filter(is_live).collect()
}
