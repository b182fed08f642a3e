//! One session as one device of its customer sees it.

use crate::http::{Answer, Caller, NoAnswer};
use crate::view::View;
use serde_json::{Value, json};
use std::time::Duration;

pub struct Session {
    pub caller: Caller,
    pub id: String,
    pub device: String,
    /// The number of the newest event that this device got committed.
    pub client_seq: u64,
    pub view: View,
}

impl Session {
    /// Opens `program` with whatever else `launch` says.
    pub fn open(caller: &Caller, program: &str, launch: Value) -> Self {
        Self::try_open(caller, program, launch).unwrap_or_else(|a| panic!("a session: {} {}", a.status, a.text()))
    }
    pub fn try_open(caller: &Caller, program: &str, launch: Value) -> Result<Self, Answer> {
        let mut body = json!({"program": program, "channel": "phone"});
        for (name, value) in launch.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let answer = caller.post("/api/v1/sessions", &body);
        if answer.status >= 400 {
            return Err(answer);
        }
        let view = View(answer.json());
        let id = view.0["session"].as_str().unwrap_or_else(|| panic!("a session id: {}", view.0)).to_owned();
        Ok(Self { caller: caller.clone(), id, device: "phone".to_owned(), client_seq: 0, view })
    }
    /// The same session on another device, which starts its own numbers.
    pub fn on_device(&self, device: &str) -> Self {
        let caller = self.caller.clone();
        let mut other =
            Self { caller, id: self.id.clone(), device: device.to_owned(), client_seq: 0, view: self.view.clone() };
        other.reload();
        other
    }

    pub fn body(&self, client_seq: u64, seen: u64, event: &Value) -> Value {
        json!({"device": self.device, "client_seq": client_seq, "seen": seen, "event": event})
    }
    /// Posts one event exactly as given and changes nothing here.
    pub fn post(&self, client_seq: u64, seen: u64, event: &Value) -> Answer {
        self.caller.post(&self.events_path(), &self.body(client_seq, seen, event))
    }
    pub fn try_post(&self, client_seq: u64, seen: u64, event: &Value) -> Result<Answer, NoAnswer> {
        self.caller.try_post(&self.events_path(), &self.body(client_seq, seen, event))
    }
    fn events_path(&self) -> String {
        format!("/api/v1/sessions/{}/events", self.id)
    }

    /// Posts the device's next event, on the page that it sees; the view moves on where the event was taken.
    pub fn event(&mut self, event: &Value) -> Answer {
        let answer = self.post(self.client_seq + 1, self.view.position(), event);
        if answer.status < 300 {
            self.client_seq += 1;
            self.view = View(answer.json());
        }
        answer
    }
    pub fn try_tap(&mut self, node: &str) -> Answer {
        let value = self.view.node(node).map(|n| n["element"]["button"]["value"].clone()).unwrap_or(Value::Null);
        self.event(&json!({"type": "tapped", "id": node, "value": value}))
    }
    #[track_caller]
    pub fn tap(&mut self, node: &str) -> &View {
        let answer = self.try_tap(node);
        assert!(answer.status < 300, "tap on {node}: {} {}", answer.status, answer.text());
        &self.view
    }
    /// Taps the button whose id or text holds `words`.
    #[track_caller]
    pub fn press(&mut self, words: &str) -> &View {
        let node = self.view.button(words);
        self.tap(&node)
    }
    #[track_caller]
    pub fn submit(&mut self, form: &str, button: &str, values: &[(&str, &str)]) -> &View {
        let answer = self.try_submit(form, button, values);
        assert!(answer.status < 300, "submit {form}: {} {}", answer.status, answer.text());
        &self.view
    }
    pub fn try_submit(&mut self, form: &str, button: &str, values: &[(&str, &str)]) -> Answer {
        self.event(&json!({"type": "submitted", "form": form, "button": button, "values": values}))
    }

    /// The session as the host shows it now.
    pub fn reload(&mut self) -> &View {
        let answer = self.caller.get(&format!("/api/v1/sessions/{}", self.id));
        self.view = View(answer.ok());
        &self.view
    }
    pub fn decide(&self, ticket: &str, decision: &str, digest: &str) -> Answer {
        let body = json!({"device": self.device, "decision": decision, "digest": digest});
        self.caller.post(&format!("/api/v1/sessions/{}/sheets/{ticket}", self.id), &body)
    }
    /// Confirms the open sheet with what it asks for, after the time in which Confirm is dead; refused or not.
    pub fn try_answer(&self, answers: &[(&str, &str)]) -> Answer {
        let (ticket, digest) = self.view.open_sheet();
        std::thread::sleep(Duration::from_millis(520));
        self.post_answer(&ticket, &digest, answers)
    }
    pub fn post_answer(&self, ticket: &str, digest: &str, answers: &[(&str, &str)]) -> Answer {
        let body = json!({"device": self.device, "decision": "confirm", "digest": digest, "answers": answers});
        self.caller.post(&format!("/api/v1/sessions/{}/sheets/{ticket}", self.id), &body)
    }
    /// Confirms the open sheet with what it asks for.
    #[track_caller]
    pub fn answer(&mut self, answers: &[(&str, &str)]) -> &View {
        let answer = self.try_answer(answers);
        assert!(answer.status < 300, "answer: {} {}", answer.status, answer.text());
        self.view = View(answer.json());
        self.settle();
        &self.view
    }
    /// Confirms the open sheet after the time in which Confirm is dead.
    #[track_caller]
    pub fn confirm(&mut self) -> &View {
        let (ticket, digest) = self.view.open_sheet();
        std::thread::sleep(Duration::from_millis(520));
        let answer = self.decide(&ticket, "confirm", &digest);
        assert!(answer.status < 300, "confirm: {} {}", answer.status, answer.text());
        self.view = View(answer.json());
        self.settle();
        &self.view
    }
    #[track_caller]
    pub fn decline(&mut self) -> &View {
        let (ticket, digest) = self.view.open_sheet();
        let answer = self.decide(&ticket, "decline", &digest);
        assert!(answer.status < 300, "decline: {} {}", answer.status, answer.text());
        self.view = View(answer.json());
        self.settle();
        &self.view
    }
    /// Reloads until the program has seen that its sheet closed: two positions on, or the same page for a while.
    fn settle(&mut self) {
        let mut position = self.view.position();
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(50));
            self.reload();
            if self.view.position() == position && self.view.sheet().is_none() {
                return;
            }
            position = self.view.position();
        }
    }
    /// Reloads until `holds`.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&View) -> bool) -> &View {
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while !holds(self.reload()) {
            assert!(std::time::Instant::now() < deadline, "{what}, not so within 20 s: {:#}", self.view.0);
            std::thread::sleep(Duration::from_millis(20));
        }
        &self.view
    }
}
