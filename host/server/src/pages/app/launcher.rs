//! The launcher: one box to search programs and content, what somebody used of late and keeps at hand, and what the branch
//! has chosen for them.

use super::home_of;
use super::view::{BundleFace, CardFace, ContentRow, Launcher, ProgramEntry, Recent, ZoneView};
use crate::app::catalog::Catalog;
use crate::app::ctx::{Caller, Ctx};
use crate::app::launch::Listed;
use crate::app::zone_card::{Bundled, Card, Pages};
use crate::app::{App, favourites, launch, library, me, notice, trial, zone_card};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::handlers::zone_pages::place_id;
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::pages::cards::{card_of_program, names_of, place_name};
use crate::pages::console::content_face;
use crate::pages::parts::ProgramCard;
use crate::pages::shell::Shell;
use crate::pages::{Look, page, see, to};
use crate::render::web::{calendar, query_escaped};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::content::{self, ContentEntry, search::fold};
use xitai_model::identity::{Act, may};
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::limits::{LAUNCHER_CONTENT_MAX, RECENT_PROGRAMS_MAX, SESSION_IDLE_MS_MAX};
use xitai_model::program::Channel;
use xitai_model::release::Release;
use xitai_model::trial::Trial;

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    /// Of the bank's own app: whoever is signed in here may be somebody else.
    ticket: Option<String>,
    refused: Option<String>,
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
    let query = search.q.trim().to_owned();
    let wanted: Vec<String> = query.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
    let searches = !wanted.is_empty();
    let kept = favourites::list(&app, &ctx).await?;
    let (cards, bundles) = match searches {
        true => (Vec::new(), Vec::new()),
        false => drawn(&app, &ctx, &branch, Pages::Launcher, &words).await?,
    };
    let programs = entries(&app, &ctx, &branch, &kept, &wanted, &words)?;
    let recent = if searches { Vec::new() } else { recent(&app, &ctx, &catalog, &words).await? };
    let trials = trial::for_tester(&app, &ctx)?;
    let tried = |(trial, release): &(Trial, Release)| {
        let card = ProgramCard::of(release, catalog.publisher(&release.publisher), &words);
        (card, words.say1("trial-until", "when", calendar::short(&words, trial.until_ms, ctx.now_ms)))
    };
    let view = Launcher {
        shell: Shell { unread: notice::unread(&app, &ctx).await?, ..look.shell(Some(&catalog), "home") },
        problem: words.refused(search.refused.as_deref()),
        greeting: greeting(&words, ctx.now_ms),
        name: name_of(&ctx),
        branch: place_name(&catalog, &branch, &words),
        zone: format!("/app/zones/{branch}"),
        favourites: at_hand(&catalog, &kept, &words),
        recent,
        cards: faces(&cards, &catalog, &words, "card", ctx.now_ms),
        bundles: bundle_faces(bundles, &catalog, &words, ctx.now_ms),
        programs,
        content: if searches { found(&app, &ctx, &query, &words)? } else { Vec::new() },
        trials: trials.iter().map(tried).collect(),
        pays: ctx.customer().is_some_and(|it| may(it.level, Act::PayFromAccount).is_ok()),
        via: if searches { "search" } else { "launcher" },
        here: if searches { format!("/app?q={}", query_escaped(&query)) } else { "/app".to_owned() },
        query,
    };
    page(&look, &view)
}

/// The single cards of a branch's pages, and the bundles: both wait for their programs at the same time.
async fn drawn(
    app: &App,
    ctx: &Ctx,
    branch: &BranchId,
    pages: Pages,
    words: &Words,
) -> Result<(Vec<Card>, Vec<Bundled>), Problem> {
    let cards = zone_card::shown(app, ctx, branch, pages, Some(words.tag()));
    let bundles = zone_card::bundles(app, ctx, branch, pages, Some(words.tag()));
    tokio::try_join!(cards, bundles)
}

/// Everything that can be opened in a branch, as far as it is searched for.
fn entries(
    app: &App,
    ctx: &Ctx,
    branch: &BranchId,
    kept: &[ProgramId],
    wanted: &[String],
    words: &Words,
) -> Result<Vec<ProgramEntry>, Problem> {
    let catalog = app.catalog();
    let listed = launch::list(app, ctx, Some(branch), None, Channel::Phone)?;
    let entry = |it: &Listed| ProgramEntry {
        card: ProgramCard::of(&it.release, catalog.publisher(&it.release.publisher), words),
        kept: kept.contains(&it.release.id.program),
    };
    Ok(listed.iter().filter(|it| !it.stopped && it.is_found_by(wanted)).map(entry).collect())
}

