//! Campaigns at the console: what they cost and may cost, who has accepted, and the way to stop one.

use super::desk::{self, Asked, staff_name};
use crate::app::campaign::{self, Burned, accept_subject, acceptor};
use crate::app::catalog::Catalog;
use crate::app::coupon::worth;
use crate::app::ctx::Ctx;
use crate::app::{App, me, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::campaigns::campaign_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row as route};
use crate::http::wire;
use crate::pages::cards::place_name;
use crate::pages::parts;
use crate::pages::shell::Desk;
use crate::pages::{Look, page};
use crate::render::web::{calendar, icon, money};
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::campaign::{Campaign, Cost, Funder, Share, State as CampaignState, costs};
use xitai_model::identity::Who;
use xitai_model::money::{Currency, Money};
use xitai_model::policy::{Action, Resource};

const HERE: &str = "/console/campaigns";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (reads, proposes) = (Access::May(Action::ReadCampaigns), Access::May(Action::ProposeCampaign));
    vec![
        route(get.clone(), HERE, reads, "page.campaigns", list),
        route(post.clone(), HERE, proposes, "campaign.proposed", propose),
        route(get, "/console/campaigns/{id}", reads, "page.campaign", show),
        route(post, "/console/campaigns/{id}", reads, "campaign.stepped", step),
    ]
}

#[derive(Template)]
#[template(path = "console/campaigns.html")]
pub struct CampaignsPage {
    pub shell: Desk,
    pub rows: Vec<CampaignRow>,
    pub may_propose: bool,
    /// Those whom a proposal may name.
    pub funders: Vec<(String, String)>,
    pub places: Vec<(String, String)>,
}
pub struct CampaignRow {
    pub id: String,
    pub title: String,
    pub state: String,
    pub tone: &'static str,
    pub worth: String,
    pub spent: String,
    pub left: String,
    pub when: String,
}

#[derive(Template)]
#[template(path = "console/campaign.html")]
pub struct CampaignPage {
    pub shell: Desk,
    pub id: String,
    pub title: String,
    pub state: String,
    pub tone: &'static str,
    pub facts: Vec<(String, String)>,
    pub shares: Vec<ShareRow>,
    pub coupons: i64,
    pub at_60: String,
    pub at_100: String,
    pub stopped: Option<String>,
    pub may_stop: bool,
    /// Codes that were made just now.
    pub codes: Vec<String>,
    pub may_make_codes: bool,
}
pub struct ShareRow {
    pub funder: String,
    pub name: String,
    pub percent: String,
    pub cap: String,
    pub spent: String,
    pub promised: String,
    pub left: String,
    /// Hundredths of the cap that are spent, and promised.
    pub burned: (i64, i64),
    pub at_60: String,
    pub at_100: String,
    pub accepted: String,
    pub may_accept: bool,
    /// What a passkey signs, where one is asked for.
    pub signed: Option<String>,
}

fn tone(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Proposed => "warning",
        CampaignState::Live => "success",
        CampaignState::Stopped => "danger",
    }
}

fn sum(campaign: &Campaign, of: impl Iterator<Item = i64>) -> String {
    money::text(&Money::new(of.sum(), campaign.currency()))
}

/// `GET /console/campaigns`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadCampaigns)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut rows = Vec::new();
    for it in campaign::list(&app, &ctx) {
        let burned = campaign::burned(&app, &it).await?;
        rows.push(CampaignRow {
            id: it.id.to_string(),
            state: words.name("campaign", &me::word(&it.state)),
            tone: tone(it.state),
            worth: worth(&it.rule.worth, &words),
            spent: sum(&it, burned.iter().map(|part| part.spent.minor)),
            left: sum(&it, burned.iter().map(|part| part.left.minor)),
            when: calendar::short(&words, it.proposed.at_ms, ctx.now_ms),
            title: it.title,
        });
    }
    let merchants = catalog.merchants.values().map(|kept| &kept.value);
    let merchants = merchants.map(|it| (Funder::Merchant(it.id.clone()).to_string(), it.legal_name.clone()));
    let branches =
        catalog.branches().map(|it| (Funder::Branch(it.id.clone()).to_string(), place_name(&catalog, &it.id, &words)));
    let bank = (Funder::HeadOffice.to_string(), words.say("campaign-head-office"));
    let view = CampaignsPage {
        may_propose: desk::may(&catalog, staff, Action::ProposeCampaign, Resource::default()),
        funders: merchants.chain(branches).chain([bank]).collect(),
        places: catalog.places.keys().map(|id| (id.to_string(), place_name(&catalog, id, &words))).collect(),
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        rows,
    };
    page(&look, &view)
}

