//! Merchants and applications at head office: who is paid, at which price, and who wants to be.

use super::desk::{self, Asked};
use super::four_eyes::{decide_form_for, proposed, said, verdict};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, cash, me, merchant, merchant_application as application, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::cash::cash_id;
use crate::http::handlers::merchants::{application_id, merchant_id};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::{place_name, place_name_at};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::ids::MerchantId;
use xitai_model::merchant::application::{Application, Offer, State as ApplicationState};
use xitai_model::merchant::{Cash, Merchant, OnRefund, Rate, Terms};
use xitai_model::money::{Currency, Money};
use xitai_model::policy::Action;
use xitai_model::proposal::Proposal;

const HERE: &str = "/console/merchants";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let reads = Access::May(Action::ReadMerchants);
    let applications = Access::ForBank(Action::ReadMerchants);
    vec![
        row(get.clone(), HERE, reads, "page.merchants", list),
        row(get.clone(), "/console/merchants/{id}", reads, "page.merchant", show),
        row(post.clone(), "/console/merchants/{id}", reads, "merchant.terms-decided", act),
        row(get, "/console/merchant-applications/{id}", applications, "page.merchant-application", show_application),
        row(
            post,
            "/console/merchant-applications/{id}",
            applications,
            "merchant.application-decided",
            act_on_application,
        ),
    ]
}

