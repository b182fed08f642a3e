//! The words of notices at both desks: publishers propose, head office and branches decide.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::notice_template::{self, Verdict};
use crate::app::{App, publish};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::console::desk::{self, Asked, staff_name};
use crate::pages::console::program_card;
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Desk;
use crate::pages::{Look, page};
use crate::render::web::{calendar, icon};
use crate::words::{Locale, Words};
use askama::Template as Drawn;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::limits::{NOTICE_TEXT_CHARS_MAX, NOTICE_TITLE_CHARS_MAX, NOTICE_VALUE_CHARS_MAX};
use xitai_model::notice::template::{Template, TemplateState, Text, Variable, VariableKind, Wording};
use xitai_model::policy::Action;

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (reads, proposes) = (Access::May(Action::ReadTemplates), Access::May(Action::ProposeTemplate));
    let (reviews, withdraws) = (Access::May(Action::ReviewTemplate), Access::May(Action::WithdrawTemplate));
    vec![
        row(get.clone(), "/console/notices", reads, "page.templates", list),
        row(get.clone(), "/console/notices/{program}/{name}", reads, "page.template", show),
        row(post.clone(), "/console/notices/{program}/{name}", reviews, "notice.template-decided", decide),
        row(
            post.clone(),
            "/console/notices/{program}/{name}/withdraw",
            withdraws,
            "notice.template-withdrawn",
            withdraw,
        ),
        row(get.clone(), "/publisher/notices", reads, "page.templates", list),
        row(post.clone(), "/publisher/notices", proposes, "notice.template-proposed", propose),
        row(get, "/publisher/notices/{program}/{name}", reads, "page.template", show),
        row(post, "/publisher/notices/{program}/{name}/withdraw", withdraws, "notice.template-withdrawn", withdraw),
    ]
}

#[derive(Drawn)]
#[template(path = "notice_templates.html")]
struct Templates {
    shell: Desk,
    rows: Vec<TemplateRow>,
    /// Ids and names of programs whose notices may be proposed here; absent where none may.
    programs: Option<Vec<(String, String)>>,
    title_max: usize,
    text_max: usize,
}

struct TemplateRow {
    href: String,
    card: ProgramCard,
    name: String,
    title: String,
    state: String,
    tone: &'static str,
}

#[derive(Drawn)]
#[template(path = "notice_template.html")]
struct TemplatePage {
    shell: Desk,
    path: String,
    card: ProgramCard,
    name: String,
    state: String,
    tone: &'static str,
    live: Option<WordingPart>,
    proposed: Option<WordingPart>,
    said: Vec<SaidRow>,
    /// Why the one who looks can't decide; absent where nothing waits.
    cannot: Option<String>,
    may_decide: bool,
    may_withdraw: bool,
}

impl TemplatePage {
    /// What holds and what is proposed, as far as there are such, each with its heading.
    fn parts(&self) -> Vec<(&WordingPart, &'static str)> {
        let live = self.live.as_ref().map(|wording| (wording, "template-live"));
        let proposed = self.proposed.as_ref().map(|wording| (wording, "template-proposed"));
        live.into_iter().chain(proposed).collect()
    }
}

struct WordingPart {
    digest: String,
    rows: Vec<(String, String)>,
    /// Language, title, text.
    texts: Vec<(String, String, String)>,
}
struct SaidRow {
    by: String,
    what: String,
    when: String,
    note: String,
}

/// Which desk an address belongs to.
fn home(uri: &Uri) -> &'static str {
    if uri.path().starts_with("/publisher") { "/publisher/notices" } else { "/console/notices" }
}

fn state(template: &Template, words: &Words) -> (String, &'static str) {
    match template.state() {
        TemplateState::Proposed => (words.say("endpoint-proposed"), "warning"),
        TemplateState::Returned => (words.say("endpoint-returned"), "danger"),
        TemplateState::Live => (words.say("endpoint-live"), "success"),
        TemplateState::Changing => (words.say("endpoint-changing"), "warning"),
        TemplateState::Withdrawn => (words.say("endpoint-withdrawn"), ""),
    }
}

