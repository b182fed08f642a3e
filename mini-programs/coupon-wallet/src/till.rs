//! Paying at the till: the bill, the coupon that saves most, the sheet.

use crate::{Bill, Page, Sheet, Wallet, show};
use xitai::payments::coupons::{self, Quote};
use xitai::prelude::*;

/// What the cashier says, at most: more than anybody's lunch.
const BILL_FEN_MAX: i64 = 500_000;
const PAY_WITHIN_S: u32 = 300;

/// The customer typed what the cashier says: finds the coupon that saves most.
pub fn bill(ctx: &Context, mut wallet: Wallet, typed: &str) -> StepResult<Wallet> {
    let Some(amount) = Money::parse_cny(typed).filter(|it| (1..=BILL_FEN_MAX).contains(&it.minor)) else {
        let words = ctx.say("请输入 0.01 到 5000.00 之间的金额", "Please enter an amount from 0.01 to 5000.00");
        wallet.warn(words.to_owned());
        return show(ctx, wallet);
    };
    wallet.page = Page::Bill(Bill { fen: amount.minor, coupon: best(amount)? });
    show(ctx, wallet)
}

fn best(amount: Money) -> Result<Option<String>, Refusal> {
    let mut best: Option<(i64, String)> = None;
    for coupon in coupons::eligible()?.into_iter().filter(|coupon| coupon.minimum_spend.minor <= amount.minor) {
        let saves = coupons::price(amount, std::slice::from_ref(&coupon.id))?.discount.minor;
        if saves > best.as_ref().map_or(0, |(saved, _)| *saved) {
            best = Some((saves, coupon.id));
        }
    }
    Ok(best.map(|(_, id)| id))
}

/// The bill with its coupon; without it where that is gone meanwhile.
pub fn quote(bill: &Bill) -> Result<Quote, Refusal> {
    let amount = Money::cny(bill.fen);
    let with = bill.coupon.as_ref().map(|id| coupons::price(amount, std::slice::from_ref(id)));
    match with {
        Some(Ok(quote)) => Ok(quote),
        Some(Err(_)) | None => Ok(Quote { discount: Money::cny(0), payable: amount, funded_by: Vec::new() }),
    }
}

/// The tap on pay.
pub fn pay(ctx: &Context, mut wallet: Wallet) -> StepResult<Wallet> {
    let Page::Bill(bill) = wallet.page.clone() else { return show(ctx, wallet) };
    let key = format!("bill-{:x}", ctx.random().next_u64());
    let order = Order::new(key, Money::cny(bill.fen), ctx.say("到店买单", "A bill at the till"));
    let order = match (&bill.coupon, quote(&bill)?.discount.minor) {
        (Some(coupon), 1..) => order.coupon(coupon),
        _ => order,
    };
    let payment = payments::request(&order.expires_in_s(PAY_WITHIN_S))?;
    wallet.sheet = Some(Sheet::Pay(payment.id));
    Ok(show(ctx, wallet)?.sheet(payment.ticket))
}

pub fn closed(ctx: &Context, mut wallet: Wallet, payment: String, outcome: Outcome) -> StepResult<Wallet> {
    match outcome {
        Outcome::Agreed | Outcome::Pending => {
            wallet.page = Page::Paid(payment);
            show(ctx, wallet)
        }
        Outcome::Failed => {
            wallet.warn(
                ctx.say("付款没有成功，券还在", "The payment did not go through; you still have your coupon")
                    .to_owned(),
            );
            show(ctx, wallet)
        }
        Outcome::Declined | Outcome::Expired | Outcome::Other => show(ctx, wallet),
    }
}

/// The bank says that a payment moved: the page about it is drawn anew.
pub fn changed(ctx: &Context, wallet: Wallet, _payment: &str) -> StepResult<Wallet> {
    show(ctx, wallet)
}
