//! Partners' pages that show programs of the bank in a frame, or draw them themselves.
//!
//! A partner or merchant is a place of the organisation. Head office registers which origins of theirs may show which
//! programs; another person approves exactly that. The partner's server signs each frame with a secret of the embed, so
//! that a frame opens what was meant, for its page and for some minutes.
//!
//! | embed | Propose | Approve, by another person | Return | Withdraw | Rotate |
//! |---|---|---|---|---|---|
//! | new, withdrawn | proposed | – | – | – | – |
//! | proposed | proposed anew | live | returned | withdrawn | another secret |
//! | live | live, with a change that waits | live with the change | live | withdrawn | another secret |

use crate::code;
use crate::ids::{PlaceId, ProgramId, StaffId};
use crate::limits::{
    EMBED_LAUNCH_MS_MAX, EMBED_LAUNCH_QUERY_BYTES_MAX, EMBED_ORIGINS_MAX, EMBED_PROGRAMS_MAX, SECRET_OVERLAP_MS,
};
use crate::partner::endpoint::is_name;
use crate::proposal::{self, By, Decided, Proposal, Verdict};
use crate::refusal::{Refusal, refuse};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

const PURPOSE_CHARS_MAX: usize = 512;
const ORIGIN_BYTES_MAX: usize = 255;

/// Where a page comes from, as browsers write it: scheme, host, and the port where it is not the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// Over TLS, but on the machine itself. No pattern: each origin is reviewed.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
        let host_fits = !host.is_empty()
            && host.bytes().all(is_host)
            && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
        let is_here = matches!(host, "localhost" | "127.0.0.1");
        let own_port = if scheme == "https" { 443 } else { 80 };
        let port_fits = port.is_none_or(|port| {
            port.parse::<u16>().is_ok_and(|number| number > 0 && number != own_port && number.to_string() == port)
        });
        let scheme_fits = scheme == "https" || scheme == "http" && is_here;
        let fits = text.len() <= ORIGIN_BYTES_MAX && host_fits && port_fits && scheme_fits;
        fits.then(|| Self(text.to_owned()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The origin of an address, such as a browser names it in `Referer`.
    pub fn of_address(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        Self::parse(&format!("{scheme}://{authority}"))
    }
}

impl TryFrom<String> for Origin {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not an origin: https://HOST, or https://HOST:PORT")
    }
}
impl From<Origin> for String {
    fn from(origin: Origin) -> String {
        origin.0
    }
}
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Whose pages they are: a merchant's or partner's place.
    pub partner: PlaceId,
    /// None: a partner without a page, whose server draws.
    pub origins: BTreeSet<Origin>,
    pub programs: BTreeSet<ProgramId>,
    pub purpose: String,
}

impl Terms {
    fn check(&self) -> Result<(), Refusal> {
        let wrong = |what: &str| refuse(code::EMBED_TERMS, what);
        let purpose = self.purpose.trim();
        if purpose.is_empty() || !text::is_clean(purpose, PURPOSE_CHARS_MAX) {
            return wrong("a purpose of 1 to 512 characters");
        }
        if self.origins.len() > EMBED_ORIGINS_MAX {
            return wrong("too many origins");
        }
        if self.programs.is_empty() || self.programs.len() > EMBED_PROGRAMS_MAX {
            return wrong("1 to 20 programs");
        }
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// Such as `tea-house`.
    pub id: String,
    /// What holds.
    pub live: Option<Terms>,
    /// Who proposed and who approved it.
    pub by: Vec<StaffId>,
    pub since_ms: i64,
    pub proposed: Option<Proposal<Terms>>,
    pub withdrawn: Option<Withdrawn>,
    /// Number of the secret; each rotation adds one.
    pub secret: u32,
    /// Until when the secret before it still signs.
    pub overlap_until_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    pub by: StaffId,
    pub at_ms: i64,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Propose(Terms),
    Decide(Verdict),
    Withdraw { note: String },
    Rotate,
}

/// One that nothing is known of yet.
pub fn named(id: &str) -> Result<Embed, Refusal> {
    if !is_name(id) {
        return refuse(code::EMBED_TERMS, "a name of small letters, digits and hyphens");
    }
    let (by, secret) = (Vec::new(), 1);
    let id = id.to_owned();
    Ok(Embed { id, live: None, by, since_ms: 0, proposed: None, withdrawn: None, secret, overlap_until_ms: 0 })
}

pub fn apply(embed: &Embed, command: Command, by: &By, now_ms: i64) -> Result<Embed, Refusal> {
    let mut next = embed.clone();
    match command {
        Command::Propose(terms) => {
            terms.check()?;
            if next.withdrawn.is_some() {
                // A secret that was stolen signs nothing either when the embed is approved anew.
                next.secret += 1;
                next.overlap_until_ms = 0;
            }
            next.proposed = Some(Proposal::new(terms, by.clone(), now_ms));
        }
        Command::Decide(verdict) => match proposal::decide(embed.proposed.as_ref(), verdict, by, now_ms)? {
            Decided::Returned(proposal) => next.proposed = Some(proposal),
            Decided::Approved(terms) => {
                let maker = next.proposed.take().map(|proposal| proposal.by.staff);
                next.by = maker.into_iter().chain([by.staff.clone()]).collect();
                (next.live, next.since_ms, next.withdrawn) = (Some(terms), now_ms, None);
            }
        },
        Command::Withdraw { note } => {
            if note.trim().is_empty() {
                return refuse(code::EMBED_NOTE, "no note");
            }
            if embed.live.is_none() && embed.proposed.is_none() {
                return refuse(code::EMBED_STATE, embed.id.as_str());
            }
            (next.live, next.proposed) = (None, None);
            next.withdrawn = Some(Withdrawn { by: by.staff.clone(), at_ms: now_ms, note: note.trim().to_owned() });
        }
        Command::Rotate => {
            next.secret += 1;
            next.overlap_until_ms = now_ms + SECRET_OVERLAP_MS;
        }
    }
    Ok(next)
}

impl Embed {
    /// Numbers of the secrets that sign now, newest first.
    pub fn secrets(&self, now_ms: i64) -> Vec<u32> {
        let before = (now_ms < self.overlap_until_ms).then(|| self.secret - 1);
        [self.secret].into_iter().chain(before.filter(|number| *number > 0)).collect()
    }
    pub fn is_waiting(&self) -> bool {
        self.proposed.as_ref().is_some_and(Proposal::is_waiting)
    }
    /// `live`, `proposed`, `returned` or `withdrawn`, and `new` before anything.
    pub fn standing(&self) -> &'static str {
        match (&self.live, &self.proposed, &self.withdrawn) {
            (Some(_), _, _) => "live",
            (None, Some(proposal), _) if proposal.is_waiting() => "proposed",
            (None, Some(_), _) => "returned",
            (None, None, Some(_)) => "withdrawn",
            (None, None, None) => "new",
        }
    }
    /// What holds, where a program of it is asked for.
    pub fn shows(&self, program: &ProgramId) -> Result<&Terms, Refusal> {
        let Some(terms) = &self.live else { return refuse(code::EMBED_ORIGIN, self.standing()) };
        if terms.programs.contains(program) {
            return Ok(terms);
        }
        refuse(code::EMBED_PROGRAM, program.as_str())
    }
}

