//! What the manager sees.

use super::kitchen::Board;
use super::{Desk, Page};
use crate::canteen_name;
use crate::menu::{self, Category, Dish, Menu};
use crate::order::{Order, Stage};
use xitai::prelude::*;
use xitai::ui::{Screen, Tone};

/// So few left that the manager should know.
const FEW: u32 = 5;

pub fn kitchen(ctx: &Context, desk: &Desk, board: &Board) -> Screen {
    let (ready, cooking): (Vec<&Order>, Vec<&Order>) = board.open.iter().partition(|order| order.stage == Stage::Ready);
    let nothing = board.open.is_empty();
    screen(
        say!(ctx, "{} · 厨房", "{} · Kitchen", canteen_name(ctx)),
        (
            navigation(ctx, desk),
            message(desk),
            card(key_values([
                (ctx.say("今日订单", "Orders today"), board.paid_today.to_string()),
                (ctx.say("待做", "To cook"), cooking.len().to_string()),
                (ctx.say("待取", "To hand out"), ready.len().to_string()),
            ]))
            .id("summary"),
            nothing.then(|| {
                paragraph(ctx.say(
                    "没有等着的订单。新订单会自己出现在这里。",
                    "No orders are waiting. New ones appear here by themselves.",
                ))
            }),
            (!cooking.is_empty()).then(|| {
                section(
                    ctx.say("待做", "To cook"),
                    cooking.into_iter().map(|order| meal(ctx, order)).collect::<Vec<_>>(),
                )
            }),
            (!ready.is_empty()).then(|| {
                section(
                    ctx.say("待取", "To hand out"),
                    ready.into_iter().map(|order| meal(ctx, order)).collect::<Vec<_>>(),
                )
            }),
            board.more.then(|| {
                notice(ctx.say("还有更多订单，做完前面的会接着显示。", "More orders follow as these are done."))
            }),
        ),
    )
}

fn meal(ctx: &Context, order: &Order) -> impl Children + use<> {
    let number = order.pickup.as_ref().map_or(0, |pickup| pickup.number);
    let lines = order.lines.iter().map(|line| item(line.title(ctx)).trailing(format!("×{}", line.quantity)));
    let minutes =
        if order.stage == Stage::Ready { ctx.say("已做好", "Ready") } else { ctx.say("待做", "To cook") };
    let tone = if order.stage == Stage::Ready { Tone::Success } else { Tone::Warning };
    card((
        row((heading(format!("{number:03}")), badge(minutes).tone(tone))),
        items(lines.collect::<Vec<_>>()),
        key_values([
            (ctx.say("下单", "Ordered"), ctx.local_at(order.placed_ms).time()),
            (ctx.say("实付", "Paid"), order.total.to_string()),
        ]),
        row((
            (order.stage == Stage::Cooking)
                .then(|| button(ctx.say("做好了", "Ready")).id(format!("ready-{number}")).primary()),
            (order.stage == Stage::Ready)
                .then(|| button(ctx.say("已取走", "Handed out")).id(format!("collected-{number}")).primary()),
            button(ctx.say("退款", "Refund")).id(format!("ask-refund-{number}")),
        )),
    ))
    .id(format!("meal-{number}"))
}

pub fn refund(ctx: &Context, order: Option<&Order>, number: u64) -> Screen {
    let back = button(ctx.say("不退，返回", "Keep it, go back")).id("kitchen");
    let Some(order) = order else {
        return screen(
            ctx.say("退款", "Refund"),
            (paragraph(ctx.say("找不到这笔订单", "This order is not here")), back),
        );
    };
    screen(
        ctx.say("退款", "Refund"),
        (
            notice(ctx.say(
                "钱会全部退回顾客的账户，不能撤销。",
                "All of the money goes back to the customer. This cannot be undone.",
            ))
            .warning(),
            card((heading(format!("{number:03}")), paragraph(order.summary(ctx)), amount(order.total))),
            button(ctx.say("确认退款", "Refund it")).id(format!("refund-{number}")).danger(),
            back,
        ),
    )
}

pub fn menu(ctx: &Context, desk: &Desk, menu: &Menu) -> Result<Screen, Failure> {
    let title = say!(ctx, "{} · 菜单", "{} · Menu", canteen_name(ctx));
    if menu.dishes.is_empty() {
        let welcome = card((
            icon("food"),
            heading(ctx.say("菜单还是空的", "The menu is still empty")),
            paragraph(ctx.say(
                "可以先用一份苏州食堂的示例菜单，再一道一道改成自己的。",
                "Begin with a sample menu of a Suzhou canteen, then change it dish by dish.",
            )),
            button(ctx.say("用示例菜单开始", "Begin with the sample menu")).id("samples").primary(),
            button(ctx.say("自己添加菜品", "Add a dish myself")).id("add"),
        ));
        return Ok(screen(title, (navigation(ctx, desk), message(desk), welcome)));
    }
    let mut sections = Vec::new();
    for category in Category::ALL {
        let dishes = menu.dishes.iter().filter(|dish| dish.category == category);
        let rows = dishes.map(|dish| dish_row(ctx, dish)).collect::<Result<Vec<_>, _>>()?;
        if !rows.is_empty() {
            sections.push(section(category.name(ctx), items(rows)));
        }
    }
    Ok(screen(
        title,
        (
            navigation(ctx, desk),
            message(desk),
            sections,
            button(ctx.say("添加菜品", "Add a dish")).id("add").primary().pinned(),
        ),
    ))
}

