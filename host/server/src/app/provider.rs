//! Signing in at a provider: sending a browser there, and taking in who came back.
//!
//! The browser carries a secret of its own in a cookie, so that a sign-in which was begun elsewhere does not end here.
//! Who somebody is, the provider's subject says and nothing else; what it asserts beyond that counts only as far as the
//! bank's file trusts it.

use super::App;
use super::challenge;
use super::ctx::Ctx;
use super::identity::who as who_asks;
use super::publish::{commit, may_for_bank};
use super::rate::Guesses;
use super::sign_in::{self, MadeToken, NewToken};
use super::{handover, step_up, visitor};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use std::sync::Arc;
use xitai_identity::provider::{People, Secret};
use xitai_identity::{Person, Provider};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::identity::{Binding, Customer, How, Level, Profile, Shown, Who};
use xitai_model::ids::{CustomerId, StaffId};
use xitai_model::policy::Action;
use xitai_model::presence::Purpose;

/// A sign-in that was begun.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What its cookie keeps.
    pub secret: String,
}

fn back(app: &App, provider: &Provider) -> String {
    format!("{}/app/sign-in/{}/back", app.identity.origin, provider.config.id)
}

/// Begins a sign-in. `next` is where the browser wants to be afterwards.
pub async fn begin(app: &App, ctx: &Ctx, id: &str, next: &str) -> Result<Begun, Problem> {
    app.rates.guess_from(Guesses::Provider, ctx)?;
    let provider = app.identity.provider(id)?.clone();
    let secret = data_encoding::BASE64URL_NOPAD.encode(&app.clock.random::<24>());
    let mut waits = challenge::make(app, ctx, Purpose::Provider, None, Value::Null);
    let (state, at) = (waits.id.clone(), back(app, &provider));
    let (asked, now_ms) = (provider.clone(), ctx.now_ms);
    let begun = app.identity.outside(move || asked.begin(&at, &state, now_ms)).await?;
    let visitor = ctx.customer().filter(|customer| customer.level == Level::Visitor);
    waits.body = json!({
        "provider": id,
        "browser": Digest::of(secret.as_bytes()),
        "secret": begun.secret,
        "next": next,
        "visitor": visitor.map(|visitor| &visitor.id),
    });
    let changes = vec![Change::Challenge(waits)];
    commit(app, ctx, Vec::new(), changes, "token.asked", &ctx.actor.audit_name(), json!({ "provider": id })).await?;
    Ok(Begun { url: begun.url, secret })
}

/// What the browser brings back.
#[derive(Debug, Default)]
pub struct Returned {
    pub state: String,
    pub code: Option<String>,
    /// The provider's own word for why there is no code.
    pub error: Option<String>,
    /// From the cookie.
    pub secret: String,
    pub device: String,
    pub locale: String,
}

/// Ends a sign-in: who came, and where they wanted to be.
pub async fn finish(app: &App, ctx: &Ctx, id: &str, returned: Returned) -> Result<(MadeToken, String), Problem> {
    app.rates.guess_from(Guesses::Provider, ctx)?;
    let provider = app.identity.provider(id)?.clone();
    let waits = challenge::waiting(app, ctx, &returned.state, Purpose::Provider, None).await.map_err(as_state)?;
    let browser = Digest::of(returned.secret.as_bytes());
    if waits.body["provider"] != id || waits.body["browser"] != browser.as_str() {
        return Err(Problem::new(code::SIGN_IN_STATE).because("another browser or provider"));
    }
    let Some(code) = returned.code.clone() else {
        let told = returned.error.clone().unwrap_or_default();
        let gone = vec![challenge::taken(&waits)];
        commit(app, ctx, Vec::new(), gone, "token.refused", &ctx.actor.audit_name(), json!({ "provider": id })).await?;
        return Err(Problem::new(code::SIGN_IN_DENIED).because(told));
    };
    let secret: Secret = serde_json::from_value(waits.body["secret"].clone()).map_err(Problem::internal)?;
    let (asked, at, now_ms) = (provider.clone(), back(app, &provider), ctx.now_ms);
    let person = app.identity.outside(move || asked.finish(&at, &code, &secret, now_ms)).await;
    let person = match person {
        Ok(person) => person,
        Err(problem) => return Err(refused(app, ctx, id, &waits.id, problem).await),
    };
    let how = if person.second_factor { How::StrongProvider } else { How::Provider };
    let mut new = match provider.config.people {
        People::Staff => staff(app, ctx, &provider, &person).await?,
        People::Customers => {
            let visitor = serde_json::from_value::<Option<CustomerId>>(waits.body["visitor"].clone()).unwrap_or(None);
            customer(app, ctx, &provider, &person, visitor, &returned.locale).await?
        }
    };
    new.how = how;
    new.device = super::passkey::named(&returned.device);
    new.detail["provider"] = id.into();
    new.changes.push(challenge::taken(&waits));
    let made = sign_in::issue(app, ctx, new).await.map_err(as_state)?;
    Ok((made, waits.body["next"].as_str().unwrap_or_default().to_owned()))
}

