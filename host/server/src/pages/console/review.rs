//! One review: what the machine found and saw first, then what people look at, then the decision.

use super::desk::{self, Asked, is_waiting, staff_name};
use super::release::{part, signoffs};
use super::view::{AcceptRow, DeskRow, DrawnRow, PointRow, Review, ScenePage, SceneRow, TurnRow, VerdictRow};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::evidence::{self, Evidence, beside, live};
use crate::app::review::{Verdict, desks_at, uploader};
use crate::app::{App, review, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::pages::parts::{ProgramCard, files, release_state, release_tone};
use crate::pages::{Look, page};
use crate::render::web::{self, Drawing, calendar};
use crate::scene::record::{Played, PlayedTurn};
use crate::words::{Locale, Words};
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::ReviewId;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::program::Channel;
use xitai_model::release::{Decision, Finding, Release, Severity};
use xitai_model::review::{Acceptance, CHECKLIST, Desk, desks, tiers};
use xitai_model::scene::{Came, EXTENSION, FOLDER};

/// Changed screens that the page itself shows; the scenes' own pages have all.
const CHANGED_MAX: usize = 12;

fn review_id(text: &str) -> Result<ReviewId, Problem> {
    ReviewId::parse(text).map_err(|_| Problem::new(code::REVIEW_NOT_FOUND))
}

fn find<'a>(catalog: &'a Catalog, id: &ReviewId) -> Result<&'a Release, Problem> {
    let found = catalog.releases.values().map(|kept| &kept.value).find(|release| release.review.as_ref() == Some(id));
    found.ok_or_else(|| Problem::new(code::REVIEW_NOT_FOUND))
}

/// Evidence of a release and of the live one.
async fn both(app: &App, catalog: &Catalog, release: &Release) -> Result<[Option<Arc<Evidence>>; 2], Problem> {
    let now = evidence::of(app, release).await?;
    let before = match live(catalog, release) {
        Some(live) => evidence::of_live(app, live, now.as_deref()).await?,
        None => None,
    };
    Ok([now, before])
}

/// `GET /console/reviews/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRelease)?;
    let (id, catalog, words) = (review_id(&id)?, app.catalog(), look.words());
    let release = find(&catalog, &id)?;
    let [now, before] = both(&app, &catalog, release).await?;
    let asks = step_up::asks(&app, &ctx, Action::Review).await?;
    let subject = |approves| step_up::decision_subject(id.as_str(), &release.package, approves);
    let waits = is_waiting(release);
    let view = Review {
        shell: desk::desk(&look, &catalog, staff, "/console/reviews", &asked),
        id: id.to_string(),
        card: ProgramCard::of(release, catalog.publisher(&release.publisher), &words),
        version: release.id.version.to_string(),
        state: release_state(release.state, &words),
        tone: release_tone(release.state),
        package: release.package.to_string(),
        verdict: verdict(release, now.as_deref(), before.as_deref(), &words),
        scenes: now.as_deref().map(|now| scene_rows(now, before.as_deref(), &id)).unwrap_or_default(),
        changed: now.as_deref().map(|now| changed(now, before.as_deref())).unwrap_or_default(),
        desks: desk_rows(&catalog, release, waits, &words, ctx.now_ms),
        tiers: tiers(&release.manifest).into_iter().map(|tier| words.name("tier", tier.as_str())).collect(),
        earlier: signoffs(&catalog, release, &words, ctx.now_ms, |signoff| signoff.round < release.reviewing.round),
        returned: signoffs(&catalog, release, &words, ctx.now_ms, |signoff| {
            signoff.round == release.reviewing.round && signoff.decision == Decision::Return
        }),
        points: point_rows(&catalog, release, &words),
        accepting: accepting(&catalog, release),
        may_tick: waits && may_tick(&catalog, staff, release),
        deadline: deadline(release, &words, ctx.now_ms),
        appeal: release.reviewing.appeal.as_ref().map(|appeal| {
            let when = calendar::short(&words, appeal.at_ms, ctx.now_ms);
            (staff_name(&catalog, &appeal.by), when, appeal.reason.clone())
        }),
        signed: asks.then(|| (subject(true), subject(false))),
        cannot: cannot(&catalog, staff, release).map(|key| words.say(key)),
        own_desks: own_desks(&catalog, staff, release, &words),
        release: part(&catalog, release, &words, ctx.now_ms),
    };
    page(&look, &view)
}

