//! Money without a payment: what programs paid out to the customer, envelopes that they gave, shares that they took, and
//! the budgets of programs.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::me::customer_id;
use super::merchant::{Spender, spender};
use super::publish::may;
use super::{step_up, webhook};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::audit::AuditEvent;
use xitai_model::campaign::Funder;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::envelope::{self, Envelope, State, Taken};
use xitai_model::ids::{BranchId, CustomerId, MatterId, ProgramId};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::money::{Currency, Money};
use xitai_model::payout::{Funding, Hand, Payout, REASON, budget, check_amount, funded};
use xitai_model::policy::{Action, Resource};
use xitai_model::program::Event;
use xitai_store::MatterPage;

/// Matters of one page, and envelopes of one turn of the job.
pub const PAGE: usize = 50;
const DUE_MAX: usize = 50;

/// Money that came to the customer.
#[derive(Debug, Clone)]
pub struct Received {
    pub id: MatterId,
    pub program: Option<ProgramId>,
    pub amount: Money,
    /// Of a payout; absent for a share of an envelope.
    pub reason: Option<String>,
    pub at_ms: i64,
    /// Whether it came back to the program: the rail of the account would not have it.
    pub returned: bool,
}

/// An envelope of the customer's own.
#[derive(Debug, Clone)]
pub struct Given {
    pub id: MatterId,
    pub program: Option<ProgramId>,
    pub envelope: Envelope,
    pub taken: usize,
    pub at_ms: i64,
}

async fn page(app: &App, ctx: &Ctx, kind: MatterKind, after: Option<&str>) -> Result<MatterPage, Problem> {
    Ok(app.store.matters_of(kind, customer_id(ctx)?, None, after, PAGE).await?)
}

/// Payouts to the customer, newest first.
pub async fn payouts(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Received>, Option<String>), Problem> {
    let (matters, next) = page(app, ctx, MatterKind::Payout, after).await?;
    let mut all = Vec::with_capacity(matters.len());
    for matter in matters {
        let payout: Payout = matter.read().map_err(Problem::internal)?;
        let reason = matter.unsealed(REASON);
        all.push(Received {
            amount: payout.amount,
            reason,
            at_ms: matter.made_ms,
            returned: payout.returned_ms.is_some(),
            program: matter.program,
            id: matter.id,
        });
    }
    Ok((all, next))
}

/// Shares of envelopes that the customer took, newest first.
pub async fn takes(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Received>, Option<String>), Problem> {
    let (matters, next) = page(app, ctx, MatterKind::EnvelopeTake, after).await?;
    let mut all = Vec::with_capacity(matters.len());
    for matter in matters {
        let taken: Taken = matter.read().map_err(Problem::internal)?;
        let (id, program) = (matter.id, matter.program);
        all.push(Received { id, program, amount: taken.amount, reason: None, at_ms: matter.made_ms, returned: false });
    }
    Ok((all, next))
}

/// Envelopes that the customer paid for, newest first.
pub async fn envelopes(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Given>, Option<String>), Problem> {
    let (matters, next) = page(app, ctx, MatterKind::Envelope, after).await?;
    let mut all = Vec::with_capacity(matters.len());
    for matter in matters {
        let envelope: Envelope = matter.read().map_err(Problem::internal)?;
        if matches!(envelope.state, State::Open | State::Over) {
            let about = envelope::about(&matter.id);
            let most = envelope.shares.len();
            let taken = app.store.matters_about(MatterKind::EnvelopeTake, &about, None, most).await?.0.len();
            all.push(Given { id: matter.id, program: matter.program, envelope, taken, at_ms: matter.made_ms });
        }
    }
    Ok((all, next))
}

/// Whether money of the customer's lies in an envelope that is open.
pub async fn has_open(app: &App, customer: &CustomerId) -> Result<bool, Problem> {
    let mut after: Option<String> = None;
    loop {
        let found = app.store.matters_of(MatterKind::Envelope, customer, None, after.as_deref(), PAGE).await?;
        for matter in found.0 {
            let envelope: Envelope = matter.read().map_err(Problem::internal)?;
            if envelope.state == State::Open {
                return Ok(true);
            }
        }
        match found.1 {
            Some(next) => after = Some(next),
            None => return Ok(false),
        }
    }
}

