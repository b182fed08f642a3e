//! Lines for the publisher's log. They are kept also when the call fails.

use crate::host::log as host;

/// For finding out how a program works; off the record.
pub fn debug(text: &str) {
    host::write(host::Level::Debug, text);
}
/// What happened.
pub fn info(text: &str) {
    host::write(host::Level::Info, text);
}
/// What should not happen, but was coped with.
pub fn warn(text: &str) {
    host::write(host::Level::Warn, text);
}
/// What went wrong.
pub fn error(text: &str) {
    host::write(host::Level::Error, text);
}
