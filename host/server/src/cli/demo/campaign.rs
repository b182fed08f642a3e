//! A campaign to begin with, so that the coupon wallet has something to give: proposed by the branch, accepted by two
//! people of head office, whose money it is.

use super::organisation::{BANK, SUZHOU, commit};
use super::{PASSWORD, say};
use crate::app::App;
use crate::cli::client::{Client, ClientFault};
use serde_json::json;
use std::sync::Arc;
use xitai_model::commit::Change;
use xitai_model::ids::CampaignId;
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::money::{Currency, Money};
use xitai_model::payment::Payee;

const ID: &str = "welcome";
const PROPOSER: &str = "operator-qian";
const ACCEPTERS: [&str; 2] = ["manager-wu", "reviewer-chen"];
/// What head office gives: 1,000.00 CNY, 3.00 a coupon.
const CAP: Money = Money { minor: 100_000, currency: Currency::CNY };
const WORTH: Money = Money { minor: 300, currency: Currency::CNY };
const DAYS: i64 = 90;
const DAY_MS: i64 = 24 * 3_600_000;

/// Opens it, unless it is there. Runs beside the host, which answers the requests.
pub async fn open(app: &Arc<App>, base: String) -> Result<(), String> {
    let id = CampaignId::parse(ID).map_err(|fault| fault.to_string())?;
    if app.catalog().campaigns.contains_key(&id) {
        return Ok(());
    }
    fund(app).await?;
    let now_ms = app.clock.now_ms();
    tokio::task::spawn_blocking(move || propose(&base, now_ms))
        .await
        .map_err(|fault| fault.to_string())?
        .map_err(|fault| format!("campaign: {} ({}) {}", fault.what, fault.code, fault.way_out))?;
    say(&format!("Campaign {ID}: proposed by {PROPOSER}, accepted by {}", ACCEPTERS.join(" and ")));
    Ok(())
}

/// Head office's takings of the demo come from outside, as its customers' money does.
async fn fund(app: &App) -> Result<(), String> {
    let missing = || "head office has no account".to_owned();
    let credit = Payee::HeadOffice.account(CAP.currency).ok_or_else(missing)?;
    let funding = Transfer {
        debit: AccountKey::new(AccountKind::Treasury, BANK, CAP.currency),
        credit,
        amount: CAP,
        movement: Movement::Post,
        purpose: Purpose::Funding,
        payment: None,
        ceiling: None,
    };
    let changes = vec![Change::Transfers { chain: vec![funding], holds_of: None }];
    commit(app, Vec::new(), changes, "head-office.funded").await.map_err(|problem| problem.to_string())
}

fn propose(base: &str, now_ms: i64) -> Result<(), ClientFault> {
    let one = |login: &str| -> Result<Client, ClientFault> {
        let answer = Client::new(base, None).post("/tokens", &json!({ "login": login, "password": PASSWORD }))?;
        Ok(Client::new(base, answer["token"].as_str().map(str::to_owned)))
    };
    let campaign = json!({
        "id": ID, "title": "见面礼：满10减3", "places": [SUZHOU], "worth": { "fixed": WORTH },
        "minimum_spend": Money { minor: 1_000, ..WORTH }, "each_customer": 1, "from_ms": now_ms,
        "until_ms": now_ms + DAYS * DAY_MS, "valid_s": 30 * DAY_MS / 1_000,
        "funders": [{ "funder": "head-office", "basis_points": 10_000, "cap": CAP }]
    });
    one(PROPOSER)?.post("/campaigns", &campaign)?;
    for login in ACCEPTERS {
        let accepts = json!({ "step": "accept", "funder": "head-office" });
        one(login)?.post(&format!("/campaigns/{ID}/steps"), &accepts)?;
    }
    Ok(())
}
