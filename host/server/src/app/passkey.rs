//! Passkeys of customers and staff: adding, naming, removing, and signing in with one.

use super::App;
use super::challenge;
use super::ctx::{Caller, Ctx};
use super::identity::{of_passkey, who};
use super::publish::commit;
use super::rate::Guesses;
use super::second_factor::{self, TypedCode};
use super::sign_in::{self, MadeToken, NewToken};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use xitai_identity::passkeys;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::identity::{Act, How, Who, may};
use xitai_model::limits;
use xitai_model::presence::{Passkey, Purpose};

/// The words that are signed or proved for adding and removing one.
pub const ADD: &str = "passkey.add";
pub const REMOVE: &str = "passkey.remove";

/// A question for the browser.
pub struct Asked {
    pub id: String,
    pub options: Value,
}

/// The caller's passkeys, oldest first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<Passkey>, Problem> {
    Ok(app.store.passkeys_of(&who(ctx)?).await?)
}

/// Begins a registration. The second factor is asked for here, before a browser shows anything.
pub async fn begin(app: &App, ctx: &Ctx, typed: Option<&TypedCode>) -> Result<Asked, Problem> {
    let who = who(ctx)?;
    if let Some(customer) = ctx.customer() {
        may(customer.level, Act::SignInAgain).map_err(Problem::new)?;
    }
    let there = app.store.passkeys_of(&who).await?;
    if there.len() >= limits::PASSKEYS_MAX {
        return Err(Problem::new(code::AUTH_PASSKEYS_MAX));
    }
    let mut changes = second_factor::check(app, ctx, typed, ADD, &who.audit_name()).await?;
    let (name, shown) = names(ctx);
    let there: Vec<String> = there.into_iter().map(|passkey| passkey.credential).collect();
    let asked = app.identity.passkeys.register(handle(&who), &name, &shown, &there).map_err(of_passkey)?;
    let waits = challenge::make(app, ctx, Purpose::Register, Some(who.clone()), asked.state);
    let id = waits.id.clone();
    changes.push(Change::Challenge(waits));
    let subject = who.audit_name();
    commit(app, ctx, Vec::new(), changes, "passkey.asked", &subject, json!({})).await.map_err(challenge::lost)?;
    Ok(Asked { id, options: asked.options })
}

/// Takes a new passkey in.
pub async fn add(app: &App, ctx: &Ctx, id: &str, name: &str, answer: &Value) -> Result<Passkey, Problem> {
    let who = who(ctx)?;
    app.rates.guess(Guesses::Passkey, &who.audit_name(), ctx.now_ms)?;
    let asked = challenge::waiting(app, ctx, id, Purpose::Register, Some(&who)).await?;
    let made = app.identity.passkeys.registered(&asked.body, answer).map_err(of_passkey)?;
    if app.store.passkey(&made.id).await?.is_some() {
        return Err(Problem::new(code::AUTH_PASSKEY_KNOWN));
    }
    let passkey = Passkey {
        id: made.id,
        who: who.clone(),
        name: named(name),
        made_ms: ctx.now_ms,
        used_ms: None,
        credential: made.credential,
    };
    let changes = vec![challenge::taken(&asked), Change::Passkey(Box::new(passkey.clone()))];
    let detail = json!({ "passkey": passkey.id });
    let subject = who.audit_name();
    commit(app, ctx, Vec::new(), changes, "passkey.added", &subject, detail).await.map_err(challenge::lost)?;
    Ok(passkey)
}

pub async fn rename(app: &App, ctx: &Ctx, id: &str, name: &str) -> Result<Passkey, Problem> {
    let renamed = Passkey { name: named(name), ..own(app, ctx, id).await? };
    let changes = vec![Change::Passkey(Box::new(renamed.clone()))];
    let subject = renamed.who.audit_name();
    commit(app, ctx, Vec::new(), changes, "passkey.renamed", &subject, json!({ "passkey": id })).await?;
    Ok(renamed)
}

