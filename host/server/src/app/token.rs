//! Where somebody is signed in, and the tokens that they made for machines. What is listed can be revoked.

use super::App;
use super::ctx::Ctx;
use super::identity::who;
use super::passkey::named;
use super::publish::{commit, developer, may_for_bank};
use super::sign_in::token_text;
use super::step_up;
use crate::http::extract::token_digest;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::identity::{How, Token, Who};
use xitai_model::limits;
use xitai_model::policy::{Action, BANK_MACHINE_SCOPES, MACHINE_SCOPES};

const DAY_MS: i64 = 24 * 3_600_000;

/// The caller's own sign-ins, newest first, without their machines'.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<Token>, Problem> {
    of_kind(app, ctx, false).await
}

/// The tokens that the caller made for machines.
pub async fn machines(app: &App, ctx: &Ctx) -> Result<Vec<Token>, Problem> {
    developer(app, ctx)?;
    of_kind(app, ctx, true).await
}

async fn of_kind(app: &App, ctx: &Ctx, machines: bool) -> Result<Vec<Token>, Problem> {
    let all = app.store.tokens_of(&who(ctx)?, ctx.now_ms, limits::TOKENS_LISTED_MAX).await?;
    Ok(all.into_iter().filter(|token| (token.how == How::Machine) == machines).collect())
}

/// Ends one of them.
pub async fn revoke(app: &App, ctx: &Ctx, id: &str) -> Result<(), Problem> {
    let who = who(ctx)?;
    let all = app.store.tokens_of(&who, ctx.now_ms, limits::TOKENS_LISTED_MAX).await?;
    let token = all.into_iter().find(|token| token.id() == id);
    let token = token.ok_or_else(|| Problem::new(code::AUTH_TOKEN_NOT_FOUND))?;
    let revoked = vec![Change::TokenRevoked(token.digest.clone())];
    end(app, ctx, &who, vec![token], revoked).await
}

/// Ends all of them, this one too: machines' as well, since whoever does this believes that somebody else is in.
pub async fn revoke_all(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let who = who(ctx)?;
    let all = app.store.tokens_of(&who, ctx.now_ms, limits::TOKENS_LISTED_MAX).await?;
    end(app, ctx, &who, all, vec![Change::SignInsEnded(who.clone())]).await
}

async fn end(app: &App, ctx: &Ctx, who: &Who, tokens: Vec<Token>, changes: Vec<Change>) -> Result<(), Problem> {
    let ids: Vec<&str> = tokens.iter().map(Token::id).collect();
    commit(app, ctx, Vec::new(), changes, "token.revoked", &who.audit_name(), json!({ "tokens": ids })).await?;
    for token in &tokens {
        app.sign_ins.forget(&token.digest);
    }
    Ok(())
}

/// A machine's token; its text is shown this once.
pub struct MadeMachine {
    pub text: String,
    pub token: Token,
}

/// What a machine is to be given.
pub struct Wanted<'a> {
    pub name: &'a str,
    pub scopes: &'a [String],
    pub days: u32,
}

/// Makes a token that publishes for the caller, and does nothing that a person must answer for.
pub async fn make_machine(app: &App, ctx: &Ctx, wanted: Wanted<'_>) -> Result<MadeMachine, Problem> {
    developer(app, ctx)?;
    let fits = |scope: &String| Action::parse(scope).is_some_and(|action| MACHINE_SCOPES.contains(&action));
    make(app, ctx, wanted, fits, None).await
}

/// What making a machine of the bank's is, in the words that are signed.
pub fn subject(wanted: &Wanted<'_>) -> String {
    format!("machine {} for {} days: {}", wanted.name.trim(), wanted.days, wanted.scopes.join(" "))
}

/// Makes a token for a server of the bank's own. It is its maker's: what they may not do any more, it does not either.
pub async fn make_bank_machine(app: &App, ctx: &Ctx, wanted: Wanted<'_>) -> Result<MadeMachine, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::KeepMachines)?;
    let proof = step_up::presence(app, ctx, Action::KeepMachines, &subject(&wanted)).await?;
    let catalog = app.catalog();
    let names_embed = |scope: &str| scope.strip_prefix("embed:").is_some_and(|id| catalog.embed(id).is_some());
    let is_known = |scope: &String| Action::parse(scope).is_some_and(|action| BANK_MACHINE_SCOPES.contains(&action));
    // Who serves a partner's visitors serves those of one partner, and does nothing else.
    let embeds = wanted.scopes.iter().filter(|scope| names_embed(scope)).count();
    let serves = wanted.scopes.iter().any(|scope| scope == Action::ServeEmbed.as_str());
    if (serves || embeds > 0) && !(serves && embeds == 1 && wanted.scopes.len() == 2) {
        return Err(Problem::new(code::AUTH_SCOPE_UNKNOWN));
    }
    make(app, ctx, wanted, |scope| is_known(scope) || names_embed(scope), proof).await
}

/// The bank's own machines that the caller made.
pub async fn bank_machines(app: &App, ctx: &Ctx) -> Result<Vec<Token>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::KeepMachines)?;
    of_kind(app, ctx, true).await
}

async fn make(
    app: &App,
    ctx: &Ctx,
    wanted: Wanted<'_>,
    fits: impl Fn(&String) -> bool,
    proof: Option<step_up::Taken>,
) -> Result<MadeMachine, Problem> {
    let Wanted { name, scopes, days } = wanted;
    let who = who(ctx)?;
    if scopes.is_empty() || !scopes.iter().all(fits) {
        return Err(Problem::new(code::AUTH_SCOPE_UNKNOWN));
    }
    if !(1..=limits::MACHINE_TOKEN_DAYS_MAX).contains(&days) {
        return Err(Problem::malformed(format!("days: 1 to {}", limits::MACHINE_TOKEN_DAYS_MAX)));
    }
    let name = named(name);
    if name.is_empty() {
        return Err(Problem::malformed("name: what the token is for"));
    }
    if of_kind(app, ctx, true).await?.len() >= limits::MACHINE_TOKENS_MAX {
        return Err(Problem::new(code::AUTH_TOKENS_MAX));
    }
    let mut scopes = scopes.to_vec();
    scopes.sort();
    scopes.dedup();
    let text = token_text(app);
    let token = Token {
        digest: token_digest(&text),
        who: who.clone(),
        made_ms: ctx.now_ms,
        expires_ms: ctx.now_ms + i64::from(days) * DAY_MS,
        proved_ms: ctx.now_ms,
        how: How::Machine,
        name,
        scopes: Some(scopes),
    };
    let mut detail = json!({ "token": token.id(), "scopes": token.scopes, "days": days });
    let mut changes = vec![Change::Token(token.clone())];
    step_up::keep(proof, &mut changes, &mut detail);
    commit(app, ctx, Vec::new(), changes, "token.machine-made", &who.audit_name(), detail).await?;
    Ok(MadeMachine { text, token })
}
