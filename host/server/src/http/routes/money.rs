//! Standing permissions, campaigns and coupons, payouts and envelopes.

use super::{Access, Route, row};
use crate::http::handlers::{campaigns, cards, cash, gifts, mandates, sessions};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let own = Access::SignedIn;
    let mut rows = vec![
        row(get.clone(), "/api/v1/me/mandates", own, "mandate.list", mandates::own)
            .says("The customer's mandates, newest first")
            .gives::<wire::Mandates>(),
        row(post.clone(), "/api/v1/me/mandates/{id}/steps", own, "mandate.decided", mandates::decide)
            .says("Pause, resume or end a mandate")
            .takes::<wire::DecideMandate>()
            .gives::<wire::MandateRecord>(),
        row(get, "/api/v1/me/coupons", own, "coupon.list", campaigns::own)
            .says("The customer's coupons, newest first")
            .gives::<wire::Coupons>(),
        row(post, "/api/v1/me/coupons", own, "coupon.claimed", campaigns::claim)
            .says("Claim a coupon of a campaign that is open to the customer and free")
            .takes::<wire::ClaimCoupon>()
            .gives::<wire::CouponRecord>(),
    ];
    rows.extend(campaign_rows());
    rows.extend(gift_rows());
    rows.extend(tender_rows());
    rows
}

/// What is paid with: the choice on a sheet, other banks' cards, cash.
fn tender_rows() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let own = Access::SignedIn;
    vec![
        row(Method::PUT, "/api/v1/sessions/{id}/sheets/{ticket}/tender", own, "sheet.tender-chosen", sessions::tender)
            .says("Choose what to pay with, of what the open sheet offers; its digest is another one afterwards")
            .takes::<wire::ChooseTender>()
            .gives::<wire::Session>(),
        row(get.clone(), "/api/v1/me/cards", own, "card.list", cards::own)
            .says("The customer's cards of other banks, newest first")
            .gives::<wire::Cards>(),
        row(post.clone(), "/api/v1/me/cards/bindings", own, "card.asked", cards::begin)
            .says("Begin to add a card: the page of the rail where its number is entered")
            .takes::<wire::Nothing>()
            .gives::<wire::CardBinding>(),
        row(post.clone(), "/api/v1/me/cards", own, "card.bound", cards::bind)
            .says("Add the card that the browser came back with")
            .takes::<wire::BindCard>()
            .gives::<wire::CardRecord>(),
        row(Method::DELETE, "/api/v1/me/cards/{id}", own, "card.removed", cards::remove)
            .says("Take a card off, here and at the rail"),
        row(get, "/api/v1/merchants/{id}/cash", own, "cash.list", cash::list)
            .says("A merchant's payments in cash, for those who count it: its own people and its branch's")
            .gives::<wire::CashToCount>(),
        row(post, "/api/v1/cash/{id}/received", own, "payment.cash-received", cash::received)
            .says("The cash is there: the payment is settled")
            .takes::<wire::Nothing>()
            .gives::<wire::CashRecord>(),
    ]
}

fn campaign_rows() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let (reads, proposes) = (Access::May(Action::ReadCampaigns), Access::May(Action::ProposeCampaign));
    vec![
        row(get.clone(), "/api/v1/campaigns", reads, "campaign.list", campaigns::list)
            .says("Campaigns that the caller may look at, with what they have cost")
            .gives::<wire::Campaigns>(),
        row(post.clone(), "/api/v1/campaigns", proposes, "campaign.proposed", campaigns::propose)
            .says("Propose a campaign; each funder accepts its own share")
            .takes::<wire::ProposeCampaign>()
            .gives::<wire::CampaignRecord>(),
        row(get, "/api/v1/campaigns/{id}", reads, "campaign.view", campaigns::view)
            .says("A campaign with its costs and what is left")
            .gives::<wire::CampaignRecord>(),
        // A merchant's own people, who accept for it, need not be staff.
        row(post.clone(), "/api/v1/campaigns/{id}/steps", Access::SignedIn, "campaign.stepped", campaigns::step)
            .says("Accept a funder's share, or stop the campaign")
            .takes::<wire::StepCampaign>()
            .gives::<wire::CampaignRecord>(),
        row(post, "/api/v1/campaigns/{id}/codes", proposes, "campaign.codes-made", campaigns::make_codes)
            .says("Make one-time codes; they are told this once")
            .takes::<wire::MakeCouponCodes>()
            .gives::<wire::CouponCodes>(),
    ]
}

fn gift_rows() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let own = Access::SignedIn;
    vec![
        row(get.clone(), "/api/v1/me/payouts", own, "payout.list", gifts::payouts)
            .says("What programs paid out to the customer, newest first")
            .gives::<wire::Payouts>(),
        row(get.clone(), "/api/v1/me/envelopes", own, "envelope.list", gifts::envelopes)
            .says("Red envelopes that the customer gave, newest first")
            .gives::<wire::Envelopes>(),
        row(get, "/api/v1/programs/{id}/budget", Access::May(Action::ReadCampaigns), "budget.view", gifts::budget)
            .says("What a program may pay out in a branch; with `?branch=`")
            .gives::<wire::BudgetRecord>(),
        // Whose money it is decides who may: a merchant's own people need not be staff.
        row(post, "/api/v1/programs/{id}/budget", own, "budget.moved", gifts::fund)
            .says("Fill a program's budget from its merchant or the branch, or take out of it")
            .takes::<wire::MoveBudget>()
            .gives::<wire::BudgetRecord>(),
    ]
}
