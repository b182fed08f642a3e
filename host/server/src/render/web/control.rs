//! Elements that answer a finger. Within a form they are its fields; outside, each change is a tap.

use super::{Pen, icon, money, prop};
use xitai_model::screen::{Button, Choice, DateField, Link, Node, Quantity, TextField, Toggle, Weight};

impl<'a> Pen<'a> {
    pub(super) fn button(&mut self, node: &Node, button: &Button) {
        let class = match button.weight {
            Weight::Primary => "button primary",
            Weight::Danger => "button danger",
            Weight::Secondary | Weight::Other => "button secondary",
        };
        self.begin("button", class, node);
        self.html.attr("type", if self.form.is_some() { "submit" } else { "button" });
        self.html.attr("data-tap", &node.id).attr_some("data-value", button.value.as_deref());
        self.html.attr_some("aria-label", self.button_name(node, button).as_deref());
        self.html.flag("data-pays", button.amount.is_some()).flag("disabled", button.disabled).raw(">");
        // The money that the tap agrees to is drawn by the host, and first.
        if let Some(amount) = &button.amount {
            let words = self.words();
            money::draw_in(&mut self.html, "button-amount money", &words, amount);
        }
        self.html.leaf("span", "button-text", &button.text).raw("</button>");
    }

    /// A label of the program's stands for the text, never for the amount.
    fn button_name(&self, node: &Node, button: &Button) -> Option<String> {
        let label = node.label.as_ref()?;
        Some(match &button.amount {
            Some(amount) => format!("{} {label}", money::text_in(&self.words(), amount)),
            None => label.clone(),
        })
    }

    pub(super) fn link(&mut self, node: &Node, link: &Link) {
        self.begin("a", "link", node);
        let page = super::query_escaped(&link.page);
        self.html.attr("href", &format!("{}/open/{}?page={page}", self.drawing.pages, self.drawing.program));
        self.html.attr_some("aria-label", node.label.as_deref()).raw("><span>").text(&link.text).raw("</span>");
        icon::draw(&mut self.html, "forward");
        self.html.raw("</a>");
    }

    fn label(&mut self, node: &Node, required: bool) {
        let id = self.control_id();
        if let Some(label) = &node.label {
            self.html.raw("<label class=\"field-label\"").attr("for", &id).raw(">").text(label);
            self.required(required);
            self.html.raw("</label>");
        }
    }

    fn required(&mut self, required: bool) {
        if required {
            let text = self.words().say("field-required");
            self.html.raw("<abbr class=\"required\"").attr("title", &text).raw(">*</abbr>");
        }
    }

    /// Attributes that every field has: what it is called in the submission, or that a change is a tap.
    fn field(&mut self, node: &Node, required: bool) {
        let id = self.control_id();
        self.html.attr("id", &id).attr("name", &node.id).flag("required", required);
        self.html.flag("autofocus", prop(node, "autofocus") == Some("yes"));
    }

    pub(super) fn text_field(&mut self, node: &Node, field: &TextField) {
        self.begin("div", "field", node);
        self.html.raw(">");
        self.label(node, field.required);
        let lines = field.input == "lines";
        self.html.raw(if lines { "<textarea class=\"input\" rows=\"4\"" } else { "<input class=\"input\"" });
        self.field(node, field.required);
        self.html.attr("placeholder", &field.hint);
        if field.max_chars > 0 {
            self.html.attr("maxlength", &field.max_chars.to_string());
        }
        if node.label.is_none() {
            self.html.attr("aria-label", &field.hint);
        }
        if lines {
            // A leading line break would be eaten by the parser; one more keeps the value exact.
            self.html.raw(">\n").text(&field.value).raw("</textarea></div>");
            return;
        }
        let (kind, mode) = match field.input.as_str() {
            "digits" => ("text", "numeric"),
            "decimal" => ("text", "decimal"),
            "phone" => ("tel", "tel"),
            "email" => ("email", "email"),
            _ => ("text", "text"),
        };
        self.html.attr("type", kind).attr("inputmode", mode).attr("value", &field.value).raw("></div>");
    }

    pub(super) fn choice(&mut self, node: &Node, choice: &Choice) {
        self.begin("fieldset", "choice", node);
        self.html.raw(">");
        if let Some(label) = &node.label {
            self.html.raw("<legend class=\"field-label\">").text(label);
            self.required(choice.required);
            self.html.raw("</legend>");
        }
        for (key, text) in &choice.options {
            self.html.raw("<label class=\"chip\"><input").attr("type", if choice.many { "checkbox" } else { "radio" });
            self.html.attr("name", &node.id).attr("value", key);
            self.html.flag("checked", choice.selected.contains(key));
            self.html.flag("required", choice.required && !choice.many);
            self.html.flag("data-change", self.form.is_none()).raw("><span>").text(text).raw("</span></label>");
        }
        self.html.raw("</fieldset>");
    }

    pub(super) fn toggle(&mut self, node: &Node, toggle: &Toggle) {
        self.begin("label", "toggle", node);
        self.html.raw(">").leaf("span", "toggle-text", &toggle.text);
        self.html.raw("<input type=\"checkbox\" role=\"switch\"");
        self.field(node, false);
        self.html.flag("checked", toggle.on).flag("data-change", self.form.is_none()).raw("></label>");
    }

