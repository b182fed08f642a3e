//! Launch codes: links and QR codes that open a program's page and say where: a table, a shop, a poster.
//!
//! A set has one page, one place and one key; its copies differ by their number, which stands for `{n}` in label and
//! parameters. What is printed names the set, the copy and a proof under the key; what it means is in the bank's own
//! record, so that nothing on the paper can be altered, and whoever has the paper knows nothing that they could make
//! another one with.
//!
//! | state | Revoke | Rotate | its time |
//! |---|---|---|---|
//! | in use | revoked | in use, under a new key: what was printed before is over | over |
//! | revoked | – | – | – |

mod token;

pub use token::{Token, is_token};

use crate::code;
use crate::ids::{BranchId, MerchantId, ProgramId, StaffId};
use crate::limits::{
    LAUNCH_COPIES_MAX, LAUNCH_LABEL_CHARS_MAX, LAUNCH_MS_MAX, LAUNCH_NUMBER_MAX, LAUNCH_PARAMETERS_BYTES_MAX,
    LAUNCH_PARAMETERS_MAX,
};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::{Refusal, refuse};
use crate::text;
use serde::{Deserialize, Serialize};

/// The name of the sealed key.
pub const KEY: &str = "key";

/// What the place of a code is called among its parameters.
const MERCHANT: &str = "merchant";
const SHOP: &str = "shop";

/// What stands for the number of a copy.
const NUMBER: &str = "{n}";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchCode {
    pub what: Wish,
    /// 1 for the first key; a proof under an older one is of an older print.
    pub generation: u32,
    pub by: StaffId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
}

/// What is asked for when a set is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// One of the manifest's pages.
    pub page: String,
    /// What the host vouches for to the program.
    pub parameters: Vec<(String, String)>,
    /// Where it opens; absent: in the branch of whoever scans it.
    pub branch: Option<BranchId>,
    pub merchant: Option<MerchantId>,
    /// One of the merchant's shops.
    pub shop: Option<String>,
    pub label: String,
    /// The number of the first copy.
    pub first: u32,
    pub count: u32,
    pub expires_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub at_ms: i64,
    pub by: StaffId,
}

impl MatterBody for LaunchCode {
    const KIND: MatterKind = MatterKind::LaunchCode;
}

/// How a set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    InUse,
    Over,
    Revoked,
}

/// What the rows of a program's sets are found by: those in use, and those that are not any more.
pub fn about(program: &ProgramId, in_use: bool) -> String {
    format!("launch-code/{}/{program}", if in_use { "in-use" } else { "past" })
}

impl Wish {
    /// As it may be made at a time.
    pub fn checked(mut self, now_ms: i64) -> Result<Self, Refusal> {
        let ends = now_ms.saturating_add(1)..=now_ms.saturating_add(LAUNCH_MS_MAX);
        if !ends.contains(&self.expires_ms) {
            return refuse(code::LAUNCH_EXPIRY, format!("{} at {now_ms}", self.expires_ms));
        }
        let last = u64::from(self.first) + u64::from(self.count);
        let fits = (1..=LAUNCH_COPIES_MAX).contains(&self.count) && last <= u64::from(LAUNCH_NUMBER_MAX) + 1;
        if !fits {
            return refuse(code::LAUNCH_COPIES, format!("{} from {}", self.count, self.first));
        }
        self.label = self.label.trim().to_owned();
        let is_clean = text::clean(&mut self.label, LAUNCH_LABEL_CHARS_MAX).is_ok();
        if !is_clean || self.label.is_empty() || self.label.contains('\n') {
            return refuse(code::LAUNCH_LABEL, self.label);
        }
        // Also where the set has neither: a program would take it for the bank's word.
        if self.parameters.iter().any(|(name, _)| name == MERCHANT || name == SHOP) {
            return refuse(code::LAUNCH_PARAMETERS, "merchant and shop are the set's own");
        }
        check_parameters(&self.signed(LAUNCH_NUMBER_MAX))?;
        Ok(self)
    }

