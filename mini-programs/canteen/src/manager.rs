//! What the canteen's manager does: keeps the menu, sees orders arrive, hands meals out, gives money back.

mod edit;
mod kitchen;
mod screens;

use crate::State;
use crate::menu::{self, Menu};
use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// A manager's session.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Desk {
    page: Page,
    /// The day that `first_open` belongs to.
    day: String,
    /// Every order of the day before this number is done.
    first_open: u64,
    /// What was typed into the form of a dish that could not be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    draft: Vec<(String, String)>,
    /// Said once, on the next screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Page {
    #[default]
    Kitchen,
    Menu,
    /// A dish to change, or a new one.
    Edit(Option<u32>),
    /// Asks once more before money goes back.
    Refund(u64),
}

pub fn open(ctx: &Context) -> StepResult<State> {
    kitchen::clear_old(ctx)?;
    let page = if Menu::load()?.dishes.is_empty() { Page::Menu } else { Page::Kitchen };
    show(ctx, Desk { page, ..Desk::default() })
}

pub fn update(ctx: &Context, mut desk: Desk, event: Event) -> StepResult<State> {
    desk.message = None;
    if matches!(event, Event::Tapped(_) | Event::Submitted(_)) {
        desk.draft.clear();
    }
    let arrived = matches!(&event, Event::Noticed(name) if name.starts_with("paid-"));
    match &event {
        Event::Tapped(tap) => tapped(ctx, &mut desk, &tap.id)?,
        Event::Submitted(form) if form.form == "dish" => edit::submitted(ctx, &mut desk, form)?,
        _ => {}
    }
    let step = show(ctx, desk)?;
    Ok(if arrived { step.toast(ctx.say("有新订单", "A new order")) } else { step })
}

fn tapped(ctx: &Context, desk: &mut Desk, id: &str) -> Result<(), Failure> {
    let number = |prefix: &str| id.strip_prefix(prefix).and_then(|number| number.parse::<u64>().ok());
    match id {
        "kitchen" => desk.page = Page::Kitchen,
        "menu" => desk.page = Page::Menu,
        "add" => desk.page = Page::Edit(None),
        "samples" if Menu::load()?.dishes.is_empty() => {
            menu::begin_with_samples()?;
            desk.message = Some(
                ctx.say("示例菜单已上架，点一道菜就能改。", "The sample menu is on. Tap a dish to change it.")
                    .to_owned(),
            );
        }
        _ => {
            if let Some(number) = number("ready-") {
                kitchen::mark_ready(ctx, desk, number)?;
            } else if let Some(number) = number("collected-") {
                kitchen::mark_collected(ctx, desk, number)?;
            } else if let Some(number) = number("ask-refund-") {
                desk.page = Page::Refund(number);
            } else if let Some(number) = number("refund-") {
                kitchen::refund(ctx, desk, number)?;
            } else if let Some(dish) = number("edit-") {
                desk.page = Page::Edit(u32::try_from(dish).ok());
            } else if let Some(dish) = number("remove-") {
                edit::remove(ctx, desk, dish)?;
            }
        }
    }
    Ok(())
}

fn show(ctx: &Context, mut desk: Desk) -> StepResult<State> {
    let day = ctx.local().date_key();
    if desk.day != day {
        desk.first_open = 1;
        desk.day = day;
    }
    let screen = match desk.page.clone() {
        Page::Kitchen => {
            let board = kitchen::load(&mut desk)?;
            screens::kitchen(ctx, &desk, &board)
        }
        Page::Menu => screens::menu(ctx, &desk, &Menu::load()?)?,
        Page::Edit(dish) => screens::edit(ctx, &desk, dish)?,
        Page::Refund(number) => screens::refund(ctx, kitchen::order(&desk, number)?.as_ref(), number),
    };
    let paid = crate::order::paid_counter(&desk.day);
    Ok(Step::new(State::Manager(desk), screen).watch(paid).watch(menu::KEY))
}
