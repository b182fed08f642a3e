//! Sessions on the wire. A session's answer is [`crate::app::session::SessionView`] as it is; the type here only
//! describes it.

use crate::app::event::Posted;
use crate::app::launch::Listed;
use crate::app::launch_code;
use crate::app::session::Open;
use crate::app::sheet::Decision;
use crate::http::problem::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::digest::Digest;
use xitai_model::ids::{BranchId, DeviceId, ProgramId};
use xitai_model::journey::Origin;
use xitai_model::program::{Channel, Event, Surface};
use xitai_model::sheet::Answers;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// Such as `cn.bank.suzhou.canteen`.
    program: String,
    /// One of the manifest's pages, perhaps with a query of its own behind it; the first where it is absent.
    page: Option<String>,
    #[serde(default)]
    query: Vec<(String, String)>,
    /// The customer's own where it is absent.
    branch: Option<String>,
    /// `phone`, `web`, `kiosk`, `chat` or `embed`; `web` where it is absent.
    channel: Option<String>,
    locale: Option<String>,
    zone: Option<String>,
    elder_mode: Option<bool>,
    /// `page` or `card`; `page` where it is absent.
    surface: Option<String>,
    /// Play money.
    #[serde(default)]
    practice: bool,
    /// What was scanned: the `t` of the link. Page, place and verified parameters are those of the code.
    code: Option<String>,
    /// What led here, for the figures: `launcher`, `search`, `zone-card`, `favourite`, `recent`, `content`, `notice`,
    /// `program` or `link`.
    origin: Option<String>,
}

/// A word of a list, by the name that it has in documents.
pub fn word<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, Problem> {
    serde_json::from_value(serde_json::Value::from(text)).map_err(|e| Problem::malformed(format!("{field}: {e}")))
}

impl OpenSession {
    pub fn parsed(self) -> Result<Open, Problem> {
        let surface = self.surface.map_or(Ok(Surface::Page), |text| word("surface", &text))?;
        if !matches!(surface, Surface::Page | Surface::Card) {
            return Err(Problem::malformed("surface: page or card"));
        }
        let (page, own) = launch_code::parted(self.page);
        Ok(Open {
            program: ProgramId::parse(&self.program)?,
            page,
            query: own.into_iter().chain(self.query).collect(),
            branch: self.branch.map(|text| BranchId::parse(&text)).transpose()?,
            channel: self.channel.map_or(Ok(Channel::Web), |text| word("channel", &text))?,
            locale: self.locale,
            zone: self.zone,
            elder_mode: self.elder_mode,
            surface,
            practice: self.practice,
            code: self.code,
            origin: self.origin.map_or(Ok(Origin::Other), |text| word("origin", &text))?,
        })
    }
}

/// The query of `GET /sessions/{id}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewSession {
    /// The position up to which the caller has shown effects; with it the answer carries those that came since.
    pub after: Option<u64>,
    /// `session` or `a2ui`, see [`crate::http::format::Format`], which reads it.
    #[expect(dead_code, reason = "read by Format, named here so that no other word passes")]
    format: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostEvent {
    /// Chosen by the client, one for each page or device.
    device: String,
    /// 1 for the device's first event, one more with each that was taken.
    client_seq: u64,
    /// The position of the screen that was acted on.
    seen: u64,
    /// Such as `{"type":"tapped","id":"buy"}`.
    #[schema(value_type = Object)]
    event: Event,
}

impl PostEvent {
    pub fn parsed(self) -> Result<Posted, Problem> {
        let device = DeviceId::parse(&self.device)?;
        Ok(Posted { device, client_seq: self.client_seq, seen: self.seen, event: self.event })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideSheet {
    device: String,
    /// `confirm` or `decline`.
    decision: String,
    /// Of the sheet that was shown; a confirmation must name it.
    digest: Option<String>,
    /// What the sheet asked for: pairs of name and value.
    #[serde(default)]
    answers: Vec<(String, String)>,
    /// How presence was proved, such as a passkey's assertion, where the sheet asks for it.
    #[schema(value_type = Option<Object>)]
    proof: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseTender {
    /// `account`, `cash`, or the id of a card: one of those that the sheet lists.
    pub tender: String,
}

impl DecideSheet {
    pub fn parsed(self) -> Result<Decision, Problem> {
        DeviceId::parse(&self.device)?;
        match (self.decision.as_str(), self.digest) {
            ("decline", _) => Ok(Decision::Decline),
            ("confirm", Some(digest)) => match Digest::parse(&digest) {
                Some(digest) => Ok(Decision::Confirm(digest, Answers::of(self.answers, self.proof)?)),
                None => Err(Problem::malformed("digest: sha256: and 64 hexadecimal digits")),
            },
            ("confirm", None) => Err(Problem::malformed("digest: a confirmation names what was shown")),
            _ => Err(Problem::malformed("decision: confirm or decline")),
        }
    }
}

/// A session as the customer sees it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the JSON of SessionView")]
pub struct Session {
    session: String,
    #[schema(value_type = Object)]
    program: (),
    position: u64,
    /// A title, nodes in a flat list and the index of the root.
    #[schema(value_type = Object)]
    screen: (),
    /// What must be confirmed, drawn by the host.
    #[schema(value_type = Option<Object>)]
    sheet: (),
    #[schema(value_type = Vec<Object>)]
    effects: (),
    practice: bool,
    /// Where its customer is: `phone`, `web`, `kiosk`, `chat`.
    channel: String,
    /// It went on elsewhere: the caller acts in it no more, unless they take it back. Absent where it did not.
    elsewhere: Option<bool>,
    closed: bool,
}

#[derive(Debug, Deserialize)]
pub struct ProgramsQuery {
    branch: Option<String>,
    channel: Option<String>,
    pub text: Option<String>,
}

impl ProgramsQuery {
    pub fn branch(&self) -> Result<Option<BranchId>, Problem> {
        Ok(self.branch.as_deref().map(BranchId::parse).transpose()?)
    }
    pub fn channel(&self) -> Result<Channel, Problem> {
        self.channel.as_deref().map_or(Ok(Channel::Web), |text| word("channel", text))
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Programs {
    pub programs: Vec<Program>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Program {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub publisher: String,
    pub verified: bool,
    pub version: String,
    pub category: String,
    pub pages: Vec<String>,
    /// Stopped programs are listed and can't be opened.
    pub stopped: bool,
}

impl From<Listed> for Program {
    fn from(listed: Listed) -> Self {
        Self {
            id: listed.line.id.to_string(),
            name: listed.line.name,
            description: listed.description,
            publisher: listed.line.publisher,
            verified: listed.line.verified,
            version: listed.line.version,
            category: listed.category,
            pages: listed.pages,
            stopped: listed.stopped,
        }
    }
}
