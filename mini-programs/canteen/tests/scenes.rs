//! What customers and the manager of the canteen go through, played without a host.

use canteen::Canteen;
use xitai::Money;
use xitai::testing::{Bank, Page};

fn bank_with_menu() -> Bank {
    let bank = Bank::new();
    bank.staff("zhou", "manager").open::<Canteen>("pages/index").tap("samples");
    bank
}

fn manager(bank: &Bank) -> Page {
    bank.staff("zhou", "manager").open::<Canteen>("pages/index")
}

fn customer(bank: &Bank, name: &str) -> Page {
    bank.customer(name).open::<Canteen>("pages/index")
}

/// Two portions of the pork and one of rice, as far as the sheet.
fn order_lunch(page: &mut Page) {
    page.set("portions-1", "2");
    page.set("portions-6", "1");
    page.tap("cart");
    page.tap("pay");
}

#[test]
fn a_new_branch_is_kind_to_customers_and_lets_the_manager_begin() {
    let bank = Bank::new();
    let page = customer(&bank, "wang");
    page.shows(&["今天的菜单还没写好"]);
    let mut desk = manager(&bank);
    desk.shows(&["菜单还是空的", "用示例菜单开始"]);
    desk.tap("samples");
    desk.shows(&["红烧肉 / 剩 30 份 … ¥18.00"]);
    // The waiting customer's page fills by itself.
    page.shows(&["== 荤菜", "- 红烧肉 / 慢炖两小时 … ¥18.00", "(-) 0 (+) [portions-1]"]);
}

#[test]
fn the_whole_menu_as_a_drawing() {
    let bank = bank_with_menu();
    let page = customer(&bank, "wang");
    assert!(page.drawing().starts_with(
        "# 职工食堂\n== 荤菜\n  - 红烧肉 / 慢炖两小时 … ¥18.00\n    (-) 0 (+) [portions-1]\n  - 松鼠鳜鱼 / 苏州名菜 … ¥38.00\n"
    ));
    page.shows_not(&["去结算"]);
}

#[test]
fn choosing_paying_and_fetching() {
    let bank = bank_with_menu();
    let mut desk = manager(&bank);
    let mut page = customer(&bank, "wang");
    page.set("portions-1", "2");
    page.shows(&["已选 2 份 · ¥36.00"]);
    page.set("portions-6", "1");
    page.tap("cart");
    page.shows(&["份数: 3", "合计: ¥37.00", "( ¥37.00 付款 ) [pay]"]);
    page.tap("pay");
    assert_eq!(page.sheet(), Some(Money::cny(37_00)));
    // The dishes are set aside while the sheet is open.
    assert_eq!((bank.counter("stock-1"), bank.counter("stock-6")), (28, 199));
    page.confirm_sheet();
    page.shows(&["取餐号", "## 001", "<备餐中>", "qr: 20260302-001-"]);
    assert_eq!(page.effects()[0].kind, "celebrate");
    assert_eq!(bank.balance("wang"), Money::cny(96_300));
    // The manager saw it arrive without a tap.
    desk.shows(&["今日订单: 1; 待做: 1; 待取: 0", "## 001", "- 红烧肉 … ×2", "( 做好了 ) [ready-1]"]);
    desk.tap("ready-1");
    page.shows(&["<请取餐>", "请到窗口出示此页取餐"]);
    desk.tap("collected-1");
    page.shows(&["<已取餐>", "请慢用"]);
    page.shows_not(&["qr:"]);
    desk.shows(&["没有等着的订单"]);
    page.tap("orders");
    page.shows(&["红烧肉 ×2、米饭 ×1 / 2026-03-02 12:00 … ¥37.00", "<已取餐>"]);
}

