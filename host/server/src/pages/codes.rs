//! Launch codes at both desks: a publisher's own programs, and at the console those that a branch has switched on.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::launch_code::{self, Set};
use crate::app::{App, publish};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::launching::code_id;
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::console::desk::{self, Asked, staff_name};
use crate::pages::console::program_card;
use crate::pages::shell::Shell;
use crate::pages::{Look, page};
use crate::render::web::html::Html;
use crate::render::web::{calendar, icon, qr};
use crate::words::Words;
use crate::zone::Zone;
use askama::Template;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{BranchId, MerchantId, ProgramId};
use xitai_model::launch_code::{Standing, Wish};
use xitai_model::place::Staff;
use xitai_model::policy::Action;

pub const CONSOLE: &str = "/console/codes";
const PUBLISHER: &str = "/publisher";

pub fn routes() -> Vec<Route> {
    let (get, post, makes) = (Method::GET, Method::POST, Access::May(Action::MakeCodes));
    let mut rows = vec![row(get.clone(), CONSOLE, makes, "page.codes", programs)];
    for (list_at, one_at, sheet_at) in [
        (
            "/console/programs/{id}/codes",
            "/console/programs/{id}/codes/{code}",
            "/console/programs/{id}/codes/{code}/sheet",
        ),
        (
            "/publisher/programs/{id}/codes",
            "/publisher/programs/{id}/codes/{code}",
            "/publisher/programs/{id}/codes/{code}/sheet",
        ),
    ] {
        rows.push(row(get.clone(), list_at, makes, "page.program-codes", list));
        rows.push(row(post.clone(), list_at, makes, "launch-code.made", make));
        rows.push(row(get.clone(), one_at, makes, "page.code", show));
        rows.push(row(post.clone(), one_at, makes, "launch-code.changed", change));
        rows.push(row(get.clone(), sheet_at, makes, "page.code-sheet", sheet));
    }
    rows
}

/// The desk that a page belongs to.
fn here(uri: &Uri) -> &'static str {
    if uri.path().starts_with(PUBLISHER) { PUBLISHER } else { CONSOLE }
}

/// Where a program's codes are at that desk.
fn path(uri: &Uri, program: &ProgramId) -> String {
    let desk = if here(uri) == PUBLISHER { "/publisher" } else { "/console" };
    format!("{desk}/programs/{program}/codes")
}

/// Whoever sits at the desk. A developer's is the publisher's.
fn staff<'a>(app: &App, ctx: &'a Ctx, uri: &Uri) -> Result<&'a Staff, Problem> {
    match here(uri) {
        PUBLISHER => publish::developer(app, ctx).map(|(staff, _)| staff),
        _ => desk::staff(app, ctx, Action::MakeCodes),
    }
}

