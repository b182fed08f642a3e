//! What a call is told about the world, with the questions that programs ask of it.

use crate::calendar::Local;
use crate::{Actor, Context, Random};

impl Context {
    /// Chinese where the customer reads Chinese, English for everyone else.
    pub fn say<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        if self.is_chinese() { chinese } else { english }
    }
    /// Whether the customer's language is Chinese.
    pub fn is_chinese(&self) -> bool {
        self.language() == "zh"
    }
    /// The first part of the locale: `zh` of `zh-CN`.
    pub fn language(&self) -> &str {
        self.locale.split(['-', '_']).next().unwrap_or_default()
    }
    /// Whether somebody of the staff is at the screen, in this role of the organisation.
    pub fn is_staff(&self, role: &str) -> bool {
        matches!(&self.actor, Actor::Staff(held) if held == role)
    }
    /// Whether a customer is at the screen.
    pub fn is_customer(&self) -> bool {
        matches!(self.actor, Actor::Customer)
    }
    /// Random numbers, the same ones when the call is replayed.
    pub fn random(&self) -> Random {
        Random::from_seed(&self.seed)
    }
    /// The date and time on the customer's wall.
    pub fn local(&self) -> Local {
        self.local_at(self.now)
    }
    /// An instant, as date and time on the customer's wall. Where clocks change in summer it is by the offset that holds
    /// now.
    pub fn local_at(&self, instant_ms: i64) -> Local {
        Local::at(instant_ms, self.utc_offset_minutes)
    }
    /// Whether the host understands a name of the registry.
    pub fn supports(&self, name: &str) -> bool {
        self.supports.iter().any(|known| known == name)
    }
}

/// A sentence with values in it, in Chinese or English as the customer reads; only that one is written out.
///
/// Both sentences take the same arguments, by place or by name:
///
/// ```
/// # use xitai::prelude::*;
/// # fn example(ctx: &Context) -> String {
/// say!(ctx, "前面还有 {} 位", "{} ahead of you", 3)
/// # }
/// ```
#[macro_export]
macro_rules! say {
    ($ctx:expr, $chinese:literal, $english:literal $(, $($argument:tt)*)?) => {
        if $ctx.is_chinese() { format!($chinese $(, $($argument)*)?) } else { format!($english $(, $($argument)*)?) }
    };
}
