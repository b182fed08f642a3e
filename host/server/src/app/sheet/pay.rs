//! The sheet of a payment.

use super::{App, Closing, Ctx, NEWEST, SheetBody};
use crate::app::catalog::Catalog;
use crate::app::session::TenderView;
use crate::app::{card, cash, held, me, payment as payments, tender};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::digest::Digest;
use xitai_model::ids::{PaymentId, RailId, TicketId};
use xitai_model::ledger::LedgerRefusal;
use xitai_model::payment::{Applied, Command, Evidence, Fees, Payment, SheetDoc, Status, apply};
use xitai_model::program::Outcome;
use xitai_model::risk::Verdict;
use xitai_model::session::{OpenSheet, Session};
use xitai_model::tender::Tender;

/// The session's own payment behind a ticket. Others' are not looked for, so that a forged ticket tells nothing.
pub(super) async fn of_ticket(app: &App, session: &Session, ticket: &TicketId) -> Result<Option<Payment>, Problem> {
    let Some(customer) = &session.opening.customer else { return Ok(None) };
    let (payments, _) = app.store.payments_of(customer, None, NEWEST).await?;
    Ok(payments.into_iter().find(|payment| payment.ticket == *ticket && payment.session == session.opening.id))
}

pub(super) async fn read(app: &App, id: &PaymentId) -> Result<Payment, Problem> {
    let payment = app.store.payment(id).await?;
    payment.ok_or_else(|| Problem::internal(format!("payment {id} of an open sheet is missing")))
}

pub(super) async fn body(app: &App, catalog: &Catalog, payment: &Payment) -> Result<SheetBody, Problem> {
    let offered = tender::offered(app, catalog, payment).await?;
    let chosen = tender::word(&payment.tender);
    Ok(SheetBody::Pay {
        tenders: offered.iter().map(|offered| TenderView::of(offered, &chosen)).collect(),
        payable: payment.payable,
        amount: payment.order.amount,
        discount: payment.discount,
        legs: me::legs(payment),
        lines: payment.order.lines.clone(),
        purpose: payment.order.purpose.clone(),
    })
}

/// The sheet as a document: everything that the customer sees, and what it is bound to.
pub(super) fn document(catalog: &Catalog, open: &OpenSheet, payment: &Payment) -> Result<SheetDoc, Problem> {
    let release = catalog.release(&payment.release);
    let release = release.ok_or_else(|| Problem::internal(format!("{} is not in the catalog", payment.release)))?;
    Ok(SheetDoc::of(payment, &release.package, &open.nonce))
}

pub(super) fn is_undecided(payment: &Payment) -> bool {
    matches!(payment.status, Status::Draft | Status::AwaitingConfirmation)
}

/// What the payment and the books become when the customer agrees: what the bank's limits and rules make of it.
/// `signed`: a passkey has signed the sheet.
pub(super) async fn agreed(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    payment: &Payment,
    evidence: Evidence,
    signed: bool,
) -> Result<Closing, Problem> {
    tender::check(ctx, &payment.tender)?;
    if payment.tender == Tender::Cash {
        return in_cash(app, ctx, catalog, payment, evidence);
    }
    let rail = carrier(app, ctx, payment).await?;
    let counted = payments::counted(app, catalog, payment, ctx.now_ms);
    let (hold, refusal) = match payments::assess(app, ctx, catalog, payment, signed).await? {
        Verdict::Allow => (None, None),
        Verdict::StepUp { rule } => {
            let sign = serde_json::json!({ "digest": evidence.digest });
            return Err(Problem::new(code::RISK_STEP_UP).because(rule).member("step_up", sign));
        }
        Verdict::Hold { people, rule, why } => (Some((people, rule, why)), None),
        Verdict::Deny { rule, why } => (None, Some((rule, why))),
    };
    if let Some((rule, why)) = refusal {
        let command = Command::Decline { code: Some(why.to_owned()), left: None };
        let why = serde_json::json!({ "payment": payment.id, "rule": rule, "code": why });
        payments::note(app, ctx, "risk.denied", format!("risk-rule:{rule}"), why).await?;
        return closing(ctx, catalog, payment, Some(command), Outcome::Failed);
    }
    let is_carried = rail.is_some() && !payment.practice;
    let command = Command::Confirm { evidence, counted, hold: hold.is_some(), rail };
    let Some((people, rule, why)) = hold else {
        if is_carried {
            let sent = closing(ctx, catalog, payment, Some(command), Outcome::Pending)?;
            return Ok(Closing { action: "payment.sent", ..sent });
        }
        return closing(ctx, catalog, payment, Some(command), Outcome::Agreed);
    };
    let mut closing = closing(ctx, catalog, payment, Some(command), Outcome::Pending)?;
    let next = closing.changes.iter().find_map(|change| match change {
        Change::Payment(next) => Some(next.clone()),
        _ => None,
    });
    if let Some(next) = next {
        closing.changes.push(Change::Matter(Box::new(held::held(app, ctx, &next, people, rule, why))));
    }
    Ok(closing)
}