/// `GET /console/codes`: the programs for which the caller may make codes.
async fn programs(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = staff(&app, &ctx, &uri)?;
    let (catalog, words) = (app.catalog(), look.words());
    let row = |program: &ProgramId| {
        let card = program_card(&catalog, program, &words);
        let cells = vec![Cell::Text(card.name), Cell::Text(card.publisher), Cell::Text(program.to_string())];
        Row { href: Some(path(&uri, program)), cells }
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["program", "publisher", "program-id"].map(|key| words.say(key)).to_vec(),
        rows: launch_code::programs(&app, &ctx).iter().map(row).collect(),
        empty: ("qr", words.say("codes-no-programs"), words.say("codes-no-programs-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, CONSOLE, &asked);
    page(&look, &Board { shell, title: words.say("codes"), crumb: None, badge: None, body })
}

#[derive(Deserialize)]
struct Shown {
    past: Option<String>,
    after: Option<String>,
}

/// `GET …/programs/{id}/codes?past=`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    let program = program_id(&id)?;
    let past = shown.past.is_some();
    let (sets, next) = launch_code::list(&app, &ctx, &program, !past, shown.after.as_deref()).await?;
    let staff = staff(&app, &ctx, &uri)?;
    let (catalog, words) = (app.catalog(), look.words());
    let at = path(&uri, &program);
    let mut body = Body::default();
    body.links.push(match past {
        true => (words.say("codes-in-use"), at.clone()),
        false => (words.say("codes-past"), format!("{at}?past=1")),
    });
    if let Some(next) = next {
        let past = if past { "past=1&" } else { "" };
        body.links.push((words.say("items-more"), format!("{at}?{past}after={next}")));
    }
    body.tables.push(table(&catalog, &sets, &at, &words, ctx.now_ms));
    if !past {
        body.forms.extend(form(&catalog, &ctx, &program, at, &words));
    }
    let crumb = match here(&uri) {
        PUBLISHER => (format!("/publisher/programs/{program}"), program_card(&catalog, &program, &words).name),
        _ => (CONSOLE.to_owned(), words.say("codes")),
    };
    let shell = desk::desk(&look, &catalog, staff, here(&uri), &asked);
    let title = words.say1("codes-of", "name", program_card(&catalog, &program, &words).name);
    page(&look, &Board { shell, title, crumb: Some(crumb), badge: None, body })
}

fn badge(set: &Set, words: &Words, now_ms: i64) -> Badge {
    let (key, tone) = match set.code.standing(now_ms) {
        Standing::InUse => ("in-use", "success"),
        Standing::Over => ("over", ""),
        Standing::Revoked => ("revoked", "danger"),
    };
    Badge::new(words.name("launch-code", key), tone)
}

fn table(catalog: &Catalog, sets: &[Set], at: &str, words: &Words, now_ms: i64) -> Table {
    let row = |set: &Set| {
        let what = &set.code.what;
        Row {
            href: Some(format!("{at}/{}", set.id)),
            cells: vec![
                Cell::Text(what.label.clone()),
                Cell::Text(numbers(what)),
                Cell::Text(place(catalog, what, words)),
                Cell::Text(day(words.zone(), what.expires_ms)),
                Cell::Badge(badge(set, words, now_ms)),
            ],
        }
    };
    Table {
        title: String::new(),
        columns: ["code-label", "code-numbers", "code-place", "code-expires", "state"]
            .map(|key| words.say(key))
            .to_vec(),
        rows: sets.iter().map(row).collect(),
        empty: ("qr", words.say("codes-empty"), words.say("codes-empty-text")),
    }
}

fn numbers(what: &Wish) -> String {
    match what.count {
        1 => what.first.to_string(),
        _ => format!("{}–{}", what.first, what.first + what.count - 1),
    }
}

fn place(catalog: &Catalog, what: &Wish, words: &Words) -> String {
    let branch = what.branch.as_ref().map(|branch| place_name(catalog, branch, words));
    let merchant = what.merchant.as_ref().and_then(|id| catalog.merchant(id)).map(|it| it.legal_name.clone());
    let parts: Vec<String> = [branch, merchant, what.shop.clone()].into_iter().flatten().collect();
    if parts.is_empty() { words.say("code-anywhere") } else { parts.join(" · ") }
}

fn day(zone: Zone, at_ms: i64) -> String {
    calendar::exact(zone, at_ms)[..10].to_owned()
}

/// What makes a set; nothing where the caller may make none.
fn form(catalog: &Catalog, ctx: &Ctx, program: &ProgramId, at: String, words: &Words) -> Option<Form> {
    let manifest = launch_code::manifest(catalog, program)?;
    let anywhere = launch_code::may_make(catalog, ctx, program, None);
    let mut branches: Vec<(String, String)> =
        anywhere.then(|| (String::new(), words.say("code-anywhere"))).into_iter().collect();
    let own = launch_code::branches(catalog, ctx, program);
    branches.extend(own.map(|branch| (branch.to_string(), place_name(catalog, &branch, words))));
    if branches.is_empty() {
        return None;
    }
    let mut fields = vec![
        Field::text("label", words.say("code-label")).hint(&words.say("code-label-hint")),
        Field::long("parameters", words.say("code-parameters")).hint("table={n}").optional(),
        Field::choice(
            "page",
            words.say("code-page"),
            manifest.pages.iter().map(|it| (it.clone(), it.clone())).collect(),
        ),
        Field::choice("branch", words.say("code-branch"), branches),
    ];
    let shops = shops(catalog, program, words);
    if shops.len() > 1 {
        fields.push(Field::choice("shop", words.say("code-shop"), shops));
    }
    fields.extend([
        Field::text("first", words.say("code-first")).value("1"),
        Field::text("count", words.say("code-count")).value("1"),
        Field::text("expires", words.say("code-expires")).hint("2027-12-31"),
    ]);
    Some(Form {
        title: words.say("code-make"),
        text: words.say("code-make-text"),
        action: at,
        fields,
        buttons: vec![Button::new("make", words.say("code-make"), "primary")],
    })
}

/// The merchants that a code may name, each with its shops: value and name.
fn shops(catalog: &Catalog, program: &ProgramId, words: &Words) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), words.say("code-no-shop"))];
    for merchant in launch_code::merchants(catalog, program) {
        all.push((format!("{}/", merchant.id), merchant.legal_name.clone()));
        let of_shop = |shop: &xitai_model::merchant::Shop| {
            (format!("{}/{}", merchant.id, shop.name), format!("{} · {}", merchant.legal_name, shop.name))
        };
        all.extend(merchant.shops.iter().map(of_shop));
    }
    all
}

