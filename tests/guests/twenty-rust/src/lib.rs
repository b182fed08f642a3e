//! A page of twenty nodes and a tap that keeps a value of the customer's, as benchmarks run it in each language.

use serde::{Deserialize, Serialize};
use xitai::prelude::*;

const DISHES: [(&str, i64); 11] = [
    ("红烧肉", 18_00),
    ("清炒时蔬", 8_00),
    ("番茄炒蛋", 10_00),
    ("鱼香肉丝", 15_00),
    ("米饭", 1_00),
    ("酸辣汤", 5_00),
    ("清蒸鱼", 22_00),
    ("炒面", 12_00),
    ("小笼包", 9_00),
    ("绿豆汤", 3_00),
    ("水果", 6_00),
];

#[derive(Default, Serialize, Deserialize)]
pub struct Twenty {
    cups: u64,
}

impl Program for Twenty {
    type State = Twenty;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Twenty> {
        Ok(step(Twenty::default()))
    }

    fn update(_ctx: &Context, mut twenty: Twenty, event: Event) -> StepResult<Twenty> {
        if event.is_tap("count") {
            twenty.cups += 1;
            storage::set("cups", &twenty.cups)?;
        }
        Ok(step(twenty))
    }
}

fn step(twenty: Twenty) -> Step<Twenty> {
    let dish = |(number, (name, fen)): (usize, &(&str, i64))| {
        item(*name).id(format!("dish-{number}")).trailing(Money::cny(*fen).to_string())
    };
    let page = screen(
        "食堂",
        (
            heading("今日菜单"),
            notice("供应到 13:00"),
            section("热菜", DISHES.iter().enumerate().map(dish).collect::<Vec<_>>()),
            divider(),
            key_values([("已点", twenty.cups.to_string())]).id("sums"),
            row((button("再来一份").id("count"), button("付款").id("pay").primary().amount(Money::cny(1)))),
        ),
    );
    Step::new(twenty, page)
}

xitai::export!(Twenty);
