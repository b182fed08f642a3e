//! Pictures that people upload for content: encoded anew, kept by digest, given out by handle only.

use super::App;
use super::content::may_at;
use super::ctx::Ctx;
use super::publish::{commit, put};
use crate::http::problem::Problem;
use crate::media::{self, Picture};
use tokio::sync::Semaphore;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::limits::MEDIA_ENTRIES_MAX;
use xitai_model::media::{Handle, Media};
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::record::Noun;

/// Pictures that are encoded at once: each may take a processor for seconds.
static ENCODINGS: Semaphore = Semaphore::const_new(2);

/// Takes an upload. The same picture again is the same handle.
pub async fn upload(app: &App, ctx: &Ctx, bytes: Vec<u8>) -> Result<Media, Problem> {
    let staff = writer(ctx)?;
    let Picture { format, width, height, bytes } = encoded_anew(bytes).await?;
    let digest = Digest::of(&bytes);
    let handle = Handle::of(&digest);
    let catalog = app.refresh_catalog().await?;
    if let Some(there) = catalog.media.get(&handle) {
        return Ok(there.value.clone());
    }
    if catalog.media.len() >= MEDIA_ENTRIES_MAX {
        return Err(Problem::new(code::CONTENT_TOO_MANY).detail(format!("{MEDIA_ENTRIES_MAX} pictures")));
    }
    // Bytes go first: a record whose picture is missing could not be shown.
    app.store.put_blob(&digest, &bytes).await?;
    let kept = Media {
        handle: handle.clone(),
        format,
        width,
        height,
        bytes: bytes.len() as u64,
        by: staff.id.clone(),
        made_ms: ctx.now_ms,
    };
    let (guard, record) = put(&catalog, Noun::Media, handle.as_str(), &kept)?;
    let detail = serde_json::json!({ "format": format, "width": width, "height": height, "bytes": kept.bytes });
    match commit(app, ctx, vec![guard], vec![record], "media.uploaded", handle.as_str(), detail).await {
        // Somebody uploaded the same at the same moment.
        Err(CommitRefusal::Moved(_)) => {}
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(kept)
}

/// A picture encoded anew, in its turn.
pub async fn encoded_anew(bytes: Vec<u8>) -> Result<Picture, Problem> {
    // The semaphore lives as long as the process, so it is never closed.
    let _turn = ENCODINGS.acquire().await;
    let renewed = tokio::task::spawn_blocking(move || media::renew(&bytes)).await.map_err(Problem::internal)?;
    renewed.map_err(Problem::internal)?.map_err(|refused| Problem::new(refused.code).detail(refused.detail))
}

/// The texts of the codes in a picture, in its turn. Nothing of the picture is kept.
pub async fn codes_in(bytes: Vec<u8>) -> Result<Vec<String>, Problem> {
    let _turn = ENCODINGS.acquire().await;
    let read = tokio::task::spawn_blocking(move || media::codes(&bytes)).await.map_err(Problem::internal)?;
    read.map_err(Problem::internal)?.map_err(|refused| Problem::new(refused.code).detail(refused.detail))
}

/// Whoever may write content somewhere.
fn writer(ctx: &Ctx) -> Result<&Staff, Problem> {
    let staff = ctx.staff().filter(|staff| super::may_somewhere(staff, Action::WriteContent));
    staff.ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))
}

/// The newest pictures, for those who choose one.
pub fn list(app: &App, ctx: &Ctx, most: usize) -> Result<Vec<Media>, Problem> {
    writer(ctx)?;
    let catalog = app.catalog();
    let mut all: Vec<Media> = catalog.media.values().map(|kept| kept.value.clone()).collect();
    all.sort_by_key(|media| std::cmp::Reverse((media.made_ms, media.handle.clone())));
    all.truncate(most);
    Ok(all)
}

/// A picture's bytes. Customers get what an approved entry shows, staff who read content everything.
pub async fn bytes(app: &App, ctx: &Ctx, hex: &str) -> Result<(Media, Vec<u8>), Problem> {
    let missing = || Problem::new(code::MEDIA_NOT_FOUND);
    let handle = Handle::parse(&format!("content:{hex}")).ok_or_else(missing)?;
    let catalog = app.catalog();
    let kept = catalog.media.get(&handle).map(|kept| kept.value.clone()).ok_or_else(missing)?;
    let reads = |staff: &Staff| staff.roles.iter().any(|(_, at)| may_at(&catalog, staff, Action::ReadContent, at));
    if !ctx.staff().is_some_and(reads) && !catalog.is_shown(&handle) {
        return Err(missing());
    }
    let bytes = app.store.blob(&handle.digest()).await?.ok_or_else(missing)?;
    Ok((kept, bytes))
}
