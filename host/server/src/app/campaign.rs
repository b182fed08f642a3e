//! Campaigns: proposed by head office or a branch, accepted by each funder for its own share, stopped at once; and what
//! they have cost.

use super::catalog::Catalog;
use super::ctx::Ctx;
use super::merchant::{Spender, spender};
use super::publish::{may, may_for_bank, put};
use super::{App, step_up};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::audit::AuditEvent;
use xitai_model::campaign::{Campaign, Command, Funder, Signed, State, budget, fund, promised, returned};
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::coupon::{CouponCode, code_key, made_code, read_code};
use xitai_model::ids::{CampaignId, MatterId};
use xitai_model::ledger::Transfer;
use xitai_model::limits::{CAMPAIGN_CODES_AT_ONCE_MAX, CAMPAIGNS_MAX};
use xitai_model::matter::Matter;
use xitai_model::money::Money;
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::record::Noun;

/// What a funder's part has come to, in the order of the shares.
#[derive(Debug, Clone)]
pub struct Burned {
    /// Neither promised nor spent.
    pub left: Money,
    /// Held by coupons that are given out.
    pub promised: Money,
    /// Spent on payments, or gone back to the funder.
    pub spent: Money,
}

fn not_found() -> Problem {
    Problem::new(code::CAMPAIGN_NOT_FOUND)
}

fn signed(staff: &Staff, ctx: &Ctx) -> Signed {
    signed_by(&Spender::of(staff), ctx)
}
fn signed_by(by: &Spender, ctx: &Ctx) -> Signed {
    Signed { by: by.who.clone(), person: by.person.clone(), at_ms: ctx.now_ms }
}

/// Proposes a campaign. `proposed` and `state` of the draft are set here.
pub async fn propose(app: &App, ctx: &Ctx, mut draft: Campaign) -> Result<Campaign, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = proposer(&catalog, ctx, &draft)?;
    draft.proposed = signed(staff, ctx);
    draft.state = State::Proposed;
    draft.check(ctx.now_ms)?;
    check_known(&catalog, &draft)?;
    if catalog.campaign(&draft.id).is_some() {
        return Err(Problem::new(code::CAMPAIGN_EXISTS));
    }
    if catalog.campaigns.len() >= CAMPAIGNS_MAX {
        return Err(Problem::new(code::CAMPAIGN_EXISTS).detail("there are too many campaigns"));
    }
    keep(app, ctx, &catalog, &draft, Vec::new(), Vec::new(), "campaign.proposed", json!({})).await?;
    Ok(draft)
}

/// Head office for the whole bank; a branch's people for places of theirs.
fn proposer<'a>(catalog: &Catalog, ctx: &'a Ctx, campaign: &Campaign) -> Result<&'a Staff, Problem> {
    if let Ok(staff) = may_for_bank(catalog, ctx, Action::ProposeCampaign) {
        return Ok(staff);
    }
    let mut found = Err(Problem::new(code::AUTH_FORBIDDEN));
    for place in &campaign.rule.places {
        found = Ok(may(catalog, ctx, Action::ProposeCampaign, Resource { place: Some(place), ..Resource::default() })?);
    }
    found
}

/// Everybody and everything that it names is in the bank's register.
fn check_known(catalog: &Catalog, campaign: &Campaign) -> Result<(), Problem> {
    let unknown = |what: &dyn std::fmt::Display| Err(Problem::new(code::CAMPAIGN_INVALID).detail(what));
    if let Some(place) = campaign.rule.places.iter().find(|place| catalog.place(place).is_none()) {
        return unknown(place);
    }
    if let Some(program) = campaign.rule.programs.iter().find(|program| catalog.program(program).is_none()) {
        return unknown(program);
    }
    let is_known = |funder: &Funder| match funder {
        Funder::Merchant(id) => catalog.merchant(id).is_some(),
        Funder::Branch(id) => catalog.branches().any(|place| place.id == *id),
        Funder::HeadOffice => true,
    };
    match campaign.shares.iter().find(|share| !is_known(&share.funder)) {
        Some(share) => unknown(&share.funder),
        None => Ok(()),
    }
}

/// What accepting a share is, in the words that are signed.
pub fn accept_subject(id: &CampaignId, funder: &Funder) -> String {
    format!("accept {id} {funder}")
}

