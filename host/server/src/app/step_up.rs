//! Step-up: a passkey signs exactly what is about to be done, and the proof is kept with it.
//!
//! Three steps. [`begin`] asks for a signature over a digest: a sheet's, as it was shown, or that of an [`Intent`] of
//! staff. [`answer`] checks the signature and keeps the [`Proof`] under a name. Whoever does the thing itself calls
//! [`for_digest`], [`for_intent`] or, for staff, [`presence`], with the name that came along in the header `x-step-up`
//! (pages: `?step_up=`), and puts [`Taken::change`] into the commit of the deed: so a proof serves once, for that.

use super::App;
use super::challenge;
use super::ctx::Ctx;
use super::identity::{has_passkey, of_passkey, who};
use super::publish::commit;
use super::rate::Guesses;
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_identity::passkeys;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::digest::Digest;
use xitai_model::identity::Who;
use xitai_model::policy::{Action, asks_presence};
use xitai_model::presence::{Intent, Passkey, Proof, Purpose};
use xitai_model::stop::StopTarget;

/// What is to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The digest of a document that holds a nonce of its own, such as a sheet.
    Digest(Digest),
    /// Something to be done, in words that the one who does it compares.
    Intent { action: String, subject: String },
}

/// A question for the browser.
pub struct Asked {
    pub id: String,
    pub digest: Digest,
    /// For `navigator.credentials.get`.
    pub options: Value,
}

/// A proof, and what makes it serve once.
#[derive(Debug, Clone)]
pub struct Taken {
    pub proof: Proof,
    pub change: Change,
}

/// Asks one of the caller's passkeys.
pub async fn begin(app: &App, ctx: &Ctx, what: What) -> Result<Asked, Problem> {
    let who = who(ctx)?;
    let there = app.store.passkeys_of(&who).await?;
    if there.is_empty() {
        return Err(Problem::new(code::AUTH_NO_PASSKEY));
    }
    app.rates.guess(Guesses::Passkey, &who.audit_name(), ctx.now_ms)?;
    let digest = match &what {
        What::Digest(digest) => digest.clone(),
        What::Intent { action, subject } => {
            let nonce = data_encoding::HEXLOWER.encode(&app.clock.random::<16>());
            Intent { who: &who, action, subject, nonce: &nonce }.digest()
        }
    };
    let credentials: Vec<String> = there.into_iter().map(|passkey| passkey.credential).collect();
    let asked = app.identity.passkeys.ask(&credentials, digest.bytes()).map_err(of_passkey)?;
    let mut body = json!({ "state": asked.state, "digest": digest });
    if let What::Intent { action, subject } = what {
        body["action"] = action.into();
        body["subject"] = subject.into();
    }
    let waits = challenge::make(app, ctx, Purpose::StepUp, Some(who.clone()), body);
    let id = waits.id.clone();
    let detail = json!({ "digest": digest });
    commit(app, ctx, Vec::new(), vec![Change::Challenge(waits)], "step-up.asked", &who.audit_name(), detail).await?;
    Ok(Asked { id, digest, options: asked.options })
}

/// A proof that was given, and the name to use it under.
pub struct Given {
    pub id: String,
    pub proof: Proof,
    pub expires_ms: i64,
}

/// Checks what the passkey signed.
pub async fn answer(app: &App, ctx: &Ctx, id: &str, answer: &Value) -> Result<Given, Problem> {
    let who = who(ctx)?;
    app.rates.guess(Guesses::Passkey, &who.audit_name(), ctx.now_ms)?;
    let asked = challenge::waiting(app, ctx, id, Purpose::StepUp, Some(&who)).await?;
    let passkey = answering(app, &who, answer).await?;
    let digest: Digest = serde_json::from_value(asked.body["digest"].clone()).map_err(Problem::internal)?;
    let signed = app.identity.passkeys.signed(&asked.body["state"], answer, &passkey.credential);
    let signed = match signed.map_err(of_passkey) {
        Ok(signed) => signed,
        Err(problem) => return Err(refused(app, ctx, &who, problem).await),
    };
    let mut document = signed.evidence;
    document["who"] = who.audit_name().into();
    document["digest"] = digest.as_str().into();
    document["at_ms"] = ctx.now_ms.into();
    let proof = Proof { digest, passkey: passkey.id.clone(), at_ms: ctx.now_ms, text: document.to_string() };
    let mut body = json!({ "proof": proof });
    for name in ["action", "subject"] {
        if !asked.body[name].is_null() {
            body[name] = asked.body[name].clone();
        }
    }
    let given = challenge::make(app, ctx, Purpose::Proof, Some(who.clone()), body);
    let (id, expires_ms) = (given.id.clone(), given.expires_ms);
    let used = Passkey { credential: signed.credential, used_ms: Some(ctx.now_ms), ..passkey };
    let detail = json!({ "digest": proof.digest, "passkey": used.id });
    let changes = vec![challenge::taken(&asked), Change::Challenge(given), Change::Passkey(Box::new(used))];
    commit(app, ctx, Vec::new(), changes, "step-up.proved", &who.audit_name(), detail)
        .await
        .map_err(challenge::lost)?;
    Ok(Given { id, proof, expires_ms })
}

