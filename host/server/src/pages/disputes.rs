//! Disputes at all their desks: the customer opens and follows, the merchant and the branch answer, head office decides.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::dispute::{self, Stands};
use crate::app::feedback::Read;
use crate::app::{App, me, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::disputes::dispute_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{
    AppAsked, AppBoard, Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Said, Table,
};
use crate::pages::cards::place_name_at;
use crate::pages::console::desk::{self, Asked};
use crate::pages::{Look, page, refused, see, to};
use crate::render::web::sheet::tender_name;
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::dispute::{Dispute, Reason, Side, State as DisputeState};
use xitai_model::ids::PaymentId;
use xitai_model::money::Money;
use xitai_model::policy::{Action, Resource};

const CONSOLE: &str = "/console/disputes";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (own, reads) = (Access::SignedIn, Access::May(Action::ReadDisputes));
    vec![
        row(get.clone(), CONSOLE, reads, "page.disputes", list),
        row(get.clone(), "/console/disputes/{id}", reads, "page.dispute", show_console),
        row(post.clone(), "/console/disputes/{id}", reads, "dispute.decided", act_console),
        row(get.clone(), "/publisher/disputes/{id}", own, "page.dispute", show_merchant),
        row(post.clone(), "/publisher/disputes/{id}", own, "dispute.answered", act_merchant),
        row(get.clone(), "/app/payments/{id}/dispute", own, "page.dispute", begin),
        row(post.clone(), "/app/payments/{id}/dispute", own, "dispute.opened", open),
        row(get.clone(), "/app/disputes", own, "page.disputes", own_list),
        row(get, "/app/disputes/{id}", own, "page.dispute", show_app),
        row(post, "/app/disputes/{id}", own, "dispute.said", act_app),
    ]
}

pub fn badge(state: DisputeState, words: &Words) -> Badge {
    let tone = match state {
        DisputeState::Open | DisputeState::Answered => "warning",
        DisputeState::Unanswered => "danger",
        DisputeState::Refunded => "success",
        DisputeState::Rejected | DisputeState::Withdrawn => "",
    };
    Badge::new(words.name("dispute-state", &me::word(&state)), tone)
}

/// Disputes as a table whose rows lead to `home`.
pub fn table(catalog: &Catalog, all: &[Read<Dispute>], home: &str, words: &Words, now_ms: i64) -> Table {
    let row = |read: &Read<Dispute>| {
        let clock = match read.body.state {
            DisputeState::Open => Some(read.body.answer_by_ms),
            DisputeState::Answered | DisputeState::Unanswered => Some(read.body.decide_by_ms),
            _ => None,
        };
        Row {
            href: Some(format!("{home}/{}", read.matter.id)),
            cells: vec![
                Cell::Text(words.name("dispute-reason", &me::word(&read.body.reason))),
                Cell::Money(money::drawn_in(words, &read.body.at_stake)),
                Cell::Text(place_name_at(catalog, &read.matter.branch, read.matter.made_ms, words)),
                Cell::Badge(badge(read.body.state, words)),
                Cell::Text(clock.map(|at_ms| calendar::day(words, at_ms, now_ms)).unwrap_or_default()),
                Cell::Text(calendar::short(words, read.body.opened_ms, now_ms)),
            ],
        }
    };
    Table {
        title: words.say("disputes"),
        columns: ["reason", "amount", "branch", "state", "dispute-until", "dispute-opened"]
            .map(|key| words.say(key))
            .to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("check", words.say("disputes-empty"), words.say("disputes-empty-text")),
    }
}