fn as_state(problem: Problem) -> Problem {
    if problem.code == code::AUTH_CHALLENGE { Problem { code: code::SIGN_IN_STATE, ..problem } } else { problem }
}

/// What a provider said can't be trusted: that is written down, and the sign-in is over. One that is only away may be
/// tried again with the same answer.
async fn refused(app: &App, ctx: &Ctx, provider: &str, challenge: &str, problem: Problem) -> Problem {
    if problem.code != code::SIGN_IN_REFUSED {
        return problem;
    }
    let detail = json!({ "provider": provider, "why": problem.internal.clone().unwrap_or_default() });
    let gone = vec![Change::ChallengeTaken(challenge.to_owned())];
    match commit(app, ctx, Vec::new(), gone, "token.refused", &ctx.actor.audit_name(), detail).await {
        Ok(()) | Err(CommitRefusal::Moved(_)) => problem,
        Err(refusal) => refusal.into(),
    }
}

/// The member of staff whom the subject was bound to, or whom the bank's own provider names.
async fn staff(app: &App, ctx: &Ctx, provider: &Arc<Provider>, person: &Person) -> Result<NewToken, Problem> {
    let id = &provider.config.id;
    let bound = app.store.binding(&Binding::key_of(id, &person.subject)).await?;
    let catalog = app.catalog();
    let named = match bound {
        Some(Binding { who: Who::Staff(staff), .. }) => Some(staff),
        Some(_) => None,
        None => person.staff.as_deref().and_then(|staff| StaffId::parse(staff).ok()),
    };
    let staff = named.filter(|staff| catalog.staff(staff).is_some_and(|staff| staff.is_open()));
    let Some(staff) = staff else {
        return Err(Problem::new(code::SIGN_IN_NOBODY).because(format!("provider {id}")));
    };
    let who = Who::Staff(staff);
    let mut new = NewToken::of(who.clone(), How::Provider, "");
    new.changes.push(Change::Binding(Binding::of(id, &person.subject, who, ctx.now_ms)));
    Ok(new)
}

/// The provider's name for the number that the bank itself gives customers.
fn customers_of(provider: &str) -> String {
    format!("{provider}#customer")
}

async fn customer(
    app: &App,
    ctx: &Ctx,
    provider: &Arc<Provider>,
    person: &Person,
    visitor: Option<CustomerId>,
    locale: &str,
) -> Result<NewToken, Problem> {
    let id = &provider.config.id;
    let shown = match person {
        Person { customer: Some(_), .. } => Shown::Account,
        Person { verified: true, .. } => Shown::CheckedIdentity,
        _ => Shown::SignIn,
    };
    let visitor = match visitor {
        Some(visitor) => app.store.customer(&visitor).await?.filter(|visitor| visitor.level == Level::Visitor),
        None => None,
    };
    let known = known(app, id, person).await?;
    let (mut guards, mut changes, mut forgets) = (Vec::new(), Vec::new(), Vec::new());
    let (customer, detail) = match known {
        Some(known) => {
            guards.push(Guard::customer(&known));
            let taken = visitor::taken_over(app, ctx.now_ms, visitor.as_ref(), &known.id).await?;
            let detail = json!({ "visitor": taken.as_ref().map(|taken| &taken.visitor) });
            if let Some(taken) = taken {
                guards.extend(taken.guards);
                changes.extend(taken.changes);
                forgets.extend(taken.ends);
            }
            (known, detail)
        }
        // Nobody has come under this subject yet: the visitor's own record goes up, or a new one is made.
        None => {
            if let Some(visitor) = &visitor {
                guards.push(Guard::customer(visitor));
                // Whoever else holds a sign-in of the visitor's, such as a partner's page, was let in to nobody's things:
                // they do not rise with the record, nor does a code that is under way make one that would.
                changes.push(Change::SignInsEnded(Who::Customer(visitor.id.clone())));
                if let Some((guard, over)) = handover::withdrawn(app, &visitor.id, ctx.now_ms, |_| true).await? {
                    guards.push(guard);
                    changes.push(over);
                }
            }
            let fresh = || fresh(app, ctx, locale);
            let customer = visitor.map_or_else(fresh, Ok)?;
            let login = format!("{id}/{}", customer.id).to_lowercase();
            guards.push(Guard::LoginFree { login: login.clone() });
            (Customer { login, ..customer }, json!({ "registered": true }))
        }
    };
    let mut next = Customer { level: customer.level.raised_by(shown), ..customer };
    if next.profile.display_name.is_empty() {
        next.profile.display_name = super::passkey::named(&person.name);
    }
    forgets.extend(visitor::tokens_of(app, ctx.now_ms, &next.id).await?);
    let who = Who::Customer(next.id.clone());
    changes.push(Change::Binding(Binding::of(id, &person.subject, who.clone(), ctx.now_ms)));
    if let Some(number) = &person.customer {
        changes.push(Change::Binding(Binding::of(&customers_of(id), number, who.clone(), ctx.now_ms)));
    }
    changes.push(Change::Customer(Box::new(next)));
    Ok(NewToken { who, how: How::Provider, device: String::new(), guards, changes, forgets, detail })
}