/// Removes one, after a second factor: whoever finds an open browser must not take the lock off.
pub async fn remove(app: &App, ctx: &Ctx, id: &str, typed: Option<&TypedCode>) -> Result<(), Problem> {
    let passkey = own(app, ctx, id).await?;
    let mut changes = second_factor::check(app, ctx, typed, REMOVE, &passkey.id).await?;
    changes.push(Change::PasskeyRemoved { id: passkey.id.clone(), who: passkey.who.clone() });
    let (subject, detail) = (passkey.who.audit_name(), json!({ "passkey": passkey.id }));
    match commit(app, ctx, Vec::new(), changes, "passkey.removed", &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::AUTH_CHALLENGE).because(fact)),
        done => Ok(done?),
    }
}

async fn own(app: &App, ctx: &Ctx, id: &str) -> Result<Passkey, Problem> {
    let who = who(ctx)?;
    let found = app.store.passkey(id).await?.filter(|passkey| passkey.who == who);
    found.ok_or_else(|| Problem::new(code::AUTH_PASSKEY_NOT_FOUND))
}

/// Begins a sign-in. Nobody is named: the answer says whose passkey it is.
pub async fn begin_sign_in(app: &App, ctx: &Ctx) -> Result<Asked, Problem> {
    app.rates.guess_from(Guesses::Passkey, ctx)?;
    let asked = app.identity.passkeys.ask_anybody().map_err(of_passkey)?;
    let waits = challenge::make(app, ctx, Purpose::SignIn, None, asked.state);
    let id = waits.id.clone();
    let changes = vec![Change::Challenge(waits)];
    commit(app, ctx, Vec::new(), changes, "token.asked", &ctx.actor.audit_name(), json!({})).await?;
    Ok(Asked { id, options: asked.options })
}

/// Signs in whoever's passkey has signed.
pub async fn sign_in(app: &App, ctx: &Ctx, id: &str, answer: &Value, device: &str) -> Result<MadeToken, Problem> {
    app.rates.guess_from(Guesses::Passkey, ctx)?;
    let asked = challenge::waiting(app, ctx, id, Purpose::SignIn, None).await?;
    let unknown = || Problem::new(code::AUTH_PASSKEY);
    let answering = passkeys::answering(answer).ok_or_else(unknown)?;
    let passkey = app.store.passkey(&answering).await?.ok_or_else(unknown)?;
    let signed = app.identity.passkeys.signed_by_anybody(&asked.body, answer, &passkey.credential);
    let signed = match signed.map_err(of_passkey) {
        Ok(signed) => signed,
        Err(problem) => return Err(super::step_up::refused(app, ctx, &passkey.who, problem).await),
    };
    let who = passkey.who.clone();
    let used = Passkey { credential: signed.credential, used_ms: Some(ctx.now_ms), ..passkey };
    let mut new = NewToken::of(who, How::Passkey, device);
    new.detail = json!({ "passkey": used.id });
    new.changes = vec![challenge::taken(&asked), Change::Passkey(Box::new(used))];
    sign_in::enter(app, ctx, new).await
}

/// What the browser's own sheet calls somebody.
fn names(ctx: &Ctx) -> (String, String) {
    match &ctx.actor {
        Caller::Customer(customer) => (customer.login.clone(), customer.profile.display_name.clone()),
        Caller::Staff(staff) => (staff.id.to_string(), staff.name.clone()),
        Caller::Anonymous | Caller::Host => Default::default(),
    }
}

/// Stands for somebody inside a passkey and says nothing about them.
fn handle(who: &Who) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(format!("passkey handle of {}", who.audit_name())).into();
    let mut handle = [0; 16];
    handle.copy_from_slice(&digest[..16]);
    handle
}

/// What somebody calls a thing of theirs: short, and in one line.
pub fn named(name: &str) -> String {
    let plain = name.trim().chars().filter(|c| !c.is_control());
    plain.take(limits::NAME_CHARS_MAX).collect()
}
