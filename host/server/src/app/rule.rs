//! Rules that two people of head office set: limits on spending, and what movements are looked at by. Each is a
//! document of its own; both kinds go the same way.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{commit, may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use serde::Serialize;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::limits::{RISK_RULES_MAX, SPENDING_LIMITS_MAX};
use xitai_model::policy::Action;
use xitai_model::proposal::{By, Rule, Verdict, Wanted};
use xitai_model::record::Noun;
use xitai_model::refusal::Refusal;
use xitai_model::risk::RiskRule;
use xitai_model::spending::{self, Limit};

/// A kind of rule.
pub trait Kind: Serialize + Clone {
    const NOUN: Noun;
    /// How many there may be.
    const MOST: usize;
    fn checked(self) -> Result<Self, Refusal>;
    fn all(catalog: &Catalog) -> Vec<Rule<Self>>;
}

impl Kind for Limit {
    const NOUN: Noun = Noun::SpendingLimit;
    const MOST: usize = SPENDING_LIMITS_MAX;
    fn checked(self) -> Result<Self, Refusal> {
        Limit::checked(self)
    }
    fn all(catalog: &Catalog) -> Vec<Rule<Self>> {
        catalog.limits().cloned().collect()
    }
}

impl Kind for RiskRule {
    const NOUN: Noun = Noun::RiskRule;
    const MOST: usize = RISK_RULES_MAX;
    fn checked(self) -> Result<Self, Refusal> {
        RiskRule::checked(self)
    }
    fn all(catalog: &Catalog) -> Vec<Rule<Self>> {
        catalog.risk_rules().cloned().collect()
    }
}

pub fn list<T: Kind>(app: &App, ctx: &Ctx) -> Result<Vec<Rule<T>>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadRules)?;
    Ok(T::all(&catalog))
}

/// Proposes a rule, a change of one, or that it shall hold no more.
pub async fn propose<T: Kind>(app: &App, ctx: &Ctx, id: &str, wanted: Option<T>) -> Result<Rule<T>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ProposeRules)?;
    if !spending::is_id(id) {
        return Err(Problem::new(code::RULE_ID).detail(id));
    }
    let all = T::all(&catalog);
    let there = all.iter().find(|rule| rule.id == id);
    let wanted = match wanted {
        Some(rule) => Wanted::Set(rule.checked()?),
        None if there.is_some_and(|rule| rule.live.is_some()) => Wanted::Remove,
        None => return Err(Problem::new(code::RULE_NOT_FOUND)),
    };
    if there.is_none() && all.len() >= T::MOST {
        return Err(Problem::new(code::RULE_TOO_MANY));
    }
    let by = By { staff: staff.id.clone(), person: staff.person.clone() };
    let next = there.cloned().unwrap_or_else(|| Rule::new(id)).propose(wanted, by, ctx.now_ms);
    keep(app, ctx, &catalog, next, "rule.proposed", None).await
}

/// What a second person says, in the words that are signed.
pub fn subject<T: Kind>(id: &str, verdict: &Verdict) -> String {
    let (word, digest) = match verdict {
        Verdict::Approve { digest } => ("approve", digest),
        Verdict::Return { digest, .. } => ("return", digest),
    };
    said::<T>(word, id, digest)
}
pub fn said<T: Kind>(word: &str, id: &str, digest: &Digest) -> String {
    format!("{word} {} {id} {digest}", T::NOUN.as_str())
}

/// Takes the second person's decision on exactly what they saw.
pub async fn decide<T: Kind>(app: &App, ctx: &Ctx, id: &str, verdict: Verdict) -> Result<Rule<T>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecideRules)?;
    let all = T::all(&catalog);
    let there = all.iter().find(|rule| rule.id == id).ok_or_else(|| Problem::new(code::RULE_NOT_FOUND))?;
    let proof = step_up::presence(app, ctx, Action::DecideRules, &subject::<T>(id, &verdict)).await?;
    let by = By { staff: staff.id.clone(), person: staff.person.clone() };
    let next = there.decide(verdict, &by, ctx.now_ms)?;
    keep(app, ctx, &catalog, next, "rule.decided", proof).await
}

async fn keep<T: Kind>(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: Rule<T>,
    action: &str,
    proof: Option<step_up::Taken>,
) -> Result<Rule<T>, Problem> {
    let (guard, change) = put(catalog, T::NOUN, &next.id, &next)?;
    let mut detail = serde_json::json!({ "live": next.live, "proposed": next.proposed });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    let subject = format!("{}:{}", T::NOUN.as_str(), next.id);
    match commit(app, ctx, vec![guard], changes, action, &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(next)
}