#[test]
fn an_order_that_is_not_paid_goes_back() {
    let bank = bank_with_menu();
    let mut page = customer(&bank, "wang");
    order_lunch(&mut page);
    page.decline_sheet();
    page.shows(&["没有付款，菜品已放回", "( ¥37.00 付款 ) [pay]"]);
    assert_eq!((bank.counter("stock-1"), bank.counter("stock-6")), (30, 200));

    page.tap("pay");
    assert_eq!(bank.counter("stock-1"), 28);
    bank.advance_ms(5 * 60_000);
    page.shows(&["付款时间已过"]);
    assert_eq!(bank.counter("stock-1"), 30);

    bank.set_balance("wang", Money::cny(10_00));
    page.tap("pay");
    page.confirm_sheet();
    page.shows(&["付款没有成功，未扣款"]);
    assert_eq!((bank.counter("stock-1"), bank.balance("wang")), (30, Money::cny(10_00)));
    page.tap("menu");
    page.tap("orders");
    page.shows(&["<已取消>", "<超时未付>", "<付款未成>"]);
    // Nothing of it ever reached the kitchen.
    manager(&bank).shows(&["今日订单: 0"]);
}

#[test]
fn the_last_portions_go_to_who_pays_first() {
    let bank = bank_with_menu();
    let mut desk = manager(&bank);
    desk.tap("menu");
    desk.tap("edit-1");
    desk.submit("dish", "save", &[("stock", "2")]);
    desk.shows(&["红烧肉已保存", "- 红烧肉 / 剩 2 份 … ¥18.00 [edit-1]", "<快没了>"]);
    let (mut first, mut second) = (customer(&bank, "wang"), customer(&bank, "smith"));
    for page in [&mut first, &mut second] {
        page.shows(&["仅剩 2 份"]);
        page.set("portions-1", "2");
        page.tap("cart");
    }
    first.tap("pay");
    second.tap("pay");
    assert_eq!(second.sheet(), None);
    second.shows(&["抱歉，红烧肉刚刚售罄"]);
    second.shows(&["<售罄>"]);
    first.confirm_sheet();
    assert_eq!(bank.counter("stock-1"), 0);
}

#[test]
fn a_cart_is_cut_to_what_is_left() {
    let bank = bank_with_menu();
    let (mut first, mut second) = (customer(&bank, "wang"), customer(&bank, "smith"));
    second.set("portions-2", "8");
    second.set("portions-6", "2");
    second.tap("cart");
    first.set("portions-2", "7");
    first.tap("cart");
    first.tap("pay");
    second.tap("pay");
    second.shows(&["松鼠鳜鱼只剩 5 份", "( ¥192.00 付款 ) [pay]"]);
    // Rice was given back together with it.
    assert_eq!((bank.counter("stock-2"), bank.counter("stock-6")), (5, 200));
    second.tap("pay");
    second.confirm_sheet();
    assert_eq!(bank.counter("stock-2"), 0);
}

#[test]
fn a_refund_reaches_the_customer() {
    let bank = bank_with_menu();
    let mut page = customer(&bank, "wang");
    order_lunch(&mut page);
    page.confirm_sheet();
    let mut desk = manager(&bank);
    desk.tap("ask-refund-1");
    desk.shows(&["不能撤销", "¥37.00", "( 确认退款 ) [refund-1]"]);
    desk.tap("refund-1");
    desk.shows(&["001 号已退款 ¥37.00", "没有等着的订单"]);
    page.shows(&["<已退款>"]);
    assert_eq!(bank.balance("wang"), Money::cny(100_000));
}

#[test]
fn the_manager_edits_with_advice() {
    let bank = bank_with_menu();
    let mut desk = manager(&bank);
    desk.tap("menu");
    desk.tap("add");
    desk.submit("dish", "save", &[("name", "鲜肉月饼"), ("price", "four"), ("stock", "20")]);
    desk.shows(&["价格请写成 18 或 18.50", "菜名: `鲜肉月饼`"]);
    desk.submit("dish", "save", &[("price", "4.5"), ("category", "drink"), ("picture", "sweet-soup")]);
    desk.shows(&["鲜肉月饼已保存", "- 鲜肉月饼 / 剩 20 份 … ¥4.50 [edit-11]"]);
    let mut page = customer(&bank, "wang");
    page.shows(&["- 鲜肉月饼 … ¥4.50"]);
    page.set("portions-11", "1");
    desk.tap("edit-11");
    desk.submit("dish", "save", &[("on-sale", "false")]);
    desk.shows(&["<已下架>"]);
    // It left the menu and the cart of everyone who watches.
    page.shows_not(&["鲜肉月饼", "去结算"]);
    desk.tap("edit-11");
    desk.tap("remove-11");
    desk.shows(&["鲜肉月饼已从菜单删除"]);
}

