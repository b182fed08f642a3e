//! Server-sent events for the staff: what has changed, by its kind. A page asks again for its part, as its reader.

use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::may_somewhere;
use crate::app::rate::Counted;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::stream::answer;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::Event;
use futures::StreamExt;
use futures::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use tokio_stream::wrappers::WatchStream;
use xitai_model::code;
use xitai_model::live::{Kind, Seen};

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The newest change that is known.
    #[serde(default)]
    after: u64,
    /// Which kinds, with spaces between.
    kinds: String,
}

/// What a stream says next.
enum Said {
    Seen(Seen),
    /// The same person listens elsewhere now.
    Elsewhere,
    Closing,
}

/// `GET /api/v1/live?after=&kinds=`
pub async fn stream(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let wanted = |kind: &Kind| asked.kinds.split(' ').any(|it| it == kind.as_str());
    let allowed = |kind: &&Kind| wanted(kind) && may_somewhere(staff, kind.right());
    let kinds: Vec<Kind> = Kind::ALL.iter().filter(allowed).copied().collect();
    // A browser that comes back says what it heard last.
    let again = headers.get("last-event-id").and_then(|it| it.to_str().ok()).and_then(|it| it.parse().ok());
    let counted = ctx.token.clone().map_or(Counted::Nobody, Counted::Token);
    let permit = app.rates.stream(counted).ok_or_else(|| Problem::new(code::REQUEST_STREAMS))?;
    let listening = app.live.listen(&staff.id);
    let seen = WatchStream::new(listening.seen.clone()).map(Said::Seen);
    let elsewhere = WatchStream::from_changes(listening.elsewhere.clone()).map(|_| Said::Elsewhere);
    let closing = stream::once(async move { app.closing().await }).map(|()| Said::Closing);
    let said = stream::select(stream::select(seen, elsewhere), closing);
    let events = said.scan((again.unwrap_or(asked.after), None, false), move |(seq, turn, over), said| {
        let _open = (&permit, &listening);
        if *over {
            return std::future::ready(None);
        }
        let event = match said {
            Said::Closing => return std::future::ready(None),
            Said::Elsewhere => {
                *over = true;
                Some(Event::default().event("elsewhere").data("{}"))
            }
            Said::Seen(seen) => changed(&seen, &kinds, seq, turn),
        };
        std::future::ready(Some(event))
    });
    Ok(answer(events.filter_map(|event| std::future::ready(event.map(Ok::<_, Infallible>)))))
}

/// What somebody who knows of everything up to `seq` must hear of.
fn changed(seen: &Seen, kinds: &[Kind], seq: &mut u64, turn: &mut Option<i64>) -> Option<Event> {
    let new: Vec<&str> = seen
        .since(*seq, turn.unwrap_or(seen.turn()))
        .into_iter()
        .filter(|kind| kinds.contains(kind))
        .map(Kind::as_str)
        .collect();
    (*seq, *turn) = ((*seq).max(seen.seq), Some(seen.turn()));
    let data = serde_json::json!({ "kinds": new }).to_string();
    (!new.is_empty()).then(|| Event::default().event("changed").id(seen.seq.to_string()).data(data))
}
