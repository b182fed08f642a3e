//! Breaks: what payments, ledger and rail don't agree on, and the transfers that two people put it right by.

use super::App;
use super::books;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::me::word;
use super::merchant::{by, said};
use super::publish::{commit, may_for_bank};
use super::{reconciliation, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::day::Day;
use xitai_model::digest::Digest;
use xitai_model::ids::MatterId;
use xitai_model::ledger::Booked;
use xitai_model::limits::{BREAK_ALERT_DAYS, BREAKS_MAX};
use xitai_model::matter::MatterKind;
use xitai_model::money::Money;
use xitai_model::policy::Action;
use xitai_model::proposal::Verdict;
use xitai_model::reconciliation::{Break, Command, Correction, Kind, Why, apply};

/// Which breaks are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Closed ones, the newest, instead of open ones.
    pub closed: bool,
    pub why: Option<Why>,
    pub day: Option<Day>,
}

/// Breaks: open ones from the oldest on, closed ones from the newest.
pub async fn list(app: &App, ctx: &Ctx, wanted: Wanted) -> Result<Vec<Read<Break>>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadBreaks)?;
    let mut all = match wanted.closed {
        false => open(app).await?,
        true => {
            let (page, _) = app.store.matters(MatterKind::Break, None, BREAKS_MAX).await?;
            page.into_iter().map(read).collect::<Result<Vec<Read<Break>>, _>>()?
        }
    };
    all.retain(|it| {
        it.body.is_open() != wanted.closed
            && wanted.why.is_none_or(|why| it.body.difference.why == why)
            && wanted.day.is_none_or(|day| it.body.day == day)
    });
    Ok(all)
}

pub(super) async fn open(app: &App) -> Result<Vec<Read<Break>>, Problem> {
    let page = app.store.matters_due(MatterKind::Break, i64::MAX, BREAKS_MAX).await?;
    let mut all = page.into_iter().map(read).collect::<Result<Vec<Read<Break>>, _>>()?;
    all.sort_by_key(|it| (it.body.day, it.body.first_seen_ms));
    Ok(all)
}

/// How many breaks are open, and how many of them so long that head office must hear of it.
pub async fn standing(app: &App, ctx: &Ctx) -> Result<(usize, usize), Problem> {
    let (all, today) = (open(app).await?, app.config.zone.day(ctx.now_ms));
    Ok((all.len(), all.iter().filter(|it| it.body.age(today) > BREAK_ALERT_DAYS).count()))
}

async fn find(app: &App, id: &MatterId) -> Result<Read<Break>, Problem> {
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Break);
    read(found.ok_or_else(|| Problem::new(code::BREAK_NOT_FOUND))?)
}

/// A break, and the transfers that it is about.
pub async fn view(app: &App, ctx: &Ctx, id: &MatterId) -> Result<(Read<Break>, Vec<Booked>), Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadBreaks)?;
    let found = find(app, id).await?;
    // Of a merchant's payout all that went through its account would be too much: its statement shows that.
    let of = &found.body.difference.of;
    let booked = if of.kind == Kind::PayOut { Vec::new() } else { reconciliation::told(app, of, 0).await?.booked };
    Ok((found, booked))
}

pub async fn propose(app: &App, ctx: &Ctx, id: &MatterId, what: Correction) -> Result<Read<Break>, Problem> {
    let catalog = app.catalog();
    let staff = may_for_bank(&catalog, ctx, Action::ProposeCorrection)?;
    let found = find(app, id).await?;
    let detail = json!({ "correction": what });
    let moved = apply(&found.body, Command::Propose { what, by: by(staff) }, ctx.now_ms)?;
    keep(app, ctx, &found, moved.next, Vec::new(), "correction.proposed", detail, None).await
}

/// What a second person says, in the words that are signed.
pub fn subject(word: &str, id: &str, digest: &Digest) -> String {
    format!("{word} correction {id} {digest}")
}

/// The second person's decision; with an approval the transfer is booked in the same commit.
pub async fn decide(app: &App, ctx: &Ctx, id: &MatterId, verdict: Verdict) -> Result<Read<Break>, Problem> {
    let catalog = app.catalog();
    let staff = may_for_bank(&catalog, ctx, Action::DecideCorrection)?;
    let found = find(app, id).await?;
    let (word, digest) = said(&verdict);
    let proof = step_up::presence(app, ctx, Action::DecideCorrection, &subject(word, id.as_str(), digest)).await?;
    let moved = apply(&found.body, Command::Decide { verdict, by: by(staff) }, ctx.now_ms)?;
    let mut changes = Vec::new();
    changes.extend(moved.transfer.map(|transfer| Change::Transfers { chain: vec![transfer], holds_of: None }));
    let action = if changes.is_empty() { "correction.returned" } else { "correction.booked" };
    let detail = json!({ "corrected": moved.next.corrected.last(), "proposed": moved.next.proposed });
    keep(app, ctx, &found, moved.next, changes, action, detail, proof).await
}

/// As a table that a spreadsheet opens in Chinese, see [`books::csv`].
pub fn csv(all: &[Read<Break>], today: Day) -> Result<Vec<u8>, Problem> {
    let mut out = books::table(&[
        "日期 Day",
        "类型 Kind",
        "编号 Reference",
        "原因 Why",
        "支付 Payments",
        "账务 Ledger",
        "通道 Rail",
        "涉及金额 At stake",
        "未更正 Left",
        "币种 Currency",
        "天数 Age",
        "状态 State",
    ])?;
    for Read { body: it, .. } in all {
        let differs = &it.difference;
        let currency = differs.at_stake.currency;
        let [payments, ledger, rail] = differs.sums.map(|minor| Money::new(minor, currency).digits());
        let state = serde_json::to_value(it.state).map_err(Problem::internal)?;
        out.write_record([
            &it.day.to_string(),
            &word(&differs.of.kind),
            &differs.of.reference,
            &word(&differs.why),
            &payments,
            &ledger,
            &rail,
            &differs.at_stake.digits(),
            &it.left().digits(),
            currency.as_str(),
            &it.age(today).to_string(),
            state["is"].as_str().unwrap_or_default(),
        ])
        .map_err(Problem::internal)?;
    }
    out.into_inner().map_err(Problem::internal)
}

#[expect(clippy::too_many_arguments, reason = "one place for what every change of a break has")]
pub(super) async fn keep(
    app: &App,
    ctx: &Ctx,
    found: &Read<Break>,
    next: Break,
    mut changes: Vec<Change>,
    action: &str,
    mut detail: serde_json::Value,
    proof: Option<step_up::Taken>,
) -> Result<Read<Break>, Problem> {
    let matter = found.matter.moved(&next, ctx.now_ms);
    let guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: found.matter.revision }];
    changes.insert(0, Change::Matter(Box::new(matter.clone())));
    step_up::keep(proof, &mut changes, &mut detail);
    match commit(app, ctx, guards, changes, action, &format!("break:{}", matter.id), detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => {
            done?;
            Ok(Read { matter, body: next })
        }
    }
}
