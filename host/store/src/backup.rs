//! Backups.

use crate::{Store, StoreConfig, StoreError};
use std::path::Path;

impl Store {
    pub async fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not yet".into()))
    }

    pub async fn restore(_config: StoreConfig, _from: &Path) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not yet".into()))
    }
}
