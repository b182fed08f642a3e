//! Disputes: opened from the receipt, answered by the merchant, decided by head office. What goes back is a refund like
//! any other, in the same commit as the decision.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::me::customer_id;
use super::merchant;
use super::publish::{may, may_for_bank};
use super::{payment, signing, step_up};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::dispute::{self, Command, Dispute, Reason, Said, THREAD};
use xitai_model::ids::{MatterId, MerchantId, PaymentId, SessionId, StaffId};
use xitai_model::journal::Entry;
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::merchant::{PersonRole, advance};
use xitai_model::money::Money;
use xitai_model::payment::{self as payments, Applied, Payment, apply};
use xitai_model::policy::{Action, Resource};
use xitai_model::proof::SignedDocument;
use xitai_store::StoreError;

/// Disputes of one page.
pub const PAGE: usize = 100;
/// Pages of the bank's disputes that are looked through for a branch's.
const PAGES_MAX: usize = 10;
/// Steps of a session that are evidence: from the tap that armed the money on.
const EVIDENCE_STEPS: usize = 200;

fn not_found() -> Problem {
    Problem::new(code::DISPUTE_NOT_FOUND)
}

/// What was said, in order. Empty once the customer was erased.
pub fn thread(matter: &Matter) -> Vec<Said> {
    matter.unsealed(THREAD).unwrap_or_default()
}

/// What disputes of a merchant are found by.
fn about(merchant: &MerchantId) -> String {
    format!("merchant/{merchant}")
}

/// Opens the dispute of a payment. There is one for each payment, for ever: asked for again it is the same.
pub async fn open(app: &App, ctx: &Ctx, id: &PaymentId, reason: Reason, text: &str) -> Result<Read<Dispute>, Problem> {
    let who = ctx.customer().ok_or_else(|| Problem::new(code::DISPUTE_NOT_CUSTOMER))?;
    let payment = app.store.payment(id).await?.ok_or_else(|| Problem::new(code::PAYMENT_NOT_FOUND))?;
    if payment.customer != who.id {
        return Err(Problem::new(code::PAYMENT_NOT_FOUND));
    }
    let key = key(&payment);
    if let Some(there) = app.store.matter_by_key(&key).await? {
        return read(there);
    }
    let at_stake = dispute::may_open(&payment, &who.id, ctx.now_ms)?;
    let text = dispute::words(text)?;
    let body = Dispute::open(&payment, reason, at_stake, ctx.now_ms);
    let made = MatterId::new(ctx.now_ms, app.clock.random());
    let (program, branch) = (Some(payment.program.clone()), payment.branch.clone());
    let mut matter = Matter::new(made, program, branch, Some(who.id.clone()), &body, ctx.now_ms);
    matter.key = Some(key.key.clone());
    matter.about = body.merchant.as_ref().map(about);
    let by = dispute::Side::Customer;
    matter.seal(THREAD, &vec![Said { at_ms: ctx.now_ms, by, text }]);
    let detail = json!({ "payment": payment.id, "reason": reason });
    match keep(app, ctx, &matter, Vec::new(), Vec::new(), "dispute.opened", detail).await {
        // The same form, sent twice at once.
        Err(problem) if problem.code == code::REQUEST_CONFLICT => {
            let there = app.store.matter_by_key(&key).await?;
            read(there.ok_or(problem)?)
        }
        done => done.map(|()| Read { matter, body }),
    }
}

fn key(payment: &Payment) -> MatterKey {
    let (program, owner) = (Some(payment.program.clone()), payment.customer.to_string());
    MatterKey { kind: MatterKind::Dispute, program, owner, key: payment.id.to_string() }
}

/// The dispute of a payment, where its customer has opened one.
pub async fn of_payment(app: &App, payment: &Payment) -> Result<Option<Read<Dispute>>, Problem> {
    app.store.matter_by_key(&key(payment)).await?.map(read).transpose()
}

/// How somebody stands to a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Customer,
    Merchant,
    /// Answers for the branch, or for a merchant that has nobody.
    Branch,
    HeadOffice,
}

fn stands(app: &App, ctx: &Ctx, found: &Read<Dispute>) -> Option<Stands> {
    let catalog = app.catalog();
    if customer_id(ctx).is_ok_and(|own| found.matter.customer.as_ref() == Some(own)) {
        return Some(Stands::Customer);
    }
    if may_for_bank(&catalog, ctx, Action::ReadDisputes).is_ok() {
        return Some(Stands::HeadOffice);
    }
    let of = found.body.merchant.as_ref().and_then(|id| catalog.merchant(id));
    if of.and_then(|of| merchant::role(ctx, of)) == Some(PersonRole::Owner) {
        return Some(Stands::Merchant);
    }
    let of_place = Resource { place: Some(&found.matter.branch), ..Resource::default() };
    may(&catalog, ctx, Action::ReadDisputes, of_place).ok().map(|_| Stands::Branch)
}

