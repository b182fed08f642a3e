//! Requests to providers: a limit on time and bytes, and no redirect, which could lead anywhere.

use crate::Fault;
use openidconnect::http::{Request, Response};
use std::time::Duration;
use xitai_model::limits;

/// A client whose clones share connections.
#[derive(Clone)]
pub(crate) struct Fetch(ureq::Agent);

impl Fetch {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_millis(limits::PROVIDER_ANSWER_MS_MAX)))
            .user_agent(concat!("xitai/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }

    pub(crate) fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Fault> {
        let to = request.uri().host().unwrap_or_default().to_owned();
        let away = |told: ureq::Error| Fault::Away(format!("{to}: {told}"));
        let (parts, mut body) = self.0.run(request).map_err(away)?.into_parts();
        let bytes = body.with_config().limit(limits::PROVIDER_ANSWER_BYTES_MAX).read_to_vec().map_err(away)?;
        Ok(Response::from_parts(parts, bytes))
    }

    pub(crate) fn get_json(&self, url: &str) -> Result<serde_json::Value, Fault> {
        let request = Request::get(url).header("accept", "application/json").body(Vec::new());
        self.json(request.map_err(|e| Fault::Unfit(e.to_string()))?)
    }

    /// Gives the answer as it came.
    pub(crate) fn post_form(&self, url: &str, pairs: &[(&str, &str)]) -> Result<String, Fault> {
        let body = openidconnect::url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post(url)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(body.into_bytes());
        let answer = self.send(request.map_err(|e| Fault::Unfit(e.to_string()))?)?;
        if !answer.status().is_success() {
            return Err(Fault::Away(format!("status {}", answer.status())));
        }
        String::from_utf8(answer.into_body()).map_err(|e| Fault::Away(e.to_string()))
    }

    fn json(&self, request: Request<Vec<u8>>) -> Result<serde_json::Value, Fault> {
        let answer = self.send(request)?;
        if answer.status().is_server_error() {
            return Err(Fault::Away(format!("status {}", answer.status())));
        }
        serde_json::from_slice(answer.body()).map_err(|e| Fault::Away(format!("status {}: {e}", answer.status())))
    }
}
