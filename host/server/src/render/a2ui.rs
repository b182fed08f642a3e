//! Screens as A2UI v0.9 messages, for whoever has a renderer of that already.
//!
//! Pure. Every component is of A2UI's own basic catalog, so that each of its renderers draws it. What that has no
//! component for becomes words, as in a chat: a QR code its text, a chart its points, progress and coupons a line. The
//! bank's sheets are never A2UI: their frame is the bank's. Values of fields lie in the data model under `/fields`; an
//! action of an event is named `tapped`, `submitted` or `open-page`, and `docs/native.md` says how to send it on.

use super::chat;
use super::web::money;
use crate::words::Words;
use serde_json::{Map, Value, json};
use xitai_model::limits::SCREEN_DEPTH_MAX;
use xitai_model::media::Handle;
use xitai_model::screen::{Button, Choice, Element, Item, Node, Screen};

/// The version of the messages.
pub const VERSION: &str = "v0.9";
/// The components that are used.
pub const CATALOG: &str = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";

/// What drawing needs beside the screen.
#[derive(Clone, Copy)]
pub struct Drawing<'a> {
    /// The session, which names the surface.
    pub surface: &'a str,
    pub origin: &'a str,
    /// Address below which the files of the session's release are served; ends in `/`.
    pub files: &'a str,
    pub words: Words,
    pub now_ms: i64,
}

/// The messages that draw a screen on a fresh surface.
pub fn messages(screen: &Screen, drawing: &Drawing<'_>) -> Value {
    let mut pen = Pen { screen, drawing, components: Vec::new(), fields: Map::new(), form: None };
    let child = pen.node(screen.root, 0);
    let title = pen.text("title", &screen.title, "h2");
    let children: Vec<String> = std::iter::once(title).chain(child).collect();
    pen.put("root", "Column", json!({ "children": children }));
    let Pen { components, fields, .. } = pen;
    let surface = drawing.surface;
    json!([
        { "version": VERSION, "createSurface": { "surfaceId": surface, "catalogId": CATALOG } },
        { "version": VERSION, "updateDataModel": { "surfaceId": surface, "path": "/", "value": { "fields": fields } } },
        { "version": VERSION, "updateComponents": { "surfaceId": surface, "components": components } },
    ])
}

struct Pen<'a> {
    screen: &'a Screen,
    drawing: &'a Drawing<'a>,
    components: Vec<Value>,
    /// Values of fields by their names.
    fields: Map<String, Value>,
    /// The form around the node, if any.
    form: Option<&'a Node>,
}

impl<'a> Pen<'a> {
    /// Adds a component and gives its id back.
    fn put(&mut self, id: &str, component: &str, more: Value) -> String {
        let mut whole = json!({ "id": id, "component": component });
        if let (Value::Object(whole), Value::Object(more)) = (&mut whole, more) {
            whole.extend(more);
        }
        self.components.push(whole);
        id.to_owned()
    }
    fn text(&mut self, id: &str, text: &str, variant: &str) -> String {
        // Nothing of a program's is markup.
        let plain: String = text.chars().flat_map(|c| escaped(c).into_iter().flatten()).collect();
        self.put(id, "Text", json!({ "text": plain, "variant": variant }))
    }
    fn event(name: &str, context: Value) -> Value {
        json!({ "event": { "name": name, "context": context } })
    }

