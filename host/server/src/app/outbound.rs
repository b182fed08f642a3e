//! Signed requests of the bank to others, as partners know them; and a place that the operator named and that takes its
//! messages: its push system, whoever is on duty.

use xitai_egress::signature::{self, Secret};
use xitai_egress::{Method, Request, Target};

/// Where it is, and what messages to it are signed with.
#[derive(Debug, Clone)]
pub struct Outbound {
    pub target: Target,
    pub secret: Secret,
}

impl Outbound {
    /// A signed message.
    pub fn request(&self, id: &str, body: Vec<u8>, now_ms: i64) -> Request {
        signed(Method::POST, self.target.clone(), std::slice::from_ref(&self.secret), id, body, now_ms)
    }
}

/// A request under an id: whoever takes it twice knows it by that. The signature is over the id, the time and the body,
/// which is JSON where there is one.
pub fn signed(method: Method, target: Target, secrets: &[Secret], id: &str, body: Vec<u8>, now_ms: i64) -> Request {
    let timestamp_s = now_ms / 1_000;
    let request = Request::new(method, target)
        .header(signature::ID_HEADER, id)
        .header(signature::TIMESTAMP_HEADER, &timestamp_s.to_string())
        .header(signature::SIGNATURE_HEADER, &signature::sign(secrets, id, timestamp_s, &body))
        .header("idempotency-key", id);
    if body.is_empty() { request } else { request.header("content-type", "application/json").body(body) }
}
