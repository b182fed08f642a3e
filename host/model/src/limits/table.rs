//! Rows `NAME: type = value, "unit";` under their reasons, each becoming a constant and a row of the table.

macro_rules! limits {
    ($($(#[doc = $why:literal])* $name:ident : $type:ty = $value:expr, $unit:literal;)*) => {
        $($(#[doc = $why])* pub const $name: $type = $value;)*

        /// The rows of this file, in its order.
        pub(super) fn rows() -> Vec<$crate::limits::Limit> {
            vec![$($crate::limits::Limit {
                name: stringify!($name),
                value: $name as u64,
                unit: $unit,
                why: concat!($($why),*).trim_ascii(),
            }),*]
        }
    };
}