    /// Draws a node with what is below it. A checked screen has no bad index and no cycle; the bounds keep this total.
    fn node(&mut self, index: u32, depth: usize) -> Option<String> {
        let node = self.screen.nodes.get(index as usize).filter(|_| depth <= SCREEN_DEPTH_MAX)?;
        let id = format!("n{index}");
        Some(match &node.element {
            Element::Column | Element::Other(_) => self.group(&id, node, depth, "Column"),
            Element::Row => self.group(&id, node, depth, "Row"),
            Element::Items(items) => {
                let mut children = self.children(node, depth);
                if items.more {
                    let words = self.drawing.words;
                    let says = items.total.map(|total| words.say1("items-more-of", "n", total));
                    let says = says.unwrap_or_else(|| words.say("items-more"));
                    let more = self.text(&format!("{id}-more"), &says, "body");
                    let action = Self::event("tapped", json!({ "id": node.id, "value": "more" }));
                    children.push(self.put(
                        &format!("{id}-next"),
                        "Button",
                        json!({ "child": more, "action": action }),
                    ));
                }
                self.put(&id, "List", json!({ "children": children }))
            }
            Element::Card => {
                let inner = self.group(&format!("{id}-in"), node, depth, "Column");
                self.tappable(&id, node, inner)
            }
            Element::Item(item) => self.item(&id, node, item, depth),
            Element::Section(title) => {
                let heading = self.text(&format!("{id}-title"), title, "h3");
                let children: Vec<String> = std::iter::once(heading).chain(self.children(node, depth)).collect();
                self.put(&id, "Column", json!({ "children": children }))
            }
            Element::Form => {
                let outer = self.form.replace(node);
                let drawn = self.group(&id, node, depth, "Column");
                self.form = outer;
                drawn
            }
            Element::Tabs(names) => {
                let children = self.children(node, depth);
                let tabs: Vec<Value> = names
                    .iter()
                    .zip(&children)
                    .map(|(title, child)| json!({ "title": title, "child": child }))
                    .collect();
                match tabs.is_empty() {
                    true => self.put(&id, "Column", json!({ "children": [] })),
                    false => self.put(&id, "Tabs", json!({ "tabs": tabs })),
                }
            }
            Element::Divider => self.put(&id, "Divider", json!({})),
            Element::Button(button) => self.button(&id, node, button),
            Element::Link(link) => {
                let child = self.text(&format!("{id}-text"), &link.text, "body");
                let action = Self::event("open-page", json!({ "page": link.page }));
                self.put(&id, "Button", json!({ "child": child, "variant": "borderless", "action": action }))
            }
            Element::Image(image) => {
                let url = self.address(&image.source);
                self.put(&id, "Image", json!({ "url": url, "description": image.alt, "fit": "contain" }))
            }
            Element::TextField(_)
            | Element::Choice(_)
            | Element::Toggle(_)
            | Element::DateField(_)
            | Element::Quantity(_) => self.field(&id, node),
            _ => self.words(&id, node),
        })
    }

    fn children(&mut self, node: &'a Node, depth: usize) -> Vec<String> {
        node.children.iter().filter_map(|child| self.node(*child, depth + 1)).collect()
    }
    fn group(&mut self, id: &str, node: &'a Node, depth: usize, component: &str) -> String {
        let children = self.children(node, depth);
        self.put(id, component, json!({ "children": children }))
    }

    /// A card, and a button around it where it can be tapped.
    fn tappable(&mut self, id: &str, node: &Node, child: String) -> String {
        if !node.props.iter().any(|(name, value)| name == "tap" && value == "yes") {
            return self.put(id, "Card", json!({ "child": child }));
        }
        let card = self.put(&format!("{id}-card"), "Card", json!({ "child": child }));
        let action = Self::event("tapped", json!({ "id": node.id }));
        self.put(id, "Button", json!({ "child": card, "variant": "borderless", "action": action }))
    }

    fn item(&mut self, id: &str, node: &'a Node, item: &Item, depth: usize) -> String {
        let mut children = Vec::new();
        if let Some(source) = &item.image {
            let url = self.address(source);
            let more = json!({ "url": url, "description": "", "variant": "smallFeature", "fit": "cover" });
            children.push(self.put(&format!("{id}-image"), "Image", more));
        }
        children.push(self.text(&format!("{id}-title"), &item.title, "body"));
        for (part, text) in [("subtitle", &item.subtitle), ("trailing", &item.trailing)] {
            if let Some(text) = text {
                children.push(self.text(&format!("{id}-{part}"), text, "caption"));
            }
        }
        let inner = self.put(&format!("{id}-in"), "Column", json!({ "children": children }));
        // What is below it acts by itself, which nothing within a button could.
        let below = self.children(node, depth);
        if below.is_empty() {
            return self.tappable(id, node, inner);
        }
        let face = self.tappable(&format!("{id}-face"), node, inner);
        let children: Vec<String> = std::iter::once(face).chain(below).collect();
        self.put(id, "Column", json!({ "children": children }))
    }

    fn button(&mut self, id: &str, node: &Node, button: &Button) -> String {
        // What a tap agrees to pay is said first, and unabridged.
        let words = self.drawing.words;
        let amount = button.amount.as_ref().map(|amount| format!("{} ", money::text_in(&words, amount)));
        let amount = amount.unwrap_or_default();
        let child = self.text(&format!("{id}-text"), &format!("{amount}{}", button.text), "body");
        if button.disabled {
            return child;
        }
        let action = match self.form {
            Some(form) => {
                let mut context = json!({ "form": form.id, "button": node.id });
                for name in self.names(form) {
                    context[format!("field:{name}")] = json!({ "path": format!("/fields/{}", pointer(&name)) });
                }
                Self::event("submitted", context)
            }
            None => Self::event("tapped", json!({ "id": node.id, "value": button.value })),
        };
        let variant = if button.weight == xitai_model::screen::Weight::Primary { "primary" } else { "default" };
        self.put(id, "Button", json!({ "child": child, "variant": variant, "action": action }))
    }

