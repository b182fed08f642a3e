//! An entry that somebody opened by its link.

use super::files::is_for_picture;
use super::view::ContentPage;
use crate::app::ctx::Ctx;
use crate::app::{App, agreement, library, media};
use crate::http::extract::Path;
use crate::http::handlers::agreements::agreement_id;
use crate::http::handlers::content::entry_id;
use crate::http::problem::Problem;
use crate::pages::console::content_face;
use crate::pages::{Look, page};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::code;

/// `GET /app/content/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let read = library::get(&app, &ctx, &entry_id(&id)?, Some(words.tag()))?;
    let entry = content_face(&catalog, &read, words.tag(), &words, ctx.now_ms);
    page(&look, &ContentPage { shell: look.shell(Some(&catalog), ""), entry })
}

/// `GET /app/agreements/{id}/documents/{entry}`: a document from the sheet that it is signed on.
pub async fn document(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, entry)): Path<(String, String)>,
) -> Result<Response, Problem> {
    agreement::open(&app, &ctx, &agreement_id(&id)?, &entry_id(&entry)?).await?;
    show(State(app), ctx, look, Path(entry)).await
}

/// `GET /app/media/{handle}`: for `<img>` only, under a policy that lets nothing in it run.
pub async fn picture(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    Path(handle): Path<String>,
) -> Result<Response, Problem> {
    if !is_for_picture(&ctx, &headers) {
        return Err(Problem::new(code::MEDIA_NOT_FOUND));
    }
    let (media, bytes) = media::bytes(&app, &ctx, &handle).await?;
    let headers = [
        (header::CONTENT_TYPE, media.format.media_type()),
        (header::CONTENT_DISPOSITION, "inline"),
        // A picture that is taken down must not stay long where it was seen.
        (header::CACHE_CONTROL, "private, max-age=300"),
    ];
    Ok((headers, bytes).into_response())
}
