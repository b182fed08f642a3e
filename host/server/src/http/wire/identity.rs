//! Sign-ins, passkeys and proofs on the wire.

use crate::app::second_factor::TypedCode;
use crate::app::step_up::What;
use crate::app::token::Wanted;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use xitai_model::digest::Digest;
use xitai_model::identity::Token as ModelToken;
use xitai_model::presence::Passkey as ModelPasskey;

/// An empty document.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Nothing {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Providers {
    pub providers: Vec<Provider>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Provider {
    pub id: String,
    pub name: String,
    /// `customers` or `staff`.
    pub people: &'static str,
    /// Open it in a browser to begin.
    pub page: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    pub tokens: Vec<Token>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    pub id: String,
    /// The device, or the name that a machine's token was given.
    pub name: String,
    /// `password`, `passkey`, `provider`, `strong-provider`, `visit`, `machine`, `kiosk`, `chat` or `app`.
    pub how: String,
    pub made_ms: i64,
    pub expires_ms: i64,
    /// Whether it is the one that asks.
    pub this: bool,
    pub scopes: Option<Vec<String>>,
}

impl Token {
    pub fn of(token: &ModelToken, asking: Option<&Digest>) -> Self {
        Self {
            id: token.id().to_owned(),
            name: token.name.clone(),
            how: crate::app::me::word(&token.how),
            made_ms: token.made_ms,
            expires_ms: token.expires_ms,
            this: asking == Some(&token.digest),
            scopes: token.scopes.clone(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeMachineToken {
    /// What it is for, such as `build server`.
    pub name: String,
    /// Of a publisher among `release.publish`, `release.read`, `log.read`, `rollout.read`; of the bank
    /// `app-ticket.issue`.
    pub scopes: Vec<String>,
    /// After so many days it is over: 1 to 366.
    pub days: u32,
}

impl MakeMachineToken {
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted { name: &self.name, scopes: &self.scopes, days: self.days }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MachineToken {
    /// Shown this once. `xitai login URL --token` takes it.
    pub token: String,
    #[serde(flatten)]
    pub kept: Token,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindStaff {
    /// What the provider calls the person.
    pub subject: String,
}

/// The customer's password. A passkey's proof goes as `x-step-up` instead.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EraseMe {
    pub password: Option<String>,
}

/// A one-time code, where that is the second factor. A passkey's proof goes as `x-step-up` instead.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Factor {
    /// What sending the code gave.
    pub challenge: Option<String>,
    pub code: Option<String>,
}

impl Factor {
    pub fn typed(self) -> Option<TypedCode> {
        Some(TypedCode { challenge: self.challenge?, code: self.code? })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CodeSent {
    pub challenge: String,
    pub expires_ms: i64,
}

/// A question for the browser's `navigator.credentials`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    pub challenge: String,
    /// WebAuthn's options; bytes are base64url.
    #[schema(value_type = Object)]
    pub options: Value,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    pub challenge: String,
    /// What its owner calls it.
    pub name: String,
    /// What `navigator.credentials.create` gave, bytes as base64url.
    #[schema(value_type = Object)]
    pub credential: Value,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Passkeys {
    pub passkeys: Vec<Passkey>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Passkey {
    pub id: String,
    pub name: String,
    pub made_ms: i64,
    pub used_ms: Option<i64>,
}

impl From<&ModelPasskey> for Passkey {
    fn from(passkey: &ModelPasskey) -> Self {
        Self { id: passkey.id.clone(), name: passkey.name.clone(), made_ms: passkey.made_ms, used_ms: passkey.used_ms }
    }
}

/// Either a digest, such as a sheet's, or an action with its subject, as a refusal with `auth.step-up` names them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginStepUp {
    pub digest: Option<String>,
    pub action: Option<String>,
    pub subject: Option<String>,
}

/// An action's word and its subject are short.
const SUBJECT_BYTES_MAX: usize = 512;

impl BeginStepUp {
    pub fn parsed(self) -> Result<What, Problem> {
        match (self.digest, self.action, self.subject) {
            (Some(digest), None, None) => {
                Digest::parse(&digest).map(What::Digest).ok_or_else(|| Problem::malformed("digest"))
            }
            (None, Some(action), Some(subject)) if action.len() + subject.len() <= SUBJECT_BYTES_MAX => {
                Ok(What::Intent { action, subject })
            }
            _ => Err(Problem::malformed("either digest, or action and subject")),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StepUpAsked {
    pub step_up: String,
    /// What will be signed: the challenge.
    pub digest: String,
    #[schema(value_type = Object)]
    pub options: Value,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerStepUp {
    #[schema(value_type = Object)]
    pub credential: Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StepUpGiven {
    /// Goes along as `x-step-up` with what the proof is for. Serves once.
    pub proof: String,
    pub digest: String,
    pub proved_ms: i64,
    pub expires_ms: i64,
}
