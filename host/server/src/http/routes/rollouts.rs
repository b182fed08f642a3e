//! Rollouts: to whom releases go, how they do, freezes and the calendar.

use super::{Access, Route, row};
use crate::http::handlers::{promotions, rollout, settings};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (reads, opens) = (Access::SignedIn, Access::ForBank(Action::OpenProgram));
    let (keeps, decides) = (Access::ForBank(Action::KeepCalendar), Access::ForBank(Action::DecideException));
    let (settings, configures) = ("/api/v1/programs/{id}/settings/{branch}", Access::May(Action::ConfigureProgram));
    let judges = Access::ForBank(Action::ReadRelease);
    let exceptions = "/api/v1/freezes/{id}/exceptions/{program}";
    vec![
        row(get.clone(), "/api/v1/programs/{id}/rollout", reads, "rollout.view", rollout::view)
            .says("Where and to whom a program goes")
            .gives::<wire::RolloutState>(),
        // Head office opens and a branch enables: which of them somebody is, is asked where the change is known.
        row(put.clone(), "/api/v1/programs/{id}/rollout", Access::SignedIn, "rollout.changed", rollout::change)
            .says("Open a program, or enable it in one's branch")
            .takes::<wire::ChangeRollout>()
            .gives::<wire::RolloutState>(),
        // Whoever may take a release away is let in; who may give more is asked where the command is known.
        row(
            post.clone(),
            "/api/v1/programs/{id}/rollout/commands",
            Access::ForBank(Action::HoldRollout),
            "rollout.command",
            rollout::command,
        )
        .says("Raise, lower, pause, resume, finish or roll back a release")
        .takes::<wire::CommandRollout>()
        .gives::<wire::RolloutState>(),
        row(get.clone(), "/api/v1/programs/{id}/rollout/figures", reads, "rollout.figures", rollout::figures)
            .says("What is measured of the releases that go out")
            .gives::<wire::RolloutFigures>(),
        row(put.clone(), "/api/v1/programs/{id}/rollout/permissions", opens, "permission.withheld", rollout::withhold)
            .says("Hold back a permission that a release was approved with, or release it")
            .takes::<wire::WithholdPermission>()
            .gives::<wire::RolloutState>(),
        row(get.clone(), "/api/v1/programs/{id}/evidence", judges, "promotion.evidence", promotions::evidence)
            .says("How a program does where it is: use, rating, complaints, cost")
            .gives::<wire::EvidenceRecord>(),
        row(get.clone(), "/api/v1/programs/{id}/promotion", judges, "promotion.view", promotions::view)
            .says("The newest promotion of a program, and what waits for a second person")
            .gives::<wire::PromotionRecord>(),
        row(
            put.clone(),
            "/api/v1/programs/{id}/promotion",
            Access::ForBank(Action::Promote),
            "promotion.proposed",
            promotions::propose,
        )
        .says("Propose that a program go to a region or to the bank, and to whom it belongs there")
        .takes::<wire::ProposePromotion>()
        .gives::<wire::PromotionRecord>(),
        row(
            post.clone(),
            "/api/v1/programs/{id}/promotion/decisions",
            Access::ForBank(Action::DecidePromotion),
            "promotion.decided",
            promotions::decide,
        )
        .says("Approve or return exactly this promotion, as another person")
        .takes::<wire::DecideProposal>()
        .gives::<wire::PromotionRecord>(),
        row(get.clone(), settings, configures, "setting.view", settings::view)
            .says("A branch's own values for a program, and what waits for a second person")
            .gives::<wire::SettingsRecord>(),
        row(put.clone(), settings, configures, "setting.proposed", settings::propose)
            .says("Propose all of a branch's own values")
            .takes::<wire::ProposeSettings>()
            .gives::<wire::SettingsRecord>(),
        row(
            post.clone(),
            "/api/v1/programs/{id}/settings/{branch}/decisions",
            configures,
            "setting.decided",
            settings::decide,
        )
        .says("Approve or return exactly these values, as another person of the branch")
        .takes::<wire::DecideProposal>()
        .gives::<wire::SettingsRecord>(),
        row(get, "/api/v1/calendar", Access::May(Action::ReadRollout), "calendar.view", rollout::calendar)
            .says("Freezes and planned steps of releases")
            .gives::<wire::Calendar>(),
        row(put.clone(), "/api/v1/freezes/{id}", keeps, "freeze.planned", rollout::plan_freeze)
            .says("Plan a time in which no release goes to more people")
            .takes::<wire::PlanFreeze>()
            .gives::<wire::FreezeRecord>(),
        row(delete, "/api/v1/freezes/{id}", keeps, "freeze.ended", rollout::end_freeze)
            .says("End a freeze before its time")
            .gives::<wire::FreezeRecord>(),
        row(put, exceptions, keeps, "freeze.exception-asked", rollout::except)
            .says("Ask that a program be let through a freeze")
            .takes::<wire::AskException>()
            .gives::<wire::FreezeRecord>(),
        row(
            post,
            "/api/v1/freezes/{id}/exceptions/{program}/decisions",
            decides,
            "freeze.exception-decided",
            rollout::decide_exception,
        )
        .says("Approve or return exactly this exception, as another person")
        .takes::<wire::DecideProposal>()
        .gives::<wire::FreezeRecord>(),
    ]
}