/// `POST …/programs/{id}/codes`
async fn make(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let program = program_id(&id)?;
    let at = path(&uri, &program);
    let made = match wish(&Posted(pairs), look.words().zone()) {
        Ok(wish) => launch_code::make(&app, &ctx, &program, wish).await,
        Err(problem) => Err(problem),
    };
    Ok(match made {
        Ok(set) => desk::back(&format!("{at}/{}", set.id), Ok("code-made")),
        Err(problem) => desk::back(&at, Err(problem)),
    })
}

/// What the form says. Parameters are lines of `name=value`.
fn wish(posted: &Posted, zone: Zone) -> Result<Wish, Problem> {
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').ok_or_else(|| Problem::new(code::LAUNCH_PARAMETERS))?;
        Ok::<_, Problem>((name.trim().to_owned(), value.trim().to_owned()))
    };
    let text = posted.text("parameters");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let number = |name: &str| posted.value(name).parse().map_err(|_| Problem::new(code::LAUNCH_COPIES));
    let (merchant, shop) = posted.value("shop").split_once('/').unwrap_or_default();
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let expires = calendar::read(zone, &format!("{}T23:59", posted.value("expires")));
    Ok(Wish {
        page: posted.value("page").to_owned(),
        parameters: lines.map(pair).collect::<Result<_, _>>()?,
        branch: posted.filled("branch").map(BranchId::parse).transpose()?,
        merchant: filled(merchant).as_deref().map(MerchantId::parse).transpose()?,
        shop: filled(shop),
        label: posted.value("label").to_owned(),
        first: number("first")?,
        count: number("count")?,
        expires_ms: expires.ok_or_else(|| Problem::new(code::LAUNCH_EXPIRY))?,
    })
}

