//! A merchant's own pages: applying, what the bank agreed, its shops, its disputes. For whoever is signed in, since a
//! merchant need not be a publisher.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, books, campaign, cash, dispute, gift, merchant, merchant_application as application, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::cash::cash_id;
use crate::http::handlers::merchants::{application_id, merchant_id};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{AppAsked, AppBoard, Badge, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::cards::card_of_program;
use crate::pages::console::desk;
use crate::pages::console::merchants::{application_badge, badge, contracts, facts, price, wish_facts};
use crate::pages::{Look, disputes, page, refused, see, to};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::campaign::{Funder, State as CampaignState};
use xitai_model::cash::CashDue;
use xitai_model::code;
use xitai_model::ids::{CampaignId, MerchantId, PlaceId, ProgramId};
use xitai_model::merchant::application::Wish;
use xitai_model::merchant::{Merchant, PersonRole, Settlement, Shop};
use xitai_model::money::{Currency, Money};
use xitai_model::policy::Action;

pub fn routes() -> Vec<Route> {
    let (get, post, own) = (Method::GET, Method::POST, Access::SignedIn);
    vec![
        row(get.clone(), "/publisher/apply", own, "page.apply", begin),
        row(post.clone(), "/publisher/apply", own, "merchant.applied", apply),
        row(get.clone(), "/publisher/applications/{id}", own, "page.merchant-application", show_application),
        row(post.clone(), "/publisher/applications/{id}", own, "merchant.withdrawn", withdraw),
        row(get.clone(), "/publisher/merchants", own, "page.own-merchants", list),
        row(get, "/publisher/merchants/{id}", own, "page.own-merchant", show),
        row(post, "/publisher/merchants/{id}", own, "merchant.maintained", maintain),
    ]
}

/// `GET /publisher/apply`
async fn begin(State(app): State<Arc<App>>, look: Look, Query(asked): Query<AppAsked>) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.notices.extend(asked.notice(&words));
    let branches = catalog
        .branches()
        .map(|place| (place.id.to_string(), crate::pages::cards::place_name(&catalog, &place.id, &words)));
    body.forms.push(Form {
        title: String::new(),
        text: words.say("merchant-apply-text"),
        action: "/publisher/apply".to_owned(),
        fields: vec![
            Field::text("legal_name", words.say("merchant-legal-name")),
            Field::text("licence", words.say("merchant-licence")),
            Field::text("category_code", words.say("merchant-category")).hint("5814"),
            Field::text("city", words.say("merchant-city")).hint("Suzhou"),
            Field::text("contact", words.say("merchant-contact")),
            Field::choice("branch", words.say("branch"), branches.collect()),
            Field::long("shops", words.say("merchant-shops")).optional(),
            Field::text("holder", words.say("merchant-holder")),
            Field::text("bank", words.say("merchant-bank")),
            Field::text("account", words.say("merchant-account")),
        ],
        buttons: vec![Button::new("apply", words.say("merchant-apply"), "primary")],
    });
    let shell = look.shell(Some(&catalog), "");
    let (title, back) = (words.say("merchant-apply"), "/publisher/merchants".to_owned());
    page(&look, &AppBoard { shell, title, back, badge: None, body })
}

/// Shops as they are typed: one a line, a name and after a bar its tables.
fn shops(text: &str) -> Vec<Shop> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut parts = line.split('|').map(str::trim);
            let name = parts.next().unwrap_or_default().to_owned();
            let address = parts.next().unwrap_or_default().to_owned();
            let tables = parts.next().unwrap_or_default();
            let tables = tables.split([',', '，', '、']).map(str::trim).filter(|table| !table.is_empty());
            Shop { name, address, tables: tables.map(str::to_owned).collect() }
        })
        .collect()
}

