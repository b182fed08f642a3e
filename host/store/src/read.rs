//! Reads, each of which ends: a database that has gone away without a word must hold up nobody.

use crate::StoreError;
use crate::readers::Readers;
use sqlx::any::{Any, AnyArguments, AnyRow};
use sqlx::query::Query;
use std::time::Duration;

const READ_WITHIN: Duration = Duration::from_secs(5);

async fn within<T>(read: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match tokio::time::timeout(READ_WITHIN, read).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Unavailable("reading took too long".into())),
    }
}

pub(crate) async fn optional(
    readers: &Readers,
    query: Query<'_, Any, AnyArguments>,
) -> Result<Option<AnyRow>, StoreError> {
    within(async {
        let mut reader = readers.take().await?;
        let row = query.fetch_optional(&mut *reader).await?;
        reader.put_back();
        Ok(row)
    })
    .await
}

pub(crate) async fn one(readers: &Readers, query: Query<'_, Any, AnyArguments>) -> Result<AnyRow, StoreError> {
    optional(readers, query).await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
}

pub(crate) async fn all(readers: &Readers, query: Query<'_, Any, AnyArguments>) -> Result<Vec<AnyRow>, StoreError> {
    within(async {
        let mut reader = readers.take().await?;
        let rows = query.fetch_all(&mut *reader).await?;
        reader.put_back();
        Ok(rows)
    })
    .await
}
