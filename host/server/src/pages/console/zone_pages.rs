//! Zone pages: which cards stand on a place's page, in which order, and how a customer would see them.
//!
//! A page is arranged in its form: each button sends the whole form and gets it back with the card moved, so that
//! nothing is kept until it is put forward, and nothing that was typed is lost.

use super::audience::Fields;
use super::bundling::{self, Bundling};
use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, proposed, said, verdict};
use super::view::{ZoneEdit, ZoneRow};
use super::zone_previews::{self, EyesForm, Through};
use crate::app::App;
use crate::app::catalog::{Catalog, Kept};
use crate::app::ctx::Ctx;
use crate::app::zone_page::{self, Seen};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::handlers::zone_pages::place_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Cell, Facts, Posted, Row, Table};
use crate::pages::cards::{names_of, place_name};
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use crate::zone::Zone;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ids::PlaceId;
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::proposal::{Proposal, Rule, Wanted};
use xitai_model::zone_page::{Bundle, Step, ZoneCard, ZonePage};

pub const HERE: &str = "/console/zones";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let reads = Access::May(Action::ReadZones);
    vec![
        row(get.clone(), HERE, reads, "page.zones", list),
        row(get.clone(), "/console/zones/{place}", reads, "page.zone", show),
        // Who arranges and who decides is asked where it is known which of them a form is for.
        row(post, "/console/zones/{place}", Access::May(Action::DecideZone), "zone.changed", act),
        row(
            get,
            "/console/zones/{place}/preview",
            Access::May(Action::DecideZone),
            "page.zone-preview",
            zone_previews::show,
        ),
    ]
}