/// The caller's own passkey that an answer is of.
async fn answering(app: &App, who: &Who, answer: &Value) -> Result<Passkey, Problem> {
    let unknown = || Problem::new(code::AUTH_PASSKEY);
    let id = passkeys::answering(answer).ok_or_else(unknown)?;
    app.store.passkey(&id).await?.filter(|passkey| passkey.who == *who).ok_or_else(unknown)
}

/// Writes down that a passkey's answer was refused.
pub async fn refused(app: &App, ctx: &Ctx, who: &Who, problem: Problem) -> Problem {
    let detail = json!({ "why": problem.internal.clone().unwrap_or_default() });
    match commit(app, ctx, Vec::new(), Vec::new(), "step-up.refused", &who.audit_name(), detail).await {
        Ok(()) => problem,
        Err(refusal) => refusal.into(),
    }
}

/// The proof under a name, for a digest.
pub async fn for_digest(app: &App, ctx: &Ctx, id: &str, digest: &Digest) -> Result<Taken, Problem> {
    take(app, ctx, id, |body, proof| body["action"].is_null() && proof.digest == *digest).await
}

/// The proof under a name, for something to be done.
pub async fn for_intent(app: &App, ctx: &Ctx, id: &str, action: &str, subject: &str) -> Result<Taken, Problem> {
    take(app, ctx, id, |body, _| body["action"] == action && body["subject"] == subject).await
}

async fn take(app: &App, ctx: &Ctx, id: &str, fits: impl Fn(&Value, &Proof) -> bool) -> Result<Taken, Problem> {
    let who = who(ctx)?;
    let wrong = || Problem::new(code::AUTH_PROOF);
    let given = challenge::waiting(app, ctx, id, Purpose::Proof, Some(&who))
        .await
        .map_err(|problem| if problem.code == code::AUTH_CHALLENGE { wrong() } else { problem })?;
    let proof: Proof = serde_json::from_value(given.body["proof"].clone()).map_err(Problem::internal)?;
    if !proof.is_fresh(ctx.now_ms) || !fits(&given.body, &proof) {
        return Err(wrong());
    }
    Ok(Taken { proof, change: challenge::taken(&given) })
}

/// The proof that a member of staff must have brought for an action, where the policy asks for one. `subject` says to
/// what exactly: the refusal names it, and a proof for anything else does not do.
pub async fn presence(app: &App, ctx: &Ctx, action: Action, subject: &str) -> Result<Option<Taken>, Problem> {
    let who = who(ctx)?;
    let has = has_passkey(app, &who).await?;
    if !asks_presence(action, app.identity.step_up, has) {
        return Ok(None);
    }
    match &ctx.step_up {
        Some(id) => for_intent(app, ctx, id, action.as_str(), subject).await.map(Some),
        None => Err(wanted(action.as_str(), subject, has)),
    }
}

/// Whether a page shall ask for a passkey before it sends a form for this action.
pub async fn asks(app: &App, ctx: &Ctx, action: Action) -> Result<bool, Problem> {
    let has = has_passkey(app, &who(ctx)?).await?;
    Ok(has && asks_presence(action, app.identity.step_up, has))
}

/// What to sign, for whoever has not.
pub fn wanted(action: &str, subject: &str, has_passkey: bool) -> Problem {
    let problem = Problem::new(code::AUTH_STEP_UP)
        .member("step_up", json!({ "action": action, "subject": subject, "has_passkey": has_passkey }));
    if has_passkey { problem } else { problem.detail(code::AUTH_NO_PASSKEY.en) }
}

/// Puts a proof into an audit record's detail and what takes it among the changes.
pub fn keep(taken: Option<Taken>, changes: &mut Vec<Change>, detail: &mut Value) {
    if let Some(taken) = taken {
        detail["proof"] = serde_json::from_str(&taken.proof.text).unwrap_or(Value::Null);
        changes.push(taken.change);
    }
}

/// The text of a proof that is kept apart from the audit record, because that is for others to read; and what takes it
/// goes among the changes.
pub fn apart(taken: Option<Taken>, changes: &mut Vec<Change>) -> Option<String> {
    let taken = taken?;
    changes.push(taken.change);
    Some(taken.proof.text)
}

/// Who has acted, in a record that goes into a customer's receipt: who of head office it was stands in the matter, whose
/// digest is a part of the record's evidence.
pub const HEAD_OFFICE: &str = "head-office";

/// What a reviewer's decision is, in the words that are signed.
pub fn decision_subject(review: &str, package: &Digest, approves: bool) -> String {
    format!("{} {review} {package}", if approves { "approve" } else { "return" })
}

/// What a stop, or a step of its lifting, is.
pub fn stop_subject(target: &StopTarget, lifts: bool) -> String {
    format!("{} {}", if lifts { "lift" } else { "stop" }, target.name())
}
