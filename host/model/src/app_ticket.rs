//! Tickets of the bank's own app: the bank's server has signed a customer in and gets a ticket for them; the app opens
//! it in a WebView, which is theirs from then on.
//!
//! A ticket alone opens nothing. It is bound to a verifier that the app made and keeps, as RFC 7636 binds a code:
//! whoever stole the ticket, out of a log or an address, does not have that. One wrong verifier spoils the ticket.
//!
//! | state | shown with its verifier | shown with another | Withdraw | its time |
//! |---|---|---|---|---|
//! | open | used | spoiled | over | over |
//! | used, spoiled, over | – | – | – | – |

use crate::code;
use crate::digest::Digest;
use crate::ids::ProgramId;
use crate::limits::{APP_TICKET_MS_MAX, APP_TICKET_QUERY_BYTES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::{Refusal, refuse};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppTicket {
    /// What the bank calls the app: the name of its server's token.
    pub app: String,
    /// Of the token of the server that it was made for: once that is revoked, the ticket opens nothing.
    pub issuer: Digest,
    /// Of the verifier.
    pub challenge: Digest,
    pub opens: Option<Opens>,
    pub state: State,
}

/// Where the WebView begins; without it at the launcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opens {
    pub program: ProgramId,
    pub page: Option<String>,
    pub query: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Open { until_ms: i64 },
    Used { at_ms: i64 },
    Spoiled { at_ms: i64 },
    Over { at_ms: i64 },
}

impl MatterBody for AppTicket {
    const KIND: MatterKind = MatterKind::AppTicket;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command<'a> {
    Show { verifier: &'a str },
    Withdraw,
}

/// What the row of a ticket is found by: not the ticket itself.
pub fn about(ticket: &str) -> String {
    format!("app-ticket/{}", Digest::of_parts(&[b"app-ticket", ticket.as_bytes()]).hex())
}

/// The challenge as the app sends it: RFC 7636's `S256`.
pub fn challenge(text: &str) -> Result<Digest, Refusal> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(|bytes| Digest::of_sha256(&bytes)).ok_or_else(|| Refusal::of(code::APP_TICKET_CHALLENGE, "not S256"))
}

impl Opens {
    /// Whether a page could be opened with it. Which pages there are is the release's affair.
    pub fn check(&self) -> Result<(), Refusal> {
        let bytes: usize = self.query.iter().map(|(name, value)| name.len() + value.len()).sum();
        if bytes + self.page.as_ref().map_or(0, String::len) > APP_TICKET_QUERY_BYTES_MAX {
            return refuse(code::APP_TICKET_OPENS, format!("{bytes} bytes"));
        }
        Ok(())
    }
}

impl AppTicket {
    pub fn new(app: String, issuer: Digest, challenge: Digest, opens: Option<Opens>, now_ms: i64) -> Self {
        Self { app, issuer, challenge, opens, state: State::Open { until_ms: now_ms + APP_TICKET_MS_MAX } }
    }
    pub fn is_open(&self, now_ms: i64) -> bool {
        matches!(self.state, State::Open { until_ms } if now_ms < until_ms)
    }
}

pub fn apply(ticket: &AppTicket, command: Command<'_>, now_ms: i64) -> Result<AppTicket, Refusal> {
    if !ticket.is_open(now_ms) {
        return refuse(code::APP_TICKET, format!("{:?}", ticket.state));
    }
    let state = match command {
        Command::Show { verifier } if Digest::of(verifier.as_bytes()) == ticket.challenge => {
            State::Used { at_ms: now_ms }
        }
        Command::Show { .. } => State::Spoiled { at_ms: now_ms },
        Command::Withdraw => State::Over { at_ms: now_ms },
    };
    Ok(AppTicket { state, ..ticket.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    /// Of RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn ticket() -> AppTicket {
        AppTicket::new("App".to_owned(), Digest::of(b"server"), challenge(CHALLENGE).unwrap(), None, 0)
    }

    #[test]
    fn a_ticket_serves_once_whoever_holds_its_verifier() {
        let used = apply(&ticket(), Command::Show { verifier: VERIFIER }, 5).unwrap();
        assert_eq!(used.state, State::Used { at_ms: 5 });
        let spoiled = apply(&ticket(), Command::Show { verifier: "another" }, 5).unwrap();
        assert_eq!(spoiled.state, State::Spoiled { at_ms: 5 });
        let over = apply(&ticket(), Command::Withdraw, 5).unwrap();
        for done in [used, spoiled, over] {
            for command in [Command::Show { verifier: VERIFIER }, Command::Withdraw] {
                assert_eq!(apply(&done, command, 6).unwrap_err().code, "app-ticket.not-good");
            }
        }
    }

    #[test]
    fn a_ticket_that_waited_too_long_is_none() {
        let show = |now_ms| apply(&ticket(), Command::Show { verifier: VERIFIER }, now_ms);
        assert!(show(APP_TICKET_MS_MAX - 1).is_ok());
        assert_eq!(show(APP_TICKET_MS_MAX).unwrap_err().code, "app-ticket.not-good");
    }

    #[test]
    fn a_challenge_is_a_digest_in_base64url() {
        for text in ["", "plain", VERIFIER.trim_end_matches('k'), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM="] {
            assert_eq!(challenge(text).unwrap_err().code, "app-ticket.challenge", "{text}");
        }
    }

    #[test]
    fn what_a_ticket_carries_has_a_most() {
        let opens = |bytes: usize| Opens {
            program: ProgramId::parse("cn.bank.tea").unwrap(),
            page: None,
            query: vec![("a".to_owned(), "b".repeat(bytes - 1))],
        };
        assert!(opens(APP_TICKET_QUERY_BYTES_MAX).check().is_ok());
        assert_eq!(opens(APP_TICKET_QUERY_BYTES_MAX + 1).check().unwrap_err().code, "app-ticket.opens");
    }

    #[test]
    fn a_row_is_found_by_a_digest() {
        assert_ne!(about("xa_1"), about("xa_2"));
        assert!(!about("xa_secret").contains("secret"));
    }
}