/// What the machine says, figure by figure, beside what the live release came to.
fn verdict(release: &Release, now: Option<&Evidence>, before: Option<&Evidence>, words: &Words) -> Vec<VerdictRow> {
    let count = |severity| release.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let row = |key: &str, value: String, before: String, tone| VerdictRow { name: words.say(key), value, before, tone };
    let tone = match (errors, warnings) {
        (0, 0) => "success",
        (0, _) => "warning",
        _ => "danger",
    };
    let (errors, warnings) = (errors.to_string(), warnings.to_string());
    let found = words.say_with("verdict-findings", &[("errors", &errors), ("warnings", &warnings)]);
    let mut rows = vec![row("findings", found, String::new(), tone)];
    let Some(now) = now else {
        rows.push(row("scenes", words.say("verdict-none"), String::new(), "warning"));
        return rows;
    };
    let played = &now.rehearsed.played;
    let turns: usize = played.iter().map(|played| played.turns.len()).sum();
    let (scenes, turns) = (played.len().to_string(), turns.to_string());
    let scenes = words.say_with("verdict-scenes", &[("n", &scenes), ("turns", &turns)]);
    rows.push(row("scenes", scenes, String::new(), if played.is_empty() { "warning" } else { "success" }));
    let fell = now.rehearsed.random.iter().any(|run| run.fell.is_some());
    let taps: usize = now.rehearsed.random.iter().map(|run| run.taps).sum();
    let taps = words.say1(if fell { "verdict-fell" } else { "verdict-taps" }, "n", taps);
    rows.push(row("verdict-random", taps, String::new(), if fell { "danger" } else { "success" }));
    let cost = |of: &Evidence| of.cost().to_string();
    rows.push(row("verdict-cost", cost(now), before.map(cost).unwrap_or_default(), "plain"));
    let size = |of: &Evidence| format!("{} KiB", of.component_bytes.div_ceil(1_024));
    rows.push(row("verdict-size", size(now), before.map(size).unwrap_or_default(), "plain"));
    rows
}

fn stem(file: &str) -> &str {
    file.trim_start_matches(FOLDER).trim_end_matches(EXTENSION)
}

fn scene_rows(now: &Evidence, before: Option<&Evidence>, id: &ReviewId) -> Vec<SceneRow> {
    let row = |played: &Played| SceneRow {
        href: format!("/console/reviews/{id}/scenes/{}", stem(&played.file)),
        file: played.file.clone(),
        title: played.title.clone(),
        turns: played.turns.len(),
        changed: beside(played, before).iter().filter(|turn| turn.is_changed()).count(),
        cost: played.cost().to_string(),
    };
    now.rehearsed.played.iter().map(row).collect()
}

/// What reads otherwise than in the live release: scene and turn, and its lines.
fn changed(now: &Evidence, before: Option<&Evidence>) -> Vec<(String, Vec<String>)> {
    let turns = now.rehearsed.played.iter().flat_map(|played| {
        let of =
            move |turn: evidence::Beside<'_>| (format!("{} · {}", played.title, turn.turn.act), turn.changed_lines());
        beside(played, before).into_iter().filter(evidence::Beside::is_changed).map(of)
    });
    turns.take(CHANGED_MAX).collect()
}

fn desk_rows(catalog: &Catalog, release: &Release, waits: bool, words: &Words, now_ms: i64) -> Vec<DeskRow> {
    let row = |desk: Desk| DeskRow {
        name: words.name("desk", desk.as_str()),
        signoffs: signoffs(catalog, release, words, now_ms, |signoff| {
            signoff.desk == desk && signoff.round == release.reviewing.round && signoff.decision == Decision::Approve
        }),
        missing: if waits { desk.people().saturating_sub(release.approved_for(desk)) } else { 0 },
    };
    desks(&release.manifest).into_iter().map(row).collect()
}

