//! Incidents: what happened, whom it met, by when the regulator hears, and what two people do for customers.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, verdict};
use super::stops;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::incident::{self, Affected, Moment, Step, Which};
use crate::app::{App, me, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::incidents::incident_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::incident::{Counts, Incident, NoticePlan, RefundPlan, Remedy, Severity};
use xitai_model::notice::template::Text;
use xitai_model::policy::Action;
use xitai_model::stop::StopTarget;

pub const HERE: &str = "/console/incidents";

pub fn routes() -> Vec<Route> {
    let (reads, keeps) = (Access::ForBank(Action::ReadIncidents), Access::ForBank(Action::KeepIncidents));
    vec![
        row(Method::GET, HERE, reads, "page.incidents", list),
        row(Method::POST, HERE, keeps, "incident.opened", open),
        row(Method::GET, "/console/incidents/{id}", reads, "page.incident", show),
        row(Method::POST, "/console/incidents/{id}", keeps, "incident.step", act),
    ]
}

fn exact(words: &Words, at_ms: i64) -> String {
    calendar::exact(words.zone(), at_ms)[..16].to_owned()
}

fn badge(incident: &Incident, now_ms: i64, words: &Words) -> Badge {
    match (incident.is_open(), incident.is_overdue(now_ms)) {
        (false, _) => Badge::new(words.say("incident-closed"), ""),
        (true, true) => Badge::new(words.say("incident-overdue"), "danger"),
        (true, false) => Badge::new(words.say("incident-open"), "warning"),
    }
}

/// `GET /console/incidents`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadIncidents)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = incident::list(&app, &ctx)?;
    let row = |it: &Incident| Row {
        href: Some(format!("{HERE}/{}", it.id)),
        cells: vec![
            Cell::Text(it.title.clone()),
            Cell::Badge(badge(it, ctx.now_ms, &words)),
            Cell::Text(words.name("severity", &me::word(&it.severity))),
            Cell::Text(stops::target(&catalog, &it.about, &words)),
            Cell::Text(calendar::short(&words, it.opened_ms, ctx.now_ms)),
        ],
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["incident", "state", "severity", "incident-about", "time"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("check", words.say("incidents-empty"), words.say("incidents-empty-text")),
    });
    if desk::may_for_bank(&catalog, staff, Action::KeepIncidents) {
        body.forms.push(open_form(&words));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("incidents"), crumb: None, badge: None, body })
}

fn open_form(words: &Words) -> Form {
    let kinds = StopTarget::KINDS.map(|kind| (kind.to_owned(), words.name("stop-kind", kind)));
    Form {
        title: words.say("incident-open-one"),
        text: words.say("incident-open-text"),
        action: HERE.to_owned(),
        fields: vec![
            Field::choice("kind", words.say("incident-about"), kinds.to_vec()),
            Field::text("id", words.say("number")),
            Field::text("title", words.say("incident-title")),
        ],
        buttons: vec![Button::new("open", words.say("incident-open-one"), "primary")],
    }
}

/// `POST /console/incidents`
async fn open(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let about = StopTarget::parse(posted.value("kind"), posted.value("id"));
    let opened = match about.ok_or_else(|| Problem::new(code::STOP_TARGET)) {
        Ok(about) => incident::open(&app, &ctx, about, posted.value("title"), None).await,
        Err(problem) => Err(problem),
    };
    Ok(match opened {
        Ok(opened) => desk::back(&format!("{HERE}/{}", opened.id), Ok("incident-done")),
        Err(problem) => desk::back(HERE, Err(problem)),
    })
}

/// `GET /console/incidents/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadIncidents)?;
    let it = incident::view(&app, &ctx, &incident_id(&id)?)?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    if desk::may_for_bank(&catalog, staff, Action::ReadAudit) {
        body.links.push((words.say("incident-evidence"), format!("/api/v1/incidents/{id}/evidence")));
    }
    body.links.extend(it.stop.as_ref().map(|stop| (words.say("stop-see"), format!("{}/{stop}", stops::HERE))));
    body.facts.push(facts(&catalog, &it, &words));
    body.facts.push(whom(&incident::affected(&app, &it, ctx.now_ms).await?, &words));
    body.facts.extend(progress("incident-refund", &it.refund, &words));
    body.facts.extend(progress("incident-notice", &it.notice, &words));
    body.tables.push(moments(&incident::timeline(&app, &it).await?, &words));
    if it.is_open() {
        if desk::may_for_bank(&catalog, staff, Action::DecideRemedies) {
            let signs = step_up::asks(&app, &ctx, Action::DecideRemedies).await?;
            body.forms.extend(decision(&catalog, &it, Which::Refund, &it.refund, refund_said, signs, &words));
            body.forms.extend(decision(&catalog, &it, Which::Notice, &it.notice, notice_said, signs, &words));
        }
        if desk::may_for_bank(&catalog, staff, Action::KeepIncidents) {
            body.forms.extend(steps(&it, &words));
        }
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("incidents")));
    let badge = Some(badge(&it, ctx.now_ms, &words));
    page(&look, &Board { shell, title: it.title.clone(), crumb, badge, body })
}

