//! A program's page: the session's screen and, where one is open, the bank's sheet.

use super::view::{Stage, StagePage};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::handover;
use crate::app::identity::{has_passkey, who};
use crate::app::me;
use crate::app::secure_field;
use crate::app::session::{self, SessionView, SheetView};
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::pages::parts::{ProgramCard, files, interface_name};
use crate::pages::{Look, page};
use crate::render::web::html::Html;
use crate::render::web::sheet::{self, BodyFace, SheetFace, Signs};
use crate::render::web::{self, Drawing};
use crate::words::{Locale, Words};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{ReleaseId, SessionId};
use xitai_model::limits::SHEET_DEAD_MS;
use xitai_model::manifest::Manifest;
use xitai_model::release::Release;
use xitai_model::screen::Screen;

/// What a page waits longer than the host: its clock started when the sheet was drawn, the host's when it was made.
const DEAD_MARGIN_MS: i64 = 50;

/// How a set of pages draws a session.
#[derive(Clone, Copy)]
pub struct Way {
    /// Where they are, such as `/app`.
    pub pages: &'static str,
    pub screen: fn(&Screen, &Drawing<'_>) -> Html,
}

const WAY: Way = Way { pages: "/app", screen: web::screen };

/// `GET /app/sessions/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (view, stage) = stage(&app, &ctx, &look, &id, WAY).await?;
    let mut shell = look.shell(Some(&app.catalog()), "");
    shell.practice = view.practice;
    shell.origin.clone_from(&app.identity.origin);
    page(&look, &StagePage { shell, stage })
}

/// `GET /app/sessions/{id}/fragment`: the same without what surrounds it.
pub async fn fragment(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&look, &stage(&app, &ctx, &look, &id, WAY).await?.1)
}

/// A session as a set of pages shows it.
pub async fn stage(app: &App, ctx: &Ctx, look: &Look, id: &str, way: Way) -> Result<(SessionView, Stage), Problem> {
    let id = SessionId::parse(id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    let view = session::view(app, ctx, &id, None).await?;
    let catalog = app.catalog();
    let release = release_of(&catalog, &view)?;
    let words = look.words();
    let card = ProgramCard::of(release, catalog.publisher(&release.publisher), &words);
    let fields = secure_field::faces(app, &id, &view.screen, ctx.now_ms).await?;
    let (program, files) = (release.id.program.as_str(), files(release));
    let (pages, now_ms) = (way.pages, ctx.now_ms);
    let drawing = Drawing { words, program, pages, files: &files, now_ms, fields: &fields, ids: "" };
    let sheet = match &view.sheet {
        // Where it went on is where it is decided.
        Some(open) if !view.elsewhere => {
            let (signs, at_kiosk) = (signs(app, ctx, open).await?, pages == "/kiosk");
            Some(SheetFace { signs, at_kiosk, ..face(open, &card, view.practice) })
        }
        _ => None,
    };
    let may_leave = ctx.customer().is_some() && !view.practice && !view.closed;
    let may_leave = may_leave && !handover::is_here_alone(app, ctx).await?;
    let stage = Stage {
        words,
        session: view.session.to_string(),
        position: view.position,
        title: view.screen.title.clone(),
        lang: spoken(&release.manifest, &words),
        screen: (way.screen)(&view.screen, &drawing),
        sheet: sheet.map(|face| sheet::draw(&face, &words)),
        closed: view.closed,
        elsewhere: view.elsewhere.then(|| words.name("audience", &me::word(&view.channel))),
        may_leave,
        permissions: permissions(release, &words),
        version: view.program.version.clone(),
        card,
    };
    Ok((view, stage))
}

fn release_of<'a>(catalog: &'a Catalog, view: &SessionView) -> Result<&'a Release, Problem> {
    let version = semver::Version::parse(&view.program.version).map_err(Problem::internal)?;
    let id = ReleaseId { program: view.program.id.clone(), version };
    catalog.release(&id).ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND))
}

/// The language that a program speaks to a reader of the page's: the page's own where it knows it, else English, else its
/// own. None where both are the same.
fn spoken(manifest: &Manifest, words: &Words) -> Option<String> {
    let own = manifest.lang.as_deref();
    let known: Vec<Locale> =
        manifest.xitai.locales.keys().map(String::as_str).chain(own).filter_map(Locale::of_tag).collect();
    if known.contains(&words.locale()) || known.is_empty() {
        return None;
    }
    let tag = if known.contains(&Locale::En) { Locale::En.tag() } else { own.unwrap_or_default() };
    Some(tag.to_owned()).filter(|tag| !tag.is_empty())
}

fn permissions(release: &Release, words: &Words) -> Vec<(String, String)> {
    let asked = release.manifest.req_permissions.iter();
    asked.map(|asked| (interface_name(&asked.name, words), asked.reason.clone())).collect()
}

/// Whether the caller's passkey signs the sheet. Passkeys are bound to the bank's own origin, which the script knows.
async fn signs(app: &App, ctx: &Ctx, open: &SheetView) -> Result<Signs, Problem> {
    let has_passkey = has_passkey(app, &who(ctx)?).await?;
    Ok(match (has_passkey, open.kind) {
        (false, _) => Signs::No,
        (true, "presence" | "agreement") => Signs::Needed,
        // Nobody's passkey is in a device that was lent.
        (true, "pay") if ctx.how.is_lent() => Signs::No,
        (true, "pay") => Signs::Offered,
        (true, _) => Signs::No,
    })
}

fn face(open: &SheetView, card: &ProgramCard, practice: bool) -> SheetFace {
    SheetFace {
        ticket: open.ticket.clone(),
        digest: open.digest.clone(),
        body: BodyFace::from(&open.body),
        program: open.program.clone(),
        publisher: open.publisher.clone(),
        verified: card.verified,
        dead_ms: SHEET_DEAD_MS + DEAD_MARGIN_MS,
        expires_ms: open.expires_ms,
        then: open.then.clone(),
        practice,
        signs: Signs::No,
        at_kiosk: false,
    }
}
