//! From the cart to the till: stock and payment move together, and come back together.

use super::{Page, Visit, screens, show};
use crate::menu::{self, Menu};
use crate::order::{History, Line, Order as Meal, Reason, Stage};
use crate::{State, canteen_name, hours};
use xitai::prelude::*;

/// How long the customer may look at the sheet while the dishes are set aside.
const PAY_WITHIN_S: u32 = 300;

/// The tap on the pay button: takes the dishes and asks for the money, in one step.
pub fn pay(ctx: &Context, mut visit: Visit) -> StepResult<State> {
    let menu = Menu::load()?;
    visit.keep_only_offered(&menu);
    if !hours::open_now(ctx) {
        visit.warn(ctx.say("现在不在供餐时间", "The canteen is closed right now").to_owned());
        return show(ctx, visit);
    }
    if !take_stock(ctx, &mut visit, &menu)? || visit.cart.is_empty() {
        return show(ctx, visit);
    }
    let lines = lines_of(&visit, &menu)?;
    let total = screens::total(&visit, &menu)?;
    let id = format!("{:012x}", ctx.random().next_u64() >> 16);
    let purpose = say!(ctx, "{}用餐", "A meal at {}", canteen_name(ctx));
    let order = lines
        .iter()
        .fold(Order::new(&id, total, purpose), |order, line| order.line(line.title(ctx), line.quantity, line.amount));
    let payment = payments::request(&order.expires_in_s(PAY_WITHIN_S))?;
    let meal = Meal {
        id: id.clone(),
        lines,
        total,
        payment: payment.id,
        stage: Stage::Unpaid,
        placed_ms: ctx.now,
        pickup: None,
        ready_ms: None,
    };
    let mut history = History::load()?;
    history.add(meal);
    history.save()?;
    visit.paying = Some(id.clone());
    visit.page = Page::Order(id);
    Ok(show(ctx, visit)?.sheet(payment.ticket))
}

/// Takes every dish of the cart, or none of them and says kindly which ran out; the cart is cut to what is left.
fn take_stock(ctx: &Context, visit: &mut Visit, menu: &Menu) -> Result<bool, Failure> {
    let mut taken = Vec::new();
    let mut short = Vec::new();
    for (dish, portions) in &visit.cart {
        match counters::take(&menu::stock_counter(*dish), *portions)? {
            true => taken.push((*dish, *portions)),
            false => short.push(*dish),
        }
    }
    if short.is_empty() {
        return Ok(true);
    }
    for (dish, portions) in taken {
        counters::give_back(&menu::stock_counter(dish), portions)?;
    }
    let mut words = Vec::new();
    for dish in short {
        let left = menu::stock(dish)?;
        let name = menu.dish(dish).map_or("", |dish| dish.title(ctx));
        if left == 0 {
            visit.cart.remove(&dish);
            words.push(say!(ctx, "{}刚刚售罄", "{} has just sold out", name));
        } else {
            visit.cart.insert(dish, left);
            words.push(say!(ctx, "{}只剩 {} 份", "only {1} of {0} left", name, left));
        }
    }
    let words = words.join(ctx.say("，", ", "));
    visit.warn(say!(
        ctx,
        "抱歉，{}。我们替您改好了，请再看一眼。",
        "Sorry: {}. We changed your cart, please look again.",
        words
    ));
    Ok(false)
}

fn lines_of(visit: &Visit, menu: &Menu) -> Result<Vec<Line>, Failure> {
    let line = |(dish, portions): (&u32, &u32)| {
        let dish = menu.dish(*dish)?;
        let amount = dish.price.times(*portions)?;
        let (name, name_en) = (dish.name.clone(), dish.name_en.clone());
        Some(Line { dish: dish.id, name, name_en, quantity: *portions, amount })
    };
    let lines: Option<Vec<Line>> = visit.cart.iter().map(line).collect();
    lines.ok_or_else(|| Failure::new("canteen.total", "a line of the cart has no price within range"))
}

/// The sheet is gone: the meal is paid, or the dishes go back, or the bank does not know yet.
pub fn sheet_closed(ctx: &Context, mut visit: Visit, outcome: Outcome) -> StepResult<State> {
    let Some(id) = visit.paying.take() else { return show(ctx, visit) };
    let reason = match outcome {
        Outcome::Agreed => None,
        Outcome::Declined => Some(Reason::Declined),
        Outcome::Expired => Some(Reason::Expired),
        Outcome::Failed => Some(Reason::Failed),
        // `changed` will say how it ended.
        Outcome::Pending | Outcome::Other => return show(ctx, visit),
    };
    conclude(ctx, visit, &id, reason)
}

/// The bank says that a payment moved, perhaps long after the sheet, perhaps while the customer was away.
pub fn payment_changed(ctx: &Context, mut visit: Visit, payment_id: &str) -> StepResult<State> {
    let mut history = History::load()?;
    let Some(meal) = history.order_of_payment(payment_id) else { return show(ctx, visit) };
    let payment = payments::get(payment_id)?;
    let id = meal.id.clone();
    if meal.stage == Stage::Unpaid && (payment.is_confirmed() || payment.is_dead()) {
        let reason = match payment.status {
            _ if payment.is_confirmed() => None,
            Status::Expired => Some(Reason::Expired),
            Status::Declined => Some(Reason::Failed),
            _ => Some(Reason::Declined),
        };
        visit.paying = None;
        return conclude(ctx, visit, &id, reason);
    }
    if payment.is_refunded() && meal.stage != Stage::Refunded {
        meal.stage = Stage::Refunded;
        history.save()?;
        visit.inform(say!(ctx, "{}已退回您的账户", "{} went back to your account", payment.refunded));
    }
    show(ctx, visit)
}

/// Ends the wait for the money: `reason` says why none came. Does nothing to an order that was concluded before.
fn conclude(ctx: &Context, mut visit: Visit, id: &str, reason: Option<Reason>) -> StepResult<State> {
    let mut history = History::load()?;
    let Some(meal) = history.order_mut(id).filter(|meal| meal.stage == Stage::Unpaid) else {
        return show(ctx, visit);
    };
    match reason {
        None => {
            meal.become_paid(ctx)?;
            history.save()?;
            visit.cart.clear();
            visit.page = Page::Order(id.to_owned());
            Ok(show(ctx, visit)?.celebrate())
        }
        Some(reason) => {
            meal.give_back(reason)?;
            history.save()?;
            visit.page = if visit.cart.is_empty() { Page::Order(id.to_owned()) } else { Page::Cart };
            visit.inform(given_back_words(ctx, reason).to_owned());
            show(ctx, visit)
        }
    }
}

fn given_back_words(ctx: &Context, reason: Reason) -> &'static str {
    match reason {
        Reason::Declined => ctx.say(
            "没有付款，菜品已放回。购物车还在，改好再付也不迟。",
            "Nothing was paid and the dishes went back. Your cart is still here.",
        ),
        Reason::Expired => ctx.say(
            "付款时间已过，菜品已放回。想吃的话，请再点一次付款。",
            "The time to pay has passed and the dishes went back. Tap pay again if you still want them.",
        ),
        Reason::Failed => ctx.say(
            "付款没有成功，未扣款，菜品已放回。请查看余额后再试。",
            "The payment did not go through; nothing was taken and the dishes went back. Please check your balance.",
        ),
    }
}