/// `GET /console/merchants`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    if desk::may_for_bank(&catalog, staff, Action::ReadMerchants) {
        let waiting = application::list(&app, &ctx).await?;
        let rows = waiting.iter().map(|it| application_row(&catalog, it, &words, ctx.now_ms)).collect();
        body.tables.push(Table {
            title: words.say("merchant-applications"),
            columns: ["merchant-legal-name", "branch", "state", "time"].map(|key| words.say(key)).to_vec(),
            rows,
            empty: ("check", words.say("merchant-applications-empty"), words.say("merchant-applications-empty-text")),
        });
    }
    let rows = merchant::list(&app, &ctx).iter().map(|it| merchant_row(&catalog, it, &words, ctx.now_ms)).collect();
    body.tables.push(Table {
        title: words.say("merchants"),
        columns: ["merchant-legal-name", "branch", "merchant-price", "state"].map(|key| words.say(key)).to_vec(),
        rows,
        empty: ("building", words.say("merchants-empty"), words.say("merchants-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("merchants"), crumb: None, badge: None, body })
}

fn application_row(catalog: &Catalog, read: &Read<Application>, words: &Words, now_ms: i64) -> Row {
    let name = application::wish(&read.matter).map_or_else(|| words.say("complaint-erased"), |wish| wish.legal_name);
    Row {
        href: Some(format!("/console/merchant-applications/{}", read.matter.id)),
        cells: vec![
            Cell::Text(name),
            Cell::Text(place_name_at(catalog, &read.matter.branch, read.matter.made_ms, words)),
            Cell::Badge(application_badge(read.body.state, words)),
            Cell::Text(calendar::short(words, read.body.made_ms, now_ms)),
        ],
    }
}

pub fn application_badge(state: ApplicationState, words: &Words) -> Badge {
    let tone = match state {
        ApplicationState::Submitted | ApplicationState::Offered => "warning",
        ApplicationState::Approved => "success",
        ApplicationState::TurnedDown => "danger",
        ApplicationState::Withdrawn => "",
    };
    Badge::new(words.name("application", &me::word(&state)), tone)
}

fn merchant_row(catalog: &Catalog, it: &Merchant, words: &Words, now_ms: i64) -> Row {
    let branch = it.branch.as_ref().map(|branch| place_name(catalog, branch, words)).unwrap_or_default();
    let price = it.contract_at(now_ms).map(|contract| price(&contract.terms, words));
    Row {
        href: Some(format!("{HERE}/{}", it.id)),
        cells: vec![
            Cell::Text(it.legal_name.clone()),
            Cell::Text(branch),
            Cell::Text(price.unwrap_or_else(|| words.say("merchant-no-contract"))),
            Cell::Badge(badge(it, words)),
        ],
    }
}

pub fn badge(it: &Merchant, words: &Words) -> Badge {
    match (&it.closed, it.proposed.as_ref().is_some_and(Proposal::is_waiting)) {
        (Some(_), _) => Badge::new(words.say("merchant-closed"), "danger"),
        (None, true) => Badge::new(words.say("proposal-waiting"), "warning"),
        (None, false) if it.contracts.is_empty() => Badge::new(words.say("merchant-no-contract"), "warning"),
        (None, false) => Badge::new(words.say("merchant-open"), "success"),
    }
}

/// A price as people read it, such as `CNY 0.38 % + 0.10, 0.01 to 25.00`.
pub fn price(terms: &Terms, words: &Words) -> String {
    let one = |(currency, rate): (&Currency, &Rate)| {
        let digits = |minor: i64| Money::new(minor, *currency).digits();
        let mut text = format!("{currency} {}.{:02} %", rate.basis_points / 100, rate.basis_points % 100);
        if rate.fixed_minor > 0 {
            text += &format!(" + {}", digits(rate.fixed_minor));
        }
        if rate.least_minor > 0 {
            text += &format!(" ≥ {}", digits(rate.least_minor));
        }
        if let Some(most) = rate.most_minor {
            text += &format!(" ≤ {}", digits(most));
        }
        if rate.advance_minor > 0 {
            text += &format!(" · {} {}", words.say("merchant-advance"), digits(rate.advance_minor));
        }
        text
    };
    let prices: Vec<String> = terms.rates.iter().map(one).collect();
    let text = format!("{} · {}", prices.join(", "), words.name("on-refund", &me::word(&terms.on_refund)));
    match terms.cash {
        None => text,
        Some(cash) => format!("{text} · {}", words.name("merchant-cash", &me::word(&cash))),
    }
}

/// What a merchant is, for whoever may look at it.
pub fn facts(catalog: &Catalog, it: &Merchant, words: &Words) -> Facts {
    let mut rows = vec![
        (words.say("merchant-id"), it.id.to_string()),
        (words.say("merchant-category"), it.category_code.clone()),
        (words.say("merchant-city"), it.city.clone()),
    ];
    rows.extend(it.branch.as_ref().map(|branch| (words.say("branch"), place_name(catalog, branch, words))));
    rows.extend(it.publisher.as_ref().map(|publisher| (words.say("publisher"), publisher.to_string())));
    if let Some((holder, bank, account)) = merchant::settlement(it) {
        rows.push((words.say("merchant-settlement"), format!("{holder} · {bank} · {account}")));
    }
    rows.extend(it.shops.iter().map(|shop| {
        let tables = (!shop.tables.is_empty()).then(|| words.say1("merchant-tables", "n", shop.tables.len()));
        let parts = [Some(shop.name.clone()), Some(shop.address.clone()), tables].into_iter().flatten();
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        (words.say("merchant-shop"), parts.join(" · "))
    }));
    rows.push((words.say("merchant-people"), it.people.len().to_string()));
    Facts { title: words.say("merchant"), rows }
}

/// Contracts, newest first.
pub fn contracts(it: &Merchant, words: &Words) -> Table {
    let row = |contract: &xitai_model::merchant::Contract| Row {
        href: None,
        cells: vec![
            Cell::Text(contract.number.to_string()),
            Cell::Text(calendar::exact(words.zone(), contract.from_ms)[..16].to_owned()),
            Cell::Text(price(&contract.terms, words)),
            Cell::Text(contract.by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ],
    };
    Table {
        title: words.say("merchant-contracts"),
        columns: ["number", "merchant-from", "merchant-price", "merchant-by"].map(|key| words.say(key)).to_vec(),
        rows: it.contracts.iter().rev().map(row).collect(),
        empty: ("document", words.say("merchant-no-contract"), words.say("merchant-no-contract-text")),
    }
}

/// `GET /console/merchants/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let it = merchant::view(&app, &ctx, &merchant_id(&id)?)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.facts.push(facts(&catalog, &it, &words));
    body.tables.push(contracts(&it, &words));
    let here = format!("{HERE}/{id}");
    crate::pages::merchants::cash_desk(&app, &ctx, &merchant_id(&id)?, &here, &words, &mut body).await?;
    if let Some(proposal) = &it.proposed {
        body.facts.push(proposed(&catalog, proposal, price(&proposal.what, &words), &words));
        if proposal.is_waiting() && desk::may_for_bank(&catalog, staff, Action::DecideTerms) {
            let signs = step_up::asks(&app, &ctx, Action::DecideTerms).await?;
            let (right, digest) = (Action::DecideTerms, proposal.digest());
            body.forms.push(decide_form_for(right, &here, it.id.as_str(), &digest, signs, &words));
        }
    }
    if desk::may_for_bank(&catalog, staff, Action::ProposeTerms) {
        body.forms.push(Form {
            title: words.say("merchant-propose"),
            text: words.say("merchant-propose-text"),
            action: here.clone(),
            fields: price_fields(&words),
            buttons: vec![Button::new("propose", words.say("propose"), "primary")],
        });
        let (value, label) =
            if it.closed.is_some() { ("open", "merchant-reopen") } else { ("close", "merchant-close") };
        let reason = Field::text("note", words.say("reason"));
        body.forms.push(Form {
            title: words.say(if it.closed.is_some() { "merchant-reopen" } else { "merchant-close" }),
            text: words.say("merchant-close-text"),
            action: here,
            fields: if it.closed.is_some() { Vec::new() } else { vec![reason] },
            buttons: vec![Button::new(value, words.say(label), "danger")],
        });
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("merchants")));
    let badge = Some(badge(&it, &words));
    page(&look, &Board { shell, title: it.legal_name, crumb, badge, body })
}

fn price_fields(words: &Words) -> Vec<Field> {
    let refunds = [OnRefund::Returned, OnRefund::Kept].map(|it| {
        let word = me::word(&it);
        (word.clone(), words.name("on-refund", &word))
    });
    let cash = ["none", "free", "charged"].map(|word| (word.to_owned(), words.name("merchant-cash", word)));
    vec![
        Field::text("currency", words.say("currency")).value("CNY"),
        Field::amount("percent", words.say("merchant-percent"), "0.38"),
        Field::amount("fixed", words.say("merchant-fixed"), "0.00").optional(),
        Field::amount("least", words.say("merchant-least"), "0.01").optional(),
        Field::amount("most", words.say("merchant-most"), "25.00").optional(),
        Field::amount("advance", words.say("merchant-advance"), "0.00").optional(),
        Field::choice("on_refund", words.say("merchant-on-refund"), refunds.to_vec()),
        Field::choice("cash", words.say("merchant-cash"), cash.to_vec()),
        Field::text("from", words.say("merchant-from")).optional().hint("2026-12-01T00:00"),
    ]
}

/// A price as the form has it. Percent are read as digits, so that no float comes near them.
fn terms(posted: &Posted, words: &Words) -> Result<Terms, Problem> {
    let wrong = |name: &'static str| Problem::malformed(name);
    let currency = Currency::parse(posted.value("currency")).ok_or_else(|| wrong("currency"))?;
    let amount = |name: &'static str| match posted.filled(name) {
        Some(text) => Money::parse_digits(text, currency).map(|money| Some(money.minor)).ok_or_else(|| wrong(name)),
        None => Ok(None),
    };
    let percent = Money::parse_digits(posted.value("percent"), Currency::CNY).ok_or_else(|| wrong("percent"))?;
    let rate = Rate {
        basis_points: u32::try_from(percent.minor).map_err(|_| wrong("percent"))?,
        fixed_minor: amount("fixed")?.unwrap_or_default(),
        least_minor: amount("least")?.unwrap_or_default(),
        most_minor: amount("most")?,
        advance_minor: amount("advance")?.unwrap_or_default(),
    };
    let from_ms = match posted.filled("from") {
        Some(text) => calendar::read(words.zone(), text).ok_or_else(|| wrong("from"))?,
        None => 0,
    };
    let on_refund = if posted.value("on_refund") == "kept" { OnRefund::Kept } else { OnRefund::Returned };
    let cash = match posted.value("cash") {
        "free" => Some(Cash::Free),
        "charged" => Some(Cash::Charged),
        _ => None,
    };
    Ok(Terms { from_ms, rates: BTreeMap::from([(currency, rate)]), on_refund, cash })
}

/// `POST /console/merchants/{id}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (merchant, posted) = (merchant_id(&id)?, Posted(pairs));
    let done = match posted.value("do") {
        "received" => cash::received(&app, &ctx, &cash_id(posted.value("received"))?).await.map(|_| "cash-received"),
        "propose" => match terms(&posted, &look.words()) {
            Ok(mut terms) => {
                keep_other_currencies(&app.catalog(), &merchant, ctx.now_ms, &mut terms);
                merchant::propose(&app, &ctx, &merchant, terms).await.map(|_| "proposed")
            }
            Err(problem) => Err(problem),
        },
        "close" => merchant::close(&app, &ctx, &merchant, Some(posted.text("note"))).await.map(|_| "merchant-closed"),
        "open" => merchant::close(&app, &ctx, &merchant, None).await.map(|_| "merchant-opened"),
        _ => merchant::decide(&app, &ctx, &merchant, verdict(&posted)?).await.map(|_| said(&posted, "approve")),
    };
    Ok(desk::back(&format!("{HERE}/{id}"), done))
}

