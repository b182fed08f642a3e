//! The orders of the day, from paid to handed out.

use super::{Desk, Page};
use crate::order::{Order, Stage, paid_counter, shared_key, shared_prefix};
use xitai::prelude::*;

/// Pages of a hundred orders that one event looks at, oldest open first.
const PAGES_MAX: usize = 3;
/// A number without an order was drawn by a call that failed, or by one that is still under way; once there are orders
/// so much newer it cannot be under way any more.
const GAP_FINAL_AFTER: u64 = 32;
/// Days that orders are kept: nobody asks about a meal of last week at the counter.
const KEPT_DAYS: i64 = 7;
/// Orders that one event clears away, so that it stays quick.
const CLEARED_MAX: usize = 60;

/// What the kitchen has before it.
pub struct Board {
    pub open: Vec<Order>,
    pub paid_today: i64,
    /// More orders than the page looks at.
    pub more: bool,
}

/// Reads the orders from the first open one on.
pub fn load(desk: &mut Desk) -> Result<Board, Failure> {
    let paid_today = counters::read(&paid_counter(&desk.day))?;
    let mut orders: Vec<(u64, Order)> = Vec::new();
    let mut after = Some(shared_key(&desk.day, desk.first_open - 1));
    for _ in 0..PAGES_MAX {
        let (page, more) = shared::entries::<Order>(&shared_prefix(&desk.day), after.as_deref())?;
        let number = |order: &Order| order.pickup.as_ref().map_or(0, |pickup| pickup.number);
        orders.extend(page.into_iter().map(|(_, kept)| (number(&kept.value), kept.value)));
        after = more;
        if after.is_none() {
            break;
        }
    }
    advance(desk, &orders);
    let open = orders.into_iter().map(|(_, order)| order).filter(|order| order.stage.is_awaited());
    Ok(Board { open: open.collect(), paid_today, more: after.is_some() })
}

/// Moves the first open number past what is done for good, but not past one whose order may still come.
fn advance(desk: &mut Desk, orders: &[(u64, Order)]) {
    let newest = orders.last().map_or(0, |(number, _)| *number);
    let final_before = newest.saturating_sub(GAP_FINAL_AFTER);
    for (number, order) in orders {
        if order.stage.is_awaited() || (*number > desk.first_open && desk.first_open > final_before) {
            return;
        }
        desk.first_open = number + 1;
    }
}

/// Clears away orders of days long past, the oldest first.
pub fn clear_old(ctx: &Context) -> Result<(), Failure> {
    let oldest_kept = ctx.local_at(ctx.now - KEPT_DAYS * 86_400_000).date_key();
    let (page, _) = shared::entries::<Order>(&shared_prefix(""), None)?;
    for (key, kept) in page.into_iter().take(CLEARED_MAX) {
        let day = kept.value.pickup.as_ref().map_or("", |pickup| pickup.day.as_str());
        if day >= oldest_kept.as_str() {
            return Ok(());
        }
        shared::remove(&key, kept.version)?;
    }
    Ok(())
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
