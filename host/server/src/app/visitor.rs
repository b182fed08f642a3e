//! Visitors: people without an account. A visitor is a record like any other, at the lowest level, that only this
//! browser knows of. When they sign in, the record goes up, or another one takes it over: what programs kept for the
//! visitor and the names that programs know them by go along.

use super::App;
use super::ctx::Ctx;
use super::rate::Guesses;
use super::sign_in::{self, MadeToken, NewToken};
use crate::http::problem::Problem;
use xitai_model::commit::{Change, Guard};
use xitai_model::digest::Digest;
use xitai_model::identity::{Customer, How, Joins, Level, Profile, Who, joins};
use xitai_model::ids::{BranchId, CustomerId, ProgramId};
use xitai_model::matter::MatterKind;
use xitai_model::services::StorageKey;
use xitai_store::MatterPage;

/// Makes a visitor and signs them in.
pub async fn enter(
    app: &App,
    ctx: &Ctx,
    branch: Option<&BranchId>,
    locale: &str,
    device: &str,
) -> Result<MadeToken, Problem> {
    app.rates.guess_from(Guesses::Visitor, ctx)?;
    sign_in::issue(app, ctx, made(app, ctx, branch, locale, How::Visit, device)?).await
}

/// A visitor's record and sign-in, to be kept.
pub fn made(
    app: &App,
    ctx: &Ctx,
    branch: Option<&BranchId>,
    locale: &str,
    how: How,
    device: &str,
) -> Result<NewToken, Problem> {
    let id = CustomerId::new(ctx.now_ms, app.clock.random());
    let visitor = record(app, id.clone(), format!("visitor/{id}"), branch_of(app, branch)?, locale);
    let mut new = NewToken::of(Who::Customer(id), how, device);
    new.guards.push(Guard::LoginFree { login: visitor.login.clone() });
    new.changes.push(Change::Customer(Box::new(visitor)));
    Ok(new)
}

/// A visitor's record.
pub fn record(app: &App, id: CustomerId, login: String, branch: BranchId, locale: &str) -> Customer {
    let profile = Profile { locale: locale.to_owned(), zone: app.config.zone.name().to_owned(), ..Profile::default() };
    Customer { id, login, password_hash: String::new(), level: Level::Visitor, branch, profile }
}

/// The branch that serves somebody new: the one that they name, or the bank's first.
pub fn branch_of(app: &App, named: Option<&BranchId>) -> Result<BranchId, Problem> {
    let catalog = app.catalog();
    let found = match named {
        Some(named) => catalog.branches().find(|place| place.id == *named),
        None => catalog.branches().next(),
    };
    found.map(|place| place.id.clone()).ok_or_else(|| Problem::malformed("branch: there is none of that name"))
}

/// Whether a record is a customer's own: theirs, or a visitor's that they took over. What was agreed to as a visitor is
/// not widened to the account by that: the customer sees it among their own, goes on with it or ends it, and allows anew
/// what is to hold for the account.
pub async fn is_own(app: &App, record: Option<&CustomerId>, own: &CustomerId) -> Result<bool, Problem> {
    match record {
        None => Ok(false),
        Some(record) if record == own => Ok(true),
        Some(record) => Ok(app.store.visitors_of(own).await?.contains(record)),
    }
}

/// A customer's matters of a kind, newest first; with the first page those of visitors whom they took over.
pub async fn matters(
    app: &App,
    kind: MatterKind,
    own: &CustomerId,
    after: Option<&str>,
    page: usize,
) -> Result<MatterPage, Problem> {
    let (mut found, next) = app.store.matters_of(kind, own, None, after, page).await?;
    if after.is_none() {
        for visitor in app.store.visitors_of(own).await? {
            found.extend(app.store.matters_of(kind, &visitor, None, None, page).await?.0);
        }
        found.sort_by(|a, b| b.id.cmp(&a.id));
    }
    Ok((found, next))
}

/// What taking a visitor over writes.
pub struct TakenOver {
    pub visitor: CustomerId,
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
    /// Sign-ins that end with it.
    pub ends: Vec<Digest>,
}

/// A customer's sign-ins.
pub async fn tokens_of(app: &App, now_ms: i64, customer: &CustomerId) -> Result<Vec<Digest>, Problem> {
    let who = Who::Customer(customer.clone());
    let tokens = app.store.tokens_of(&who, now_ms, xitai_model::limits::TOKENS_LISTED_MAX).await?;
    Ok(tokens.into_iter().map(|token| token.digest).collect())
}

/// Decides whether the sign-in of `by` takes a visitor's record over, and with what. Where a program keeps something
/// under the same name for both, the customer's own stays.
pub async fn taken_over(
    app: &App,
    now_ms: i64,
    visitor: Option<&Customer>,
    by: &CustomerId,
) -> Result<Option<TakenOver>, Problem> {
    let Some(visitor) = visitor.filter(|visitor| visitor.level == Level::Visitor && visitor.id != *by) else {
        return Ok(None);
    };
    let led_to = app.store.customer(by).await?;
    if joins(Some(visitor), led_to.as_ref()) != Joins::IsTakenOver {
        return Ok(None);
    }
    let ends = tokens_of(app, now_ms, &visitor.id).await?;
    let mut taken = TakenOver { visitor: visitor.id.clone(), guards: Vec::new(), changes: Vec::new(), ends };
    for program in app.store.storage_programs(&visitor.id).await? {
        storage(app, &program, visitor, by, &mut taken).await?;
    }
    taken.guards.push(Guard::customer(visitor));
    let gone = Customer { login: format!("taken-over/{}", visitor.id), ..visitor.clone() };
    taken.changes.push(Change::Customer(Box::new(gone)));
    taken.changes.push(Change::CustomerTakenOver { visitor: visitor.id.clone(), by: by.clone() });
    Ok(Some(taken))
}

async fn storage(
    app: &App,
    program: &ProgramId,
    visitor: &Customer,
    by: &CustomerId,
    taken: &mut TakenOver,
) -> Result<(), Problem> {
    let key_of = |customer: &CustomerId, key: &str| StorageKey {
        program: program.clone(),
        customer: customer.clone(),
        key: key.to_owned(),
    };
    let mut after = None;
    loop {
        let (keys, next) = app.store.storage_keys(program, &visitor.id, "", after.as_deref(), 0).await?;
        for key in keys {
            let (to, from) = (key_of(by, &key), key_of(&visitor.id, &key));
            let (own, version) = app.store.storage(&to).await?;
            let (Some(value), _) = app.store.storage(&from).await? else { continue };
            if own.is_none() {
                taken.guards.push(Guard::StorageAt { key: to.clone(), version });
                taken.changes.push(Change::StorageSet { key: to, value: Some(value.value.0) });
            }
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}
