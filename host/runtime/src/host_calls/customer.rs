//! `customer`: who the customer is, as little as the program needs.

use crate::bindings::xitai::identity::customer as wit;
use crate::calls::CallState;
use crate::convert::same_cases;
use serde::{Deserialize, Serialize};
use xitai_model::identity::Level;

same_cases!(Level => wit::Level: Visitor, Registered, Verified, AccountHolder, Other);

#[derive(Serialize, Deserialize)]
struct Customer {
    subject: String,
    level: Level,
    proved_ms: i64,
    roles: Vec<String>,
}

impl wit::Host for CallState {
    /// In a session without a customer it is a visitor without a name.
    fn whoami(&mut self) -> wasmtime::Result<wit::Customer> {
        let customer = self.answer_always("customer.whoami", (), |state, _, ()| {
            let scope = &state.scope;
            Ok(match scope.customer {
                Some(_) => Customer {
                    subject: scope.subject.clone(),
                    level: scope.level,
                    proved_ms: scope.proved_ms,
                    roles: scope.roles.clone(),
                },
                None => {
                    Customer { subject: String::new(), level: Level::Visitor, proved_ms: 0, roles: scope.roles.clone() }
                }
            })
        })?;
        Ok(wit::Customer {
            subject: customer.subject,
            level: customer.level.into(),
            proved_at: customer.proved_ms,
            roles: customer.roles,
        })
    }
}
