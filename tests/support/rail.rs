//! A bank's core as the contract of `docs/rail.md` has it: it keeps accounts, does each instruction once, answers what
//! became of it. On demand it fails, hangs, loses its answer, or says what it should not.

use crate::binary;
use crate::partner::{Asked, read};
use crate::process::{Owned, free_port};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use xitai_model::day::Day;

/// What everybody has at the core, in fen.
pub const CORE_MONEY_MINOR: i64 = 60_000;
/// Hosts of some tests live in another day.
const CLOCK_S: i64 = 7 * 24 * 3_600;
const AHEAD_S: i64 = 8 * 3_600;
pub const SECRET: &str = "whsec_cmFpbCByYWlsIHJhaWwgcmFpbCByYWlsIHJhaWwgcmE=";

/// What the rail does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    Well,
    /// Says 500, having done nothing.
    Fails,
    /// Does it, and the answer is lost.
    Loses,
    /// Never gets to it: the connection just ends.
    Drops,
    /// Does it, and holds the connection for good.
    Hangs,
    /// Does it, and answers what is no answer.
    Garbles,
    /// Does it, and answers about something else.
    Mistakes,
    /// Does it, and promises more than it sends.
    Lies,
    /// Does it, and says that it does not know.
    Unsure,
    /// Does it, and says that it is working on it.
    Works,
    /// Refuses, with this code.
    Refuses(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub kind: String,
    pub minor: i64,
    pub currency: String,
    pub of: Option<String>,
    pub holder: String,
    pub status: &'static str,
    pub code: Option<&'static str>,
    /// Times that it was sent.
    pub times: u32,
    pub at_s: i64,
}

#[derive(Default)]
struct Books {
    /// What everybody has there.
    money: i64,
    kept: BTreeMap<String, Kept>,
    asked: Vec<Asked>,
    on_told: VecDeque<Does>,
    on_asked: VecDeque<Does>,
    /// Taken of somebody, less what was given back; and what is reserved.
    taken: BTreeMap<String, i64>,
    reserved: BTreeMap<String, i64>,
}

#[derive(Clone)]
pub struct Rail {
    pub port: u16,
    books: Arc<Mutex<Books>>,
}