async fn find(app: &App, id: &MatterId) -> Result<Read<Dispute>, Problem> {
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Dispute);
    read(found.ok_or_else(not_found)?)
}

/// One, for those whom it is about.
pub async fn view(app: &App, ctx: &Ctx, id: &MatterId) -> Result<(Read<Dispute>, Stands), Problem> {
    let found = find(app, id).await?;
    let stands = stands(app, ctx, &found).ok_or_else(not_found)?;
    Ok((found, stands))
}

/// The caller's own, newest first.
pub async fn own(app: &App, ctx: &Ctx) -> Result<Vec<Read<Dispute>>, Problem> {
    let (page, _) = app.store.matters_of(MatterKind::Dispute, customer_id(ctx)?, None, None, PAGE).await?;
    page.into_iter().map(read).collect()
}

/// A merchant's, newest first, for its owners.
pub async fn of_merchant(app: &App, ctx: &Ctx, id: &MerchantId) -> Result<Vec<Read<Dispute>>, Problem> {
    let catalog = app.catalog();
    let of = catalog.merchant(id).filter(|of| merchant::role(ctx, of) == Some(PersonRole::Owner));
    of.ok_or_else(|| Problem::new(code::MERCHANT_NOT_FOUND))?;
    let (page, _) = app.store.matters_about(MatterKind::Dispute, &about(id), None, PAGE).await?;
    page.into_iter().map(read).collect()
}

/// For head office all of them; for a branch or a region those of its customers. Newest first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<Read<Dispute>>, Problem> {
    let catalog = app.catalog();
    let reads = |matter: &Matter| {
        let of_place = Resource { place: Some(&matter.branch), ..Resource::default() };
        may(&catalog, ctx, Action::ReadDisputes, of_place).is_ok()
    };
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..PAGES_MAX {
        let (page, next) = app.store.matters(MatterKind::Dispute, after.as_deref(), PAGE).await?;
        found.extend(page.into_iter().filter(reads));
        after = next;
        if after.is_none() || found.len() >= PAGE {
            break;
        }
    }
    found.into_iter().map(read).collect()
}

/// The merchant's answer, by its own people or by the branch for it.
pub async fn answer(app: &App, ctx: &Ctx, id: &MatterId, agrees: bool, text: String) -> Result<Read<Dispute>, Problem> {
    let (found, stands) = view(app, ctx, id).await?;
    let staff: Option<StaffId> = ctx.staff().map(|staff| staff.id.clone());
    match stands {
        Stands::Merchant => {}
        Stands::Branch => {
            let of_place = Resource { place: Some(&found.matter.branch), ..Resource::default() };
            may(&app.catalog(), ctx, Action::AnswerDisputes, of_place)?;
        }
        Stands::Customer | Stands::HeadOffice => return Err(Problem::new(code::AUTH_FORBIDDEN)),
    }
    step(app, ctx, found, Command::Answer { agrees, text, staff }, "dispute.answered").await
}

/// The customer says more.
pub async fn say(app: &App, ctx: &Ctx, id: &MatterId, text: String) -> Result<Read<Dispute>, Problem> {
    let found = of_customer(app, ctx, id).await?;
    step(app, ctx, found, Command::Say { text }, "dispute.said").await
}

/// The customer takes it back.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Dispute>, Problem> {
    let found = of_customer(app, ctx, id).await?;
    step(app, ctx, found, Command::Withdraw, "dispute.withdrawn").await
}

