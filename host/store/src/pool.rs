//! Connections: one that writes, a few that read.

use crate::StoreError;
use crate::dialect::Dialect;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection};
use std::str::FromStr;
use std::time::Duration;

/// Longer than this nobody waits for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

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

    /// The connection of the writer.
    pub(crate) async fn connect_writer(&self) -> Result<AnyConnection, StoreError> {
        let connecting = async {
            let mut connection = AnyConnection::connect_with(&self.options).await?;
            for setting in self.dialect.settings(true) {
                sqlx::raw_sql(*setting).execute(&mut connection).await?;
            }
            Ok(connection)
        };
        match tokio::time::timeout(CONNECT_WITHIN, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(StoreError::Unavailable("connecting took too long".into())),
        }
    }

    /// The connections that read. They are made when first needed.
    pub(crate) fn readers(&self) -> AnyPool {
        let dialect = self.dialect;
        AnyPoolOptions::new()
            .max_connections(dialect.readers())
            .acquire_timeout(CONNECT_WITHIN)
            .test_before_acquire(dialect.is_shared())
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    for setting in dialect.settings(false) {
                        sqlx::raw_sql(*setting).execute(&mut *connection).await?;
                    }
                    Ok(())
                })
            })
            .connect_lazy_with(self.options.clone())
    }
}
