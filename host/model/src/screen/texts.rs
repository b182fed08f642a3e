//! Every text of a node, one by one, and how much a screen weighs at most.

use super::{Element, Node};

/// Calls `visit` with each text of a node that people may see. The id is not one of them.
pub(super) fn each_text<E>(node: &mut Node, visit: &mut impl FnMut(&mut String) -> Result<(), E>) -> Result<(), E> {
    if let Some(label) = &mut node.label {
        visit(label)?;
    }
    for (name, value) in &mut node.props {
        visit(name)?;
        visit(value)?;
    }
    each_element_text(&mut node.element, visit)
}

fn each_element_text<E>(element: &mut Element, visit: &mut impl FnMut(&mut String) -> Result<(), E>) -> Result<(), E> {
    use Element as E;
    match element {
        E::Column | E::Row | E::Card | E::Divider | E::Form => Ok(()),
        E::Items(_) | E::Amount(_) | E::Progress(_) | E::Quantity(_) => Ok(()),
        E::Section(text) | E::Heading(text) | E::Paragraph(text) | E::Badge(text) | E::Icon(text) => visit(text),
        E::Qr(text) | E::Media(text) | E::Coupon(text) | E::SecureField(text) => visit(text),
        E::Tabs(texts) => texts.iter_mut().try_for_each(visit),
        E::KeyValues(pairs) => each_pair(pairs, visit),
        E::Item(item) => {
            visit(&mut item.title)?;
            let rest = [&mut item.subtitle, &mut item.trailing, &mut item.image];
            rest.into_iter().flatten().try_for_each(visit)
        }
        E::Notice(notice) => visit(&mut notice.text),
        E::Image(image) => [&mut image.source, &mut image.alt].into_iter().try_for_each(visit),
        E::Document(document) => [&mut document.handle, &mut document.title].into_iter().try_for_each(visit),
        E::Chart(chart) => {
            [&mut chart.kind, &mut chart.unit].into_iter().try_for_each(&mut *visit)?;
            chart.points.iter_mut().try_for_each(|(text, _)| visit(text))
        }
        E::Timeline(moments) => moments.iter_mut().try_for_each(|moment| visit(&mut moment.text)),
        E::Button(button) => {
            visit(&mut button.text)?;
            button.value.iter_mut().try_for_each(visit)
        }
        E::Link(link) => [&mut link.text, &mut link.page].into_iter().try_for_each(visit),
        E::TextField(field) => [&mut field.value, &mut field.hint, &mut field.input].into_iter().try_for_each(visit),
        E::Choice(choice) => {
            each_pair(&mut choice.options, visit)?;
            choice.selected.iter_mut().try_for_each(visit)
        }
        E::Toggle(toggle) => visit(&mut toggle.text),
        E::DateField(field) => {
            let texts = [&mut field.value, &mut field.earliest, &mut field.latest];
            texts.into_iter().flatten().try_for_each(visit)
        }
        E::Other(extension) => [&mut extension.kind, &mut extension.json].into_iter().try_for_each(visit),
    }
}

fn each_pair<E>(pairs: &mut [(String, String)], visit: &mut impl FnMut(&mut String) -> Result<(), E>) -> Result<(), E> {
    pairs.iter_mut().try_for_each(|(name, value)| {
        visit(name)?;
        visit(value)
    })
}

/// Adds up how many bytes of JSON a screen can be at most, without writing it: the true size is only measured where
/// this is over the limit.
#[derive(Default)]
pub(super) struct Weighed {
    bytes: usize,
}

/// More than the longest element's member names, numbers and quotes take.
const NODE_BYTES_MOST: usize = 320;
/// The same for one text or one entry of a list, and for one child.
const TEXT_BYTES_MOST: usize = 72;
const CHILD_BYTES_MOST: usize = 12;

impl Weighed {
    pub(super) fn text(&mut self, text: &str) {
        // Quotes, backslashes and line breaks take two bytes; other control characters are refused.
        self.bytes += 2 * text.len() + TEXT_BYTES_MOST;
    }
    pub(super) fn node(&mut self, node: &Node) {
        self.bytes += node.id.len() + NODE_BYTES_MOST + CHILD_BYTES_MOST * node.children.len();
    }
    pub(super) fn json_bytes_most(&self) -> usize {
        self.bytes
    }
}
