//! Files that the customer picks on the host's sheet. What comes with [`crate::Event::SheetClosed`] is the handle.

use crate::Refusal;
pub use crate::bindings::xitai::services::attachments::File;
use crate::host::attachments as host;

/// Pictures: encoded anew, so that nothing hides in them.
pub const PICTURE: &str = "picture";
/// Documents, as they are.
pub const PDF: &str = "pdf";

/// The ticket of the host's own sheet; show it with [`crate::Step::sheet`].
pub fn request(purpose: &str, accept: &[&str]) -> Result<String, Refusal> {
    host::request(purpose, &accept.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>())
}
/// What a file is.
pub fn describe(handle: &str) -> Result<File, Refusal> {
    host::describe(handle)
}
/// A piece from an offset on, 128 KiB at most; empty at the end.
pub fn read(handle: &str, offset: u64) -> Result<Vec<u8>, Refusal> {
    host::read(handle, offset)
}
/// Destroys it.
pub fn remove(handle: &str) -> Result<(), Refusal> {
    host::remove(handle)
}
