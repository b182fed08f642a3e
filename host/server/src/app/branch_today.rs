//! What a branch's manager looks at in the morning: one branch's use, money, word of customers and open questions.

use super::catalog::{Catalog, config_id};
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::{App, books, branch_books, breaks, feedback, figures, takings};
use crate::http::problem::Problem;
use std::collections::BTreeMap;
use xitai_model::feedback::complaint::Complaint;
use xitai_model::ids::{BranchId, MerchantId, ProgramId, ReleaseId};
use xitai_model::limits::{BRANCH_BREAKS_MAX, BRANCH_COMPLAINTS_MAX};
use xitai_model::matter::MatterKind;
use xitai_model::merchant::advance;
use xitai_model::money::Money;
use xitai_model::reconciliation::Break;
use xitai_model::rollout::freeze::Freeze;
use xitai_model::rollout::{Figures, Rollout, Stage};
use xitai_model::stop::Stop;

const DAY_MS: i64 = 24 * 3_600_000;
/// Closed days that are looked back on: a month and the days before the last one was closed.
const DAYS_MAX: usize = 35;

/// How much something was used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    pub customers: u64,
    pub sessions: u64,
}

pub struct Today {
    pub used_today: Used,
    pub used_yesterday: Used,
    /// Closed days of this month and the newest before it, newest first.
    pub days: Vec<(xitai_model::day::Day, takings::Sums)>,
    /// Of its programs, wherever they run, in the last day.
    pub calls: Vec<(ProgramId, Figures)>,
    /// Stars and number of the newest ratings that customers of the branch gave, by program.
    pub ratings: Vec<(ProgramId, u64, u64)>,
    /// That wait for an answer, the nearest deadline first.
    pub complaints: Vec<Read<Complaint>>,
    /// Releases beside the base of its programs.
    pub stages: Vec<(ProgramId, Stage)>,
    pub stops: Vec<(ProgramId, Stop)>,
    /// Programs whose settings wait for a second person of the branch.
    pub settings: Vec<ProgramId>,
    /// Whether its zone page does.
    pub zone: bool,
    /// In force or coming.
    pub freezes: Vec<Freeze>,
    /// What its merchants owe the bank for refunds that it has advanced.
    pub owed: Vec<(MerchantId, String, Money)>,
    pub breaks: Vec<Read<Break>>,
}

/// One branch's, for whoever reads its books.
pub async fn view(app: &App, ctx: &Ctx, branch: &BranchId) -> Result<Today, Problem> {
    branch_books::reads(app, ctx, branch)?;
    let catalog = app.catalog();
    let rollouts: Vec<&Rollout> = catalog.rollouts.values().map(|kept| &kept.value).collect();
    let on: Vec<&Rollout> = rollouts.into_iter().filter(|it| it.is_offered(branch)).collect();
    let programs: Vec<&ProgramId> = on.iter().map(|it| &it.program).filter(|id| !catalog.is_retired(id)).collect();
    let today = app.config.zone.day(ctx.now_ms);
    let begins = |day| books::instant(app.config.zone, day, 0);
    let stops = programs.iter().filter_map(|id| Some(((*id).clone(), catalog.stop_on(id, branch)?.clone()))).collect();
    let beside = |it: &Rollout| it.stages[..it.stages.len().saturating_sub(1)].to_vec();
    let mut stages = Vec::new();
    for rollout in &on {
        stages.extend(beside(rollout).into_iter().map(|stage| (rollout.program.clone(), stage)));
    }
    Ok(Today {
        used_today: used(app, branch, begins(today)?, ctx.now_ms + 1).await?,
        used_yesterday: used(app, branch, begins(today.before())?, begins(today)?).await?,
        days: takings::since(app, Some(branch), month_of(today), DAYS_MAX).await?,
        calls: calls(app, &on, ctx.now_ms).await?,
        ratings: ratings(app, branch, &programs).await?,
        complaints: complaints(app, branch).await?,
        stages,
        stops,
        settings: programs.iter().filter(|id| waits(&catalog, id, branch)).map(|id| (*id).clone()).collect(),
        zone: catalog.zone_pages.get(branch).is_some_and(|kept| kept.value.is_waiting()),
        freezes: freezes(&catalog, branch, ctx.now_ms),
        owed: owed(app, &catalog, branch).await?,
        breaks: broken(app, branch).await?,
    })
}