/// The programs that somebody keeps at hand and that there still are.
fn at_hand(catalog: &Catalog, kept: &[ProgramId], words: &Words) -> Vec<ProgramCard> {
    let open = kept.iter().filter(|program| !catalog.is_retired(program));
    open.filter_map(|program| card_of_program(catalog, program, words)).collect()
}

/// What of the library fits a search.
fn found(app: &App, ctx: &Ctx, text: &str, words: &Words) -> Result<Vec<ContentRow>, Problem> {
    let query = content::Query { text: Some(text.to_owned()), ..content::Query::default() };
    let (entries, _) = match library::find(app, ctx, &query, None) {
        // A text longer than any is nowhere.
        Err(problem) if problem.code == code::LIMIT_QUERY_TEXT => return Ok(Vec::new()),
        found => found?,
    };
    let catalog = app.catalog();
    let row = |read: &ContentEntry| {
        let face = content_face(&catalog, read, words.tag(), words, ctx.now_ms);
        ContentRow {
            href: format!("/app/content/{}", read.id),
            kind: face.kind,
            title: face.title,
            summary: face.summary,
            opens: face.opens,
        }
    };
    Ok(entries.iter().take(LAUNCHER_CONTENT_MAX).map(row).collect())
}

fn faces(cards: &[Card], catalog: &Catalog, words: &Words, ids: &str, now_ms: i64) -> Vec<CardFace> {
    let face = |(at, card): (usize, &Card)| CardFace::of(card, catalog, words, &format!("{ids}-{at}-"), now_ms);
    cards.iter().enumerate().map(face).collect()
}

fn bundle_faces(bundles: Vec<Bundled>, catalog: &Catalog, words: &Words, now_ms: i64) -> Vec<BundleFace> {
    let face = |(at, it): (usize, Bundled)| BundleFace {
        cards: faces(&it.cards, catalog, words, &format!("bundle-{at}"), now_ms),
        title: names_of(it.bundle.title("zh-CN"), &it.bundle.titles, words),
        id: format!("bundle-{at}"),
    };
    bundles.into_iter().enumerate().map(face).collect()
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
    let kept = favourites::list(&app, &ctx).await?;
    let programs = entries(&app, &ctx, &branch, &kept, &[], &words)?;
    let (cards, bundles) = drawn(&app, &ctx, &branch, Pages::Zone, &words).await?;
    let view = ZoneView {
        shell: Shell { unread: notice::unread(&app, &ctx).await?, ..look.shell(Some(&catalog), "home") },
        branch: place_name(&catalog, &branch, &words),
        cards: faces(&cards, &catalog, &words, "card", ctx.now_ms),
        bundles: bundle_faces(bundles, &catalog, &words, ctx.now_ms),
        programs,
        via: "launcher",
        here: format!("/app/zones/{branch}"),
    };
    page(&look, &view)
}

/// `POST /app/favourites/{program}`: keeps it at hand, or no longer.
pub async fn keep(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(program): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let done = favourites::change(&app, &ctx, &program_id(&program)?, posted.value("do") == "keep").await;
    let back = posted.value("back");
    // Back to a page of the app and nowhere else.
    let is_ours = (back == "/app" || back.starts_with("/app?") || back.starts_with("/app/"))
        && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    Ok(to(if is_ours { back } else { "/app" }, done))
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

/// The programs used of late, each at its newest session; one that is over begins anew. A program that is gone or stopped
/// is left out.
async fn recent(app: &App, ctx: &Ctx, catalog: &Catalog, words: &Words) -> Result<Vec<Recent>, Problem> {
    // Some are gone, or were only tried.
    let sessions = app.store.programs_of(me::customer_id(ctx)?, 2 * RECENT_PROGRAMS_MAX).await?;
    let recent = sessions.into_iter().filter_map(|session| {
        let (program, branch) = (&session.program, &session.branch);
        let is_shut = catalog.is_retired(program) || catalog.stop_on(program, branch).is_some();
        let open = !is_shut && catalog.rollout(program)?.enabled.contains(branch);
        let is_over = ctx.now_ms - session.updated_ms > SESSION_IDLE_MS_MAX;
        Some(Recent {
            card: card_of_program(catalog, &session.program, words).filter(|_| open)?,
            href: match is_over {
                true => format!("/app/open/{}?via=recent", session.program),
                false => format!("/app/sessions/{}", session.id),
            },
            when: calendar::ago(words, session.updated_ms, ctx.now_ms),
        })
    });
    Ok(recent.take(RECENT_PROGRAMS_MAX).collect())
}
