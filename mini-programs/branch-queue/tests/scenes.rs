//! What happens in the hall, played without a host.

use branch_queue::BranchQueue;
use xitai::testing::{Bank, Page};

fn customer(bank: &Bank, name: &str) -> Page {
    bank.customer(name).open::<BranchQueue>("pages/index")
}

/// A clerk who serves personal and business banking at a counter.
fn clerk(bank: &Bank, name: &str, desk: &str) -> Page {
    let mut page = bank.staff(name, "clerk").open::<BranchQueue>("pages/index");
    page.submit("counter", "open", &[("desk", desk), ("services", "personal"), ("services", "business")]);
    page
}

#[test]
fn taking_a_ticket_and_being_called_without_a_tap() {
    let bank = Bank::new();
    let mut wang = customer(&bank, "wang");
    wang.shows(&["# 网点排队", "## 个人业务", "<无需等候>", "( 取号 ) [take-personal]"]);
    let mut smith = bank.customer("smith").locale("en").open::<BranchQueue>("pages/index");
    wang.tap("take-personal");
    wang.shows(&["## A001", "下一位就是您", "<等候中>"]);
    // The other page counts along.
    smith.shows(&["<1 waiting · about 10 min>"]);
    smith.tap("take-personal");
    smith.shows(&["## A002", "1 ahead of you, about 10 min"]);

    let mut desk = clerk(&bank, "he", "3");
    desk.shows(&["# 3 号窗口", "- 个人业务 / A001 A002 … 2 人", "- 对公业务 / 没有人等候 … 0 人"]);
    desk.tap("next");
    desk.shows(&["## A001", "12:00 呼叫，第 1 次"]);
    wang.shows(&["轮到您了，请到 3 号窗口", "## 3 号窗口", "<A001>"]);
    assert_eq!(wang.effects()[0].json, r#"{"text":"请到 3 号窗口"}"#);
    smith.shows(&["You are next", "- A001 … Counter 3"]);

    desk.tap("next");
    wang.shows(&["办理完毕", "A001 已办结"]);
    smith.shows(&["please come to counter 3", "## Counter 3"]);
    wang.tap("done");
    wang.shows(&["( 取号 ) [take-personal]"]);
    desk.tap("served");
    desk.shows(&["本次已办结: 2", "( 叫下一位 ) [next]"]);
    desk.tap("next");
    desk.shows(&["现在没有人等候"]);
}

#[test]
fn leaving_moves_those_behind_up() {
    let bank = Bank::new();
    let mut pages: Vec<Page> = ["a", "b", "c"].map(|name| customer(&bank, name)).into();
    pages.iter_mut().for_each(|page| page.tap("take-business"));
    pages[2].shows(&["## B003", "前面还有 2 位"]);
    pages[1].tap("leave");
    pages[1].shows(&["确定吗？"]);
    pages[1].tap("stay");
    pages[1].tap("leave");
    pages[1].tap("leave-now");
    pages[1].shows(&["B002 已取消"]);
    pages[2].shows(&["前面还有 1 位"]);
    let mut desk = clerk(&bank, "he", "1");
    desk.tap("next");
    desk.tap("next");
    desk.shows(&["## B003"]);
    pages[2].shows(&["请到 1 号窗口"]);
    pages[1].tap("again");
    pages[1].shows(&["## B004", "下一位就是您"]);
}

#[test]
fn who_does_not_come_is_called_again_and_then_passed_over() {
    let bank = Bank::new();
    let mut wang = customer(&bank, "wang");
    wang.tap("take-personal");
    let mut desk = clerk(&bank, "he", "2");
    desk.tap("next");
    bank.advance_ms(3 * 60_000);
    desk.shows(&["呼叫已过 3 分钟"]);
    desk.tap("recall");
    desk.shows(&["已再次呼叫 A001", "12:03 呼叫，第 2 次"]);
    desk.shows_not(&["呼叫已过 3 分钟"]);
    wang.shows(&["再次呼叫：请到 2 号窗口"]);
    desk.tap("missed");
    wang.shows(&["A001 已过号", "( 重新取号 ) [again]"]);
    desk.shows(&["本次已办结: 0"]);
    wang.tap("again");
    wang.shows(&["## A002"]);
}

#[test]
fn a_customer_has_one_place_on_all_devices() {
    let bank = Bank::new();
    let (mut phone, mut tablet) = (customer(&bank, "wang"), customer(&bank, "wang"));
    phone.tap("take-personal");
    tablet.tap("take-wealth");
    tablet.shows(&["## A001"]);
    assert_eq!(bank.counter("taken-20260302-wealth"), 0);
    // A page that is opened later shows the same ticket.
    customer(&bank, "wang").shows(&["## A001"]);
    // The next day begins anew.
    bank.advance_ms(24 * 3_600_000);
    customer(&bank, "wang").shows(&["( 取号 ) [take-personal]"]);
}

#[test]
fn two_clerks_never_call_the_same_customer() {
    let bank = Bank::new();
    let mut pages: Vec<Page> = (0..6).map(|number| customer(&bank, &format!("guest-{number}"))).collect();
    pages.iter_mut().for_each(|page| page.tap("take-personal"));
    let (mut one, mut two) = (clerk(&bank, "he", "1"), clerk(&bank, "liu", "2"));
    for _ in 0..3 {
        one.tap("next");
        two.tap("next");
    }
    one.shows(&["## A005"]);
    two.shows(&["## A006"]);
    pages[4].shows(&["请到 1 号窗口"]);
    pages[5].shows(&["请到 2 号窗口"]);
}

#[test]
fn the_current_customer_can_leave_from_the_page_before_being_called() {
    let bank = Bank::new();
    let mut wang = customer(&bank, "wang");
    wang.tap("take-personal");
    let mut desk = clerk(&bank, "he", "1");
    wang.tap("leave");
    wang.tap("leave-now");
    desk.shows(&["- 个人业务 / 没有人等候 … 0 人"]);
    desk.tap("next");
    desk.shows(&["现在没有人等候"]);
}

#[test]
fn a_counter_needs_a_number_and_a_service() {
    let bank = Bank::new();
    let mut page = bank.staff("he", "clerk").open::<BranchQueue>("pages/index");
    page.submit("counter", "open", &[("desk", "99")]);
    page.shows(&["请选窗口号和至少一项业务"]);
}

#[test]
fn background_and_card() {
    let bank = Bank::new();
    assert_eq!(bank.background().open::<BranchQueue>("pages/index").drawing(), "# 网点排队");
    let mut wang = customer(&bank, "wang");
    wang.tap("take-personal");
    let card = bank.customer("wang").surface(xitai::Surface::Card).open::<BranchQueue>("pages/index");
    card.shows(&["A001：前面还有 0 位"]);
}

#[test]
fn tickets_of_days_past_are_cleared_away() {
    let bank = Bank::new();
    let mut wang = customer(&bank, "wang");
    wang.tap("take-personal");
    let mut desk = clerk(&bank, "he", "1");
    desk.tap("next");
    let kept = |key: &str| bank.shared::<serde::de::IgnoredAny>(key).is_some();
    let of_the_day = ["ticket/20260302/personal/000001", "board/20260302/personal"];
    assert!(of_the_day.iter().all(|key| kept(key)));
    bank.advance_ms(86_400_000);
    clerk(&bank, "he", "1");
    assert!(of_the_day.iter().all(|key| kept(key)), "yesterday's are kept");
    bank.advance_ms(86_400_000);
    clerk(&bank, "he", "1");
    assert!(!of_the_day.iter().any(|key| kept(key)));
    customer(&bank, "wang").shows(&["( 取号 ) [take-personal]"]);
}

#[test]
fn a_hundred_who_left_do_not_hide_the_one_who_waits() {
    let bank = Bank::new();
    for number in 0..130 {
        let mut page = customer(&bank, &format!("c{number}"));
        page.tap("take-personal");
        page.tap("leave");
        page.tap("leave-now");
    }
    let mut last = customer(&bank, "last");
    last.tap("take-personal");
    let mut desk = clerk(&bank, "he", "1");
    desk.tap("next");
    desk.shows(&["## A131"]);
    last.shows(&["轮到您了"]);
}
