//! Going on elsewhere, kiosks and chats.

use super::{Access, Route, row};
use crate::http::handlers::channels;
use crate::http::wire;
use axum::http::Method;
use xitai_model::limits::CHAT_BYTES_MAX;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (own, keep) = (Access::SignedIn, Access::May(Action::KeepKiosks));
    const HANDOVER: &str = "/api/v1/sessions/{id}/handover";
    vec![
        row(post.clone(), HANDOVER, own, "handover.made", channels::make)
            .says("Make a code that continues the session elsewhere: six digits, two minutes, once")
            .takes::<wire::Nothing>()
            .gives::<wire::HandOver>(),
        row(put, HANDOVER, own, "session.handed-over", channels::take_back)
            .says("Take the session back here from where it went on")
            .takes::<wire::TakeBack>()
            .gives::<wire::Session>(),
        row(post.clone(), "/api/v1/handovers", own, "session.handed-over", channels::take)
            .says("Continue one of the caller's own sessions here by its code")
            .takes::<wire::TakeHandOver>()
            .gives::<wire::Session>(),
        row(get.clone(), "/api/v1/handovers/{id}", own, "page.handover", channels::state)
            .says("Whether a code of the caller's was taken, and where")
            .gives::<wire::HandOverState>(),
        row(post.clone(), "/api/v1/me/lent-codes", own, "handover.made", channels::lend)
            .says("Make a code that signs the caller in at a kiosk, or links a chat to them")
            .takes::<wire::LendSignIn>()
            .gives::<wire::HandOver>(),
        row(get, "/api/v1/kiosks", Access::May(Action::ReadKiosks), "kiosk.list", channels::kiosks)
            .says("Kiosks of the places that the caller may look at")
            .gives::<wire::Kiosks>(),
        row(post.clone(), "/api/v1/kiosks", keep, "kiosk.registered", channels::register)
            .says("Register a device of a branch as a kiosk; its token is told once")
            .takes::<wire::RegisterKiosk>()
            .gives::<wire::RegisteredKiosk>(),
        row(delete, "/api/v1/kiosks/{id}", keep, "kiosk.revoked", channels::revoke)
            .says("Take a kiosk out of use at once")
            .gives::<wire::Kiosk>(),
        row(post.clone(), "/api/v1/kiosk/touch", own, "kiosk.touched", channels::touch)
            .says("Somebody is still at the kiosk")
            .takes::<wire::Nothing>()
            .gives::<wire::KioskVisit>(),
        row(post, "/api/v1/chat/{channel}", Access::Anyone, "chat.taken", channels::chat)
            .takes_bytes("application/json", CHAT_BYTES_MAX)
            .says("Take what somebody wrote to a bot, signed as Standard Webhooks has it")
            .takes::<wire::ChatMessage>(),
    ]
}
