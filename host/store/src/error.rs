//! What may go wrong when reading. Texts are for the log, never for a user.

use std::fmt;
use xitai_model::digest::Digest;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The database is away, or did not answer in time.
    Unavailable(String),
    /// A row is not what this product wrote.
    Corrupt(String),
    /// It was sealed under a key that has been destroyed.
    Withheld,
    /// What is kept under a digest is not what was put there.
    Changed(Digest),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "the database is unavailable: {why}"),
            Self::Corrupt(what) => write!(f, "the database is corrupt: {what}"),
            Self::Withheld => f.write_str("withheld: the key has been destroyed"),
            Self::Changed(digest) => write!(f, "what is kept under {digest} was changed"),
        }
    }
}
impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => {
                Self::Corrupt(error.to_string())
            }
            other => Self::Unavailable(other.to_string()),
        }
    }
}
impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(format!("a document does not parse: {error}"))
    }
}
impl From<xitai_model::ids::BadId> for StoreError {
    fn from(error: xitai_model::ids::BadId) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// What this crate cannot have written.
pub(crate) fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt(what.into())
}