fn dish_row(ctx: &Context, dish: &Dish) -> Result<impl Children + use<>, Failure> {
    let left = menu::stock(dish.id)?;
    let row = item(dish.title(ctx))
        .image(dish.image())
        .subtitle(say!(ctx, "剩 {} 份", "{} left", left))
        .trailing(dish.price.to_string())
        .id(format!("edit-{}", dish.id))
        .tappable();
    let mark = match left {
        _ if !dish.on_sale => Some(badge(ctx.say("已下架", "Off the menu")).tone(Tone::Other)),
        0 => Some(badge(ctx.say("售罄", "Sold out")).tone(Tone::Danger)),
        1..=FEW => Some(badge(ctx.say("快没了", "Running low")).tone(Tone::Warning)),
        _ => None,
    };
    Ok(row.children(mark))
}

pub fn edit(ctx: &Context, desk: &Desk, id: Option<u32>) -> Result<Screen, Failure> {
    let menu = Menu::load()?;
    let dish = id.and_then(|id| menu.dish(id));
    let stock = dish.map(|dish| menu::stock(dish.id)).transpose()?;
    // What was typed last stands before what is kept, so that a slip does not cost the whole form.
    let shown = |field: &str, kept: Option<String>| match desk.draft.iter().find(|(id, _)| id == field) {
        Some((_, typed)) => typed.clone(),
        None => kept.unwrap_or_default(),
    };
    let text = |field: &str, pick: fn(&Dish) -> &str| shown(field, dish.map(|dish| pick(dish).to_owned()));
    let category = shown("category", Some(dish.map_or(Category::Meat, |dish| dish.category).key().to_owned()));
    let picture = shown("picture", Some(dish.map_or(menu::PICTURES[0].0, |dish| &dish.picture).to_owned()));
    let on_sale = shown("on-sale", Some(dish.is_none_or(|dish| dish.on_sale).to_string())) == "true";
    let title =
        if dish.is_some() { ctx.say("修改菜品", "Change a dish") } else { ctx.say("添加菜品", "Add a dish") };
    let fields = form((
        text_field(ctx.say("菜名", "Name in Chinese"))
            .id("name")
            .value(text("name", |dish| &dish.name))
            .required()
            .max_chars(30),
        text_field(ctx.say("英文名", "Name in English"))
            .id("name-en")
            .value(text("name-en", |dish| &dish.name_en))
            .max_chars(40),
        choice(ctx.say("分类", "Category"), Category::ALL.map(|category| (category.key(), category.name(ctx))))
            .id("category")
            .selected([category])
            .required(),
        choice(ctx.say("图片", "Picture"), menu::PICTURES.map(|(key, name, name_en)| (key, ctx.say(name, name_en))))
            .id("picture")
            .selected([picture])
            .required(),
        text_field(ctx.say("价格（元）", "Price in yuan"))
            .id("price")
            .value(shown("price", dish.map(|dish| dish.price.digits())))
            .hint("18.00")
            .input("decimal")
            .required()
            .max_chars(10),
        text_field(ctx.say("现有份数", "Portions now"))
            .id("stock")
            .value(shown("stock", stock.map(|stock| stock.to_string())))
            .hint("30")
            .input("digits")
            .required()
            // A digit or two more than may be entered: portions that are given back come on top.
            .max_chars(6),
        text_field(ctx.say("一句话", "A word about it"))
            .id("note")
            .value(text("note", |dish| &dish.note))
            .hint(ctx.say("微辣", "in Chinese"))
            .max_chars(40),
        text_field(ctx.say("一句话（英文）", "A word about it in English"))
            .id("note-en")
            .value(text("note-en", |dish| &dish.note_en))
            .max_chars(60),
        toggle(ctx.say("上架", "On the menu"), on_sale).id("on-sale"),
        button(ctx.say("保存", "Save")).id("save").primary(),
    ))
    .id("dish");
    Ok(screen(
        title,
        (
            desk.message.clone().map(|text| notice(text).warning()),
            fields,
            row((
                button(ctx.say("返回", "Back")).id("menu"),
                dish.map(|dish| {
                    button(ctx.say("从菜单删除", "Remove from the menu")).id(format!("remove-{}", dish.id)).danger()
                }),
            )),
        ),
    ))
}

fn navigation(ctx: &Context, desk: &Desk) -> impl Children + use<> {
    let here = |page: Page| desk.page == page;
    row((
        button(ctx.say("厨房", "Kitchen")).id("kitchen").disabled(here(Page::Kitchen)),
        button(ctx.say("菜单", "Menu")).id("menu").disabled(here(Page::Menu)),
    ))
    .id("navigation")
}

fn message(desk: &Desk) -> impl Children + use<> {
    desk.message.clone().map(|text| notice(text).success())
}
