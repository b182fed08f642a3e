//! A place that the operator named and that takes signed messages of the bank: its push system, whoever is on duty.

use xitai_egress::signature::{self, Secret};
use xitai_egress::{Method, Request, Target};

/// Where it is, and what messages to it are signed with.
#[derive(Debug, Clone)]
pub struct Outbound {
    pub target: Target,
    pub secret: Secret,
}

impl Outbound {
    /// A signed message under an id: whoever takes it twice knows it by that.
    pub fn request(&self, id: &str, body: Vec<u8>, now_ms: i64) -> Request {
        let timestamp_s = now_ms / 1_000;
        let signed = signature::sign(std::slice::from_ref(&self.secret), id, timestamp_s, &body);
        Request::new(Method::POST, self.target.clone())
            .header(signature::ID_HEADER, id)
            .header(signature::TIMESTAMP_HEADER, &timestamp_s.to_string())
            .header(signature::SIGNATURE_HEADER, &signed)
            .header("idempotency-key", id)
            .header("content-type", "application/json")
            .body(body)
    }
}
