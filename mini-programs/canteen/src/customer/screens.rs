//! What a customer sees.

use super::{Message, Visit};
use crate::menu::{self, Category, Dish, Menu, PORTIONS_MAX};
use crate::order::{History, Order, Stage};
use crate::{canteen_name, hours};
use xitai::prelude::*;
use xitai::ui::{Screen, Tone};

/// Few enough left to say so.
const FEW: u32 = 5;

pub fn menu(ctx: &Context, visit: &Visit, menu: &Menu, history: &History) -> Result<Screen, Failure> {
    let title = canteen_name(ctx);
    if !menu.has_anything_on_sale() {
        return Ok(screen(title, empty_menu(ctx, history)));
    }
    let mut sections = Vec::new();
    for category in Category::ALL {
        let dishes = menu.on_sale(category).map(|dish| offer(ctx, visit, dish)).collect::<Result<Vec<_>, _>>()?;
        if !dishes.is_empty() {
            sections.push(section(category.name(ctx), items(dishes)));
        }
    }
    let portions: u32 = visit.cart.values().sum();
    let total = total(visit, menu)?;
    let bar = (portions > 0).then(|| {
        row((
            paragraph(say!(ctx, "已选 {} 份 · {}", "{} chosen · {}", portions, total)),
            button(ctx.say("去结算", "Check out")).id("cart").primary(),
        ))
        .id("bar")
        .pinned()
    });
    Ok(screen(
        title,
        (
            message(visit),
            announcement(ctx),
            awaited(ctx, history),
            sections,
            button(ctx.say("我的订单", "My orders")).id("orders"),
            bar,
        ),
    ))
}

fn empty_menu(ctx: &Context, history: &History) -> impl Children {
    (
        awaited(ctx, history),
        card((
            icon("food"),
            heading(ctx.say("今天的菜单还没写好", "Today's menu is not written yet")),
            paragraph(ctx.say(
                "师傅正在准备，菜单一上这里就会出现，不用刷新。",
                "The kitchen is busy with it. It will appear here by itself.",
            )),
        )),
        button(ctx.say("我的订单", "My orders")).id("orders"),
    )
}

fn announcement(ctx: &Context) -> impl Children {
    let words = config::text("notice");
    let hours = hours::text();
    let closed = !hours::open_now(ctx);
    (
        (!words.is_empty()).then(|| notice(words)),
        closed.then(|| {
            let text = say!(
                ctx,
                "现在不在供餐时间（{}），可以先看看菜单。",
                "Closed right now ({}). Have a look at the menu.",
                hours
            );
            notice(text).warning()
        }),
    )
}

/// Orders that are paid for and still to come, on top of everything.
fn awaited(ctx: &Context, history: &History) -> impl Children {
    let one = |order: &Order| {
        let number = order.pickup.as_ref().map(|pickup| pickup.called()).unwrap_or_default();
        let title = say!(ctx, "取餐号 {}", "Pick-up number {}", number);
        item(title)
            .subtitle(order.summary(ctx))
            .children(stage_badge(ctx, order.stage))
            .id(format!("order-{}", order.id))
            .tappable()
    };
    let orders: Vec<_> = history.awaited().take(3).map(one).collect();
    (!orders.is_empty()).then(|| card(items(orders)).id("awaited"))
}

fn offer(ctx: &Context, visit: &Visit, dish: &Dish) -> Result<impl Children + use<>, Failure> {
    let left = menu::stock(dish.id)?;
    let chosen = visit.cart.get(&dish.id).copied().unwrap_or(0);
    let mut words = vec![dish.word(ctx).to_owned()];
    if (1..=FEW).contains(&left) {
        words.push(say!(ctx, "仅剩 {} 份", "only {} left", left));
    }
    words.retain(|word| !word.is_empty());
    let row =
        item(dish.title(ctx)).image(dish.image()).trailing(dish.price.to_string()).id(format!("dish-{}", dish.id));
    let row = if words.is_empty() { row } else { row.subtitle(words.join(" · ")) };
    Ok(match left.min(PORTIONS_MAX) {
        0 => row.children(badge(ctx.say("售罄", "Sold out"))),
        most => row.children(portions_field(ctx, dish, chosen.min(most), most)),
    })
}

