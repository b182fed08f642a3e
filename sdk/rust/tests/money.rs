//! Mandates, coupons, payouts and envelopes at the bank in memory.

use serde::{Deserialize, Serialize};
use xitai::payments::coupons::{self, Offer};
use xitai::payments::mandates::{self, Period, Terms};
use xitai::payments::{payouts, red_envelopes};
use xitai::prelude::*;
use xitai::testing::{Bank, Page};

/// A kiosk with a button for everything.
#[derive(Default, Serialize, Deserialize)]
struct Kiosk {
    mandate: String,
    coupon: String,
    envelope: String,
    said: String,
}

impl Program for Kiosk {
    type State = Kiosk;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Kiosk> {
        let kiosk = Kiosk::default();
        let drawn = kiosk.page();
        Ok(Step::new(kiosk, drawn))
    }

    fn update(ctx: &Context, mut kiosk: Kiosk, event: Event) -> StepResult<Kiosk> {
        let mut ticket = None;
        let done = match &event {
            Event::Tapped(tap) => kiosk.tapped(ctx, &tap.id, &mut ticket),
            Event::SheetClosed(closed) => Ok(format!("{:?}", closed.outcome)),
            _ => Ok(String::new()),
        };
        kiosk.said = done.unwrap_or_else(|refusal| refusal.code);
        let drawn = kiosk.page();
        Ok(Step::new(kiosk, drawn).sheet(ticket))
    }
}

impl Kiosk {
    fn tapped(&mut self, ctx: &Context, id: &str, ticket: &mut Option<String>) -> Result<String, Refusal> {
        match id {
            "permit" => {
                let terms = Terms {
                    purpose: "water".to_owned(),
                    each_at_most: Money::cny(5_00),
                    period: Period::Month,
                    period_at_most: Money::cny(8_00),
                    until_ms: ctx.now + 1_000_000,
                };
                let mandate = mandates::propose(&terms, "water")?;
                (self.mandate, *ticket) = (mandate.id, mandate.ticket);
            }
            "charge" => return mandates::charge(&self.mandate, Money::cny(5_00), &ctx.now.to_string()),
            "claim" => self.coupon = coupons::claim("spring", "one")?.id,
            "pay" => {
                let order = Order::new("lunch", Money::cny(5_00), "lunch").coupon(&self.coupon);
                let payment = payments::request(&order)?;
                *ticket = payment.ticket;
                return Ok(format!("payable {}", payment.payable));
            }
            "prize" => return payouts::pay("wang", Money::cny(3_00), "prize", "one"),
            "give" => {
                let envelope = red_envelopes::give(Money::cny(4_50), 2, true, 60, "one")?;
                (self.envelope, *ticket) = (envelope.id, envelope.ticket);
            }
            _ => return red_envelopes::take(&self.envelope, "one").map(|share| share.to_string()),
        }
        Ok("done".to_owned())
    }

    fn page(&self) -> xitai::ui::Screen {
        let plain = ["permit", "charge", "claim", "prize", "take"].map(|id| button(id).id(id));
        let paying = ["pay", "give"].map(|id| button(id).id(id).amount(Money::cny(4_50)));
        screen("Kiosk", (paragraph(self.said.as_str()), plain, paying))
    }
}

fn opened(bank: &Bank) -> Page {
    bank.customer("wang").open::<Kiosk>("pages/index")
}

#[test]
fn a_mandate_is_charged_within_its_caps() {
    let bank = Bank::new();
    let mut page = opened(&bank);
    page.tap("charge");
    page.shows(&["mandate.not-found"]);
    page.tap("permit");
    page.confirm_sheet();
    page.tap("charge");
    page.shows(&["payment-"]);
    bank.advance_ms(1);
    page.tap("charge");
    page.shows(&["mandate.period-exceeded"]);
    assert_eq!(bank.balance("wang"), Money::cny(995_00));
}

#[test]
fn a_coupon_takes_off_what_the_sheet_asks_for() {
    let bank = Bank::new();
    bank.open_campaign(
        &Offer {
            campaign: "spring".to_owned(),
            title: "Spring".to_owned(),
            worth: Money::cny(2_00),
            basis_points: Some(1_000),
            minimum_spend: Money::cny(5_00),
            price: None,
            until_ms: bank.now_ms() + 1_000_000,
            by_code: false,
        },
        &[],
    );
    let mut page = opened(&bank);
    page.tap("claim");
    page.tap("pay");
    page.confirm_sheet();
    page.shows(&["Agreed"]);
    assert_eq!(bank.balance("wang"), Money::cny(995_50));
}

#[test]
fn payouts_and_envelopes_move_money_once() {
    let bank = Bank::new();
    let mut page = opened(&bank);
    page.tap("prize");
    page.shows(&["payout.budget"]);
    bank.set_budget(Money::cny(3_00));
    page.tap("prize");
    page.tap("prize");
    assert_eq!(bank.balance("wang"), Money::cny(1_003_00), "once");
    page.tap("take");
    page.shows(&["envelope.not-found"]);
    page.tap("give");
    page.confirm_sheet();
    assert_eq!(bank.balance("wang"), Money::cny(998_50));
    page.tap("take");
    page.tap("take");
    page.shows(&["2.25"]);
    assert_eq!(bank.balance("wang"), Money::cny(1_000_75));
    bank.advance_ms(60_000);
    assert_eq!(bank.balance("wang"), Money::cny(1_003_00), "the rest came back");
}
