//! What a lift sets free: listed before it, and done after it.
//!
//! Most goes on by itself with the stop's end: calls, mandates, the outbox, notices, settlements. Only payments that
//! were held have to be put on their way.

use super::sweep::may_cover;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::feedback::{Read, read};
use crate::app::publish::{commit, put};
use crate::app::{payment as payments, publish};
use crate::http::problem::Problem;
use serde::Serialize;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{BranchId, MatterId, MerchantId, ProgramId, StopId};
use xitai_model::incident::Counts;
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::limits::{STOP_LISTED_MAX, STOP_PAGE_MAX};
use xitai_model::matter::MatterKind;
use xitai_model::money::{Currency, Money};
use xitai_model::payment::{Applied, Command, Fees, apply};
use xitai_model::policy::Action;
use xitai_model::proposal::By;
use xitai_model::record::Noun;
use xitai_model::risk::{Held, released_with};
use xitai_model::stop::{self, HeldPayments, Payee, Stop};

/// What goes on once a stop is lifted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Restores {
    /// Payments that it holds, and the sum of each currency. Counted up to a limit.
    pub held: u64,
    pub held_sums: Vec<Money>,
    pub and_more: bool,
    /// Mandates that may be charged again, unless their customers have paused them.
    pub mandates: u64,
    /// Calls to partners and notices that wait to go out.
    pub calls: u64,
    pub notices: u64,
    /// What frozen payees are owed.
    pub frozen: Vec<Frozen>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frozen {
    /// Such as `merchant:tea-house`.
    pub payee: String,
    pub name: String,
    pub amount: Money,
}

/// Frozen payees that are listed by name.
const FROZEN_LISTED_MAX: usize = 100;

/// Lists it.
pub async fn restores(app: &App, ctx: &Ctx, stop: &Stop) -> Result<Restores, Problem> {
    let catalog = app.catalog();
    publish::may_for_bank(&catalog, ctx, Action::ReadStops)?;
    let mut told = Restores::default();
    for program in catalog.programs_met(&stop.target) {
        for (branch, kind, count) in app.store.matters_waiting(&program).await? {
            if !may_cover(&catalog, stop, &branch) {
                continue;
            }
            match kind {
                MatterKind::Mandate => told.mandates += count,
                MatterKind::PartnerCall => told.calls += count,
                MatterKind::Notice => told.notices += count,
                _ => {}
            }
        }
    }
    let (held, more) = held_by(app, stop, STOP_LISTED_MAX).await?;
    told.and_more = more;
    let mut sums = Counts::default();
    for held in held {
        told.held += 1;
        let Some(payment) = app.store.payment(&held.body.payment).await? else { continue };
        sums.add(payment.payable);
    }
    told.held_sums = sums.sums;
    for payee in stop.freezes.0.iter().take(FROZEN_LISTED_MAX) {
        told.frozen.extend(frozen(app, payee).await?);
    }
    Ok(told)
}

/// What a payee is owed, and what of it is set aside already, in each of its currencies.
async fn frozen(app: &App, payee: &Payee) -> Result<Vec<Frozen>, Problem> {
    let catalog = app.catalog();
    let (word, id, kinds, name): (_, _, &[AccountKind], _) = match payee {
        Payee::Merchant(id) => {
            let merchant = MerchantId::parse(id).ok().and_then(|id| catalog.merchant(&id).cloned());
            let name = merchant.map_or_else(|| id.clone(), |merchant| merchant.legal_name);
            ("merchant", id, &[AccountKind::Merchant, AccountKind::Settlement], name)
        }
        Payee::Branch(id) => ("branch", id, &[AccountKind::Branch], id.clone()),
    };
    let mut all = Vec::new();
    for currency in currencies(&catalog, payee) {
        let mut minor: i64 = 0;
        for kind in kinds {
            let account = AccountKey::new(*kind, id.clone(), currency);
            minor = minor.saturating_add(app.store.balances(&account).await?.posted());
        }
        if minor != 0 {
            let amount = Money::new(minor, currency);
            all.push(Frozen { payee: format!("{word}:{id}"), name: name.clone(), amount });
        }
    }
    Ok(all)
}

fn currencies(catalog: &crate::app::catalog::Catalog, payee: &Payee) -> std::collections::BTreeSet<Currency> {
    let merchant = match payee {
        Payee::Merchant(id) => MerchantId::parse(id).ok().and_then(|id| catalog.merchant(&id)),
        Payee::Branch(_) => None,
    };
    let contracts = merchant.into_iter().flat_map(|merchant| &merchant.contracts);
    contracts.flat_map(|contract| contract.terms.rates.keys().copied()).chain([Currency::CNY]).collect()
}

/// Where payments that a stop holds may be.
async fn held_in(app: &App, stop: &Stop) -> Result<Vec<(ProgramId, BranchId)>, Problem> {
    let catalog = app.catalog();
    let mut places = Vec::new();
    for program in catalog.programs_met(&stop.target) {
        let waiting = app.store.matters_waiting(&program).await?.into_iter();
        let held =
            waiting.filter(|(branch, kind, _)| *kind == MatterKind::HeldPayment && may_cover(&catalog, stop, branch));
        places.extend(held.map(|(branch, ..)| (program.clone(), branch)));
    }
    Ok(places)
}

