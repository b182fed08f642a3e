//! The orders of the day, from paid to handed out.

use super::{Desk, Page};
use crate::order::{Order, Stage, paid_counter, shared_key};
use xitai::prelude::*;

/// Orders that the page looks at, oldest open first. Each takes a host call.
const LOOKED_AT_MAX: u64 = 60;
/// A number without an order was drawn by a call that failed, or by one that is still under way; once there are orders
/// so much newer it cannot be under way any more.
const GAP_FINAL_AFTER: u64 = 32;

/// What the kitchen has before it.
pub struct Board {
    pub open: Vec<Order>,
    pub paid_today: i64,
    /// More orders than the page looks at.
    pub more: bool,
}

/// Reads the orders from the first open one on, until as many are found as were paid.
pub fn load(desk: &mut Desk) -> Result<Board, Failure> {
    let paid_today = counters::read(&paid_counter(&desk.day))?;
    let expected = u64::try_from(paid_today).unwrap_or(0).saturating_sub(desk.done_before);
    let mut looked_at = Vec::new();
    let mut found = 0;
    for number in (desk.first_open..).take(LOOKED_AT_MAX as usize) {
        if found == expected {
            break;
        }
        let order = order(desk, number)?;
        found += u64::from(order.is_some());
        looked_at.push((number, order));
    }
    advance(desk, &looked_at);
    let open = looked_at.into_iter().filter_map(|(_, order)| order).filter(|order| order.stage.is_awaited());
    Ok(Board { open: open.collect(), paid_today, more: found < expected })
}

/// Moves the first open number past what is done for good.
fn advance(desk: &mut Desk, looked_at: &[(u64, Option<Order>)]) {
    let newest = looked_at.iter().rev().find(|(_, order)| order.is_some()).map_or(0, |(number, _)| *number);
    for (number, order) in looked_at {
        match order {
            Some(order) if order.stage.is_awaited() => return,
            Some(_) => desk.done_before += 1,
            None if number + GAP_FINAL_AFTER > newest => return,
            None => {}
        }
        desk.first_open = number + 1;
    }
}

pub fn order(desk: &Desk, number: u64) -> Result<Option<Order>, Failure> {
    Ok(shared::get(&shared_key(&desk.day, number))?)
}

pub fn mark_ready(ctx: &Context, desk: &Desk, number: u64) -> Result<(), Failure> {
    change(desk, number, |order| {
        if order.stage == Stage::Cooking {
            order.stage = Stage::Ready;
            order.ready_ms = Some(ctx.now);
        }
    })
}

pub fn mark_collected(ctx: &Context, desk: &Desk, number: u64) -> Result<(), Failure> {
    change(desk, number, |order| {
        if order.stage.is_awaited() {
            order.stage = Stage::Collected;
            order.ready_ms = order.ready_ms.or(Some(ctx.now));
        }
    })
}

/// Gives all of the money back. The bank does it once, however often this is tapped.
pub fn refund(ctx: &Context, desk: &mut Desk, number: u64) -> Result<(), Failure> {
    desk.page = Page::Kitchen;
    let Some(order) = order(desk, number)?.filter(|order| order.stage.is_awaited()) else { return Ok(()) };
    let reason = ctx.say("食堂退单", "Cancelled by the canteen");
    match payments::merchant::refund(&order.payment, order.total, reason, &format!("refund-{}", order.id)) {
        Ok(_) => {
            change(desk, number, |order| order.stage = Stage::Refunded)?;
            desk.message = Some(say!(ctx, "{:03} 号已退款 {}", "Refunded {1} for number {0:03}", number, order.total));
        }
        Err(refusal) => {
            log::warn(&format!("refund of {}: {}: {}", order.payment, refusal.code, refusal.detail));
            desk.message = Some(
                ctx.say("退款没有成功，请稍后再试。", "The refund did not go through. Please try again later.")
                    .to_owned(),
            );
        }
    }
    Ok(())
}

fn change(desk: &Desk, number: u64, change: impl FnOnce(&mut Order)) -> Result<(), Failure> {
    let key = shared_key(&desk.day, number);
    let Some(kept) = shared::get_versioned::<Order>(&key)? else { return Ok(()) };
    let mut order = kept.value;
    change(&mut order);
    Ok(shared::put(&key, Some(kept.version), &order)?)
}
