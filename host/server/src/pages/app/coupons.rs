//! The customer's coupons, and what they may claim.

use super::view::{CouponRow, Coupons, OfferRow};
use crate::app::App;
use crate::app::coupon::{self, worth};
use crate::app::ctx::Ctx;
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::campaigns::campaign_id;
use crate::http::problem::Problem;
use crate::http::wire::standing;
use crate::pages::{Look, page, refused, see};
use crate::render::web::{calendar, money};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::campaign::Campaign;
use xitai_model::coupon::Standing;

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
    refused: Option<String>,
    said: Option<String>,
}

/// `GET /app/coupons?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (held, next) = coupon::own(&app, &ctx, asked.after.as_deref()).await?;
    let day = |ms| calendar::date(&words, ms);
    let row = |held: &coupon::Held| CouponRow {
        title: held.coupon.title.clone(),
        worth: worth(&held.coupon.worth, &words),
        minimum: words.say1("coupon-from", "amount", money::text_in(&words, &held.coupon.minimum_spend)),
        until: day(held.coupon.expires_ms),
        state: words.name("coupon-state", standing(held.standing)),
        tone: match held.standing {
            Standing::Free => "success",
            Standing::Locked | Standing::Offered => "warning",
            Standing::Used | Standing::Over | Standing::Gone => "",
        },
    };
    let offer = |it: &Campaign| OfferRow {
        campaign: it.id.to_string(),
        title: it.title.clone(),
        worth: worth(&it.rule.worth, &words),
        until: day(it.rule.until_ms),
        // One form, one coupon, however often it is sent.
        key: xitai_model::ids::timed(ctx.now_ms, app.clock.random()),
    };
    let view = Coupons {
        shell: look.shell(Some(&catalog), "me"),
        rows: held.iter().map(row).collect(),
        offers: if asked.after.is_none() { coupon::open(&app, &ctx)?.iter().map(offer).collect() } else { Vec::new() },
        next: next.map(|after| format!("/app/coupons?after={after}")),
        claimed: asked.said.is_some(),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

/// `POST /app/coupons`
pub async fn claim(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    Ok(match coupon::claim(&app, &ctx, &campaign_id(value("campaign"))?, value("key")).await {
        Ok(_) => see("/app/coupons?said=claimed"),
        Err(problem) => refused("/app/coupons", &problem),
    })
}