/// Whether the caller may accept for a funder.
pub fn acceptor(catalog: &Catalog, ctx: &Ctx, funder: &Funder) -> Result<Spender, Problem> {
    match funder {
        Funder::HeadOffice => may_for_bank(catalog, ctx, Action::AcceptCampaign).map(Spender::of),
        Funder::Branch(branch) => {
            let of = Resource { place: Some(branch), ..Resource::default() };
            may(catalog, ctx, Action::AcceptCampaign, of).map(Spender::of)
        }
        Funder::Merchant(id) => {
            let merchant = catalog.merchant(id).ok_or_else(not_found)?;
            spender(catalog, ctx, merchant, Action::AcceptCampaign)
        }
    }
}

/// Accepts a share. The last one fills the budgets in the same commit, or is refused where a funder has too little.
pub async fn accept(app: &App, ctx: &Ctx, id: &CampaignId, funder: Funder) -> Result<Campaign, Problem> {
    let catalog = app.refresh_catalog().await?;
    let there = catalog.campaign(id).ok_or_else(not_found)?;
    let by = acceptor(&catalog, ctx, &funder)?;
    let subject = accept_subject(id, &funder);
    let proof = step_up::presence(app, ctx, Action::AcceptCampaign, &subject).await?;
    let mut detail = json!({ "funder": funder });
    let (next, fills) = there.apply(Command::Accept(funder), signed_by(&by, ctx))?;
    let chain = if fills { fund(&next) } else { Vec::new() };
    let mut changes = Vec::new();
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, &catalog, &next, chain, changes, "campaign.accepted", detail).await?;
    Ok(next)
}

/// Stops a campaign: nothing more is given out, and what is not promised goes back to its funders.
pub async fn stop(app: &App, ctx: &Ctx, id: &CampaignId, reason: String) -> Result<Campaign, Problem> {
    let catalog = app.refresh_catalog().await?;
    let there = catalog.campaign(id).ok_or_else(not_found)?;
    let staff = may_for_bank(&catalog, ctx, Action::StopCampaign).or_else(|refused| {
        let funders = there.shares.iter().filter_map(|share| match &share.funder {
            Funder::Branch(branch) => Some(branch),
            _ => None,
        });
        let mut own = funders.filter_map(|branch| {
            may(&catalog, ctx, Action::StopCampaign, Resource { place: Some(branch), ..Resource::default() }).ok()
        });
        own.next().ok_or(refused)
    })?;
    let (next, _) = there.apply(Command::Stop { reason }, signed(staff, ctx))?;
    keep(app, ctx, &catalog, &next, Vec::new(), Vec::new(), "campaign.stopped", json!({})).await?;
    give_back(app, ctx, &next).await?;
    Ok(next)
}

/// Makes one-time codes. They are told this once.
pub async fn make_codes(app: &App, ctx: &Ctx, id: &CampaignId, count: u32) -> Result<Vec<String>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let there = catalog.campaign(id).ok_or_else(not_found)?;
    let staff = proposer(&catalog, ctx, there)?;
    if count > CAMPAIGN_CODES_AT_ONCE_MAX {
        return Err(Problem::new(code::CAMPAIGN_CODES));
    }
    let (next, _) = there.apply(Command::MakeCodes(count), signed(staff, ctx))?;
    let bank = catalog.bank().ok_or_else(|| Problem::internal("there is no bank among the places"))?;
    let codes: Vec<String> = (0..count).map(|_| made_code(app.clock.random())).collect();
    let mut changes = Vec::with_capacity(codes.len());
    for told in &codes {
        let plain = read_code(told).ok_or_else(|| Problem::internal("a code that can't be read"))?;
        let body = CouponCode { campaign: id.clone(), coupon: None };
        let id = MatterId::new(ctx.now_ms, app.clock.random());
        let mut matter = Matter::new(id, None, bank.id.clone(), None, &body, ctx.now_ms);
        matter.key = Some(code_key(&bank.id, &plain).key);
        changes.push(Change::Matter(Box::new(matter)));
    }
    keep(app, ctx, &catalog, &next, Vec::new(), changes, "campaign.codes-made", json!({ "count": count })).await?;
    Ok(codes)
}

#[expect(clippy::too_many_arguments, reason = "one commit: a document, what moves with it, and what the trail says")]
async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: &Campaign,
    chain: Vec<Transfer>,
    mut changes: Vec<Change>,
    action: &str,
    mut detail: Value,
) -> Result<(), Problem> {
    let (guard, change) = put(catalog, Noun::Campaign, next.id.as_str(), next)?;
    changes.insert(0, change);
    if !chain.is_empty() {
        changes.push(Change::Transfers { chain, holds_of: None });
    }
    detail["state"] = json!(next.state);
    commit(app, ctx, vec![guard], changes, action, &next.id, detail).await?;
    app.refresh_catalog().await?;
    Ok(())
}

