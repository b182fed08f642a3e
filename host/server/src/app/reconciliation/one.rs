//! One movement, whatever the day: what its document says, which transfers are its own, and whose money it may be about.

use super::documents;
use crate::app::App;
use crate::app::books::{self, bank};
use crate::app::feedback::read;
use crate::http::problem::Problem;
use xitai_model::books::Statement;
use xitai_model::cash::CashDue;
use xitai_model::envelope::{Envelope, slot_named};
use xitai_model::ids::{MatterId, PaymentId};
use xitai_model::ledger::{AccountKey, AccountKind, Booked, TransferId};
use xitai_model::limits::STATEMENT_ENTRIES_MAX;
use xitai_model::matter::{Matter, MatterBody, MatterKind};
use xitai_model::money::Currency;
use xitai_model::payment::Payment;
use xitai_model::payout::Payout;
use xitai_model::reconciliation::{Kind, List, Of, of_cash, of_payment, of_payout, of_statement, of_take};

const PAGE: usize = 200;

/// What each of the bank's own books has of a movement.
#[derive(Default)]
pub struct Told {
    pub documents: List,
    pub booked: Vec<Booked>,
    /// What was counted, of cash.
    pub counted: List,
}

/// A payout to a merchant has only its account's name, and is looked for from a transfer on.
pub async fn told(app: &App, of: &Of, after: TransferId) -> Result<Told, Problem> {
    let zone = app.config.zone;
    let day = |at_ms: i64| zone.day(at_ms);
    let mut told = Told::default();
    match of.kind {
        Kind::Capture | Kind::Refund | Kind::Cash | Kind::CashBack => {
            // What the rail did and nobody here knows of has no payment.
            let Ok(id) = PaymentId::parse(&of.reference) else { return Ok(told) };
            told.booked = app.store.transfers_of(&id).await?;
            if let Some(payment) = app.store.payment(&id).await? {
                told.documents = of_payment(&payment, day);
                if of.kind == Kind::Cash {
                    told.counted = cash(app, &payment).await?.and_then(|due| of_cash(&due, day)).into_iter().collect();
                }
            }
        }
        Kind::ProgramPayOut => {
            let Ok(named) = PaymentId::parse(&of.reference) else { return Ok(told) };
            told.booked = app.store.transfers_of(&named).await?;
            if let Some((matter, payout)) = matter::<Payout>(app, &of.reference).await? {
                told.documents = of_payout(&matter.id, &payout, matter.made_ms, day);
            }
        }
        Kind::EnvelopeIn | Kind::EnvelopeOut => {
            let Some((id, _, account)) = slot_named(&of.reference) else { return Ok(told) };
            told.booked = app.store.transfers_on(&account, 0, i64::MAX, STATEMENT_ENTRIES_MAX).await?;
            if let Some((matter, envelope)) = matter::<Envelope>(app, id.as_str()).await? {
                told.documents = documents::of_one(app, zone, &matter, &envelope).await?;
            }
            let taken = documents::takes(app, &id).await?;
            told.documents.extend(taken.iter().map(|(matter, taken)| of_take(taken, matter.made_ms, day)));
        }
        Kind::PayOut => {
            let statements = statements(app, &of.reference).await?;
            if let Some(newest) = statements.first() {
                let settlement = books::aside(&newest.account);
                told.booked = app.store.transfers_on(&settlement, after, i64::MAX, STATEMENT_ENTRIES_MAX).await?;
            }
            told.documents = statements.iter().filter_map(|statement| of_statement(statement, day)).collect();
        }
    }
    Ok(told)
}

/// Whose money a break may be about: what its corrections may touch.
pub async fn accounts(app: &App, of: &Of) -> Result<Vec<AccountKey>, Problem> {
    let (mut accounts, mut currency) = (Vec::new(), Currency::CNY);
    match of.kind {
        Kind::Capture | Kind::Refund | Kind::Cash | Kind::CashBack => {
            let id = PaymentId::parse(&of.reference).ok();
            let payment = match &id {
                Some(id) => app.store.payment(id).await?,
                None => None,
            };
            if let Some(payment) = payment {
                currency = payment.payable.currency;
                accounts.extend([payment.customer_account(), payment.payer_account()]);
                accounts.extend(payment.legs.iter().filter_map(|leg| leg.payee.account(currency)));
            }
        }
        Kind::ProgramPayOut => {
            if let Some((matter, payout)) = matter::<Payout>(app, &of.reference).await? {
                currency = payout.amount.currency;
                accounts.extend(customer(&matter, currency));
                accounts.push(AccountKey::new(AccountKind::Branch, matter.branch.as_str(), currency));
            }
        }
        Kind::EnvelopeIn | Kind::EnvelopeOut => {
            if let Some((id, at, account)) = slot_named(&of.reference) {
                currency = account.currency;
                let given = matter::<Envelope>(app, id.as_str()).await?;
                accounts.extend(given.and_then(|(matter, _)| customer(&matter, currency)));
                let taken = documents::takes(app, &id).await?;
                let own = taken.iter().filter(|(_, taken)| taken.slot == at);
                accounts.extend(own.filter_map(|(matter, _)| customer(matter, currency)));
            }
        }
        Kind::PayOut => {
            if let Some(statement) = statements(app, &of.reference).await?.into_iter().next() {
                currency = statement.account.currency;
                accounts.push(statement.account);
            }
        }
    }
    let bank = bank(app)?;
    accounts.extend([AccountKind::HeadOffice, AccountKind::Suspense, AccountKind::Treasury].map(|kind| {
        let owner = if kind == AccountKind::Treasury { bank.as_str() } else { "bank" };
        AccountKey::new(kind, owner, currency)
    }));
    accounts.sort();
    accounts.dedup();
    Ok(accounts)
}

fn customer(matter: &Matter, currency: Currency) -> Option<AccountKey> {
    matter.customer.as_ref().map(|id| AccountKey::new(AccountKind::Customer, id.as_str(), currency))
}

async fn matter<T: MatterBody>(app: &App, id: &str) -> Result<Option<(Matter, T)>, Problem> {
    let Ok(id) = MatterId::parse(id) else { return Ok(None) };
    let found = app.store.matter(&id).await?.filter(|matter| matter.kind == T::KIND);
    Ok(found.map(read::<T>).transpose()?.map(|found| (found.matter, found.body)))
}

async fn statements(app: &App, account: &str) -> Result<Vec<Statement>, Problem> {
    let (page, _) = app.store.matters_about(MatterKind::Statement, account, None, PAGE).await?;
    page.into_iter().map(|matter| read::<Statement>(matter).map(|found| found.body)).collect()
}

/// The cash of a payment, among that which its customer has promised.
async fn cash(app: &App, payment: &Payment) -> Result<Option<CashDue>, Problem> {
    let mut after = None::<String>;
    loop {
        let kind = MatterKind::CashDue;
        let (page, next) = app.store.matters_of(kind, &payment.customer, None, after.as_deref(), PAGE).await?;
        for matter in page {
            let due = read::<CashDue>(matter)?.body;
            if due.payment == payment.id {
                return Ok(Some(due));
            }
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(None),
        }
    }
}