async fn of_customer(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Dispute>, Problem> {
    let (found, stands) = view(app, ctx, id).await?;
    if stands == Stands::Customer { Ok(found) } else { Err(Problem::new(code::DISPUTE_NOT_CUSTOMER)) }
}

pub(crate) async fn step(
    app: &App,
    ctx: &Ctx,
    found: Read<Dispute>,
    command: Command,
    action: &str,
) -> Result<Read<Dispute>, Problem> {
    let (body, said) = dispute::apply(&found.body, command, ctx.now_ms)?;
    let matter = moved(&found, &body, said, ctx.now_ms);
    keep(app, ctx, &matter, Vec::new(), Vec::new(), action, json!({ "state": body.state })).await?;
    Ok(Read { matter, body })
}

fn moved(found: &Read<Dispute>, body: &Dispute, said: Option<Said>, now_ms: i64) -> Matter {
    let mut matter = found.matter.moved(body, now_ms);
    // After an erasure nothing is left to be added to.
    if let Some(said) = said.filter(|_| found.matter.sealed.is_some()) {
        let mut all = thread(&found.matter);
        all.push(said);
        matter.seal(THREAD, &all);
    }
    matter
}

/// A decision, in the words that are signed.
pub fn subject(id: &str, refund: Option<Money>) -> String {
    match refund {
        Some(refund) => format!("refund {refund} {id}"),
        None => format!("reject {id}"),
    }
}

/// Head office decides. A refund goes back to the customer pro rata over all who were paid, as any refund does, and
/// serves once: its key is the dispute's.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    id: &MatterId,
    refund: Option<Money>,
    text: String,
) -> Result<Read<Dispute>, Problem> {
    let catalog = app.catalog();
    let staff = may_for_bank(&catalog, ctx, Action::DecideDisputes)?.id.clone();
    let found = find(app, id).await?;
    let proof = step_up::presence(app, ctx, Action::DecideDisputes, &subject(id.as_str(), refund)).await?;
    let (body, said) = dispute::apply(&found.body, Command::Decide { refund, text, staff }, ctx.now_ms)?;
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    let body = body.proved(step_up::apart(proof, &mut changes));
    let matter = moved(&found, &body, said, ctx.now_ms);
    if let Some(amount) = refund {
        let paid = app.store.payment(&body.payment).await?.ok_or_else(not_found)?;
        let (reason, key) = (format!("dispute {id}"), format!("dispute:{id}"));
        let command = payments::Command::Refund { amount, reason, key };
        if let Applied::Moved(mut moved) = apply(&paid, command, &payment::fees(&catalog, &paid), ctx.now_ms)? {
            moved.chain = payment::advance(app, &catalog, moved.chain, ctx.now_ms).await?;
            changes.extend(payment::told(app, &moved.payment).await?);
            let (guard, moves) = moved.into_commit();
            guards.push(guard);
            changes.extend(moves);
        }
    }
    let detail = json!({ "state": body.state, "payment": body.payment, "refund": refund });
    let actor = refund.map(|_| step_up::HEAD_OFFICE);
    keep_as(app, ctx, actor, &matter, guards, changes, "dispute.decided", detail).await?;
    Ok(Read { matter, body })
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    matter: &Matter,
    guards: Vec<Guard>,
    more: Vec<Change>,
    action: &str,
    detail: Value,
) -> Result<(), Problem> {
    keep_as(app, ctx, None, matter, guards, more, action, detail).await
}

/// The same in the name of another than the caller.
#[expect(clippy::too_many_arguments, reason = "each is a thing of its own: who, what moves, what is said of it")]
async fn keep_as(
    app: &App,
    ctx: &Ctx,
    actor: Option<&str>,
    matter: &Matter,
    mut guards: Vec<Guard>,
    more: Vec<Change>,
    action: &str,
    detail: Value,
) -> Result<(), Problem> {
    guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 });
    if let (1, Some(key)) = (matter.revision, matter.keyed()) {
        guards.push(Guard::MatterKeyFree(key));
    }
    let mut changes = vec![Change::Matter(Box::new(matter.clone()))];
    changes.extend(more);
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: actor.map_or_else(|| ctx.actor.audit_name(), str::to_owned),
        action: action.to_owned(),
        subject: format!("dispute:{}", matter.id),
        detail,
        request: Some(ctx.request_id.clone()),
    };
    match app.store.commit(Commit { guards, changes, audit }).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(CommitRefusal::Ledger(refusal)) => {
            Err(Problem::new(advance::refused(&refusal, code::PAYMENT_REFUND_UNFUNDED)))
        }
        done => Ok(done.map(|_| ())?),
    }
}

/// What there is about a disputed payment.
pub struct Bundle {
    pub receipt: SignedDocument,
    pub sheet: Value,
    pub session: SessionId,
    pub steps: Vec<Value>,
}

/// What there is about the payment, for those who decide and for the customer: the signed receipt, exactly what was
/// shown and how presence was proved, and what happened in the session from the tap on.
pub async fn evidence(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Bundle, Problem> {
    let (found, stands) = view(app, ctx, id).await?;
    if !matches!(stands, Stands::HeadOffice | Stands::Customer) {
        return Err(Problem::new(code::AUTH_FORBIDDEN));
    }
    let payment = app.store.payment(&found.body.payment).await?.ok_or_else(not_found)?;
    let receipt = signing::receipt_of(app, &payment.id).await?;
    let from = payment.armed_chain.unwrap_or(1);
    let steps = match app.store.steps(&payment.session, from, EVIDENCE_STEPS).await {
        Ok(steps) => steps,
        // The customer was erased: what they did can't be read any more.
        Err(StoreError::Withheld) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let steps: Vec<Value> = steps
        .iter()
        .map(|step| {
            let what = match &step.body.entry {
                Entry::Opened { .. } => json!({ "opened": true }),
                Entry::Event { event } => json!({ "event": event }),
                Entry::Sheet { ticket, outcome } => json!({ "sheet": ticket, "outcome": outcome }),
            };
            let digest = step.step_digest.as_ref().map(ToString::to_string);
            json!({ "position": step.position, "at_ms": step.at_ms, "release": step.release, "what": what,
                    "screen": step.body.screen.title, "digest": digest })
        })
        .collect();
    let shown = payment.evidence.as_ref();
    let sheet = shown.map(
        |it| json!({ "digest": it.digest, "shown": it.shown, "confirmed_ms": it.confirmed_ms, "presence": it.proof }),
    );
    Ok(Bundle { receipt, sheet: json!(sheet), session: payment.session, steps })
}
