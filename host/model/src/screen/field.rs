//! Fields: whether one makes sense as it is shown, and whether a value fits it.

use super::Element;
use crate::limits::SCREEN_TEXT_CHARS_MAX;
use crate::text;

/// Whether an element is a field that sends a value of its own.
pub(super) fn is_field(element: &Element) -> bool {
    use Element as E;
    matches!(element, E::TextField(_) | E::Choice(_) | E::Toggle(_) | E::DateField(_) | E::Quantity(_))
}

impl Element {
    /// Whether it is a field that sends a value of its own.
    pub fn is_field(&self) -> bool {
        is_field(self)
    }
    /// Whether it must be filled in.
    pub fn is_required(&self) -> bool {
        is_required(self)
    }
    /// Whether a value fits it.
    pub fn takes(&self, value: &str) -> bool {
        fits(self, value)
    }
}

/// Says what contradicts itself in a field.
pub(super) fn check(element: &Element) -> Result<(), String> {
    match element {
        Element::Quantity(quantity) => {
            let fits = (quantity.minimum..=quantity.maximum).contains(&quantity.value);
            let bounds = || format!("{} within {} to {}", quantity.value, quantity.minimum, quantity.maximum);
            if fits { Ok(()) } else { Err(bounds()) }
        }
        Element::Choice(choice) => {
            if !choice.many && choice.selected.len() > 1 {
                return Err("more than one selected where one is allowed".to_owned());
            }
            let unknown = choice.selected.iter().find(|key| !choice.options.iter().any(|(option, _)| option == *key));
            unknown.map_or(Ok(()), |key| Err(format!("{key:?} is selected and not among the options")))
        }
        Element::DateField(field) => {
            for date in [&field.value, &field.earliest, &field.latest].into_iter().flatten() {
                if !is_date(date) {
                    return Err(format!("{date:?} is not a date such as 2026-11-21"));
                }
            }
            match (&field.earliest, &field.latest) {
                (Some(earliest), Some(latest)) if earliest > latest => Err(format!("{earliest} is after {latest}")),
                _ => Ok(()),
            }
        }
        Element::TextField(field) => match field.max_chars as usize {
            0 => Ok(()),
            most if field.value.len() > most && field.value.chars().nth(most).is_some() => {
                Err(format!("its value has more than {most} characters"))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What a customer entered into a field. A choice of many comes once for each value.
pub(super) fn fits(element: &Element, value: &str) -> bool {
    match element {
        Element::TextField(field) => {
            let chars_max = match field.max_chars as usize {
                0 => SCREEN_TEXT_CHARS_MAX,
                most => most.min(SCREEN_TEXT_CHARS_MAX),
            };
            text::is_enterable(value, chars_max)
        }
        Element::Choice(choice) => choice.options.iter().any(|(key, _)| key == value),
        Element::Toggle(_) => matches!(value, "true" | "false"),
        Element::DateField(field) => {
            let empty = value.is_empty() && !field.required;
            let late_enough = field.earliest.as_deref().is_none_or(|earliest| value >= earliest);
            let early_enough = field.latest.as_deref().is_none_or(|latest| value <= latest);
            empty || is_date(value) && late_enough && early_enough
        }
        Element::Quantity(quantity) => {
            let plain = value.len() <= 10 && !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            plain && value.parse().is_ok_and(|number: u32| (quantity.minimum..=quantity.maximum).contains(&number))
        }
        _ => false,
    }
}

/// Whether a field must be filled in.
pub(super) fn is_required(element: &Element) -> bool {
    match element {
        Element::TextField(field) => field.required,
        Element::Choice(choice) => choice.required,
        Element::DateField(field) => field.required,
        _ => false,
    }
}

/// A day of the calendar, as `2026-02-28`.
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |from: usize, to: usize| -> Option<u32> {
        bytes[from..to].iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
    };
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}