/// Whom the subject leads to; else, where the provider names one of the bank's customers, that one: by what was bound
/// before, or by their sign-in name.
async fn known(app: &App, provider: &str, person: &Person) -> Result<Option<Customer>, Problem> {
    if let Some(bound) = app.store.binding(&Binding::key_of(provider, &person.subject)).await? {
        return of_binding(app, bound).await;
    }
    let Some(number) = &person.customer else { return Ok(None) };
    if let Some(bound) = app.store.binding(&Binding::key_of(&customers_of(provider), number)).await? {
        return of_binding(app, bound).await;
    }
    let found = app.store.customer_by_login(&number.to_lowercase()).await?;
    Ok(found.filter(|customer| customer.level == Level::AccountHolder))
}

/// The customer of this bank whom its own sign-in names so: by what was bound before, or by their sign-in name.
pub async fn named(app: &App, number: &str) -> Result<Option<Customer>, Problem> {
    for provider in app.identity.providers(People::Customers) {
        let key = Binding::key_of(&customers_of(&provider.config.id), number);
        if let Some(bound) = app.store.binding(&key).await? {
            return of_binding(app, bound).await;
        }
    }
    let found = app.store.customer_by_login(&number.trim().to_lowercase()).await?;
    Ok(found.filter(|customer| customer.level == Level::AccountHolder))
}

async fn of_binding(app: &App, bound: Binding) -> Result<Option<Customer>, Problem> {
    match bound.who {
        Who::Customer(customer) => Ok(app.store.customer(&customer).await?),
        Who::Staff(_) => Err(Problem::new(code::SIGN_IN_BOUND)),
    }
}

/// A record for somebody new. It is the caller's to give it a name.
fn fresh(app: &App, ctx: &Ctx, locale: &str) -> Result<Customer, Problem> {
    let profile = Profile { locale: locale.to_owned(), zone: app.config.zone.name().to_owned(), ..Profile::default() };
    Ok(Customer {
        id: CustomerId::new(ctx.now_ms, app.clock.random()),
        login: String::new(),
        password_hash: String::new(),
        level: Level::Registered,
        branch: visitor::branch_of(app, None)?,
        profile,
    })
}

/// What a binding is, in the words that are signed.
fn binding_subject(staff: &StaffId, provider: &str, subject: &str) -> String {
    format!("bind {staff} {}", Binding::key_of(provider, subject)).replace("sha256:", "")
}

/// Binds a provider's subject to a member of staff.
pub async fn bind_staff(app: &App, ctx: &Ctx, staff: &StaffId, provider: &str, subject: &str) -> Result<(), Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    let known = app.identity.provider(provider)?;
    if known.config.people != People::Staff || catalog.staff(staff).is_none() {
        return Err(Problem::new(code::SIGN_IN_NOBODY));
    }
    let taken =
        step_up::presence(app, ctx, Action::KeepOrganisation, &binding_subject(staff, provider, subject)).await?;
    let who = Who::Staff(staff.clone());
    let mut changes = vec![Change::Binding(Binding::of(provider, subject, who.clone(), ctx.now_ms))];
    let mut detail = json!({ "provider": provider });
    step_up::keep(taken, &mut changes, &mut detail);
    match commit(app, ctx, Vec::new(), changes, "staff.bound", &who.audit_name(), detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::SIGN_IN_BOUND).because(fact)),
        done => Ok(done?),
    }
}

/// Takes every binding of a provider off a member of staff.
pub async fn unbind_staff(app: &App, ctx: &Ctx, staff: &StaffId, provider: &str) -> Result<(), Problem> {
    may_for_bank(&app.catalog(), ctx, Action::KeepOrganisation)?;
    let taken = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("unbind {staff} {provider}")).await?;
    let who = Who::Staff(staff.clone());
    let there = app.store.bindings_of(&who).await?;
    let mut changes: Vec<Change> = there
        .into_iter()
        .filter(|binding| binding.provider == provider)
        .map(|binding| Change::BindingRemoved(binding.key))
        .collect();
    let mut detail = json!({ "provider": provider });
    step_up::keep(taken, &mut changes, &mut detail);
    commit(app, ctx, Vec::new(), changes, "staff.unbound", &who.audit_name(), detail).await?;
    who_asks(ctx).map(|_| ())
}
