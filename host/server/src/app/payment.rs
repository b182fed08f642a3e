//! Payments as the bank handles them outside of any program: what merchants are charged, and what becomes of a
//! customer's confirmation under the bank's limits and rules.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::identity::{has_passkey, who};
use crate::http::problem::Problem;
use crate::zone::Zone;
use std::collections::BTreeMap;
use std::convert::Infallible;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit};
use xitai_model::identity::Level;
use xitai_model::ids::MerchantId;
use xitai_model::ledger::{AccountKey, AccountKind, Transfer};
use xitai_model::merchant::advance;
use xitai_model::money::Money;
use xitai_model::payment::{Counted, Fees, Payment};
use xitai_model::refusal::Refusal;
use xitai_model::risk::{self, Moves, Verdict};
use xitai_model::spending::{self, Most, Of, When};
use xitai_store::StoreError;

/// A customer's newest payments, among which it is looked whom they have paid before.
const PAID_BEFORE: usize = 200;

/// The prices that a payment's merchants are charged, by the contracts that it names.
pub fn fees(catalog: &Catalog, payment: &Payment) -> Fees {
    let Ok(fees) = Fees::of(payment, |id| Ok::<_, Infallible>(catalog.merchant(id).cloned()));
    fees
}

/// Has the bank advance what the merchants of a refund lack, as far as their contracts go.
pub async fn advance(
    app: &App,
    catalog: &Catalog,
    chain: Vec<Transfer>,
    now_ms: i64,
) -> Result<Vec<Transfer>, Problem> {
    let mut available = BTreeMap::new();
    for account in chain.iter().map(|transfer| &transfer.debit).filter(|it| it.kind == AccountKind::Merchant) {
        available.insert(account.clone(), app.store.balances(account).await?.available());
    }
    let may_owe = |id: &MerchantId, currency| Ok(catalog.merchant(id).map_or(0, |it| it.may_owe(currency, now_ms)));
    let Ok(chain) = advance::covered(
        chain,
        |account| Ok::<_, Infallible>(available.get(account).copied().unwrap_or_default()),
        may_owe,
    );
    Ok(chain)
}

/// Which day and hour it is at the bank.
fn when(zone: Zone, now_ms: i64) -> When {
    When { day: zone.day(now_ms), hour: u8::try_from(zone.civil(now_ms).hour()).unwrap_or_default() }
}

/// What a confirmation takes of the limits that hold now.
pub fn counted(app: &App, catalog: &Catalog, payment: &Payment, now_ms: i64) -> Vec<Counted> {
    counted_in(catalog, app.config.zone, payment, now_ms)
}
/// The same by the bank's zone.
pub fn counted_in(catalog: &Catalog, zone: Zone, payment: &Payment, now_ms: i64) -> Vec<Counted> {
    spending::counted(catalog.limits(), payment, &when(zone, now_ms))
}

/// What becomes of a confirmation. `signed`: a passkey has signed the very sheet.
pub async fn assess(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    payment: &Payment,
    signed: bool,
) -> Result<Verdict, Problem> {
    if payment.practice || catalog.risk_rules.is_empty() {
        return Ok(Verdict::Allow);
    }
    let mut facts = risk::Facts {
        moves: Moves::Sale,
        payment,
        amount: payment.payable,
        hour: when(app.config.zone, ctx.now_ms).hour,
        level: ctx.customer().map(|customer| customer.level),
        new_payee: risk::asks_payees(catalog.risk_rules()) && is_new_payee(app, payment).await?,
        proved_ago_ms: ctx.now_ms - ctx.proved_ms,
        has_passkey: true,
        signed,
    };
    let with = risk::assess(catalog.risk_rules(), &facts);
    facts.has_passkey = false;
    let without = risk::assess(catalog.risk_rules(), &facts);
    // It is looked up only where it makes a difference: nearly never.
    if with == without || has_passkey(app, &who(ctx)?).await? { Ok(with) } else { Ok(without) }
}

