//! Commands about the customer: facts by consent.

use crate::script::Said;
use serde::{Deserialize, Serialize};
use xitai::identity::agreements::{self, Agreement};
use xitai::identity::claims::{self, ConsentRequest};
use xitai::prelude::*;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum What {
    /// Asks for facts and shows the sheet.
    AskClaims {
        #[serde(default)]
        claims: Vec<String>,
        #[serde(default)]
        optional: Vec<String>,
        #[serde(default)]
        purpose: Option<String>,
        #[serde(default)]
        keep_days: Option<u32>,
    },
    Granted,
    /// Asks for a proof of presence and shows the sheet.
    Prove,
    ProvedAt,
    /// Proposes a product, and shows the sheet where there is something to sign.
    Propose {
        product: String,
        #[serde(default)]
        minor: Option<i64>,
        key: String,
    },
    Agreement {
        id: String,
    },
    TakeBack {
        id: String,
        key: String,
    },
    /// Asks a yes-or-no question. The attestation is kept in the customer's storage, from where a test takes it.
    Question {
        kind: String,
        value: String,
    },
    ReadClaims {
        consent: String,
        /// And then falls.
        #[serde(default)]
        trap: bool,
    },
}

fn text(words: impl Into<String>) -> Result<Said, Refusal> {
    Ok(Said::Text(words.into()))
}

fn stands(agreement: &Agreement) -> String {
    let status = format!("{:?}", agreement.status).replace("Status::", "").to_lowercase();
    format!("agreement:{}:{status}", agreement.id)
}

pub fn perform(what: &What) -> Result<Said, Refusal> {
    match what {
        What::AskClaims { claims, optional, purpose, keep_days } => {
            let purpose = purpose.clone().unwrap_or_else(|| "tests of the platform".to_owned());
            let (claims, optional) = (claims.clone(), optional.clone());
            let ask = ConsentRequest { claims, optional, purpose, keep_days: keep_days.unwrap_or(30) };
            Ok(Said::Sheet(claims::request(&ask)?))
        }
        What::Granted => {
            let held = claims::granted()?;
            let line = |held: &claims::Consent| format!("{}={}", held.id, held.granted.join("+"));
            text(format!("granted:{}", held.iter().map(line).collect::<Vec<_>>().join(";")))
        }
        What::Prove => Ok(Said::Sheet(xitai::identity::presence::request("tests of the platform")?)),
        What::Question { kind, value } => {
            let answer = xitai::identity::proofs::ask(kind, value, "tests of the platform")?;
            storage::set("attestation", &answer.attestation)?;
            text(format!("answer:{}:{}", answer.holds, answer.reasons.join(";")))
        }
        What::Propose { product, minor, key } => {
            let proposed = agreements::propose(product, minor.map(Money::cny), key)?;
            match &proposed.ticket {
                Some(ticket) => Ok(Said::Sheet(ticket.clone())),
                None => text(format!("{}:{}", stands(&proposed), proposed.reasons.join(";"))),
            }
        }
        What::Agreement { id } => text(stands(&agreements::get(id)?)),
        What::TakeBack { id, key } => text(stands(&agreements::withdraw(id, key)?)),
        What::ProvedAt => text(format!("proved-at:{}", xitai::identity::whoami().proved_at)),
        What::ReadClaims { consent, trap } => {
            let values = claims::read(consent)?;
            assert!(!trap, "the script says so");
            let line = |(claim, value): &(String, String)| format!("{claim}={value}");
            text(format!("read:{}", values.iter().map(line).collect::<Vec<_>>().join(";")))
        }
    }
}
