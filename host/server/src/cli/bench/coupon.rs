//! Coupons of one campaign, given out to 64 claimers at once until its budget is used up.

use super::bank::Place;
use super::figure::Figure;
use super::{Bench, Told};
use crate::clock::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinSet;
use xitai_model::audit::AuditEvent;
use xitai_model::campaign::{
    Campaign, Funder, Rule, Share, Signed, State, Worth, budget, costs, fund, promise, promised, refused,
};
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::coupon::Coupon;
use xitai_model::identity::{Level, Who};
use xitai_model::ids::{BranchId, CampaignId, CustomerId, MatterId, StaffId};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::matter::Matter;
use xitai_model::money::{Currency, Money};
use xitai_store::Store;

const CLAIMERS: usize = 64;
const COUPONS: usize = 50_000;
/// A worth that no two of the three funders share evenly.
const WORTH_MINOR: i64 = 1_001;

/// The rate of claims that were given, and what was promised beyond the budgets, which must be nothing. Each claim is one
/// durable commit: the coupon under a key of its customer, the customer's count under its ceiling, and a transfer from
/// each funder's budget.
pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let store = place.store().await?;
    let campaign = Arc::new(campaign(bench.sized(COUPONS) as i64)?);
    fill(&store, &campaign).await?;
    let spinner = bench.spinner("Claims");
    let next = Arc::new(AtomicU64::new(1));
    let began = Clock::Machine.monotonic();
    let mut claimers = JoinSet::new();
    for _ in 0..CLAIMERS {
        claimers.spawn(claim(store.clone(), campaign.clone(), next.clone()));
    }
    let mut given = 0;
    while let Some(ended) = claimers.join_next().await {
        given += ended.map_err(|e| e.to_string())??;
    }
    let seconds = began.elapsed().as_secs_f64();
    spinner.finish_and_clear();
    let over = overspent(&store, &campaign).await?;
    let foretold = costs(&campaign).coupons as u64;
    if given != foretold {
        return Err(format!("{given} coupons were given out of a budget for {foretold}"));
    }
    if let Some(problem) = store.verify().await.map_err(|e| format!("{e:?}"))?.problem {
        return Err(format!("the books do not verify: {problem}"));
    }
    Ok(vec![
        Figure::new("coupon_claims_per_s", given as f64 / seconds, "claims/s"),
        Figure::new("coupon_overspend", over as f64, "fen"),
    ])
}

fn campaign(coupons: i64) -> Result<Campaign, Told> {
    let told = |e: &dyn std::fmt::Display| e.to_string();
    let by = || -> Result<Signed, Told> {
        let staff = StaffId::parse("bench").map_err(|e| told(&e))?;
        Ok(Signed { by: Who::Staff(staff), person: "bench".to_owned(), at_ms: 0 })
    };
    let share = |funder: &str, basis_points| {
        let funder = Funder::parse(funder).ok_or_else(|| format!("{funder} is no funder"))?;
        Ok::<_, Told>(Share { funder, basis_points, cap: Money::cny(WORTH_MINOR), accepted: Vec::new() })
    };
    let shares = vec![share("merchant:bench", 5_000)?, share("branch:bench", 3_000)?, share("head-office", 2_000)?];
    let mut campaign = Campaign {
        id: CampaignId::parse("bench").map_err(|e| told(&e))?,
        title: "Bench".to_owned(),
        rule: Rule {
            programs: Vec::new(),
            places: Vec::new(),
            level: Level::Visitor,
            minimum_spend: Money::cny(0),
            worth: Worth::Fixed(Money::cny(WORTH_MINOR)),
            each_customer: 1,
            from_ms: 0,
            until_ms: 1_000_000,
            valid_s: 3_600,
            by_code: false,
        },
        price: None,
        shares,
        state: State::Live,
        proposed: by()?,
        stopped: None,
        codes: 0,
    };
    let reserves = campaign.reserve();
    for (share, reserve) in campaign.shares.iter_mut().zip(reserves) {
        share.cap = Money::cny(reserve.amount.minor * coupons);
    }
    Ok(campaign)
}

async fn fill(store: &Store, campaign: &Campaign) -> Result<(), Told> {
    let treasury = AccountKey::new(AccountKind::Treasury, "bench", Currency::CNY);
    let earned = campaign.shares.iter().map(|share| Transfer {
        debit: treasury.clone(),
        credit: share.funder.account(Currency::CNY),
        amount: share.cap,
        movement: Movement::Post,
        purpose: Purpose::Funding,
        payment: None,
        ceiling: None,
    });
    let chain = earned.chain(fund(campaign)).collect();
    let changes = vec![Change::Transfers { chain, holds_of: None }];
    store.commit(commit(Vec::new(), changes)).await.map_err(|refusal| format!("{refusal:?}"))?;
    Ok(())
}

fn commit(guards: Vec<Guard>, changes: Vec<Change>) -> Commit {
    let audit = AuditEvent {
        at_ms: 0,
        actor: "host".to_owned(),
        action: "bench.coupon".to_owned(),
        subject: "campaign:bench".to_owned(),
        detail: serde_json::json!({}),
        request: None,
    };
    Commit { guards, changes, audit }
}

/// Claims for one customer after the other, until the budget is used up; how many were given.
async fn claim(store: Store, campaign: Arc<Campaign>, next: Arc<AtomicU64>) -> Result<u64, Told> {
    let branch = BranchId::parse("bench").map_err(|e| e.to_string())?;
    let mut given = 0;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        let customer = CustomerId::new(0, random);
        let coupon = Coupon::of(&campaign, 0);
        let mut matter =
            Matter::new(MatterId::new(0, random), None, branch.clone(), Some(customer.clone()), &coupon, 0);
        matter.key = Some("bench".to_owned());
        let guards = matter.keyed().map(Guard::MatterKeyFree).into_iter().collect();
        let chain = promise(&campaign, &customer);
        let changes = vec![Change::Matter(Box::new(matter)), Change::Transfers { chain, holds_of: None }];
        match store.commit(commit(guards, changes)).await {
            Ok(_) => given += 1,
            Err(CommitRefusal::Ledger(refusal)) if refused(&refusal) == code::CAMPAIGN_BUDGET => return Ok(given),
            Err(refusal) => return Err(format!("{refusal:?}")),
        }
    }
}

/// What the funders' promises go beyond their caps, all together.
async fn overspent(store: &Store, campaign: &Campaign) -> Result<i64, Told> {
    let told = |e| format!("{e:?}");
    let mut over = 0;
    for share in &campaign.shares {
        let left = store.balances(&budget(&campaign.id, &share.funder, Currency::CNY)).await.map_err(told)?;
        let out = store.balances(&promised(&campaign.id, &share.funder, Currency::CNY)).await.map_err(told)?;
        over += (out.posted() - share.cap.minor).max(0) + (-left.posted()).max(0);
    }
    Ok(over)
}
