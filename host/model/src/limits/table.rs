//! Rows `NAME: type = value, "unit";` under their reasons, each becoming a constant and a row of the table.

macro_rules! limits {
    ($($(#[doc = $why:literal])* $name:ident : $type:ty = $value:expr, $unit:literal;)*) => {
        $($(#[doc = $why])* pub const $name: $type = $value;)*

        /// One row of the table, for the documentation page.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limit {
            pub name: &'static str,
            pub value: u64,
            pub unit: &'static str,
            pub why: &'static str,
        }
        /// The table itself, in the order of this file.
        pub fn table() -> Vec<Limit> {
            vec![$(Limit { name: stringify!($name), value: $name as u64, unit: $unit, why: concat!($($why),*).trim_ascii() }),*]
        }
    };
}