/// `GET /console/campaigns/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &ctx, &look, &id, &asked, Vec::new()).await
}

/// A customer who accepted for their merchant has no name here.
fn signer(catalog: &Catalog, by: &Who, words: &Words) -> String {
    match by {
        Who::Staff(id) => staff_name(catalog, id),
        Who::Customer(_) => words.say("campaign-by-merchant"),
    }
}

async fn drawn(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    id: &str,
    asked: &Asked,
    codes: Vec<String>,
) -> Result<Response, Problem> {
    let staff = desk::staff(app, ctx, Action::ReadCampaigns)?;
    let (catalog, words) = (app.catalog(), look.words());
    let campaign = campaign::view(app, ctx, &campaign_id(id)?)?;
    let (burned, costs) = (campaign::burned(app, &campaign).await?, costs(&campaign));
    let asks = step_up::asks(app, ctx, Action::AcceptCampaign).await?;
    let name = |funder: &Funder| match funder {
        Funder::Merchant(id) => catalog.merchant(id).map_or_else(|| id.to_string(), |it| it.legal_name.clone()),
        Funder::Branch(id) => place_name(&catalog, id, &words),
        Funder::HeadOffice => words.say("campaign-head-office"),
    };
    let row = |((share, cost), part): ((&Share, &Cost), &Burned)| {
        let open = campaign.state == CampaignState::Proposed && !share.is_accepted();
        let of_cap = |money: &Money| money.minor.saturating_mul(100) / share.cap.minor.max(1);
        let by: Vec<String> = share.accepted.iter().map(|signed| signer(&catalog, &signed.by, &words)).collect();
        ShareRow {
            funder: share.funder.to_string(),
            name: name(&share.funder),
            percent: format!("{}.{:02} %", share.basis_points / 100, share.basis_points % 100),
            cap: money::text(&share.cap),
            spent: money::text(&part.spent),
            promised: money::text(&part.promised),
            left: money::text(&part.left),
            burned: (of_cap(&part.spent), of_cap(&part.promised)),
            at_60: money::text(&cost.at_60),
            at_100: money::text(&cost.at_100),
            accepted: by.join(", "),
            may_accept: open && acceptor(&catalog, ctx, &share.funder).is_ok(),
            signed: asks.then(|| accept_subject(&campaign.id, &share.funder)),
        }
    };
    let may_propose = desk::may(&catalog, staff, Action::ProposeCampaign, Resource::default());
    let view = CampaignPage {
        shell: desk::desk(look, &catalog, staff, HERE, asked),
        state: words.name("campaign", &me::word(&campaign.state)),
        tone: tone(campaign.state),
        facts: facts(&campaign, &words),
        shares: campaign.shares.iter().zip(&costs.funders).zip(&burned).map(row).collect(),
        coupons: costs.coupons,
        at_60: money::text(&costs.at_60),
        at_100: money::text(&costs.at_100),
        stopped: campaign.stopped.as_ref().map(|(_, reason)| reason.clone()),
        may_stop: campaign.state != CampaignState::Stopped
            && desk::may(&catalog, staff, Action::StopCampaign, Resource::default()),
        may_make_codes: may_propose && campaign.rule.by_code && campaign.state == CampaignState::Live,
        id: campaign.id.to_string(),
        title: campaign.title.clone(),
        codes,
    };
    page(look, &view)
}

