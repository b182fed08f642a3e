//! Signing in. The token itself is never kept; passwords are kept as Argon2id hashes.

use super::App;
use super::ctx::{Caller, Ctx};
use super::passkey::named;
use super::visitor;
use crate::http::extract::token_digest;
use crate::http::problem::Problem;
use crate::http::wire::Who as WireWho;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::Semaphore;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::identity::{How, Token, Who};
use xitai_model::ids::StaffId;
use xitai_model::place::Staff;
use xitai_model::{code, limits};
use xitai_store::StoreError;

/// A sign-in as the gate needs it.
#[derive(Clone)]
pub struct SignedIn {
    pub caller: Caller,
    pub proved_ms: i64,
    pub how: How,
    /// What a machine's token may do; absent for people.
    pub scopes: Option<Arc<[String]>>,
    expires_ms: i64,
    read_ms: i64,
}

/// Sign-ins that were looked up a moment ago. A revocation on this host takes hold at once, one on another host when
/// the entry is over.
pub struct SignIns {
    known: Mutex<LruCache<Digest, Arc<SignedIn>>>,
    /// Argon2 takes memory and a processor: few at once.
    verifying: Semaphore,
}

impl SignedIn {
    /// Whether a member of staff may still do what they could when this was read: a closed account and a role that was
    /// taken away count as soon as the catalog knows.
    fn holds(&self, app: &App) -> bool {
        match &self.caller {
            Caller::Staff(staff) => app.catalog().staff(&staff.id).is_some_and(|now| *now == **staff),
            _ => true,
        }
    }
}

const KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("above zero");
const KNOWN_MS_MAX: i64 = 2_000;
const VERIFYING_MAX: usize = 2;

impl Default for SignIns {
    fn default() -> Self {
        Self { known: Mutex::new(LruCache::new(KNOWN_MAX)), verifying: Semaphore::new(VERIFYING_MAX) }
    }
}

impl SignIns {
    fn known(&self, digest: &Digest, now_ms: i64) -> Option<Arc<SignedIn>> {
        let mut known = self.known.lock().expect("no holder of the lock panics");
        let found = known.get(digest)?;
        (now_ms - found.read_ms < KNOWN_MS_MAX && now_ms < found.expires_ms).then(|| found.clone())
    }
    fn learn(&self, digest: &Digest, signed_in: Arc<SignedIn>) {
        self.known.lock().expect("no holder of the lock panics").put(digest.clone(), signed_in);
    }
    pub fn forget(&self, digest: &Digest) {
        self.known.lock().expect("no holder of the lock panics").pop(digest);
    }
}

/// Whose sign-in a token is; nobody's where it is unknown, over or revoked.
pub async fn caller(app: &App, digest: &Digest, now_ms: i64) -> Result<Option<Arc<SignedIn>>, Problem> {
    if let Some(known) = app.sign_ins.known(digest, now_ms).filter(|known| known.holds(app)) {
        return Ok(Some(known));
    }
    let Some(token) = app.store.token(digest).await?.filter(|token| now_ms < token.expires_ms) else {
        return Ok(None);
    };
    let Some(caller) = who(app, &token.who).await? else { return Ok(None) };
    let signed_in = Arc::new(SignedIn {
        caller,
        proved_ms: token.proved_ms,
        how: token.how,
        scopes: token.scopes.map(Arc::from),
        expires_ms: token.expires_ms,
        read_ms: now_ms,
    });
    app.sign_ins.learn(digest, signed_in.clone());
    Ok(Some(signed_in))
}

async fn who(app: &App, who: &Who) -> Result<Option<Caller>, Problem> {
    Ok(match who {
        Who::Customer(id) => match app.store.customer(id).await {
            Ok(customer) => customer.map(|customer| Caller::Customer(Arc::new(customer))),
            // Whoever was erased is nobody, whatever tokens are left.
            Err(StoreError::Withheld) => None,
            Err(error) => return Err(error.into()),
        },
        Who::Staff(id) => {
            let catalog = app.catalog();
            let staff = catalog.staff(id).filter(|staff| staff.is_open());
            staff.map(|staff| Caller::Staff(Arc::new(staff.clone())))
        }
    })
}

