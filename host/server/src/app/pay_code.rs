//! The code that a customer shows: making it, what a till asks by it, and what goes without being asked.

use super::App;
use super::ctx::Ctx;
use super::direct::{self, Order};
use super::feedback::{Read, read};
use super::identity::who;
use super::{payment as payments, publish};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::direct::{Ask, shown};
use xitai_model::emvco::customer::{self as codes, Token};
use xitai_model::identity::{Act, Customer, may};
use xitai_model::ids::MatterId;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::money::Money;
use xitai_model::pay_code::{self, PayCode, Presented, TEXT, UNASKED, UnaskedDoc};
use xitai_model::payment::{Applied, Command, Evidence, Payment, apply};
use xitai_store::StoreError;

/// Proof of what a customer has agreed to beforehand.
const PROOF: &str = "session";

/// What the customer's own page shows.
#[derive(Debug, Clone)]
pub struct Own {
    pub code: PayCode,
    /// What to draw, while it is good.
    pub text: Option<(String, i64)>,
    /// What was asked by the newest code.
    pub payment: Option<Payment>,
}

fn customer(ctx: &Ctx) -> Result<&Customer, Problem> {
    ctx.customer().ok_or_else(|| Problem::new(code::PAY_CODE_NOT_CUSTOMER))
}

async fn row(app: &App, customer: &Customer) -> Result<Option<Read<PayCode>>, Problem> {
    app.store.matter_by_key(&pay_code::key_of(&customer.id)).await?.map(read).transpose()
}

/// The caller's code as it stands.
pub async fn own(app: &App, ctx: &Ctx) -> Result<Own, Problem> {
    let Some(row) = row(app, customer(ctx)?).await? else {
        return Ok(Own { code: PayCode::off(), text: None, payment: None });
    };
    let until_ms = row.body.good_until_ms(ctx.now_ms);
    let text = until_ms.and_then(|until_ms| Some((row.matter.unsealed::<String>(TEXT)?, until_ms)));
    let payment = match &row.body.state {
        pay_code::State::Asked { payment, .. } => app.store.payment(payment).await?,
        _ => None,
    };
    Ok(Own { code: row.body, text, payment })
}

/// The next revision of the customer's row, or its first.
fn moved(app: &App, ctx: &Ctx, customer: &Customer, before: Option<Read<PayCode>>, body: &PayCode) -> Matter {
    match before {
        Some(before) => before.matter.moved(body, ctx.now_ms),
        None => {
            let id = MatterId::new(ctx.now_ms, app.clock.random());
            let owner = Some(customer.id.clone());
            let mut matter = Matter::new(id, None, customer.branch.clone(), owner, body, ctx.now_ms);
            matter.key = Some(pay_code::key_of(&customer.id).key);
            matter
        }
    }
}

async fn keep(app: &App, ctx: &Ctx, matter: Matter, action: &str) -> Result<(), Problem> {
    let mut guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 }];
    if let (1, Some(key)) = (matter.revision, matter.keyed()) {
        guards.push(Guard::MatterKeyFree(key));
    }
    let subject = format!("pay-code:{}", matter.id);
    let changes = vec![Change::Matter(Box::new(matter))];
    match publish::commit(app, ctx, guards, changes, action, &subject, json!({})).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done?),
    }
}

/// Makes a new code in the place of the one before.
pub async fn show(app: &App, ctx: &Ctx) -> Result<Own, Problem> {
    let customer = customer(ctx)?;
    may(customer.level, Act::PayFromAccount).map_err(Problem::new)?;
    let before = row(app, customer).await?;
    let token = Token::new(app.clock.random());
    let body = before.as_ref().map_or_else(PayCode::off, |row| row.body.clone()).shown(&token, ctx.now_ms);
    let mut matter = moved(app, ctx, customer, before, &body);
    matter.about = Some(pay_code::about(&token));
    matter.seal(TEXT, &token.code());
    keep(app, ctx, matter, "pay-code.shown").await?;
    own(app, ctx).await
}

/// What the customer lets the bank pay without being asked, each time; absent: nothing.
pub async fn set_unasked(app: &App, ctx: &Ctx, most: Option<Money>) -> Result<Own, Problem> {
    let customer = customer(ctx)?;
    may(customer.level, Act::PayFromAccount).map_err(Problem::new)?;
    let before = row(app, customer).await?;
    let body = before.as_ref().map_or_else(PayCode::off, |row| row.body.clone()).with_unasked(most)?;
    let mut matter = moved(app, ctx, customer, before, &body);
    if let Some(most) = most {
        let token = ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
        let shown = UnaskedDoc::of(&customer.id, &customer.branch, most).shown();
        let digest = Digest::of(shown.as_bytes());
        matter.seal(UNASKED, &Evidence::of(shown, &digest, PROOF, token, ctx.now_ms)?);
    }
    keep(app, ctx, matter, "pay-code.unasked").await?;
    own(app, ctx).await
}

