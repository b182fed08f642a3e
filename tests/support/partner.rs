//! A partner's system: the reference of how one verifies, answers and repeats. It keeps what it was asked and answers as
//! the test says, by default `200` with what came.

use crate::bank::{Bank, Database};
use crate::desk::DESK;
use crate::http::{Answer, Caller};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use xitai_egress::signature::{Secret, sign, verify};

/// What a partner does with the next request.
#[derive(Debug, Clone)]
pub enum Does {
    Answer(u16, String),
    /// With these header lines, each ended by a line break.
    AnswerWith(u16, &'static str, String),
    /// Acts on it, and its answer is lost.
    Vanish,
    /// Holds it until the partner ends.
    Hold,
}

#[derive(Debug, Clone)]
pub struct Asked {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }
    /// Whether it was signed under this secret just now.
    pub fn is_signed(&self, secret: &str) -> bool {
        self.is_signed_within(secret, 300)
    }
    /// The same by a clock that may be off by so many seconds.
    pub fn is_signed_within(&self, secret: &str, seconds: i64) -> bool {
        let secrets = [Secret::parse(secret).expect("a secret")];
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        verify(&secrets, id, at, self.header("webhook-signature"), self.body.as_bytes(), now_s(), seconds).is_ok()
    }
}

pub fn now_s() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs() as i64
}

pub struct Partner {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    does: Arc<Mutex<VecDeque<Does>>>,
}

impl Partner {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has free ports");
        let port = listener.local_addr().expect("it listens").port();
        let (asked, does) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(VecDeque::new())));
        let (kept, next) = (asked.clone(), does.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, next) = (kept.clone(), next.clone());
                std::thread::spawn(move || serve(stream, &kept, &next));
            }
        });
        Self { port, asked, does }
    }
    /// What it does with the requests to come, in order; afterwards it answers again.
    pub fn does(&self, list: impl IntoIterator<Item = Does>) {
        self.does.lock().expect("no holder panics").extend(list);
    }
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no holder panics").clone()
    }
    /// Waits until it was asked so often.
    #[track_caller]
    pub fn until_asked(&self, times: usize) -> Vec<Asked> {
        crate::eventually("the partner is asked", Duration::from_secs(90), || {
            let asked = self.asked();
            (asked.len() >= times).then_some(asked)
        })
    }
    /// What lets the host ask it.
    pub fn allowed(&self) -> Vec<String> {
        vec!["--egress-allow".to_owned(), format!("http://127.0.0.1:{}=127.0.0.1/32", self.port)]
    }
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }
    /// The desk's bank, with this partner as its approved hospital; and the secrets.
    pub fn bank_on(&self, database: Database) -> (Bank, Secrets) {
        let bank = Bank::desk_with(database, &self.allowed());
        let secrets = approve(&bank, "hospital", &self.url(), &["identity-number"]);
        (bank, secrets)
    }
    pub fn bank(&self) -> (Bank, Secrets) {
        self.bank_on(Database::Sqlite)
    }
}

fn serve(mut stream: TcpStream, kept: &Mutex<Vec<Asked>>, next: &Mutex<VecDeque<Does>>) {
    let Some(asked) = read(&mut stream) else { return };
    let body = asked.body.clone();
    kept.lock().expect("no holder panics").push(asked);
    let does = next.lock().expect("no holder panics").pop_front();
    let (status, headers, body) = match does.unwrap_or(Does::Answer(200, body)) {
        Does::Answer(status, body) => (status, "", body),
        Does::AnswerWith(status, headers, body) => (status, headers, body),
        Does::Vanish => return,
        Does::Hold => loop {
            std::thread::park();
        },
    };
    let answer = format!("HTTP/1.1 {status} x\r\n{headers}content-length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes());
}

pub(crate) fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let line = lines.next()?.to_owned();
            let headers = lines.filter_map(|line| line.split_once(": "));
            let headers: Vec<_> = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            if body.len() >= length.map_or(0, |(_, value)| value.parse().unwrap_or(0)) {
                return Some(Asked { line, headers, body: body.to_owned() });
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

/// What the partner was told, once.
#[derive(Debug, Clone)]
pub struct Secrets {
    pub outbound: String,
    pub inbound: String,
}

impl Secrets {
    pub fn of(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{name}: {answer}")).to_owned();
        Self { outbound: text("outbound_secret"), inbound: text("inbound_secret") }
    }
}

pub fn proposal(name: &str, url: &str, fields: &[&str]) -> Value {
    json!({"name": name, "base_url": url, "purpose": "tests", "secure_fields": fields, "webhooks": true})
}

/// Registers an endpoint of the desk's and has two people approve it.
#[track_caller]
pub fn approve(bank: &Bank, name: &str, url: &str, fields: &[&str]) -> Secrets {
    Secrets::of(&approve_for(bank, DESK, name, url, fields))
}

/// Registers any program's endpoint, or moves it. Secrets are told where it is new.
#[track_caller]
pub fn approve_for(bank: &Bank, program: &str, name: &str, url: &str, fields: &[&str]) -> Value {
    let path = format!("/api/v1/programs/{program}/endpoints");
    let made = bank.sign_in("dev-lin").post(&path, &proposal(name, url, fields)).ok();
    let terms = made["endpoint"]["proposed"]["digest"].as_str().expect("proposed terms").to_owned();
    for reviewer in ["reviewer-chen", "reviewer-zhao"] {
        decide_for(&bank.sign_in(reviewer), program, name, "", &terms).ok();
    }
    made
}

/// `place` is empty or `?branch=…`.
pub fn decide(caller: &Caller, name: &str, place: &str, terms: &str) -> Answer {
    decide_for(caller, DESK, name, place, terms)
}

fn decide_for(caller: &Caller, program: &str, name: &str, place: &str, terms: &str) -> Answer {
    let path = format!("/api/v1/programs/{program}/endpoints/{name}/decisions{place}");
    caller.post(&path, &json!({"decision": "approve", "terms": terms, "note": "seen"}))
}

/// Sends a webhook, signed under `secret` as of `at_s`.
pub fn webhook(caller: &Caller, path: &str, secret: &str, id: &str, at_s: i64, body: &str) -> Answer {
    let secrets = [Secret::parse(secret).expect("a secret")];
    let signature = sign(&secrets, id, at_s, body.as_bytes());
    let at = at_s.to_string();
    let headers = [("webhook-id", id), ("webhook-timestamp", at.as_str()), ("webhook-signature", signature.as_str())];
    caller.send_with("POST", path, "application/json", body.as_bytes().to_vec(), &headers)
}
