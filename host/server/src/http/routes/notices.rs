//! Notices: the customer's list and settings, and the words that are proposed and reviewed.

use super::{Access, Route, row};
use crate::http::handlers::notices;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (reads, proposes) = (Access::May(Action::ReadTemplates), Access::May(Action::ProposeTemplate));
    vec![
        row(get.clone(), "/api/v1/me/notices", Access::SignedIn, "notice.list", notices::list)
            .says("The customer's notices, newest first, with how many are unread")
            .gives::<wire::Notices>(),
        row(post.clone(), "/api/v1/me/notices/{id}/read", Access::SignedIn, "notice.read", notices::mark_read)
            .says("The customer has read a notice; again changes nothing")
            .takes::<wire::Nothing>()
            .gives::<wire::NoticeRecord>(),
        row(get.clone(), "/api/v1/me/notice-settings", Access::SignedIn, "notice.settings-view", notices::settings)
            .says("Quiet hours, and what the customer allows each program")
            .gives::<wire::NoticeSettings>(),
        row(put.clone(), "/api/v1/me/notice-settings", Access::SignedIn, "notice.settings", notices::set_quiet)
            .says("Set the quiet hours, or none")
            .takes::<wire::ChangeNoticeSettings>()
            .gives::<wire::NoticeSettings>(),
        row(put.clone(), "/api/v1/me/notice-mail", Access::SignedIn, "notice.settings", notices::set_mail)
            .says("Have notices sent by mail as well, or end that")
            .takes::<wire::ChangeNoticeMail>()
            .gives::<wire::NoticeSettings>(),
        row(put, "/api/v1/me/notice-settings/{program}", Access::SignedIn, "notice.settings", notices::set_program)
            .says("Mute a program, allow its templates, or take that back")
            .takes::<wire::ChangeProgramNotices>()
            .gives::<wire::NoticeSettings>(),
        row(get.clone(), "/api/v1/notice-templates", reads, "notice.templates", notices::templates)
            .says("The words of notices that the caller may look at")
            .gives::<wire::NoticeTemplates>(),
        row(
            post.clone(),
            "/api/v1/programs/{id}/notice-templates",
            proposes,
            "notice.template-proposed",
            notices::propose,
        )
        .says("Propose the words of a notice")
        .takes::<wire::ProposeTemplate>()
        .gives::<wire::NoticeTemplate>(),
        row(get, "/api/v1/programs/{id}/notice-templates/{name}", reads, "notice.template", notices::template)
            .says("A template and how it stands")
            .gives::<wire::NoticeTemplate>(),
        row(
            post,
            "/api/v1/programs/{id}/notice-templates/{name}/decisions",
            Access::May(Action::ReviewTemplate),
            "notice.template-decided",
            notices::decide,
        )
        .says("Approve or return exactly these words")
        .takes::<wire::DecideTemplate>()
        .gives::<wire::NoticeTemplate>(),
        row(
            Method::DELETE,
            "/api/v1/programs/{id}/notice-templates/{name}",
            Access::May(Action::WithdrawTemplate),
            "notice.template-withdrawn",
            notices::withdraw,
        )
        .says("Take a template out of use at once")
        .takes::<wire::WithdrawTemplate>()
        .gives::<wire::NoticeTemplate>(),
    ]
}