/// The form is about one currency: what holds for others goes on.
fn keep_other_currencies(catalog: &Catalog, id: &MerchantId, now_ms: i64, terms: &mut Terms) {
    let now = catalog.merchant(id).and_then(|merchant| merchant.contract_at(now_ms));
    for (currency, rate) in now.into_iter().flat_map(|contract| &contract.terms.rates) {
        terms.rates.entry(*currency).or_insert(*rate);
    }
}

/// `GET /console/merchant-applications/{id}`
async fn show_application(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let read = application::view(&app, &ctx, &application_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.facts.push(wish_facts(&catalog, &read, &words));
    let here = format!("/console/merchant-applications/{id}");
    if let Some(offer) = &read.body.offer {
        let what = format!("{} · {}", offer.what.merchant, price(&offer.what.terms, &words));
        body.facts.push(proposed(&catalog, offer, what, &words));
        let waits = offer.is_waiting() && read.body.state == ApplicationState::Offered;
        if waits && desk::may_for_bank(&catalog, staff, Action::DecideTerms) {
            let signs = step_up::asks(&app, &ctx, Action::DecideTerms).await?;
            body.forms.push(decide_form_for(Action::DecideTerms, &here, &id, &offer.digest(), signs, &words));
        }
    }
    if read.body.is_open() && desk::may_for_bank(&catalog, staff, Action::ProposeTerms) {
        let mut fields = vec![Field::text("merchant", words.say("merchant-id")).hint("river-tea")];
        fields.extend(price_fields(&words));
        body.forms.push(Form {
            title: words.say("merchant-offer"),
            text: words.say("merchant-offer-text"),
            action: here.clone(),
            fields,
            buttons: vec![Button::new("offer", words.say("merchant-offer"), "primary")],
        });
    }
    if read.body.is_open() && desk::may_for_bank(&catalog, staff, Action::DecideTerms) {
        body.forms.push(Form {
            title: words.say("merchant-turn-down"),
            text: String::new(),
            action: here,
            fields: vec![Field::text("note", words.say("reason"))],
            buttons: vec![Button::new("turn-down", words.say("merchant-turn-down"), "danger")],
        });
    }
    let title = application::wish(&read.matter).map_or_else(|| id.clone(), |wish| wish.legal_name);
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("merchants")));
    let badge = Some(application_badge(read.body.state, &words));
    page(&look, &Board { shell, title, crumb, badge, body })
}

