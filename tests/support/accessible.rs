//! What keeps people from a page: axe-core's rules in the page that a browser shows, and a focus that nobody sees.

use crate::browser::Browser;
use crate::process::repository;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A phone and a desk, by day and by night.
const LOOKS: [(u32, u32, &str); 4] =
    [(390, 844, "light"), (390, 844, "dark"), (1_280, 900, "light"), (1_280, 900, "dark")];

/// WCAG 2.2 up to AA, and what axe-core takes to be good practice beyond it.
const RULES: &str = r#"{
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]
}"#;

/// Colours and places as they are in the end: a change of theme would otherwise be caught half way.
const STAND_STILL: &str = "
    if (!window.still) {
        window.still = new CSSStyleSheet();
        still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important }');
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
    }
";

/// Gives each element that can have the focus the focus, and names those on which nothing shows it. What shows may be
/// drawn around it or beside it, such as the label of a radio button.
const UNSEEN_FOCUS: &str = r#"
    const drawn = el => [el, el.parentElement, el.nextElementSibling, el.closest("label")].map(it => {
        const style = it && getComputedStyle(it);
        return style && [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor].join();
    }).join("|");
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const found = [];
    for (const el of document.querySelectorAll(all)) {
        if (el.disabled || !el.checkVisibility() || el.closest("[inert]") || el.contains(document.activeElement)) continue;
        const before = drawn(el);
        el.focus({ preventScroll: true, focusVisible: true });
        if (document.activeElement === el && drawn(el) === before) found.push(el.outerHTML.slice(0, 120));
        el.blur();
    }
    return found;
"#;

/// Findings, each with where it was found.
#[derive(Default)]
pub struct Findings(BTreeMap<String, Vec<String>>);

impl Findings {
    fn add(&mut self, found: String, place: String) {
        self.0.entry(found).or_default().push(place);
    }
    /// Fails with all of them, if there are any.
    #[track_caller]
    pub fn are_none(&self) {
        let line = |(found, places): (&String, &Vec<String>)| {
            let more = if places.len() > 1 { format!(" and {} more", places.len() - 1) } else { String::new() };
            format!("{found}\n    at {}{more}\n", places[0])
        };
        let told: String = self.0.iter().map(line).collect();
        assert!(self.0.is_empty(), "{} findings:\n{told}", self.0.len());
    }
}

/// axe-core itself, as `scripts/setup.sh test` installed it.
fn axe() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let file = repository().join("tests/tools/node_modules/axe-core/axe.min.js");
        std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{} ({e}): `make setup` installs it", file.display()))
    })
}

impl Browser {
    /// Looks at the page as it stands, in each look, and writes down what is found.
    pub async fn examine(&self, place: &str, findings: &mut Findings) {
        self.script(STAND_STILL).await;
        for (width, height, theme) in LOOKS {
            self.page.set_window_size(width, height).await.expect("a window has a size");
            self.script(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            for found in self.violations().await {
                findings.add(found, format!("{place} ({width} wide, {theme})"));
            }
        }
        let unseen = self.script(UNSEEN_FOCUS).await;
        for element in unseen.as_array().into_iter().flatten().filter_map(Value::as_str) {
            findings.add(format!("focus-unseen: {element}"), place.to_owned());
        }
    }

    /// What axe-core says: the rule, where, and why.
    async fn violations(&self) -> Vec<String> {
        let is_there = self.script("return !!window.axe").await == true;
        let source = if is_there { "" } else { axe() };
        let script = format!(
            "{source};const done = arguments[arguments.length - 1];
             axe.run(document, {RULES}).then(told => done(told.violations), fault => done(String(fault)));"
        );
        let told = self.page.execute_async(&script, Vec::new()).await;
        let told = told.unwrap_or_else(|e| panic!("axe-core runs: {e}"));
        let rules = told.as_array().unwrap_or_else(|| panic!("axe-core answers: {told}"));
        rules.iter().flat_map(|rule| nodes(rule).map(move |node| line(rule, node))).collect()
    }
}

fn nodes(rule: &Value) -> impl Iterator<Item = &Value> {
    rule["nodes"].as_array().into_iter().flatten()
}

fn line(rule: &Value, node: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let why = text(&node["failureSummary"]).lines().skip(1).map(str::trim).collect::<Vec<_>>().join("; ");
    format!("{}: {} {}", text(&rule["id"]), node["target"], why)
}
