//! One suite for both databases: what the store promises, on SQLite and on a PostgreSQL that the tests start.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[macro_use]
mod support;

mod books;
mod checkpoints;
mod consents;
mod evidence;
mod figures;
mod groups;
mod guards;
mod hosts;
mod inboxes;
mod journeys;
mod kill_nine;
mod ledger_stream;
mod migrations;
mod newest;
mod outage;
mod people;
mod presence;
mod sessions;
mod signoffs;
mod throughput;
