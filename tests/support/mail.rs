//! A mail relay: as much of RFC 5321 as a sender needs, with the faults that relays have. It keeps what it was given.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the relay does with the next letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// `550` to the recipient: there is nobody here.
    Refuse,
    /// `451` to the recipient: come back later.
    Greylist,
    /// Takes the connection and says nothing.
    Hang,
    /// Takes the whole letter, and is gone before it has said so.
    DropAfterData,
}

/// A letter as it came over the wire.
#[derive(Debug, Clone)]
pub struct Got {
    pub from: String,
    pub to: String,
    pub data: String,
    /// Whether the sender was told that it was taken.
    pub taken: bool,
}

impl Got {
    /// A header's value, folded lines joined.
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned));
        line.unwrap_or_default()
    }
}

pub struct MailRelay {
    port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    does: Arc<Mutex<VecDeque<Does>>>,
}

impl MailRelay {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has free ports");
        let port = listener.local_addr().expect("it listens").port();
        let (got, does) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(VecDeque::new())));
        let (kept, next) = (got.clone(), does.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, does) = (kept.clone(), next.lock().expect("no holder panics").pop_front());
                std::thread::spawn(move || serve(stream, &kept, does));
            }
        });
        Self { port, got, does }
    }
    /// Arguments for a host that sends through it.
    pub fn used_by(&self) -> Vec<String> {
        let way = format!("smtp://127.0.0.1:{}", self.port);
        ["--notice-mail", &way, "--notice-mail-from", "示例银行 <notices@bank.example>"].map(str::to_owned).to_vec()
    }
    /// Arguments for a host that writes to people on duty through it.
    pub fn used_for_duty(&self, to: &str) -> Vec<String> {
        let way = format!("smtp://127.0.0.1:{}", self.port);
        ["--alert-mail", &way, "--alert-mail-from", "Xitai <alerts@bank.example>", "--alert-mail-to", to]
            .map(str::to_owned)
            .to_vec()
    }
    /// What it does with the connections to come, in order; afterwards it takes everything.
    pub fn does(&self, list: impl IntoIterator<Item = Does>) {
        self.does.lock().expect("no holder panics").extend(list);
    }
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().expect("no holder panics").clone()
    }
    /// Waits until so many whole letters came.
    #[track_caller]
    pub fn until_got(&self, count: usize) -> Vec<Got> {
        crate::eventually("letters come", Duration::from_secs(60), || {
            let got = self.got();
            (got.len() >= count).then_some(got)
        })
    }
    /// Waits until it has used up its faults.
    #[track_caller]
    pub fn until_done(&self) {
        crate::eventually("the faults are over", Duration::from_secs(60), || {
            self.does.lock().expect("no holder panics").is_empty().then_some(())
        });
    }
}

fn serve(stream: TcpStream, kept: &Mutex<Vec<Got>>, does: Option<Does>) {
    if does == Some(Does::Hang) {
        std::thread::sleep(Duration::from_secs(120));
        return;
    }
    // A sender that goes away in between is the sender's affair.
    let _ = speak(stream, kept, does);
}

fn speak(stream: TcpStream, kept: &Mutex<Vec<Got>>, does: Option<Does>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    let (mut from, mut to) = (String::new(), String::new());
    out.write_all(b"220 relay.bank.example ESMTP\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let (verb, rest) = (line.get(..4).unwrap_or_default().to_ascii_uppercase(), line.trim_end().to_owned());
        let address = || rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(it, _)| it);
        let answer: &[u8] = match (verb.as_str(), does) {
            ("EHLO", _) => b"250-relay.bank.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            ("MAIL", _) => {
                address().clone_into(&mut from);
                b"250 OK\r\n"
            }
            ("RCPT", Some(Does::Refuse)) => b"550 5.1.1 there is nobody here\r\n",
            ("RCPT", Some(Does::Greylist)) => b"451 4.7.1 come back later\r\n",
            ("RCPT", _) => {
                address().clone_into(&mut to);
                b"250 OK\r\n"
            }
            ("DATA", _) => {
                out.write_all(b"354 go on\r\n")?;
                let data = letter(&mut lines)?;
                let taken = does != Some(Does::DropAfterData);
                let got = Got { from: from.clone(), to: to.clone(), data, taken };
                kept.lock().expect("no holder panics").push(got);
                if !taken {
                    return Ok(());
                }
                b"250 2.0.0 taken\r\n"
            }
            ("QUIT", _) => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => b"250 OK\r\n",
        };
        out.write_all(answer)?;
    }
}

/// Up to the line with the dot alone; doubled dots are single again.
fn letter(lines: &mut impl BufRead) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
