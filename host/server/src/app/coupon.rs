//! Coupons outside of programs: the customer's own, what they may claim, and the end of time.

use super::App;
use super::ctx::Ctx;
use crate::http::problem::Problem;
use crate::render::web::money;
use crate::words::Words;
use serde_json::json;
use xitai_model::campaign::{Campaign, Worth, gave_back, promise, refused};
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::coupon::{Coupon, Standing, settled, standing};
use xitai_model::identity::Customer;
use xitai_model::ids::{CampaignId, MatterId};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::payment::Payment;

/// Coupons of one page, and of one turn of the job.
const PAGE: usize = 50;
const DUE_MAX: usize = 200;
/// What stands before keys of the host's own pages: no program can write it.
const OWN_KEY: &str = "\u{1}page/";

/// A coupon as it stands now.
#[derive(Debug, Clone)]
pub struct Held {
    pub id: MatterId,
    pub coupon: Coupon,
    pub standing: Standing,
}

/// A customer, and not somebody of the staff at their own counter.
fn customer(ctx: &Ctx) -> Result<&Customer, Problem> {
    ctx.customer().ok_or_else(|| Problem::new(code::PAYMENT_NO_CUSTOMER))
}

/// What it takes off, in people's words.
pub fn worth(worth: &Worth, words: &Words) -> String {
    match worth {
        Worth::Fixed(money) => money::text_in(words, money),
        Worth::Percent { basis_points, at_most } => {
            let (whole, part) = (basis_points / 100, basis_points % 100);
            let percent = if part == 0 { format!("{whole} %") } else { format!("{whole}.{part:02} %") };
            words.say_with("coupon-percent", &[("percent", &percent), ("most", &money::text_in(words, at_most))])
        }
    }
}

async fn locking(app: &App, coupon: &Coupon) -> Result<Option<Payment>, Problem> {
    Ok(match coupon.locked_by() {
        Some(id) => app.store.payment(id).await?,
        None => None,
    })
}

async fn held(app: &App, ctx: &Ctx, matter: &Matter) -> Result<Held, Problem> {
    let coupon: Coupon = matter.read().map_err(Problem::internal)?;
    let payment = locking(app, &coupon).await?;
    let standing = standing(&coupon, payment.as_ref(), ctx.now_ms);
    Ok(Held { id: matter.id.clone(), coupon, standing })
}

/// The customer's coupons, newest first; not those that were never bought.
pub async fn own(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Held>, Option<String>), Problem> {
    let who = customer(ctx)?;
    let (matters, next) = app.store.matters_of(MatterKind::Coupon, &who.id, None, after, PAGE).await?;
    let mut all = Vec::with_capacity(matters.len());
    for matter in &matters {
        let held = held(app, ctx, matter).await?;
        if held.standing != Standing::Offered && held.coupon.state != xitai_model::coupon::State::Left {
            all.push(held);
        }
    }
    Ok((all, next))
}

/// Campaigns that the customer may claim from here: free ones, without a code.
pub fn open(app: &App, ctx: &Ctx) -> Result<Vec<Campaign>, Problem> {
    let (who, catalog) = (customer(ctx)?, app.catalog());
    let fits = |campaign: &&Campaign| {
        let rule = &campaign.rule;
        let here = rule.places.is_empty() || rule.places.iter().any(|place| catalog.is_within(&who.branch, place));
        here && campaign.price.is_none() && campaign.gives(who.level, false, ctx.now_ms).is_ok()
    };
    Ok(catalog.campaigns.values().map(|kept| &kept.value).filter(fits).cloned().collect())
}

/// Gives the customer a coupon. The same key is the same coupon.
pub async fn claim(app: &App, ctx: &Ctx, campaign: &CampaignId, key: &str) -> Result<Held, Problem> {
    let who = customer(ctx)?;
    let plain: String = key.chars().filter(|c| !c.is_control()).take(64).collect();
    if plain.is_empty() {
        return Err(Problem::malformed("key: say one"));
    }
    let own_key = MatterKey {
        kind: MatterKind::Coupon,
        program: None,
        owner: who.id.to_string(),
        key: format!("{OWN_KEY}{plain}"),
    };
    for _ in 0..2 {
        if let Some(before) = app.store.matter_by_key(&own_key).await? {
            let held = held(app, ctx, &before).await?;
            let same = held.coupon.campaign == *campaign;
            return if same { Ok(held) } else { Err(Problem::new(code::COUPON_KEY_DIFFERS)) };
        }
        let open = open(app, ctx)?.into_iter().find(|open| open.id == *campaign);
        let campaign = open.ok_or_else(|| Problem::new(code::CAMPAIGN_NOT_FOUND))?;
        let coupon = Coupon::of(&campaign, ctx.now_ms);
        let id = MatterId::new(ctx.now_ms, app.clock.random());
        let mut matter = Matter::new(id, None, who.branch.clone(), Some(who.id.clone()), &coupon, ctx.now_ms);
        matter.key = Some(own_key.key.clone());
        let changes = vec![
            Change::Matter(Box::new(matter.clone())),
            Change::Transfers { chain: promise(&campaign, &who.id), holds_of: None },
        ];
        let guards = vec![Guard::MatterKeyFree(own_key.clone())];
        match commit(app, ctx, guards, changes, "coupon.claimed", &matter.id).await {
            Ok(()) => return held(app, ctx, &matter).await,
            Err(CommitRefusal::Moved(_)) => {}
            Err(CommitRefusal::Ledger(refusal)) => return Err(Problem::new(refused(&refusal))),
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

async fn commit(
    app: &App,
    ctx: &Ctx,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &str,
    id: &MatterId,
) -> Result<(), CommitRefusal> {
    let audit = ctx.did(action, format!("coupon:{id}"), json!({}));
    app.store.commit(Commit { guards, changes, audit }).await.map(|_| ())
}

/// Writes down what became of coupons that are due: used, free again, or over; those that are over give back what they
/// hold.
pub async fn settle_due(app: &App) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for matter in app.store.matters_due(MatterKind::Coupon, ctx.now_ms, DUE_MAX).await? {
        let coupon: Coupon = matter.read().map_err(Problem::internal)?;
        let payment = locking(app, &coupon).await?;
        let Some((next, gives_back)) = settled(&coupon, payment.as_ref(), ctx.now_ms) else { continue };
        let mut changes = vec![Change::Matter(Box::new(matter.moved(&next, ctx.now_ms)))];
        let chain = gave_back(&coupon.campaign, &coupon.reserved);
        if gives_back && !chain.is_empty() {
            changes.push(Change::Transfers { chain, holds_of: None });
        }
        let guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision }];
        match commit(app, &ctx, guards, changes, "coupon.settled", &matter.id).await {
            // Moved: it was used, or another host was there first.
            Ok(()) | Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}