/// `POST /publisher/apply`
async fn apply(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let text = |name: &str| posted.value(name).to_owned();
    let settlement = Settlement { holder: text("holder"), bank: text("bank"), account: text("account") };
    let wish = Wish {
        legal_name: text("legal_name"),
        licence: text("licence"),
        category_code: text("category_code"),
        city: text("city"),
        contact: text("contact"),
        shops: shops(&posted.text("shops")),
        settlement,
    };
    let branch = posted.filled("branch").and_then(|branch| xitai_model::ids::BranchId::parse(branch).ok());
    Ok(match application::apply(&app, &ctx, wish, branch).await {
        Ok(made) => see(&format!("/publisher/applications/{}", made.matter.id)),
        Err(problem) => refused("/publisher/apply", &problem),
    })
}

/// `GET /publisher/applications/{id}`
async fn show_application(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let read = application::view(&app, &ctx, &application_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.facts.push(wish_facts(&catalog, &read, &words));
    if read.body.is_open() {
        body.forms.push(Form {
            title: String::new(),
            text: words.say("merchant-wait-text"),
            action: format!("/publisher/applications/{id}"),
            fields: Vec::new(),
            buttons: vec![Button::new("withdraw", words.say("merchant-withdraw"), "danger")],
        });
    }
    let shell = look.shell(Some(&catalog), "");
    let badge = Some(application_badge(read.body.state, &words));
    let (title, back) = (words.say("merchant-application"), "/publisher/merchants".to_owned());
    page(&look, &AppBoard { shell, title, back, badge, body })
}

/// `POST /publisher/applications/{id}`
async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    application::withdraw(&app, &ctx, &application_id(&id)?).await?;
    Ok(see(&format!("/publisher/applications/{id}")))
}

/// `GET /publisher/merchants`
async fn list(State(app): State<Arc<App>>, ctx: Ctx, look: Look) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    let own = merchant::own(&app, &ctx);
    let row = |(it, _): &(xitai_model::merchant::Merchant, PersonRole)| Row {
        href: Some(format!("/publisher/merchants/{}", it.id)),
        cells: vec![
            Cell::Text(it.legal_name.clone()),
            Cell::Text(it.contract_at(ctx.now_ms).map(|it| price(&it.terms, &words)).unwrap_or_default()),
            Cell::Badge(badge(it, &words)),
        ],
    };
    body.tables.push(Table {
        title: words.say("merchants-mine"),
        columns: ["merchant-legal-name", "merchant-price", "state"].map(|key| words.say(key)).to_vec(),
        rows: own.iter().map(row).collect(),
        empty: ("building", words.say("merchants-none"), words.say("merchants-none-text")),
    });
    let applied = application::own_list(&app, &ctx).await?;
    let row = |read: &crate::app::feedback::Read<xitai_model::merchant::application::Application>| Row {
        href: Some(format!("/publisher/applications/{}", read.matter.id)),
        cells: vec![
            Cell::Text(application::wish(&read.matter).map(|wish| wish.legal_name).unwrap_or_default()),
            Cell::Badge(application_badge(read.body.state, &words)),
            Cell::Text(calendar::short(&words, read.body.made_ms, ctx.now_ms)),
        ],
    };
    body.tables.push(Table {
        title: words.say("merchant-applications"),
        columns: ["merchant-legal-name", "state", "time"].map(|key| words.say(key)).to_vec(),
        rows: applied.iter().map(row).collect(),
        empty: ("document", words.say("merchant-applied-none"), words.say("merchant-applied-none-text")),
    });
    body.links.push((words.say("merchant-apply"), "/publisher/apply".to_owned()));
    let shell = look.shell(Some(&catalog), "");
    page(&look, &AppBoard { shell, title: words.say("merchants-mine"), back: "/app/me".to_owned(), badge: None, body })
}