fn facts(catalog: &Catalog, it: &Incident, words: &Words) -> Facts {
    let mut rows = vec![
        (words.say("incident-about"), stops::target(catalog, &it.about, words)),
        (words.say("severity"), words.name("severity", &me::word(&it.severity))),
        (words.say("incident-since"), exact(words, it.since_ms)),
        (
            words.say("incident-opened"),
            format!("{} · {}", staff_name(catalog, &it.opened_by), exact(words, it.opened_ms)),
        ),
    ];
    rows.push(match &it.reported {
        Some(told) => (words.say("incident-reported"), format!("{} · {}", told.reference, exact(words, told.at_ms))),
        None => (words.say("incident-report-due"), exact(words, it.report_due_ms())),
    });
    rows.extend(
        it.closed
            .as_ref()
            .map(|closed| (words.say("incident-closed"), format!("{} · {}", exact(words, closed.at_ms), closed.note))),
    );
    Facts { title: String::new(), rows }
}

fn whom(affected: &Affected, words: &Words) -> Facts {
    let more = if affected.and_more { "+" } else { "" };
    let kept: Vec<String> = affected.kept.iter().map(money::text).collect();
    let rows = vec![
        (words.say("affected-customers"), format!("{}{more}", affected.customers)),
        (words.say("affected-sessions"), format!("{}{more}", affected.sessions)),
        (words.say("affected-payments"), format!("{}{more} {}", affected.payments, kept.join(", "))),
        (words.say("affected-reads"), affected.reads.to_string()),
    ];
    Facts { title: words.say("affected"), rows }
}

fn counted(counts: &Counts, words: &Words) -> Vec<(String, String)> {
    let sums: Vec<String> = counts.sums.iter().map(money::text).collect();
    let mut rows = vec![
        (words.say("remedy-done"), format!("{} {}", counts.done, sums.join(", ")).trim().to_owned()),
        (words.say("remedy-skipped"), counts.skipped.to_string()),
    ];
    if counts.failed > 0 {
        rows.push((words.say("remedy-failed"), format!("{} · {}", counts.failed, counts.failures.join(", "))));
    }
    rows
}

fn progress<T>(title: &str, remedy: &Remedy<T>, words: &Words) -> Option<Facts> {
    let running = remedy.running.as_ref()?;
    let mut rows = counted(&running.counts, words);
    rows.push(match running.finished_ms {
        Some(at_ms) => (words.say("remedy-finished"), exact(words, at_ms)),
        None => (words.say("state"), words.say("remedy-running")),
    });
    Some(Facts { title: words.say(title), rows })
}