/// What was applied for, and how it stands.
pub fn wish_facts(catalog: &Catalog, read: &Read<Application>, words: &Words) -> Facts {
    let mut rows = vec![(words.say("branch"), place_name_at(catalog, &read.matter.branch, read.matter.made_ms, words))];
    if let Some(wish) = application::wish(&read.matter) {
        let account = wish.settlement.masked();
        rows.extend([
            (words.say("merchant-legal-name"), wish.legal_name),
            (words.say("merchant-licence"), wish.licence),
            (words.say("merchant-category"), wish.category_code),
            (words.say("merchant-city"), wish.city),
            (words.say("merchant-contact"), wish.contact),
            (
                words.say("merchant-settlement"),
                format!("{} · {} · {account}", wish.settlement.holder, wish.settlement.bank),
            ),
        ]);
        rows.extend(wish.shops.into_iter().map(|shop| (words.say("merchant-shop"), shop.name)));
    }
    rows.extend(read.body.note.clone().map(|note| (words.say("reason"), note)));
    Facts { title: words.say("merchant-application"), rows }
}

/// `POST /console/merchant-applications/{id}`
async fn act_on_application(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (application, posted) = (application_id(&id)?, Posted(pairs));
    let done = match posted.value("do") {
        "offer" => {
            let offer = || -> Result<Offer, Problem> {
                let merchant = MerchantId::parse(posted.value("merchant"))?;
                Ok(Offer { merchant, terms: terms(&posted, &look.words())? })
            };
            match offer() {
                Ok(offer) => application::offer(&app, &ctx, &application, offer).await.map(|_| "proposed"),
                Err(problem) => Err(problem),
            }
        }
        "turn-down" => application::turn_down(&app, &ctx, &application, posted.text("note")).await.map(|_| "returned"),
        _ => application::decide(&app, &ctx, &application, verdict(&posted)?).await.map(|_| said(&posted, "approve")),
    };
    Ok(desk::back(&format!("/console/merchant-applications/{id}"), done))
}