/// `GET /publisher/merchants/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<AppAsked>,
) -> Result<Response, Problem> {
    let id = merchant_id(&id)?;
    let it = merchant::view(&app, &ctx, &id)?;
    let role = merchant::role(&ctx, &it).ok_or_else(|| Problem::new(code::MERCHANT_NOT_FOUND))?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.notices.extend(asked.notice(&words));
    let mut about = facts(&catalog, &it, &words);
    if role == PersonRole::Owner {
        let balances = merchant::balances(&app, &it).await?;
        about.rows.extend(balances.iter().map(|it| (words.say("books-balance"), money::text(it))));
    }
    body.facts.push(about);
    cash_desk(&app, &ctx, &id, &format!("/publisher/merchants/{id}"), &words, &mut body).await?;
    if role == PersonRole::Owner {
        body.tables.push(contracts(&it, &words));
        let statements = books::statements(&app, &ctx, &id).await?;
        body.tables.push(super::books::statements(
            &statements,
            |it| format!("/publisher/merchants/{id}/statements/{}?currency={}", it.day, it.account.currency),
            &words,
        ));
        offered(&app, &ctx, &it, &words, &mut body).await?;
        let all = dispute::of_merchant(&app, &ctx, &id).await?;
        body.tables.push(disputes::table(&catalog, &all, "/publisher/disputes", &words, ctx.now_ms));
        let line = |shop: &Shop| format!("{} | {} | {}", shop.name, shop.address, shop.tables.join(", "));
        let typed = it.shops.iter().map(line).collect::<Vec<_>>().join("\n");
        body.forms.push(Form {
            title: words.say("merchant-shops"),
            text: words.say("merchant-shops-text"),
            action: format!("/publisher/merchants/{id}"),
            fields: vec![Field::long("shops", words.say("merchant-shops")).value(typed).optional()],
            buttons: vec![Button::new("shops", words.say("save"), "primary")],
        });
    }
    body.links.push((words.say("till"), format!("/publisher/merchants/{id}/till")));
    let shell = look.shell(Some(&catalog), "");
    let badge = Some(badge(&it, &words));
    page(&look, &AppBoard { shell, title: it.legal_name, back: "/publisher/merchants".to_owned(), badge, body })
}