/// What a partner's server signs: this program, on this page, until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    pub embed: String,
    pub origin: Origin,
    pub program: ProgramId,
    #[serde(default)]
    pub page: Option<String>,
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// In seconds, as tokens of the web have it.
    pub exp: i64,
}

/// A signed launch as it is written: two parts in base64url, the second over the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    pub body: &'a str,
    pub tag: &'a str,
}

/// What is signed begins with this, so that a signature serves nothing else.
pub const SIGNED_PREFIX: &str = "xitai-embed.1.";

impl<'a> Signed<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let (body, tag) = text.split_once('.')?;
        (text.len() <= 2 * EMBED_LAUNCH_QUERY_BYTES_MAX && !tag.contains('.')).then_some(Self { body, tag })
    }
    /// What the signature is over.
    pub fn message(&self) -> String {
        format!("{SIGNED_PREFIX}{}", self.body)
    }
    /// What was signed. To be believed only once the signature fits.
    pub fn launch(&self) -> Result<Launch, Refusal> {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(self.body.as_bytes());
        let launch = bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        launch.ok_or_else(|| Refusal::of(code::EMBED_LAUNCH, "not a launch"))
    }
}

impl Launch {
    /// Whether it opens what it says, of an embed, now.
    pub fn check<'a>(&self, embed: &'a Embed, now_ms: i64) -> Result<&'a Terms, Refusal> {
        let until_ms = self.exp.saturating_mul(1_000);
        if self.embed != embed.id || now_ms >= until_ms || until_ms - now_ms > EMBED_LAUNCH_MS_MAX {
            return refuse(code::EMBED_LAUNCH, "for another embed, over, or for too long");
        }
        let terms = embed.shows(&self.program)?;
        if !terms.origins.contains(&self.origin) {
            return refuse(code::EMBED_ORIGIN, self.origin.as_str());
        }
        Ok(terms)
    }
}

/// The scope by which a sign-in or a machine's token is bound to an embed.
pub fn scope(id: &str) -> String {
    format!("embed:{id}")
}
/// The embed that such a scope names.
pub fn of_scopes<'a>(scopes: impl IntoIterator<Item = &'a String>) -> Option<&'a str> {
    scopes.into_iter().find_map(|scope| scope.strip_prefix("embed:"))
}

/// The scope of a sign-in whose visitor went on in the bank's own window. It is told how that went, and makes nothing more.
pub const GONE_ON: &str = "gone-on";

/// What such a sign-in reaches.
pub fn reaches_gone_on(method: &str, path: &str) -> bool {
    const ROUTES: [(&str, &str); 5] = [
        ("GET", "/api/v1/sessions/{id}"),
        ("GET", "/api/v1/sessions/{id}/stream"),
        ("GET", "/api/v1/handovers/{id}"),
        ("DELETE", "/api/v1/tokens/current"),
        ("GET", "/embed/sessions/{id}/fragment"),
    ];
    ROUTES.contains(&(method, path))
}

/// What a visitor of a partner's page reaches. Nothing of it is personal, nothing agrees to anything: that goes on in
/// the bank's own window.
pub fn reaches(method: &str, path: &str) -> bool {
    const ROUTES: [(&str, &str); 9] = [
        ("POST", "/api/v1/sessions"),
        ("GET", "/api/v1/sessions/{id}"),
        ("POST", "/api/v1/sessions/{id}/events"),
        ("POST", "/api/v1/sessions/{id}/sheets/{ticket}"),
        ("GET", "/api/v1/sessions/{id}/stream"),
        ("POST", "/api/v1/sessions/{id}/handover"),
        ("GET", "/api/v1/handovers/{id}"),
        ("DELETE", "/api/v1/tokens/current"),
        ("GET", "/embed/sessions/{id}/fragment"),
    ];
    ROUTES.contains(&(method, path))
        || method == "GET" && ["/app/files/", "/app/media/"].iter().any(|it| path.starts_with(it))
}

#[cfg(test)]
mod tests;
