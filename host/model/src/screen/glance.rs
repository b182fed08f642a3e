//! What of a screen can be looked at and not acted on: a card stands among others and leads as a whole to its program.

use super::{Element, Node, Screen};
use crate::limits::ZONE_CARD_NODES_MAX;

impl Screen {
    /// The screen without anything that is tapped, filled in or played, or nothing where it is more than a glance.
    pub fn glance(&self) -> Option<Screen> {
        let mut seen = Screen { title: self.title.clone(), nodes: Vec::new(), root: 0 };
        self.copy(self.root, &mut seen)?;
        (seen.nodes.len() <= ZONE_CARD_NODES_MAX).then_some(seen)
    }

    /// Copies a node with all below it, parents first; nothing where it is not for looking.
    fn copy(&self, index: u32, into: &mut Screen) -> Option<u32> {
        let node = self.nodes.get(index as usize)?;
        // A checked screen is a tree; the bound only keeps a damaged one from looping.
        // The card carries its program's name already.
        let repeats = matches!(&node.element, Element::Heading(text) if *text == self.title);
        if repeats || !is_for_looking(&node.element) || into.nodes.len() > ZONE_CARD_NODES_MAX {
            return None;
        }
        let at = u32::try_from(into.nodes.len()).ok()?;
        let element = match &node.element {
            Element::Form | Element::Tabs(_) | Element::Other(_) => Element::Column,
            element => element.clone(),
        };
        let props = node.props.iter().filter(|(name, _)| !matches!(name.as_str(), "tap" | "pin")).cloned().collect();
        into.nodes.push(Node { element, children: Vec::new(), props, ..node.clone() });
        let children = node.children.iter().filter_map(|child| self.copy(*child, into)).collect();
        into.nodes[at as usize].children = children;
        Some(at)
    }
}

fn is_for_looking(element: &Element) -> bool {
    use Element as E;
    match element {
        E::Column | E::Row | E::Card | E::Section(_) | E::Divider | E::Tabs(_) | E::Form | E::Items(_) | E::Item(_) => {
            true
        }
        E::Heading(_) | E::Paragraph(_) | E::Notice(_) | E::Badge(_) | E::KeyValues(_) | E::Amount(_) => true,
        E::Image(_) | E::Icon(_) | E::Progress(_) | E::Chart(_) | E::Timeline(_) | E::Other(_) => true,
        E::Qr(_) | E::Media(_) | E::Document(_) | E::Coupon(_) | E::Button(_) | E::Link(_) => false,
        E::TextField(_) | E::Choice(_) | E::Toggle(_) | E::DateField(_) | E::Quantity(_) | E::SecureField(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::{Button, Item, TextField, Weight};

    fn node(id: &str, element: Element, children: &[u32]) -> Node {
        Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
    }
    fn text(id: &str) -> Node {
        node(id, Element::Paragraph(id.to_owned()), &[])
    }

    #[test]
    fn what_is_acted_on_is_left_out_with_all_below_it() {
        let button =
            Button { text: "Pay".to_owned(), weight: Weight::Primary, value: None, amount: None, disabled: false };
        let field = TextField {
            value: String::new(),
            hint: String::new(),
            required: false,
            max_chars: 9,
            input: String::new(),
        };
        let item = Item { title: "Tea".to_owned(), subtitle: None, trailing: None, image: None };
        let mut tapped = node("item", Element::Item(item), &[]);
        tapped.props = vec![("tap".to_owned(), "yes".to_owned()), ("tone".to_owned(), "info".to_owned())];
        let screen = Screen {
            title: "Canteen".to_owned(),
            nodes: vec![
                text("first"),
                node("pay", Element::Button(button), &[]),
                node("name", Element::TextField(field), &[]),
                text("inside"),
                node("form", Element::Form, &[2, 3]),
                tapped,
                node("root", Element::Column, &[0, 1, 4, 5]),
            ],
            root: 6,
        };
        let seen = screen.glance().unwrap();
        let ids: Vec<&str> = seen.nodes.iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["root", "first", "form", "inside", "item"]);
        assert_eq!((seen.root, &seen.nodes[0].children), (0, &vec![1, 2, 4]));
        assert_eq!((&seen.nodes[2].element, &seen.nodes[2].children), (&Element::Column, &vec![3]));
        assert_eq!(seen.nodes[4].props, [("tone".to_owned(), "info".to_owned())], "it can't be tapped here");
    }

    #[test]
    fn a_glance_is_small() {
        let of = |count: usize| {
            let mut nodes: Vec<Node> = (0..count - 1).map(|n| text(&format!("n{n}"))).collect();
            let children: Vec<u32> = (0..count as u32 - 1).collect();
            nodes.push(node("root", Element::Column, &children));
            Screen { title: String::new(), nodes, root: count as u32 - 1 }.glance().is_some()
        };
        assert!(of(ZONE_CARD_NODES_MAX) && !of(ZONE_CARD_NODES_MAX + 1));
    }

    #[test]
    fn a_screen_that_only_asks_shows_nothing() {
        let qr = Screen { title: String::new(), nodes: vec![node("root", Element::Qr("x".to_owned()), &[])], root: 0 };
        assert_eq!(qr.glance(), None);
        assert_eq!(Screen { root: 7, ..qr }.glance(), None, "nor does one without a root");
    }
}
