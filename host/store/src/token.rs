//! Sign-ins, by the digest of their token.

use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use xitai_model::digest::Digest;
use xitai_model::identity::Token;

const TOKEN: &str = "SELECT who, made_ms, expires_ms, proved_ms FROM token WHERE digest = $1";

impl Store {
    /// Also an expired one: its caller has the clock.
    pub async fn token(&self, digest: &Digest) -> Result<Option<Token>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(TOKEN).bind(digest.as_str())).await?;
        row.map(|row| {
            let mut columns = Columns::of(&row);
            Ok(Token {
                digest: digest.clone(),
                who: columns.document()?,
                made_ms: columns.number()?,
                expires_ms: columns.number()?,
                proved_ms: columns.number()?,
            })
        })
        .transpose()
    }
}