fn facts(campaign: &Campaign, words: &Words) -> Vec<(String, String)> {
    let rule = &campaign.rule;
    let day = |ms| calendar::exact(words.zone(), ms)[..16].to_owned();
    let price = campaign.price.map_or_else(|| words.say("campaign-free"), |price| money::text(&price));
    let named = |all: Vec<String>| if all.is_empty() { words.say("campaign-all") } else { all.join(", ") };
    vec![
        (words.say("coupon-worth"), worth(&rule.worth, words)),
        (words.say("coupon-minimum"), money::text(&rule.minimum_spend)),
        (words.say("coupon-price"), price),
        (words.say("campaign-each"), rule.each_customer.to_string()),
        (words.say("campaign-from"), day(rule.from_ms)),
        (words.say("campaign-until"), day(rule.until_ms)),
        (words.say("campaign-places"), named(rule.places.iter().map(ToString::to_string).collect())),
        (words.say("campaign-programs"), named(rule.programs.iter().map(ToString::to_string).collect())),
        (words.say("campaign-level"), words.name("level", &me::word(&rule.level))),
        (
            words.say("campaign-codes"),
            if rule.by_code { campaign.codes.to_string() } else { words.say("campaign-no-codes") },
        ),
    ]
}

/// `POST /console/campaigns/{id}`
pub async fn step(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let (here, campaign) = (format!("{HERE}/{id}"), campaign_id(&id)?);
    let done = match value("step") {
        "accept" => match wire::funder(value("funder")) {
            Ok(funder) => campaign::accept(&app, &ctx, &campaign, funder).await.map(|_| "campaign-accepted"),
            Err(problem) => Err(problem),
        },
        "codes" => match campaign::make_codes(&app, &ctx, &campaign, value("count").parse().unwrap_or(0)).await {
            Ok(codes) => return drawn(&app, &ctx, &look, &id, &Asked::default(), codes).await,
            Err(problem) => Err(problem),
        },
        _ => {
            let reason = value("reason").to_owned();
            campaign::stop(&app, &ctx, &campaign, reason).await.map(|_| "campaign-stopped")
        }
    };
    Ok(desk::back(&here, done))
}

/// `POST /console/campaigns`
pub async fn propose(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let done = match proposal(&pairs, ctx.now_ms) {
        Some(draft) => campaign::propose(&app, &ctx, draft).await.map(|made| made.id.to_string()),
        None => Err(Problem::new(xitai_model::code::CAMPAIGN_INVALID)),
    };
    Ok(match done {
        Ok(id) => desk::back(&format!("{HERE}/{id}"), Ok("campaign-proposed")),
        Err(problem) => desk::back(HERE, Err(problem)),
    })
}

/// A proposal out of the form: one worth, up to three funders, from now on for so many days.
fn proposal(pairs: &[(String, String)], now_ms: i64) -> Option<Campaign> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let all =
        |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect::<Vec<_>>();
    let currency = Currency::parse(value("currency"))?;
    let amount = |text: &str| Money::parse_digits(text, currency);
    let hundredths = |text: &str| u32::try_from(Money::parse_digits(text, Currency::CNY)?.minor).ok();
    let days: i64 = value("days").parse().ok().filter(|days| (1..=732).contains(days))?;
    let most = amount(value("worth"))?;
    let worth = match value("percent") {
        "" => serde_json::json!({ "fixed": most }),
        text => serde_json::json!({ "percent": { "basis_points": hundredths(text)?, "at_most": most } }),
    };
    let named = all("funder").into_iter().zip(all("share")).zip(all("cap"));
    let mut funders = Vec::new();
    for ((funder, share), cap) in named.filter(|((funder, _), _)| !funder.is_empty()) {
        funders.push(serde_json::json!({
            "funder": funder, "basis_points": hundredths(share)?, "cap": amount(cap)?,
        }));
    }
    let price = if value("price").is_empty() { None } else { Some(amount(value("price"))?) };
    let valid_days: u32 = value("valid_days").parse().ok().filter(|days| (1..=366).contains(days))?;
    let document = serde_json::json!({
        "id": value("id"), "title": value("title"), "worth": worth, "price": price, "funders": funders,
        "places": all("place").into_iter().filter(|place| !place.is_empty()).collect::<Vec<_>>(),
        "minimum_spend": amount(value("minimum"))?, "each_customer": value("each").parse::<u32>().ok()?,
        "from_ms": now_ms, "until_ms": now_ms + days * 86_400_000, "valid_s": valid_days * 86_400,
        "by_code": value("by_code") == "yes",
    });
    serde_json::from_value::<wire::ProposeCampaign>(document).ok()?.parsed().ok()
}
