//! What two people of head office set, what it holds, and what other rails were told.

use super::{Access, Route, row};
use crate::http::handlers::{rails, rules};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;
use xitai_model::risk::RiskRule;
use xitai_model::spending::Limit;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (reads, proposes) = (Access::ForBank(Action::ReadRules), Access::ForBank(Action::ProposeRules));
    let decides = Access::ForBank(Action::DecideRules);
    let told = Access::ForBank(Action::ReadRails);
    let (held, holds) = (Access::ForBank(Action::ReadHeld), Access::ForBank(Action::DecideHeld));
    vec![
        row(get.clone(), "/api/v1/limits", reads, "limit.list", rules::list::<Limit>)
            .says("Limits on spending")
            .gives::<wire::Rules>(),
        row(put.clone(), "/api/v1/limits/{id}", proposes, "rule.proposed", rules::propose_limit)
            .says("Propose a limit, a change of one, or its end")
            .takes::<wire::ProposeLimit>()
            .gives::<wire::RuleRecord>(),
        row(post.clone(), "/api/v1/limits/{id}/decisions", decides, "rule.decided", rules::decide::<Limit>)
            .says("Approve or return exactly this, as another person")
            .takes::<wire::DecideProposal>()
            .gives::<wire::RuleRecord>(),
        row(get.clone(), "/api/v1/risk-rules", reads, "risk-rule.list", rules::list::<RiskRule>)
            .says("Rules that movements of money are looked at by")
            .gives::<wire::Rules>(),
        row(put, "/api/v1/risk-rules/{id}", proposes, "rule.proposed", rules::propose_risk)
            .says("Propose a rule, a change of one, or its end")
            .takes::<wire::ProposeRisk>()
            .gives::<wire::RuleRecord>(),
        row(post.clone(), "/api/v1/risk-rules/{id}/decisions", decides, "rule.decided", rules::decide::<RiskRule>)
            .says("Approve or return exactly this, as another person")
            .takes::<wire::DecideProposal>()
            .gives::<wire::RuleRecord>(),
        row(get, "/api/v1/held-payments", held, "held-payment.list", rules::held)
            .says("Payments that a rule has held, those that wait first")
            .gives::<wire::HeldPayments>(),
        row(post, "/api/v1/held-payments/{id}/decisions", holds, "held-payment.decided", rules::decide_held)
            .says("Let a held payment go, or decline it")
            .takes::<wire::DecideHeld>()
            .gives::<wire::HeldRecord>(),
        row(Method::GET, "/api/v1/rail/instructions", told, "instruction.list", rails::list)
            .says("What other rails were told: all that is not over, and the newest")
            .gives::<wire::Instructions>(),
    ]
}