/// `GET /console/notices`, `GET /publisher/notices`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let (home, catalog, words) = (home(&uri), app.catalog(), look.words());
    let row = |template: &Template| {
        let (state, tone) = state(template, &words);
        let wording = template.live.as_ref().or(template.proposed.as_ref().map(|it| &it.wording));
        TemplateRow {
            href: format!("{home}/{}/{}", template.id.program, template.id.name),
            card: program_card(&catalog, &template.id.program, &words),
            name: template.id.name.clone(),
            title: wording.and_then(|it| it.text(words.tag())).map(|it| it.title.clone()).unwrap_or_default(),
            state,
            tone,
        }
    };
    let named = |id: &xitai_model::ids::ProgramId| (id.to_string(), program_card(&catalog, id, &words).name);
    let own = if home.starts_with("/publisher") { publish::list(&app, &ctx).ok() } else { None };
    let view = Templates {
        rows: notice_template::list(&app, &ctx).iter().map(row).collect(),
        programs: own.map(|own| own.iter().map(|(program, _)| named(&program.id)).collect()),
        title_max: NOTICE_TITLE_CHARS_MAX,
        text_max: NOTICE_TEXT_CHARS_MAX,
        shell: desk::desk(&look, &catalog, staff, home, &asked),
    };
    page(&look, &view)
}

/// `POST /publisher/notices`
async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    uri: Uri,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let mut texts = BTreeMap::new();
    for tag in Locale::ALL.map(Locale::tag) {
        let (title, text) = (value(&format!("title_{tag}")), value(&format!("text_{tag}")));
        if !title.is_empty() || !text.is_empty() {
            texts.insert(tag.to_owned(), Text { title: title.to_owned(), text: text.to_owned() });
        }
    }
    let done = match (variables(value("variables")), notice_template::parse_id(value("program"), value("name"))) {
        (Ok(variables), Ok(id)) => {
            let page = Some(value("page").to_owned()).filter(|page| !page.is_empty());
            let (purpose, lasting) = (value("purpose").to_owned(), value("lasting") == "on");
            notice_template::propose(&app, &ctx, id, Wording { purpose, lasting, page, texts, variables }).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    let home = home(&uri);
    Ok(match done {
        Ok(template) => crate::pages::see(&format!("{home}/{}/{}", template.id.program, template.id.name)),
        Err(problem) => desk::back(home, Err(problem)),
    })
}

/// Reads `dish:text, price:amount`, each with the greatest length.
fn variables(text: &str) -> Result<BTreeMap<String, Variable>, Problem> {
    let unknown = || Problem::new(code::NOTICE_TEMPLATE_INVALID);
    let one = |pair: &str| {
        let (name, kind) = pair.split_once(':').ok_or_else(unknown)?;
        let kind = VariableKind::parse(kind.trim()).ok_or_else(unknown)?;
        Ok((name.trim().to_owned(), Variable { kind, chars_max: NOTICE_VALUE_CHARS_MAX }))
    };
    text.split([',', '，']).map(str::trim).filter(|pair| !pair.is_empty()).map(one).collect()
}

type Named = Path<(String, String)>;

/// `GET /console/notices/{program}/{name}`, and at the publisher's desk.
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    uri: Uri,
    Path((program, name)): Named,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let id = notice_template::parse_id(&program, &name)?;
    let template = notice_template::view(&app, &ctx, &id)?;
    let (home, catalog, words) = (home(&uri), app.catalog(), look.words());
    let (state, tone) = state(&template, &words);
    let waits = template.proposed.as_ref().filter(|proposal| proposal.returned.is_none());
    let cannot = waits.and_then(|proposal| match () {
        () if notice_template::reviewer(&catalog, &ctx, &id.program).is_err() => Some("cannot-role"),
        () if proposal.person == staff.person => Some("cannot-uploader"),
        () => None,
    });
    let own = catalog.program(&id.program).is_some_and(|it| staff.publisher.as_ref() == Some(&it.publisher));
    let view = TemplatePage {
        path: format!("{home}/{program}/{name}"),
        card: program_card(&catalog, &id.program, &words),
        name,
        state,
        tone,
        live: template.live.as_ref().map(|wording| part(wording, &words)),
        proposed: template.proposed.as_ref().map(|proposal| part(&proposal.wording, &words)),
        said: said(&catalog, &template, &words, ctx.now_ms),
        may_decide: waits.is_some() && cannot.is_none() && home.starts_with("/console"),
        cannot: cannot.map(|key| words.say(key)),
        may_withdraw: template.state() != TemplateState::Withdrawn
            && (own || desk::may_for_bank(&catalog, staff, Action::WithdrawTemplate)),
        shell: desk::desk(&look, &catalog, staff, home, &asked),
    };
    page(&look, &view)
}

