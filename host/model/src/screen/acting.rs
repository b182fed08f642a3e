//! What a customer does on a screen: whether an event fits it, what it arms, and whether what was acted on is still
//! the same.

use super::{Element, Node, Screen, field};
use crate::code::{self, Code};
use crate::limits::{FORM_VALUES_MAX, SCREEN_TEXT_CHARS_MAX};
use crate::money::Money;
use crate::program::Event;
use crate::text;

/// Why a customer's event doesn't fit the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFault {
    pub code: &'static Code,
    /// The node or field that it is about, as the client named it.
    pub node: String,
}

fn fault<T>(code: &'static Code, node: &str) -> Result<T, EventFault> {
    Err(EventFault { code, node: node.to_owned() })
}

impl Screen {
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The node and everything below it, parents first.
    fn below<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Node> {
        let mut walk = vec![node];
        // A stored screen is a tree; the bound only keeps a damaged one from looping.
        let mut left = self.nodes.len();
        std::iter::from_fn(move || {
            let node = walk.pop()?;
            left = left.checked_sub(1)?;
            walk.extend(node.children.iter().rev().filter_map(|child| self.nodes.get(*child as usize)));
            Some(node)
        })
    }

    /// Everything below the node of this id, parents first.
    pub fn below_id(&self, id: &str) -> Vec<&Node> {
        self.node(id).map(|node| self.below(node).skip(1).collect()).unwrap_or_default()
    }

    /// The enabled button that an event presses.
    fn pressed(&self, event: &Event) -> Option<&super::Button> {
        let button = match event {
            Event::Tapped { id, .. } => self.node(id)?,
            Event::Submitted { form, button, .. } => {
                let form = self.node(form).filter(|node| matches!(node.element, Element::Form))?;
                self.below(form).find(|node| node.id == *button)?
            }
            _ => return None,
        };
        match &button.element {
            Element::Button(button) if !button.disabled => Some(button),
            _ => None,
        }
    }

    /// The money that an event agrees to pay: the amount of the enabled button that it presses. A submit's button
    /// must be inside its form.
    pub fn armed_by(&self, event: &Event) -> Option<Money> {
        self.pressed(event)?.amount
    }

    /// Puts the button's own value into a tap that left it out, so that a program hears it on every channel.
    pub fn complete(&self, event: &mut Event) {
        let own = self.pressed(event).and_then(|button| button.value.clone());
        if let Event::Tapped { value: value @ None, .. } = event {
            *value = own;
        }
    }

    /// Whether what the event acts on is the same here and on `other`. Where it is not, the customer saw something
    /// else than is there now.
    pub fn same_node(&self, other: &Screen, event: &Event) -> bool {
        let id = match event {
            Event::Tapped { id, .. } => id,
            Event::Submitted { form, .. } => form,
            _ => return true,
        };
        let (Some(here), Some(there)) = (self.node(id), other.node(id)) else { return false };
        // Asking a growing list for more is always meant.
        if let (Element::Items(here), Element::Items(there)) = (&here.element, &there.element) {
            return here.more == there.more;
        }
        let mut theirs = other.below(there);
        let same = self.below(here).all(|node| {
            theirs.next().is_some_and(|their| {
                (&node.id, &node.element, &node.label, node.children.len())
                    == (&their.id, &their.element, &their.label, their.children.len())
            })
        });
        same && theirs.next().is_none()
    }

    /// Whether a customer's event fits this screen. Events that name no node always do.
    pub fn accepts(&self, event: &Event) -> Result<(), EventFault> {
        match event {
            Event::Tapped { id, value } => self.accepts_tap(id, value.as_deref()),
            Event::Submitted { form, button, values } => self.accepts_submit(form, button, values),
            Event::Resumed | Event::Hidden => Ok(()),
            _ => fault(code::SESSION_EVENT_NOT_CUSTOMERS, ""),
        }
    }

    fn accepts_tap(&self, id: &str, value: Option<&str>) -> Result<(), EventFault> {
        let Some(node) = self.node(id) else { return fault(code::SESSION_NODE_MISSING, id) };
        let fits = match &node.element {
            Element::Button(button) if !button.disabled => value.is_none() || value == button.value.as_deref(),
            Element::Link(link) => value.is_none_or(|value| value == link.page),
            Element::Card | Element::Item(_) | Element::Coupon(_) => value.is_none(),
            Element::Items(items) => items.more && value == Some("more"),
            Element::Tabs(tabs) => value.is_some_and(|value| {
                let index = value.parse::<usize>().is_ok_and(|index| index < tabs.len());
                index || tabs.iter().any(|tab| tab == value)
            }),
            // Outside a form these act at once.
            element @ (Element::Choice(_) | Element::Toggle(_) | Element::Quantity(_)) => {
                value.is_some_and(|value| field::fits(element, value))
            }
            Element::Other(_) => value.is_none_or(|value| text::is_enterable(value, SCREEN_TEXT_CHARS_MAX)),
            _ => return fault(code::SESSION_NODE_NOT_TAPPABLE, id),
        };
        if fits { Ok(()) } else { fault(code::SESSION_VALUE_INVALID, id) }
    }

    fn accepts_submit(&self, form: &str, button: &str, values: &[(String, String)]) -> Result<(), EventFault> {
        let Some(node) = self.node(form) else { return fault(code::SESSION_NODE_MISSING, form) };
        if !matches!(node.element, Element::Form) {
            return fault(code::SESSION_NODE_NOT_TAPPABLE, form);
        }
        let inside: Vec<&Node> = self.below(node).collect();
        match inside.iter().find(|node| node.id == button).map(|node| &node.element) {
            None => return fault(code::SESSION_NODE_MISSING, button),
            Some(Element::Button(button)) if !button.disabled => {}
            Some(_) => return fault(code::SESSION_NODE_NOT_TAPPABLE, button),
        }
        if values.len() > FORM_VALUES_MAX {
            return fault(code::LIMIT_FORM_VALUES, form);
        }
        for (at, (name, value)) in values.iter().enumerate() {
            let field = inside.iter().find(|node| node.id == *name && field::is_field(&node.element));
            let Some(field) = field else { return fault(code::SESSION_VALUE_UNEXPECTED, name) };
            let many = matches!(&field.element, Element::Choice(choice) if choice.many);
            let again = values[..at].iter().any(|(other, chosen)| other == name && (!many || chosen == value));
            if again {
                return fault(code::SESSION_VALUE_UNEXPECTED, name);
            }
            // An empty text is the same as none, so that a browser may send every field.
            let left_empty = value.is_empty() && matches!(field.element, Element::TextField(_) | Element::DateField(_));
            if !left_empty && !field::fits(&field.element, value) {
                return fault(code::SESSION_VALUE_INVALID, name);
            }
        }
        let filled = |id: &str| values.iter().any(|(name, value)| name == id && !value.trim().is_empty());
        match inside.iter().find(|node| field::is_required(&node.element) && !filled(&node.id)) {
            Some(missing) => fault(code::SESSION_VALUE_MISSING, &missing.id),
            None => Ok(()),
        }
    }
}
