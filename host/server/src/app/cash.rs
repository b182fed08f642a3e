//! Cash: who has to count it, and that they have.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::publish::may;
use super::{merchant, payment, publish};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::cash::CashDue;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{MatterId, MerchantId};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::merchant::advance;
use xitai_model::payment::{Applied, Command, Payee, Payment, Status, apply};
use xitai_model::policy::{Action, Resource};

/// Matters of one list.
const PAGE: usize = 100;

/// What cash of a merchant is found by.
fn about(merchant: &MerchantId) -> String {
    format!("cash/{merchant}")
}

/// The matter of a payment that is to be paid in cash, for the commit of its confirmation.
pub fn due(app: &App, ctx: &Ctx, payment: &Payment) -> Matter {
    let merchant = payment.legs.iter().find_map(|leg| match &leg.payee {
        Payee::Merchant(id) => Some(id.clone()),
        _ => None,
    });
    let body = CashDue {
        payment: payment.id.clone(),
        merchant,
        amount: payment.payable,
        purpose: payment.order.purpose.clone(),
        until_ms: payment.expires_ms,
        counted: None,
    };
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let (program, branch) = (Some(payment.program.clone()), payment.branch.clone());
    let mut matter = Matter::new(id, program, branch, Some(payment.customer.clone()), &body, ctx.now_ms);
    matter.about = body.merchant.as_ref().map(about);
    matter
}

/// Whether the caller counts a merchant's cash in a branch: its own people do, and the branch's.
fn counts(app: &App, ctx: &Ctx, merchant: Option<&MerchantId>, matter: &Matter) -> bool {
    let catalog = app.catalog();
    let own = merchant.and_then(|id| catalog.merchant(id)).and_then(|of| merchant::role(ctx, of));
    let of_place = Resource { place: Some(&matter.branch), ..Resource::default() };
    own.is_some() || may(&catalog, ctx, Action::CountCash, of_place).is_ok()
}

/// A merchant's cash, newest first, as far as the caller counts it.
pub async fn of_merchant(app: &App, ctx: &Ctx, id: &MerchantId) -> Result<Vec<Read<CashDue>>, Problem> {
    app.catalog().merchant(id).ok_or_else(|| Problem::new(code::MERCHANT_NOT_FOUND))?;
    let (page, _) = app.store.matters_about(MatterKind::CashDue, &about(id), None, PAGE).await?;
    page.into_iter().filter(|matter| counts(app, ctx, Some(id), matter)).map(read).collect()
}

/// The cash is there: the payment is settled, and nothing moves in the books but what the contract charges.
pub async fn received(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<CashDue>, Problem> {
    let missing = || Problem::new(code::CASH_NOT_FOUND);
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::CashDue).ok_or_else(missing)?;
    let due = read::<CashDue>(found)?;
    if !counts(app, ctx, due.body.merchant.as_ref(), &due.matter) {
        return Err(missing());
    }
    if due.body.counted.is_some() {
        return Ok(due);
    }
    let paid = app.store.payment(&due.body.payment).await?.ok_or_else(missing)?;
    if paid.status != Status::CashDue {
        return Err(Problem::new(code::PAYMENT_STATUS));
    }
    let catalog = app.catalog();
    let fees = payment::fees(&catalog, &paid);
    let Applied::Moved(mut moved) = apply(&paid, Command::CashReceived, &fees, ctx.now_ms)? else { return Ok(due) };
    // The cash is in the merchant's drawer: what its account lacks of the fee the bank advances.
    moved.chain = payment::advance(app, &catalog, moved.chain, ctx.now_ms).await?;
    let body = due.body.counted(ctx.actor.audit_name(), ctx.now_ms);
    let matter = due.matter.moved(&body, ctx.now_ms);
    let mut changes = vec![Change::Matter(Box::new(matter.clone()))];
    changes.extend(payment::told(app, &moved.payment).await?);
    let (guard, moves) = moved.into_commit();
    changes.extend(moves);
    let guards = vec![guard, Guard::MatterAt { matter: id.clone(), revision: due.matter.revision }];
    let detail = json!({ "payment": paid.id, "amount": paid.payable });
    match publish::commit(app, ctx, guards, changes, "payment.cash-received", &format!("cash-due:{id}"), detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(CommitRefusal::Ledger(refusal)) => Err(Problem::new(advance::refused(&refusal, code::CASH_FEE_UNFUNDED))),
        done => Ok(done.map(|()| Read { matter, body })?),
    }
}
