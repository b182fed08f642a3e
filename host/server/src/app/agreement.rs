//! Agreements outside of programs: what the customer has signed, taking it back, and what time does to it.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::me::customer_id;
use super::publish::commit;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::agreement::{Agreement, Command, apply};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{EntryId, MatterId};
use xitai_model::limits::RERUNS_MAX;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::program::Event;

/// Agreements of one page.
const PAGE: usize = 50;

/// The caller's agreements, newest first.
pub async fn own(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Read<Agreement>>, Option<String>), Problem> {
    let (page, next) = app.store.matters_of(MatterKind::Agreement, customer_id(ctx)?, None, after, PAGE).await?;
    Ok((page.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

/// One of the caller's. Somebody else's is not found.
pub async fn own_one(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Agreement>, Problem> {
    let customer = customer_id(ctx)?;
    let matter = app.store.matter(id).await?;
    let own = matter.filter(|it| it.kind == MatterKind::Agreement && it.customer.as_ref() == Some(customer));
    read(own.ok_or_else(|| Problem::new(code::AGREEMENT_NOT_FOUND))?)
}

/// The customer opens a document of an agreement; that they did is written down before they see it.
pub async fn open(app: &App, ctx: &Ctx, id: &MatterId, entry: &EntryId) -> Result<(), Problem> {
    for _ in 0..=RERUNS_MAX {
        let found = own_one(app, ctx, id).await?;
        let next = found.body.opened(entry)?;
        if next == found.body {
            return Ok(());
        }
        let guards = vec![Guard::MatterAt { matter: id.clone(), revision: found.matter.revision }];
        let changes = vec![Change::Matter(Box::new(found.matter.moved(&next, ctx.now_ms)))];
        let detail = json!({ "document": entry });
        match commit(app, ctx, guards, changes, "agreement.opened", &format!("agreement:{id}"), detail).await {
            Ok(()) => return Ok(()),
            Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// The customer takes it back while it cools off.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Agreement>, Problem> {
    for _ in 0..=RERUNS_MAX {
        let found = own_one(app, ctx, id).await?;
        let next = apply(&found.body, Command::Withdraw, ctx.now_ms)?;
        if next == found.body {
            return Ok(found);
        }
        if let Some(kept) = keep(app, ctx, found, next, "agreement.withdrawn").await? {
            return Ok(kept);
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// What time does: the end of cooling off, the end of the term.
pub async fn pass(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    let found: Read<Agreement> = read(matter)?;
    let next = apply(&found.body, Command::Pass, ctx.now_ms)?;
    if next != found.body {
        // Moved: taken back in the last moment.
        keep(app, ctx, found, next, "agreement.passed").await?;
    }
    Ok(())
}

/// The next revision, of which the program hears. `None` where it has moved.
async fn keep(
    app: &App,
    ctx: &Ctx,
    found: Read<Agreement>,
    next: Agreement,
    action: &str,
) -> Result<Option<Read<Agreement>>, Problem> {
    let id = found.matter.id.clone();
    let matter = found.matter.moved(&next, ctx.now_ms);
    let mut changes = vec![Change::Matter(Box::new(matter.clone()))];
    if let Some(session) = &found.matter.session {
        let event = Event::Changed { id: id.to_string() };
        let coalesce = Some(format!("changed:{id}"));
        changes.push(Change::Inbox { session: session.clone(), event, coalesce, at_ms: ctx.now_ms });
    }
    let guards = vec![Guard::MatterAt { matter: id.clone(), revision: found.matter.revision }];
    let detail = json!({ "product": next.product.entry, "status": next.status });
    match commit(app, ctx, guards, changes, action, &format!("agreement:{id}"), detail).await {
        Ok(()) => Ok(Some(Read { matter, body: next })),
        Err(CommitRefusal::Moved(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}
