//! The sheet of a payment without a program: what it says, and what becomes of the customer's word.

use super::{Closing, Ctx, PROOF, pay};
use crate::app::catalog::Catalog;
use crate::app::{App, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Commit, CommitRefusal};
use xitai_model::digest::Digest;
use xitai_model::direct::{SheetDoc, merchant_of};
use xitai_model::payment::Payment;

/// Whether it was decided in this very way before.
pub fn was_decided(payment: &Payment, named: Option<&Digest>) -> bool {
    pay::was_decided(payment, named)
}

/// Takes the customer's word. False where the payment moved meanwhile.
pub async fn decide(app: &App, ctx: &Ctx, payment: &Payment, named: Option<&Digest>) -> Result<bool, Problem> {
    let catalog = app.catalog();
    let closing = match named {
        None => pay::declined(ctx, &catalog, payment)?,
        Some(named) => agreed(app, ctx, &catalog, payment, named).await?,
    };
    match app.store.commit(close(ctx, payment, closing)).await {
        Ok(_) => Ok(true),
        Err(CommitRefusal::Moved(_)) => Ok(false),
        Err(CommitRefusal::Ledger(refusal)) => {
            let failed = pay::failed(app, ctx, &catalog, payment, &refusal).await?;
            match app.store.commit(close(ctx, payment, failed)).await {
                Ok(_) => Ok(true),
                Err(CommitRefusal::Moved(_)) => Ok(false),
                Err(refusal) => Err(refusal.into()),
            }
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn agreed(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    payment: &Payment,
    named: &Digest,
) -> Result<Closing, Problem> {
    let merchant = merchant_of(payment).and_then(|id| catalog.merchant(id));
    let merchant = merchant.ok_or_else(|| Problem::new(code::MERCHANT_NOT_FOUND))?;
    merchant.charges(payment.payable.currency, ctx.now_ms)?;
    let token = ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
    let signed = match &ctx.step_up {
        Some(id) => Some(step_up::for_digest(app, ctx, id, named).await?),
        None => None,
    };
    let proof = signed.as_ref().map_or(PROOF, |signed| signed.proof.text.as_str());
    let evidence = SheetDoc::of(payment).agreed(named, proof, token, ctx.now_ms)?;
    let mut closing = pay::agreed(app, ctx, catalog, payment, evidence, signed.is_some()).await?;
    closing.changes.extend(signed.map(|signed| signed.change));
    Ok(closing)
}

/// The commit that ends it. There is no session that would hear.
fn close(ctx: &Ctx, payment: &Payment, closing: Closing) -> Commit {
    let audit = ctx.did(closing.action, format!("payment:{}", payment.id), json!({}));
    Commit { guards: closing.guards, changes: closing.changes, audit }
}