/// The rail that carries the payment, if any. A card that was taken off meanwhile pays nothing.
async fn carrier(app: &App, ctx: &Ctx, payment: &Payment) -> Result<Option<RailId>, Problem> {
    let rail = app.rails.of(payment.tender.kind(), payment.payable.currency).cloned();
    if let Tender::Card(face) = &payment.tender {
        let bound = card::own(app, ctx).await?.iter().any(|card| card.matter.id == face.card);
        return if bound && rail.is_some() { Ok(rail) } else { Err(Problem::new(code::TENDER_UNKNOWN)) };
    }
    Ok(rail)
}

/// Cash is none of the bank's money: no limit counts it and no rule looks at it.
fn in_cash(app: &App, ctx: &Ctx, catalog: &Catalog, payment: &Payment, evidence: Evidence) -> Result<Closing, Problem> {
    if !tender::takes_cash(catalog, payment) {
        return Err(Problem::new(code::TENDER_CASH_NOT_TAKEN));
    }
    let command = Command::Confirm { evidence, counted: Vec::new(), hold: false, rail: None };
    let mut closing = closing(ctx, catalog, payment, Some(command), Outcome::Pending)?;
    closing.action = "payment.cash-promised";
    closing.changes.push(Change::Matter(Box::new(cash::due(app, ctx, payment))));
    Ok(closing)
}

pub(super) fn declined(ctx: &Ctx, catalog: &Catalog, payment: &Payment) -> Result<Closing, Problem> {
    closing(ctx, catalog, payment, Some(Command::Decline { code: None, left: None }), Outcome::Declined)
}

/// The ledger would not have it.
pub(super) async fn failed(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    payment: &Payment,
    refusal: &LedgerRefusal,
) -> Result<Closing, Problem> {
    let reached = match refusal {
        LedgerRefusal::CeilingReached(account) => {
            let counted = payments::counted(app, catalog, payment, ctx.now_ms);
            payments::reached(app, catalog, &counted, account).await?
        }
        _ => None,
    };
    let code = reached.as_ref().map_or(refusal.code().code, |reached| reached.code);
    let left = reached.as_ref().filter(|reached| reached.is_own).map(|reached| reached.left);
    let command = Command::Decline { code: Some(code.to_owned()), left };
    if let Some(reached) = reached {
        let why = serde_json::json!({ "payment": payment.id, "left": reached.left });
        payments::note(app, ctx, "limit.reached", format!("spending-limit:{}", reached.limit), why).await?;
    }
    closing(ctx, catalog, payment, Some(command), Outcome::Failed)
}

pub(super) fn expired(ctx: &Ctx, catalog: &Catalog, payment: &Payment) -> Result<Closing, Problem> {
    let command = is_undecided(payment).then_some(Command::Expire);
    closing(ctx, catalog, payment, command, Outcome::Expired)
}

/// A stop has come.
pub(super) fn stopped(ctx: &Ctx, catalog: &Catalog, payment: &Payment) -> Result<Closing, Problem> {
    let code = Some(code::PROGRAM_STOPPED.code.to_owned());
    let command = is_undecided(payment).then_some(Command::Decline { code: code.clone(), left: None });
    let closing = closing(ctx, catalog, payment, command, Outcome::Failed)?;
    Ok(Closing { text: code, ..closing })
}

fn closing(
    ctx: &Ctx,
    catalog: &Catalog,
    payment: &Payment,
    command: Option<Command>,
    outcome: Outcome,
) -> Result<Closing, Problem> {
    let mut closing = Closing {
        ticket: payment.ticket.clone(),
        outcome,
        text: None,
        guards: Vec::new(),
        changes: Vec::new(),
        action: action(outcome),
        proved_ms: None,
        about: ("payment", payment.id.to_string()),
    };
    if let Some(command) = command
        && let Applied::Moved(moved) = apply(payment, command, &payments::fees(catalog, payment), ctx.now_ms)?
    {
        let (guard, changes) = moved.into_commit();
        closing.guards.push(guard);
        closing.changes.extend(changes);
    }
    Ok(closing)
}

fn action(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Agreed => "payment.confirmed",
        Outcome::Declined => "payment.declined",
        Outcome::Expired => "payment.expired",
        Outcome::Pending => "payment.held",
        Outcome::Failed | Outcome::Other => "payment.failed",
    }
}

/// Whether the payment was decided in this very way before.
pub(super) fn was_decided(payment: &Payment, confirmed: Option<&Digest>) -> bool {
    match confirmed {
        Some(digest) => payment.evidence.as_ref().is_some_and(|evidence| evidence.digest == *digest),
        None => payment.status == Status::Declined && payment.decline_code.is_none(),
    }
}

/// A payment that a step shows was made by a rule that the sandbox knows: there is no key to repeat.
pub(super) fn show(payment: &Payment, now_ms: i64) -> Result<xitai_model::payment::Moved, Problem> {
    match apply(payment, Command::Show, &Fees::none(), now_ms)? {
        Applied::Moved(shown) => Ok(*shown),
        Applied::Already => Err(Problem::new(code::HOST_INTERNAL)),
    }
}