fn moments(all: &[Moment], words: &Words) -> Table {
    let row = |it: &Moment| Row {
        href: None,
        cells: vec![
            Cell::Text(exact(words, it.at_ms)),
            Cell::Text(it.who.clone()),
            Cell::Text(it.what.clone()),
            Cell::Text(it.text.clone()),
        ],
    };
    Table {
        title: words.say("timeline"),
        columns: ["time", "timeline-who", "action", "note"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("clock", words.say("timeline-empty"), String::new()),
    }
}

fn refund_said(plan: &RefundPlan, words: &Words) -> String {
    format!("{} · {}", words.say1("incident-refund-percent", "n", plan.percent), plan.reason)
}
fn notice_said(plan: &NoticePlan, _: &Words) -> String {
    let said = |text: &Text| format!("{}: {}", text.title, text.text);
    format!("{} / {}", said(&plan.zh), said(&plan.en))
}

/// What the second person says to what is proposed.
fn decision<T: Serialize + Clone>(
    catalog: &Catalog,
    it: &Incident,
    which: Which,
    remedy: &Remedy<T>,
    said: impl Fn(&T, &Words) -> String,
    signs: bool,
    words: &Words,
) -> Option<Form> {
    let proposal = remedy.proposed.as_ref().filter(|proposal| proposal.is_waiting())?;
    let digest = proposal.digest();
    let signed = |word: &str| incident::subject(it.id.as_str(), which, word == "approve", &digest);
    let text = format!("{}: {}", staff_name(catalog, &proposal.by.staff), said(&proposal.what, words));
    let form = decide_form(format!("{HERE}/{}", it.id), text, words.say("approve"), &digest, words);
    let mut form = form.signing(Action::DecideRemedies, signs, signed);
    form.title = format!("{}: {}", form.title, words.say(&format!("incident-{}", which.as_str())));
    form.fields.push(Field::hidden("which", which.as_str()));
    Some(form)
}

/// What one person may do.
fn steps(it: &Incident, words: &Words) -> Vec<Form> {
    let form = |title: &str, text: &str, fields, button: (&'static str, &str, &'static str)| Form {
        title: words.say(title),
        text: if text.is_empty() { String::new() } else { words.say(text) },
        action: format!("{HERE}/{}", it.id),
        fields,
        buttons: vec![Button::new(button.0, words.say(button.1), button.2)],
    };
    let grave = [Severity::Major, Severity::Minor].map(|it| (me::word(&it), words.name("severity", &me::word(&it))));
    let mut forms = vec![
        form("incident-note", "", vec![Field::long("text", words.say("note"))], ("note", "save", "primary")),
        form(
            "severity",
            "",
            vec![Field::choice("severity", words.say("severity"), grave.to_vec())],
            ("assess", "save", "secondary"),
        ),
        form(
            "incident-report",
            "incident-report-text",
            vec![Field::text("reference", words.say("incident-reference"))],
            ("report", "save", "secondary"),
        ),
        form(
            "incident-refund",
            "incident-refund-text",
            vec![
                Field::amount("percent", words.say("incident-percent"), "100"),
                Field::text("reason", words.say("reason")),
            ],
            ("refund", "propose", "secondary"),
        ),
        form(
            "incident-notice",
            "incident-notice-text",
            vec![
                Field::text("title_zh", words.say("incident-title-zh")),
                Field::long("text_zh", words.say("incident-text-zh")),
                Field::text("title_en", words.say("incident-title-en")),
                Field::long("text_en", words.say("incident-text-en")),
            ],
            ("notice", "propose", "secondary"),
        ),
        form(
            "incident-close",
            "",
            vec![Field::long("text", words.say("incident-learnt"))],
            ("close", "incident-close", "danger"),
        ),
    ];
    // By when it was told stands for good.
    forms.retain(|form| it.reported.is_none() || form.buttons.iter().all(|button| button.value != "report"));
    forms
}

/// `POST /console/incidents/{id}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (posted, incident) = (Posted(pairs), incident_id(&id)?);
    let done = match posted.value("do") {
        "refund" => match posted.value("percent").parse() {
            Ok(percent) => {
                let plan = RefundPlan { percent, reason: posted.text("reason") };
                incident::propose_refund(&app, &ctx, &incident, plan).await
            }
            Err(_) => Err(Problem::new(code::INCIDENT_PLAN)),
        },
        "notice" => {
            let text = |title, text| Text { title: posted.text(title), text: posted.text(text) };
            let plan = NoticePlan { zh: text("title_zh", "text_zh"), en: text("title_en", "text_en") };
            incident::propose_notice(&app, &ctx, &incident, plan).await
        }
        "approve" | "return" => match Which::parse(posted.value("which")) {
            Some(which) => incident::decide(&app, &ctx, &incident, which, verdict(&posted)?).await,
            None => Err(Problem::malformed("which: refund or notice")),
        },
        word => match step(&app, &ctx, word, &posted, &id) {
            Ok(step) => incident::step(&app, &ctx, &incident, step).await,
            Err(problem) => Err(problem),
        },
    };
    Ok(desk::back(&format!("{HERE}/{id}"), done.map(|_| "incident-done")))
}

fn step(app: &App, ctx: &Ctx, word: &str, posted: &Posted, id: &str) -> Result<Step, Problem> {
    Ok(match word {
        "assess" => {
            let severity = if posted.value("severity") == "minor" { Severity::Minor } else { Severity::Major };
            let since_ms = incident::view(app, ctx, &incident_id(id)?)?.since_ms;
            Step::Assess { severity, since_ms }
        }
        "report" => Step::Report(posted.text("reference")),
        "close" => Step::Close(posted.text("text")),
        _ => Step::Note(posted.text("text")),
    })
}
