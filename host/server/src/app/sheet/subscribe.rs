//! The sheet on which a customer says which notices they want. Nothing is chosen for them, and none is an answer too.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::notice;
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::ids::{MatterId, ProgramId};
use xitai_model::matter::Matter;
use xitai_model::notice::consent::{Asking, Given};
use xitai_model::notice::template::{TemplateId, Wording};
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Field, FieldInput, Part};

fn asking(matter: &Matter) -> Result<(Asking, ProgramId), Problem> {
    let program = matter.program.clone().ok_or_else(|| Problem::internal("an asking of no program"))?;
    Ok((matter.read().map_err(Problem::internal)?, program))
}

/// The name of a template's answer.
fn answer(at: usize) -> String {
    format!("template-{at}")
}

fn wording(app: &App, program: &ProgramId, template: &str) -> Result<Wording, Problem> {
    let catalog = app.catalog();
    let id = TemplateId::new(program.clone(), template);
    let live = id.and_then(|id| catalog.notice_template(&id)?.live.clone());
    live.ok_or_else(|| Problem::new(code::NOTICE_TEMPLATE_UNKNOWN))
}

pub(super) fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let (words, (asking, program)) = (words_of(session), asking(matter)?);
    let mut parts = vec![Part::Text { text: words.say("sheet-notices-explained") }];
    for (at, template) in asking.templates.iter().enumerate() {
        // One that was withdrawn meanwhile is asked for no more.
        let Ok(wording) = wording(app, &program, template) else { continue };
        let mut options = vec![(Given::Once.as_str().to_owned(), words.say("notice-once"))];
        if wording.lasting {
            options.push((Given::Lasting.as_str().to_owned(), words.say("notice-lasting")));
        }
        let (title, text) = notice::sample(&wording, &words);
        parts.push(Part::Field(Field {
            name: answer(at),
            label: title,
            hint: text,
            input: FieldInput::Choice { options },
            required: false,
        }));
    }
    Ok(Face { title: words.say("sheet-notices"), parts, confirm: words.say("sheet-notices-confirm"), then: None })
}

pub(super) async fn agree(
    app: &App,
    ctx: &Ctx,
    matter: &Matter,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Agreed, Problem> {
    let (asking, program) = asking(matter)?;
    let customer = matter.customer.clone().ok_or_else(|| Problem::new(code::SHEET_NO_CUSTOMER))?;
    let (mut guards, mut changes, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for (at, template) in asking.templates.iter().enumerate() {
        let Some(given) = answers.get(&answer(at)).and_then(Given::parse) else { continue };
        if given == Given::Lasting && !wording(app, &program, template)?.lasting {
            return Err(Problem::new(code::SHEET_ANSWER_INVALID));
        }
        let id = MatterId::new(ctx.now_ms, app.clock.random());
        let (guard, change) = notice::allow(app, ctx, &program, &matter.branch, &customer, template, given, id).await?;
        guards.extend(guard);
        changes.push(change);
        told.push(format!("{template}:{}", given.as_str()));
    }
    let matter = matter.agreed(&asking, evidence, ctx.now_ms);
    Ok(Agreed { matter, guards, changes, text: Some(told.join(" ")), proves: false })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    let (asking, _) = asking(matter)?;
    Ok(matter.over(&asking, outcome, now_ms))
}