async fn commit(
    app: &App,
    ctx: &Ctx,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &str,
    id: &CampaignId,
    detail: Value,
) -> Result<(), Problem> {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: format!("campaign:{id}"),
        detail,
        request: Some(ctx.request_id.clone()),
    };
    match app.store.commit(Commit { guards, changes, audit }).await {
        Ok(_) => Ok(()),
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(CommitRefusal::Ledger(refusal)) => Err(Problem::new(refusal.code())),
        Err(refusal) => Err(refusal.into()),
    }
}

/// A campaign that the caller may look at: its funders', its branches' and head office's people.
pub fn view(app: &App, ctx: &Ctx, id: &CampaignId) -> Result<Campaign, Problem> {
    let catalog = app.catalog();
    let found = catalog.campaign(id).ok_or_else(not_found)?;
    if reads(&catalog, ctx, found) { Ok(found.clone()) } else { Err(not_found()) }
}

/// All of those, newest proposal first.
pub fn list(app: &App, ctx: &Ctx) -> Vec<Campaign> {
    let catalog = app.catalog();
    let all = catalog.campaigns.values().map(|kept| &kept.value);
    let mut found: Vec<Campaign> = all.filter(|campaign| reads(&catalog, ctx, campaign)).cloned().collect();
    found.sort_by_key(|campaign| std::cmp::Reverse(campaign.proposed.at_ms));
    found
}

fn reads(catalog: &Catalog, ctx: &Ctx, campaign: &Campaign) -> bool {
    let at = |place| may(catalog, ctx, Action::ReadCampaigns, Resource { place: Some(place), ..Resource::default() });
    may_for_bank(catalog, ctx, Action::ReadCampaigns).is_ok()
        || campaign.rule.places.iter().any(|place| at(place).is_ok())
        || campaign.shares.iter().any(|share| match &share.funder {
            Funder::Branch(branch) => at(branch).is_ok(),
            Funder::Merchant(_) => acceptor(catalog, ctx, &share.funder).is_ok(),
            Funder::HeadOffice => false,
        })
}

/// Where each funder's money is.
pub async fn burned(app: &App, campaign: &Campaign) -> Result<Vec<Burned>, Problem> {
    let currency = campaign.currency();
    let mut all = Vec::with_capacity(campaign.shares.len());
    for share in &campaign.shares {
        let budget = app.store.balances(&budget(&campaign.id, &share.funder, currency)).await?;
        let promised = app.store.balances(&promised(&campaign.id, &share.funder, currency)).await?;
        let (left, promised) = (Money::new(budget.posted(), currency), Money::new(promised.posted(), currency));
        // Refunds come back into the budget; before the budget was filled nothing is spent.
        let filled = if budget.credits_posted == 0 { left } else { share.cap };
        let spent = Money::new(filled.minor - left.minor - promised.minor, currency);
        all.push(Burned { left, promised, spent });
    }
    Ok(all)
}

/// Gives the funders back what is left in the budgets of campaigns that are over. Coupons that are still out give theirs
/// back later, and then it goes the same way.
pub async fn give_back_all(app: &App) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let catalog = app.catalog();
    for kept in catalog.campaigns.values().filter(|kept| kept.value.is_over(ctx.now_ms)) {
        give_back(app, &ctx, &kept.value).await?;
    }
    Ok(())
}

async fn give_back(app: &App, ctx: &Ctx, campaign: &Campaign) -> Result<(), Problem> {
    let mut left = Vec::with_capacity(campaign.shares.len());
    for share in &campaign.shares {
        left.push(app.store.balances(&budget(&campaign.id, &share.funder, campaign.currency())).await?.available());
    }
    let chain = returned(campaign, &left);
    if chain.is_empty() {
        return Ok(());
    }
    let changes = vec![Change::Transfers { chain, holds_of: None }];
    match commit(app, ctx, Vec::new(), changes, "campaign.returned", &campaign.id, json!({})).await {
        // Another host was there first, or a coupon came in between: the next turn looks again.
        Err(problem) if problem.code == code::LEDGER_INSUFFICIENT_FUNDS => Ok(()),
        done => done,
    }
}
