//! Changing the menu.

use super::{Desk, Page};
use crate::menu::{self, Category, DISHES_MAX, Dish, Menu};
use xitai::Submission;
use xitai::prelude::*;

/// More of one dish than any kitchen cooks in a day.
const STOCK_MAX: i64 = 9_999;

/// The form of a dish came back: keeps it, or says what is wrong and leaves everything as it was.
pub fn submitted(ctx: &Context, desk: &mut Desk, form: &Submission) -> Result<(), Failure> {
    let Page::Edit(id) = desk.page else { return Ok(()) };
    let (dish, portions) = match read(ctx, id, form) {
        Ok(read) => read,
        Err(words) => {
            desk.message = Some(words);
            desk.draft.clone_from(&form.values);
            return Ok(());
        }
    };
    if id.is_none() && Menu::load()?.dishes.len() >= DISHES_MAX {
        desk.message = Some(say!(ctx, "菜单最多 {} 道菜", "A menu has at most {} dishes", DISHES_MAX));
        return Ok(());
    }
    let name = dish.title(ctx).to_owned();
    let id = shared::change(menu::KEY, |menu: &mut Menu| menu.put(dish))?;
    menu::set_stock(id, portions)?;
    desk.page = Page::Menu;
    desk.message = Some(say!(ctx, "{}已保存", "{} is saved", name));
    Ok(())
}

fn read(ctx: &Context, id: Option<u32>, form: &Submission) -> Result<(Dish, u32), String> {
    let name = form.text("name").to_owned();
    if name.is_empty() {
        return Err(ctx.say("请写菜名", "Please give the dish a name").to_owned());
    }
    let price = Money::parse_cny(form.text("price")).filter(|price| price.minor > 0);
    let price = price.ok_or_else(|| ctx.say("价格请写成 18 或 18.50", "Write the price as 18 or 18.50").to_owned())?;
    let portions = form.number("stock").filter(|portions| (0..=STOCK_MAX).contains(portions));
    let portions = portions.and_then(|portions| u32::try_from(portions).ok());
    let portions = portions
        .ok_or_else(|| say!(ctx, "份数请写 0 到 {} 的整数", "Portions are a whole number from 0 to {}", STOCK_MAX))?;
    let dish = Dish {
        id: id.unwrap_or(0),
        name,
        name_en: form.text("name-en").to_owned(),
        note: form.text("note").to_owned(),
        note_en: form.text("note-en").to_owned(),
        category: Category::from_key(form.text("category")).unwrap_or(Category::Meat),
        price,
        picture: form.text("picture").to_owned(),
        on_sale: form.is_on("on-sale"),
    };
    Ok((dish, portions))
}

/// Takes a dish off the menu for good. Orders that name it keep their own copy of the name.
pub fn remove(ctx: &Context, desk: &mut Desk, dish: u64) -> Result<(), Failure> {
    let name = shared::change(menu::KEY, |menu: &mut Menu| {
        let place = menu.dishes.iter().position(|known| u64::from(known.id) == dish)?;
        Some(menu.dishes.remove(place).title(ctx).to_owned())
    })?;
    desk.page = Page::Menu;
    desk.message = name.map(|name| say!(ctx, "{}已从菜单删除", "{} is off the menu", name));
    Ok(())
}
