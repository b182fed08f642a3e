//! An ordinary till, as benchmarks run it: a page of about twenty nodes, a tap that keeps a value of the customer's,
//! and a button that pays, again and again.

use serde::{Deserialize, Serialize};
use xitai::prelude::*;

const DISHES: [(&str, i64); 6] =
    [("红烧肉", 18_00), ("清炒时蔬", 8_00), ("番茄炒蛋", 10_00), ("鱼香肉丝", 15_00), ("米饭", 1_00), ("酸辣汤", 5_00)];

#[derive(Default, Serialize, Deserialize)]
pub struct Till {
    cups: u64,
    orders: u64,
    paid: u64,
}

impl Program for Till {
    type State = Till;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Till> {
        Ok(Till::default().step(None))
    }

    fn update(_ctx: &Context, mut till: Till, event: Event) -> StepResult<Till> {
        let mut sheet = None;
        match &event {
            Event::Tapped(tap) if tap.id == "count" => {
                till.cups += 1;
                storage::set("cups", &till.cups)?;
            }
            Event::Tapped(tap) if tap.id == "pay" => {
                till.orders += 1;
                let order = Order::new(format!("order-{}", till.orders), Money::cny(1), "午餐");
                sheet = payments::request(&order.line("米饭", 1, Money::cny(1)))?.ticket;
            }
            Event::SheetClosed(result) if result.outcome == Outcome::Agreed => till.paid += 1,
            _ => {}
        }
        Ok(till.step(sheet))
    }
}

impl Till {
    fn step(self, sheet: Option<String>) -> Step<Till> {
        let dishes: Vec<_> = DISHES
            .iter()
            .enumerate()
            .map(|(number, (name, fen))| {
                item(*name).id(format!("dish-{number}")).trailing(Money::cny(*fen).to_string())
            })
            .collect();
        let page = screen(
            "食堂",
            (
                heading("今日菜单"),
                notice("供应到 13:00"),
                section("热菜", dishes),
                divider(),
                key_values([("已点", self.cups.to_string()), ("已付", self.paid.to_string())]).id("sums"),
                row((button("再来一份").id("count"), button("付款").id("pay").primary().amount(Money::cny(1)))),
            ),
        );
        Step::new(self, page).sheet(sheet)
    }
}

xitai::export!(Till);