/// A page of them, and whether there may be more after it.
async fn held_page(
    app: &App,
    stop: &Stop,
    (program, branch): &(ProgramId, BranchId),
    after: &mut Option<MatterId>,
) -> Result<(Vec<Read<Held>>, bool), Problem> {
    let kind = MatterKind::HeldPayment;
    let page = app.store.matters_open(program, kind, branch, after.as_ref(), STOP_PAGE_MAX).await?;
    *after = page.last().map(|last| last.id.clone());
    let more = page.len() == STOP_PAGE_MAX;
    let mut held = page.into_iter().map(read::<Held>).collect::<Result<Vec<_>, _>>()?;
    let rule = stop.rule();
    held.retain(|held| held.body.rule == rule);
    Ok((held, more))
}

/// Payments that a stop holds, up to so many, and whether there are more.
async fn held_by(app: &App, stop: &Stop, most: usize) -> Result<(Vec<Read<Held>>, bool), Problem> {
    let mut all = Vec::new();
    for place in held_in(app, stop).await? {
        let mut after = None;
        loop {
            let (page, more) = held_page(app, stop, &place, &mut after).await?;
            all.extend(page);
            if all.len() > most {
                all.truncate(most);
                return Ok((all, true));
            }
            if !more {
                break;
            }
        }
    }
    Ok((all, false))
}

/// Puts the payments of a lifted stop on their way, page by page.
pub(super) async fn go_on(app: &App, stop: &Stop) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let Some(lifted) = &stop.lifted else { return Ok(()) };
    let by: Vec<By> = lifted.proposed_by.iter().cloned().collect();
    let places = if lifted.held == HeldPayments::GoOn { held_in(app, stop).await? } else { Vec::new() };
    for place in places {
        let mut after = None;
        loop {
            let (page, more) = held_page(app, stop, &place, &mut after).await?;
            for one in page {
                // What can't go on stays in head office's list.
                if let Err(problem) = release(app, &ctx, &one, &by).await {
                    tracing::warn!(matter = %one.matter.id, %problem, "a held payment stays held");
                }
            }
            if !more {
                break;
            }
        }
    }
    note(app, &ctx, &stop.id, stop::Command::Restore, "stop.restored").await
}

/// Lets one go, unless another stop covers it or its time is over.
async fn release(app: &App, ctx: &Ctx, held: &Read<Held>, by: &[By]) -> Result<(), Problem> {
    let catalog = app.catalog();
    let Some(payment) = app.store.payment(&held.body.payment).await? else { return Ok(()) };
    let Some(release) = catalog.release(&payment.release) else { return Ok(()) };
    let scope = catalog.stop_scope(release, &payment.branch);
    if catalog.stop_covering(&scope).is_some() {
        return Ok(());
    }
    let Applied::Moved(moved) = apply(&payment, Command::Release, &Fees::none(), ctx.now_ms)? else {
        return Ok(());
    };
    let matter = held.matter.moved(&released_with(&held.body, by, ctx.now_ms)?, ctx.now_ms);
    let told = payments::told(app, &moved.payment).await?;
    let (guard, mut changes) = moved.into_commit();
    let at = Guard::MatterAt { matter: matter.id.clone(), revision: held.matter.revision };
    let guards = vec![guard, at, Guard::Running { generation: catalog.generation, scope }];
    changes.push(Change::Matter(Box::new(matter)));
    changes.extend(told);
    let subject = format!("payment:{}", payment.id);
    match commit(app, ctx, guards, changes, "payment.released", &subject, json!({})).await {
        Ok(()) | Err(CommitRefusal::Moved(_) | CommitRefusal::Stopped(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Writes down how far the job is. Where another host was first, or somebody lifted the stop meanwhile, it is looked at
/// again.
pub(super) async fn note(
    app: &App,
    ctx: &Ctx,
    id: &StopId,
    command: stop::Command,
    action: &str,
) -> Result<(), Problem> {
    let catalog = app.refresh_catalog().await?;
    let Some(stop) = catalog.stops.get(id).map(|kept| &kept.value) else { return Ok(()) };
    let next = match stop::apply(stop, command, ctx.now_ms) {
        Ok(next) => next,
        Err(refusal) if refusal.code == code::STOP_STATE.code => return Ok(()),
        Err(refusal) => return Err(refusal.into()),
    };
    let (guard, change) = put(&catalog, Noun::Stop, id.as_str(), &next)?;
    let detail = json!({ "stop": id, "swept": next.swept });
    match commit(app, ctx, vec![guard], vec![change], action, &next.target.name(), detail).await {
        Ok(()) | Err(CommitRefusal::Moved(_)) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    app.refresh_catalog().await.map(|_| ())
}
