//! Merchants, applications, disputes.

use super::{Access, Route, row};
use crate::http::handlers::{disputes, merchants};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let mut rows = becoming();
    rows.extend(being());
    rows.extend(disputed());
    rows
}

fn becoming() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (own, reads) = (Access::SignedIn, Access::ForBank(Action::ReadMerchants));
    let (proposes, decides) = (Access::ForBank(Action::ProposeTerms), Access::ForBank(Action::DecideTerms));
    let all = "/api/v1/merchant-applications";
    vec![
        row(post.clone(), all, own, "merchant.applied", merchants::apply)
            .says("Apply to be paid through the bank")
            .takes::<wire::ApplyMerchant>()
            .gives::<wire::ApplicationRecord>(),
        row(get.clone(), all, reads, "merchant-application.list", merchants::applications)
            .says("Applications for head office, newest first")
            .gives::<wire::Applications>(),
        row(get, "/api/v1/me/merchant-applications", own, "merchant-application.own", merchants::own_applications)
            .says("The caller's applications, newest first")
            .gives::<wire::Applications>(),
        row(delete, "/api/v1/me/merchant-applications/{id}", own, "merchant.withdrawn", merchants::withdraw)
            .says("Take an application back")
            .gives::<wire::ApplicationRecord>(),
        row(put, "/api/v1/merchant-applications/{id}/offer", proposes, "merchant.offered", merchants::offer)
            .says("Offer a contract")
            .takes::<wire::OfferMerchant>()
            .gives::<wire::ApplicationRecord>(),
        row(
            post,
            "/api/v1/merchant-applications/{id}/decisions",
            decides,
            "merchant.application-decided",
            merchants::decide_application,
        )
        .says("Approve or return exactly this offer, as another person; or turn the application down")
        .takes::<wire::DecideProposal>()
        .gives::<wire::ApplicationRecord>(),
    ]
}

fn being() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let own = Access::SignedIn;
    let (proposes, decides) = (Access::ForBank(Action::ProposeTerms), Access::ForBank(Action::DecideTerms));
    vec![
        row(get.clone(), "/api/v1/merchants", own, "merchant.list", merchants::list)
            .says("Merchants that the caller may look at, or speaks for")
            .gives::<wire::Merchants>(),
        row(get, "/api/v1/merchants/{id}", own, "merchant.view", merchants::view)
            .says("A merchant with its shops, people and contracts")
            .gives::<wire::MerchantRecord>(),
        // Who its people are is asked where the merchant is known.
        row(put.clone(), "/api/v1/merchants/{id}", own, "merchant.maintained", merchants::maintain)
            .says("Change shops or people, as an owner")
            .takes::<wire::MaintainMerchant>()
            .gives::<wire::MerchantRecord>(),
        row(put.clone(), "/api/v1/merchants/{id}/contract", proposes, "merchant.terms-proposed", merchants::propose)
            .says("Propose what the merchant is charged, from a day on")
            .takes::<wire::ProposeTerms>()
            .gives::<wire::MerchantRecord>(),
        row(post, "/api/v1/merchants/{id}/contract/decisions", decides, "merchant.terms-decided", merchants::decide)
            .says("Approve or return exactly these terms, as another person")
            .takes::<wire::DecideProposal>()
            .gives::<wire::MerchantRecord>(),
        row(put, "/api/v1/merchants/{id}/closure", proposes, "merchant.closed", merchants::close)
            .says("Take a merchant out of business at once")
            .takes::<wire::CloseMerchant>()
            .gives::<wire::MerchantRecord>(),
        row(delete, "/api/v1/merchants/{id}/closure", proposes, "merchant.opened", merchants::reopen)
            .says("Let a merchant take payments again")
            .gives::<wire::MerchantRecord>(),
    ]
}

fn disputed() -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let (own, reads) = (Access::SignedIn, Access::May(Action::ReadDisputes));
    let decides = Access::ForBank(Action::DecideDisputes);
    vec![
        row(post.clone(), "/api/v1/me/payments/{id}/dispute", own, "dispute.opened", disputes::open)
            .says("Dispute a payment; there is one dispute for each")
            .takes::<wire::OpenDispute>()
            .gives::<wire::DisputeRecord>(),
        row(get.clone(), "/api/v1/me/disputes", own, "dispute.own", disputes::own)
            .says("The caller's disputes, newest first")
            .gives::<wire::Disputes>(),
        row(post.clone(), "/api/v1/me/disputes/{id}/replies", own, "dispute.said", disputes::say)
            .says("Say more, until it is decided")
            .takes::<wire::SayDispute>()
            .gives::<wire::DisputeRecord>(),
        row(delete, "/api/v1/me/disputes/{id}", own, "dispute.withdrawn", disputes::withdraw)
            .says("Take a dispute back")
            .gives::<wire::DisputeRecord>(),
        row(get.clone(), "/api/v1/merchants/{id}/disputes", own, "dispute.of-merchant", disputes::of_merchant)
            .says("A merchant's disputes, for its owners, newest first")
            .gives::<wire::Disputes>(),
        row(get.clone(), "/api/v1/disputes", reads, "dispute.list", disputes::list)
            .says("Disputes for head office, or for one's branch, newest first")
            .gives::<wire::Disputes>(),
        row(get.clone(), "/api/v1/disputes/{id}", own, "dispute.view", disputes::view)
            .says("A dispute, for those whom it is about")
            .gives::<wire::DisputeRecord>(),
        row(get, "/api/v1/disputes/{id}/evidence", own, "dispute.evidence", disputes::evidence)
            .says("Receipt, sheet and steps, for head office and for the customer")
            .gives::<wire::DisputeEvidence>(),
        row(post.clone(), "/api/v1/disputes/{id}/answer", own, "dispute.answered", disputes::answer)
            .says("Answer as the merchant, or as the branch for it")
            .takes::<wire::AnswerDispute>()
            .gives::<wire::DisputeRecord>(),
        row(post, "/api/v1/disputes/{id}/decisions", decides, "dispute.decided", disputes::decide)
            .says("Give money back, or nothing")
            .takes::<wire::DecideDispute>()
            .gives::<wire::DisputeRecord>(),
    ]
}