/// A till asks for money by a code that it has read. The same request again has the same answer.
pub async fn ask(app: &App, ctx: &Ctx, text: &str, ask: Ask) -> Result<Payment, Problem> {
    direct::speaks_for(app, ctx, &ask.merchant)?;
    let misses = ask.merchant.as_str();
    app.rates.may_miss(misses, ctx.now_ms)?;
    let token = codes::read(text).and_then(|code| code.token()).map_err(Problem::new)?;
    for _ in 0..3 {
        let (page, _) = app.store.matters_about(MatterKind::PayCode, &pay_code::about(&token), None, 1).await?;
        let Some(row) = page.into_iter().next().map(read::<PayCode>).transpose()? else {
            return Err(missed(app, ctx, misses));
        };
        match row.body.presented(&token, ctx.now_ms) {
            Presented::Unknown => return Err(missed(app, ctx, misses)),
            Presented::Missed(next) => {
                keep(app, ctx, row.matter.moved(&next, ctx.now_ms), "pay-code.missed").await?;
                return Err(missed(app, ctx, misses));
            }
            Presented::Used(payment) => {
                let payment = app.store.payment(&payment).await?.filter(|payment| direct::is_of(payment, &ask));
                return payment.ok_or_else(|| Problem::new(code::PAY_CODE_USED));
            }
            Presented::Good => {
                if let Some(payment) = asked(app, ctx, &row, &ask).await? {
                    return Ok(payment);
                }
            }
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

fn missed(app: &App, ctx: &Ctx, merchant: &str) -> Problem {
    app.rates.miss(merchant, ctx.now_ms);
    Problem::new(code::PAY_CODE_UNKNOWN)
}

/// The payment that is asked for by a good code. None where somebody else was first.
async fn asked(app: &App, ctx: &Ctx, row: &Read<PayCode>, ask: &Ask) -> Result<Option<Payment>, Problem> {
    let over = || Problem::new(code::PAY_CODE_UNKNOWN);
    let id = row.matter.customer.as_ref().ok_or_else(over)?;
    let payer = match app.store.customer(id).await {
        Ok(payer) => payer.ok_or_else(over)?,
        Err(StoreError::Withheld) => return Err(over()),
        Err(error) => return Err(error.into()),
    };
    let draft = match direct::order(app, &payer, ask, ctx.now_ms).await? {
        Order::New(draft) => draft,
        // The merchant's number was used with another code: it is for one payment.
        Order::Before(_) => return Err(Problem::new(code::PAYMENT_KEY_DIFFERS)),
    };
    if let Some(settled) = unasked(app, ctx, &payer, row, &draft).await? {
        match commit(app, ctx, row, settled.0, settled.1).await {
            Err(CommitRefusal::Ledger(_)) => {}
            done => return committed(done),
        }
    }
    // The books would not have it, or the customer wants to be asked: then their phone says what it is about.
    let payment = shown(&draft, ctx.now_ms)?;
    let changes = vec![Change::Payment(Box::new(payment.clone()))];
    committed(commit(app, ctx, row, payment, changes).await)
}

fn committed(done: Result<Payment, CommitRefusal>) -> Result<Option<Payment>, Problem> {
    match done {
        Ok(payment) => Ok(Some(payment)),
        Err(CommitRefusal::Moved(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn commit(
    app: &App,
    ctx: &Ctx,
    row: &Read<PayCode>,
    payment: Payment,
    mut changes: Vec<Change>,
) -> Result<Payment, CommitRefusal> {
    let by = who(ctx).map(|who| who.audit_name()).unwrap_or_default();
    let used = row.matter.moved(&row.body.asked(payment.id.clone(), by), ctx.now_ms);
    let guards = vec![
        Guard::MatterAt { matter: row.matter.id.clone(), revision: row.matter.revision },
        direct::is_new(&payment),
    ];
    changes.push(Change::Matter(Box::new(used)));
    let merchant = xitai_model::direct::merchant_of(&payment).cloned();
    let merchant = merchant.ok_or_else(|| CommitRefusal::Moved("a direct payment without a merchant".to_owned()))?;
    let audit = direct::by_merchant(ctx, &merchant, "direct.asked", &payment.id);
    app.store.commit(Commit { guards, changes, audit }).await.map(|_| payment)
}

/// The payment settled at once, where the customer lets it and no rule of the bank wants to see more.
async fn unasked(
    app: &App,
    ctx: &Ctx,
    payer: &Customer,
    row: &Read<PayCode>,
    draft: &Payment,
) -> Result<Option<(Payment, Vec<Change>)>, Problem> {
    let agreed = row.matter.unsealed::<Evidence>(UNASKED);
    let Some(evidence) = agreed.filter(|_| row.body.pays_unasked(draft.payable)) else { return Ok(None) };
    let catalog = app.catalog();
    if !payments::goes_unasked(app, draft, payer.level, ctx.now_ms).await? {
        return Ok(None);
    }
    let counted = payments::counted(app, &catalog, draft, ctx.now_ms);
    let rail = app.rails.of(draft.tender.kind(), draft.payable.currency).cloned();
    let confirm = Command::Confirm { evidence, counted, hold: false, rail };
    let Applied::Moved(mut moved) = apply(draft, confirm, &payments::fees(&catalog, draft), ctx.now_ms)? else {
        return Ok(None);
    };
    let day = app.config.zone.day(ctx.now_ms);
    moved.chain.insert(0, pay_code::counts(&payer.id, day, draft.payable, &draft.id));
    moved.payment.revision = draft.revision;
    let payment = moved.payment.clone();
    // It is new: there is no revision of it that could have moved.
    let (_, changes) = moved.into_commit();
    Ok(Some((payment, changes)))
}