fn portions_field(ctx: &Context, dish: &Dish, chosen: u32, most: u32) -> impl Children + use<> {
    let label = say!(ctx, "{}的份数", "Portions of {}", dish.title(ctx));
    quantity(chosen, 0, most).id(format!("portions-{}", dish.id)).label(label)
}

pub fn cart(ctx: &Context, visit: &Visit, menu: &Menu) -> Result<Screen, Failure> {
    let mut rows = Vec::new();
    for (dish, portions) in &visit.cart {
        let Some(dish) = menu.dish(*dish) else { continue };
        let most = menu::stock(dish.id)?.min(PORTIONS_MAX).max(*portions);
        let amount = dish.price.times(*portions).ok_or_else(out_of_range)?;
        let row =
            item(dish.title(ctx)).image(dish.image()).subtitle(dish.price.to_string()).trailing(amount.to_string());
        rows.push(row.id(format!("line-{}", dish.id)).children(portions_field(ctx, dish, *portions, most)));
    }
    let total = total(visit, menu)?;
    let portions: u32 = visit.cart.values().sum();
    Ok(screen(
        ctx.say("确认订单", "Your order"),
        (
            message(visit),
            section(canteen_name(ctx), items(rows)),
            card(key_values([
                (ctx.say("份数", "Portions"), portions.to_string()),
                (ctx.say("取餐", "Pick up"), ctx.say("付款后凭取餐号到窗口", "at the counter, by number").to_owned()),
                (ctx.say("合计", "Total"), total.to_string()),
            ])),
            row((button(ctx.say("清空", "Empty")).id("empty"), button(ctx.say("继续点菜", "Choose more")).id("menu"))),
            button(ctx.say("付款", "Pay")).id("pay").primary().amount(total).disabled(!hours::open_now(ctx)),
        ),
    ))
}

pub fn order(ctx: &Context, visit: &Visit, order: Option<&Order>) -> Screen {
    let back = || button(ctx.say("回到菜单", "Back to the menu")).id("menu");
    let Some(order) = order else {
        let gone = paragraph(ctx.say("找不到这笔订单", "This order is not here any more"));
        return screen(ctx.say("订单", "Order"), (gone, back()));
    };
    let lines = order
        .lines
        .iter()
        .map(|line| item(line.title(ctx)).subtitle(format!("×{}", line.quantity)).trailing(line.amount.to_string()));
    screen(
        ctx.say("订单", "Order"),
        (
            message(visit),
            head(ctx, order),
            section(ctx.say("菜品", "Dishes"), items(lines.collect::<Vec<_>>())),
            key_values([
                (ctx.say("合计", "Total"), order.total.to_string()),
                (ctx.say("下单时间", "Ordered at"), ctx.local_at(order.placed_ms).time()),
            ]),
            row((back(), button(ctx.say("全部订单", "All orders")).id("orders"))),
        ),
    )
}

