//! Handlers: parse, call the app, wrap. Everything that every request needs is in the gate.

pub mod agreements;
pub mod attachments;
pub mod audit;
pub mod campaigns;
pub mod consents;
pub mod content;
pub mod endpoints;
pub mod feedback;
pub mod health;
pub mod hooks;
pub mod keys;
pub mod mandates;
pub mod me;
pub mod notices;
pub mod passkeys;
pub mod programs;
pub mod publisher;
pub mod relationship;
pub mod reviews;
pub mod rollout;
pub mod sessions;
pub mod step_ups;
pub mod stop;
pub mod tokens;