fn part(wording: &Wording, words: &Words) -> WordingPart {
    let variable = |(name, it): (&String, &Variable)| format!("{name} ({}, {})", it.kind.as_str(), it.chars_max);
    let variables: Vec<String> = wording.variables.iter().map(variable).collect();
    let none = || words.say("none");
    WordingPart {
        digest: wording.digest().to_string(),
        rows: vec![
            (words.say("endpoint-purpose"), wording.purpose.clone()),
            (words.say("template-lasting"), words.say(if wording.lasting { "yes" } else { "no" })),
            (words.say("template-page"), wording.page.clone().unwrap_or_else(none)),
            (words.say("template-variables"), if variables.is_empty() { none() } else { variables.join(", ") }),
        ],
        texts: wording.texts.iter().map(|(tag, it)| (tag.clone(), it.title.clone(), it.text.clone())).collect(),
    }
}

/// Who proposed, returned, approved or withdrew, in order.
fn said(catalog: &Catalog, template: &Template, words: &Words, now_ms: i64) -> Vec<SaidRow> {
    let row = |by, what: &str, at_ms, note: &str| SaidRow {
        by: staff_name(catalog, by),
        what: words.say(what),
        when: calendar::short(words, at_ms, now_ms),
        note: note.to_owned(),
    };
    let mut rows = Vec::new();
    rows.extend(template.approved.iter().map(|it| row(&it.by, "endpoint-was-approved", it.at_ms, &it.note)));
    if let Some(proposal) = &template.proposed {
        rows.push(row(&proposal.by, "endpoint-was-proposed", proposal.at_ms, ""));
        rows.extend(proposal.returned.iter().map(|it| row(&it.by, "endpoint-was-returned", it.at_ms, &it.note)));
    }
    rows.extend(template.withdrawn.iter().map(|it| row(&it.by, "endpoint-was-withdrawn", it.at_ms, &it.note)));
    rows
}

/// `POST /console/notices/{program}/{name}`
async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    uri: Uri,
    Path((program, name)): Named,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let id = notice_template::parse_id(&program, &name)?;
    let wording = Digest::parse(value("wording")).ok_or_else(|| Problem::malformed("wording"))?;
    let (verdict, said) = match value("decision") {
        "approve" => (Verdict::Approve, "approve"),
        _ => (Verdict::Return, "return"),
    };
    let done = notice_template::decide(&app, &ctx, &id, verdict, wording, value("note").trim().to_owned()).await;
    Ok(desk::back(&format!("{}/{program}/{name}", home(&uri)), done.map(|_| said)))
}

/// `POST …/withdraw`
async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    uri: Uri,
    Path((program, name)): Named,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let note = pairs.iter().find(|(key, _)| key == "note").map_or("", |(_, value)| value.as_str());
    let id = notice_template::parse_id(&program, &name)?;
    let done = notice_template::withdraw(&app, &ctx, &id, note.trim().to_owned()).await;
    Ok(desk::back(&format!("{}/{program}/{name}", home(&uri)), done.map(|_| "withdraw")))
}
