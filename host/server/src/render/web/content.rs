//! Elements that are read or looked at.

use super::{Pen, icon, money, prop, qr};
use xitai_model::content::entry::DOCUMENT;
use xitai_model::ids::EntryId;
use xitai_model::media::Handle;
use xitai_model::money::Money;
use xitai_model::screen::{Document, Image, Node, Notice, Tone};

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Info | Tone::Other => "info",
        Tone::Success => "success",
        Tone::Warning => "warning",
        Tone::Danger => "danger",
    }
}

impl<'a> Pen<'a> {
    pub(super) fn heading(&mut self, node: &Node, text: &str) {
        let level = self.heading;
        self.begin("div", if prop(node, "size") == Some("display") { "heading display" } else { "heading" }, node);
        self.html.raw(">");
        self.heading_at(level, "heading-text", text);
        self.html.raw("</div>");
    }

    pub(super) fn heading_at(&mut self, level: u8, class: &'static str, text: &str) {
        let tag = match level {
            2 => "h2",
            3 => "h3",
            4 => "h4",
            5 => "h5",
            _ => "h6",
        };
        self.html.leaf(tag, class, text);
    }

    pub(super) fn paragraph(&mut self, node: &Node, text: &str) {
        self.begin("p", "paragraph", node);
        self.html.raw(">").text(text).raw("</p>");
    }

    pub(super) fn notice(&mut self, node: &Node, notice: &Notice) {
        let tone = tone(notice.tone);
        self.begin("div", "notice", node);
        self.html.attr("data-tone", tone).attr("role", if tone == "danger" { "alert" } else { "status" }).raw(">");
        icon::draw(&mut self.html, tone);
        self.html.leaf("span", "notice-text", &notice.text).raw("</div>");
    }

    pub(super) fn badge(&mut self, node: &Node, text: &str) {
        self.begin("span", "badge", node);
        self.html.attr_some("data-tone", prop(node, "tone")).raw(">").text(text).raw("</span>");
    }

    pub(super) fn key_values(&mut self, node: &Node, pairs: &[(String, String)]) {
        self.begin("dl", "key-values", node);
        self.html.raw(">");
        for (key, value) in pairs {
            self.html.raw("<div>").leaf("dt", "key", key).leaf("dd", "value", value).raw("</div>");
        }
        self.html.raw("</dl>");
    }

    pub(super) fn amount(&mut self, node: &Node, amount: &Money) {
        self.begin("p", "amount", node);
        self.html.raw(">");
        if let Some(label) = &node.label {
            self.html.leaf("span", "amount-label", label);
        }
        let words = self.words();
        money::draw_in(&mut self.html, "money", &words, amount);
        self.html.raw("</p>");
    }

    pub(super) fn image(&mut self, node: &Node, image: &Image) {
        self.begin("figure", "image", node);
        self.html.raw(">");
        self.picture(&image.source, &image.alt);
        self.html.raw("</figure>");
    }

    /// Pictures come out of the release's own package or from reviewed content, never from elsewhere: an address is
    /// neither a path of a package nor a handle.
    pub(super) fn picture(&mut self, source: &str, alt: &str) {
        // A handle of the package: `asset:assets/dish.svg`.
        let source = source.strip_prefix("asset:").unwrap_or(source);
        if let Some(handle) = Handle::parse(source) {
            self.html.raw("<img").attr("src", &format!("/app/media/{}", handle.hex())).attr("alt", alt);
            self.html.raw(" loading=\"lazy\" decoding=\"async\">");
            return;
        }
        let is_path = !source.is_empty()
            && !source.starts_with('/')
            && !source.contains("..")
            && source.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
        if is_path {
            self.html.raw("<img").attr("src", &format!("{}{source}", self.drawing.files)).attr("alt", alt);
            self.html.raw(" loading=\"lazy\" decoding=\"async\">");
        } else {
            self.html.raw("<span class=\"picture-none\" role=\"img\"").attr("aria-label", alt).raw(">");
            icon::draw(&mut self.html, "dot");
            self.html.raw("</span>");
        }
    }

    pub(super) fn icon(&mut self, node: &Node, name: &str) {
        self.begin("span", "icon-box", node);
        if let Some(label) = &node.label {
            self.html.attr("role", "img").attr("aria-label", label);
        }
        self.html.raw(">");
        icon::draw(&mut self.html, name);
        self.html.raw("</span>");
    }

    pub(super) fn qr(&mut self, node: &Node, text: &str) {
        let name = node.label.clone().unwrap_or_else(|| self.words().say("qr-code"));
        self.begin("figure", "qr", node);
        self.html.raw(">");
        qr::draw(&mut self.html, text, &name);
        // A pick-up code is also read aloud over the counter; a long payload helps nobody.
        if text.chars().count() <= 16 {
            self.html.leaf("figcaption", "qr-text", text);
        }
        self.html.raw("</figure>");
    }

    pub(super) fn media(&mut self, node: &Node, handle: &str) {
        let name = node.label.clone().unwrap_or_else(|| handle.to_owned());
        self.begin("div", "media", node);
        self.html.attr("role", "img").attr("aria-label", &name).raw("><span class=\"media-mark\">");
        icon::draw(&mut self.html, "play");
        self.html.raw("</span>").leaf("span", "media-name", &name).raw("</div>");
    }

    /// A document of the library opens on a page of the bank's, at a kiosk on one of the kiosk's own; any other handle
    /// is only named.
    pub(super) fn document(&mut self, node: &Node, document: &Document) {
        let entry = document.handle.strip_prefix(DOCUMENT).and_then(|id| EntryId::parse(id).ok());
        let tag = if entry.is_some() { "a" } else { "div" };
        self.begin(tag, "document", node);
        if let Some(entry) = &entry {
            let pages = if self.drawing.is_at_kiosk() { self.drawing.pages } else { "/app" };
            self.html.attr("href", &format!("{pages}/content/{entry}"));
        }
        self.html.raw("><span class=\"document-mark\">");
        icon::draw(&mut self.html, "document");
        self.html.raw("</span><span class=\"item-text\">").leaf("span", "item-title", &document.title);
        if entry.is_none() {
            self.html.leaf("span", "item-subtitle", &document.handle);
        }
        self.html.raw("</span></").raw(tag).raw(">");
    }
}
