//! The pages' own style, script and pictures, in the binary. Nothing is loaded from anywhere else.

use crate::http::extract::Path;
use crate::http::problem::Problem;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;
use xitai_model::code;
use xitai_model::digest::Digest;

const STYLE: &str = concat!(
    include_str!("../../assets/tokens.css"),
    include_str!("../../assets/base.css"),
    include_str!("../../assets/app.css"),
    include_str!("../../assets/screen.css"),
    include_str!("../../assets/sheet.css"),
    include_str!("../../assets/desk.css"),
    include_str!("../../assets/content.css"),
    include_str!("../../assets/chat.css"),
    include_str!("../../assets/launch.css"),
);
const SCRIPT: &str = include_str!("../../assets/app.js");
const SCAN: &str = include_str!("../../assets/scan.js");
const KIOSK: &str = include_str!("../../assets/kiosk.js");
const KIOSK_STYLE: &str = include_str!("../../assets/kiosk.css");
const CHAT: &str = include_str!("../../assets/chat.js");
const READ: &str = include_str!("../../assets/read.js");
const EMBED: &str = include_str!("../../assets/embed.js");
const EMBED_STYLE: &str = include_str!("../../assets/embed.css");
/// What a partner's page loads: the same file as the package's.
const LOADER: &str = include_str!("../../../../sdk/embed/xitai-embed.js");
const DESK: &str = include_str!("../../assets/desk.js");
const FILES: &str = include_str!("../../assets/files.js");
const PASSKEYS: &str = include_str!("../../assets/passkeys.js");
const BRIDGE: &str = include_str!("../../assets/bridge.js");

fn asset(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "xitai.css" => ("text/css; charset=utf-8", STYLE),
        "app.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "desk.js" => ("text/javascript; charset=utf-8", DESK),
        "files.js" => ("text/javascript; charset=utf-8", FILES),
        "scan.js" => ("text/javascript; charset=utf-8", SCAN),
        "passkeys.js" => ("text/javascript; charset=utf-8", PASSKEYS),
        "bridge.js" => ("text/javascript; charset=utf-8", BRIDGE),
        "kiosk.js" => ("text/javascript; charset=utf-8", KIOSK),
        "kiosk.css" => ("text/css; charset=utf-8", KIOSK_STYLE),
        "read.js" => ("text/javascript; charset=utf-8", READ),
        "embed.js" => ("text/javascript; charset=utf-8", EMBED),
        "embed.css" => ("text/css; charset=utf-8", EMBED_STYLE),
        "xitai-embed.js" => ("text/javascript; charset=utf-8", LOADER),
        "chat.js" => ("text/javascript; charset=utf-8", CHAT),
        "mark.svg" => ("image/svg+xml", include_str!("../../assets/mark.svg")),
        "curtain.svg" => ("image/svg+xml", include_str!("../../assets/curtain.svg")),
        "guilloche.svg" => ("image/svg+xml", include_str!("../../assets/guilloche.svg")),
        "rosette.svg" => ("image/svg+xml", include_str!("../../assets/rosette.svg")),
        _ => return None,
    })
}

/// Names what the assets hold, so that an address with it in never changes its content.
pub fn mark() -> &'static str {
    static MARK: LazyLock<String> = LazyLock::new(|| {
        let all =
            [STYLE, KIOSK_STYLE, SCRIPT, SCAN, DESK, FILES, PASSKEYS, BRIDGE, KIOSK, CHAT, READ, EMBED, EMBED_STYLE]
                .map(str::as_bytes);
        Digest::of_parts(&all).hex()[..12].to_owned()
    });
    &MARK
}

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let (kind, content) = asset(&name).ok_or_else(|| Problem::new(code::REQUEST_NOT_FOUND))?;
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=86400")];
    let mut response = (headers, content).into_response();
    if name == "xitai-embed.js" {
        // Other origins load it as a module. There is nothing of anybody's in it.
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    Ok(response)
}
