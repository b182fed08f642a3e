//! Merchants: what head office agrees with them, and what their own people keep up to date.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::identity::who;
use super::publish::{commit, may, may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use serde_json::Value;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::identity::Who;
use xitai_model::ids::MerchantId;
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::merchant::{self, Command, Merchant, Person, PersonRole, Settlement, Shop, Terms, advance};
use xitai_model::money::{Currency, Money};
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::proposal::{By, Verdict};
use xitai_model::record::Noun;

pub(super) fn by(staff: &Staff) -> By {
    By { staff: staff.id.clone(), person: staff.person.clone() }
}

fn not_found() -> Problem {
    Problem::new(code::MERCHANT_NOT_FOUND)
}

fn find<'a>(catalog: &'a Catalog, id: &MerchantId) -> Result<&'a Merchant, Problem> {
    catalog.merchant(id).ok_or_else(not_found)
}

/// Whether the caller may look at a merchant as the bank: for the whole bank, or for the branch that looks after it.
fn reads(catalog: &Catalog, ctx: &Ctx, merchant: &Merchant) -> bool {
    let of_place = Resource { place: merchant.branch.as_ref(), ..Resource::default() };
    may_for_bank(catalog, ctx, Action::ReadMerchants).is_ok()
        || merchant.branch.is_some() && may(catalog, ctx, Action::ReadMerchants, of_place).is_ok()
}

/// Merchants that the caller may look at as the bank, by id.
pub fn list(app: &App, ctx: &Ctx) -> Vec<Merchant> {
    let catalog = app.catalog();
    let all = catalog.merchants.values().map(|kept| &kept.value);
    all.filter(|merchant| reads(&catalog, ctx, merchant)).cloned().collect()
}

/// The role in which the caller speaks for a merchant; developers of its publisher are its people too.
pub fn role(ctx: &Ctx, merchant: &Merchant) -> Option<PersonRole> {
    let of_publisher =
        ctx.staff().is_some_and(|staff| staff.publisher.is_some() && staff.publisher == merchant.publisher);
    let named = who(ctx).ok().and_then(|who| merchant.role_of(&who));
    named.or(of_publisher.then_some(PersonRole::Owner))
}

/// Somebody who may spend money that is not their own: their account, and the human being behind it.
pub struct Spender {
    pub who: Who,
    pub person: String,
}
impl Spender {
    pub fn of(staff: &Staff) -> Self {
        Self { who: Who::Staff(staff.id.clone()), person: staff.person.clone() }
    }
}

/// Who may spend a merchant's money: an owner among its own people, or a developer of its publisher. The bank's own
/// people reach everything else; a merchant's money is its own.
pub fn spender(catalog: &Catalog, ctx: &Ctx, merchant: &Merchant, action: Action) -> Result<Spender, Problem> {
    let forbidden = || Problem::new(code::AUTH_FORBIDDEN);
    let caller = who(ctx)?;
    match merchant.role_of(&caller) {
        Some(PersonRole::Owner) => {
            let person = ctx.staff().map_or_else(|| caller.audit_name(), |staff| staff.person.clone());
            return Ok(Spender { who: caller, person });
        }
        Some(PersonRole::Cashier) => return Err(forbidden()),
        None => {}
    }
    let publisher = merchant.publisher.as_ref().ok_or_else(forbidden)?;
    let of = Resource { publisher: Some(publisher), ..Resource::default() };
    let staff = may(catalog, ctx, action, of)?;
    if staff.publisher.as_ref() == Some(publisher) { Ok(Spender::of(staff)) } else { Err(forbidden()) }
}

/// Merchants that the caller speaks for.
pub fn own(app: &App, ctx: &Ctx) -> Vec<(Merchant, PersonRole)> {
    let catalog = app.catalog();
    let all = catalog.merchants.values().map(|kept| &kept.value);
    all.filter_map(|merchant| Some((merchant.clone(), role(ctx, merchant)?))).collect()
}

/// A merchant, for the bank's people and for its own.
pub fn view(app: &App, ctx: &Ctx, id: &MerchantId) -> Result<Merchant, Problem> {
    let catalog = app.catalog();
    let merchant = find(&catalog, id)?;
    if reads(&catalog, ctx, merchant) || role(ctx, merchant).is_some() {
        Ok(merchant.clone())
    } else {
        Err(not_found())
    }
}

/// A merchant for those who may read its books: the bank's people, and its owners.
pub fn reads_books(app: &App, ctx: &Ctx, id: &MerchantId) -> Result<Merchant, Problem> {
    let catalog = app.catalog();
    let merchant = find(&catalog, id)?;
    match role(ctx, merchant) {
        Some(PersonRole::Owner) => Ok(merchant.clone()),
        _ if reads(&catalog, ctx, merchant) => Ok(merchant.clone()),
        Some(PersonRole::Cashier) => Err(Problem::new(code::AUTH_FORBIDDEN)),
        None => Err(not_found()),
    }
}