fn facts(catalog: &Catalog, read: &Read<Dispute>, words: &Words) -> Facts {
    let body = &read.body;
    let exact = |at_ms| calendar::exact(words.zone(), at_ms)[..16].to_owned();
    let mut rows = vec![
        (words.say("reason"), words.name("dispute-reason", &me::word(&body.reason))),
        (words.say("dispute-at-stake"), money::text_in(words, &body.at_stake)),
        (words.say("sheet-tender"), tender_name(&body.tender, words)),
        (words.say("fact-number"), body.payment.to_string()),
        (words.say("branch"), place_name_at(catalog, &read.matter.branch, read.matter.made_ms, words)),
    ];
    let merchant = body.merchant.as_ref().and_then(|id| catalog.merchant(id));
    rows.extend(merchant.map(|merchant| (words.say("merchant"), merchant.legal_name.clone())));
    if body.is_open() {
        rows.push((words.say("dispute-answer-by"), exact(body.answer_by_ms)));
        rows.push((words.say("dispute-decide-by"), exact(body.decide_by_ms)));
    }
    rows.extend(body.agrees.then(|| (words.say("merchant"), words.say("dispute-agrees"))));
    rows.extend(body.refund.map(|refund| (words.say("dispute-refunded"), money::text_in(words, &refund))));
    Facts { title: String::new(), rows }
}

fn said(read: &Read<Dispute>, words: &Words, now_ms: i64) -> Vec<Said> {
    let all = dispute::thread(&read.matter).into_iter();
    all.map(|said| Said {
        by: words.name("dispute-side", &me::word(&said.by)),
        text: said.text,
        when: calendar::short(words, said.at_ms, now_ms),
        by_bank: said.by != Side::Customer,
    })
    .collect()
}

fn body(catalog: &Catalog, read: &Read<Dispute>, words: &Words, now_ms: i64) -> Body {
    let mut body = Body::default();
    if read.body.late && read.body.is_open() {
        body.notices.push(("warning", words.say("dispute-late")));
    }
    body.facts.push(facts(catalog, read, words));
    body.said = said(read, words, now_ms);
    body
}

fn answer_form(action: String, words: &Words) -> Form {
    Form {
        title: words.say("dispute-answer"),
        text: words.say("dispute-answer-text"),
        action,
        fields: vec![
            Field::long("text", words.say("dispute-words")),
            Field::tick("agrees", words.say("dispute-agrees")),
        ],
        buttons: vec![Button::new("answer", words.say("dispute-answer-send"), "primary")],
    }
}

/// `GET /console/disputes`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadDisputes)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = dispute::list(&app, &ctx).await?;
    let mut body = Body::default();
    body.tables.push(Table { title: String::new(), ..table(&catalog, &all, CONSOLE, &words, ctx.now_ms) });
    let shell = desk::desk(&look, &catalog, staff, CONSOLE, &asked);
    page(&look, &Board { shell, title: words.say("disputes"), crumb: None, badge: None, body })
}

/// How much of it the next form gives back.
#[derive(Debug, Default, serde::Deserialize)]
struct Named {
    part: Option<String>,
}

/// `GET /console/disputes/{id}`
async fn show_console(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(named): Query<Named>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadDisputes)?;
    let (read, stands) = dispute::view(&app, &ctx, &dispute_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = body(&catalog, &read, &words, ctx.now_ms);
    let here = format!("{CONSOLE}/{id}");
    let of_place = Resource { place: Some(&read.matter.branch), ..Resource::default() };
    let answers = stands == Stands::Branch && desk::may(&catalog, staff, Action::AnswerDisputes, of_place);
    if read.body.state == DisputeState::Open && answers {
        body.forms.push(answer_form(here.clone(), &words));
    }
    let decides = desk::may_for_bank(&catalog, staff, Action::DecideDisputes);
    if matches!(read.body.state, DisputeState::Answered | DisputeState::Unanswered) && decides {
        let signs = step_up::asks(&app, &ctx, Action::DecideDisputes).await?;
        let part = part_of(named.part.as_deref(), &read.body);
        body.forms.extend(decide_forms(&here, &id, &read.body, part, signs, &words));
    }
    if stands == Stands::HeadOffice {
        body.links.push((words.say("dispute-evidence"), format!("/api/v1/disputes/{id}/evidence")));
    }
    let shell = desk::desk(&look, &catalog, staff, CONSOLE, &asked);
    let crumb = Some((CONSOLE.to_owned(), words.say("disputes")));
    let badge = Some(badge(read.body.state, &words));
    page(&look, &Board { shell, title: words.say("dispute"), crumb, badge, body })
}