impl Rail {
    pub fn start() -> Self {
        Self::with_money(CORE_MONEY_MINOR)
    }
    /// One at which everybody has this much.
    pub fn with_money(minor: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has free ports");
        let port = listener.local_addr().expect("it listens").port();
        let rail = Self { port, books: Arc::new(Mutex::new(Books { money: minor, ..Books::default() })) };
        let serving = rail.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let rail = serving.clone();
                std::thread::spawn(move || rail.serve(stream));
            }
        });
        rail
    }
    /// What makes a host use it for these tenders.
    pub fn args(&self, tenders: &str) -> Vec<String> {
        args(self.port, tenders)
    }
    /// The same for other currencies than the bank's own.
    pub fn args_in(&self, tenders: &str, currencies: &str) -> Vec<String> {
        let more = ["--rail-currencies", currencies].map(str::to_owned);
        self.args(tenders).into_iter().chain(more).collect()
    }
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("no holder panics")
    }
    /// What it does with the next instructions, and the next questions.
    pub fn on_told(&self, does: impl IntoIterator<Item = Does>) {
        self.books().on_told.extend(does);
    }
    pub fn on_asked(&self, does: impl IntoIterator<Item = Does>) {
        self.books().on_asked.extend(does);
    }
    /// Makes it say something else of what it has done.
    pub fn forges(&self, from: i64, to: i64) {
        self.books().kept.values_mut().filter(|kept| kept.minor == from).for_each(|kept| kept.minor = to);
    }
    pub fn kept(&self) -> Vec<Kept> {
        self.books().kept.values().cloned().collect()
    }
    pub fn asked(&self) -> Vec<Asked> {
        self.books().asked.clone()
    }
    /// Everything that was taken of everybody, less what was given back.
    pub fn taken(&self) -> i64 {
        self.books().taken.values().sum()
    }
    pub fn reserved(&self) -> i64 {
        self.books().reserved.values().sum()
    }
    #[track_caller]
    pub fn until_told(&self, times: usize) {
        crate::eventually("the rail is told", Duration::from_secs(60), || {
            let told = self.asked().iter().filter(|asked| asked.line.starts_with("POST ")).count();
            (told >= times).then_some(())
        });
    }

    fn serve(&self, mut stream: TcpStream) {
        let Some(asked) = read(&mut stream) else { return };
        let (does, answer) = {
            let mut books = self.books();
            let does = if asked.line.starts_with("POST") { &mut books.on_told } else { &mut books.on_asked };
            let does = does.pop_front().unwrap_or(Does::Well);
            let answer = match does {
                Does::Fails | Does::Drops => (500, json!({})),
                _ => books.answer(&asked, does),
            };
            books.asked.push(asked);
            (does, answer)
        };
        let (mut status, mut body) = answer;
        match does {
            Does::Loses | Does::Drops => return,
            Does::Hangs => loop {
                std::thread::park();
            },
            Does::Garbles => (status, body) = (200, json!("<html>")),
            Does::Mistakes => body["id"] = json!("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            Does::Unsure => body["status"] = json!("unknown"),
            Does::Works => body["status"] = json!("pending"),
            Does::Well | Does::Fails | Does::Lies | Does::Refuses(_) => {}
        }
        if let (Does::Unsure | Does::Works, 404) = (does, status) {
            status = 200;
        }
        let text = body.to_string();
        let length = text.len() + if does == Does::Lies { 100 } else { 0 };
        let _ = stream.write_all(format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n\r\n{text}").as_bytes());
    }
}

/// The demo's network of cards, as a process of its own.
pub struct CardNetwork {
    port: u16,
    _process: Owned,
    _dir: tempfile::TempDir,
}

impl CardNetwork {
    pub fn start() -> Self {
        let (port, dir) = (free_port(), tempfile::tempdir().expect("a folder"));
        let mut command = std::process::Command::new(binary::xitai());
        command.args(["rail-demo", "--secret", SECRET, "--listen", &format!("127.0.0.1:{port}")]);
        command.arg("--books").arg(dir.path().join("rail.json"));
        let process = Owned::start(&command, &dir.path().join("rail.log"));
        crate::eventually("the network listens", Duration::from_secs(20), || {
            TcpStream::connect(("127.0.0.1", port)).is_ok().then_some(())
        });
        Self { port, _process: process, _dir: dir }
    }
    pub fn args(&self) -> Vec<String> {
        args(self.port, "card")
    }
}

/// What makes a host use a rail on this machine.
fn args(port: u16, tenders: &str) -> Vec<String> {
    let base = format!("http://127.0.0.1:{port}");
    let allow = format!("{base}=127.0.0.1/32");
    let rail = ["--rail", &base, "--rail-secret", SECRET, "--rail-tenders", tenders, "--egress-allow", &allow];
    // Tests ask how a payment stands more often than people do.
    let patient = ["--requests-per-s", "100000"];
    rail.iter().chain(&patient).map(|&text| text.to_owned()).collect()
}

impl Books {
    fn answer(&mut self, asked: &Asked, does: Does) -> (u16, Value) {
        if !asked.is_signed_within(SECRET, CLOCK_S) {
            return (401, json!({}));
        }
        let path = asked.line.split(' ').nth(1).unwrap_or_default();
        if let Some(id) = path.strip_prefix("/v1/instructions/") {
            return match self.kept.get(id) {
                Some(kept) => (200, json!({ "id": id, "status": kept.status, "code": kept.code })),
                None => (404, json!({})),
            };
        }
        if let Some(day) = path.strip_prefix("/v1/days/") {
            return (200, self.day(day.split('?').next().unwrap_or_default()));
        }
        let told: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        if path == "/v1/bindings" {
            // A code is the last four digits, as the rail's page would have put behind it what was entered there.
            let code = told["code"].as_str().unwrap_or_default();
            let fits = code.len() == 4;
            let bound = json!({ "token": token(code), "issuer": "Neighbour Bank", "last_four": code });
            return if fits { (200, bound) } else { (404, json!({})) };
        }
        let id = told["id"].as_str().unwrap_or_default().to_owned();
        assert_eq!(asked.header("idempotency-key"), id, "the key is the instruction's id");
        if !self.kept.contains_key(&id) {
            let made = self.perform(&told, does);
            self.kept.insert(id.clone(), made);
        }
        let kept = self.kept.get_mut(&id).expect("kept above");
        kept.times += 1;
        (200, json!({ "id": id, "status": kept.status, "code": kept.code }))
    }

    /// What was done on a day in China.
    fn day(&self, day: &str) -> Value {
        let of = |at_s: i64| {
            let (day, second) = (Day::of(at_s * 1_000, AHEAD_S).to_string(), (at_s + AHEAD_S) % 86_400);
            let at = format!("{day}T{:02}:{:02}:{:02}+08:00", second / 3_600, second / 60 % 60, second % 60);
            (day, at)
        };
        let done = self.kept.iter().filter(|(_, kept)| kept.status == "done" && of(kept.at_s).0 == day);
        let entry = |(id, kept): (&String, &Kept)| {
            json!({
                "instruction": id, "kind": kept.kind, "amount": { "minor": kept.minor, "currency": kept.currency },
                "at": of(kept.at_s).1
            })
        };
        json!({ "entries": done.map(entry).collect::<Vec<Value>>(), "next": null })
    }

    fn perform(&mut self, told: &Value, does: Does) -> Kept {
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        let of = text("of");
        let first = of.as_ref().and_then(|of| self.kept.get(of)).cloned();
        let holder = first.as_ref().map(|first| first.holder.clone()).or(text("account")).or(text("card"));
        let holder = holder.expect("an instruction names whose money it is");
        let (kind, minor) = (text("kind").expect("a kind"), told["amount"]["minor"].as_i64().expect("an amount"));
        let currency = told["amount"]["currency"].as_str().expect("a currency").to_owned();
        let code = match does {
            Does::Refuses(code) => Some(code),
            _ => self.moves(&kind, minor, &holder).err(),
        };
        let status = if code.is_some() { "refused" } else { "done" };
        Kept { kind, minor, currency, of, holder, status, code, times: 0, at_s: crate::partner::now_s() }
    }

    fn moves(&mut self, kind: &str, minor: i64, holder: &str) -> Result<(), &'static str> {
        let taken = self.taken.entry(holder.to_owned()).or_default();
        let reserved = self.reserved.entry(holder.to_owned()).or_default();
        let free = self.money - *taken - *reserved;
        match kind {
            "debit" if minor <= free => *taken += minor,
            "reserve" if minor <= free => *reserved += minor,
            "debit" | "reserve" => return Err("insufficient-funds"),
            "capture" if minor <= *reserved => {
                *reserved -= minor;
                *taken += minor;
            }
            "release" if minor <= *reserved => *reserved -= minor,
            "refund" if minor <= *taken => *taken -= minor,
            "pay-out" => *taken -= minor,
            "unbind" => {}
            _ => return Err("not-possible"),
        }
        Ok(())
    }
}

/// What the rail calls a card.
pub fn token(last_four: &str) -> String {
    format!("tok_very-secret-{last_four}")
}