/// `GET …/programs/{id}/codes/{code}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path((id, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let program = program_id(&id)?;
    let set = launch_code::view(&app, &ctx, &program, &code_id(&code)?).await?;
    let staff = staff(&app, &ctx, &uri)?;
    let (catalog, words) = (app.catalog(), look.words());
    let at = path(&uri, &program);
    let what = &set.code.what;
    let parameters: Vec<String> = what.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut body = Body::default();
    if !set.copies.is_empty() {
        body.links.push((words.say("code-print"), format!("{at}/{}/sheet", set.id)));
    }
    let mut rows = vec![
        (words.say("code-page"), what.page.clone()),
        (words.say("code-parameters"), parameters.join(" · ")),
        (words.say("code-place"), place(&catalog, what, &words)),
        (words.say("code-numbers"), numbers(what)),
        (words.say("code-expires"), day(words.zone(), what.expires_ms)),
        (words.say("code-generation"), set.code.generation.to_string()),
        (words.say("code-by"), staff_name(&catalog, &set.code.by)),
    ];
    rows.retain(|(_, value)| !value.is_empty());
    body.facts.push(Facts { title: String::new(), rows });
    body.tables.push(Table {
        title: words.say("code-copies"),
        columns: ["code-label", "code-address"].map(|key| words.say(key)).to_vec(),
        rows: set
            .copies
            .iter()
            .map(|copy| Row {
                href: None,
                cells: vec![Cell::Text(copy.label.clone()), Cell::Text(copy.address.clone())],
            })
            .collect(),
        empty: ("qr", words.say("code-none"), words.say("code-none-text")),
    });
    if set.code.standing(ctx.now_ms) == Standing::InUse {
        let action = format!("{at}/{}", set.id);
        let form = |key: &str, value: &'static str, look: &'static str| Form {
            title: words.say(key),
            text: words.say(&format!("{key}-text")),
            action: action.clone(),
            fields: Vec::new(),
            buttons: vec![Button::new(value, words.say(key), look)],
        };
        body.forms.push(form("code-rotate", "rotate", "secondary"));
        body.forms.push(form("code-revoke", "revoke", "danger"));
    }
    let title = words.say1("codes-of", "name", program_card(&catalog, &program, &words).name);
    let (badge, crumb) = (Some(badge(&set, &words, ctx.now_ms)), Some((at, title)));
    let shell = desk::desk(&look, &catalog, staff, here(&uri), &asked);
    page(&look, &Board { shell, title: what.label.clone(), crumb, badge, body })
}

/// `POST …/programs/{id}/codes/{code}`
async fn change(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    uri: Uri,
    Path((id, code)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (program, set) = (program_id(&id)?, code_id(&code)?);
    let done = match Posted(pairs).value("do") {
        "revoke" => launch_code::revoke(&app, &ctx, &program, &set).await.map(|_| "code-revoked"),
        "rotate" => launch_code::rotate(&app, &ctx, &program, &set).await.map(|_| "code-rotated"),
        _ => return Err(Problem::malformed("do: revoke or rotate")),
    };
    Ok(desk::back(&format!("{}/{set}", path(&uri, &program)), done))
}

#[derive(Deserialize)]
struct Size {
    #[serde(default)]
    size: String,
}

/// What is printed: tables many on a page, posters one.
const SIZES: [&str; 3] = ["table", "card", "poster"];

#[derive(Template)]
#[template(path = "codes_sheet.html")]
struct Sheet {
    shell: Shell,
    title: String,
    program: String,
    back: String,
    size: &'static str,
    /// Name, address, and whether it is this one.
    sizes: Vec<(String, String, bool)>,
    copies: Vec<Printed>,
    foot: String,
}
struct Printed {
    picture: Html,
    label: String,
}

/// `GET …/programs/{id}/codes/{code}/sheet?size=`
async fn sheet(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path((id, code)): Path<(String, String)>,
    Query(asked): Query<Size>,
) -> Result<Response, Problem> {
    let program = program_id(&id)?;
    let set = launch_code::view(&app, &ctx, &program, &code_id(&code)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let back = format!("{}/{}", path(&uri, &program), set.id);
    let size = SIZES.into_iter().find(|size| *size == asked.size).unwrap_or("table");
    let name = program_card(&catalog, &program, &words).name;
    let printed = |copy: &launch_code::Copy| {
        let mut picture = Html::new();
        qr::draw(&mut picture, &copy.address, &words.say1("code-of", "label", copy.label.as_str()));
        Printed { picture, label: copy.label.clone() }
    };
    let until = day(words.zone(), set.code.what.expires_ms);
    let view = Sheet {
        shell: look.shell(Some(&catalog), ""),
        title: words.say1("codes-of", "name", name.as_str()),
        foot: words.say1("codes-until", "day", until),
        program: name,
        size,
        sizes: SIZES
            .into_iter()
            .map(|it| (words.name("codes-size", it), format!("{back}/sheet?size={it}"), it == size))
            .collect(),
        copies: set.copies.iter().map(printed).collect(),
        back,
    };
    page(&look, &view)
}