fn point_rows(catalog: &Catalog, release: &Release, words: &Words) -> Vec<PointRow> {
    let row = |point: &'static xitai_model::review::Point| PointRow {
        id: point.id,
        text: if words.locale() == Locale::ZhCn { point.zh } else { point.en },
        by: release.reviewing.ticks.get(point.id).map(|tick| staff_name(catalog, &tick.by)),
    };
    CHECKLIST.iter().map(row).collect()
}

/// Findings that must be accepted, with who has accepted each and why.
fn accepting(catalog: &Catalog, release: &Release) -> Vec<AcceptRow> {
    let row = |(finding, accepted): (&Finding, Option<&Acceptance>)| AcceptRow {
        key: finding.key(),
        evidence: finding.evidence.clone(),
        accepted: accepted.map(|it| (staff_name(catalog, &it.by), it.reason.clone())),
    };
    release.to_accept().map(row).collect()
}

/// When it must be decided, and whether that is past.
fn deadline(release: &Release, words: &Words, now_ms: i64) -> Option<(String, &'static str)> {
    if !is_waiting(release) || release.reviewing.deadline_ms == 0 {
        return None;
    }
    let when = calendar::short(words, release.reviewing.deadline_ms, now_ms);
    let late = release.reviewing.is_overdue(now_ms);
    let told = words.say1(if late { "review-late" } else { "review-by" }, "when", when);
    Some((told, if late { "danger" } else { "info" }))
}

fn own_desks(catalog: &Catalog, staff: &Staff, release: &Release, words: &Words) -> Vec<(&'static str, String)> {
    let needed = desks(&release.manifest);
    let own = desks_at(catalog, staff).into_iter().filter(|desk| needed.contains(desk));
    own.map(|desk| (desk.as_str(), words.name("desk", desk.as_str()))).collect()
}

fn may_tick(catalog: &Catalog, staff: &Staff, release: &Release) -> bool {
    desks_at(catalog, staff).contains(&Desk::Review) && uploader(catalog, release) != staff.person
}

/// Why somebody can't decide: told before they try. [`review::decide`] is who refuses.
fn cannot(catalog: &Catalog, staff: &Staff, release: &Release) -> Option<&'static str> {
    let own = desks_at(catalog, staff);
    let needed = desks(&release.manifest);
    let of_person = |signoff: &&xitai_model::release::Signoff| signoff.person == staff.person;
    if !is_waiting(release) {
        Some("cannot-state")
    } else if own.is_empty() {
        Some("cannot-role")
    } else if uploader(catalog, release) == staff.person {
        Some("cannot-uploader")
    } else if !own.iter().any(|desk| needed.contains(desk)) {
        Some("cannot-desk")
    } else if release.signoffs.iter().filter(of_person).any(|signoff| signoff.round < release.reviewing.round) {
        Some("cannot-appeal")
    } else {
        release.counting().any(|signoff| of_person(&signoff)).then_some("cannot-twice")
    }
}

/// `GET /console/reviews/{id}/scenes/{name}`
pub async fn scene(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRelease)?;
    let (id, catalog, words) = (review_id(&id)?, app.catalog(), look.words());
    let release = find(&catalog, &id)?;
    let [now, before] = both(&app, &catalog, release).await?;
    let now = now.ok_or_else(|| Problem::new(code::REVIEW_NOT_FOUND))?;
    let scenes = &now.rehearsed.played;
    let at = scenes.iter().position(|played| stem(&played.file) == name);
    let at = at.ok_or_else(|| Problem::new(code::REVIEW_NOT_FOUND))?;
    let played = &scenes[at];
    let elsewhere = now.elsewhere(&played.file);
    let artist = Artist { release, before: live(&catalog, release), words, now_ms: ctx.now_ms };
    let turns = beside(played, before.as_deref()).into_iter().enumerate().map(|(number, turn)| TurnRow {
        number: number + 1,
        act: turn.turn.act.clone(),
        refused: turn.turn.came.refused.clone(),
        cost: turn.turn.cost.to_string(),
        asked: turn.turn.came.asked.join(", "),
        is_changed: turn.is_changed(),
        drawings: artist.drawings(number, &turn, &elsewhere),
    });
    let other = |at: Option<usize>| {
        let other = at.and_then(|at| scenes.get(at))?;
        Some((format!("/console/reviews/{id}/scenes/{}", stem(&other.file)), other.title.clone()))
    };
    let view = ScenePage {
        id: id.to_string(),
        card: ProgramCard::of(release, catalog.publisher(&release.publisher), &words),
        version: release.id.version.to_string(),
        title: played.title.clone(),
        file: played.file.clone(),
        turns: turns.collect(),
        previous: other(at.checked_sub(1)),
        next: other(Some(at + 1)),
        shell: desk::desk(&look, &catalog, staff, "/console/reviews", &asked),
    };
    page(&look, &view)
}

