//! A code that the customer scans with the camera, or types. What it says comes with [`crate::Event::SheetClosed`].

use crate::Refusal;
use crate::host::scanner as host;

/// The ticket of the host's own sheet; show it with [`crate::Step::sheet`].
pub fn request() -> Result<String, Refusal> {
    host::request()
}