/// A fresh sign-in. The token's text is shown this once.
pub struct MadeToken {
    pub token: String,
    pub expires_ms: i64,
    pub who: WireWho,
}

impl MadeToken {
    pub async fn of(app: &App, text: String, token: &Token) -> Result<Self, Problem> {
        let caller = who(app, &token.who).await?.unwrap_or(Caller::Anonymous);
        let who = WireWho::of_caller(&app.catalog(), &caller);
        Ok(Self { token: text, expires_ms: token.expires_ms, who })
    }
}

/// Checks name and password. A name that nobody has costs the same time as a wrong password.
pub async fn sign_in(app: &App, ctx: &Ctx, login: &str, password: &str, device: &str) -> Result<MadeToken, Problem> {
    let login = login.trim().to_lowercase();
    // What nobody is called is not worth a place among the names that are counted.
    if login.len() > limits::LOGIN_BYTES_MAX || password.len() > limits::PASSWORD_BYTES_MAX {
        return Err(Problem::new(code::AUTH_BAD_PASSWORD));
    }
    app.rates.sign_in(&login, ctx.now_ms).map_err(|ms| Problem::new(code::AUTH_TOO_MANY).retry_after_ms(ms))?;
    let found = find(app, &login).await?;
    let hash = found.as_ref().map_or_else(|| nobodys_hash().to_owned(), |(_, hash)| hash.clone());
    let right = verify(app, password.to_owned(), hash).await?;
    match found {
        Some((who, _)) if right => enter(app, ctx, NewToken::of(who, How::Password, device)).await,
        found => {
            if let Some((who, _)) = found {
                refused(app, ctx, &who);
            }
            Err(Problem::new(code::AUTH_BAD_PASSWORD))
        }
    }
}

/// Writes down that somebody tried another's name. Not waited for: how long an answer takes must not tell which names
/// there are.
fn refused(app: &App, ctx: &Ctx, who: &Who) {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "token.refused".to_owned(),
        subject: who.audit_name(),
        detail: serde_json::json!({}),
        request: Some(ctx.request_id.clone()),
    };
    let store = app.store.clone();
    tokio::spawn(async move {
        if let Err(refusal) = store.commit(Commit { guards: Vec::new(), changes: Vec::new(), audit }).await {
            tracing::warn!(?refusal, "a refused sign-in was not written down");
        }
    });
}

/// Whether a password is that of whoever asks. Counted like a sign-in under their name.
pub async fn is_own_password(app: &App, ctx: &Ctx, password: &str) -> Result<bool, Problem> {
    let (name, hash) = match &ctx.actor {
        Caller::Customer(customer) => (customer.login.clone(), customer.password_hash.clone()),
        Caller::Staff(staff) => (staff.id.to_string(), staff.password_hash.clone()),
        Caller::Anonymous | Caller::Host => return Err(Problem::new(code::AUTH_REQUIRED)),
    };
    if password.len() > limits::PASSWORD_BYTES_MAX {
        return Ok(false);
    }
    app.rates.sign_in(&name, ctx.now_ms).map_err(|ms| Problem::new(code::AUTH_TOO_MANY).retry_after_ms(ms))?;
    verify(app, password.to_owned(), hash).await
}

/// A sign-in that is to be made, and what else is written with it.
pub struct NewToken {
    pub who: Who,
    pub how: How,
    pub device: String,
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
    /// Sign-ins that end with it, or are another's from now on: this host must not go by what it remembers.
    pub forgets: Vec<Digest>,
    /// For the audit record.
    pub detail: serde_json::Value,
}

impl NewToken {
    pub fn of(who: Who, how: How, device: &str) -> Self {
        let (guards, changes, forgets) = (Vec::new(), Vec::new(), Vec::new());
        Self { who, how, device: named(device), guards, changes, forgets, detail: serde_json::json!({}) }
    }
}

/// Signs somebody in whose presence has been proved. Where a visitor did it, what they were goes along.
pub async fn enter(app: &App, ctx: &Ctx, mut new: NewToken) -> Result<MadeToken, Problem> {
    if let Who::Customer(customer) = &new.who
        && let Some(taken) = visitor::taken_over(app, ctx.now_ms, ctx.customer(), customer).await?
    {
        new.guards.extend(taken.guards);
        new.changes.extend(taken.changes);
        new.forgets.extend(taken.ends);
        new.detail["visitor"] = taken.visitor.to_string().into();
    }
    issue(app, ctx, new).await
}