/// All of it back, or nothing; or a part, which is named first: what a passkey signs must be known before the form is sent.
fn decide_forms(here: &str, id: &str, dispute: &Dispute, part: Option<Money>, signs: bool, words: &Words) -> Vec<Form> {
    let of = Action::DecideDisputes.as_str();
    let back = part.unwrap_or(dispute.at_stake);
    let refund = Form {
        title: words.say("dispute-decide"),
        text: words.say("dispute-decide-text"),
        action: here.to_owned(),
        fields: vec![Field::hidden("refund", back.digits()), Field::long("text", words.say("dispute-words"))],
        buttons: vec![
            Button::new("refund", words.say1("dispute-refund", "amount", money::text_in(words, &back)), "primary")
                .signing(of, dispute::subject(id, Some(back)), signs),
            Button::new("reject", words.say("dispute-reject"), "danger").signing(of, dispute::subject(id, None), signs),
        ],
    };
    let name = Form {
        title: words.say("dispute-part"),
        text: String::new(),
        action: here.to_owned(),
        fields: vec![Field::amount("part", words.say("amount"), &dispute.at_stake.digits())],
        buttons: vec![Button::new("part", words.say("dispute-part"), "secondary")],
    };
    vec![refund, name]
}

/// The part that the address names, where it is one.
fn part_of(asked: Option<&str>, dispute: &Dispute) -> Option<Money> {
    let part = Money::parse_digits(asked?, dispute.at_stake.currency)?;
    (1..=dispute.at_stake.minor).contains(&part.minor).then_some(part)
}

/// `POST /console/disputes/{id}`
async fn act_console(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (dispute, posted) = (dispute_id(&id)?, Posted(pairs));
    if posted.value("do") == "part" {
        let digits: String = posted.value("part").chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        return Ok(see(&format!("{CONSOLE}/{id}?part={digits}")));
    }
    let done = match posted.value("do") {
        "answer" => answer(&app, &ctx, &dispute, &posted).await,
        "refund" => {
            let (read, _) = dispute::view(&app, &ctx, &dispute).await?;
            match Money::parse_digits(posted.value("refund"), read.body.at_stake.currency) {
                Some(amount) => dispute::decide(&app, &ctx, &dispute, Some(amount), posted.text("text")).await,
                None => Err(Problem::new(code::DISPUTE_REFUND)),
            }
        }
        _ => dispute::decide(&app, &ctx, &dispute, None, posted.text("text")).await,
    };
    Ok(desk::back(&format!("{CONSOLE}/{id}"), done.map(|_| "dispute-done")))
}

async fn answer(
    app: &App,
    ctx: &Ctx,
    id: &xitai_model::ids::MatterId,
    posted: &Posted,
) -> Result<Read<Dispute>, Problem> {
    dispute::answer(app, ctx, id, posted.filled("agrees").is_some(), posted.text("text")).await
}

/// `GET /publisher/disputes/{id}`
async fn show_merchant(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<AppAsked>,
) -> Result<Response, Problem> {
    let (read, stands) = dispute::view(&app, &ctx, &dispute_id(&id)?).await?;
    if stands != Stands::Merchant {
        return Err(Problem::new(code::DISPUTE_NOT_FOUND));
    }
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = body(&catalog, &read, &words, ctx.now_ms);
    body.notices.extend(asked.notice(&words));
    if read.body.state == DisputeState::Open {
        body.forms.push(answer_form(format!("/publisher/disputes/{id}"), &words));
    }
    let back = read
        .body
        .merchant
        .as_ref()
        .map_or("/publisher/merchants".to_owned(), |merchant| format!("/publisher/merchants/{merchant}"));
    let badge = Some(badge(read.body.state, &words));
    let shell = look.shell(Some(&catalog), "");
    page(&look, &AppBoard { shell, title: words.say("dispute"), back, badge, body })
}

/// `POST /publisher/disputes/{id}`
async fn act_merchant(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let done = answer(&app, &ctx, &dispute_id(&id)?, &Posted(pairs)).await;
    Ok(to(&format!("/publisher/disputes/{id}"), done))
}

