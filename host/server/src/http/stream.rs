//! Server-sent events: `moved` with the new position whenever a session moved. The page then asks for the view.

use super::extract::Path;
use super::problem::Problem;
use crate::app::ctx::Ctx;
use crate::app::rate::Counted;
use crate::app::{App, session};
use axum::extract::State;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;
use xitai_model::code;
use xitai_model::ids::SessionId;

/// Proxies drop what is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// `GET /api/v1/sessions/{id}/stream`
pub async fn stream(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = SessionId::parse(&id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    let session = session::own(&app, &ctx, &id).await?;
    let counted = ctx.token.map_or(Counted::Nobody, Counted::Token);
    let permit = app.rates.stream(counted).ok_or_else(|| Problem::new(code::REQUEST_STREAMS))?;
    let moves = WatchStream::new(app.moves.follow(&id, session.position));
    let until = stream::once(async move { app.closing().await }).map(|()| None);
    let events = stream::select(moves.map(Some), until)
        .take_while(|position| std::future::ready(position.is_some()))
        .filter_map(move |position| {
            let _open = &permit;
            std::future::ready(position.map(moved))
        });
    Ok(answer(events))
}

/// A stream of events, kept open.
pub fn answer(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store, no-transform"));
    response
}

fn moved(position: u64) -> Result<Event, Infallible> {
    Ok(Event::default().event("moved").data(format!("{{\"position\":{position}}}")))
}
