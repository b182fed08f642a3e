//! A chat becomes its customer's, by a code that they made where they are signed in.

use super::row::Row;
use super::{App, Ctx, commit_of};
use crate::app::handover::Taken;
use crate::app::launch;
use crate::app::{sign_in, visitor};
use crate::http::problem::Problem;
use crate::render::chat as drawn;
use crate::words::{Locale, Words};
use std::sync::Arc;
use xitai_model::chat::{Incoming, Saying, Standing, Talk, about};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::identity::{How, Who};
use xitai_model::limits::CHAT_PROGRAMS_MAX;
use xitai_model::program::Channel;

/// Links the chat: the code is used, the customer's own row takes the place of the one before, and what programs kept for
/// a stranger goes along. One commit, or nothing.
pub(super) async fn link(app: &Arc<App>, ctx: &Ctx, row: Row, taken: Taken, message: &Incoming) -> Result<(), Problem> {
    let owner = taken.owner.clone();
    let (_, token) = sign_in::fresh(app, ctx, Who::Customer(owner.id.clone()), How::Chat, row.chat.channel.clone());
    let as_owner = crate::app::handover::lent(app, owner.clone(), How::Chat, token.digest.clone());
    let locale = Locale::of_tag(&owner.profile.locale).unwrap_or(Locale::ZhCn);
    let words = Words::of(locale, owner.profile.zone.parse().unwrap_or(app.config.zone));
    let listed = launch::list(app, &as_owner, None, None, Channel::Chat)?;
    let listed: Vec<_> = listed.into_iter().filter(|it| !it.stopped).take(CHAT_PROGRAMS_MAX).collect();
    let names: Vec<String> = listed.iter().map(|it| it.line.name.clone()).collect();
    let at = Standing { menu: listed.into_iter().map(|it| it.line.id).collect(), ..Standing::default() };
    let user = message.linked_as.clone().unwrap_or_else(|| row.talk.user.clone());
    let goes_on = about(&row.chat.channel, &user);
    let mut talk = Talk { user, token: Some(token.digest.clone()), ..row.talk.clone() };
    let linked = words.say1("chat-linked", "name", owner.profile.display_name.as_str());
    let says = [linked, drawn::programs(&names, true, &words)].map(Saying::from);
    talk.answered(&message.id, at, says.into(), ctx.now_ms);
    // What a stranger wrote stays with the stranger.
    talk.lines = talk.lines.split_off(talk.lines.len().saturating_sub(2));
    let said = talk.said;
    let (used_guard, used) = taken.used(ctx.now_ms);
    let (row_guard, closed) = row.closed(ctx);
    let made = Row::made(app, ctx, &row.chat.channel, &goes_on, &owner, talk);
    let id = made.id().clone();
    let (_, mut commit) = made.written(app, ctx, "chat.linked")?;
    commit.audit = commit_of(ctx, &row, Vec::new(), Vec::new(), "chat.linked").audit;
    commit.audit.detail = serde_json::json!({ "customer": owner.id });
    commit.guards.extend([used_guard, row_guard]);
    commit.changes.extend([used, closed, Change::Token(token)]);
    let mut forgets = Vec::new();
    match visitor::taken_over(app, ctx.now_ms, ctx.customer(), &owner.id).await? {
        Some(over) => {
            commit.guards.extend(over.guards);
            commit.changes.extend(over.changes);
            forgets = over.ends;
        }
        None => commit.changes.extend(row.talk.token.clone().map(Change::TokenRevoked)),
    }
    match app.store.commit(commit).await {
        Ok(_) => {}
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(refusal) => return Err(refusal.into()),
    }
    forgets.iter().chain(row.talk.token.as_ref()).for_each(|digest| app.sign_ins.forget(digest));
    if goes_on != row.about() {
        app.chats.has_moved(row.about());
    }
    app.chats.tell(&goes_on, said);
    super::nudge(app, id);
    Ok(())
}
