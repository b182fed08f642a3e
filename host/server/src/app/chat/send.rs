//! Messages to chat users: to their channel by a signed webhook, in order, again until it has them.

use super::App;
use super::answer::rewrite;
use super::row;
use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::zone::Zone;
use serde_json::json;
use std::sync::Arc;
use xitai_model::chat::Outgoing;
use xitai_model::ids::MatterId;
use xitai_model::limits::CHAT_OUTGOING_MAX;

/// Sends what is to be sent now.
pub(super) async fn all(app: &Arc<App>, id: &MatterId) -> Result<(), Problem> {
    let _turn = app.chats.turns.lock(id).await;
    for _ in 0..CHAT_OUTGOING_MAX {
        let ctx = app.host_ctx();
        let Some(row) = row::by_id(app, id).await? else { return Ok(()) };
        let Some(channel) = app.chats.channel(&row.chat.channel) else { return Ok(()) };
        let Some(next) = row.talk.next(ctx.now_ms).cloned() else { return Ok(()) };
        let request = channel.outbound.request(
            // The same each time that it is sent: the channel knows it by that.
            &format!("{id}-{}", next.number),
            body(&row.talk.user, &next, ctx.now_ms),
            ctx.now_ms,
        );
        let got = match app.partners.egress.send(&request).await {
            Ok(reply) => (200..300).contains(&reply.status),
            Err(fault) => {
                tracing::debug!(chat = %id, fault = fault.name(), "a channel was not told");
                false
            }
        };
        let ctx = app.host_ctx();
        let sent = |row: &mut row::Row| {
            match got {
                true => row.talk.sent(next.number),
                false => row.talk.failed(next.number, ctx.now_ms),
            }
            true
        };
        rewrite(app, &ctx, id, "chat.sent", sent).await?;
        if !got {
            return Ok(());
        }
    }
    Ok(())
}

fn body(user: &str, message: &Outgoing, now_ms: i64) -> Vec<u8> {
    let body = json!({
        "type": "message",
        "timestamp": calendar::stamp(Zone::utc(), now_ms),
        "data": { "user": user, "number": message.number, "text": message.text, "sheet": message.is_banks },
    });
    body.to_string().into_bytes()
}
