//! Who asks, when, under which request. The first argument after the app wherever something is decided.

use std::sync::Arc;
use xitai_model::digest::Digest;
use xitai_model::identity::Customer;
use xitai_model::place::Staff;

/// Made once for each request or job.
#[derive(Debug, Clone)]
pub struct Ctx {
    pub actor: Caller,
    pub now_ms: i64,
    /// Names the request in answers, logs and the audit trail.
    pub request_id: String,
    /// Digest of the sign-in token.
    pub token: Option<Digest>,
    /// When presence was proved: at sign-in.
    pub proved_ms: i64,
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Caller {
    Anonymous,
    Customer(Arc<Customer>),
    Staff(Arc<Staff>),
    /// The host itself: jobs and set-up.
    Host,
}

impl Caller {
    /// As audit records name it.
    pub fn audit_name(&self) -> String {
        match self {
            Caller::Anonymous => "anonymous".to_owned(),
            Caller::Customer(customer) => format!("customer:{}", customer.id),
            Caller::Staff(staff) => format!("staff:{}", staff.id),
            Caller::Host => "host".to_owned(),
        }
    }
}

impl Ctx {
    /// The host's own doing, such as a job.
    pub fn of_host(now_ms: i64, request_id: String) -> Self {
        Self { actor: Caller::Host, now_ms, request_id, token: None, proved_ms: now_ms }
    }
    pub fn staff(&self) -> Option<&Staff> {
        match &self.actor {
            Caller::Staff(staff) => Some(staff),
            _ => None,
        }
    }
    pub fn customer(&self) -> Option<&Customer> {
        match &self.actor {
            Caller::Customer(customer) => Some(customer),
            _ => None,
        }
    }
}
