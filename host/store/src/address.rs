//! Where the database is, and how to connect to it.

use crate::StoreError;
use crate::dialect::Dialect;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection};
use std::str::FromStr;
use std::time::Duration;

/// Longer than this nobody waits for a connection.
pub(crate) const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// Where the database is.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub dialect: Dialect,
    options: AnyConnectOptions,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of_url(url)
            .ok_or_else(|| StoreError::Unavailable("a database URL begins with sqlite: or postgres:".into()))?;
        let options = AnyConnectOptions::from_str(&dialect.driver_url(url))?.disable_statement_logging();
        Ok(Self { dialect, options })
    }

    /// A connection that writes, or one that only reads.
    pub(crate) async fn connect(&self, writes: bool) -> Result<AnyConnection, StoreError> {
        let connecting = async {
            let mut connection = AnyConnection::connect_with(&self.options).await?;
            for setting in self.dialect.settings(writes) {
                sqlx::raw_sql(*setting).execute(&mut connection).await?;
            }
            Ok(connection)
        };
        match tokio::time::timeout(CONNECT_WITHIN, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(StoreError::Unavailable("connecting took too long".into())),
        }
    }
}
