//! Going on elsewhere, kiosks and chats on the wire.

use crate::app::handover::Made;
use crate::app::kiosk::Registered;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::kiosk;

/// A code that continues a session elsewhere. It is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandOver {
    pub id: String,
    /// Six digits.
    pub code: String,
    pub until_ms: i64,
    /// The same as a link, for a QR code.
    pub address: String,
}

impl HandOver {
    pub fn of(made: Made, origin: &str) -> Self {
        let address = format!("{origin}/app/continue?code={}", made.code);
        Self { id: made.id.to_string(), code: made.code, until_ms: made.until_ms, address }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeHandOver {
    pub code: String,
    /// `phone` or `web`; `web` where it is absent.
    pub channel: Option<String>,
}

#[derive(Debug, Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TakeBack {
    /// `phone` or `web`; `web` where it is absent.
    pub channel: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LendSignIn {
    /// `kiosk` or `chat`.
    pub to: String,
}

/// Whether a code was taken, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandOverState {
    /// `open`, `taken` or `over`.
    pub state: &'static str,
    pub channel: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterKiosk {
    pub branch: String,
    /// Where it stands, such as `Hall 1`.
    pub name: String,
}

/// A kiosk, and the token that its device carries, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisteredKiosk {
    #[serde(flatten)]
    pub kiosk: Kiosk,
    pub token: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Kiosks {
    pub kiosks: Vec<Kiosk>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Kiosk {
    pub id: String,
    pub name: String,
    pub branch: String,
    pub by: String,
    pub made_ms: i64,
    pub revoked_ms: Option<i64>,
}

impl From<&kiosk::Kiosk> for Kiosk {
    fn from(kiosk: &kiosk::Kiosk) -> Self {
        Self {
            id: kiosk.id.clone(),
            name: kiosk.name.clone(),
            branch: kiosk.branch.to_string(),
            by: kiosk.by.to_string(),
            made_ms: kiosk.made_ms,
            revoked_ms: kiosk.revoked.as_ref().map(|revoked| revoked.at_ms),
        }
    }
}

impl From<Registered> for RegisteredKiosk {
    fn from(made: Registered) -> Self {
        Self { kiosk: Kiosk::from(&made.kiosk), token: made.token }
    }
}

/// What a visit at a kiosk has left.
#[derive(Debug, Serialize, ToSchema)]
pub struct KioskVisit {
    /// When the host ends it by itself, unless it is touched again.
    pub until_ms: Option<i64>,
}

/// What a chat's channel sends.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "only describes the JSON that is read once the signature fits")]
pub struct ChatMessage {
    /// `message`.
    r#type: String,
    /// As the channel names its user.
    user: String,
    text: String,
    /// The language of a user who is new.
    locale: Option<String>,
}
