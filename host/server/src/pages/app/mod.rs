//! The customer's pages.

mod agreements;
mod app_ticket;
mod cards;
mod consents;
mod content;
mod coupons;
mod feedback;
pub mod files;
mod gifts;
pub mod handover;
mod launcher;
mod mandates;
mod me;
mod notices;
mod opening;
mod pay;
mod pay_code;
mod payments;
pub mod prints;
mod provider;
mod recordings;
mod sign_in;
pub mod stage;
pub mod view;

pub use consents::row as consent_row;
pub use launcher::name_of;
pub use sign_in::{home_of, with_cookie};

use crate::http::routes::{Access, Route, row};
use axum::http::Method;

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let own = Access::SignedIn;
    let mut rows = vec![
        row(get.clone(), "/app", own, "page.launcher", launcher::show),
        row(get.clone(), "/app/zones/{branch}", own, "page.zone", launcher::zone),
        row(post.clone(), "/app/favourites/{program}", own, "favourites.changed", launcher::keep),
        row(get.clone(), "/app/open/{program}", own, "page.opening", opening::open),
        row(get.clone(), "/app/sessions/{id}", own, "page.session", stage::show),
        row(get.clone(), "/app/sessions/{id}/fragment", own, "page.session", stage::fragment),
        row(post.clone(), "/app/sessions/{id}/handover", own, "handover.made", handover::make),
        row(post.clone(), "/app/sessions/{id}/back", own, "session.handed-over", handover::take_back),
        row(get.clone(), "/app/continue", own, "page.continue", handover::form),
        row(post.clone(), "/app/continue", own, "session.handed-over", handover::take),
        row(post.clone(), "/app/me/codes", own, "handover.made", handover::lend),
        row(get.clone(), "/app/sessions/{id}/recording", own, "page.recording", recordings::show),
        row(post.clone(), "/app/sessions/{id}/recording", own, "session.given-away", recordings::give),
        row(get.clone(), "/app/files/{program}/{version}/{*path}", own, "page.file", files::serve),
        row(get.clone(), "/app/content/{id}", own, "page.content-read", content::show),
        row(get.clone(), "/app/media/{handle}", own, "page.picture", content::picture),
        row(get.clone(), "/app/programs/{id}", own, "page.program", feedback::program),
        row(get.clone(), "/app/agreements", own, "page.agreements", agreements::list),
        row(get.clone(), "/app/agreements/{id}/documents/{entry}", own, "agreement.opened", content::document),
        row(post.clone(), "/app/agreements/{id}/withdraw", own, "agreement.withdrawn", agreements::withdraw),
        row(get.clone(), "/app/consents", own, "page.consents", consents::list),
        row(post.clone(), "/app/consents/{id}/withdraw", own, "consent.withdrawn", consents::withdraw),
        row(get.clone(), "/app/complaints", own, "page.complaints", feedback::complaints),
        row(get.clone(), "/app/complaints/new", own, "page.complain", feedback::begin),
        row(post.clone(), "/app/complaints/new", own, "complaint.opened", feedback::complain),
        row(get.clone(), "/app/complaints/{id}", own, "page.complaint", feedback::complaint),
        row(post.clone(), "/app/complaints/{id}", own, "complaint.replied", feedback::reply),
        row(post.clone(), "/app/payments/{id}/rate", own, "rating.made", feedback::rate),
        row(get.clone(), "/app/notices", own, "page.notices", notices::list),
        row(get.clone(), "/app/notices/{id}", own, "notice.read", notices::open),
        row(post.clone(), "/app/notices/quiet", own, "notice.settings", notices::quiet),
        row(post.clone(), "/app/notices/mail", own, "notice.settings", notices::set_mail),
        row(get.clone(), "/app/unsubscribe/{link}", Access::Anyone, "page.unsubscribe", notices::unsubscribe),
        row(post.clone(), "/app/unsubscribe/{link}", Access::Anyone, "notice.mail-stopped", notices::unsubscribed),
        row(post.clone(), "/app/notices/programs/{program}", own, "notice.settings", notices::program),
        row(get.clone(), "/app/payments", own, "page.payments", payments::list),
        row(get.clone(), "/app/payments/{id}", own, "page.receipt", payments::receipt),
        row(get.clone(), "/app/scan", own, "page.scan", pay::scan),
        row(post.clone(), "/app/scan", own, "page.scanned", pay::scanned),
        row(get.clone(), "/app/pay", own, "page.pay-form", pay::form),
        row(post.clone(), "/app/pay", own, "direct.begun", pay::begin),
        row(get.clone(), "/app/pay/{id}", own, "page.pay", pay::show),
        row(post.clone(), "/app/pay/{id}", own, "direct.decided", pay::decide),
        row(get.clone(), "/app/pay-code", own, "page.pay-code", pay_code::show),
        row(post.clone(), "/app/pay-code", own, "pay-code.shown", pay_code::make),
        row(post.clone(), "/app/pay-code/unasked", own, "pay-code.unasked", pay_code::unasked),
        row(get.clone(), "/app/prints/{id}", own, "page.print", prints::show),
        row(get.clone(), "/app/coupons", own, "page.coupons", coupons::list),
        row(post.clone(), "/app/coupons", own, "coupon.claimed", coupons::claim),
        row(get.clone(), "/app/gifts", own, "page.gifts", gifts::list),
        row(get.clone(), "/app/mandates", own, "page.mandates", mandates::list),
        row(post.clone(), "/app/mandates/{id}", own, "mandate.decided", mandates::decide),
        row(get.clone(), "/app/me", own, "page.me", me::show),
        row(post.clone(), "/app/me/look", own, "customer.look-chosen", me::look),
        row(post.clone(), "/app/me/passkeys/{id}", own, "passkey.renamed", me::rename_passkey),
        row(post.clone(), "/app/me/tokens", own, "token.revoked", me::sign_out_everywhere),
        row(post.clone(), "/app/me/tokens/{id}", own, "token.revoked", me::end_sign_in),
        row(post.clone(), "/app/me/erase", own, "customer.erased", me::erase),
        row(get.clone(), "/app/ticket", Access::Anyone, "page.app-ticket", app_ticket::show),
        row(post.clone(), "/app/ticket", Access::Anyone, "token.made", app_ticket::enter),
        row(get.clone(), "/app/sign-in/{provider}", Access::Anyone, "token.asked", provider::begin),
        row(get.clone(), "/app/sign-in/{provider}/back", Access::Anyone, "token.made", provider::back),
        row(get, "/app/sign-in", Access::Anyone, "page.sign-in", sign_in::show),
        row(post.clone(), "/app/sign-in", Access::Anyone, "token.made", sign_in::sign_in),
        row(post.clone(), "/app/sign-in/passkey", Access::Anyone, "token.made", sign_in::by_passkey),
        row(post.clone(), "/app/visit", Access::Anyone, "token.made", sign_in::visit),
        row(post, "/app/sign-out", Access::Anyone, "token.revoked", sign_in::sign_out),
    ];
    rows.extend(cards::routes());
    rows
}
