//! Kiosks: devices of a branch, and visits at them.
//!
//! A kiosk is registered by somebody of the branch, who gets its token once; revoking it ends whatever goes on there.
//!
//! | kiosk | Revoke |
//! |---|---|
//! | in use | revoked |
//! | revoked | – |
//!
//! A visit lasts while somebody touches the screen. Whoever goes away leaves nothing: the page warns, counts down, and
//! wipes itself; where the page can't, the host ends the visit by itself.
//!
//! | visit | Touch | Leave | its time |
//! |---|---|---|---|
//! | open | open, longer | over | over |
//! | over | – | – | – |

use crate::code;
use crate::digest::Digest;
use crate::ids::{BranchId, SessionId, StaffId};
use crate::limits::{
    KIOSK_GRACE_MS, KIOSK_IDLE_MS, KIOSK_NAME_CHARS_MAX, KIOSK_SESSIONS_MAX, KIOSK_VISIT_MS_MAX, KIOSK_WARNS_MS,
};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kiosk {
    pub id: String,
    /// Where it stands, such as `Hall 1`.
    pub name: String,
    pub branch: BranchId,
    /// Of the token that the device carries.
    pub token: Digest,
    pub by: StaffId,
    pub made_ms: i64,
    pub revoked: Option<Revoked>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub by: StaffId,
    pub at_ms: i64,
}

impl Kiosk {
    pub fn is_in_use(&self) -> bool {
        self.revoked.is_none()
    }
    pub fn revoke(&self, by: StaffId, now_ms: i64) -> Result<Self, Refusal> {
        match self.revoked {
            None => Ok(Self { revoked: Some(Revoked { by, at_ms: now_ms }), ..self.clone() }),
            Some(_) => Err(Refusal::of(code::KIOSK_REVOKED, self.id.clone())),
        }
    }
}

/// A name as it is kept.
pub fn named(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    let fits = !name.is_empty() && crate::text::is_enterable(name, KIOSK_NAME_CHARS_MAX);
    if fits { Ok(name.to_owned()) } else { Err(Refusal::of(code::KIOSK_NAME, format!("{} characters", name.len()))) }
}

/// Somebody at a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub kiosk: String,
    /// The sign-in by which they act there; it ends with the visit.
    pub token: Digest,
    pub began_ms: i64,
    pub state: State,
    /// What they opened or brought along, and left nothing of.
    pub sessions: Vec<SessionId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Open { touched_ms: i64 },
    Over { at_ms: i64, why: Why },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// They said that they are done.
    Left,
    /// Nobody touched it any more.
    Idle,
    /// The kiosk itself was taken out of use.
    Revoked,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Touch,
    /// A session is opened, or goes on here.
    Opens(SessionId),
    Leave(Why),
}

impl MatterBody for Visit {
    const KIND: MatterKind = MatterKind::KioskVisit;
    fn due_ms(&self) -> Option<i64> {
        self.ends_ms()
    }
}

impl Visit {
    pub fn begun(kiosk: &Kiosk, token: Digest, now_ms: i64) -> Self {
        let state = State::Open { touched_ms: now_ms };
        Self { kiosk: kiosk.id.clone(), token, began_ms: now_ms, state, sessions: Vec::new() }
    }

    /// When the host ends it by itself.
    fn ends_ms(&self) -> Option<i64> {
        match self.state {
            State::Open { touched_ms } => {
                Some((touched_ms + KIOSK_IDLE_MS + KIOSK_GRACE_MS).min(self.began_ms + KIOSK_VISIT_MS_MAX))
            }
            State::Over { .. } => None,
        }
    }
}

pub fn apply(visit: &Visit, command: Command, now_ms: i64) -> Result<Visit, Refusal> {
    let over = || Refusal::of(code::KIOSK_VISIT_OVER, format!("{:?}", visit.state));
    let Some(ends_ms) = visit.ends_ms() else { return Err(over()) };
    let next = match command {
        Command::Leave(why) => Visit { state: State::Over { at_ms: now_ms, why }, ..visit.clone() },
        _ if now_ms >= ends_ms => return Err(over()),
        Command::Touch => Visit { state: State::Open { touched_ms: now_ms }, ..visit.clone() },
        Command::Opens(session) => {
            let mut sessions = visit.sessions.clone();
            sessions.retain(|held| *held != session);
            sessions.push(session);
            let past = sessions.len().saturating_sub(KIOSK_SESSIONS_MAX);
            sessions.drain(..past);
            Visit { state: State::Open { touched_ms: now_ms }, sessions, ..visit.clone() }
        }
    };
    Ok(next)
}

/// What a kiosk's page shows, so long after the last touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    Quiet,
    /// Covers what is shown, and counts down.
    Warns {
        left_s: i64,
    },
    Wipes,
}

