//! One-time codes on their way: the bank's own gateway knows telephone numbers, this host does not.

use crate::Fault;
use crate::fetch::Fetch;
use crate::provider::checked_url;
use openidconnect::http::Request;
use serde_json::json;

/// The bank's message gateway.
pub struct CodeGateway {
    url: String,
    secret: String,
    fetch: Fetch,
}

impl CodeGateway {
    /// `secret` goes along as `Authorization: Bearer`.
    pub fn new(url: &str, secret: &str) -> Result<Self, Fault> {
        checked_url(url)?;
        Ok(Self { url: url.to_owned(), secret: secret.to_owned(), fetch: Fetch::new() })
    }

    /// Asks the gateway to tell somebody a code. `to` is `customer:ID` or `staff:ID`. Blocks.
    pub fn send(&self, to: &str, code: &str, locale: &str) -> Result<(), Fault> {
        let body = json!({ "to": to, "code": code, "locale": locale }).to_string();
        let request = Request::post(&self.url)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.secret))
            .body(body.into_bytes())
            .map_err(|e| Fault::Unfit(e.to_string()))?;
        let answer = self.fetch.send(request)?;
        if answer.status().is_success() { Ok(()) } else { Err(Fault::Away(format!("status {}", answer.status()))) }
    }
}
