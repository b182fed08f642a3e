//! Sign-ins, by the digest of their token and by whose they are.

use crate::ledger::word;
use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::digest::Digest;
use xitai_model::identity::{How, Token, Who};

const TOKEN: &str =
    "SELECT digest, who, made_ms, expires_ms, proved_ms, how, name, scopes FROM token WHERE digest = $1";
const OF_WHO: &str = "SELECT digest, who, made_ms, expires_ms, proved_ms, how, name, scopes FROM token \
     WHERE who = $1 AND expires_ms > $2 ORDER BY made_ms DESC, digest LIMIT $3";
const OF_KINDS: &str = "SELECT digest, who, made_ms, expires_ms, proved_ms, how, name, scopes FROM token \
     WHERE who = $1 AND expires_ms > $2 AND how IN ($4, $5, $6) ORDER BY made_ms DESC, digest LIMIT $3";

impl Store {
    /// Also an expired one: its caller has the clock.
    pub async fn token(&self, digest: &Digest) -> Result<Option<Token>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(TOKEN).bind(digest.as_str())).await?;
        row.map(|row| open_token(&row)).transpose()
    }

    /// Where somebody is signed in at a time, newest first.
    pub async fn tokens_of(&self, who: &Who, now_ms: i64, limit: usize) -> Result<Vec<Token>, StoreError> {
        let who = serde_json::to_string(who)?;
        let query = sqlx::query(OF_WHO).bind(who).bind(now_ms).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        read::all(self.readers(), query).await?.iter().map(open_token).collect()
    }

    /// The same, of these kinds alone.
    pub async fn tokens_of_kinds(
        &self,
        who: &Who,
        kinds: [How; 3],
        now_ms: i64,
        limit: usize,
    ) -> Result<Vec<Token>, StoreError> {
        let who = serde_json::to_string(who)?;
        let query = sqlx::query(OF_KINDS).bind(who).bind(now_ms).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let query = kinds.iter().fold(query, |query, kind| query.bind(word(kind)));
        read::all(self.readers(), query).await?.iter().map(open_token).collect()
    }
}

fn open_token(row: &AnyRow) -> Result<Token, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Token {
        digest: columns.digest()?,
        who: columns.document()?,
        made_ms: columns.number()?,
        expires_ms: columns.number()?,
        proved_ms: columns.number()?,
        how: serde_json::from_value(serde_json::Value::String(columns.text()?))?,
        name: columns.text()?,
        scopes: columns.optional_text()?.map(|scopes| serde_json::from_str(&scopes)).transpose()?,
    })
}
