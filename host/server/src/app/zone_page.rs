//! Arranging zone pages: one person says which cards stand on a place's page, another approves exactly that.

use super::App;
use super::catalog::{Catalog, Kept};
use super::ctx::Ctx;
use super::merchant::by;
use super::publish::{self, may, put};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::code;
use xitai_model::ids::{BranchId, PlaceId};
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::proposal::{Rule, Verdict, Wanted};
use xitai_model::record::Noun;
use xitai_model::refusal::Refusal;
use xitai_model::rollout::Audience;
use xitai_model::zone_page::{Bundle, ZoneCard, ZonePage};

/// A place's page with the number of its newest change.
#[derive(Debug, Clone)]
pub struct Seen {
    pub rule: Rule<ZonePage>,
    pub revision: u64,
}

/// Somebody who may do this to the page of a place.
fn reaching<'a>(catalog: &Catalog, ctx: &'a Ctx, action: Action, place: &PlaceId) -> Result<&'a Staff, Problem> {
    let staff = may(catalog, ctx, action, Resource { place: Some(place), ..Resource::default() })?;
    match catalog.place(place) {
        Some(there) if there.over.is_none() => Ok(staff),
        _ => Err(Problem::new(code::ZONE_NOT_FOUND).detail(place)),
    }
}

/// Whether somebody may do this to the page of a place.
pub fn allows(catalog: &Catalog, ctx: &Ctx, action: Action, place: &PlaceId) -> bool {
    reaching(catalog, ctx, action, place).is_ok()
}

fn seen(catalog: &Catalog, place: &PlaceId) -> Seen {
    let kept = catalog.zone_pages.get(place);
    Seen {
        rule: kept.map_or_else(|| Rule::new(place.as_str()), |kept| kept.value.clone()),
        revision: kept.map_or(0, |kept| kept.version),
    }
}

pub fn view(app: &App, ctx: &Ctx, place: &PlaceId) -> Result<Seen, Problem> {
    let catalog = app.catalog();
    reaching(&catalog, ctx, Action::ReadZones, place)?;
    Ok(seen(&catalog, place))
}

/// The places whose pages somebody may see, the bank first, each with its page.
pub fn list(app: &App, ctx: &Ctx) -> Vec<(PlaceId, Seen)> {
    let catalog = app.catalog();
    let open = catalog.places.keys().filter(|place| allows(&catalog, ctx, Action::ReadZones, place));
    let mut pages: Vec<(PlaceId, Seen)> = open.map(|place| (place.clone(), seen(&catalog, place))).collect();
    pages.sort_by_key(|(place, _)| depth(&catalog, place));
    pages
}

fn depth(catalog: &Catalog, place: &PlaceId) -> usize {
    catalog.places.keys().filter(|above| catalog.is_within(place, above)).count()
}

/// The pages that a customer of a branch sees under each other: head office's first, then of what is nearer and nearer.
pub fn pages_of(catalog: &Catalog, branch: &BranchId) -> Vec<(PlaceId, ZonePage)> {
    let held = |(place, kept): (&PlaceId, &std::sync::Arc<Kept<Rule<ZonePage>>>)| {
        let live = kept.value.live.clone().filter(|_| catalog.is_within(branch, place))?;
        Some((place.clone(), live))
    };
    let mut pages: Vec<(PlaceId, ZonePage)> = catalog.zone_pages.iter().filter_map(held).collect();
    pages.sort_by_key(|(place, _)| depth(catalog, place));
    pages
}

/// Says how a place's page shall be. What waited for a second person gives way to it.
pub async fn propose(
    app: &App,
    ctx: &Ctx,
    place: &PlaceId,
    wanted: ZonePage,
    revision: Option<u64>,
) -> Result<Seen, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = reaching(&catalog, ctx, Action::ArrangeZone, place)?;
    let before = seen(&catalog, place);
    if revision.is_some_and(|looked_at| looked_at != before.revision) {
        return Err(Problem::new(code::ZONE_MOVED).member("revision", before.revision.into()));
    }
    let wanted = wanted.checked()?;
    check(&catalog, place, &wanted)?;
    let next = before.rule.propose(Wanted::Set(wanted), by(staff), ctx.now_ms);
    keep(app, ctx, &catalog, place, next, "zone.proposed").await
}

/// The cards are of programs that there are, and for places that this page is seen in.
fn check(catalog: &Catalog, place: &PlaceId, page: &ZonePage) -> Result<(), Problem> {
    if let Some(unknown) = page.programs().find(|program| catalog.rollout(program).is_none()) {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND).detail(unknown));
    }
    let outside = |only: &&PlaceId| catalog.place(only).is_none() || !catalog.is_within(only, place);
    match page.places().find(outside) {
        Some(outside) => Err(Refusal::of(code::ZONE_PLACE, outside.as_str()).into()),
        None => Ok(()),
    }
}

/// Takes the second person's decision on exactly what they saw; approved, it is published.
pub async fn decide(app: &App, ctx: &Ctx, place: &PlaceId, verdict: Verdict) -> Result<Seen, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = reaching(&catalog, ctx, Action::DecideZone, place)?;
    let next = seen(&catalog, place).rule.decide(verdict, &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, place, next, "zone.decided").await
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    place: &PlaceId,
    next: Rule<ZonePage>,
    action: &str,
) -> Result<Seen, Problem> {
    let (guard, change) = put(catalog, Noun::ZonePage, place.as_str(), &next)?;
    let proposed = next.proposed.as_ref().map(|proposal| {
        let wanted = match &proposal.what {
            Wanted::Set(page) => told(page),
            Wanted::Remove => Value::Null,
        };
        json!({ "what": wanted, "by": proposal.by, "digest": proposal.digest(), "returned": proposal.returned })
    });
    let detail = json!({ "live": next.live.as_ref().map(told), "proposed": proposed });
    publish::keep(app, ctx, vec![guard], vec![change], action, &format!("zone:{place}"), detail).await?;
    Ok(seen(&app.catalog(), place))
}

/// A page's cards for the audit trail, which needs no list of customers to tell that there was one; then its bundles.
fn told(page: &ZonePage) -> Value {
    let whom = |audience: &Audience| {
        json!({
            "channels": audience.channels, "places": audience.places, "customers": audience.customers.len(),
            "segments": audience.segments, "from_ms": audience.from_ms, "until_ms": audience.until_ms,
        })
    };
    let card = |ZoneCard { program, audience }: &ZoneCard| {
        let mut told = whom(audience);
        told["program"] = json!(program);
        told
    };
    let bundle = |Bundle { titles, programs, audience }: &Bundle| {
        let mut told = whom(audience);
        told["bundle"] = json!(titles);
        told["programs"] = json!(programs);
        told
    };
    page.cards.iter().map(card).chain(page.bundles.iter().map(bundle)).collect()
}
