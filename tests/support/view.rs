//! A session's view as the wire shows it, with questions that a person would ask of a page.

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct View(pub Value);

impl View {
    pub fn position(&self) -> u64 {
        self.0["position"].as_u64().unwrap_or_else(|| panic!("a view has a position: {}", self.0))
    }
    pub fn nodes(&self) -> &[Value] {
        self.0["screen"]["nodes"].as_array().map(Vec::as_slice).unwrap_or_default()
    }
    pub fn node(&self, id: &str) -> Option<&Value> {
        self.nodes().iter().find(|n| n["id"] == id)
    }
    /// All text of the page, for `contains`.
    pub fn text(&self) -> String {
        self.0["screen"].to_string()
    }
    pub fn shows(&self, words: &str) -> bool {
        self.text().contains(words)
    }
    /// Ids and bodies of the buttons, in order.
    pub fn buttons(&self) -> Vec<(String, Value)> {
        let button = |n: &Value| Some((n["id"].as_str()?.to_owned(), n["element"].get("button")?.clone()));
        self.nodes().iter().filter_map(button).collect()
    }
    /// The first enabled button whose id or text holds `words`.
    #[track_caller]
    pub fn button(&self, words: &str) -> String {
        let fits = |(id, b): &(String, Value)| {
            b["disabled"] != true && (id.contains(words) || b["text"].as_str().is_some_and(|t| t.contains(words)))
        };
        let found = self.buttons().into_iter().find(fits);
        found.unwrap_or_else(|| panic!("a button with {words:?} in {:#}", self.0)).0
    }
    pub fn has_button(&self, words: &str) -> bool {
        let fits = |(id, b): &(String, Value)| {
            b["disabled"] != true && (id.contains(words) || b["text"].as_str().is_some_and(|t| t.contains(words)))
        };
        self.buttons().iter().any(fits)
    }
    /// The button that leads to the pay sheet: the one with an amount.
    #[track_caller]
    pub fn pay_button(&self) -> (String, i64) {
        let priced = |(id, b): (String, Value)| Some((id, b["amount"]["minor"].as_i64()?));
        let found = self.buttons().into_iter().find_map(priced);
        found.unwrap_or_else(|| panic!("a button with an amount in {:#}", self.0))
    }
    /// Every field of the page with its value, as a form that nobody touched would be sent.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for node in self.nodes() {
            let id = node["id"].as_str().unwrap_or_default().to_owned();
            let element = &node["element"];
            if let Some(value) = element["text-field"]["value"].as_str() {
                fields.push((id, value.to_owned()));
            } else if let Some(on) = element["toggle"]["on"].as_bool() {
                fields.push((id, on.to_string()));
            } else if let Some(value) = element["quantity"]["value"].as_u64() {
                fields.push((id, value.to_string()));
            } else if let Some(value) = element["date-field"]["value"].as_str() {
                fields.push((id, value.to_owned()));
            } else if let Some(selected) = element["choice"]["selected"].as_array() {
                fields.extend(selected.iter().filter_map(|key| Some((id.clone(), key.as_str()?.to_owned()))));
            }
        }
        fields
    }
    pub fn sheet(&self) -> Option<&Value> {
        Some(&self.0["sheet"]).filter(|s| s.is_object())
    }
    #[track_caller]
    pub fn open_sheet(&self) -> (String, String) {
        let sheet = self.sheet().unwrap_or_else(|| panic!("an open sheet in {:#}", self.0));
        let text = |name: &str| sheet[name].as_str().unwrap_or_else(|| panic!("{name} of {sheet}")).to_owned();
        (text("ticket"), text("digest"))
    }
    pub fn is_closed(&self) -> bool {
        self.0["closed"] == true || self.0["closed"].is_string() || self.0["closed"].is_object()
    }
}