/// `GET /console/zones`: the pages that the caller sees; one's own at once.
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadZones)?;
    let pages = zone_page::list(&app, &ctx);
    if let [(only, _)] = pages.as_slice() {
        return Ok(crate::pages::see(&format!("{HERE}/{only}")));
    }
    let (catalog, words) = (app.catalog(), look.words());
    let row = |(place, seen): &(PlaceId, Seen)| {
        let cards = seen.rule.live.as_ref().map_or(0, |page| page.cards.len());
        let badge = match seen.rule.is_waiting() {
            true => Badge::new(words.say("proposal-waiting"), "warning"),
            false if cards > 0 => Badge::new(words.say("live"), "success"),
            false => Badge::new(words.say("zone-none"), ""),
        };
        let cells = [place_name(&catalog, place, &words), cards.to_string()].map(Cell::Text);
        Row { href: Some(format!("{HERE}/{place}")), cells: cells.into_iter().chain([Cell::Badge(badge)]).collect() }
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["freeze-place", "zone-cards", "state"].map(|key| words.say(key)).to_vec(),
        rows: pages.iter().map(row).collect(),
        empty: ("grid", words.say("zones-empty"), words.say("zones-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("zones"), crumb: None, badge: None, body })
}

/// `GET /console/zones/{place}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(place): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadZones)?;
    let place = place_id(&place)?;
    let seen = zone_page::view(&app, &ctx, &place)?;
    let zone = look.words().zone();
    let form = Arranging::of(&newest(&seen.rule), seen.revision, zone);
    draw(&app, &ctx, &look, staff, (&place, &seen), form, &asked)
}

/// Pages that wait for this one as the second person.
pub fn waiting(catalog: &Catalog, staff: &Staff) -> usize {
    let waits = |(place, kept): &(&PlaceId, &Arc<Kept<Rule<ZonePage>>>)| {
        let resource = Resource { place: Some(place), ..Resource::default() };
        let by_another = |proposal: &Proposal<_>| proposal.is_waiting() && proposal.by.person != staff.person;
        kept.value.proposed.as_ref().is_some_and(by_another) && desk::may(catalog, staff, Action::DecideZone, resource)
    };
    catalog.zone_pages.iter().filter(waits).count()
}

/// What is arranged next: what waits or was sent back, else what is live.
fn newest(rule: &Rule<ZonePage>) -> ZonePage {
    let proposed = rule.proposed.as_ref().and_then(|proposal| match &proposal.what {
        Wanted::Set(page) => Some(page),
        Wanted::Remove => None,
    });
    proposed.or(rule.live.as_ref()).cloned().unwrap_or_default()
}

/// The form as it stands in the browser.
struct Arranging {
    revision: u64,
    cards: Vec<(String, Fields)>,
    bundles: Vec<Bundling>,
    /// The button that is pressed next where a card was just moved: which card, and which way.
    focus: Option<(usize, &'static str)>,
}

impl Arranging {
    fn of(page: &ZonePage, revision: u64, zone: Zone) -> Self {
        let card = |card: &ZoneCard| (card.program.to_string(), Fields::of(&card.audience, zone));
        let bundles = page.bundles.iter().map(|bundle| Bundling::of(bundle, zone)).collect();
        Self { revision, cards: page.cards.iter().map(card).collect(), bundles, focus: None }
    }

    /// A card begins with its program and a bundle with its number; what follows up to the next one is about it.
    fn posted(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
        type Pairs = Vec<(String, String)>;
        // Of a card the program, of a bundle none.
        let mut groups: Vec<(Option<String>, Pairs)> = Vec::new();
        for (name, value) in pairs {
            match (name.as_str(), groups.last_mut()) {
                ("program", _) => groups.push((Some(value.clone()), Vec::new())),
                ("bundle", _) => groups.push((None, Vec::new())),
                (_, Some((_, group))) => group.push((name.clone(), value.clone())),
                (_, None) => {}
            }
        }
        let revision = value("revision").parse().unwrap_or(0);
        let mut form = Self { revision, cards: Vec::new(), bundles: Vec::new(), focus: None };
        for (program, group) in groups {
            match program {
                Some(program) => form.cards.push((program, Fields::posted(&Posted(group)))),
                None => form.bundles.push(Bundling::posted(group)),
            }
        }
        form
    }

    /// Does what a button says that changes only the form. Says whether it was one of those.
    fn changed(&mut self, button: &str, posted: &Posted) -> bool {
        if let Some(button) = button.strip_prefix("bundle.") {
            return bundling::changed(&mut self.bundles, button);
        }
        let (word, at) = button.split_once('-').unwrap_or((button, ""));
        let at = at.parse().ok().filter(|at| *at < self.cards.len());
        match (word, at) {
            ("up", Some(at)) => self.step(Step::Up, "up", at),
            ("down", Some(at)) => self.step(Step::Down, "down", at),
            ("remove", Some(at)) => drop(self.cards.remove(at)),
            ("add", _) => {
                let program = posted.value("add");
                if !program.is_empty() && self.cards.iter().all(|(there, _)| there != program) {
                    self.cards.push((program.to_owned(), Fields::default()));
                    self.focus = Some((self.cards.len() - 1, "up"));
                }
            }
            ("keep", _) => {}
            _ => return false,
        }
        true
    }

    fn step(&mut self, step: Step, way: &'static str, at: usize) {
        let to = step.from(at, self.cards.len());
        self.cards.swap(at, to);
        // At an end there is only the other way.
        let back = if way == "up" { "down" } else { "up" };
        self.focus = Some((to, if step.from(to, self.cards.len()) == to { back } else { way }));
    }

    fn read(&self, zone: Zone) -> Result<ZonePage, Problem> {
        let card = |(program, fields): &(String, Fields)| {
            Ok::<_, Problem>(ZoneCard { program: program_id(program)?, audience: fields.read(zone)? })
        };
        Ok(ZonePage {
            cards: self.cards.iter().map(card).collect::<Result<_, _>>()?,
            bundles: self.bundles.iter().map(|bundle| bundle.read(zone)).collect::<Result<_, _>>()?,
        })
    }
}

fn draw(
    app: &App,
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    (place, seen): (&PlaceId, &Seen),
    form: Arranging,
    asked: &Asked,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let allows = |action| zone_page::allows(&catalog, ctx, action, place);
    let action = format!("{HERE}/{place}");
    let mut body = Body { facts: vec![live(&catalog, &seen.rule, &words)], ..Body::default() };
    let waiting = seen.rule.proposed.as_ref();
    if let Some(proposal) = waiting {
        let what = told(&catalog, &newest(&seen.rule), &words);
        body.facts.push(proposed(&catalog, proposal, what, &words));
        if proposal.is_waiting() && allows(Action::DecideZone) {
            let text = words.say("zone-decide-text");
            body.forms.push(decide_form(&action, text, words.say("zone-publish"), &proposal.digest(), &words));
        }
    }
    let count = form.cards.len();
    let focus = form.focus;
    let row = |(at, (program, fields)): (usize, (String, Fields))| ZoneRow {
        card: card_of(&catalog, &program, &words),
        summary: summary(&fields, &words),
        fields,
        is_first: at == 0,
        is_last: at + 1 == count,
        focus: focus.filter(|(card, _)| *card == at).map_or("", |(_, way)| way),
    };
    let there: Vec<String> = form.cards.iter().map(|(program, _)| program.clone()).collect();
    let offers = catalog.rollouts.keys().filter(|id| !catalog.is_retired(id) && !there.contains(&id.to_string()));
    let view = ZoneEdit {
        shell: desk::desk(look, &catalog, staff, HERE, asked),
        title: place_name(&catalog, place, &words),
        place: place.to_string(),
        badge: waiting
            .filter(|proposal| proposal.is_waiting())
            .map(|_| Badge::new(words.say("proposal-waiting"), "warning")),
        body,
        arranges: allows(Action::ArrangeZone),
        previews: allows(Action::DecideZone),
        revision: form.revision,
        offers: offers.map(|id| (id.to_string(), super::program_card(&catalog, id, &words).name)).collect(),
        bundles: form.bundles.iter().map(|it| it.row(&catalog, summary(&it.fields, &words), &words)).collect(),
        rows: form.cards.into_iter().enumerate().map(row).collect(),
        eyes: EyesForm::of(&catalog, place, &Through::default(), &words),
    };
    page(look, &view)
}

fn card_of(catalog: &Catalog, program: &str, words: &Words) -> ProgramCard {
    match program_id(program) {
        Ok(id) => super::program_card(catalog, &id, words),
        Err(_) => ProgramCard::bare(program, None),
    }
}

fn live(catalog: &Catalog, rule: &Rule<ZonePage>, words: &Words) -> Facts {
    let page = rule.live.clone().unwrap_or_default();
    let mut rows = vec![(words.say("zone-cards"), told(catalog, &page, words))];
    if rule.live.is_some() {
        let by = rule.by.iter().map(|id| staff_name(catalog, id)).collect::<Vec<_>>();
        rows.push((words.say("merchant-by"), by.join(" · ")));
        rows.push((words.say("time"), calendar::exact(words.zone(), rule.since_ms)[..16].to_owned()));
    }
    Facts { title: words.say("live"), rows }
}

/// Cards in a line, such as a second person reads before they decide.
fn told(catalog: &Catalog, page: &ZonePage, words: &Words) -> String {
    if page.cards.is_empty() && page.bundles.is_empty() {
        return words.say("zone-none");
    }
    let bundle = |bundle: &Bundle| {
        let names = bundle.programs.iter().map(|id| super::program_card(catalog, id, words).name);
        let who = summary(&Fields::of(&bundle.audience, words.zone()), words);
        let title = names_of(bundle.title("zh-CN"), &bundle.titles, words);
        format!("{title}: {} ({who})", names.collect::<Vec<_>>().join(", "))
    };
    let line = |(at, card): (usize, &ZoneCard)| {
        let name = super::program_card(catalog, &card.program, words).name;
        let who = summary(&Fields::of(&card.audience, words.zone()), words);
        format!("{}. {name} ({who})", at + 1)
    };
    let bundles = page.bundles.iter().map(bundle);
    bundles.chain(page.cards.iter().enumerate().map(line)).collect::<Vec<_>>().join(" · ")
}

/// For whom a card is, in a line.
fn summary(fields: &Fields, words: &Words) -> String {
    let Fields { channels, places, customers, segments, from, until } = fields;
    let named = customers.split_whitespace().count();
    let customers = if named > 0 { words.say1("zone-for-customers", "n", named) } else { String::new() };
    let lines = segments.lines().map(str::trim).collect::<Vec<_>>().join(", ");
    let time = if from.is_empty() && until.is_empty() { String::new() } else { format!("{from} – {until}") };
    let parts = [channels.clone(), places.clone(), customers, lines, time];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    if parts.is_empty() { words.say("zone-for-all") } else { parts.join(" · ") }
}

/// `POST /console/zones/{place}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(place): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::DecideZone)?;
    let place = place_id(&place)?;
    let mut form = Arranging::posted(&pairs);
    let posted = Posted(pairs);
    let back = format!("{HERE}/{place}");
    let button = posted.value("do");
    if matches!(button, "approve" | "return") {
        let done = match verdict(&posted) {
            Ok(verdict) => zone_page::decide(&app, &ctx, &place, verdict).await.map(|_| said(&posted, "approve")),
            Err(problem) => Err(problem),
        };
        return Ok(desk::back(&back, done));
    }
    let mut asked = Asked::default();
    if button == "propose" {
        match form.read(look.words().zone()) {
            Ok(wanted) => match zone_page::propose(&app, &ctx, &place, wanted, Some(form.revision)).await {
                Ok(_) => return Ok(desk::back(&back, Ok("proposed"))),
                Err(problem) => asked.refused = Some(problem.code.code.to_owned()),
            },
            Err(problem) => asked.refused = Some(problem.code.code.to_owned()),
        }
    } else if !form.changed(button, &posted) {
        return Err(Problem::malformed("do: which command"));
    }
    let seen = zone_page::view(&app, &ctx, &place)?;
    draw(&app, &ctx, &look, staff, (&place, &seen), form, &asked)
}
