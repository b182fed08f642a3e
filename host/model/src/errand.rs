//! What a program asks of the customer's device, through a sheet of the host.

use crate::matter::{MatterBody, MatterKind};
use serde::{Deserialize, Serialize};

/// The text of one scanned code: the largest QR code holds less in most scripts.
pub const SCANNED_CHARS_MAX: u32 = 2_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// Read a code with the camera, or type what it says.
    Scan,
}

impl MatterBody for Errand {
    const KIND: MatterKind = MatterKind::Errand;
}