#[test]
fn in_english() {
    let bank = bank_with_menu();
    let mut page = bank.customer("smith").locale("en-GB").open::<Canteen>("pages/index");
    page.shows(&["# Staff Canteen", "== Meat and fish", "- Kung pao chicken / Slightly hot … ¥16.00"]);
    order_lunch(&mut page);
    page.confirm_sheet();
    page.shows(&["Pick-up number", "## 001", "<Being prepared>", "- Red-braised pork / ×2 … ¥36.00"]);
}

#[test]
fn branches_set_their_own_name_and_hours() {
    let bank = bank_with_menu();
    bank.set_config("name", "园区食堂");
    bank.set_config("hours", "10:30-13:30");
    let mut page = customer(&bank, "wang");
    page.shows(&["# 园区食堂"]);
    page.set("portions-1", "1");
    bank.advance_ms(2 * 3_600_000);
    page.tap("cart");
    page.shows(&["[pay, disabled]"]);
    page.tap("menu");
    page.shows(&["现在不在供餐时间（10:30-13:30）"]);
}

#[test]
fn a_rush_sells_what_there_is_and_numbers_everyone() {
    let bank = bank_with_menu();
    let mut pages: Vec<Page> = (0..20).map(|number| customer(&bank, &format!("guest-{number}"))).collect();
    let mut served = 0;
    for page in &mut pages {
        page.set("portions-2", "1");
        if page.drawing().contains("[cart]") {
            page.tap("cart");
            page.tap("pay");
            page.confirm_sheet();
            served += 1;
            page.shows(&[&format!("## {served:03}")]);
        } else {
            page.shows(&["抱歉，松鼠鳜鱼刚刚售罄"]);
        }
    }
    assert_eq!((served, bank.counter("stock-2")), (12, 0));
    manager(&bank).shows(&["今日订单: 12; 待做: 12; 待取: 0"]);
}

#[test]
fn background_and_card_open_without_a_customer_page() {
    let bank = bank_with_menu();
    assert_eq!(bank.background().open::<Canteen>("pages/index").drawing(), "# 职工食堂");
    let card = bank.customer("wang").surface(xitai::Surface::Card).open::<Canteen>("pages/index");
    card.shows(&["## 职工食堂", "今日 10 道菜"]);
}

#[test]
fn orders_of_last_week_are_cleared_away() {
    let bank = bank_with_menu();
    let mut page = customer(&bank, "wang");
    order_lunch(&mut page);
    page.confirm_sheet();
    let kept = || bank.shared::<serde::de::IgnoredAny>("order/20260302/000001").is_some();
    bank.advance_ms(7 * 86_400_000);
    manager(&bank);
    assert!(kept(), "a week is kept");
    bank.advance_ms(86_400_000);
    manager(&bank);
    assert!(!kept());
    let mut page = customer(&bank, "wang");
    page.tap("orders");
    page.shows(&["<已取餐>"]);
}

#[test]
fn a_full_kitchen_is_seen_whole() {
    let bank = bank_with_menu();
    for number in 0..70 {
        let mut page = customer(&bank, &format!("c{number}"));
        page.set("portions-6", "1");
        page.tap("cart");
        page.tap("pay");
        page.confirm_sheet();
    }
    let mut desk = manager(&bank);
    desk.shows(&["今日订单: 70; 待做: 70", "## 001", "## 070"]);
    desk.tap("ready-70");
    desk.shows(&["待做: 69; 待取: 1"]);
}