/// Whether the rules forbid what a merchant does with a payment. Nobody sits at a sheet then, so that it is let go or
/// refused.
pub fn refused(
    catalog: &Catalog,
    zone: Zone,
    moves: Moves,
    payment: &Payment,
    amount: Money,
    now_ms: i64,
) -> Option<Refusal> {
    let facts = unattended(zone, moves, payment, amount, now_ms);
    match risk::assess(catalog.risk_rules(), &facts) {
        Verdict::Deny { rule, why } => code::find(why).map(|code| Refusal::of(code, rule)),
        _ => None,
    }
}

/// What is known of a movement at which nobody sits.
fn unattended(zone: Zone, moves: Moves, payment: &Payment, amount: Money, now_ms: i64) -> risk::Facts<'_> {
    risk::Facts {
        moves,
        payment,
        amount,
        hour: when(zone, now_ms).hour,
        level: None,
        new_payee: false,
        proved_ago_ms: i64::MAX,
        has_passkey: false,
        signed: false,
    }
}

/// What becomes of a payment that its customer let the bank make without being asked: nothing but a plain yes will do.
pub async fn goes_unasked(app: &App, payment: &Payment, level: Level, now_ms: i64) -> Result<bool, Problem> {
    let catalog = app.catalog();
    let mut facts = unattended(app.config.zone, Moves::Sale, payment, payment.payable, now_ms);
    facts.level = Some(level);
    // Whoever might be asked for a passkey is asked: that needs the sheet.
    facts.has_passkey = true;
    facts.new_payee = risk::asks_payees(catalog.risk_rules()) && is_new_payee(app, payment).await?;
    Ok(risk::assess(catalog.risk_rules(), &facts) == Verdict::Allow)
}

/// Whether one of the payees was never paid by this customer, as far back as it is looked.
async fn is_new_payee(app: &App, payment: &Payment) -> Result<bool, Problem> {
    let (before, _) = app.store.payments_of(&payment.customer, None, PAID_BEFORE).await?;
    let paid = before.iter().filter(|before| before.captured.minor > 0);
    let known: Vec<_> = paid.flat_map(|before| before.legs.iter().map(|leg| &leg.payee)).collect();
    Ok(payment.legs.iter().any(|leg| !known.contains(&&leg.payee)))
}

/// A limit that a payment would have gone past.
pub struct Reached {
    pub limit: String,
    pub code: &'static str,
    /// What is left of it. The customer is told where it is their own; of anybody else's takings they learn nothing.
    pub left: Money,
    pub is_own: bool,
}

/// Which limit an account stands for, and what is left of it now.
pub async fn reached(
    app: &App,
    catalog: &Catalog,
    counted: &[Counted],
    account: &AccountKey,
) -> Result<Option<Reached>, Problem> {
    let Some(over) = counted.iter().find(|counted| counted.claim.account == *account) else { return Ok(None) };
    let rule = catalog.spending_limits.get(&over.claim.limit);
    let Some(limit) = rule.and_then(|kept| kept.value.live.as_ref()) else { return Ok(None) };
    let filled = app.store.balances(account).await?.filled();
    let left = i64::try_from(i128::from(over.ceiling) - filled).unwrap_or_default().max(0);
    Ok(Some(Reached {
        limit: over.claim.limit.clone(),
        code: over.code.code,
        left: Money::new(left, account.currency),
        is_own: limit.of == Of::Customer && matches!(limit.most, Most::Money(_)),
    }))
}

/// Writes down why a payment came to nothing, for head office and auditors. In a record of its own: that of the payment
/// goes into its customer's receipt, and rules and what is left of other people's limits are not theirs to read.
pub async fn note(
    app: &App,
    ctx: &Ctx,
    action: &str,
    subject: String,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject,
        detail,
        request: Some(ctx.request_id.clone()),
    };
    app.store.commit(Commit { guards: Vec::new(), changes: Vec::new(), audit }).await?;
    Ok(())
}

/// Tells the session's program that a payment changed without it. Nobody hears of it where the customer was erased.
pub async fn told(app: &App, payment: &Payment) -> Result<Option<Change>, Problem> {
    let session = match app.store.session_fresh(&payment.session).await {
        Ok(session) => session,
        Err(StoreError::Withheld) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(session.map(|_| payment.tell_session()))
}
