//! Reads through the pool, each of which ends: a database that has gone away without a word must hold up nobody.

use crate::StoreError;
use sqlx::any::{Any, AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{AnyPool, Error};
use std::time::Duration;

const READ_WITHIN: Duration = Duration::from_secs(5);

async fn within<T>(read: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(READ_WITHIN, read).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(StoreError::Unavailable("reading took too long".into())),
    }
}

pub(crate) async fn optional(
    readers: &AnyPool,
    query: Query<'_, Any, AnyArguments>,
) -> Result<Option<AnyRow>, StoreError> {
    within(query.fetch_optional(readers)).await
}

pub(crate) async fn one(readers: &AnyPool, query: Query<'_, Any, AnyArguments>) -> Result<AnyRow, StoreError> {
    within(query.fetch_one(readers)).await
}

pub(crate) async fn all(readers: &AnyPool, query: Query<'_, Any, AnyArguments>) -> Result<Vec<AnyRow>, StoreError> {
    within(query.fetch_all(readers)).await
}
