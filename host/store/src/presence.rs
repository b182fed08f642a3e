//! Passkeys, what providers call somebody, and challenges that wait for an answer.

use crate::read;
use crate::rows::{Columns, portable};
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::digest::Digest;
use xitai_model::identity::{Binding, Who};
use xitai_model::presence::{Challenge, Passkey};

const PASSKEY: &str = "SELECT id, who, name, made_ms, used_ms, credential FROM passkey WHERE id = $1";
const PASSKEYS_OF: &str =
    "SELECT id, who, name, made_ms, used_ms, credential FROM passkey WHERE who = $1 ORDER BY made_ms, id";
const BINDING: &str = "SELECT id, provider, who, made_ms FROM binding WHERE id = $1";
const BINDINGS_OF: &str = "SELECT id, provider, who, made_ms FROM binding WHERE who = $1 ORDER BY made_ms, id";
const CHALLENGE: &str = "SELECT id, purpose, who, expires_ms, body FROM challenge WHERE id = $1";

impl Store {
    pub async fn passkey(&self, id: &str) -> Result<Option<Passkey>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(PASSKEY).bind(portable(id))).await?;
        row.map(|row| open_passkey(&row)).transpose()
    }

    /// Oldest first.
    pub async fn passkeys_of(&self, who: &Who) -> Result<Vec<Passkey>, StoreError> {
        let who = serde_json::to_string(who)?;
        read::all(self.readers(), sqlx::query(PASSKEYS_OF).bind(who)).await?.iter().map(open_passkey).collect()
    }

    /// Whose a provider's subject is.
    pub async fn binding(&self, key: &Digest) -> Result<Option<Binding>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(BINDING).bind(key.as_str())).await?;
        row.map(|row| open_binding(&row)).transpose()
    }

    pub async fn bindings_of(&self, who: &Who) -> Result<Vec<Binding>, StoreError> {
        let who = serde_json::to_string(who)?;
        read::all(self.readers(), sqlx::query(BINDINGS_OF).bind(who)).await?.iter().map(open_binding).collect()
    }

    /// Also one that is over: its caller has the clock.
    pub async fn challenge(&self, id: &str) -> Result<Option<Challenge>, StoreError> {
        let Some(row) = read::optional(self.readers(), sqlx::query(CHALLENGE).bind(portable(id))).await? else {
            return Ok(None);
        };
        let mut columns = Columns::of(&row);
        Ok(Some(Challenge {
            id: columns.text()?,
            purpose: serde_json::from_value(serde_json::Value::String(columns.text()?))?,
            who: columns.optional_text()?.map(|who| serde_json::from_str(&who)).transpose()?,
            expires_ms: columns.number()?,
            body: columns.document()?,
        }))
    }
}

fn open_passkey(row: &AnyRow) -> Result<Passkey, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Passkey {
        id: columns.text()?,
        who: columns.document()?,
        name: columns.text()?,
        made_ms: columns.number()?,
        used_ms: columns.optional_number()?,
        credential: columns.text()?,
    })
}

fn open_binding(row: &AnyRow) -> Result<Binding, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Binding {
        key: columns.digest()?,
        provider: columns.text()?,
        who: columns.document()?,
        made_ms: columns.number()?,
    })
}
