//! Writing: a new entry, a new version, or on a draft.

use super::super::desk::{self, Asked};
use super::HERE;
use super::form::{Form, LEVELS, written};
use super::view::{EditPage, TextFields, address};
use crate::app::catalog::Catalog;
use crate::app::content::{self, may_at};
use crate::app::ctx::Ctx;
use crate::app::{App, media};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::content::entry_id;
use crate::http::problem::Problem;
use crate::pages::cards::{card_of_program, place_name};
use crate::pages::{Look, page, see};
use crate::words::{Locale, Words};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::content::Kind;
use xitai_model::content::entry::{Draft, Entry, State as VersionState};
use xitai_model::ids::{PlaceId, ReleaseId};
use xitai_model::money::Currency;
use xitai_model::place::Staff;
use xitai_model::policy::Action;

/// Pictures offered beside the one that the draft has.
const PICTURES_MAX: usize = 12;

/// `GET /console/content/new`
pub async fn begin(State(app): State<Arc<App>>, ctx: Ctx, look: Look) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::WriteContent)?;
    page(&look, &form(&app, &ctx, &look, staff, None, &Draft::default(), &Chosen::default(), None)?)
}

/// Kind and place of a new entry.
#[derive(Default)]
struct Chosen {
    kind: String,
    place: String,
}

/// `POST /console/content/new`
pub async fn create(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::WriteContent)?;
    let asked = Form(&pairs);
    let chosen = Chosen { kind: asked.value("kind").to_owned(), place: asked.value("place").to_owned() };
    let kind = Kind::parse(&chosen.kind).ok_or_else(|| Problem::malformed("kind"))?;
    let place = PlaceId::parse(&chosen.place)?;
    let draft = asked.draft(look.words().zone());
    let made = match draft.clone() {
        Ok(draft) => content::create(&app, &ctx, kind, &place, draft).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(entry) => Ok(see(&format!("{HERE}/{}?said=content-saved", entry.id))),
        // What was typed stays in the form.
        Err(problem) => {
            let draft = draft.unwrap_or_default();
            page(&look, &form(&app, &ctx, &look, staff, None, &draft, &chosen, Some(problem))?)
        }
    }
}

#[derive(Deserialize)]
pub struct Wanted {
    v: Option<u32>,
}

/// `GET /console/content/{id}/edit?v=`: on a draft, or a new version made from that one.
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::WriteContent)?;
    let entry = content::view(&app, &ctx, &entry_id(&id)?)?;
    let from = wanted.v.and_then(|number| entry.version(number)).or_else(|| entry.versions.last());
    let draft = match (from, entry.past.last()) {
        (Some(version), _) => version.draft.clone(),
        (None, Some(past)) => content::past_draft(&app, &past.digest).await?,
        (None, None) => Draft::default(),
    };
    page(&look, &form(&app, &ctx, &look, staff, Some((&entry, wanted.v)), &draft, &Chosen::default(), None)?)
}

