//! Handlers: parse, call the app, wrap. Everything that every request needs is in the gate.

pub mod agreements;
pub mod alerts;
pub mod app_tickets;
pub mod attachments;
pub mod audit;
pub mod books;
pub mod campaigns;
pub mod cards;
pub mod cash;
pub mod channels;
pub mod consents;
pub mod content;
pub mod disputes;
pub mod embeds;
pub mod endpoints;
pub mod feedback;
pub mod gifts;
pub mod health;
pub mod hooks;
pub mod incidents;
pub mod inventory;
pub mod keys;
pub mod launching;
pub mod live;
pub mod mandates;
pub mod me;
pub mod merchants;
pub mod notices;
pub mod organisation;
pub mod passkeys;
pub mod pay_codes;
pub mod programs;
pub mod promotions;
pub mod publisher;
pub mod publisher_keys;
pub mod publishers;
pub mod rails;
pub mod reconciliation;
pub mod relationship;
pub mod reviews;
pub mod rollout;
pub mod rules;
pub mod schemas;
pub mod sessions;
pub mod settings;
pub mod step_ups;
pub mod stop;
pub mod tokens;
pub mod trials;
pub mod zone_pages;

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A table as a file to keep.
fn csv_file(name: &str, table: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}.csv\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, table).into_response()
}
