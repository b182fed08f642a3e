//! Cash that is to be counted on the wire.

use crate::app::feedback::Read;
use serde::Serialize;
use utoipa::ToSchema;
use xitai_model::cash::CashDue;
use xitai_model::money::Money;

#[derive(Debug, Serialize, ToSchema)]
pub struct CashRecord {
    pub id: String,
    pub payment: String,
    pub branch: String,
    pub purpose: String,
    #[schema(value_type = Object)]
    pub amount: Money,
    pub made_ms: i64,
    /// Until when it may be paid.
    pub until_ms: i64,
    /// Who has counted it, and when.
    pub counted_by: Option<String>,
    pub counted_ms: Option<i64>,
}

impl From<&Read<CashDue>> for CashRecord {
    fn from(read: &Read<CashDue>) -> Self {
        let (matter, it) = (&read.matter, &read.body);
        Self {
            id: matter.id.to_string(),
            payment: it.payment.to_string(),
            branch: matter.branch.to_string(),
            purpose: it.purpose.clone(),
            amount: it.amount,
            made_ms: matter.made_ms,
            until_ms: it.until_ms,
            counted_by: it.counted.as_ref().map(|counted| counted.by.clone()),
            counted_ms: it.counted.as_ref().map(|counted| counted.at_ms),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CashToCount {
    /// Newest first.
    pub cash: Vec<CashRecord>,
}