/// Makes a token. Its text is given out this once.
pub async fn issue(app: &App, ctx: &Ctx, new: NewToken) -> Result<MadeToken, Problem> {
    let NewToken { who, how, device, guards, mut changes, forgets, mut detail } = new;
    if let Who::Staff(id) = &who
        && !app.catalog().staff(id).is_some_and(Staff::is_open)
    {
        return Err(Problem::new(code::SIGN_IN_NOBODY).because(format!("{id} is closed")));
    }
    let (text, token) = fresh(app, ctx, who.clone(), how, device);
    detail["how"] = super::me::word(&how).into();
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: who.audit_name(),
        action: "token.made".to_owned(),
        subject: who.audit_name(),
        detail,
        request: Some(ctx.request_id.clone()),
    };
    changes.push(Change::Token(token.clone()));
    app.store.commit(Commit { guards, changes, audit }).await.map_err(|refusal| match refusal {
        CommitRefusal::Moved(fact) => Problem::new(code::AUTH_CHALLENGE).because(fact),
        other => other.into(),
    })?;
    forgets.iter().for_each(|digest| app.sign_ins.forget(digest));
    MadeToken::of(app, text, &token).await
}

/// A sign-in and its text, which is kept by nobody here.
pub fn fresh(app: &App, ctx: &Ctx, who: Who, how: How, name: String) -> (String, Token) {
    let text = token_text(app);
    let token = Token {
        digest: token_digest(&text),
        who,
        made_ms: ctx.now_ms,
        expires_ms: ctx.now_ms + how.lasts_ms(),
        proved_ms: if how.proves() { ctx.now_ms } else { 0 },
        how,
        name,
        scopes: None,
    };
    (text, token)
}

/// A token that nobody can guess.
pub fn token_text(app: &App) -> String {
    format!("xt_{}", data_encoding::BASE64URL_NOPAD.encode(&app.clock.random::<32>()))
}

pub async fn sign_out(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let Some(digest) = &ctx.token else { return Ok(()) };
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "token.revoked".to_owned(),
        subject: ctx.actor.audit_name(),
        detail: serde_json::json!({}),
        request: Some(ctx.request_id.clone()),
    };
    let changes = vec![Change::TokenRevoked(digest.clone())];
    app.store.commit(Commit { guards: Vec::new(), changes, audit }).await?;
    app.sign_ins.forget(digest);
    Ok(())
}

/// Staff sign in with their id, customers with their own name.
async fn find(app: &App, login: &str) -> Result<Option<(Who, String)>, Problem> {
    let staff = StaffId::parse(login).ok().and_then(|id| app.catalog().staff(&id).cloned());
    if let Some(staff) = staff {
        // Nobody signs in to a closed account, whatever they know.
        let hash = if staff.is_open() { staff.password_hash } else { String::new() };
        return Ok(Some((Who::Staff(staff.id), hash)));
    }
    let customer = match app.store.customer_by_login(login).await {
        Err(StoreError::Withheld) => None,
        found => found?,
    };
    Ok(customer.map(|customer| (Who::Customer(customer.id), customer.password_hash)))
}

/// OWASP's smallest setting for Argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash that is kept of a password.
pub fn hash_password(password: &str) -> Result<String, Problem> {
    let hash = argon2().hash_password(password.as_bytes()).map_err(|e| Problem::internal(format!("argon2: {e}")))?;
    Ok(hash.to_string())
}

async fn verify(app: &App, password: String, hash: String) -> Result<bool, Problem> {
    let _permit = app.sign_ins.verifying.acquire().await.map_err(Problem::internal)?;
    tokio::task::spawn_blocking(move || {
        let parsed = PasswordHash::new(&hash).ok();
        parsed.is_some_and(|parsed| argon2().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
    .map_err(Problem::internal)
}

/// The hash of a password that nobody has.
fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_password("nobody's").unwrap_or_default())
}