/// Cash that waits to be counted, with a button for each, and what was counted.
pub async fn cash_desk(
    app: &App,
    ctx: &Ctx,
    id: &MerchantId,
    here: &str,
    words: &Words,
    body: &mut Body,
) -> Result<(), Problem> {
    let all = cash::of_merchant(app, ctx, id).await?;
    let state = |it: &CashDue| match (&it.counted, it.is_open(ctx.now_ms)) {
        (Some(_), _) => Badge::new(words.say("cash-counted"), "success"),
        (None, true) => Badge::new(words.say("cash-open"), "warning"),
        (None, false) => Badge::new(words.say("cash-over"), ""),
    };
    let row = |read: &crate::app::feedback::Read<CashDue>| Row {
        href: None,
        cells: vec![
            Cell::Text(read.body.purpose.clone()),
            Cell::Money(money::drawn(&read.body.amount)),
            Cell::Text(read.body.payment.to_string()),
            Cell::Badge(state(&read.body)),
            Cell::Text(calendar::short(words, read.matter.made_ms, ctx.now_ms)),
        ],
    };
    if all.is_empty() {
        return Ok(());
    }
    body.tables.push(Table {
        title: words.say("cash"),
        columns: ["purpose", "amount", "fact-number", "state", "time"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("pay", words.say("cash"), String::new()),
    });
    let open = all.iter().filter(|read| read.body.is_open(ctx.now_ms));
    body.forms.extend(open.map(|read| Form {
        title: format!("{} · {}", read.body.purpose, money::text(&read.body.amount)),
        text: words.say("cash-received-text"),
        action: here.to_owned(),
        fields: vec![Field::hidden("received", read.matter.id.to_string())],
        buttons: vec![Button::new("received", words.say("cash-received"), "primary")],
    }));
    Ok(())
}

/// What an owner may give the merchant's money for: its share of campaigns, and budgets of programs.
async fn offered(app: &App, ctx: &Ctx, it: &Merchant, words: &Words, body: &mut Body) -> Result<(), Problem> {
    let catalog = app.catalog();
    let signs = step_up::asks(app, ctx, Action::AcceptCampaign).await?;
    let funder = Funder::Merchant(it.id.clone());
    let campaigns = catalog.campaigns.values().map(|kept| &kept.value);
    for campaign in campaigns.filter(|campaign| campaign.state == CampaignState::Proposed) {
        let share = campaign.shares.iter().find(|share| share.funder == funder && !share.is_accepted());
        let Some(share) = share else { continue };
        let percent = format!("{}.{:02} %", share.basis_points / 100, share.basis_points % 100);
        let cap = money::text(&share.cap);
        body.forms.push(Form {
            title: format!("{} · {}", words.say("campaign-offered"), campaign.title),
            text: words.say_with("campaign-offered-text", &[("percent", &percent), ("cap", &cap)]),
            action: format!("/publisher/merchants/{}", it.id),
            fields: vec![Field::hidden("campaign", campaign.id.to_string())],
            buttons: vec![Button::new("accept", words.say("campaign-accept"), "primary").signing(
                Action::AcceptCampaign.as_str(),
                campaign::accept_subject(&campaign.id, &funder),
                signs,
            )],
        });
    }
    let branch = it.branch.clone();
    let programs: Vec<(String, String)> = catalog
        .programs
        .keys()
        .filter(|id| branch.as_ref().is_some_and(|branch| is_switched_on(&catalog, id, branch)))
        .map(|id| (id.to_string(), card_of_program(&catalog, id, words).map_or(id.to_string(), |card| card.name)))
        .collect();
    if !programs.is_empty() {
        body.forms.push(Form {
            title: words.say("budget-fill"),
            text: words.say("budget-fill-text"),
            action: format!("/publisher/merchants/{}", it.id),
            fields: vec![
                Field::choice("program", words.say("program"), programs),
                Field::amount("amount", words.say("amount"), "100.00"),
                Field::hidden("key", data_encoding::HEXLOWER.encode(&app.clock.random::<16>())),
            ],
            buttons: vec![Button::new("fund", words.say("budget-fill"), "primary")],
        });
    }
    Ok(())
}

fn is_switched_on(catalog: &Catalog, program: &ProgramId, branch: &PlaceId) -> bool {
    catalog.rollout(program).is_some_and(|rollout| rollout.is_offered(branch))
}

async fn accept(app: &App, ctx: &Ctx, id: &MerchantId, posted: &Posted) -> Result<(), Problem> {
    let named = CampaignId::parse(posted.value("campaign")).map_err(|_| Problem::new(code::CAMPAIGN_NOT_FOUND))?;
    campaign::accept(app, ctx, &named, Funder::Merchant(id.clone())).await.map(drop)
}

async fn fund(app: &App, ctx: &Ctx, id: &MerchantId, posted: &Posted) -> Result<(), Problem> {
    let merchant = merchant::view(app, ctx, id)?;
    let amount = Money::parse_digits(posted.value("amount"), Currency::CNY);
    let asked = gift::Move {
        program: ProgramId::parse(posted.value("program"))?,
        branch: merchant.branch.ok_or_else(|| Problem::new(code::BUDGET_FUNDER))?,
        funder: Funder::Merchant(id.clone()),
        amount: amount.ok_or_else(|| Problem::new(code::PAYMENT_AMOUNT_NOT_POSITIVE))?,
        out: false,
        key: posted.value("key").to_owned(),
    };
    gift::fund(app, ctx, asked).await.map(drop)
}

/// `POST /publisher/merchants/{id}`
async fn maintain(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (merchant, posted) = (merchant_id(&id)?, Posted(pairs));
    if let Some(cash) = posted.filled("received") {
        let done = cash::received(&app, &ctx, &cash_id(cash)?).await;
        return Ok(desk::back(&format!("/publisher/merchants/{id}"), done.map(|_| "cash-received")));
    }
    let done = match posted.value("do") {
        "accept" => accept(&app, &ctx, &merchant, &posted).await,
        "fund" => fund(&app, &ctx, &merchant, &posted).await,
        _ => {
            let kept = merchant::Kept { shops: Some(shops(&posted.text("shops"))), people: None };
            merchant::maintain(&app, &ctx, &merchant, kept).await.map(drop)
        }
    };
    Ok(to(&format!("/publisher/merchants/{id}"), done))
}
