//! A zone page through a customer's eyes: by their name, or as a kind of customer, at a time of one's choice.

use super::desk::{self, Asked};
use super::view::ZonePreview;
use super::zone_pages::HERE;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::zone_card::{self, Eyes, Missing, Previewed, Who};
use crate::app::{App, me};
use crate::http::extract::{Path, Query};
use crate::http::handlers::zone_pages::place_id;
use crate::http::problem::Problem;
use crate::pages::app::view::CardFace;
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::{Locale, Words};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::identity::Level;
use xitai_model::ids::{BranchId, PlaceId};
use xitai_model::place::PlaceKind;
use xitai_model::policy::Action;

/// Through whose eyes, as the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Through {
    #[serde(default)]
    login: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    branch: String,
    #[serde(default)]
    locale: String,
    #[serde(default)]
    at: String,
    elder: Option<String>,
    /// Which of both: what waits, or what is live.
    #[serde(default)]
    page: String,
}

const LEVELS: [Level; 4] = [Level::Visitor, Level::Registered, Level::Verified, Level::AccountHolder];

impl Through {
    fn level(&self) -> Level {
        LEVELS.into_iter().find(|level| me::word(level) == self.level).unwrap_or(Level::AccountHolder)
    }
    fn locale(&self, words: &Words) -> Locale {
        Locale::of_tag(&self.locale).unwrap_or(words.locale())
    }
    /// The page that waits, unless the live one was asked for.
    fn waits(&self) -> bool {
        self.page != "live"
    }
}

/// What the form of a preview offers, and what is chosen.
pub struct EyesForm {
    pub login: String,
    pub levels: Vec<(String, String, bool)>,
    pub branches: Vec<(String, String, bool)>,
    pub locales: Vec<(String, String, bool)>,
    pub at: String,
    pub elder: bool,
    pub waiting: bool,
}

impl EyesForm {
    pub fn of(catalog: &Catalog, place: &PlaceId, through: &Through, words: &Words) -> Self {
        let level = |it: Level| (me::word(&it), words.name("level", &me::word(&it)), it == through.level());
        let locale = |it: Locale| (it.tag().to_owned(), it.own_name().to_owned(), it == through.locale(words));
        let below = catalog.branches().filter(|branch| catalog.is_within(&branch.id, place));
        let branch = |id: &BranchId| (id.to_string(), place_name(catalog, id, words), id.as_str() == through.branch);
        Self {
            login: through.login.clone(),
            levels: LEVELS.map(level).to_vec(),
            branches: below.map(|it| branch(&it.id)).collect(),
            locales: Locale::ALL.map(locale).to_vec(),
            at: through.at.clone(),
            elder: through.elder.is_some(),
            waiting: through.waits(),
        }
    }
}

/// `GET /console/zones/{place}/preview?login=&level=&branch=&locale=&at=&elder=&page=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(place): Path<String>,
    Query(through): Query<Through>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::DecideZone)?;
    let place = place_id(&place)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut asked = Asked::default();
    let cards = match eyes(&catalog, &place, &through, &words, ctx.now_ms) {
        Ok(eyes) => zone_card::preview(&app, &ctx, &place, through.waits(), eyes).await,
        Err(problem) => Err(problem),
    };
    let cards = match cards {
        Ok(cards) => cards,
        Err(problem) if problem.code == code::AUTH_FORBIDDEN => return Err(problem),
        Err(problem) => {
            asked.refused = Some(problem.code.code.to_owned());
            Vec::new()
        }
    };
    let theirs = Words::of(through.locale(&words), words.zone());
    let missing = |it: &Previewed| {
        let why = it.drawn.as_ref().err()?;
        Some((super::program_card(&catalog, &it.program, &words).name, why_not(*why, &words)))
    };
    let view = ZonePreview {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        title: words.say("zone-preview"),
        place: place.to_string(),
        name: place_name(&catalog, &place, &words),
        eyes: EyesForm::of(&catalog, &place, &through, &words),
        missing: cards.iter().filter_map(missing).collect(),
        cards: cards
            .iter()
            .filter_map(|it| it.drawn.as_ref().ok())
            .enumerate()
            .map(|(at, card)| CardFace::of(card, &catalog, &theirs, &format!("card-{at}-"), ctx.now_ms))
            .collect(),
    };
    page(&look, &view)
}

fn why_not(why: Missing, words: &Words) -> String {
    match why {
        Missing::NotMeant => words.say("zone-not-meant"),
        Missing::Refused(code) => code.text(words.tag()).to_owned(),
    }
}

fn eyes(catalog: &Catalog, place: &PlaceId, through: &Through, words: &Words, now_ms: i64) -> Result<Eyes, Problem> {
    let at_ms = match through.at.trim() {
        "" => now_ms,
        text => calendar::read(words.zone(), text).ok_or_else(|| Problem::malformed("at: such as 2027-02-01T00:00"))?,
    };
    let who = match through.login.trim() {
        "" => {
            let own = catalog.place(place).filter(|it| it.kind == PlaceKind::Branch).map(|it| it.id.clone());
            let mut below = catalog.branches().filter(|branch| catalog.is_within(&branch.id, place));
            let asked = BranchId::parse(&through.branch).ok().filter(|branch| catalog.is_within(branch, place));
            let branch = asked.or(own).or_else(|| below.next().map(|branch| branch.id.clone()));
            let branch = branch.ok_or_else(|| Problem::malformed("branch: say which"))?;
            Who::Kind { level: through.level(), branch }
        }
        login => Who::Login(login.to_owned()),
    };
    let locale = through.locale(words).tag().to_owned();
    Ok(Eyes { who, locale, elder_mode: through.elder.is_some(), at_ms })
}