/// `POST /console/content/{id}/edit?v=`
pub async fn save(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::WriteContent)?;
    let entry = content::view(&app, &ctx, &entry_id(&id)?)?;
    let is_draft = |number: &u32| entry.version(*number).is_some_and(|it| it.state == VersionState::Draft);
    let number = wanted.v.filter(is_draft);
    let draft = Form(&pairs).draft(look.words().zone());
    let done = match draft.clone() {
        Ok(draft) => content::write(&app, &ctx, &entry.id, number, draft).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok((_, number)) => Ok(see(&format!("{HERE}/{id}?said=content-saved&v={number}"))),
        Err(problem) => {
            let draft = draft.unwrap_or_default();
            let of = Some((&entry, wanted.v));
            page(&look, &form(&app, &ctx, &look, staff, of, &draft, &Chosen::default(), Some(problem))?)
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a form is made of everything that it offers")]
fn form(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    of: Option<(&Entry, Option<u32>)>,
    draft: &Draft,
    chosen: &Chosen,
    problem: Option<Problem>,
) -> Result<EditPage, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let spot = draft.spot.clone().unwrap_or_default();
    let told = problem.map(|problem| {
        let detail = problem.detail.as_ref().map(|detail| format!(" {detail}")).unwrap_or_default();
        format!("{}{detail}", problem.code.text(words.tag()))
    });
    let owner = of.map(|(entry, _)| entry.owner.place().clone());
    let may_write = |place: &PlaceId| may_at(&catalog, staff, Action::WriteContent, place);
    let places = catalog.places.keys().filter(|place| may_write(place));
    let within =
        |place: &&PlaceId| owner.as_ref().is_none_or(|owner| catalog.is_within(place, owner) && *place != owner);
    let place = |id: &PlaceId| (id.to_string(), place_name(&catalog, id, &words));
    let pictures = pictures(app, ctx, draft)?;
    Ok(EditPage {
        shell: desk::desk(look, &catalog, staff, HERE, &Asked::default()),
        title: match of {
            None => words.say("content-new"),
            Some((entry, number)) => match number.and_then(|number| entry.version(number)) {
                Some(version) if version.state == VersionState::Draft => {
                    words.say1("content-edit-version", "n", version.number)
                }
                _ => words.say1("content-new-version", "n", entry.next_number()),
            },
        },
        id: of.map(|(entry, _)| entry.id.to_string()),
        kinds: Kind::ALL
            .map(|kind| (kind.as_str(), words.name("content-kind", kind.as_str()), chosen.kind == kind.as_str()))
            .to_vec(),
        places: places.map(place).map(|(id, name)| (id.clone(), name, id == chosen.place)).collect(),
        problem: told,
        texts: Vec::from(Locale::ALL.map(|locale| text_fields(draft, locale))),
        no_picture: draft.image.is_none(),
        pictures,
        price: draft.price.map(|price| price.digits()).unwrap_or_default(),
        currency: draft.price.map_or(Currency::CNY, |price| price.currency).to_string(),
        tags: draft.tags.join(", "),
        opens: openable(&catalog, draft, &words),
        district: spot.district,
        hours: spot.hours,
        position: spot.position.map(|it| it.to_string()).unwrap_or_default(),
        details: draft.details.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
        documents: draft.documents.join("\n"),
        regulated: draft.regulated,
        from: written(words.zone(), draft.from_ms),
        until: written(words.zone(), draft.until_ms),
        audience: catalog
            .places
            .keys()
            .filter(|id| catalog.place(id).is_some_and(|place| place.parent.is_some()))
            .filter(within)
            .map(place)
            .map(|(id, name)| (id.clone(), name, draft.audience.places.iter().any(|place| place.as_str() == id)))
            .collect(),
        levels: LEVELS
            .map(|(level, word)| (word, words.name("level", word), draft.audience.level == Some(level)))
            .to_vec(),
    })
}

fn text_fields(draft: &Draft, locale: Locale) -> TextFields {
    let text = draft.texts.get(locale.tag()).cloned().unwrap_or_default();
    TextFields { tag: locale.tag(), name: locale.own_name(), title: text.title, summary: text.summary, body: text.body }
}

/// Handle, address, and whether the draft has it.
fn pictures(app: &App, ctx: &Ctx, draft: &Draft) -> Result<Vec<(String, String, bool)>, Problem> {
    let mut handles: Vec<String> =
        media::list(app, ctx, PICTURES_MAX)?.into_iter().map(|media| media.handle.to_string()).collect();
    if let Some(own) = &draft.image {
        handles.retain(|handle| handle != own);
        handles.insert(0, own.clone());
    }
    let picture = |handle: String| {
        let address = address(&handle)?;
        Some((handle.clone(), address, draft.image.as_ref() == Some(&handle)))
    };
    Ok(handles.into_iter().filter_map(picture).collect())
}

/// Pages of the programs that customers have.
fn openable(catalog: &Catalog, draft: &Draft, words: &Words) -> Vec<(String, String, bool)> {
    let mut pages = Vec::new();
    for (program, kept) in &catalog.rollouts {
        let Some(stage) = kept.value.stages.last() else { continue };
        let id = ReleaseId { program: program.clone(), version: stage.version.clone() };
        let Some(release) = catalog.release(&id) else { continue };
        let name = card_of_program(catalog, program, words).map_or_else(|| program.to_string(), |card| card.name);
        for page in &release.manifest.pages {
            let chosen = draft.opens.as_ref().is_some_and(|(opens, at)| opens == program && at == page);
            pages.push((format!("{program}|{page}"), format!("{name} · {page}"), chosen));
        }
    }
    pages
}
