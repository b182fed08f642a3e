//! A partner of the bank: its place, its registered pages, its server that signs, and its web server with a page.

use crate::{Answer, Bank, Caller};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use xitai_egress::signature::{Secret, tag};

/// The place of the partner of these tests.
pub const TEA: &str = "tea";

/// Founds the partner's place, where it is not there.
fn place(manager: &Caller) {
    let place =
        json!({"id": TEA, "kind": "merchant", "parent": "suzhou", "name": "河边茶馆", "names": {"en": "River Tea"}});
    let founded = manager.post("/api/v1/places", &place);
    assert!(matches!(founded.status, 200 | 201 | 409), "{}", founded.text());
}

pub fn propose(bank: &Bank, id: &str, origins: &[&str], programs: &[&str]) -> Answer {
    propose_as(&bank.sign_in("manager-wu"), id, origins, programs)
}

fn propose_as(manager: &Caller, id: &str, origins: &[&str], programs: &[&str]) -> Answer {
    let terms = json!({"partner": TEA, "origins": origins, "programs": programs, "purpose": "orders at the table"});
    manager.put(&format!("/api/v1/embeds/{id}"), &terms)
}

pub fn decide(bank: &Bank, who: &str, id: &str, digest: &Value, decision: &str) -> Answer {
    let body = json!({"digest": digest, "decision": decision, "note": "looked at"});
    bank.sign_in(who).post(&format!("/api/v1/embeds/{id}/decisions"), &body)
}

/// A partner's pages that two people registered. Gives the secret.
pub fn registered(bank: &Bank, id: &str, origins: &[&str], programs: &[&str]) -> String {
    let manager = bank.sign_in("manager-wu");
    place(&manager);
    let proposed = propose_as(&manager, id, origins, programs).ok();
    let live = decide(bank, "reviewer-chen", id, &proposed["digest"], "approve").ok();
    assert_eq!(live["standing"], "live", "{live}");
    proposed["secret"].as_str().expect("a secret").to_owned()
}

/// What the partner's server signs: anything, so that tests can sign what is wrong.
pub fn sign(secret: &str, launch: &Value) -> String {
    let body = BASE64URL_NOPAD.encode(launch.to_string().as_bytes());
    let secret = Secret::parse(secret).expect("a secret");
    format!("{body}.{}", tag(&secret, &format!("xitai-embed.1.{body}")))
}

/// A launch that is as it should be.
pub fn launch(id: &str, origin: &str, program: &str) -> Value {
    json!({"embed": id, "origin": origin, "program": program, "page": null, "query": [["table", "7"]],
        "exp": crate::partner::now_s() + 300})
}

/// Opens a frame's program as its script does.
pub fn enter(caller: &Caller, id: &str, launch: &str) -> Answer {
    caller.post(&format!("/api/v1/embeds/{id}/launches"), &json!({"launch": launch, "locale": "en"}))
}

/// A partner's web server: it answers each path with a page of the test's.
pub struct Site {
    pub port: u16,
    pages: Arc<Mutex<Vec<(String, String)>>>,
}

impl Site {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let pages: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let shared = pages.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pages = shared.clone();
                std::thread::spawn(move || answer(stream, &pages));
            }
        });
        Self { port, pages }
    }
    /// Another site than the bank's, which tests have at `127.0.0.1`.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
    pub fn puts(&self, path: &str, page: &str) {
        let mut pages = self.pages.lock().expect("no holder panics");
        pages.retain(|(at, _)| at != path);
        pages.push((path.to_owned(), page.to_owned()));
    }
}

fn answer(mut stream: TcpStream, pages: &Mutex<Vec<(String, String)>>) {
    let mut line = String::new();
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let _ = reader.read_line(&mut line);
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        header.clear();
    }
    let path = line.split(' ').nth(1).unwrap_or_default();
    let found = pages.lock().expect("no holder panics").iter().find(|(at, _)| at == path).map(|(_, page)| page.clone());
    let (status, page) = found.map_or(("404 Not Found", String::new()), |page| ("200 OK", page));
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        page.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
}