/// Proposes what a merchant is charged.
pub async fn propose(app: &App, ctx: &Ctx, id: &MerchantId, terms: Terms) -> Result<Merchant, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ProposeTerms)?;
    let next = merchant::apply(find(&catalog, id)?, Command::Propose(terms), &by(staff), ctx.now_ms)?;
    let detail = serde_json::json!({ "proposed": next.proposed });
    keep(app, ctx, &catalog, next, "merchant.terms-proposed", detail, None).await
}

/// A second person's decision, in the words that are signed.
pub fn subject(word: &str, id: &str, digest: &Digest) -> String {
    format!("{word} {id} {digest}")
}

pub(super) fn said(verdict: &Verdict) -> (&'static str, &Digest) {
    match verdict {
        Verdict::Approve { digest } => ("approve", digest),
        Verdict::Return { digest, .. } => ("return", digest),
    }
}

/// Takes the second person's decision on exactly the terms that they saw.
pub async fn decide(app: &App, ctx: &Ctx, id: &MerchantId, verdict: Verdict) -> Result<Merchant, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecideTerms)?;
    let (word, digest) = said(&verdict);
    let signed = subject(word, id.as_str(), digest);
    let proof = step_up::presence(app, ctx, Action::DecideTerms, &signed).await?;
    let next = merchant::apply(find(&catalog, id)?, Command::Decide(verdict), &by(staff), ctx.now_ms)?;
    let detail = serde_json::json!({ "contract": next.contracts.last(), "proposed": next.proposed });
    keep(app, ctx, &catalog, next, "merchant.terms-decided", detail, proof).await
}

/// Takes a merchant out of business at once, or lets it in again. What was paid before goes on.
pub async fn close(app: &App, ctx: &Ctx, id: &MerchantId, note: Option<String>) -> Result<Merchant, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ProposeTerms)?;
    let (command, action) = match note {
        Some(note) => (Command::Close { note }, "merchant.closed"),
        None => (Command::Open, "merchant.opened"),
    };
    let next = merchant::apply(find(&catalog, id)?, command, &by(staff), ctx.now_ms)?;
    let detail = serde_json::json!({ "closed": next.closed });
    keep(app, ctx, &catalog, next, action, detail, None).await
}

/// What a merchant's own people keep.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    pub shops: Option<Vec<Shop>>,
    pub people: Option<Vec<Person>>,
}

/// An owner changes shops or people. The settlement account is head office's to change: money would go elsewhere.
pub async fn maintain(app: &App, ctx: &Ctx, id: &MerchantId, kept: Kept) -> Result<Merchant, Problem> {
    let catalog = app.refresh_catalog().await?;
    let there = find(&catalog, id)?;
    match role(ctx, there) {
        Some(PersonRole::Owner) => {}
        Some(PersonRole::Cashier) => return Err(Problem::new(code::AUTH_FORBIDDEN)),
        None => return Err(not_found()),
    }
    let mut next = there.clone();
    if let Some(shops) = kept.shops {
        merchant::check_shops(&shops)?;
        next.shops = shops;
    }
    if let Some(people) = kept.people {
        merchant::check_people(&people)?;
        next.people = people;
    }
    let detail = serde_json::json!({ "shops": next.shops.len(), "people": next.people.len() });
    keep(app, ctx, &catalog, next, "merchant.maintained", detail, None).await
}

/// What the bank owes a merchant now, in the currencies of its contracts; below zero what the merchant owes.
pub async fn balances(app: &App, merchant: &Merchant) -> Result<Vec<Money>, Problem> {
    let rates = merchant.contracts.iter().flat_map(|contract| contract.terms.rates.keys());
    let currencies: std::collections::BTreeSet<Currency> = rates.copied().collect();
    let mut balances = Vec::with_capacity(currencies.len());
    for currency in currencies {
        let account = AccountKey::new(AccountKind::Merchant, merchant.id.as_str(), currency);
        let owes = app.store.balances(&advance::owed(merchant.id.as_str(), currency)).await?.posted();
        balances.push(Money::new(app.store.balances(&account).await?.available() - owes, currency));
    }
    Ok(balances)
}

/// The account as it may be shown to whoever looks.
pub fn settlement(merchant: &Merchant) -> Option<(String, String, String)> {
    let of = |it: &Settlement| (it.holder.clone(), it.bank.clone(), it.masked());
    merchant.settlement.as_ref().map(of)
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: Merchant,
    action: &str,
    mut detail: Value,
    proof: Option<step_up::Taken>,
) -> Result<Merchant, Problem> {
    let (guard, change) = put(catalog, Noun::Merchant, next.id.as_str(), &next)?;
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    match commit(app, ctx, vec![guard], changes, action, &format!("merchant:{}", next.id), detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(next)
}
