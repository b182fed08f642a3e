//! Who asks, when, under which request. The first argument after the app wherever something is decided.

use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;
use xitai_model::audit::AuditEvent;
use xitai_model::digest::Digest;
use xitai_model::identity::{Customer, How};
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
    /// How the sign-in was made.
    pub how: How,
    /// What a machine's token may do; absent for people.
    pub scopes: Option<Arc<[String]>>,
    /// The proof of presence that came along, by its name.
    pub step_up: Option<String>,
    /// Where the request comes from.
    pub address: Option<IpAddr>,
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
        Self { actor: Caller::Host, proved_ms: now_ms, ..Self::of_nobody(now_ms, request_id) }
    }
    /// Before it is known who asks.
    pub fn of_nobody(now_ms: i64, request_id: String) -> Self {
        Self {
            actor: Caller::Anonymous,
            now_ms,
            request_id,
            token: None,
            proved_ms: 0,
            how: How::Password,
            scopes: None,
            step_up: None,
            address: None,
        }
    }
    /// What the caller did now, for the audit trail.
    pub fn did(&self, action: &str, subject: impl Into<String>, detail: Value) -> AuditEvent {
        AuditEvent {
            at_ms: self.now_ms,
            actor: self.actor.audit_name(),
            action: action.to_owned(),
            subject: subject.into(),
            detail,
            request: Some(self.request_id.clone()),
        }
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