async fn used(app: &App, branch: &BranchId, from_ms: i64, until_ms: i64) -> Result<Used, Problem> {
    let (customers, sessions) = app.store.sessions_of_branch(branch, from_ms, until_ms).await?;
    Ok(Used { customers, sessions })
}

/// The first day of its month, or yesterday on that day itself: there is always a day to look at.
fn month_of(today: xitai_model::day::Day) -> xitai_model::day::Day {
    let first = xitai_model::day::Day::parse(&format!("{}-01", &today.to_string()[..7])).unwrap_or(today);
    first.min(today.before())
}

fn waits(catalog: &Catalog, program: &ProgramId, branch: &BranchId) -> bool {
    catalog.config.get(&config_id(program, branch)).is_some_and(|kept| kept.value.is_waiting())
}

fn freezes(catalog: &Catalog, branch: &BranchId, now_ms: i64) -> Vec<Freeze> {
    let all = catalog.freezes.values().map(|kept| &kept.value);
    let mut of_branch: Vec<Freeze> =
        all.filter(|it| !it.is_over(now_ms) && catalog.is_within(branch, &it.place)).cloned().collect();
    of_branch.sort_by_key(|freeze| freeze.from_ms);
    of_branch
}

/// What the live releases of programs did in the last day.
pub async fn calls(app: &App, rollouts: &[&Rollout], now_ms: i64) -> Result<Vec<(ProgramId, Figures)>, Problem> {
    let mut all = Vec::new();
    for rollout in rollouts {
        let mut whole = Figures::default();
        for stage in &rollout.stages {
            let id = ReleaseId { program: rollout.program.clone(), version: stage.version.clone() };
            for (_, hour) in figures::hours(app, &id, now_ms - DAY_MS).await? {
                whole.add(&hour);
            }
        }
        all.push((rollout.program.clone(), whole));
    }
    all.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.calls));
    Ok(all)
}

async fn ratings(app: &App, branch: &BranchId, programs: &[&ProgramId]) -> Result<Vec<(ProgramId, u64, u64)>, Problem> {
    let mut all = Vec::new();
    for program in programs {
        let (newest, _) = feedback::ratings(app, program, branch, None).await?;
        let stars = newest.iter().map(|it| u64::from(it.body.stars)).sum();
        if !newest.is_empty() {
            all.push(((*program).clone(), stars, newest.len() as u64));
        }
    }
    Ok(all)
}

/// Complaints whose clock runs. What they say stays with head office, which answers them.
async fn complaints(app: &App, branch: &BranchId) -> Result<Vec<Read<Complaint>>, Problem> {
    let due = app.store.matters_due(MatterKind::Complaint, i64::MAX, BRANCH_COMPLAINTS_MAX).await?;
    let own = due.into_iter().filter(|matter| matter.branch == *branch).map(read::<Complaint>);
    let mut all = own.collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|it| it.body.deadline_ms);
    Ok(all)
}

async fn owed(app: &App, catalog: &Catalog, branch: &BranchId) -> Result<Vec<(MerchantId, String, Money)>, Problem> {
    let mut all = Vec::new();
    let own = catalog.merchants.values().map(|kept| &kept.value).filter(|it| it.branch.as_ref() == Some(branch));
    for merchant in own {
        let rates = merchant.contracts.iter().flat_map(|contract| contract.terms.rates.keys().copied());
        let currencies: BTreeMap<_, ()> = rates.map(|currency| (currency, ())).collect();
        for currency in currencies.into_keys() {
            let minor = app.store.balances(&advance::owed(merchant.id.as_str(), currency)).await?.posted();
            if minor > 0 {
                all.push((merchant.id.clone(), merchant.legal_name.clone(), Money::new(minor, currency)));
            }
        }
    }
    Ok(all)
}

/// Open breaks of payments that were made in the branch.
async fn broken(app: &App, branch: &BranchId) -> Result<Vec<Read<Break>>, Problem> {
    let mut own = Vec::new();
    for found in breaks::open(app).await?.into_iter().take(BRANCH_BREAKS_MAX) {
        let Some(id) = found.body.payment() else { continue };
        if app.store.payment(&id).await?.is_some_and(|payment| payment.branch == *branch) {
            own.push(found);
        }
    }
    Ok(own)
}
