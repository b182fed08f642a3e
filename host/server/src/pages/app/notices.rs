//! The customer's notices, and what they have said about them.

use super::view::{NoticeDay, NoticeMail, NoticeProgram, NoticeRow, NoticeTemplateRow, Notices, Unsubscribe};
use crate::app::ctx::Ctx;
use crate::app::notice::{self, OfProgram};
use crate::app::{App, catalog::Catalog, notice_outlet};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::notices::notice_id;
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::shell::Shell;
use crate::pages::{Look, page, see};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::ids::ProgramId;
use xitai_model::notice::consent::Given;
use xitai_model::notice::quiet::{Mail, Quiet, clock};
use xitai_model::notice::template::TemplateId;

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
    refused: Option<String>,
    said: Option<String>,
}

/// `GET /app/notices?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let (found, next) = notice::list(&app, &ctx, asked.after.as_deref()).await?;
    let chosen = notice::chosen(&app, &ctx).await?;
    let mut days: Vec<NoticeDay> = Vec::new();
    for it in &found {
        let at_ms = it.body.delivered_ms().unwrap_or(it.matter.made_ms);
        let Some(said) = notice::said(&it.matter, &words, ctx.now_ms) else { continue };
        let row = NoticeRow {
            id: it.matter.id.to_string(),
            card: card(&catalog, it.matter.program.as_ref(), &words),
            title: said.title,
            text: said.text,
            when: calendar::short(&words, at_ms, ctx.now_ms),
            unread: it.body.is_unread(),
        };
        let day = calendar::day(&words, at_ms, ctx.now_ms);
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.rows.push(row),
            None => days.push(NoticeDay { day, rows: vec![row] }),
        }
    }
    let unread = notice::unread(&app, &ctx).await?;
    let view = Notices {
        shell: Shell { unread, ..look.shell(Some(&catalog), "notices") },
        unread,
        days,
        next: next.map(|after| format!("/app/notices?after={after}")),
        mail: notice_outlet::mails(&app).then(|| mail(&chosen.mail, &ctx)),
        quiet: chosen.quiet.map(|quiet| (clock(quiet.from), clock(quiet.until))),
        usual: (clock(Quiet::DEFAULT.from), clock(Quiet::DEFAULT.until)),
        programs: programs(&catalog, &chosen.programs, &words),
        as_visitor: programs(&catalog, &chosen.as_visitor, &words),
        saved: asked.said.as_deref() == Some("saved"),
        problem: words.refused(asked.refused.as_deref()),
    };
    page(&look, &view)
}

/// Whether letters are on, whether they can be, and the address that they go to.
fn mail(mail: &Mail, ctx: &Ctx) -> NoticeMail {
    let address = ctx.customer().and_then(|customer| customer.profile.facts.email.clone());
    NoticeMail { on: mail.is_on(), bounced: *mail == Mail::Bounced, address }
}

fn card(catalog: &Catalog, program: Option<&ProgramId>, words: &Words) -> ProgramCard {
    let found = program.and_then(|id| card_of_program(catalog, id, words));
    found.unwrap_or_else(|| ProgramCard::bare(program.map_or("bank", ProgramId::as_str), None))
}

/// What each program may send: the words are shown as they were reviewed, by their name where they are no more.
fn programs(catalog: &Catalog, all: &[OfProgram], words: &Words) -> Vec<NoticeProgram> {
    let of_program = |it: &OfProgram| NoticeProgram {
        card: card(catalog, Some(&it.program), words),
        muted: it.muted,
        templates: it
            .consents
            .iter()
            .map(|consent| {
                let id = TemplateId::new(it.program.clone(), &consent.template);
                let live = id.and_then(|id| catalog.notice_template(&id)?.live.clone());
                NoticeTemplateRow {
                    title: live.as_ref().map_or(consent.template.clone(), |live| notice::sample(live, words).0),
                    name: consent.template.clone(),
                    may_last: live.as_ref().is_some_and(|live| live.lasting),
                    lasting: consent.lasting,
                    once: consent.once,
                }
            })
            .collect(),
    };
    all.iter().map(of_program).collect()
}

/// `GET /app/notices/{id}`: reads it, and goes where it leads.
pub async fn open(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let read = notice::mark_read(&app, &ctx, &notice_id(&id)?).await?;
    Ok(match (&read.matter.program, &read.body.page) {
        (Some(program), Some(page)) => see(&format!("/app/open/{program}?page={page}&via=notice")),
        _ => see("/app/notices"),
    })
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
}

fn back(done: Result<(), Problem>) -> Response {
    match done {
        Ok(()) => see("/app/notices?said=saved#settings"),
        Err(problem) => see(&format!("/app/notices?refused={}#settings", problem.code.code)),
    }
}

/// `POST /app/notices/quiet`
pub async fn quiet(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Response {
    let asked = match value(&pairs, "quiet") {
        "on" => Quiet::parse(value(&pairs, "from"), value(&pairs, "until")).map(Some),
        _ => Ok(None),
    };
    back(match asked {
        Ok(quiet) => notice::set_quiet(&app, &ctx, quiet).await,
        Err(refusal) => Err(refusal.into()),
    })
}

/// `POST /app/notices/mail`
pub async fn set_mail(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Response {
    back(notice::set_mail(&app, &ctx, value(&pairs, "mail") == "on").await)
}

/// `GET /app/unsubscribe/{link}`: nothing ends by looking; programs that look at letters for people follow links too.
pub async fn unsubscribe(
    State(app): State<Arc<App>>,
    look: Look,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    notice::by_link(&app, &link).await?;
    page(&look, &Unsubscribe { shell: look.shell(Some(&app.catalog()), ""), link: Some(link) })
}

/// `POST /app/unsubscribe/{link}`: from the page, or from a mail program's own button.
pub async fn unsubscribed(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    notice::stop_mail(&app, &ctx, &link).await?;
    page(&look, &Unsubscribe { shell: look.shell(Some(&app.catalog()), ""), link: None })
}

/// `POST /app/notices/programs/{program}`
pub async fn program(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(program): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let program = program_id(&program)?;
    let template = value(&pairs, "template");
    let done = match (value(&pairs, "change"), template) {
        ("mute", _) => notice::mute(&app, &ctx, &program, true).await,
        ("unmute", _) => notice::mute(&app, &ctx, &program, false).await,
        ("once", template) => notice::set_consent(&app, &ctx, &program, template, Some(Given::Once)).await,
        ("lasting", template) => notice::set_consent(&app, &ctx, &program, template, Some(Given::Lasting)).await,
        (_, template) => notice::set_consent(&app, &ctx, &program, template, None).await,
    };
    Ok(back(done))
}
