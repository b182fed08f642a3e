//! The bank in memory holds programs to the host's rules.

use serde::{Deserialize, Serialize};
use xitai::prelude::*;
use xitai::testing::Bank;

/// Does whatever its buttons say, right or wrong.
#[derive(Default, Serialize, Deserialize)]
struct Trial {
    note: String,
}

impl Program for Trial {
    type State = Trial;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Trial> {
        Ok(Step::new(Trial::default(), page("opened")))
    }

    fn update(ctx: &Context, mut state: Trial, event: Event) -> StepResult<Trial> {
        let mut ticket = None;
        match &event {
            Event::Tapped(tap) if tap.id == "pay" => ticket = order("a", 5_00)?.ticket,
            Event::Tapped(tap) if tap.id == "cheat" => ticket = order("b", 50_00)?.ticket,
            Event::Tapped(tap) if tap.id == "sneak" => ticket = order("c", 5_00)?.ticket,
            Event::Tapped(tap) if tap.id == "fail" => {
                storage::set("kept", &1)?;
                counters::add("kept", 1)?;
                log::info("before the failure");
                return Err(Failure::new("trial.failed", "on purpose"));
            }
            Event::Tapped(tap) if tap.id == "twice" => {
                return Ok(Step::new(state, screen("Twice", (button("a").id("same"), button("b").id("same")))));
            }
            Event::Tapped(tap) if tap.id == "sleep" => wakeups::after_ms(60_000, "alarm")?,
            Event::Woken(key) => state.note = format!("woken by {key} at {}", ctx.local().time()),
            Event::SheetClosed(closed) => state.note = format!("{:?}", closed.outcome),
            Event::Changed(payment) => state.note = format!("{:?}", payments::get(payment)?.status),
            _ => {}
        }
        let drawn = page(&state.note);
        Ok(Step::new(state, drawn).sheet(ticket))
    }
}

fn order(key: &str, fen: i64) -> Result<Payment, Refusal> {
    payments::request(&Order::new(key, Money::cny(fen), "trial").expires_in_s(60))
}

fn page(note: &str) -> xitai::ui::Screen {
    let plain = ["sneak", "fail", "twice", "sleep"].map(|id| button(id).id(id));
    let paying = ["pay", "cheat"].map(|id| button(id).id(id).amount(Money::cny(5_00)));
    screen("Trial", (paragraph(note), plain, paying, button("no").id("no").disabled(true)))
}

fn opened(bank: &Bank) -> xitai::testing::Page {
    bank.customer("wang").open::<Trial>("pages/index")
}

#[test]
fn a_sheet_of_the_armed_amount_opens_and_ends() {
    let bank = Bank::new();
    let mut page = opened(&bank);
    page.tap("pay");
    assert_eq!(page.sheet(), Some(Money::cny(5_00)));
    page.confirm_sheet();
    page.shows(&["Agreed"]);
    assert_eq!(bank.balance("wang"), Money::cny(99_500));
}

#[test]
fn joy_names_its_kind() {
    let step = Step::new((), page("a")).celebrate().celebrate_with(xitai::Celebration::Rocket);
    let told: Vec<_> = step.effects.iter().map(|it| (it.kind.as_str(), it.json.as_str())).collect();
    assert_eq!(told, [("celebrate", "{}"), ("celebrate", r#"{"with":"rocket"}"#)]);
}

#[test]
fn a_sheet_expires_with_its_payment() {
    let bank = Bank::new();
    let mut page = opened(&bank);
    page.tap("pay");
    bank.advance_ms(60_000);
    page.shows(&["Expired"]);
    assert_eq!((page.sheet(), bank.balance("wang")), (None, Money::cny(100_000)));
}

#[test]
#[should_panic(expected = "the button says 500 CNY, the payment 5000 CNY")]
fn another_amount_than_the_button_says_is_refused() {
    opened(&Bank::new()).tap("cheat");
}

#[test]
#[should_panic(expected = "a sheet needs a tap on a button with an amount")]
fn a_sheet_without_an_amount_tapped_is_refused() {
    opened(&Bank::new()).tap("sneak");
}

#[test]
#[should_panic(expected = "two nodes have the id `same`")]
fn ids_used_twice_are_refused() {
    opened(&Bank::new()).tap("twice");
}

#[test]
#[should_panic(expected = "the button `no` is disabled")]
fn disabled_buttons_take_no_taps() {
    opened(&Bank::new()).tap("no");
}

#[test]
fn a_failure_leaves_nothing_but_its_log() {
    let bank = Bank::new();
    let failure = opened(&bank).try_tap("fail").expect_err("the program fails");
    assert_eq!(failure.code, "trial.failed");
    assert!(failure.detail.contains("tests/bank.rs:"), "{}", failure.detail);
    assert_eq!((bank.counter("kept"), bank.log()), (0, vec!["info: before the failure".to_owned()]));
}

#[test]
fn wake_ups_come_when_they_are_due() {
    let bank = Bank::new();
    let mut page = opened(&bank);
    page.tap("sleep");
    bank.advance_ms(59_999);
    page.shows_not(&["woken"]);
    bank.advance_ms(1);
    page.shows(&["woken by alarm at 12:01"]);
}