    /// The names of a form's fields.
    fn names(&self, form: &Node) -> Vec<String> {
        let (mut names, mut open) = (Vec::new(), form.children.clone());
        // Each node has one parent, so that there are no more than all.
        for _ in 0..self.screen.nodes.len() {
            let Some(node) = open.pop().and_then(|index| self.screen.nodes.get(index as usize)) else { continue };
            open.extend(&node.children);
            let is_field = matches!(
                node.element,
                Element::TextField(_)
                    | Element::Choice(_)
                    | Element::Toggle(_)
                    | Element::DateField(_)
                    | Element::Quantity(_)
            );
            if is_field {
                names.push(node.id.clone());
            }
        }
        names.sort();
        names
    }

    fn field(&mut self, id: &str, node: &Node) -> String {
        let label = chat::name(node, &self.drawing.words);
        let path = json!({ "path": format!("/fields/{}", pointer(&node.id)) });
        let (value, component, more) = match &node.element {
            Element::TextField(field) => {
                let variant = match field.input.as_str() {
                    "digits" | "decimal" => "number",
                    "lines" | "multiline" => "longText",
                    _ => "shortText",
                };
                (json!(field.value), "TextField", json!({ "label": label, "value": path, "variant": variant }))
            }
            Element::Choice(choice) => return self.choice(id, node, choice, label),
            Element::Toggle(toggle) => (json!(toggle.on), "CheckBox", json!({ "label": toggle.text, "value": path })),
            Element::DateField(field) => {
                let mut more = json!({ "value": path, "enableDate": true, "label": label });
                for (name, day) in [("min", &field.earliest), ("max", &field.latest)] {
                    if let Some(day) = day {
                        more[name] = json!(day);
                    }
                }
                (json!(field.value.clone().unwrap_or_default()), "DateTimeInput", more)
            }
            Element::Quantity(field) => {
                let more = json!({ "label": label, "min": field.minimum, "max": field.maximum, "value": path });
                (json!(field.value), "Slider", more)
            }
            _ => return self.words(id, node),
        };
        self.fields.insert(node.id.clone(), value);
        self.put(id, component, more)
    }

    fn choice(&mut self, id: &str, node: &Node, choice: &Choice, label: String) -> String {
        let options: Vec<Value> =
            choice.options.iter().map(|(value, label)| json!({ "label": label, "value": value })).collect();
        let variant = if choice.many { "multipleSelection" } else { "mutuallyExclusive" };
        let path = format!("/fields/{}", pointer(&node.id));
        self.fields.insert(node.id.clone(), json!(choice.selected));
        let more = json!({ "label": label, "variant": variant, "options": options, "value": { "path": path } });
        self.put(id, "ChoicePicker", more)
    }

    /// What only has words.
    fn words(&mut self, id: &str, node: &Node) -> String {
        let Drawing { words, now_ms, .. } = *self.drawing;
        let said = || chat::said(node, &chat::Drawing { words, now_ms });
        let (text, variant) = match &node.element {
            Element::Heading(text) => (text.clone(), "h3"),
            Element::Amount(_) => (said(), "h4"),
            Element::Badge(text) => (text.clone(), "caption"),
            // A program's icon is of its own names.
            Element::Icon(_) => (node.label.clone().unwrap_or_default(), "caption"),
            Element::SecureField(_) => {
                let what = node.label.clone().unwrap_or_else(|| words.say("open"));
                (words.say1("chat-form-elsewhere", "what", what), "body")
            }
            _ => (said(), "body"),
        };
        self.text(id, &text, variant)
    }

    fn address(&self, source: &str) -> String {
        let Drawing { origin, files, .. } = self.drawing;
        let source = source.strip_prefix("asset:").unwrap_or(source);
        match Handle::parse(source) {
            Some(handle) => format!("{origin}/app/media/{}", handle.hex()),
            None => format!("{origin}{files}{source}"),
        }
    }
}

/// A name as a part of a JSON pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A character that renderers do not take for markup.
fn escaped(c: char) -> [Option<char>; 2] {
    let is_markup = matches!(c, '*' | '_' | '`' | '#' | '[' | ']' | '<' | '>' | '\\' | '!' | '~' | '|');
    [is_markup.then_some('\\'), Some(c)]
}

#[cfg(test)]
mod tests;
