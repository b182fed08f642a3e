//! What a test stands on: a bank that runs from the real binary, its people who speak public HTTP only, and what
//! they need from the outside (PostgreSQL, a browser).
//!
//! Every process that a test starts belongs to a value whose drop ends it, and dies with the test's thread anyway.

pub mod accessible;
pub mod actor;
pub mod authenticator;
pub mod bank;
pub mod binary;
pub mod browser;
pub mod campaign;
pub mod canteen;
pub mod channels;
pub mod collector;
pub mod console;
pub mod content;
pub mod desk;
pub mod dev;
pub mod embeds;
pub mod http;
pub mod lived_in;
pub mod mail;
pub mod notices;
pub mod package;
pub mod partner;
pub mod process;
pub mod provider;
pub mod rail;
pub mod session;
pub mod signer;
pub mod stream;
pub mod tickets;
pub mod view;
pub mod wait;

pub use actor::{Customer, Staff};
pub use bank::{Bank, Database, Seed};
pub use http::{Answer, Caller};
pub use session::Session;
pub use signer::Signer;
pub use view::View;
pub use wait::eventually;
pub use xitai_test_postgres::Postgres;
