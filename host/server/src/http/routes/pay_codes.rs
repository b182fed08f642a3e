//! Payments without a program: codes that customers show, and codes that they scan.

use super::{Access, Route, row};
use crate::http::handlers::pay_codes;
use crate::http::wire;
use axum::http::Method;
use xitai_model::limits;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let own = Access::SignedIn;
    vec![
        row(get.clone(), "/api/v1/me/pay-code", own, "pay-code.view", pay_codes::own)
            .says("The customer's payment code as it stands, and what was asked by it")
            .gives::<wire::PayCodeRecord>(),
        row(post.clone(), "/api/v1/me/pay-code", own, "pay-code.shown", pay_codes::show)
            .says("Make a code for one payment, in the place of the one before")
            .takes::<wire::Nothing>()
            .gives::<wire::PayCodeRecord>(),
        row(put, "/api/v1/me/pay-code/unasked", own, "pay-code.unasked", pay_codes::set_unasked)
            .says("Up to how much is paid by the code without asking")
            .takes::<wire::SetUnasked>()
            .gives::<wire::PayCodeRecord>(),
        row(post.clone(), "/api/v1/me/scans", own, "code.read", pay_codes::codes_in)
            .says("The texts of the QR codes in a picture, for browsers that read none; the picture is not kept")
            .takes_bytes("image/*", limits::MEDIA_BYTES_MAX)
            .gives::<wire::ReadCodes>(),
        row(post.clone(), "/api/v1/me/direct-payments", own, "direct.begun", pay_codes::begin)
            .says("Begin a payment to the merchant whose code was scanned")
            .takes::<wire::PayMerchant>()
            .gives::<wire::DirectPayment>(),
        row(get.clone(), "/api/v1/me/direct-payments/{id}", own, "direct.view", pay_codes::view)
            .says("A payment without a program; while it waits, with the digest of what is shown")
            .gives::<wire::DirectPayment>(),
        row(post.clone(), "/api/v1/me/direct-payments/{id}/decision", own, "direct.decided", pay_codes::decide)
            .says("Confirm exactly what is shown, or decline it")
            .takes::<wire::DecideDirect>()
            .gives::<wire::DirectPayment>(),
        row(post.clone(), "/api/v1/pay-codes/{merchant}", own, "direct.asked", pay_codes::ask)
            .says("A merchant's own people ask for money by the code that a customer shows")
            .takes::<wire::AskByPayCode>()
            .gives::<wire::MerchantPayment>(),
        row(get, "/api/v1/pay-codes/{merchant}/{payment}", own, "direct.asked-view", pay_codes::asked)
            .says("What became of it, for the merchant's own people")
            .gives::<wire::MerchantPayment>(),
        row(delete, "/api/v1/pay-codes/{merchant}/{payment}", own, "payment.cancelled", pay_codes::cancel)
            .says("Take back what was asked for, before the customer has decided")
            .gives::<wire::MerchantPayment>(),
        row(post, "/api/v1/pay-codes/{merchant}/{payment}/refunds", own, "payment.refunded", pay_codes::refund)
            .says("Give money back, all or a part; an owner of the merchant does")
            .takes::<wire::RefundDirect>()
            .gives::<wire::MerchantPayment>(),
    ]
}
