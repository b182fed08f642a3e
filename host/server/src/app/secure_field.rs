//! Values that the host reads for a program, in its own field of the program's screen.
//!
//! The value goes from the request straight into the sealed part of the field's matter. It is in no event, no log and
//! no answer: even a refusal says only that it can't be right.

use super::App;
use super::ctx::Ctx;
use super::session;
use crate::http::problem::Problem;
use crate::render::web::FieldFace;
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::handover;
use xitai_model::ids::{MatterId, SessionId};
use xitai_model::matter::Matter;
use xitai_model::screen::{Element, Screen};
use xitai_model::secure_field::{FieldStatus, SecureField};

/// Takes what the customer entered into a field of the current screen. Answers with what may be shown of it.
pub async fn fill(app: &App, ctx: &Ctx, id: &SessionId, ticket: &str, entered: &str) -> Result<String, Problem> {
    let session = session::own(app, ctx, id).await?;
    handover::acts(&session.standing, ctx.token.as_ref())?;
    if !tickets(&session.screen).any(|shown| shown == ticket) {
        return Err(Problem::new(code::SECURE_FIELD_NOT_FOUND));
    }
    let matter = of_session(app, id, ticket).await?.ok_or_else(|| Problem::new(code::SECURE_FIELD_NOT_FOUND))?;
    let field: SecureField = matter.read().map_err(Problem::internal)?;
    let value = field.kind.read(entered).map_err(Problem::new)?;
    let filled = field.fill(&value, ctx.now_ms)?;
    let mut next = matter.moved(&filled, ctx.now_ms);
    next.seal("value", &value);
    match app.store.commit(commit(ctx, &matter, next, "secure-field.filled")).await {
        // Taken or filled from another page at the same moment.
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    };
    Ok(filled.masked)
}

/// The field of a ticket, if it is this session's.
async fn of_session(app: &App, session: &SessionId, ticket: &str) -> Result<Option<Matter>, Problem> {
    let Ok(id) = MatterId::parse(ticket) else { return Ok(None) };
    let matter = app.store.matter(&id).await?;
    Ok(matter.filter(|matter| matter.session.as_ref() == Some(session) && matter.read::<SecureField>().is_ok()))
}

/// The fields of a screen by their tickets, for drawing it.
pub async fn faces(
    app: &App,
    session: &SessionId,
    screen: &Screen,
    now_ms: i64,
) -> Result<BTreeMap<String, FieldFace>, Problem> {
    let mut faces = BTreeMap::new();
    for ticket in tickets(screen) {
        let Some(matter) = of_session(app, session, ticket).await? else { continue };
        let field: SecureField = matter.read().map_err(Problem::internal)?;
        let face = FieldFace {
            kind: field.kind.as_str(),
            purpose: field.purpose.clone(),
            filled: field.status == FieldStatus::Filled,
            masked: field.masked.clone(),
            over: !field.is_open() || now_ms >= field.expires_ms,
        };
        faces.insert(ticket.to_owned(), face);
    }
    Ok(faces)
}

fn tickets(screen: &Screen) -> impl Iterator<Item = &str> {
    screen.nodes.iter().filter_map(|node| match &node.element {
        Element::SecureField(ticket) => Some(ticket.as_str()),
        _ => None,
    })
}

/// Destroys the value of a field whose time is over.
pub async fn expire(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let field: SecureField = matter.read().map_err(Problem::internal)?;
    let Some(expired) = field.expire(ctx.now_ms) else { return Ok(()) };
    let mut next = matter.moved(&expired, ctx.now_ms);
    next.sealed = None;
    match app.store.commit(commit(ctx, matter, next, "secure-field.expired")).await {
        // Moved: taken in the last moment.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

fn commit(ctx: &Ctx, before: &Matter, next: Matter, action: &str) -> Commit {
    let audit = ctx.did(
        action,
        format!("{}:{}", next.kind.as_str(), next.id),
        serde_json::json!({ "kind": next.body["kind"] }),
    );
    let guards = vec![Guard::MatterAt { matter: before.id.clone(), revision: before.revision }];
    Commit { guards, changes: vec![Change::Matter(Box::new(next))], audit }
}
