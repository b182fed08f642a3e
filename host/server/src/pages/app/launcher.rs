//! The launcher, and the way from a program's card to its page.

use super::home_of;
use super::view::{CardFace, Launcher, Opening, Recent, ZoneView};
use crate::app::catalog::Catalog;
use crate::app::ctx::{Caller, Ctx};
use crate::app::zone_card::{Card, Pages};
use crate::app::{App, launch, me, notice, trial, zone_card};
use crate::http::extract::{Path, Query};
use crate::http::handlers::zone_pages::place_id;
use crate::http::problem::Problem;
use crate::pages::cards::{card_of_program, place_name};
use crate::pages::parts::ProgramCard;
use crate::pages::shell::Shell;
use crate::pages::{Look, page, see};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use xitai_model::identity::{Act, may};
use xitai_model::ids::BranchId;
use xitai_model::program::Channel;

/// Sessions looked through for the programs used of late.
const RECENT_SESSIONS_MAX: usize = 30;
const RECENT_MAX: usize = 8;

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    /// Of the bank's own app: whoever is signed in here may be somebody else.
    ticket: Option<String>,
}

/// `GET /app?q=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(search): Query<Search>,
) -> Result<Response, Problem> {
    if let Some(ticket) = &search.ticket {
        return Ok(see(&format!("/app/ticket?ticket={}", crate::render::web::query_escaped(ticket))));
    }
    let catalog = app.catalog();
    let Some(branch) = branch_of(&catalog, &ctx) else { return Ok(see(home_of(&ctx))) };
    let words = look.words();
    let programs = launch::list(&app, &ctx, Some(&branch), None, Channel::Phone)?;
    let cards = programs.iter().filter(|listed| !listed.stopped);
    let cards =
        cards.map(|listed| ProgramCard::of(&listed.release, catalog.publisher(&listed.release.publisher), &words));
    let wanted = search.q.trim().to_lowercase();
    let drawn = match wanted.is_empty() {
        true => zone_card::shown(&app, &ctx, &branch, Pages::Launcher, Some(words.tag())).await?,
        false => Vec::new(),
    };
    let view = Launcher {
        shell: Shell { unread: notice::unread(&app, &ctx).await?, ..look.shell(Some(&catalog), "home") },
        greeting: greeting(&words, ctx.now_ms),
        name: name_of(&ctx),
        branch: place_name(&catalog, &branch, &words),
        zone: format!("/app/zones/{branch}"),
        cards: faces(&drawn, &catalog, &words, ctx.now_ms),
        recent: recent(&app, &ctx, &catalog, &words).await?,
        programs: cards.filter(|card| wanted.is_empty() || card.matches(&wanted)).collect(),
        query: search.q.trim().to_owned(),
        trials: trial::for_tester(&app, &ctx)?
            .iter()
            .map(|(trial, release)| {
                let card = ProgramCard::of(release, catalog.publisher(&release.publisher), &words);
                (card, words.say1("trial-until", "when", calendar::short(&words, trial.until_ms, ctx.now_ms)))
            })
            .collect(),
        pays: ctx.customer().is_some_and(|it| may(it.level, Act::PayFromAccount).is_ok()),
    };
    page(&look, &view)
}

fn faces(cards: &[Card], catalog: &Catalog, words: &Words, now_ms: i64) -> Vec<CardFace> {
    cards.iter().enumerate().map(|(at, card)| CardFace::of(card, catalog, words, at, now_ms)).collect()
}

/// `GET /app/zones/{branch}`: what a branch has arranged, and all that can be opened there.
pub async fn zone(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(branch): Path<String>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let branch = catalog.serving_branch(&place_id(&branch)?)?;
    let programs = launch::list(&app, &ctx, Some(&branch), None, Channel::Phone)?;
    let open = programs.iter().filter(|listed| !listed.stopped);
    let cards = zone_card::shown(&app, &ctx, &branch, Pages::Zone, Some(words.tag())).await?;
    let view = ZoneView {
        shell: Shell { unread: notice::unread(&app, &ctx).await?, ..look.shell(Some(&catalog), "home") },
        branch: place_name(&catalog, &branch, &words),
        cards: faces(&cards, &catalog, &words, ctx.now_ms),
        programs: open
            .map(|it| ProgramCard::of(&it.release, catalog.publisher(&it.release.publisher), &words))
            .collect(),
    };
    page(&look, &view)
}

/// The branch whose zone somebody sees: a customer's own, or the one where staff serve customers.
pub fn branch_of(catalog: &Catalog, ctx: &Ctx) -> Option<BranchId> {
    use xitai_model::place::Role;
    match &ctx.actor {
        Caller::Customer(customer) => Some(customer.branch.clone()),
        Caller::Staff(staff) => {
            let serves = staff.roles.iter().any(|(role, _)| matches!(role, Role::Manager | Role::Clerk));
            launch::own_branch(catalog, staff).filter(|_| serves)
        }
        Caller::Anonymous | Caller::Host => None,
    }
}

pub fn name_of(ctx: &Ctx) -> String {
    match &ctx.actor {
        Caller::Customer(customer) => customer.profile.display_name.clone(),
        Caller::Staff(staff) => staff.name.clone(),
        Caller::Anonymous | Caller::Host => String::new(),
    }
}

fn greeting(words: &Words, now_ms: i64) -> String {
    words.say(match words.zone().civil(now_ms).hour() {
        5..=10 => "greeting-morning",
        11..=13 => "greeting-noon",
        14..=17 => "greeting-afternoon",
        18..=22 => "greeting-evening",
        _ => "greeting-night",
    })
}

/// The newest session of each program used of late. One whose program is gone or stopped is left out.
async fn recent(app: &App, ctx: &Ctx, catalog: &Catalog, words: &Words) -> Result<Vec<Recent>, Problem> {
    let mut sessions = app.store.sessions_of(me::customer_id(ctx)?, RECENT_SESSIONS_MAX).await?;
    sessions.sort_by_key(|session| std::cmp::Reverse(session.updated_ms));
    let mut seen = BTreeSet::new();
    let fresh = sessions.into_iter().filter(|session| seen.insert(session.program.clone()));
    let recent = fresh.filter_map(|session| {
        let open = catalog.rollout(&session.program)?.enabled.contains(&session.branch);
        Some(Recent {
            card: card_of_program(catalog, &session.program, words).filter(|_| open)?,
            session: session.id.to_string(),
            when: calendar::ago(words, session.updated_ms, ctx.now_ms),
        })
    });
    Ok(recent.take(RECENT_MAX).collect())
}

/// `GET /app/open/{program}?page=&…`
pub async fn open(
    State(app): State<Arc<App>>,
    look: Look,
    Path(program): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let id = crate::http::handlers::publisher::program_id(&program)?;
    let catalog = app.catalog();
    let card = card_of_program(&catalog, &id, &look.words()).unwrap_or_else(|| ProgramCard::bare(&program, None));
    let own = |name: &str| matches!(name, "page" | "lang" | "practice");
    let practice = query.iter().any(|(name, value)| name == "practice" && value == "1");
    let given: Vec<String> = query
        .iter()
        .filter(|(name, _)| !own(name))
        .map(|(name, value)| {
            format!("{}={}", crate::render::web::query_escaped(name), crate::render::web::query_escaped(value))
        })
        .collect();
    let asked = query.iter().find(|(name, _)| name == "page").map(|(_, page)| page.clone()).unwrap_or_default();
    let shell = Shell { practice, ..look.shell(Some(&catalog), "") };
    page(&look, &Opening { shell, card, page: asked, query: given.join("&"), practice })
}
