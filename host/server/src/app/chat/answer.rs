//! Answering: one message at a time, in the order in which they came.

use super::act::{Came, act};
use super::row::{self, Row};
use super::{App, Follower, link};
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use std::sync::Arc;
use std::time::Duration;
use xitai_model::chat::{Doing, Incoming};
use xitai_model::commit::CommitRefusal;
use xitai_model::ids::{MatterId, SessionId};
use xitai_model::limits::{CHAT_WAITING_MAX, RERUNS_MAX};

/// Answers everything that waits for a chat user.
pub async fn answer_all(app: &Arc<App>, id: &MatterId) -> Result<(), Problem> {
    let _turn = app.chats.turns.lock(id).await;
    for _ in 0..=CHAT_WAITING_MAX {
        let Some(row) = row::by_id(app, id).await? else { return Ok(()) };
        let Some(message) = row.talk.incoming.first().cloned() else { return Ok(()) };
        let Some(ctx) = row.ctx(app).await? else {
            // Nobody is left to act as: with the next message they are a stranger.
            return row.close(app, &app.host_ctx()).await;
        };
        one(app, &ctx, row, &message).await?;
    }
    Ok(())
}

async fn one(app: &Arc<App>, ctx: &Ctx, row: Row, message: &Incoming) -> Result<(), Problem> {
    let id = row.id().clone();
    match act(app, ctx, &row, message).await? {
        Came::Answer { at, says } => {
            let session = at.session.clone();
            // Another host may have answered meanwhile: then what was found out here is of the past.
            let answer = |now: &mut Row| {
                let applies = is_as_read(now, &row, message);
                if applies {
                    now.talk.answered(&message.id, at.clone(), says.clone(), ctx.now_ms);
                }
                applies
            };
            rewrite(app, ctx, &id, "chat.answered", answer).await?;
            match session {
                Some(session) => follow(app, id, session),
                None => unfollow(app, &id),
            }
            Ok(())
        }
        // Written down before it is done.
        Came::Does(doing) => {
            let does = |now: &mut Row| {
                let applies = is_as_read(now, &row, message);
                if applies {
                    now.talk.doing = Some(Doing::clone(&doing));
                }
                applies
            };
            rewrite(app, ctx, &id, "chat.answering", does).await
        }
        Came::Links(taken) => link::link(app, ctx, row, *taken, message).await,
    }
}

/// Whether a message still waits first, with the talk standing as it was read: new ones may wait behind it.
fn is_as_read(now: &Row, read: &Row, message: &Incoming) -> bool {
    let waits = now.talk.incoming.first().is_some_and(|first| first.id == message.id);
    waits && now.talk.at == read.talk.at && now.talk.doing == read.talk.doing
}

/// The next revision of a row: made again from what it has become, where messages came or went meanwhile. Where the change
/// says that it does not apply any more, nothing is written.
pub(super) async fn rewrite(
    app: &App,
    ctx: &Ctx,
    id: &MatterId,
    action: &str,
    change: impl Fn(&mut Row) -> bool,
) -> Result<(), Problem> {
    for _ in 0..=RERUNS_MAX {
        let Some(mut row) = row::by_id(app, id).await? else { return Ok(()) };
        if !change(&mut row) {
            return Ok(());
        }
        let (about, said) = (row.about().to_owned(), row.talk.said);
        let (_, commit) = row.written(app, ctx, action)?;
        match app.store.commit(commit).await {
            Ok(_) => {
                app.chats.tell(&about, said);
                return Ok(());
            }
            Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(crate::app::event::busy())
}

/// How long a chat user is told of what happens without them.
const FOLLOWED: Duration = Duration::from_secs(4 * 3_600);
/// What moves within this is told at once.
const SETTLES: Duration = Duration::from_millis(300);

/// Tells the user what happens in their session without them, such as that an order is ready. One follower a row: the
/// one of the session before ends.
fn follow(app: &Arc<App>, id: MatterId, session: SessionId) {
    let mut followed = app.chats.followed.lock().expect("no holder of the lock panics");
    if followed.get(&id).is_some_and(|now| now.session == session) {
        return;
    }
    let ends = tokio::spawn(following(app.clone(), id.clone(), session.clone())).abort_handle();
    if let Some(before) = followed.insert(id, Follower { session, ends }) {
        before.ends.abort();
    }
}

/// Nothing is told of any session any more.
fn unfollow(app: &App, id: &MatterId) {
    if let Some(before) = app.chats.followed.lock().expect("no holder of the lock panics").remove(id) {
        before.ends.abort();
    }
}

async fn following(app: Arc<App>, id: MatterId, session: SessionId) {
    let mut moves = app.moves.follow(&session, 0);
    let end = tokio::time::Instant::now() + FOLLOWED;
    loop {
        tokio::select! {
            () = app.closing() => break,
            () = tokio::time::sleep_until(end) => break,
            moved = moves.changed() => if moved.is_err() { break },
        }
        tokio::time::sleep(SETTLES).await;
        moves.borrow_and_update();
        match tell(&app, &id, &session).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) => tracing::warn!(chat = %id, %problem, "a chat user was not told"),
        }
    }
    let mut followed = app.chats.followed.lock().expect("no holder of the lock panics");
    if followed.get(&id).is_some_and(|now| now.session == session) {
        followed.remove(&id);
    }
}

/// Says whether the row is still about that session.
async fn tell(app: &Arc<App>, id: &MatterId, session: &SessionId) -> Result<bool, Problem> {
    let turn = app.chats.turns.lock(id).await;
    let Some(row) = row::by_id(app, id).await? else { return Ok(false) };
    if row.talk.at.session.as_ref() != Some(session) {
        return Ok(false);
    }
    let Some(ctx) = row.ctx(app).await? else { return Ok(false) };
    if let Some((at, says)) = super::act::moved(app, &ctx, &row).await? {
        let said = |now: &mut Row| {
            if now.talk.at != row.talk.at {
                return false;
            }
            now.talk.at = at.clone();
            says.iter().for_each(|saying| now.talk.say(saying.clone(), ctx.now_ms));
            true
        };
        rewrite(app, &ctx, id, "chat.told", said).await?;
    }
    drop(turn);
    super::send::all(app, id).await?;
    Ok(true)
}
