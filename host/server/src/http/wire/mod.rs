//! The shapes of the HTTP API. What comes in is text until `parsed` has made the product's own types of it.

mod bank;
mod customer;
mod session;

pub use bank::{Audit, AuditQuery, AuditRecord, Readiness};
pub use customer::{After, Booked, Payment, PaymentLine, Payments, SignIn, SignedIn, Who};
pub use session::{DecideSheet, OpenSession, PostEvent, Program, Programs, ProgramsQuery, Session};
