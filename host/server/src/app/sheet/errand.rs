//! The sheets that ask the customer's device or the app for something: reading a code, saying where one is, giving a
//! file, printing, sharing a page, opening another program.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::ctx::Ctx;
use crate::app::{App, attachment};
use crate::http::problem::Problem;
use crate::words::Words;
use std::collections::BTreeSet;
use xitai_model::code;
use xitai_model::content::Reader;
use xitai_model::errand::{DOCUMENT, Document, Errand, FileKind, Launch, SCANNED_CHARS_MAX, whereabouts};
use xitai_model::ids::ProgramId;
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Field, FieldInput, Part, position};

/// The names of the answers.
const ANSWER: &str = "answer";
const POSITION: &str = "position";
const DISTRICT: &str = "district";
const FILE: &str = "file";

/// Districts on one sheet.
const DISTRICTS_MAX: usize = 60;

fn errand(matter: &Matter) -> Result<Errand, Problem> {
    matter.read().map_err(Problem::internal)
}

pub(super) fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let words = words_of(session);
    Ok(match errand(matter)? {
        Errand::Scan => scan(&words),
        Errand::Locate { purpose } => locate(app, session, &words, &purpose, matter),
        Errand::Attach { purpose, accept } => attach(&words, &purpose, &accept),
        Errand::Print => print(&words, matter)?,
        Errand::Share { launch, text } => share(app, session, &words, &launch, &text),
        Errand::Start { program, launch } => start(app, session, &words, &program, &launch)?,
    })
}

fn face_of(words: &Words, name: &str, parts: Vec<Part>, then: Option<String>) -> Face {
    let say = |rest: &str| words.say(&format!("sheet-{name}{rest}"));
    let explained = Part::Text { text: say("-explained") };
    let parts = std::iter::once(explained).chain(parts).collect();
    Face { title: say(""), parts, confirm: say("-confirm"), then }
}

fn scan(words: &Words) -> Face {
    let field = Field {
        name: ANSWER.to_owned(),
        label: words.say("sheet-scan-label"),
        hint: words.say("sheet-scan-hint"),
        input: FieldInput::Scan { chars_max: SCANNED_CHARS_MAX },
        required: true,
    };
    face_of(words, "scan", vec![Part::Field(field)], None)
}

fn locate(app: &App, session: &Session, words: &Words, purpose: &str, matter: &Matter) -> Face {
    let field = |name: &str, input| {
        Part::Field(Field {
            name: name.to_owned(),
            label: words.say(&format!("sheet-locate-{name}")),
            hint: words.say(&format!("sheet-locate-{name}-hint")),
            input,
            required: false,
        })
    };
    let mut parts = vec![for_what(words, purpose), field(POSITION, FieldInput::Position)];
    let options: Vec<(String, String)> =
        districts(app, session, matter).into_iter().map(|name| (name.clone(), name)).collect();
    if !options.is_empty() {
        parts.push(field(DISTRICT, FieldInput::Choice { options }));
    }
    face_of(words, "locate", parts, None)
}

/// The districts of places that customers of the branch can find, as it was when the program asked: the sheet says the
/// same each time.
fn districts(app: &App, session: &Session, matter: &Matter) -> BTreeSet<String> {
    let catalog = app.catalog();
    let (branch, locale) = (session.opening.branch.clone(), session.opening.locale.clone());
    let reader = Reader { branch, level: None, locale, now_ms: matter.made_ms };
    let shown = catalog.content.keys().filter_map(|id| catalog.read_content(id, &reader));
    let details = shown.flat_map(|entry| entry.details);
    let named = details.filter(|(name, value)| name == DISTRICT && !value.is_empty());
    named.map(|(_, value)| value).take(DISTRICTS_MAX).collect()
}

fn for_what(words: &Words, purpose: &str) -> Part {
    Part::Facts { facts: vec![(words.say("sheet-for-what"), purpose.to_owned())] }
}

fn attach(words: &Words, purpose: &str, accept: &[FileKind]) -> Face {
    let types = accept.iter().flat_map(|kind| kind.media_types()).map(|it| (*it).to_owned());
    let hint = match accept {
        [FileKind::Picture] => "sheet-attach-picture",
        [FileKind::Pdf] => "sheet-attach-pdf",
        _ => "sheet-attach-both",
    };
    let field = Field {
        name: FILE.to_owned(),
        label: words.say("sheet-attach-label"),
        hint: words.say(hint),
        input: FieldInput::File { accept: types.collect() },
        required: true,
    };
    face_of(words, "attach", vec![for_what(words, purpose), Part::Field(field)], None)
}

fn print(words: &Words, matter: &Matter) -> Result<Face, Problem> {
    let document: Document = matter.unsealed(DOCUMENT).ok_or_else(|| Problem::new(code::ERRAND_NOT_FOUND))?;
    let mut parts = vec![Part::Text { text: document.title }, Part::Facts { facts: document.lines }];
    parts.extend(document.note.map(|text| Part::Text { text }));
    Ok(face_of(words, "print", parts, Some(format!("/app/prints/{}", matter.id))))
}

fn address(program: &ProgramId, launch: &Launch) -> String {
    let query = launch.query_text();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/miniapp/{program}/{}{mark}{query}", launch.page)
}

fn share(app: &App, session: &Session, words: &Words, launch: &Launch, text: &str) -> Face {
    let href = format!("{}{}", app.identity.origin, address(&session.opening.program, launch));
    face_of(words, "share", vec![Part::Link { title: text.to_owned(), href }], None)
}

fn start(app: &App, session: &Session, words: &Words, program: &ProgramId, launch: &Launch) -> Result<Face, Problem> {
    let catalog = app.catalog();
    let there = catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let release = catalog.releases_of(program).next_back();
    let name = release.map_or(program.as_str(), |release| release.manifest.named(&session.opening.locale).0);
    let publisher = catalog.publisher(&there.publisher).map_or(there.publisher.as_str(), |it| it.name.as_str());
    let facts = vec![(words.say("program"), name.to_owned()), (words.say("publisher"), publisher.to_owned())];
    let query = launch.query_text();
    let then = format!("/app/open/{program}?page={}&from={}&{query}", launch.page, session.opening.id);
    Ok(face_of(words, "start", vec![Part::Facts { facts }], Some(then.trim_end_matches('&').to_owned())))
}

pub(super) async fn agree(
    app: &App,
    ctx: &Ctx,
    matter: &Matter,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Agreed, Problem> {
    let errand = errand(matter)?;
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    let text = match &errand {
        Errand::Scan => answers.get(ANSWER).map(str::to_owned),
        Errand::Locate { .. } => {
            let given = |name| answers.get(name).filter(|text| !text.is_empty());
            Some(whereabouts(given(POSITION).and_then(position), given(DISTRICT))?)
        }
        Errand::Attach { .. } => {
            let handle = answers.get(FILE).unwrap_or_default();
            let (guard, change) = attachment::give(app, ctx, matter, handle).await?;
            guards.push(guard);
            changes.push(change);
            Some(handle.to_owned())
        }
        Errand::Print | Errand::Share { .. } | Errand::Start { .. } => None,
    };
    let matter = matter.agreed(&errand, evidence, ctx.now_ms);
    Ok(Agreed { matter, guards, changes, text, proves: false })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    Ok(matter.over(&errand(matter)?, outcome, now_ms))
}
