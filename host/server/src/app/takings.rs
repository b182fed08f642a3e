//! What was taken on days that are closed, for charts and the branches' pages. A closed day never changes, so that each
//! is added up once on a host.

use super::{App, books, branch_books};
use crate::http::problem::Problem;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use xitai_model::books::{Totals, branch};
use xitai_model::day::Day;
use xitai_model::ids::BranchId;
use xitai_model::limits::TAKINGS_KEPT_MAX;
use xitai_model::money::Currency;

pub type Sums = Arc<BTreeMap<Currency, Totals>>;

/// By branch, or of the whole bank.
#[derive(Default)]
pub struct Takings {
    kept: Mutex<BTreeMap<(Option<BranchId>, Day), Sums>>,
}

impl Takings {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(Option<BranchId>, Day), Sums>> {
        self.kept.lock().expect("no holder of the lock panics")
    }
}

/// The closed days from one on, newest first, each with what was taken in a branch or in the whole bank.
pub async fn since(app: &App, branch: Option<&BranchId>, from: Day, most: usize) -> Result<Vec<(Day, Sums)>, Problem> {
    let closed = books::days(app).await?;
    let days = closed.iter().map(|closed| closed.day).filter(|day| *day >= from).take(most);
    let mut all = Vec::new();
    for day in days.collect::<Vec<_>>() {
        all.push((day, of(app, branch, day).await?));
    }
    Ok(all)
}

async fn of(app: &App, branch: Option<&BranchId>, day: Day) -> Result<Sums, Problem> {
    let key = (branch.cloned(), day);
    if let Some(kept) = app.takings.lock().get(&key) {
        return Ok(kept.clone());
    }
    let statements = match branch {
        Some(branch) => branch_books::statements(app, branch, day).await?,
        None => books::all_of(app, day).await?,
    };
    let sums: Sums = Arc::new(branch::together(&statements));
    let mut kept = app.takings.lock();
    if kept.len() >= TAKINGS_KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, sums.clone());
    Ok(sums)
}

/// All of them together.
pub fn together<'a>(days: impl IntoIterator<Item = &'a Sums>) -> BTreeMap<Currency, Totals> {
    let mut all: BTreeMap<Currency, Totals> = BTreeMap::new();
    for (currency, totals) in days.into_iter().flat_map(|sums| sums.iter()) {
        all.entry(*currency).or_default().join(totals);
    }
    all
}
