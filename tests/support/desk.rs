//! The scripted program of `tests/guests/desk`, and how tests talk to it.

use crate::actor::Customer;
use crate::bank::{Bank, Database, Seed};
use crate::http::Answer;
use crate::package;
use crate::session::Session;
use crate::view::View;
use serde_json::{Value, json};

pub const DESK: &str = "cn.bank.suzhou.desk";
/// What the desk's merchant is called in the bank's own register.
pub const MERCHANT: &str = "suzhou-canteen";

pub fn package() -> Vec<u8> {
    package::built("tests/guests/desk")
}

impl Bank {
    /// The demo bank on SQLite with the desk enabled in Suzhou.
    pub fn with_desk() -> Self {
        Self::desk_on(Database::Sqlite)
    }
    pub fn desk_on(database: Database) -> Self {
        Self::desk_with(database, &[])
    }
    /// With further arguments for `xitai serve`.
    pub fn desk_with(database: Database, extra: &[String]) -> Self {
        let mut bank = Self::seeded(database, Seed::Desk);
        bank.add_host(extra);
        bank
    }
}

impl Customer {
    pub fn desk(&self) -> Session {
        self.open(DESK)
    }
}

impl Session {
    /// Runs a script at the desk; refused or not.
    pub fn try_script(&mut self, commands: Value) -> Answer {
        self.try_submit("desk", "run", &[("script", &commands.to_string())])
    }
    #[track_caller]
    pub fn script(&mut self, commands: Value) -> Vec<String> {
        let answer = self.try_script(commands);
        assert!(answer.status < 300, "the script runs: {} {}", answer.status, answer.text());
        said(&self.view)
    }
    /// Shows a button over `minor`, which does `then` when it is tapped, and taps it.
    pub fn try_pay(&mut self, minor: i64, then: Value) -> Answer {
        self.script(json!([{"do": "button", "minor": minor, "then": then}]));
        self.try_tap("pay")
    }
    /// Taps a button over `minor` that asks for exactly that and shows the sheet; it must open.
    #[track_caller]
    pub fn open_pay_sheet(&mut self, key: &str, minor: i64) -> (String, String) {
        let ask = json!([{"do": "request", "key": key, "minor": minor}, {"do": "show", "key": key}]);
        let answer = self.try_pay(minor, ask);
        assert!(answer.status < 300, "the sheet opens: {} {}", answer.status, answer.text());
        self.view.open_sheet()
    }
    /// Pays `minor` on the bank's sheet.
    #[track_caller]
    pub fn pays(&mut self, key: &str, minor: i64) {
        self.open_pay_sheet(key, minor);
        self.confirm();
    }
    /// The same, only that it is reserved and captured later.
    #[track_caller]
    pub fn reserves(&mut self, key: &str, minor: i64) {
        let request = json!({"do": "request", "key": key, "minor": minor, "capture_later": true});
        self.try_pay(minor, json!([request, {"do": "show", "key": key}])).ok();
        self.confirm();
    }
}

fn under(view: &View, id: &str) -> Vec<String> {
    let children = view.node(id).and_then(|n| n["children"].as_array().cloned()).unwrap_or_default();
    let node = |index: &Value| view.nodes().get(index.as_u64()? as usize).cloned();
    let text = |node: Value| Some(node["element"]["paragraph"].as_str()?.to_owned());
    children.iter().filter_map(node).filter_map(text).collect()
}

/// What the newest call said.
pub fn said(view: &View) -> Vec<String> {
    under(view, "said")
}
/// Which host-made events came.
pub fn heard(view: &View) -> Vec<String> {
    under(view, "heard")
}
/// Taps on `count` that the session has seen.
pub fn counted(view: &View) -> u64 {
    let text = view.node("counted").and_then(|n| n["element"]["heading"].as_str()).unwrap_or_default();
    text.trim_start_matches("count ").parse().unwrap_or_else(|_| panic!("a count: {:#}", view.0))
}
/// The id of the payment asked for under `key`, out of what was said.
pub fn asked(said: &[String], key: &str) -> (String, String) {
    let prefix = format!("asked:{key}:");
    let line = said.iter().find_map(|s| s.strip_prefix(&prefix)).unwrap_or_else(|| panic!("{key} in {said:?}"));
    let (id, ticket) = line.split_once(':').expect("id and ticket");
    (id.to_owned(), ticket.to_owned())
}