async fn commit(
    app: &App,
    ctx: &Ctx,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &str,
    subject: String,
    detail: Value,
) -> Result<(), CommitRefusal> {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject,
        detail,
        request: Some(ctx.request_id.clone()),
    };
    app.store.commit(Commit { guards, changes, audit }).await.map(|_| ())
}

/// Gives back what nobody took out of envelopes whose time is over.
pub async fn give_back_due(app: &App) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for matter in app.store.matters_due(MatterKind::Envelope, ctx.now_ms, DUE_MAX).await? {
        give_back(app, &ctx, &matter).await?;
    }
    Ok(())
}

/// Gives back what nobody took out of an open envelope. One that waits for its sheet is the tickets' affair.
pub async fn give_back(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let envelope: Envelope = matter.read().map_err(Problem::internal)?;
    let Some(giver) = matter.customer.as_ref().filter(|_| envelope.state == State::Open) else { return Ok(()) };
    let mut left = Vec::with_capacity(envelope.shares.len());
    for slot in 0..envelope.shares.len() {
        let account = envelope::slot(&matter.id, slot, envelope.total.currency);
        left.push(app.store.balances(&account).await?.posted());
    }
    let chain = envelope::returned(&matter.id, &envelope, &left, giver);
    let over = Envelope { state: State::Over, ..envelope.clone() };
    let mut changes = vec![Change::Matter(Box::new(matter.moved(&over, ctx.now_ms)))];
    if !chain.is_empty() {
        changes.push(Change::Transfers { chain, holds_of: None });
    }
    if let Some(session) = &matter.session
        && webhook::hears(app, session).await?
    {
        let event = Event::Changed { id: matter.id.to_string() };
        let coalesce = Some(format!("changed:{}", matter.id));
        changes.push(Change::Inbox { session: session.clone(), event, coalesce, at_ms: ctx.now_ms });
    }
    let guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision }];
    match commit(app, ctx, guards, changes, "envelope.over", format!("envelope:{}", matter.id), json!({})).await {
        // Somebody took a share in the last moment, or another host was there first: the next turn looks again.
        Ok(()) | Err(CommitRefusal::Moved(_) | CommitRefusal::Ledger(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What is put into a program's budget in a branch, or taken out of it.
#[derive(Debug, Clone)]
pub struct Move {
    pub program: ProgramId,
    pub branch: BranchId,
    pub funder: Funder,
    pub amount: Money,
    pub out: bool,
    /// The same move sent twice under one key is one.
    pub key: String,
}

/// A budget and how it came to be.
#[derive(Debug, Clone)]
pub struct Budget {
    pub left: Money,
    /// Newest first.
    pub moves: Vec<(Funding, i64)>,
}

/// Whose money it is: a merchant's, by its own people or its publisher's; the branch's, by its.
fn funder(catalog: &Catalog, ctx: &Ctx, asked: &Move) -> Result<Spender, Problem> {
    let refused = || Problem::new(code::BUDGET_FUNDER);
    match &asked.funder {
        Funder::Merchant(id) => {
            let merchant = catalog.merchant(id).ok_or_else(refused)?;
            let by = spender(catalog, ctx, merchant, Action::FundProgram)?;
            let program = catalog.program(&asked.program).ok_or_else(refused)?;
            let own = merchant.publisher.as_ref() == Some(&program.publisher);
            // What lies in somebody else's program may be somebody else's: one may give to it, and take nothing out.
            let gives = merchant.publisher.is_none() && !asked.out;
            if own || gives { Ok(by) } else { Err(refused()) }
        }
        Funder::Branch(id) if *id == asked.branch => {
            let of = Resource { place: Some(id), ..Resource::default() };
            may(catalog, ctx, Action::FundProgram, of).map(Spender::of)
        }
        Funder::Branch(_) | Funder::HeadOffice => Err(refused()),
    }
}

/// What moving it is, in the words that are signed.
pub fn move_subject(asked: &Move) -> String {
    let way = if asked.out { "out of" } else { "into" };
    format!("{} {way} {} {} from {}", asked.amount, asked.program, asked.branch, asked.funder)
}

/// Fills a budget, or takes out of it.
pub async fn fund(app: &App, ctx: &Ctx, asked: Move) -> Result<Budget, Problem> {
    let catalog = app.refresh_catalog().await?;
    if catalog.program(&asked.program).is_none() || !catalog.branches().any(|place| place.id == asked.branch) {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    let by = funder(&catalog, ctx, &asked)?;
    check_amount(asked.amount)?;
    let (funder, by) = (asked.funder.clone(), Hand::from(by.who));
    let funding = Funding { funder, amount: asked.amount, out: asked.out, by };
    let plain: String = asked.key.chars().filter(|c| !c.is_control()).take(64).collect();
    if plain.is_empty() {
        return Err(Problem::malformed("key: say one"));
    }
    let key = MatterKey {
        kind: MatterKind::Funding,
        program: Some(asked.program.clone()),
        owner: asked.branch.to_string(),
        key: plain,
    };
    if let Some(before) = app.store.matter_by_key(&key).await? {
        let before: Funding = before.read().map_err(Problem::internal)?;
        let same = (&before.funder, before.amount, before.out) == (&funding.funder, funding.amount, funding.out);
        return if same {
            view(app, &asked.program, &asked.branch).await
        } else {
            Err(Problem::new(code::PAYOUT_KEY_DIFFERS))
        };
    }
    let proof = step_up::presence(app, ctx, Action::FundProgram, &move_subject(&asked)).await?;
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, Some(asked.program.clone()), asked.branch.clone(), None, &funding, ctx.now_ms);
    matter.key = Some(key.key.clone());
    let chain = funded(&asked.program, &asked.branch, &funding);
    let mut detail = json!({ "funder": funding.funder, "amount": funding.amount, "out": funding.out });
    let mut changes = vec![Change::Matter(Box::new(matter)), Change::Transfers { chain, holds_of: None }];
    step_up::keep(proof, &mut changes, &mut detail);
    let subject = format!("budget:{}:{}", asked.program, asked.branch);
    match commit(app, ctx, vec![Guard::MatterKeyFree(key)], changes, "budget.moved", subject, detail).await {
        Ok(()) => view(app, &asked.program, &asked.branch).await,
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(CommitRefusal::Ledger(refusal)) => Err(Problem::new(refusal.code())),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn view(app: &App, program: &ProgramId, branch: &BranchId) -> Result<Budget, Problem> {
    let left = app.store.balances(&budget(program, branch, Currency::CNY)).await?.available();
    let (matters, _) = app.store.matters_in(MatterKind::Funding, Some(program), branch, None, PAGE).await?;
    let mut moves = Vec::with_capacity(matters.len());
    for matter in matters {
        moves.push((matter.read().map_err(Problem::internal)?, matter.made_ms));
    }
    Ok(Budget { left: Money::new(left, Currency::CNY), moves })
}

/// A program's budget, for its publisher and for the branch's people.
pub async fn budget_of(app: &App, ctx: &Ctx, program: &ProgramId, branch: &BranchId) -> Result<Budget, Problem> {
    let catalog = app.catalog();
    let found = catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let publisher = Resource { publisher: Some(&found.publisher), ..Resource::default() };
    let place = Resource { place: Some(branch), ..Resource::default() };
    let own = ctx.staff().is_some_and(|staff| staff.publisher.as_ref() == Some(&found.publisher));
    let reads = may(&catalog, ctx, Action::ReadCampaigns, place).is_ok()
        || own && may(&catalog, ctx, Action::ReadCampaigns, publisher).is_ok();
    if !reads {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    view(app, program, branch).await
}
