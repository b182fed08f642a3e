//! What a customer does: choose, pay, wait, fetch.

mod checkout;
mod screens;

use crate::menu::{self, Menu, PORTIONS_MAX};
use crate::order::History;
use crate::{State, canteen_name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use xitai::prelude::*;

/// Orders whose progress the page follows.
const FOLLOWED_MAX: usize = 4;

/// A customer's session.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Visit {
    page: Page,
    /// Portions by dish.
    cart: BTreeMap<u32, u32>,
    /// The order whose sheet is open.
    paying: Option<String>,
    /// Said once, on the next screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Page {
    #[default]
    Menu,
    Cart,
    Order(String),
    History,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Message {
    warns: bool,
    text: String,
}

impl Visit {
    fn warn(&mut self, text: String) {
        self.message = Some(Message { warns: true, text });
    }
    fn inform(&mut self, text: String) {
        self.message = Some(Message { warns: false, text });
    }
    /// Drops from the cart what is no longer on the menu.
    fn keep_only_offered(&mut self, menu: &Menu) {
        self.cart.retain(|dish, portions| *portions > 0 && menu.dish(*dish).is_some_and(|dish| dish.on_sale));
    }
}

pub fn open(ctx: &Context, launch: &Launch) -> StepResult<State> {
    let page = match launch.page.as_str() {
        "pages/orders" => Page::History,
        _ => Page::Menu,
    };
    show(ctx, Visit { page, ..Visit::default() })
}

/// What stands for the canteen in a branch's zone: one glance, no sheets.
pub fn card(ctx: &Context) -> StepResult<State> {
    let history = History::load()?;
    let menu = Menu::load()?;
    let screen = screen(canteen_name(ctx), screens::glance(ctx, &menu, &history));
    Ok(Step::new(State::Customer(Visit::default()), screen).watch(menu::KEY))
}

pub fn update(ctx: &Context, mut visit: Visit, event: Event) -> StepResult<State> {
    visit.message = None;
    match event {
        Event::Tapped(tap) => tapped(ctx, visit, &tap.id, tap.value.as_deref()),
        Event::SheetClosed(closed) => checkout::sheet_closed(ctx, visit, closed.outcome),
        Event::Changed(payment) => checkout::payment_changed(ctx, visit, &payment),
        _ => show(ctx, visit),
    }
}

fn tapped(ctx: &Context, mut visit: Visit, id: &str, value: Option<&str>) -> StepResult<State> {
    match id {
        "menu" => visit.page = Page::Menu,
        "cart" => visit.page = Page::Cart,
        "orders" => visit.page = Page::History,
        "empty" => {
            visit.cart.clear();
            visit.page = Page::Menu;
        }
        "pay" => return checkout::pay(ctx, visit),
        _ => {
            if let Some(order) = id.strip_prefix("order-") {
                visit.page = Page::Order(order.to_owned());
            } else if let Some(dish) = id.strip_prefix("portions-").and_then(|dish| dish.parse().ok()) {
                choose(ctx, &mut visit, dish, value.and_then(|value| value.parse().ok()).unwrap_or(0))?;
            }
        }
    }
    show(ctx, visit)
}

/// Puts so many portions of a dish into the cart, as far as there are any.
fn choose(ctx: &Context, visit: &mut Visit, dish: u32, wanted: u32) -> Result<(), Failure> {
    let menu = Menu::load()?;
    let Some(known) = menu.dish(dish).filter(|dish| dish.on_sale) else { return Ok(()) };
    let left = menu::stock(dish)?;
    match left {
        _ if wanted <= left => {}
        0 => visit.warn(say!(ctx, "抱歉，{}刚刚售罄", "Sorry, {} has just sold out", known.title(ctx))),
        _ => visit.warn(say!(ctx, "{}只剩 {} 份了", "Only {1} of {0} left", known.title(ctx), left)),
    }
    match wanted.min(left).min(PORTIONS_MAX) {
        0 => visit.cart.remove(&dish),
        portions => visit.cart.insert(dish, portions),
    };
    Ok(())
}

/// The page that the visit is on, following what may change without a tap.
fn show(ctx: &Context, mut visit: Visit) -> StepResult<State> {
    let history = History::load()?;
    let menu = Menu::load()?;
    visit.keep_only_offered(&menu);
    if visit.page == Page::Cart && visit.cart.is_empty() {
        visit.page = Page::Menu;
    }
    let screen = match &visit.page {
        Page::Menu => screens::menu(ctx, &visit, &menu, &history)?,
        Page::Cart => screens::cart(ctx, &visit, &menu)?,
        Page::Order(id) => screens::order(ctx, &visit, history.order(id)),
        Page::History => screens::history(ctx, &history),
    };
    let mut step = Step::new(State::Customer(visit), screen).watch(menu::KEY);
    for pickup in history.awaited().filter_map(|order| order.pickup.as_ref()).take(FOLLOWED_MAX) {
        step = step.watch(pickup.key());
    }
    Ok(step)
}
