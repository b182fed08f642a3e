//! A customer's coupons: what campaigns give out, what one has, and paying at the till with whichever saves most.
//!
//! Nothing about coupons is kept here. The bank knows them, prices them, and takes their worth from those who fund them
//! in the chain of the payment; the program asks each time.

mod screens;
mod till;

use serde::{Deserialize, Serialize};
use xitai::payments::coupons;
use xitai::prelude::*;

/// The program.
pub struct CouponWallet;

/// A customer's session.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Wallet {
    page: Page,
    /// Said until the customer does something; whether it is a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<(bool, String)>,
    /// What the open sheet is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<Sheet>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Page {
    #[default]
    Mine,
    Offers,
    Bill(Bill),
    Paid(String),
}

/// A bill at the till.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Bill {
    fen: i64,
    /// The coupon that is used; nothing where there is none, or the customer wants none.
    coupon: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Sheet {
    Buy,
    Pay(String),
}

impl Wallet {
    fn say(&mut self, text: String) {
        self.message = Some((false, text));
    }
    fn warn(&mut self, text: String) {
        self.message = Some((true, text));
    }
}

impl Program for CouponWallet {
    type State = Wallet;

    fn open(ctx: &Context, _launch: &Launch) -> StepResult<Wallet> {
        show(ctx, Wallet::default())
    }

    fn update(ctx: &Context, mut wallet: Wallet, event: Event) -> StepResult<Wallet> {
        if matches!(event, Event::Tapped(_) | Event::Submitted(_)) {
            wallet.message = None;
        }
        match event {
            Event::Tapped(tap) => tapped(ctx, wallet, &tap.id),
            Event::Submitted(form) if form.form == "code" => redeem(ctx, wallet, form.text("digits")),
            Event::Submitted(form) if form.form == "till" => till::bill(ctx, wallet, form.text("amount")),
            Event::SheetClosed(closed) => sheet_closed(ctx, wallet, closed.outcome),
            Event::Changed(payment) => till::changed(ctx, wallet, &payment),
            _ => show(ctx, wallet),
        }
    }
}

fn tapped(ctx: &Context, mut wallet: Wallet, id: &str) -> StepResult<Wallet> {
    match id {
        "mine" => wallet.page = Page::Mine,
        "offers" => wallet.page = Page::Offers,
        "pay" => return till::pay(ctx, wallet),
        "no-coupon" => {
            if let Page::Bill(bill) = &mut wallet.page {
                bill.coupon = None;
            }
        }
        _ => {
            if let Some(campaign) = id.strip_prefix("claim-") {
                return claim(ctx, wallet, campaign);
            } else if let (Some(coupon), Page::Bill(bill)) = (id.strip_prefix("use-"), &mut wallet.page) {
                bill.coupon = Some(coupon.to_owned());
            }
        }
    }
    show(ctx, wallet)
}

/// Claims a coupon; one that is sold comes with the ticket of the sheet on which it is bought.
fn claim(ctx: &Context, mut wallet: Wallet, campaign: &str) -> StepResult<Wallet> {
    let key = format!("claim-{:x}", ctx.random().next_u64());
    match coupons::claim(campaign, &key) {
        Ok(coupon) if coupon.ticket.is_some() => {
            wallet.sheet = Some(Sheet::Buy);
            Ok(show(ctx, wallet)?.sheet(coupon.ticket))
        }
        Ok(coupon) => {
            wallet.page = Page::Mine;
            wallet.say(say!(ctx, "领到了：{}", "It is yours: {}", coupon.title));
            Ok(show(ctx, wallet)?.celebrate())
        }
        Err(refusal) => refused(ctx, wallet, &refusal),
    }
}

fn redeem(ctx: &Context, mut wallet: Wallet, code: &str) -> StepResult<Wallet> {
    let key = format!("code-{:x}", ctx.random().next_u64());
    match coupons::redeem_code(code, &key) {
        Ok(coupon) => {
            wallet.page = Page::Mine;
            wallet.say(say!(ctx, "兑换成功：{}", "Redeemed: {}", coupon.title));
            Ok(show(ctx, wallet)?.celebrate())
        }
        Err(refusal) => refused(ctx, wallet, &refusal),
    }
}

/// What the customer can do about it; anything else is the program's own fault.
fn refused(ctx: &Context, mut wallet: Wallet, refusal: &Refusal) -> StepResult<Wallet> {
    let words = match refusal.code.as_str() {
        "coupon.code-wrong" => ctx.say("兑换码不正确，或已被使用", "The code is wrong, or was used already"),
        "coupon.budget" | "campaign.budget" => ctx.say("来晚了，券已领完", "Too late: all coupons are gone"),
        "coupon.per-customer" => ctx.say("您已经领过了", "You have had yours already"),
        _ => match refusal.kind {
            RefusalKind::Limited => ctx.say("今天试得太多了，请明天再来", "Too many tries; please come back tomorrow"),
            _ => ctx.say("这张券现在领不了", "This coupon can't be had now"),
        },
    };
    log::warn(&format!("refused: {} {}", refusal.code, refusal.detail));
    wallet.warn(words.to_owned());
    show(ctx, wallet)
}

fn sheet_closed(ctx: &Context, mut wallet: Wallet, outcome: Outcome) -> StepResult<Wallet> {
    match (wallet.sheet.take(), outcome) {
        (Some(Sheet::Pay(payment)), _) => till::closed(ctx, wallet, payment, outcome),
        (Some(Sheet::Buy), Outcome::Agreed) => {
            wallet.page = Page::Mine;
            wallet.say(ctx.say("买到了", "It is yours").to_owned());
            show(ctx, wallet)
        }
        (Some(Sheet::Buy) | None, _) => show(ctx, wallet),
    }
}

fn show(ctx: &Context, wallet: Wallet) -> StepResult<Wallet> {
    let screen = match &wallet.page {
        // Coupons are customers': staff and the branch's own session have none.
        _ if !ctx.is_customer() => screens::nobodys(ctx),
        Page::Mine => screens::mine(ctx, &wallet, &coupons::eligible()?),
        Page::Offers => screens::offers(ctx, &wallet, &coupons::offers()?),
        Page::Bill(bill) => screens::bill(ctx, &wallet, bill)?,
        Page::Paid(payment) => screens::paid(ctx, &wallet, &payments::get(payment)?),
    };
    Ok(Step::new(wallet, screen))
}

xitai::export!(CouponWallet);
