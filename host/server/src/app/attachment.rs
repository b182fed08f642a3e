//! Files that customers give: taken for an open sheet, looked at, encoded anew where they are pictures, and sealed.

use super::App;
use super::ctx::Ctx;
use super::{media, session};
use crate::http::problem::Problem;
use crate::media::Picture;
use serde_json::json;
use xitai_model::attachment::{Attachment, BYTES, NAME, State, kind_of, shown_name};
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::errand::{Errand, FileKind};
use xitai_model::ids::{MatterId, SessionId, TicketId};
use xitai_model::limits::ATTACHMENTS_WAITING_MAX;
use xitai_model::matter::{Matter, MatterKind};

/// What a sheet's files are found by.
fn about(ticket: &TicketId) -> String {
    format!("file/{ticket}")
}

/// Takes a file for the open sheet of a session. Gives its handle, which the confirmation names.
pub async fn upload(
    app: &App,
    ctx: &Ctx,
    id: &SessionId,
    ticket: &TicketId,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(MatterId, Attachment, String), Problem> {
    let session = session::own(app, ctx, id).await?;
    xitai_model::handover::acts(&session.standing, ctx.token.as_ref())?;
    let closed = || Problem::new(code::SHEET_NOT_OPEN);
    session.standing.sheet.as_ref().filter(|open| open.ticket == *ticket).ok_or_else(closed)?;
    let errand =
        app.store.matter_by_ticket(ticket).await?.filter(|it| it.session.as_ref() == Some(id)).ok_or_else(closed)?;
    if errand.kind != MatterKind::Errand {
        return Err(closed());
    }
    let Errand::Attach { accept, .. } = errand.read().map_err(Problem::internal)? else { return Err(closed()) };
    let (waiting, _) =
        app.store.matters_about(MatterKind::Attachment, &about(ticket), None, ATTACHMENTS_WAITING_MAX).await?;
    if waiting.len() >= ATTACHMENTS_WAITING_MAX {
        return Err(Problem::new(code::ATTACHMENT_TOO_LARGE).detail(format!("{ATTACHMENTS_WAITING_MAX} files a sheet")));
    }
    let kind = kind_of(&bytes).filter(|kind| accept.contains(kind));
    let (media_type, bytes) = match kind.ok_or_else(|| Problem::new(code::ATTACHMENT_KIND))? {
        FileKind::Picture => {
            let Picture { format, bytes, .. } = media::encoded_anew(bytes).await?;
            (format.media_type(), bytes)
        }
        FileKind::Pdf => ("application/pdf", bytes),
    };
    let file = Attachment::uploaded(ticket.clone(), media_type, bytes.len(), ctx.now_ms)?;
    let handle = MatterId::new(ctx.now_ms, app.clock.random());
    let (program, customer) = (errand.program.clone(), errand.customer.clone());
    let mut matter = Matter::new(handle.clone(), program, errand.branch.clone(), customer, &file, ctx.now_ms);
    (matter.session, matter.about) = (Some(id.clone()), Some(about(ticket)));
    let name = shown_name(name);
    matter.seal(BYTES, &Bytes(bytes));
    matter.seal(NAME, &name);
    let guards = vec![Guard::MatterAt { matter: handle.clone(), revision: 0 }];
    let whole = commit(ctx, guards, matter, "attachment.uploaded", &file);
    app.store.commit(whole).await?;
    Ok((handle, file, name))
}

/// The customer agreed that the program gets this file: for the commit of the sheet.
pub async fn give(app: &App, ctx: &Ctx, errand: &Matter, handle: &str) -> Result<(Guard, Change), Problem> {
    let missing = || Problem::new(code::SHEET_ANSWER_INVALID);
    let id = MatterId::parse(handle).map_err(|_| missing())?;
    let matter = app.store.matter(&id).await?.filter(|matter| matter.kind == MatterKind::Attachment);
    let matter = matter.filter(|matter| matter.customer == errand.customer).ok_or_else(missing)?;
    let file: Attachment = matter.read().map_err(Problem::internal)?;
    if Some(&file.ticket) != errand.ticket.as_ref() {
        return Err(missing());
    }
    let given = file.given(ctx.now_ms)?;
    let guard = Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision };
    Ok((guard, Change::Matter(Box::new(matter.moved(&given, ctx.now_ms)))))
}

/// Destroys a file whose time is over.
pub async fn expire(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let file: Attachment = matter.read().map_err(Problem::internal)?;
    if file.state == State::Gone || ctx.now_ms < file.until_ms {
        return Ok(());
    }
    let gone = file.gone();
    let mut next = matter.moved(&gone, ctx.now_ms);
    next.sealed = None;
    let guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision }];
    match app.store.commit(commit(ctx, guards, next, "attachment.gone", &gone)).await {
        // Moved: given or removed in the last moment.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

fn commit(ctx: &Ctx, guards: Vec<Guard>, matter: Matter, action: &str, file: &Attachment) -> Commit {
    let audit = ctx.did(
        action,
        format!("attachment:{}", matter.id),
        json!({ "media_type": file.media_type, "size": file.size, "program": matter.program }),
    );
    Commit { guards, changes: vec![Change::Matter(Box::new(matter))], audit }
}
