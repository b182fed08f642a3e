//! Files of sheets on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Default, Deserialize)]
pub struct UploadName {
    #[serde(default)]
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UploadedFile {
    /// What the confirmation answers with.
    pub handle: String,
    pub name: String,
    pub media_type: String,
    pub size: u64,
}
