//! Writes HTML. Markup comes from string literals only (`&'static str`), everything else goes through [`Html::text`]
//! or [`Html::attr`], which escape: what a program says can't become markup by type.

use std::fmt;

#[derive(Debug, Default, Clone)]
pub struct Html(String);

impl Html {
    pub fn new() -> Self {
        Self::default()
    }
    /// Literal markup of the host.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }
    /// A text, escaped.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }
    /// ` name="value"`, escaped.
    pub fn attr(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }
    /// ` name`, where `on`.
    pub fn flag(&mut self, name: &'static str, on: bool) -> &mut Self {
        if on { self.raw(" ").raw(name) } else { self }
    }
    /// ` name="value"` where there is a value.
    pub fn attr_some(&mut self, name: &'static str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }
    /// `<tag class="…">text</tag>`; for the many leaves that are no more than that.
    pub fn leaf(&mut self, tag: &'static str, class: &'static str, text: &str) -> &mut Self {
        self.raw("<").raw(tag).attr("class", class).raw(">").text(text).raw("</").raw(tag).raw(">")
    }
    /// What was drawn before.
    pub fn html(&mut self, drawn: &Html) -> &mut Self {
        self.0.push_str(&drawn.0);
        self
    }
    #[cfg(test)]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
/// Templates put it in as it stands.
impl askama::filters::HtmlSafe for Html {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_can_t_become_markup() {
        let mut html = Html::new();
        html.raw("<p").attr("title", "\"><script>").raw(">").text("<b>&'").raw("</p>");
        assert_eq!(html.into_string(), "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&#39;</p>");
    }
}
