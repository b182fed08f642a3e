//! Elements that arrange others.

use super::{Pen, prop};
use xitai_model::screen::{Element, Item, Items, Node};

impl<'a> Pen<'a> {
    pub(super) fn group(&mut self, node: &'a Node, class: &'static str) {
        self.begin("div", class, node);
        self.pin(node);
        self.html.attr_some("aria-label", node.label.as_deref());
        self.html.attr_some("role", node.label.as_ref().map(|_| "group"));
        self.html.raw(">");
        self.children(node);
        self.html.raw("</div>");
    }

    /// A group that stays within reach of the thumb.
    fn pin(&mut self, node: &Node) {
        self.html.flag("data-pin=\"bottom\"", prop(node, "pin") == Some("bottom"));
    }

    pub(super) fn card(&mut self, node: &'a Node) {
        self.begin("div", "card", node);
        self.pin(node);
        self.html.raw(">");
        if prop(node, "tap") == Some("yes") {
            let name = node.label.clone().unwrap_or_else(|| self.first_text(node));
            self.hit(node, &name);
        }
        self.children(node);
        self.html.raw("</div>");
    }

    /// A button stretched over what carries it. Controls inside lie above it, which nested buttons could not.
    fn hit(&mut self, node: &Node, name: &str) {
        self.html.raw("<button type=\"button\" class=\"hit\"").attr("data-tap", &node.id);
        self.html.attr("aria-label", name).raw("></button>");
    }

    /// What names a card without a label: the first text in it.
    fn first_text(&self, node: &Node) -> String {
        let text = |element: &Element| match element {
            Element::Heading(text) | Element::Paragraph(text) => Some(text.clone()),
            Element::Item(item) => Some(item.title.clone()),
            _ => None,
        };
        let children = node.children.iter().filter_map(|child| self.screen.nodes.get(*child as usize));
        children.filter_map(|child| text(&child.element)).next().unwrap_or_else(|| self.words().say("open"))
    }

    pub(super) fn section(&mut self, node: &'a Node, title: &str) {
        let level = self.heading;
        self.begin("section", "section", node);
        self.html.attr("aria-label", title).raw(">");
        self.heading_at(level, "section-title", title);
        self.heading = (level + 1).min(6);
        self.html.raw("<div class=\"section-body\">");
        self.children(node);
        self.html.raw("</div></section>");
        self.heading = level;
    }

    pub(super) fn divider(&mut self, node: &Node) {
        self.begin("hr", "divider", node);
        self.html.raw(">");
    }

    pub(super) fn tabs(&mut self, node: &'a Node, names: &[String]) {
        let tabs = self.control_id();
        self.begin("div", "tabs", node);
        self.html.raw("><div class=\"tab-names\" role=\"tablist\"");
        self.html.attr_some("aria-label", node.label.as_deref()).raw(">");
        for (i, name) in names.iter().enumerate() {
            self.html.raw("<button type=\"button\" role=\"tab\" class=\"tab-name\"");
            self.html.attr("id", &format!("{tabs}-tab{i}")).attr("aria-controls", &format!("{tabs}-panel{i}"));
            self.html.attr("aria-selected", if i == 0 { "true" } else { "false" });
            self.html.flag("tabindex=\"-1\"", i > 0).raw(">").text(name).raw("</button>");
        }
        self.html.raw("</div>");
        for (i, child) in node.children.iter().enumerate() {
            self.html.raw("<div role=\"tabpanel\" class=\"tab-panel\"").attr("id", &format!("{tabs}-panel{i}"));
            self.html.attr("aria-labelledby", &format!("{tabs}-tab{i}")).flag("hidden", i > 0).raw(">");
            self.node(*child);
            self.html.raw("</div>");
        }
        self.html.raw("</div>");
    }

    /// HTML knows no form within a form; an inner one is drawn as a group and its fields belong to the outer.
    pub(super) fn form(&mut self, node: &'a Node) {
        if self.form.is_some() {
            return self.group(node, "column");
        }
        self.begin("form", "form", node);
        self.html.attr("data-form", &node.id).attr_some("aria-label", node.label.as_deref());
        self.html.raw(" autocomplete=\"off\">");
        self.form = Some(&node.id);
        self.children(node);
        self.form = None;
        self.html.raw("</form>");
    }

    pub(super) fn items(&mut self, node: &'a Node, items: &Items) {
        self.begin("div", "items", node);
        self.html.raw(" role=\"list\"").attr_some("aria-label", node.label.as_deref()).raw(">");
        for child in &node.children {
            self.html.raw("<div role=\"listitem\" class=\"listed\">");
            self.node(*child);
            self.html.raw("</div>");
        }
        if items.more {
            let words = self.words();
            let text = match items.total {
                Some(total) => words.say1("items-more-of", "n", total),
                None => words.say("items-more"),
            };
            self.html.raw("<button type=\"button\" class=\"button quiet\"").attr("data-tap", &node.id);
            self.html.raw(" data-value=\"more\">").text(&text).raw("</button>");
        }
        self.html.raw("</div>");
    }

    pub(super) fn item(&mut self, node: &'a Node, item: &Item) {
        let tappable = prop(node, "tap") == Some("yes");
        self.begin("div", "item", node);
        self.html.attr_some("data-tone", prop(node, "tone")).flag("data-tappable", tappable).raw(">");
        if tappable {
            let name = node.label.clone().unwrap_or_else(|| item.title.clone());
            self.hit(node, &name);
        }
        if let Some(source) = &item.image {
            self.html.raw("<span class=\"item-image\">");
            self.picture(source, "");
            self.html.raw("</span>");
        }
        self.html.raw("<span class=\"item-text\">").leaf("span", "item-title", &item.title);
        if let Some(subtitle) = &item.subtitle {
            self.html.leaf("span", "item-subtitle", subtitle);
        }
        self.html.raw("</span>");
        if let Some(trailing) = &item.trailing {
            self.html.leaf("span", "item-trailing", trailing);
        }
        if !node.children.is_empty() {
            self.html.raw("<div class=\"item-more\">");
            self.children(node);
            self.html.raw("</div>");
        } else if tappable {
            super::icon::draw(&mut self.html, "forward");
        }
        self.html.raw("</div>");
    }
}
