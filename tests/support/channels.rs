//! Kiosks and bots as the product's people and systems use them.

use crate::bank::{Bank, Database, Seed};
use crate::http::{Answer, Caller};
use crate::partner::{Does, Partner, now_s, webhook};
use crate::session::Session;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use xitai_model::digest::Digest;

/// What the bank signs to the bot with, and what the bot signs to the bank with.
pub const SIGNS: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub const VERIFIES: &str = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

/// A bot's own system: it tells the bank what its users wrote, and is told what to answer.
pub struct Bot {
    pub system: Partner,
}

impl Bot {
    /// The demo's bank with this bot.
    pub fn with_bank() -> (Self, Bank) {
        Self::at(Seed::Demo)
    }
    /// The bank with the scripted program and this bot.
    pub fn with_desk() -> (Self, Bank) {
        Self::at(Seed::Desk)
    }
    fn at(seed: Seed) -> (Self, Bank) {
        let system = Partner::start();
        let mut bank = Bank::seeded(Database::Sqlite, seed);
        let file = format!(
            "[[channel]]\nid = \"bot\"\nbranch = \"suzhou\"\nurl = \"{}\"\nsigns = \"{SIGNS}\"\nverifies = \"{VERIFIES}\"\n",
            system.url()
        );
        std::fs::write(bank.data().join("chat.toml"), file).expect("a file is written");
        bank.add_host(&system.allowed());
        (Self { system }, bank)
    }
    pub fn try_say(&self, bank: &Bank, user: &str, id: &str, text: &str) -> Answer {
        let body = json!({"type": "message", "user": user, "text": text, "locale": "en"}).to_string();
        webhook(&bank.visitor(), "/api/v1/chat/bot", VERIFIES, id, now_s(), &body)
    }
    /// Writes something, and waits for what is answered: the newest message that holds `expected`.
    #[track_caller]
    pub fn say(&self, bank: &Bank, user: &str, text: &str, expected: &str) -> String {
        let before = self.heard(user).len();
        // Ids are header values: short, and of plain letters.
        let id = format!("{user}-{before}-{}", Digest::of(text.as_bytes()));
        let taken = self.try_say(bank, user, &id, text);
        assert_eq!(taken.status, 202, "{}", taken.text());
        self.hears_since(user, before, expected)
    }
    /// Waits until a user was told something, after so many messages.
    #[track_caller]
    pub fn hears_since(&self, user: &str, before: usize, expected: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let heard = self.heard(user);
            if let Some(text) = heard.iter().skip(before).rev().find(|text| text.contains(expected)) {
                return text.clone();
            }
            assert!(Instant::now() < deadline, "{user} is not told {expected:?}, but {heard:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    /// What a user was told so far, each once, in its order.
    pub fn heard(&self, user: &str) -> Vec<String> {
        let mut seen = std::collections::BTreeSet::new();
        let asked = self.system.asked();
        let own =
            asked.iter().filter(|asked| asked.is_signed(SIGNS) && seen.insert(asked.header("webhook-id").to_owned()));
        own.filter_map(|asked| {
            let body: Value = serde_json::from_str(&asked.body).ok()?;
            (body["data"]["user"] == user).then(|| body["data"]["text"].as_str().map(str::to_owned))?
        })
        .collect()
    }
    /// It is away for so many requests.
    pub fn away_for(&self, times: usize) {
        self.system.does((0..times).map(|_| Does::Answer(503, String::new())));
    }
}

/// The number under which a choice stands in a message.
#[track_caller]
pub fn choice(message: &str, words: &str) -> String {
    let line = message.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {message}"));
    line.split('.').next().expect("a number").trim().to_owned()
}

/// The number that the bank's own message asks for.
#[track_caller]
pub fn word(message: &str) -> String {
    let (_, rest) = message.split_once("reply ").unwrap_or_else(|| panic!("a number to type: {message}"));
    rest.chars().take_while(char::is_ascii_digit).collect()
}

/// A device that the branch registered.
pub struct Kiosk {
    pub id: String,
    pub token: String,
    nobody: Caller,
}

impl Kiosk {
    pub fn register(bank: &Bank) -> Self {
        let operator = bank.sign_in("operator-qian");
        let made = operator.post("/api/v1/kiosks", &json!({"branch": "suzhou", "name": "Hall 1"})).ok();
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        Self { id: text("id"), token: text("token"), nobody: bank.visitor() }
    }
    /// Posts one of the kiosk's forms.
    pub fn post(&self, path: &str, form: &str) -> Answer {
        let cookie = format!("xitai_kiosk={}", self.token);
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
        let form = form.as_bytes().to_vec();
        self.nobody.send_with("POST", path, "application/x-www-form-urlencoded", form, &headers)
    }
    pub fn types(&self, code: &str) -> Answer {
        self.post("/kiosk/code", &format!("code={code}"))
    }
    /// Somebody types a code: their sign-in at the kiosk.
    #[track_caller]
    pub fn enter(&self, code: &str) -> Caller {
        self.caller(&self.types(code))
    }
    /// The sign-in that an answer gave.
    #[track_caller]
    pub fn caller(&self, answer: &Answer) -> Caller {
        let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let mut tokens = cookies.filter_map(|(_, cookie)| cookie.strip_prefix("xitai_token=")?.split(';').next());
        let token = tokens.find(|token| !token.is_empty());
        let to = answer.header("location").unwrap_or_default();
        self.nobody.with_token(token.unwrap_or_else(|| panic!("a sign-in: {} {to} {}", answer.status, answer.text())))
    }
    /// The visitor leaves, or the page has wiped itself.
    pub fn leave(&self, visit: &Caller, why: &str) -> Answer {
        let cookie = format!("xitai_token={}", visit.token.as_deref().unwrap_or_default());
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
        let form = format!("why={why}").into_bytes();
        self.nobody.send_with("POST", "/kiosk/leave", "application/x-www-form-urlencoded", form, &headers)
    }
}

/// A code that continues a session elsewhere.
#[track_caller]
pub fn code(session: &Session) -> String {
    let made = session.caller.post(&format!("/api/v1/sessions/{}/handover", session.id), &json!({})).ok();
    made["code"].as_str().expect("a code").to_owned()
}

/// A code that lends the caller's sign-in.
#[track_caller]
pub fn lent(caller: &Caller, to: &str) -> String {
    let made = caller.post("/api/v1/me/lent-codes", &json!({"to": to})).ok();
    made["code"].as_str().expect("a code").to_owned()
}

/// The same session in another hand.
pub fn goes_on(session: &Session, hand: &Caller, device: &str) -> Session {
    let mut other = session.on_device(device);
    other.caller = hand.clone();
    other.reload();
    other
}