/// Draws turns for the channels that there are renderers for; the others in words.
struct Artist<'a> {
    release: &'a Release,
    before: Option<&'a Release>,
    words: Words,
    now_ms: i64,
}

impl Artist<'_> {
    fn drawings(&self, number: usize, turn: &evidence::Beside<'_>, elsewhere: &[&Played]) -> Vec<DrawnRow> {
        let mut drawn = vec![self.drawn("channel-phone", turn.turn, self.release, &format!("a{number}"))];
        if let (Some(before), Some(release), true) = (turn.before, self.before, turn.is_changed()) {
            drawn.push(self.drawn("channel-live", before, release, &format!("b{number}")));
        }
        for played in elsewhere {
            let key = match played.channel {
                Channel::Kiosk => "channel-kiosk",
                Channel::Chat => "channel-chat",
                _ => "channel-other",
            };
            let shown = |came: &Came| came.screen.clone().map(|screen| format!("{screen}\n{}", came.sheet));
            let text = played.turns.get(number).and_then(|turn| shown(&turn.came));
            drawn.extend(text.map(|text| DrawnRow { name: self.words.say(key), html: None, text }));
        }
        drawn.retain(|row| row.html.is_some() || !row.text.is_empty());
        drawn
    }

    /// As the web draws it, where the tree is kept; else in words. `ids` keeps controls of many drawings apart.
    fn drawn(&self, key: &str, turn: &PlayedTurn, release: &Release, ids: &str) -> DrawnRow {
        let (program, files, fields) = (release.id.program.as_str(), files(release), BTreeMap::new());
        let (words, pages, now_ms) = (self.words, "/app", self.now_ms);
        let drawing = Drawing { words, program, pages, files: &files, now_ms, fields: &fields, ids };
        let mut text = turn.came.screen.clone().unwrap_or_default();
        let html = turn.screen.as_ref().map(|screen| web::screen(screen, &drawing));
        if html.is_some() {
            text = turn.came.sheet.clone();
        } else if !turn.came.sheet.is_empty() {
            text = format!("{text}\n{}", turn.came.sheet);
        }
        DrawnRow { name: self.words.say(key), html, text }
    }
}

/// `POST /console/reviews/{id}`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let package = Digest::parse(posted.value("package")).ok_or_else(|| Problem::malformed("package"))?;
    let (decision, said) = if posted.value("decision") == "approve" {
        (Decision::Approve, "approve")
    } else {
        (Decision::Return, "return")
    };
    let (note, desk) = (posted.text("note"), Desk::parse(posted.value("desk")));
    let verdict = Verdict { decision, package, note, desk, points: Vec::new() };
    let done = review::decide(&app, &ctx, &review_id(&id)?, verdict).await;
    Ok(desk::back(&format!("/console/reviews/{id}"), done.map(|_| said)))
}

/// `POST /console/reviews/{id}/ticks`
pub async fn tick(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let points = pairs.into_iter().filter(|(key, _)| key == "point").map(|(_, value)| value).collect();
    let done = review::tick(&app, &ctx, &review_id(&id)?, points).await;
    Ok(desk::back(&format!("/console/reviews/{id}"), done.map(|_| "ticked")))
}

/// `POST /console/reviews/{id}/acceptances`
pub async fn accept(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let (finding, reason) = (posted.value("finding").to_owned(), posted.text("reason"));
    let done = review::accept(&app, &ctx, &review_id(&id)?, finding, reason).await;
    Ok(desk::back(&format!("/console/reviews/{id}"), done.map(|_| "accepted")))
}