    pub(super) fn date_field(&mut self, node: &Node, field: &DateField) {
        self.begin("div", "field", node);
        self.html.raw(">");
        self.label(node, field.required);
        self.html.raw("<input class=\"input\" type=\"date\"");
        self.field(node, field.required);
        self.html.attr_some("value", field.value.as_deref());
        self.html.attr_some("min", field.earliest.as_deref()).attr_some("max", field.latest.as_deref()).raw("></div>");
    }

    pub(super) fn quantity(&mut self, node: &Node, quantity: &Quantity) {
        let id = self.control_id();
        let (value, words) = (quantity.value, self.words());
        self.begin("div", "quantity", node);
        self.html.raw(" role=\"group\"");
        let name = node.label.clone().unwrap_or_else(|| words.say("quantity"));
        self.html.attr("aria-label", &name).flag("data-zero", value == 0).raw(">");
        if let (Some(label), true) = (&node.label, self.form.is_some()) {
            self.html.raw("<label class=\"field-label\"").attr("for", &id).raw(">").text(label).raw("</label>");
        }
        self.step(node, "minus", &words.say("quantity-less"), value.saturating_sub(1), value <= quantity.minimum);
        if self.form.is_some() {
            self.html.raw("<input class=\"quantity-value\" type=\"number\" inputmode=\"numeric\"");
            self.field(node, true);
            self.html.attr("value", &value.to_string()).attr("min", &quantity.minimum.to_string());
            self.html.attr("max", &quantity.maximum.to_string()).raw(">");
        } else {
            self.html.leaf("output", "quantity-value", &words.figures().number(&value.to_string()));
        }
        self.step(node, "plus", &words.say("quantity-more"), value.saturating_add(1), value >= quantity.maximum);
        self.html.raw("</div>");
    }

    /// One of the two buttons around a quantity: a tap outside of a form, a step of the field within one.
    fn step(&mut self, node: &Node, sign: &'static str, name: &str, value: u32, disabled: bool) {
        self.html.raw("<button type=\"button\" class=\"step\"").attr("aria-label", name);
        if self.form.is_some() {
            self.html.attr("data-step", if sign == "plus" { "1" } else { "-1" });
        } else {
            self.html.attr("data-tap", &node.id).attr("data-value", &value.to_string()).flag("disabled", disabled);
        }
        self.html.raw(">");
        icon::draw(&mut self.html, sign);
        self.html.raw("</button>");
    }

    /// A field of the host's own within the program's form. It has no name, so that no submission carries what is typed;
    /// the page sends it to the host apart, and shows what may be shown of it. At a kiosk people stand behind: what is
    /// typed is seen only by who asks to.
    pub(super) fn secure_field(&mut self, node: &Node, ticket: &str) {
        let Some(face) = self.drawing.fields.get(ticket).filter(|face| !face.over) else {
            return self.secure_field_over(node);
        };
        let (id, words) = (self.control_id(), self.words());
        let (hint, mode) = match face.kind {
            "card-number" => (words.say("secure-hint-card"), "numeric"),
            "one-time-code" => (words.say("secure-hint-code"), "numeric"),
            _ => (words.say("secure-hint-identity"), "text"),
        };
        let name = node.label.clone().unwrap_or_else(|| words.name("secure", face.kind));
        let hides = self.drawing.is_at_kiosk();
        self.begin("div", "field secure", node);
        self.html.raw("><label class=\"field-label\"").attr("for", &id).raw(">");
        icon::draw(&mut self.html, "lock");
        self.html.text(&name).raw("</label>").raw(if hides { "<div class=\"secure-hidden\">" } else { "" });
        self.html.raw("<input class=\"input\"").raw(if hides { " type=\"password\"" } else { "" });
        self.html.attr("id", &id).attr("data-secure", ticket);
        self.html.attr("inputmode", mode).attr("maxlength", "64").attr("aria-describedby", &format!("{id}-why"));
        let completed = if face.kind == "one-time-code" { "one-time-code" } else { "off" };
        self.html.attr("autocomplete", completed).attr("spellcheck", "false");
        self.html.attr("placeholder", if face.filled { &face.masked } else { &hint });
        self.html.flag("data-filled", face.filled).attr("data-missing", &words.say("secure-missing")).raw(">");
        if hides {
            self.html.raw("<button type=\"button\" class=\"button secondary\" data-show aria-pressed=\"false\">");
            self.html.text(&words.say("kiosk-show")).raw("</button></div>");
        }
        self.html.raw("<p class=\"field-hint\"").attr("id", &format!("{id}-why"));
        let why = words.say_with("secure-why", &[("purpose", face.purpose.as_str())]);
        self.html.raw(">").text(&why).raw("</p></div>");
    }

    /// A field whose time is over, whose value was used, or that is not this session's.
    fn secure_field_over(&mut self, node: &Node) {
        let text = self.words().say("secure-over");
        self.begin("div", "notice", node);
        self.html.attr("data-tone", "info").raw(">");
        icon::draw(&mut self.html, "lock");
        self.html.leaf("span", "notice-text", &text).raw("</div>");
    }
}
