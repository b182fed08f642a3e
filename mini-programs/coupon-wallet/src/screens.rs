//! The wallet's pages.

use crate::till::quote;
use crate::{Bill, Wallet};
use xitai::payments::coupons::{self, Coupon, Offer};
use xitai::prelude::*;
use xitai::ui::{Screen, Tone};

pub fn mine(ctx: &Context, wallet: &Wallet, coupons: &[Coupon]) -> Screen {
    let one = |coupon: &Coupon| {
        item(coupon.title.clone())
            .subtitle(say!(
                ctx,
                "{}，{} 前可用",
                "{}, until {}",
                condition(ctx, coupon.minimum_spend),
                ctx.local_at(coupon.expires_ms).date()
            ))
            .trailing(worth(ctx, coupon.worth, coupon.basis_points))
    };
    let list: Vec<_> = coupons.iter().map(one).collect();
    let none =
        list.is_empty().then(|| card(paragraph(ctx.say("券包还是空的，去领几张吧。", "No coupons yet. Get some."))));
    let list = (!list.is_empty()).then(|| items(list));
    let till = form((
        text_field(ctx.say("到店买单：请输入金额", "At the till: the amount"))
            .id("amount")
            .input("decimal")
            .hint("38.00")
            .required(),
        button(ctx.say("算一算", "See what it costs")).id("quote").primary(),
    ));
    let more = button(ctx.say("领券", "Get coupons")).id("offers");
    screen(ctx.say("我的优惠券", "My coupons"), (message(wallet), none, list, till.id("till"), more))
}

/// For staff, who look at what customers have.
pub fn nobodys(ctx: &Context) -> Screen {
    let words =
        ctx.say("券包是顾客的，这里没有需要办理的事。", "Coupons are customers' own. There is nothing to do here.");
    screen(ctx.say("优惠券包", "Coupon wallet"), card(paragraph(words)))
}

pub fn offers(ctx: &Context, wallet: &Wallet, offers: &[Offer]) -> Screen {
    let one = |offer: &Offer| {
        let label = match (&offer.price, offer.by_code) {
            (_, true) => None,
            (Some(_), false) => Some(ctx.say("购买", "Buy")),
            (None, false) => Some(ctx.say("领取", "Get it")),
        };
        let act = label.map(|label| {
            let act = button(label).id(format!("claim-{}", offer.campaign));
            match offer.price {
                Some(price) => act.amount(price),
                None => act,
            }
        });
        let code = offer.by_code.then(|| badge(ctx.say("凭兑换码", "By code")));
        item(offer.title.clone())
            .subtitle(condition(ctx, offer.minimum_spend))
            .trailing(worth(ctx, offer.worth, offer.basis_points))
            .children((act, code))
    };
    let list: Vec<_> = offers.iter().map(one).collect();
    let none = list
        .is_empty()
        .then(|| card(paragraph(ctx.say("眼下没有可领的券。", "There is nothing to get at the moment."))));
    let list = (!list.is_empty()).then(|| items(list));
    let code = form((
        text_field(ctx.say("兑换码", "Code")).id("digits").required().max_chars(32),
        button(ctx.say("兑换", "Redeem")).id("redeem").primary(),
    ));
    let back = button(ctx.say("我的优惠券", "My coupons")).id("mine");
    screen(ctx.say("领券", "Get coupons"), (message(wallet), none, list, code.id("code"), back))
}

pub fn bill(ctx: &Context, wallet: &Wallet, bill: &Bill) -> Result<Screen, Refusal> {
    let (amount, quote) = (Money::cny(bill.fen), quote(bill)?);
    let mut sums = vec![(ctx.say("账单", "Bill"), amount)];
    if quote.discount.minor > 0 {
        sums.push((ctx.say("优惠", "Discount"), quote.discount));
    }
    sums.push((ctx.say("应付", "You pay"), quote.payable));
    let sums = key_values(sums.into_iter().map(|(name, money)| (name, money.to_string())));
    let usable = coupons::eligible()?;
    let choices: Vec<_> = usable
        .iter()
        .filter(|coupon| coupon.minimum_spend.minor <= bill.fen)
        .map(|coupon| {
            let used = bill.coupon.as_deref() == Some(coupon.id.as_str());
            let row = item(coupon.title.clone()).trailing(worth(ctx, coupon.worth, coupon.basis_points));
            let row = row.id(format!("use-{}", coupon.id)).tappable();
            row.children(used.then(|| badge(ctx.say("使用中", "Used")).tone(Tone::Success)))
        })
        .collect();
    let choices = (!choices.is_empty()).then(|| section(ctx.say("可用的券", "Coupons for this bill"), items(choices)));
    let without = bill.coupon.is_some().then(|| button(ctx.say("不用券", "Without a coupon")).id("no-coupon"));
    let pay = button(ctx.say("付款", "Pay")).id("pay").primary().amount(quote.payable);
    let back = button(ctx.say("返回", "Back")).id("mine");
    Ok(screen(ctx.say("买单", "The bill"), (message(wallet), sums, choices, without, pay, back)))
}

pub fn paid(ctx: &Context, wallet: &Wallet, payment: &Payment) -> Screen {
    let (words, tone) = match payment.is_confirmed() {
        true => (ctx.say("已付款", "Paid"), Tone::Success),
        false => (ctx.say("银行处理中", "The bank is looking at it"), Tone::Info),
    };
    let saved = (payment.discount.minor > 0)
        .then(|| paragraph(say!(ctx, "为您省了 {}", "You saved {}", payment.discount.to_string())));
    let back =
        payment.is_refunded().then(|| paragraph(say!(ctx, "已退回 {}", "{} came back", payment.refunded.to_string())));
    let head = card((badge(words).tone(tone), amount(payment.payable), saved, back));
    screen(ctx.say("买单", "The bill"), (message(wallet), head, button(ctx.say("完成", "Done")).id("mine").primary()))
}

fn worth(ctx: &Context, worth: Money, basis_points: Option<u32>) -> String {
    match basis_points {
        None => worth.to_string(),
        Some(points) => {
            let percent = format!("{}.{:02}", points / 100, points % 100);
            let percent = percent.trim_end_matches('0').trim_end_matches('.').to_owned();
            say!(ctx, "减 {}%，最多 {}", "{}% off, {} at most", percent, worth)
        }
    }
}

fn condition(ctx: &Context, minimum: Money) -> String {
    match minimum.minor {
        0 => ctx.say("无门槛", "For any bill").to_owned(),
        _ => say!(ctx, "满 {} 可用", "For bills of {} or more", minimum),
    }
}

fn message(wallet: &Wallet) -> impl Children + use<> {
    wallet.message.clone().map(|(warns, text)| if warns { notice(text).warning() } else { notice(text).success() })
}
