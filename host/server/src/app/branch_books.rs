//! A branch's day: its own account and its merchants', for those who work there and for head office.

use super::App;
use super::books::{self, statement_of};
use super::ctx::Ctx;
use super::publish::may;
use super::signing;
use crate::http::problem::Problem;
use xitai_model::books::Statement;
use xitai_model::books::branch::{BranchDay, KIND};
use xitai_model::code;
use xitai_model::day::Day;
use xitai_model::ids::BranchId;
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::money::{Currency, Money};
use xitai_model::policy::{Action, Resource};
use xitai_model::proof::SignedDocument;

pub fn reads(app: &App, ctx: &Ctx, branch: &BranchId) -> Result<(), Problem> {
    let catalog = app.catalog();
    if catalog.place(branch).is_none() {
        return Err(Problem::new(code::BOOKS_NOT_FOUND));
    }
    let of_place = Resource { place: Some(branch), ..Resource::default() };
    may(&catalog, ctx, Action::ReadMerchants, of_place).map(drop)
}

/// Branches whose books the caller may read.
pub fn branches(app: &App, ctx: &Ctx) -> Vec<BranchId> {
    let catalog = app.catalog();
    let all = catalog.branches().map(|place| place.id.clone());
    all.filter(|branch| reads(app, ctx, branch).is_ok()).collect()
}

pub async fn view(app: &App, ctx: &Ctx, branch: &BranchId, day: Day) -> Result<BranchDay, Problem> {
    reads(app, ctx, branch)?;
    let statements = statements(app, branch, day).await?;
    if statements.is_empty() {
        return Err(Problem::new(code::BOOKS_NOT_FOUND));
    }
    Ok(BranchDay::of(branch.clone(), day, statements))
}

/// The branch's own statements and its merchants'.
pub(super) async fn statements(app: &App, branch: &BranchId, day: Day) -> Result<Vec<Statement>, Problem> {
    let catalog = app.catalog();
    let merchants = catalog.merchants.values().map(|kept| &kept.value);
    let merchants: Vec<AccountKey> =
        merchants.filter(|it| it.branch.as_ref() == Some(branch)).flat_map(books::accounts).collect();
    // Its own takings come in what its merchants are paid in, and in the bank's own currency.
    let currencies = merchants.iter().map(|account| account.currency).chain([Currency::CNY]);
    let currencies: std::collections::BTreeSet<Currency> = currencies.collect();
    let own = currencies.into_iter().map(|it| AccountKey::new(AccountKind::Branch, branch.as_str(), it));
    let mut statements = Vec::new();
    for account in own.chain(merchants.iter().cloned()) {
        statements.extend(statement_of(app, &account, day).await?);
    }
    Ok(statements)
}

/// The same, signed: `xitai verify FILE` adds it up again.
pub async fn signed(app: &App, given: &BranchDay) -> Result<SignedDocument, Problem> {
    let body = serde_json::to_value(given).map_err(Problem::internal)?;
    signing::document(app, KIND, body, Vec::new()).await
}

/// One row for each account, and one for each funder of what customers need not pay.
pub fn csv(given: &BranchDay) -> Result<Vec<u8>, Problem> {
    let mut out = books::table(&[
        "日期 Day",
        "账户 Account",
        "出资方 Funder",
        "顾客付款 Gross",
        "补贴 Discount",
        "手续费 Fees",
        "退款 Refunds",
        "净额 Net",
        "币种 Currency",
        "摘要 Digest",
    ])?;
    for it in &given.statements {
        let decimal = |minor: i64| Money::new(minor, it.account.currency).digits();
        let (day, account) = (it.day.to_string(), books::safe(&it.account.to_string()));
        let currency = it.account.currency.as_str();
        let totals = &it.totals;
        out.write_record([
            &day,
            &account,
            "",
            &decimal(totals.gross),
            &decimal(totals.discount()),
            &decimal(totals.fees),
            &decimal(totals.refunds),
            &decimal(totals.net()),
            currency,
            it.digest.as_str(),
        ])
        .map_err(Problem::internal)?;
        for (funder, minor) in &totals.discounts {
            let funder = books::safe(funder);
            let row = [&day, &account, &funder, "", &decimal(*minor), "", "", "", currency, ""];
            out.write_record(row).map_err(Problem::internal)?;
        }
    }
    out.into_inner().map_err(Problem::internal)
}
