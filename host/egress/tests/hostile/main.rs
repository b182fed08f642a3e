//! A real server that does everything to hurt whoever asks it, and what comes of it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod answers;
mod places;
mod server;
mod tls;