/// The pick-up number with its code, or what became of the order.
fn head(ctx: &Context, order: &Order) -> impl Children {
    let stage = order.stage;
    let pickup = order.pickup.as_ref().filter(|_| stage != Stage::Refunded);
    let title = if pickup.is_some() { ctx.say("取餐号", "Pick-up number") } else { ctx.say("订单", "Order") };
    let number = pickup.map(|pickup| heading(pickup.called()).id("number").display());
    let words = match stage {
        Stage::Unpaid => ctx.say("正在等待付款结果。", "Waiting for the payment."),
        Stage::Cooking => ctx.say("做好了这里会变，不用刷新。", "This page changes by itself when it is ready."),
        Stage::Ready => ctx.say("请到窗口出示此页取餐。", "Please show this page at the counter."),
        Stage::Collected => ctx.say("谢谢光临，请慢用。", "Thank you. Enjoy your meal."),
        Stage::GivenBack(_) => ctx.say("没有扣款，菜品已放回。", "Nothing was paid; the dishes went back."),
        Stage::Refunded => ctx.say("款项已退回您的账户。", "The money went back to your account."),
    };
    let code = order.pickup_code().filter(|_| stage.is_awaited());
    let moments = pickup.is_some().then(|| {
        let ready = matches!(stage, Stage::Ready | Stage::Collected);
        timeline([
            (order.placed_ms, ctx.say("已付款", "Paid"), true),
            (order.ready_ms.unwrap_or(order.placed_ms), ctx.say("已做好", "Ready"), ready),
            (order.ready_ms.unwrap_or(order.placed_ms), ctx.say("已取餐", "Fetched"), stage == Stage::Collected),
        ])
    });
    let label = ctx.say("取餐码", "Pick-up code");
    let top = row((paragraph(title), stage_badge(ctx, stage)));
    card((top, number, paragraph(words), code.map(|code| qr(code).label(label)), moments)).id("head")
}

pub fn history(ctx: &Context, history: &History) -> Screen {
    let one = |order: &Order| {
        let placed = ctx.local_at(order.placed_ms);
        item(order.summary(ctx))
            .subtitle(format!("{} {}", placed.date(), placed.time()))
            .trailing(order.total.to_string())
            .children(stage_badge(ctx, order.stage))
            .id(format!("order-{}", order.id))
            .tappable()
    };
    let orders: Vec<_> = history.orders.iter().map(one).collect();
    let none = orders.is_empty();
    screen(
        ctx.say("我的订单", "My orders"),
        (
            none.then(|| {
                card(paragraph(ctx.say("还没有订单。今天吃点什么？", "No orders yet. What would you like today?")))
            }),
            (!none).then(|| items(orders)),
            button(ctx.say("看看菜单", "See the menu")).id("menu").primary(),
        ),
    )
}

/// A glance for the branch's zone.
pub fn glance(ctx: &Context, menu: &Menu, history: &History) -> impl Children {
    let awaited = history.awaited().next().and_then(|order| {
        let pickup = order.pickup.as_ref()?;
        Some(say!(ctx, "取餐号 {}：{}", "Number {}: {}", pickup.called(), order.stage.name(ctx)))
    });
    let dishes = menu.dishes.iter().filter(|dish| dish.on_sale).count();
    let words = match (awaited, dishes) {
        (Some(words), _) => words,
        (None, 0) => ctx.say("菜单准备中", "The menu is being written").to_owned(),
        (None, _) => {
            say!(ctx, "今日 {} 道菜，手机点好，到窗口就取", "{} dishes today. Order here, fetch at the counter", dishes)
        }
    };
    xitai::ui::column((heading(canteen_name(ctx)), paragraph(words)))
}

fn stage_badge(ctx: &Context, stage: Stage) -> impl Children + use<> {
    let tone = match stage {
        Stage::Ready => Tone::Success,
        Stage::Cooking | Stage::Unpaid => Tone::Info,
        Stage::GivenBack(_) => Tone::Warning,
        Stage::Collected | Stage::Refunded => Tone::Other,
    };
    badge(stage.name(ctx)).tone(tone)
}

fn message(visit: &Visit) -> impl Children + use<> {
    visit.message.clone().map(|Message { warns, text }| if warns { notice(text).warning() } else { notice(text) })
}

/// What the cart costs.
pub fn total(visit: &Visit, menu: &Menu) -> Result<Money, Failure> {
    let amounts: Option<Vec<Money>> =
        visit.cart.iter().filter_map(|(dish, portions)| Some(menu.dish(*dish)?.price.times(*portions))).collect();
    amounts.and_then(|amounts| Money::sum(xitai::Currency::CNY, amounts)).ok_or_else(out_of_range)
}

fn out_of_range() -> Failure {
    Failure::new("canteen.total", "the cart costs more than money can count")
}
