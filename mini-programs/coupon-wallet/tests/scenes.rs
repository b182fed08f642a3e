//! What a customer does with coupons, played without a host.

use coupon_wallet::CouponWallet;
use xitai::Money;
use xitai::payments::coupons::Offer;
use xitai::testing::{Bank, Page};

fn offer(campaign: &str, title: &str, worth: i64, minimum: i64) -> Offer {
    Offer {
        campaign: campaign.to_owned(),
        title: title.to_owned(),
        worth: Money::cny(worth),
        basis_points: None,
        minimum_spend: Money::cny(minimum),
        price: None,
        until_ms: i64::MAX / 2,
        by_code: false,
    }
}

/// A fixed one, one in percent, and one for a code.
fn stage() -> (Bank, Page) {
    let bank = Bank::new();
    bank.open_campaign(&offer("three", "满20减3", 3_00, 20_00), &[]);
    bank.open_campaign(&Offer { basis_points: Some(1_250), ..offer("eighth", "八七五折", 10_00, 0) }, &[]);
    bank.open_campaign(&Offer { by_code: true, ..offer("code", "会员券", 8_00, 0) }, &["SUZHOU-8"]);
    let page = bank.customer("wang").open::<CouponWallet>("pages/index");
    (bank, page)
}

#[test]
fn an_empty_wallet_leads_to_what_there_is_to_get() {
    let (_bank, mut page) = stage();
    page.shows(&["券包还是空的"]);
    page.tap("offers");
    page.shows(&["- 满20减3 / 满 ¥20.00 可用 … ¥3.00", "减 12.5%，最多 ¥10.00", "<凭兑换码>"]);
    page.tap("claim-three");
    page.shows(&["领到了：满20减3", "- 满20减3"]);
    assert_eq!(page.effects()[0].kind, "celebrate");
}

#[test]
fn staff_and_the_branchs_own_session_have_no_coupons() {
    let bank = Bank::new();
    bank.staff("zhou", "manager").open::<CouponWallet>("pages/index").shows(&["券包是顾客的"]);
    bank.background().open::<CouponWallet>("pages/index");
}

#[test]
fn the_coupon_that_saves_most_is_taken_and_the_sheet_asks_for_the_rest() {
    let (bank, mut page) = stage();
    for campaign in ["claim-three", "claim-eighth"] {
        page.tap("offers");
        page.tap(campaign);
    }
    page.submit("till", "quote", &[("amount", "40")]);
    page.shows(&["账单: ¥40.00; 优惠: ¥5.00; 应付: ¥35.00"]);
    page.tap("no-coupon");
    page.shows(&["( ¥40.00 付款 )"]);
    page.tap("mine");
    page.submit("till", "quote", &[("amount", "40")]);
    page.tap("pay");
    assert_eq!(page.sheet(), Some(Money::cny(35_00)));
    page.confirm_sheet();
    page.shows(&["<已付款>", "为您省了 ¥5.00"]);
    assert_eq!(bank.balance("wang"), Money::cny(96_500));
    page.tap("mine");
    page.shows(&["- 满20减3"]);
    page.shows_not(&["八七五折"]);
}

#[test]
fn a_declined_sheet_leaves_the_coupon() {
    let (_bank, mut page) = stage();
    page.tap("offers");
    page.tap("claim-three");
    page.submit("till", "quote", &[("amount", "25.50")]);
    page.tap("pay");
    assert_eq!(page.sheet(), Some(Money::cny(22_50)));
    page.decline_sheet();
    page.tap("mine");
    page.shows(&["- 满20减3"]);
}

#[test]
fn a_code_is_good_once_and_amounts_are_checked() {
    let (bank, mut page) = stage();
    page.tap("offers");
    page.submit("code", "redeem", &[("digits", "WRONG")]);
    page.shows(&["兑换码不正确，或已被使用"]);
    page.submit("code", "redeem", &[("digits", "SUZHOU-8")]);
    page.shows(&["兑换成功：会员券"]);
    for typed in ["0", "0.001", "a", "5000.01"] {
        page.submit("till", "quote", &[("amount", typed)]);
        page.shows(&["请输入 0.01 到 5000.00 之间的金额"]);
    }
    let mut other = bank.customer("smith").locale("en").open::<CouponWallet>("pages/index");
    other.tap("offers");
    other.submit("code", "redeem", &[("digits", "SUZHOU-8")]);
    other.shows(&["The code is wrong, or was used already"]);
}
