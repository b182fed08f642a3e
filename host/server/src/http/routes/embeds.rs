//! Partners' pages that show programs of the bank, and servers that draw them.

use super::{Access, Route, row};
use crate::http::handlers::embeds;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (reads, proposes) = (Access::ForBank(Action::ReadEmbeds), Access::ForBank(Action::ProposeEmbed));
    let (decides, withdraws) = (Access::ForBank(Action::DecideEmbed), Access::ForBank(Action::WithdrawEmbed));
    const ONE: &str = "/api/v1/embeds/{id}";
    vec![
        row(get.clone(), "/api/v1/embeds", reads, "embed.list", embeds::list)
            .says("Partners' pages that may show programs, and those that wait for a second person")
            .gives::<wire::Embeds>(),
        row(get, ONE, reads, "embed.view", embeds::view).says("One embed").gives::<wire::Embed>(),
        row(put, ONE, proposes, "embed.proposed", embeds::propose)
            .says("Propose which origins of a partner show which programs; a new one's secret is told once")
            .takes::<wire::ProposeEmbed>()
            .gives::<wire::Embed>(),
        row(delete, ONE, withdraws, "embed.withdrawn", embeds::withdraw)
            .says("Take an embed away at once")
            .takes::<wire::WithdrawEmbed>()
            .gives::<wire::Embed>(),
        row(post.clone(), "/api/v1/embeds/{id}/decisions", decides, "embed.decided", embeds::decide)
            .says("Approve or return exactly what was proposed")
            .takes::<wire::DecideProposal>()
            .gives::<wire::Embed>(),
        row(post.clone(), "/api/v1/embeds/{id}/secret", proposes, "embed.rotated", embeds::rotate)
            .says("Make another secret; the one before signs for a day more")
            .takes::<wire::Nothing>()
            .gives::<wire::Embed>(),
        row(post.clone(), "/api/v1/embeds/{id}/launches", Access::Anyone, "embed.entered", embeds::enter)
            .says("Open what a partner's server signed, for a new visitor: the frame does it")
            .takes::<wire::EnterEmbed>()
            .gives::<wire::EmbedEntered>(),
        row(post, "/api/v1/embeds/{id}/visitors", Access::ForBank(Action::ServeEmbed), "embed.entered", embeds::serve)
            .says("Get a visitor's sign-in, for a partner whose own server draws the screens")
            .takes::<wire::VisitEmbed>()
            .gives::<wire::SignedIn>(),
    ]
}
