//! A real server that does everything to hurt whoever asks it, and what comes of it.

mod answers;
mod places;
mod server;
mod tls;
