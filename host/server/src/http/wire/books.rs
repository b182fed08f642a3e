//! Books on the wire.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use xitai_model::books::{ClosedDay, Payout, Statement};
use xitai_model::money::Money;

#[derive(Debug, Deserialize)]
pub struct StatementQuery {
    /// Such as `CNY`, where the merchant is paid in several.
    pub currency: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Statements {
    pub statements: Vec<StatementRecord>,
}

/// A day of one account.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementRecord {
    pub account: String,
    pub day: String,
    #[schema(value_type = Object)]
    pub opening: Money,
    /// What customers paid.
    #[schema(value_type = Object)]
    pub gross: Money,
    /// What each funder paid for them, in minor units.
    pub discounts: BTreeMap<String, i64>,
    #[schema(value_type = Object)]
    pub fees: Money,
    #[schema(value_type = Object)]
    pub refunds: Money,
    #[schema(value_type = Object)]
    pub net: Money,
    #[schema(value_type = Object)]
    pub settled: Money,
    #[schema(value_type = Object)]
    pub closing: Money,
    pub entries: u64,
    /// Of all entries in their order.
    pub digest: String,
    /// `none`, `no-account`, `promised` with `minor` and `due_ms`, or `paid` with `minor` and `at_ms`.
    #[schema(value_type = Object)]
    pub payout: Payout,
}

impl From<Statement> for StatementRecord {
    fn from(it: Statement) -> Self {
        Self {
            opening: it.money(it.opening),
            gross: it.money(it.totals.gross),
            fees: it.money(it.totals.fees),
            refunds: it.money(it.totals.refunds),
            net: it.money(it.totals.net()),
            settled: it.money(it.totals.settled),
            closing: it.money(it.closing),
            account: it.account.to_string(),
            day: it.day.to_string(),
            discounts: it.totals.discounts,
            entries: it.entries,
            digest: it.digest.into(),
            payout: it.payout,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedDays {
    pub days: Vec<ClosedDayRecord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedDayRecord {
    pub day: String,
    /// The last transfer of the day.
    pub last_transfer: i64,
    pub closed_ms: i64,
    pub statements: u32,
}

impl From<ClosedDay> for ClosedDayRecord {
    fn from(it: ClosedDay) -> Self {
        Self {
            day: it.day.to_string(),
            last_transfer: it.stretch.last,
            closed_ms: it.closed_ms,
            statements: it.statements,
        }
    }
}
