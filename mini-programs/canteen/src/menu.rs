//! What the canteen offers, and how much of it is left.

use serde::{Deserialize, Serialize};
use xitai::prelude::*;

pub const KEY: &str = "menu";
/// Portions of one dish in one order: nobody eats more, and a slip of the finger stays small.
pub const PORTIONS_MAX: u32 = 20;
pub const DISHES_MAX: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    Meat,
    Vegetable,
    Staple,
    Soup,
    Drink,
}

impl Category {
    pub const ALL: [Category; 5] =
        [Category::Meat, Category::Vegetable, Category::Staple, Category::Soup, Category::Drink];

    pub fn key(self) -> &'static str {
        match self {
            Category::Meat => "meat",
            Category::Vegetable => "vegetable",
            Category::Staple => "staple",
            Category::Soup => "soup",
            Category::Drink => "drink",
        }
    }
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }
    pub fn name(self, ctx: &Context) -> &'static str {
        match self {
            Category::Meat => ctx.say("荤菜", "Meat and fish"),
            Category::Vegetable => ctx.say("素菜", "Vegetables"),
            Category::Staple => ctx.say("主食", "Rice and noodles"),
            Category::Soup => ctx.say("汤", "Soups"),
            Category::Drink => ctx.say("饮品甜点", "Drinks and sweets"),
        }
    }
}

/// Pictures that a dish may have: the file's name, and what they show.
pub const PICTURES: [(&str, &str, &str); 10] = [
    ("pork", "红烧肉", "Braised meat"),
    ("chicken", "炒肉丁", "Stir-fry"),
    ("fish", "鱼", "Fish"),
    ("greens", "青菜", "Greens"),
    ("tomato-egg", "炒蛋", "Egg"),
    ("rice", "米饭", "Rice"),
    ("noodles", "面", "Noodles"),
    ("soup", "羹汤", "Soup"),
    ("sweet-soup", "甜汤", "Sweet soup"),
    ("drink", "饮品", "Drink"),
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dish {
    pub id: u32,
    pub name: String,
    pub name_en: String,
    /// A word about it, such as `微辣`.
    pub note: String,
    pub note_en: String,
    pub category: Category,
    pub price: Money,
    /// Name of one of [`PICTURES`].
    pub picture: String,
    /// Off the menu for a while, without losing it.
    pub on_sale: bool,
}

impl Dish {
    pub fn title(&self, ctx: &Context) -> &str {
        either(ctx, &self.name, &self.name_en)
    }
    /// Its picture in the package.
    pub fn image(&self) -> String {
        let known = PICTURES.iter().find(|picture| picture.0 == self.picture).unwrap_or(&PICTURES[0]);
        format!("asset:assets/{}.svg", known.0)
    }
    pub fn word(&self, ctx: &Context) -> &str {
        either(ctx, &self.note, &self.note_en)
    }
}

/// The name in the customer's language, or in the other where nobody wrote one.
fn either<'a>(ctx: &Context, chinese: &'a str, english: &'a str) -> &'a str {
    match ctx.say(chinese, english) {
        "" if chinese.is_empty() => english,
        "" => chinese,
        name => name,
    }
}

pub fn stock_counter(dish: u32) -> String {
    format!("stock-{dish}")
}

/// How much of a dish is left.
pub fn stock(dish: u32) -> Result<u32, Refusal> {
    let left = counters::read(&stock_counter(dish))?;
    Ok(u32::try_from(left.max(0)).unwrap_or(u32::MAX))
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    pub dishes: Vec<Dish>,
    /// Ids are never used again, since old orders and counters name them.
    pub newest_id: u32,
}

impl Menu {
    pub fn load() -> Result<Self, Refusal> {
        Ok(shared::get(KEY)?.unwrap_or_default())
    }
    pub fn dish(&self, id: u32) -> Option<&Dish> {
        self.dishes.iter().find(|dish| dish.id == id)
    }
    pub fn on_sale(&self, category: Category) -> impl Iterator<Item = &Dish> {
        self.dishes.iter().filter(move |dish| dish.on_sale && dish.category == category)
    }
    pub fn has_anything_on_sale(&self) -> bool {
        self.dishes.iter().any(|dish| dish.on_sale)
    }
    /// Adds a dish, or changes the one with its id; gives the id that it has now.
    pub fn put(&mut self, mut dish: Dish) -> u32 {
        if let Some(known) = self.dishes.iter_mut().find(|known| known.id == dish.id) {
            let id = dish.id;
            *known = dish;
            return id;
        }
        self.newest_id += 1;
        dish.id = self.newest_id;
        self.dishes.push(dish);
        self.newest_id
    }
}

/// Dishes to begin with: names, words, category, picture, price in fen, portions.
type Sample = (&'static str, &'static str, &'static str, &'static str, Category, &'static str, i64, u32);
const SAMPLES: [Sample; 10] = [
    ("红烧肉", "Red-braised pork", "慢炖两小时", "Braised for two hours", Category::Meat, "pork", 18_00, 30),
    ("松鼠鳜鱼", "Squirrel-shaped mandarin fish", "苏州名菜", "A Suzhou classic", Category::Meat, "fish", 38_00, 12),
    ("宫保鸡丁", "Kung pao chicken", "微辣", "Slightly hot", Category::Meat, "chicken", 16_00, 30),
    (
        "清炒鸡毛菜",
        "Stir-fried baby greens",
        "当日采摘",
        "Picked this morning",
        Category::Vegetable,
        "greens",
        6_00,
        50,
    ),
    ("番茄炒蛋", "Tomato and egg", "", "", Category::Vegetable, "tomato-egg", 8_00, 50),
    ("米饭", "Steamed rice", "", "", Category::Staple, "rice", 1_00, 200),
    ("奥灶面", "Aozao noodles", "红汤爆鱼", "Red broth, fried fish", Category::Staple, "noodles", 15_00, 40),
    ("莼菜银鱼羹", "Water shield and whitebait soup", "太湖三白", "From Lake Tai", Category::Soup, "soup", 12_00, 20),
    ("冰镇绿豆汤", "Iced mung bean soup", "苏式", "Suzhou style", Category::Drink, "sweet-soup", 5_00, 40),
    ("现磨豆浆", "Fresh soy milk", "", "", Category::Drink, "drink", 3_00, 60),
];

/// Fills an empty menu, with stock, so that a new branch has something to change instead of a blank page.
pub fn begin_with_samples() -> Result<(), Refusal> {
    let ids = shared::change(KEY, |menu: &mut Menu| {
        SAMPLES.map(|(name, name_en, note, note_en, category, picture, fen, portions)| {
            let dish = Dish {
                id: 0,
                name: name.to_owned(),
                name_en: name_en.to_owned(),
                note: note.to_owned(),
                note_en: note_en.to_owned(),
                category,
                price: Money::cny(fen),
                picture: picture.to_owned(),
                on_sale: true,
            };
            (menu.put(dish), portions)
        })
    })?;
    ids.into_iter().try_for_each(|(id, portions)| set_stock(id, portions))
}

/// Makes a counter say `portions`. What is sold between this call and its commit still counts.
pub fn set_stock(dish: u32, portions: u32) -> Result<(), Refusal> {
    let name = stock_counter(dish);
    let delta = i64::from(portions) - counters::read(&name)?;
    if delta == 0 { Ok(()) } else { counters::add(&name, delta) }
}
