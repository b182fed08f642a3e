//! Partners' pages and servers on the wire.

use crate::app::embed::{Done, Entered};
use crate::app::session::SessionView;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use xitai_model::embed::{self, Origin, Terms};
use xitai_model::ids::{PlaceId, ProgramId};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeEmbed {
    /// Whose pages they are: the place of a merchant or partner.
    partner: String,
    /// Such as `https://tea.example`; none for a partner whose server draws.
    #[serde(default)]
    origins: Vec<String>,
    programs: Vec<String>,
    purpose: String,
}

impl ProposeEmbed {
    pub fn parsed(self) -> Result<Terms, Problem> {
        let origin =
            |text: String| Origin::parse(&text).ok_or_else(|| Problem::malformed(format!("origins: {text} is none")));
        let programs: Result<BTreeSet<ProgramId>, _> = self.programs.iter().map(|id| ProgramId::parse(id)).collect();
        Ok(Terms {
            partner: PlaceId::parse(&self.partner)?,
            origins: self.origins.into_iter().map(origin).collect::<Result<_, _>>()?,
            programs: programs?,
            purpose: self.purpose.trim().to_owned(),
        })
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WithdrawEmbed {
    /// Why.
    pub note: String,
}

/// An embed: what holds, and what waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Embed {
    pub id: String,
    /// `live`, `proposed`, `returned` or `withdrawn`.
    pub standing: &'static str,
    #[schema(value_type = Option<Object>)]
    pub live: Option<Value>,
    pub by: Vec<String>,
    pub since_ms: i64,
    #[schema(value_type = Option<Object>)]
    pub proposed: Option<Value>,
    /// What a decision on the proposal must name.
    pub digest: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub withdrawn: Option<Value>,
    /// What the partner's server signs with; told at the first proposal and at each rotation, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

fn plain<T: Serialize>(part: &T) -> Value {
    serde_json::to_value(part).expect("the model's documents are plain JSON")
}

impl From<&embed::Embed> for Embed {
    fn from(embed: &embed::Embed) -> Self {
        Self {
            id: embed.id.clone(),
            standing: embed.standing(),
            live: embed.live.as_ref().map(plain),
            by: embed.by.iter().map(ToString::to_string).collect(),
            since_ms: embed.since_ms,
            proposed: embed.proposed.as_ref().map(plain),
            digest: embed.proposed.as_ref().map(|proposal| proposal.digest().to_string()),
            withdrawn: embed.withdrawn.as_ref().map(plain),
            secret: None,
        }
    }
}

impl From<Done> for Embed {
    fn from(done: Done) -> Self {
        Self { secret: done.secret, ..Self::from(&done.embed) }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Embeds {
    pub embeds: Vec<Embed>,
}

/// What the frame has of the partner's server.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterEmbed {
    /// As it was signed.
    pub launch: String,
    pub locale: Option<String>,
}

/// A visitor of a partner's page, and the program that was opened for them.
#[derive(Serialize, ToSchema)]
pub struct EmbedEntered {
    pub token: String,
    pub expires_ms: i64,
    #[schema(value_type = Object)]
    pub session: SessionView,
}

impl From<Entered> for EmbedEntered {
    fn from(entered: Entered) -> Self {
        let (token, expires_ms) = (entered.made.token, entered.made.expires_ms);
        Self { token, expires_ms, session: entered.view }
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VisitEmbed {
    /// The language of the visitor.
    pub locale: Option<String>,
}