    /// What the host vouches for in one copy: its parameters, then its place.
    pub fn signed(&self, number: u32) -> Vec<(String, String)> {
        let numbered = |(name, value): &(String, String)| (name.clone(), value.replace(NUMBER, &number.to_string()));
        let place = [(MERCHANT, self.merchant.as_ref().map(ToString::to_string)), (SHOP, self.shop.clone())];
        let place = place.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        self.parameters.iter().map(numbered).chain(place).collect()
    }

    pub fn label(&self, number: u32) -> String {
        self.label.replace(NUMBER, &number.to_string())
    }

    /// The numbers of its copies.
    pub fn numbers(&self) -> std::ops::Range<u32> {
        self.first..self.first + self.count
    }
}

/// Few, small, each name once.
fn check_parameters(all: &[(String, String)]) -> Result<(), Refusal> {
    let wrong = |why: &str| refuse(code::LAUNCH_PARAMETERS, why);
    if all.len() > LAUNCH_PARAMETERS_MAX {
        return wrong("too many");
    }
    let bytes: usize = all.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > LAUNCH_PARAMETERS_BYTES_MAX {
        return wrong("too large");
    }
    for (at, (name, value)) in all.iter().enumerate() {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || !name.bytes().all(is_plain) {
            return wrong("a name in a-z, 0-9 and dashes");
        }
        if all[..at].iter().any(|(before, _)| before == name) {
            return refuse(code::LAUNCH_PARAMETERS, format!("{name} stands twice"));
        }
        if value.is_empty() || value.contains('\n') || !text::is_clean(value, LAUNCH_PARAMETERS_BYTES_MAX) {
            return refuse(code::LAUNCH_PARAMETERS, name.clone());
        }
    }
    Ok(())
}

impl LaunchCode {
    pub fn new(what: Wish, by: StaffId) -> Self {
        Self { what, generation: 1, by, revoked: None }
    }

    pub fn standing(&self, now_ms: i64) -> Standing {
        match self.revoked {
            Some(_) => Standing::Revoked,
            None if now_ms >= self.what.expires_ms => Standing::Over,
            None => Standing::InUse,
        }
    }

    /// Out of use from now on.
    pub fn revoke(&self, by: StaffId, now_ms: i64) -> Result<Self, Refusal> {
        if self.revoked.is_some() {
            return refuse(code::LAUNCH_REVOKED, "");
        }
        Ok(Self { revoked: Some(Revoked { at_ms: now_ms, by }), ..self.clone() })
    }

    /// Under a new key: what was printed before opens nothing any more.
    pub fn rotate(&self, now_ms: i64) -> Result<Self, Refusal> {
        match self.standing(now_ms) {
            Standing::Revoked => refuse(code::LAUNCH_REVOKED, ""),
            Standing::Over => refuse(code::LAUNCH_EXPIRED, ""),
            Standing::InUse => Ok(Self { generation: self.generation.saturating_add(1), ..self.clone() }),
        }
    }

    /// Whether a copy whose proof holds opens now. A proof that does not hold never comes here.
    pub fn opens(&self, token: &Token, now_ms: i64) -> Result<(), Refusal> {
        if token.generation != self.generation {
            return refuse(code::LAUNCH_REPLACED, format!("print {} of {}", token.generation, self.generation));
        }
        if !self.what.numbers().contains(&token.number) {
            return refuse(code::LAUNCH_FORGED, format!("copy {}", token.number));
        }
        match self.standing(now_ms) {
            Standing::InUse => Ok(()),
            Standing::Over => refuse(code::LAUNCH_EXPIRED, format!("at {}", self.what.expires_ms)),
            Standing::Revoked => refuse(code::LAUNCH_REVOKED, ""),
        }
    }
}

#[cfg(test)]
mod tests;
