//! Tickets of the bank's own app on the wire.

use crate::app::app_ticket::{Made, Wanted};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::app_ticket::Opens;
use xitai_model::ids::ProgramId;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueAppTicket {
    /// The customer, as the bank's own sign-in names them.
    customer: String,
    /// SHA-256 of the app's verifier in base64url, as `S256` of RFC 7636 has it.
    challenge: String,
    /// Where the WebView begins; at the launcher where it is absent.
    opens: Option<AppTicketOpens>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppTicketOpens {
    program: String,
    page: Option<String>,
    #[serde(default)]
    query: Vec<(String, String)>,
}

impl IssueAppTicket {
    pub fn parsed(self) -> Result<Wanted, Problem> {
        let parsed = |opens: AppTicketOpens| -> Result<Opens, Problem> {
            Ok(Opens { program: ProgramId::parse(&opens.program)?, page: opens.page, query: opens.query })
        };
        let opens = self.opens.map(parsed).transpose()?;
        Ok(Wanted { customer: self.customer, challenge: self.challenge, opens })
    }
}

/// A ticket. It is told this once, and serves once.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppTicket {
    pub ticket: String,
    pub until_ms: i64,
    /// What the WebView opens.
    pub address: String,
}

impl AppTicket {
    pub fn of(made: Made, origin: &str) -> Self {
        let address = format!("{origin}/app?ticket={}", made.ticket);
        Self { ticket: made.ticket, until_ms: made.until_ms, address }
    }
}

/// What the end of a customer's sign-in ended here.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppTicketsEnded {
    pub sign_ins: usize,
}
