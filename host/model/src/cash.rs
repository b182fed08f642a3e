//! Cash that a customer has promised and a merchant has still to count. The payment says how it stands; this says who
//! has to count, and who has.

use crate::ids::{MerchantId, PaymentId};
use crate::matter::{MatterBody, MatterKind};
use crate::money::Money;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashDue {
    pub payment: PaymentId,
    /// Who takes it; absent where the branch itself does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    pub amount: Money,
    pub purpose: String,
    /// Until when it may be paid.
    pub until_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// As the audit trail names them.
    pub by: String,
    pub at_ms: i64,
}

impl MatterBody for CashDue {
    const KIND: MatterKind = MatterKind::CashDue;
}

impl CashDue {
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.counted.is_none() && now_ms < self.until_ms
    }
    pub fn counted(&self, by: String, at_ms: i64) -> Self {
        Self { counted: Some(Counted { by, at_ms }), ..self.clone() }
    }
}
