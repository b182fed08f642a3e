//! Pictures out of a release's package: icons and what screens show.
//!
//! They are a program's own, so they are given to `<img>` only: opened as a page of their own they could pretend to be
//! the bank's.

use crate::app::ctx::Ctx;
use crate::app::{App, damage};
use crate::http::extract::Path;
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::package;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lru::LruCache;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock, Mutex};
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::identity::How;
use xitai_model::ids::ReleaseId;
use xitai_model::release::{Part, Release, ReleaseState};

type Files = Arc<BTreeMap<String, Vec<u8>>>;

/// Packages whose pictures are kept unpacked.
const KEPT_MAX: NonZeroUsize = NonZeroUsize::new(64).expect("above zero");
static KEPT: LazyLock<Mutex<LruCache<Digest, Files>>> = LazyLock::new(|| Mutex::new(LruCache::new(KEPT_MAX)));

/// The media type of a picture, by its name.
pub fn kind(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        _ => return None,
    })
}

/// Whether a browser wants it for an `<img>`. A frame within a partner's page asks by its script, which has the sign-in
/// that an address has not.
pub fn is_for_picture(ctx: &Ctx, headers: &HeaderMap) -> bool {
    let by_script = |dest: &HeaderValue| ctx.how == How::Embed && dest == "empty";
    headers.get("sec-fetch-dest").is_none_or(|dest| dest == "image" || by_script(dest))
}

/// `GET /app/files/{program}/{version}/{path}`
pub async fn serve(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    Path((program, version, path)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let missing = || Problem::new(code::REQUEST_NOT_FOUND);
    if !is_for_picture(&ctx, &headers) {
        return Err(missing());
    }
    let version = semver::Version::parse(&version).map_err(|_| missing())?;
    let id = ReleaseId { program: program_id(&program)?, version };
    // What nobody has reviewed is the staff's to look at: customers meet no picture of it, nor that it is there.
    let is_approved = |release: &Release| release.state == ReleaseState::Approved;
    if ctx.staff().is_none() && !app.catalog().release(&id).is_some_and(is_approved) {
        return Err(missing());
    }
    let files = files(&app, &id).await?;
    let (kind, content) = kind(&path).zip(files.get(&path)).ok_or_else(missing)?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=31536000, immutable")];
    Ok((headers, content.clone()).into_response())
}

async fn files(app: &App, id: &ReleaseId) -> Result<Files, Problem> {
    let missing = || Problem::new(code::REQUEST_NOT_FOUND);
    let release = app.catalog().release(id).cloned().ok_or_else(missing)?;
    let digest = release.package.clone();
    if let Some(kept) = KEPT.lock().expect("no holder of the lock panics").get(&digest) {
        return Ok(kept.clone());
    }
    let bytes = damage::file(app, &release, Part::Package).await?;
    let read = tokio::task::spawn_blocking(move || package::read(&bytes)).await.map_err(Problem::internal)?;
    let mut pictures = read.package.ok_or_else(missing)?.files;
    pictures.retain(|name, _| kind(name).is_some());
    let pictures = Arc::new(pictures);
    KEPT.lock().expect("no holder of the lock panics").put(digest, pictures.clone());
    Ok(pictures)
}
