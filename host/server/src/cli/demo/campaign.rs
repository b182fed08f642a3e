//! Campaigns to begin with: one that head office gives for whatever is bought in Suzhou, and one for the restaurant's
//! tables that restaurant, branch and head office bear together. Each is proposed by the branch and accepted by everybody
//! whose money it is.

use super::organisation::{BANK, SUZHOU, commit};
use super::say;
use super::sign_ins::SignIns;
use crate::app::App;
use crate::cli::client::ClientFault;
use serde_json::{Value, json};
use std::sync::Arc;
use xitai_model::campaign::Funder;
use xitai_model::commit::Change;
use xitai_model::ids::{CampaignId, ProgramId};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::money::{Currency, Money};

const PROPOSER: &str = "operator-qian";
const DAYS: i64 = 90;
const DAY_MS: i64 = 24 * 3_600_000;

struct Planned {
    id: &'static str,
    title: &'static str,
    /// Where it counts: nowhere else, where one is named.
    program: Option<&'static str>,
    worth_fen: i64,
    from_fen: i64,
    shares: &'static [Share],
}
/// Whose money it is, how much of each coupon, at most how much, and who accepts it.
struct Share {
    funder: &'static str,
    basis_points: u32,
    cap_fen: i64,
    accepters: &'static [&'static str],
}

const OF_HEAD_OFFICE: &[&str] = &["manager-wu", "reviewer-chen"];
const PLANNED: [Planned; 2] = [
    Planned {
        id: "welcome",
        title: "见面礼：满10减3",
        program: None,
        worth_fen: 300,
        from_fen: 1_000,
        shares: &[Share { funder: "head-office", basis_points: 10_000, cap_fen: 100_000, accepters: OF_HEAD_OFFICE }],
    },
    Planned {
        id: "noodle-evening",
        title: "面馆三方券：满20减5",
        program: Some("cn.bank.suzhou.dining"),
        worth_fen: 500,
        from_fen: 2_000,
        shares: &[
            Share {
                funder: "merchant:suzhou-noodle-house",
                basis_points: 5_000,
                cap_fen: 50_000,
                accepters: &["dev-lin"],
            },
            Share { funder: "branch:suzhou", basis_points: 3_000, cap_fen: 30_000, accepters: &["canteen-zhou"] },
            Share { funder: "head-office", basis_points: 2_000, cap_fen: 20_000, accepters: OF_HEAD_OFFICE },
        ],
    },
];

/// Opens those that are not there. Runs beside the host, which answers the requests.
pub async fn open_all(app: &Arc<App>, base: String) -> Result<(), String> {
    for planned in &PLANNED {
        let id = CampaignId::parse(planned.id).map_err(|fault| fault.to_string())?;
        let (catalog, program) = (app.catalog(), planned.program.map(ProgramId::parse).transpose());
        let program = program.map_err(|fault| fault.to_string())?;
        let is_there = program.is_none_or(|program| catalog.rollout(&program).is_some());
        if catalog.campaigns.contains_key(&id) || !is_there {
            continue;
        }
        fund(app, planned.shares).await?;
        let (now_ms, base) = (app.clock.now_ms(), base.clone());
        tokio::task::spawn_blocking(move || propose(&base, planned, now_ms))
            .await
            .map_err(|fault| fault.to_string())?
            .map_err(|fault| format!("campaign: {} ({}) {}", fault.what, fault.code, fault.way_out))?;
        let accepters: Vec<&str> = planned.shares.iter().flat_map(|share| share.accepters).copied().collect();
        say(&format!("Campaign {}: proposed by {PROPOSER}, accepted by {}", planned.id, accepters.join(" and ")));
    }
    Ok(())
}

/// The funders' takings of the demo come from outside, as its customers' money does.
async fn fund(app: &App, shares: &[Share]) -> Result<(), String> {
    let mut chain = Vec::new();
    for share in shares {
        let amount = Money::cny(share.cap_fen);
        let funder = Funder::parse(share.funder).ok_or_else(|| format!("{} funds nothing", share.funder))?;
        chain.push(Transfer {
            debit: AccountKey::new(AccountKind::Treasury, BANK, Currency::CNY),
            credit: funder.account(Currency::CNY),
            amount,
            movement: Movement::Post,
            purpose: Purpose::Funding,
            payment: None,
            ceiling: None,
        });
    }
    let changes = vec![Change::Transfers { chain, holds_of: None }];
    commit(app, Vec::new(), changes, "funders.funded").await.map_err(|problem| problem.to_string())
}

fn propose(base: &str, planned: &Planned, now_ms: i64) -> Result<(), ClientFault> {
    let mut people = SignIns::at(base);
    let share = |it: &Share| {
        let cap = Money::cny(it.cap_fen);
        json!({ "funder": it.funder, "basis_points": it.basis_points, "cap": cap })
    };
    let funders: Vec<Value> = planned.shares.iter().map(share).collect();
    let programs: Vec<&str> = planned.program.into_iter().collect();
    let campaign = json!({
        "id": planned.id, "title": planned.title, "programs": programs, "places": [SUZHOU],
        "worth": { "fixed": Money::cny(planned.worth_fen) }, "minimum_spend": Money::cny(planned.from_fen),
        "each_customer": 1, "from_ms": now_ms, "until_ms": now_ms + DAYS * DAY_MS, "valid_s": 30 * DAY_MS / 1_000,
        "funders": funders
    });
    people.of(PROPOSER)?.post("/campaigns", &campaign)?;
    for share in planned.shares {
        for login in share.accepters {
            let accepts = json!({ "step": "accept", "funder": share.funder });
            people.of(login)?.post(&format!("/campaigns/{}/steps", planned.id), &accepts)?;
        }
    }
    Ok(())
}
