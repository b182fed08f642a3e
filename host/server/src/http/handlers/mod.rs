//! Handlers: parse, call the app, wrap. Everything that every request needs is in the gate.

pub mod audit;
pub mod content;
pub mod endpoints;
pub mod feedback;
pub mod health;
pub mod hooks;
pub mod me;
pub mod programs;
pub mod publisher;
pub mod reviews;
pub mod rollout;
pub mod sessions;
pub mod stop;
pub mod tokens;
