//! The demo's people as they act over HTTP: each signs in once, since a bank takes no more than a few attempts a minute.

use super::PASSWORD;
use crate::cli::client::{Client, ClientFault};
use serde_json::json;
use std::collections::BTreeMap;

pub struct SignIns {
    base: String,
    clients: BTreeMap<String, Client>,
}

impl SignIns {
    pub fn at(base: &str) -> Self {
        Self { base: base.to_owned(), clients: BTreeMap::new() }
    }
    /// Somebody, signed in.
    pub fn of(&mut self, login: &str) -> Result<&Client, ClientFault> {
        let client = match self.clients.remove(login) {
            Some(client) => client,
            None => {
                let wanted = json!({ "login": login, "password": PASSWORD });
                let answer = Client::new(&self.base, None).post("/tokens", &wanted)?;
                Client::new(&self.base, answer["token"].as_str().map(str::to_owned))
            }
        };
        Ok(self.clients.entry(login.to_owned()).or_insert(client))
    }
}
