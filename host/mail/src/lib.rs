//! Letters: one to one person, through the bank's own relay. Nothing else of the product speaks SMTP.
//!
//! What came of a letter is one of four things, so that its sender knows whether to try again. A relay that took the
//! whole letter and then fell silent may have it: it gets the same one again under the same `Message-ID`, by which
//! mail systems tell repeats.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::Error;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// How long the relay may take for each of its answers.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Hosts to which a letter may go in the clear: it does not leave the machine.
const OWN_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Final replies that are about the address. Others are between the relay and the bank, such as one about a wrong
/// password: no customer's address is at fault then.
const OF_ADDRESS: [&str; 5] = ["550", "551", "552", "553", "556"];

/// The way to the bank's relay.
#[derive(Debug, Clone)]
pub struct Relay {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// What is written to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Makes the `Message-ID`: the same id is the same letter, however often it is sent.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where one ends such letters with one click, as RFC 8058 has it. People on duty can't end theirs.
    pub unsubscribe: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay has it.
    Taken,
    /// Not now, or nobody knows: to be tried again.
    Later(String),
    /// Never to this address.
    Bounced(String),
    /// It can't be written at all, such as to an address that is none.
    Unfit(String),
}

/// Where the relay is, checked.
#[derive(Debug, Clone)]
pub struct Way(AsyncSmtpTransportBuilder);

impl Way {
    /// Reads `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587?tls=required` for STARTTLS. Without TLS only to this very
    /// machine.
    pub fn parse(url: &str) -> Result<Self, String> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme).unwrap_or_default();
        let query = url.split_once('?').map(|(_, query)| query);
        let encrypted = scheme == "smtps" || query == Some("tls=required");
        // Behind a `#` everything would be read in two ways.
        if !matches!(scheme, "smtp" | "smtps") || url.contains('#') {
            return Err("`smtps://HOST:465` or `smtp://HOST:587?tls=required` is expected".to_owned());
        }
        if !encrypted && !OWN_HOSTS.contains(&host_of(url)) {
            return Err("without TLS only to this machine: say `smtps://…`, or add `?tls=required`".to_owned());
        }
        // The address may hold a password: what is wrong with it is said without it.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        builder.map(Self).map_err(|_| "this is no address of a mail relay".to_owned())
    }
}

/// Whom letters are from.
#[derive(Debug, Clone)]
pub struct Sender(Mailbox);

impl Sender {
    /// Reads `The Bank <notices@bank.example>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|e| format!("{e}; `Name <name@bank.example>` is expected"))
    }
}

impl Relay {
    pub fn new(way: Way, from: Sender) -> Self {
        Self { transport: way.0.timeout(Some(TIMEOUT)).build(), from: from.0 }
    }

    /// Hands a letter to the relay.
    pub async fn send(&self, letter: &Letter) -> Outcome {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(why) => return Outcome::Unfit(why),
        };
        match self.transport.send(message).await {
            Ok(_) => Outcome::Taken,
            Err(fault) => of_fault(&fault),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let to: Address = letter.to.parse().map_err(|e| format!("{e}"))?;
        let id = format!("<{}@{}>", letter.id, self.from.email.domain());
        let raw = |name, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&letter.subject))
            .message_id(Some(id))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
        let message = match &letter.unsubscribe {
            Some(link) => message
                .raw_header(raw("List-Unsubscribe", format!("<{}>", one_line(link))))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())),
            None => message,
        };
        let message = message.multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()));
        message.map_err(|e| e.to_string())
    }
}

/// Whether letters can be addressed to it.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// A header's value must not begin another header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(_) => host.split_inclusive(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn of_fault(fault: &Error) -> Outcome {
    // RFC 3463: what begins so is about permission, whatever the reply's number.
    let of_policy = std::error::Error::source(fault).is_some_and(|said| said.to_string().starts_with("5.7."));
    let of_address = |code: &str| fault.is_permanent() && !of_policy && OF_ADDRESS.contains(&code);
    match fault.status().map(|code| code.to_string()) {
        Some(code) if of_address(&code) => Outcome::Bounced(code),
        Some(code) => Outcome::Later(code),
        None if fault.is_timeout() => Outcome::Later("timeout".to_owned()),
        None if fault.is_tls() => Outcome::Later("tls".to_owned()),
        None => Outcome::Later("connection".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay() -> Relay {
        let from = Sender::parse("示例银行 <notices@bank.example>").unwrap();
        Relay::new(Way::parse("smtp://localhost:2525").unwrap(), from)
    }
    fn letter() -> Letter {
        Letter {
            id: "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
            to: "wang@example.com".to_owned(),
            subject: "牛肉面已备好\r\nBcc: all@example.com".to_owned(),
            text: "取餐号A17。".to_owned(),
            html: "<p>取餐号A17。</p>".to_owned(),
            unsubscribe: Some("https://bank.example/app/unsubscribe/x\r\nX: y".to_owned()),
        }
    }

    #[test]
    fn an_address_of_a_relay_is_checked_where_it_is_read() {
        for (url, fits) in [
            ("smtps://relay.bank.example:465", true),
            ("smtps://user:p%40ss@relay.bank.example", true),
            ("smtp://relay.bank.example:587?tls=required", true),
            ("smtp://relay.bank.example:25", false),
            ("smtp://relay.bank.example:587?tls=opportunistic", false),
            ("smtp://relay.bank.example:25?x=tls=required", false),
            ("smtp://localhost.bank.example:25", false),
            ("smtp://user@relay.bank.example/127.0.0.1", false),
            ("smtp://relay.bank.example:587#?tls=required", false),
            ("smtp://relay.bank.example#@localhost:25", false),
            ("smtp://127.0.0.1:2525", true),
            ("smtp://[::1]:2525", true),
            ("https://relay.bank.example", false),
            ("relay.bank.example", false),
            ("", false),
        ] {
            let read = Way::parse(url);
            assert_eq!(read.is_ok(), fits, "{url}: {:?}", read.err());
        }
        let secret = Way::parse("smtps://user:s3cret@:99999999").unwrap_err();
        assert!(!secret.contains("s3cret"), "{secret}");
        for from in ["", "nobody", "A <a@b", "a@b.example, c@d.example"] {
            assert!(Sender::parse(from).is_err(), "{from}");
        }
    }

    #[test]
    fn a_letter_is_one_letter_and_its_words_make_no_headers() {
        let text = String::from_utf8(relay().message(&letter()).unwrap().formatted()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("Message-ID: <01ARZ3NDEKTSV4RRFFQ69G5FAV@bank.example>"), "{head}");
        assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X:")), "{head}");
        assert!(body.contains("text/plain") && body.contains("text/html"), "{body}");
    }

    #[test]
    fn what_is_no_address_is_none() {
        for to in ["", "wang", "wang@", "wang@example.com\r\nRCPT TO:<x@y.example>", "a b@example.com"] {
            let letter = Letter { to: to.to_owned(), ..letter() };
            assert!(relay().message(&letter).is_err(), "{to:?}");
        }
    }
}
