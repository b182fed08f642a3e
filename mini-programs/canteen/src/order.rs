//! Orders: what was chosen, how far it is, and where it is kept.
//!
//! Until it is paid an order lives only in its customer's storage. Paying gives it a pick-up number and a shared
//! value under that number; the customer's own list is a copy that catches up.

use crate::menu;
use serde::{Deserialize, Serialize};
use xitai::prelude::*;

/// Orders that a customer can look back at.
const HISTORY_MAX: usize = 50;
const HISTORY_KEY: &str = "orders";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The sheet is open, or the bank has not said yet.
    Unpaid,
    Cooking,
    Ready,
    Collected,
    /// Nothing was paid; the dishes went back.
    GivenBack(Reason),
    Refunded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    Declined,
    Expired,
    Failed,
}

impl Stage {
    pub fn name(self, ctx: &Context) -> &'static str {
        match self {
            Stage::Unpaid => ctx.say("待付款", "Not paid yet"),
            Stage::Cooking => ctx.say("备餐中", "Being prepared"),
            Stage::Ready => ctx.say("请取餐", "Ready to fetch"),
            Stage::Collected => ctx.say("已取餐", "Fetched"),
            Stage::GivenBack(Reason::Declined) => ctx.say("已取消", "Cancelled"),
            Stage::GivenBack(Reason::Expired) => ctx.say("超时未付", "Not paid in time"),
            Stage::GivenBack(Reason::Failed) => ctx.say("付款未成", "Payment failed"),
            Stage::Refunded => ctx.say("已退款", "Refunded"),
        }
    }
    /// Paid for and still to come.
    pub fn is_awaited(self) -> bool {
        matches!(self, Stage::Cooking | Stage::Ready)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub dish: u32,
    pub name: String,
    pub name_en: String,
    pub quantity: u32,
    pub amount: Money,
}

impl Line {
    pub fn title<'a>(&'a self, ctx: &Context) -> &'a str {
        if ctx.is_chinese() || self.name_en.is_empty() { &self.name } else { &self.name_en }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The order's own number, also of its payment: random, so that it tells nothing.
    pub id: String,
    pub lines: Vec<Line>,
    pub total: Money,
    pub payment: String,
    pub stage: Stage,
    pub placed_ms: i64,
    /// Both from when it is paid.
    pub pickup: Option<Pickup>,
    pub ready_ms: Option<i64>,
}

/// A day and a number of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pickup {
    pub day: String,
    pub number: u64,
}

impl Pickup {
    pub fn key(&self) -> String {
        shared_key(&self.day, self.number)
    }
    /// As it is called out: `017`.
    pub fn called(&self) -> String {
        format!("{:03}", self.number)
    }
}

pub fn shared_key(day: &str, number: u64) -> String {
    format!("{}{number:06}", shared_prefix(day))
}
/// Of all orders of a day; of all days for an empty one.
pub fn shared_prefix(day: &str) -> String {
    if day.is_empty() { "order/".to_owned() } else { format!("order/{day}/") }
}
/// Draws pick-up numbers.
pub fn pickup_counter(day: &str) -> String {
    format!("pickup-{day}")
}
/// Moves in the same commit as a paid order, so that who watches it finds the order.
pub fn paid_counter(day: &str) -> String {
    format!("paid-{day}")
}

impl Order {
    /// One line that says what it is: `红烧肉 ×2、米饭 ×1`.
    pub fn summary(&self, ctx: &Context) -> String {
        let lines: Vec<String> =
            self.lines.iter().map(|line| format!("{} ×{}", line.title(ctx), line.quantity)).collect();
        lines.join(ctx.say("、", ", "))
    }
    /// What the pick-up code says: enough for the counter, nothing about the customer.
    pub fn pickup_code(&self) -> Option<String> {
        self.pickup.as_ref().map(|pickup| format!("{}-{}-{}", pickup.day, pickup.called(), self.id))
    }

    /// The payment went through: draws the pick-up number and shows the order to the kitchen.
    pub fn become_paid(&mut self, ctx: &Context) -> Result<(), Refusal> {
        let day = ctx.local().date_key();
        let number = counters::next(&pickup_counter(&day))?;
        let pickup = Pickup { day, number };
        self.stage = Stage::Cooking;
        self.pickup = Some(pickup.clone());
        shared::put(&pickup.key(), None, self)?;
        counters::add(&paid_counter(&pickup.day), 1)
    }
    /// Nothing will be paid: the dishes can be sold again.
    pub fn give_back(&mut self, reason: Reason) -> Result<(), Refusal> {
        self.stage = Stage::GivenBack(reason);
        self.lines.iter().try_for_each(|line| counters::give_back(&menu::stock_counter(line.dish), line.quantity))
    }
    /// Takes over what the kitchen says about it.
    pub fn catch_up(&mut self) -> Result<(), Refusal> {
        let Some(pickup) = &self.pickup else { return Ok(()) };
        match shared::get::<Order>(&pickup.key())? {
            Some(newest) => {
                self.stage = newest.stage;
                self.ready_ms = newest.ready_ms;
            }
            // Cleared away: whatever was awaited then is awaited no longer.
            None => self.stage = Stage::Collected,
        }
        Ok(())
    }
}

/// The customer's orders, newest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct History {
    pub orders: Vec<Order>,
}

impl History {
    /// Loads the list; orders that are still to come catch up with the kitchen.
    pub fn load() -> Result<Self, Refusal> {
        let mut history: History = storage::get(HISTORY_KEY)?.unwrap_or_default();
        for order in history.orders.iter_mut().filter(|order| order.stage.is_awaited()).take(8) {
            order.catch_up()?;
        }
        Ok(history)
    }
    pub fn save(&self) -> Result<(), Refusal> {
        storage::set(HISTORY_KEY, self)
    }
    pub fn add(&mut self, order: Order) {
        self.orders.insert(0, order);
        self.orders.truncate(HISTORY_MAX);
    }
    pub fn order(&self, id: &str) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == id)
    }
    pub fn order_mut(&mut self, id: &str) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.id == id)
    }
    pub fn order_of_payment(&mut self, payment: &str) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.payment == payment)
    }
    pub fn awaited(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.stage.is_awaited())
    }
}