pub fn watch(idle_ms: i64) -> Watch {
    match KIOSK_IDLE_MS - idle_ms {
        ..=0 => Watch::Wipes,
        left_ms if left_ms <= KIOSK_WARNS_MS => Watch::Warns { left_s: (left_ms + 999) / 1_000 },
        _ => Watch::Quiet,
    }
}

/// What the sign-in of a visit reaches: the kiosk's own pages, and the sessions that they show. Whoever gets hold of it
/// sees no receipts, links no chat, changes no sign-in.
pub fn reaches(path: &str) -> bool {
    const FOLDERS: [&str; 5] = ["/kiosk", "/api/v1/kiosk", "/api/v1/sessions", "/app/files", "/app/media"];
    let within =
        |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    FOLDERS.iter().any(within) || path == "/api/v1/tokens/current"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kiosk() -> Kiosk {
        Kiosk {
            id: "K".to_owned(),
            name: "Hall 1".to_owned(),
            branch: BranchId::parse("suzhou").unwrap(),
            token: Digest::of(b"device"),
            by: StaffId::parse("operator-qian").unwrap(),
            made_ms: 0,
            revoked: None,
        }
    }
    fn visit() -> Visit {
        Visit::begun(&kiosk(), Digest::of(b"sign-in"), 0)
    }

    #[test]
    fn a_kiosk_is_revoked_once() {
        let by = StaffId::parse("operator-qian").unwrap();
        let revoked = kiosk().revoke(by.clone(), 5).unwrap();
        assert!(!revoked.is_in_use());
        assert_eq!(revoked.revoke(by, 6).unwrap_err().code, "kiosk.revoked");
    }

    #[test]
    fn a_name_has_a_longest() {
        assert_eq!(named(" 大厅 1 号 ").unwrap(), "大厅 1 号");
        assert!(named(&"厅".repeat(KIOSK_NAME_CHARS_MAX)).is_ok());
        for wrong in ["", "  ", &"厅".repeat(KIOSK_NAME_CHARS_MAX + 1)] {
            assert_eq!(named(wrong).unwrap_err().code, "kiosk.name", "{wrong}");
        }
    }

    #[test]
    fn touching_lasts_and_going_away_ends_it() {
        let ends = KIOSK_IDLE_MS + KIOSK_GRACE_MS;
        assert_eq!(visit().due_ms(), Some(ends));
        let touched = apply(&visit(), Command::Touch, 50_000).unwrap();
        assert_eq!(touched.due_ms(), Some(50_000 + ends));
        assert_eq!(apply(&visit(), Command::Touch, ends).unwrap_err().code, "kiosk.visit-over");
        let mut busy = visit();
        let mut now_ms = 0;
        while let Ok(next) = apply(&busy, Command::Touch, now_ms) {
            (busy, now_ms) = (next, now_ms + 30_000);
        }
        assert_eq!(now_ms, KIOSK_VISIT_MS_MAX, "however busy, somebody else has a turn");
        let over = apply(&visit(), Command::Leave(Why::Idle), 9).unwrap();
        assert_eq!(over.due_ms(), None);
        for command in [Command::Touch, Command::Leave(Why::Left), Command::Opens(SessionId::new(1, [1; 10]))] {
            assert!(apply(&over, command, 10).is_err());
        }
    }

    #[test]
    fn a_visit_remembers_its_sessions_once_each() {
        let session = |seed| SessionId::new(1, [seed; 10]);
        let mut now = visit();
        for seed in [1, 2, 1] {
            now = apply(&now, Command::Opens(session(seed)), 5).unwrap();
        }
        assert_eq!(now.sessions, [session(2), session(1)]);
        for seed in 0..=KIOSK_SESSIONS_MAX as u8 {
            now = apply(&now, Command::Opens(session(100 + seed)), 6).unwrap();
        }
        assert_eq!(now.sessions.len(), KIOSK_SESSIONS_MAX);
    }

    #[test]
    fn the_page_warns_counts_down_and_wipes() {
        assert_eq!(watch(0), Watch::Quiet);
        assert_eq!(watch(KIOSK_IDLE_MS - KIOSK_WARNS_MS - 1), Watch::Quiet);
        assert_eq!(watch(KIOSK_IDLE_MS - KIOSK_WARNS_MS), Watch::Warns { left_s: 20 });
        assert_eq!(watch(KIOSK_IDLE_MS - 1), Watch::Warns { left_s: 1 });
        assert_eq!(watch(KIOSK_IDLE_MS), Watch::Wipes);
    }

    #[test]
    fn a_visit_reaches_its_pages_and_nothing_else() {
        for path in
            ["/kiosk", "/kiosk/content/X", "/api/v1/sessions/X/events", "/app/media/ab", "/api/v1/tokens/current"]
        {
            assert!(reaches(path), "{path}");
        }
        for path in ["/app", "/app/me", "/app/content/X", "/api/v1/me", "/api/v1/me/payments", "/kiosks", "/console"] {
            assert!(!reaches(path), "{path}");
        }
        assert!(!reaches("/api/v1/sessionsx"));
    }
}