/// `GET /app/payments/{id}/dispute`
async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<AppAsked>,
) -> Result<Response, Problem> {
    let payment = PaymentId::parse(&id).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))?;
    let paid = me::payment(&app, &ctx, &payment).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.notices.extend(asked.notice(&words));
    body.facts.push(Facts {
        title: String::new(),
        rows: vec![
            (words.say("purpose"), paid.line.purpose.clone()),
            (words.say("amount"), money::text_in(&words, &paid.line.payable)),
        ],
    });
    let reasons = Reason::ALL.iter().map(|it| {
        let word = me::word(it);
        (word.clone(), words.name("dispute-reason", &word))
    });
    body.forms.push(Form {
        title: words.say("dispute-open"),
        text: words.say("dispute-open-text"),
        action: format!("/app/payments/{id}/dispute"),
        fields: vec![
            Field::choice("reason", words.say("reason"), reasons.collect()),
            Field::long("text", words.say("dispute-words")),
        ],
        buttons: vec![Button::new("open", words.say("dispute-send"), "primary")],
    });
    let shell = look.shell(Some(&catalog), "payments");
    let back = format!("/app/payments/{id}");
    page(&look, &AppBoard { shell, title: words.say("dispute-open"), back, badge: None, body })
}

/// `POST /app/payments/{id}/dispute`
async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let payment = PaymentId::parse(&id).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))?;
    let reason = Reason::ALL.iter().copied().find(|it| me::word(it) == posted.value("reason")).unwrap_or(Reason::Other);
    Ok(match dispute::open(&app, &ctx, &payment, reason, &posted.text("text")).await {
        Ok(made) => see(&format!("/app/disputes/{}", made.matter.id)),
        Err(problem) => refused(&format!("/app/payments/{id}/dispute"), &problem),
    })
}

/// `GET /app/disputes`
async fn own_list(State(app): State<Arc<App>>, ctx: Ctx, look: Look) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let all = dispute::own(&app, &ctx).await?;
    let mut body = Body::default();
    body.tables.push(Table { title: String::new(), ..table(&catalog, &all, "/app/disputes", &words, ctx.now_ms) });
    let shell = look.shell(Some(&catalog), "me");
    let (title, back) = (words.say("disputes-mine"), "/app/me".to_owned());
    page(&look, &AppBoard { shell, title, back, badge: None, body })
}

/// `GET /app/disputes/{id}`
async fn show_app(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<AppAsked>,
) -> Result<Response, Problem> {
    let (read, stands) = dispute::view(&app, &ctx, &dispute_id(&id)?).await?;
    if stands != Stands::Customer {
        return Err(Problem::new(code::DISPUTE_NOT_FOUND));
    }
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = body(&catalog, &read, &words, ctx.now_ms);
    body.notices.extend(asked.notice(&words));
    if read.body.is_open() {
        body.forms.push(Form {
            title: words.say("complaint-reply"),
            text: String::new(),
            action: format!("/app/disputes/{id}"),
            fields: vec![Field::long("text", words.say("dispute-words"))],
            buttons: vec![Button::new("say", words.say("complaint-reply-send"), "secondary")],
        });
        body.forms.push(Form {
            title: String::new(),
            text: words.say("dispute-withdraw-text"),
            action: format!("/app/disputes/{id}"),
            fields: Vec::new(),
            buttons: vec![Button::new("withdraw", words.say("dispute-withdraw"), "danger")],
        });
    }
    let shell = look.shell(Some(&catalog), "me");
    let (title, badge) = (words.say("dispute"), Some(badge(read.body.state, &words)));
    page(&look, &AppBoard { shell, title, back: "/app/disputes".to_owned(), badge, body })
}

/// `POST /app/disputes/{id}`
async fn act_app(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (dispute, posted) = (dispute_id(&id)?, Posted(pairs));
    let done = match posted.value("do") {
        "withdraw" => dispute::withdraw(&app, &ctx, &dispute).await,
        _ => dispute::say(&app, &ctx, &dispute, posted.text("text")).await,
    };
    Ok(to(&format!("/app/disputes/{id}"), done))
}
